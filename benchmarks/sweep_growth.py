"""Simulate a large sweep: what the scheduler of a cluster and the caller carry with many workers and trials.

A real scheduler, 100 real workers of Dask in one process, and trials that sleep and return files as large as those of
784-30-10. Then the caller's own work: the table of many trials that are done, and a second call that finds them so.

    python benchmarks/sweep_growth.py --workers 100 --trials 1000 --seconds 5
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from dask_cluster import processes, scheduler, wait_for
from machine import machine, print_table

from nndigits.stages.datasets import data_artifact
from nndigits.stages.fetch import fetch
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.sweep.sweep import sweep
from nndigits.stages.sweep.trials import Plan
from nndigits.stages.train import train
from nndigits.stages.training_job import paths_of
from nndigits.stages.workers.cluster import ClusterEngine
from nndigits.stages.workers.run import run

WEIGHTS, HISTORY = 97_000, 2_000
"""Bytes of the files of 784-30-10 after 30 epochs."""

FOREVER = 86_400


def main(arguments: list[str] | None = None) -> None:
    """Simulate, and print what each part carried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=100)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=5.0, help="of a trial")
    parser.add_argument("--serve", help="be the workers of this scheduler")
    options = parser.parse_args(arguments)
    if options.serve:
        asyncio.run(serve(options.serve, options.workers))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fetch(folder / "data.npz", dataset="digits")
        rows = simulate(folder, options.workers, options.trials, options.seconds)
        rows += own_work(folder, options.trials)
    print_table(["", "measured"], rows)
    print(machine())


def simulate(folder: Path, workers: int, trials: int, seconds: float) -> list[list[str]]:
    """Run trials that sleep; return rows of a table."""
    runs = deque(Sleeping(n) for n in range(trials))
    SECONDS_FILE.write_text(str(seconds))
    with simulated(workers) as (address, scheduler):
        data = data_artifact.load_mapped(folder / "data.npz")
        started = time.perf_counter()
        with closing(ClusterEngine(address, data)) as engine:
            connected = time.perf_counter() - started
            before, own = cpu(scheduler), time.process_time()
            started = time.perf_counter()
            failed = run(engine, runs, on_result=lambda *_: None)
            took = time.perf_counter() - started
            carried, own = cpu(scheduler) - before, time.process_time() - own
        held = memory(scheduler)
    ideal = seconds * -(-trials // workers)
    return [
        [f"{trials:,} trials of {seconds:g} s on {workers} workers, failed", f"{len(failed)}"],
        ["connecting, checking and sending the data", f"{connected:.1f} s"],
        ["all trials; without any overhead", f"{took:.1f} s; {ideal:.1f} s"],
        ["scheduler: processor time a trial; memory", f"{1000 * carried / trials:.1f} ms; {held / 1e6:.0f} MB"],
        ["caller: processor time a trial", f"{1000 * own / trials:.1f} ms"],
        ["trials a second that either could carry", f"{trials / max(carried, own):.0f}"],
    ]


def own_work(folder: Path, trials: int) -> list[list[str]]:
    """Make the files of trials that are done, and time the call that finds them so; return rows of a table."""
    data, place = folder / "data.npz", folder / "near"
    plan = Plan({"hidden": [(30,)], "epochs": [1]}, seeds=trials)
    first, *others = plan.trials()
    path = place / "trials" / f"{first.name}.npz"
    train(data, path, first.parameters)
    made, history = artifacts.load(path, "weights"), paths_of(path)["history"].read_bytes()
    for trial in others:
        out = path.with_name(f"{trial.name}.npz")
        artifacts.save(out, {**made.meta, "parameters": trial.parameters.as_json()}, made.arrays)
        paths_of(out)["history"].write_bytes(history)
    started = time.perf_counter()
    report = sweep(data, place, plan, workers=1)
    took = time.perf_counter() - started
    size = report.out.stat().st_size
    return [[f"a call that finds {trials:,} trials done; sweep.json", f"{took:.1f} s; {size / 1e3:.0f} kB"]]


SECONDS_FILE = Path(tempfile.gettempdir()) / f"nn-sweep-growth-{os.getuid()}"
"""How long a trial sleeps, for the workers, which are another process."""


@dataclass(frozen=True)
class Sleeping:
    """Stands for a trial: sleeps, and returns as many bytes."""

    seed: int

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"run {self.seed}"

    def run(self, data: Artifact, check: Callable[[], None]) -> dict[str, bytes]:
        """Sleep, in a worker."""
        time.sleep(float(SECONDS_FILE.read_text()))
        rng = np.random.default_rng(self.seed)
        return {"weights": rng.bytes(WEIGHTS), "history": rng.bytes(HISTORY)}

    def packed(self) -> "Sleeping":
        """Return the job itself."""
        return self


async def serve(address: str, workers: int) -> None:
    """Be many workers, until killed."""
    from distributed import Worker

    for number in range(workers):
        await Worker(address, nthreads=1, name=f"simulated-{number}", dashboard=False)
    await asyncio.sleep(FOREVER)


@contextmanager
def simulated(workers: int) -> Iterator[tuple[str, int]]:
    """Start a scheduler and workers; yield the address and the process of the scheduler."""
    with scheduler() as (address, process):
        try:
            with processes([[sys.executable, __file__, "--serve", address, "--workers", str(workers)]]):
                wait_for(address, workers)
                yield address, process.pid
        finally:
            SECONDS_FILE.unlink(missing_ok=True)


def cpu(pid: int) -> float:
    """Return the processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Return the bytes of memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
