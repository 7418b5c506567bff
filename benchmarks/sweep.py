"""Measure sweeps: trials an hour with 1 and 2 local workers and with 2 and 4 workers of a Dask cluster, and memory.

24 trials of two epochs of 784-30-10, in rounds of all of them, so that a busy machine slows each alike. The cluster is a
scheduler and workers on loopback (`pip install 'nn-digits[cluster]'`); without the library, it is left out. The bytes of
all trials are compared with each other, and some with those of the command alone.

    python benchmarks/sweep.py DATA [--rounds 3] [--trials 24]
"""

import argparse
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import median

from machine import describe

from nn.stages.runs.parameters import Parameters
from nn.stages.sweep.sweep import SweepReport, sweep
from nn.stages.sweep.trials import Plan
from nn.stages.train import train

EPOCHS = 2
POLL = 0.05


def plan(trials: int) -> Plan:
    """Return a sweep of one network from several seeds."""
    return Plan({"hidden": [(30,)], "epochs": [EPOCHS]}, seeds=trials)


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each network of a sweep."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "trials").glob("*.npz"))}


def measured(data: Path, folder: Path, trials: int, **options: object) -> tuple[float, float, SweepReport]:
    """Run a sweep; return the seconds in all, and from the first trial's end to the last's."""
    ends: list[float] = []
    started = time.perf_counter()
    report = sweep(data, folder, plan(trials), on_trial=lambda *_: ends.append(time.perf_counter()), **options)  # type: ignore[arg-type]
    return time.perf_counter() - started, ends[-1] - ends[0], report


def memory(pid: int) -> tuple[int, int]:
    """Return the bytes of a process that it has alone or shares, divided by the number of those that share; and all."""
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size = line.split()[:2]
        sizes[name] = int(size) * 1024
    return sizes["Pss:"], sizes["Rss:"]


def children(pid: int) -> list[int]:
    """Return the child processes of a process."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


class Peak(threading.Thread):
    """The most memory of all worker processes together, as they share it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.ended = 0, threading.Event()

    def run(self) -> None:
        """Look at the children of this process until ``ended``."""
        while not self.ended.wait(POLL):
            try:
                workers = [
                    pid for pid in children(os.getpid()) if b"popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()
                ]
                self.most = max(self.most, sum(memory(pid)[0] for pid in workers))
            except (OSError, KeyError, ValueError):
                continue


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a scheduler and workers on loopback; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, dask = f"tcp://127.0.0.1:{port}", Path(sys.executable).with_name("dask")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    words = [["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]]
    words += [["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * workers
    running = [subprocess.Popen([dask, *one], env=environment, **quiet) for one in words]  # type: ignore[call-overload]
    try:
        from distributed import Client

        for attempt in range(60):
            try:
                with Client(address, timeout=5, set_as_default=False) as client:
                    client.wait_for_workers(workers, timeout=60)
                break
            except OSError:
                if attempt == 59:
                    raise
                time.sleep(0.5)
        yield address
    finally:
        for one in running:
            one.kill()
            one.wait()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trials", type=int, default=24)
    options = parser.parse_args()
    ways = ["1 worker", "2 workers"]
    if importlib.util.find_spec("distributed") is not None:
        ways += ["Dask, 2 workers", "Dask, 4 workers"]
    rows: dict[str, list[tuple[float, float, float]]] = {way: [] for way in ways}
    found: set[tuple[tuple[str, str], ...]] = set()
    most = 0
    with tempfile.TemporaryDirectory() as place:
        for number in range(options.rounds):
            for way in ways:
                folder, workers = (
                    Path(place) / f"{way}-{number}",
                    int(next(word for word in way.split() if word.isdigit())),
                )
                if way.startswith("Dask"):
                    with cluster(workers) as address:
                        whole, steady, report = measured(options.data, folder, options.trials, address=address)
                else:
                    peak = Peak()
                    peak.start()
                    whole, steady, report = measured(options.data, folder, options.trials, workers=workers)
                    peak.ended.set()
                    most = max(most, peak.most if workers == 2 else 0)
                own = [trial.seconds or 0.0 for trial in report.trials]
                overhead = workers * steady / (options.trials - 1) - sum(own) / len(own)
                rows[way].append((whole, 3600 * (options.trials - 1) / steady, overhead))
                found.add(tuple(hashes(folder).items()))
                print(
                    f"round {number}, {way}: {whole:.1f} s, {3600 * (options.trials - 1) / steady:,.0f} an hour",
                    flush=True,
                )
        alone = Path(place) / "seed-3.npz"
        train(options.data, alone, Parameters(hidden=(30,), epochs=EPOCHS, seed=3, threads=1))
        is_same = sha256(alone.read_bytes()).hexdigest() == dict(next(iter(found)))["seed-3.npz"]
    print("\n| | trials an hour | times | start to end, s | overhead a trial, s |\n|---|---:|---:|---:|---:|")
    for way, rounds in rows.items():
        hour = median(one[1] for one in rounds)
        ratio = median(one[1] / base[1] for one, base in zip(rounds, rows[ways[0]], strict=True))
        whole, overhead = median(one[0] for one in rounds), median(one[2] for one in rounds)
        print(f"| {way} | {hour:,.0f} | {ratio:.2f} | {whole:.1f} | {overhead:.2f} |")
    print(
        f"\n{len(found)} set of hashes in all ways; the command alone gives the same bytes: {'yes' if is_same else 'NO'}"
    )
    print(
        f"Two local workers take {most / 1e6:.0f} MB together; the data has {options.data.stat().st_size / 1e6:.0f} MB"
    )
    print(describe())


if __name__ == "__main__":
    main()
