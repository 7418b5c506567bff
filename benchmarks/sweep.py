"""Measure sweeps: trials an hour with 1 and 2 local workers and with 2 and 4 workers of a Dask cluster, and memory.

24 trials of two epochs of 784-30-10, in rounds of all ways, so that a busy machine slows each alike. The cluster is a
scheduler and workers on loopback; without the library (extra `cluster`), it is left out. The bytes of all trials are
compared with each other, and some with those of the command alone.

    python benchmarks/sweep.py artifacts/data.npz --rounds 3
"""

import argparse
import importlib.util
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from dask_cluster import cluster
from machine import machine, print_table

from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.sweep.sweep import SweepReport, sweep
from nndigits.stages.sweep.trials import Plan
from nndigits.stages.train import train

EPOCHS = 2
POLL = 0.05
HIDDEN = 30
WAYS = {"1 worker": 1, "2 workers": 2, "Dask, 2 workers": 2, "Dask, 4 workers": 4}


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trials", type=int, default=24)
    options = parser.parse_args(arguments)
    has_dask = importlib.util.find_spec("distributed") is not None
    rows: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS if has_dask or "Dask" not in way}
    found: set[tuple[tuple[str, str], ...]] = set()
    most = 0
    with tempfile.TemporaryDirectory() as place:
        for number in range(options.rounds):
            for way, rounds in rows.items():
                folder = Path(place) / f"{way}-{number}"
                peak = Peak()
                if "Dask" in way:
                    with cluster(WAYS[way]) as address:
                        whole, steady, report = measured(options.data, folder, options.trials, address=address)
                else:
                    with peak:
                        whole, steady, report = measured(options.data, folder, options.trials, workers=WAYS[way])
                most = max(most, peak.most if WAYS[way] == 2 else 0)
                apart = steady / (options.trials - 1)
                own = [trial.seconds or 0.0 for trial in report.trials]
                rounds.append((whole, 3600 / apart, WAYS[way] * apart - sum(own) / len(own)))
                found.add(tuple(hashes(folder).items()))
                print(f"round {number}, {way}: {whole:.1f} s, {3600 / apart:,.0f} trials an hour", flush=True)
        alone = Path(place) / "seed-1.npz"
        train(options.data, alone, Parameters(hidden=(HIDDEN,), epochs=EPOCHS, seed=1, threads=1))
        is_same = sha256(alone.read_bytes()).hexdigest() == dict(next(iter(found)))["seed-1.npz"]
    print()
    table = []
    for way, rounds in rows.items():
        times = median(one[1] / first[1] for one, first in zip(rounds, rows["1 worker"], strict=True))
        whole, hour, overhead = (median(one[at] for one in rounds) for at in range(3))
        table.append([way, f"{hour:,.0f}", f"{times:.2f}", f"{whole:.1f}", f"{overhead:.2f}"])
    print_table(["", "trials an hour", "times 1 worker", "start to end, s", "overhead a trial, s"], table)
    print(f"Different bytes: {len(found) - 1}. The command alone gives the same: {'yes' if is_same else 'NO'}.")
    print(f"Two local workers take {most / 1e6:.0f} MB together, of which the data {size(options.data) / 1e6:.0f} MB.")
    print(machine())


def measured(data: Path, folder: Path, trials: int, **options: Any) -> tuple[float, float, SweepReport]:
    """Sweep one network from several seeds; return the seconds in all, and between the first and the last end."""
    ends: list[float] = []
    plan = Plan({"hidden": [(HIDDEN,)], "epochs": [EPOCHS]}, seeds=trials)
    started = time.perf_counter()
    report = sweep(data, folder, plan, on_trial=lambda *_: ends.append(time.perf_counter()), **options)
    return time.perf_counter() - started, ends[-1] - ends[0], report


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each network of a sweep."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "trials").glob("*.npz"))}


def size(path: Path) -> int:
    """Return the bytes of a file."""
    return path.stat().st_size


class Peak:
    """The most memory of all worker processes of this one, where Linux tells it; what they share is counted once."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = threading.Event()

    def __enter__(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(POLL):
            try:
                self.most = max(self.most, sum(_memory(pid) for pid in _children() if _is_worker(pid)))
            except (OSError, ValueError, StopIteration):  # a process has just ended, or this is no Linux
                continue


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def _is_worker(pid: int) -> bool:
    return b"popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _memory(pid: int) -> int:
    """Return the bytes of a process; of those that it shares with others, its part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
