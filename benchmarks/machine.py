"""What every benchmark needs: the machine's name, a clock, medians of rounds, and a table."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nn.stages.classifiers.classifier import processors
from nn.stages.store.artifacts import versions


def machine() -> str:
    """The processor, how many of it this program may use, and the versions that times depend on."""
    used = versions()
    libraries = f"NumPy {used['numpy']}, SciPy {used['scipy']}, BLAS {used['blas']} ({used['kernel']})"
    return (
        f"{processor()}, {processors()} of {os.cpu_count()} processors; Python {platform.python_version()}, {libraries}"
    )


def processor() -> str:
    """The processor's model, as it names itself where the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    told = {}
    if cpuinfo.exists():
        lines = [line.partition(":") for line in cpuinfo.read_text().split("\n\n")[0].splitlines()]
        told = {name.strip(): value.strip() for name, _, value in lines}
    numbers = [f"{name} {told[key]}" for name, key in (("family", "cpu family"), ("model", "model")) if key in told]
    return " ".join([told.get("model name") or platform.processor() or platform.machine(), *numbers])


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def medians(ways: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of what each way measures."""
    return {name: statistics.median(found) for name, found in in_rounds(ways, rounds).items()}


def in_rounds(ways: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """All that each way measures, in rounds of all ways, so that a slow minute is slow for all of them."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, measure in ways.items():
            times[name].append(measure())
    return times


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is Markdown too: names to the left, figures to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in [header, rule, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)
