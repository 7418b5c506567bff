"""Tools of the benchmarks: a description of the machine, a clock, medians of rounds, and a table."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nndigits.stages.classifiers.classifier import processors
from nndigits.stages.store.environment import versions


def machine() -> str:
    """Describe the processor, the number that this program may use, and the versions that times depend on."""
    used = versions()
    libraries = f"NumPy {used['numpy']}, SciPy {used['scipy']}, BLAS {used['blas']} ({used['kernel']})"
    return (
        f"{processor()}, {processors()} of {os.cpu_count()} processors; Python {platform.python_version()}, {libraries}"
    )


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    fields = {}
    if cpuinfo.exists():
        lines = [line.partition(":") for line in cpuinfo.read_text().split("\n\n")[0].splitlines()]
        fields = {name.strip(): value.strip() for name, _, value in lines}
    numbers = [f"{name} {fields[key]}" for name, key in (("family", "cpu family"), ("model", "model")) if key in fields]
    return " ".join([fields.get("model name") or platform.processor() or platform.machine(), *numbers])


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def medians(timers: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median time of each timer."""
    return {name: statistics.median(times) for name, times in in_rounds(timers, rounds).items()}


def in_rounds(timers: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return all times of each timer. Rounds call all timers in turn, so that a slow minute affects all of them."""
    times: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(rounds):
        for name, measure in timers.items():
            times[name].append(measure())
    return times


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table with names on the left and numbers on the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in [header, rule, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)
