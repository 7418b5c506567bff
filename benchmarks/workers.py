"""Compare workers of this machine: one thread, threads, and processes, for what can be shared out to a cluster as well.

The pairs of a support vector machine, and the networks of a vote. Each way has as many workers as there are processors,
and the processes have started before the clock does.

    python benchmarks/workers.py artifacts/data.npz --rounds 3
"""

import argparse
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from machine import in_rounds, machine, print_table

from nndigits.models.baselines import one_against_one
from nndigits.stages.baselines.svm_jobs import PairJob
from nndigits.stages.baselines.svm_parameters import SvmParameters
from nndigits.stages.classifiers.ensemble_outputs import OutputsJob
from nndigits.stages.datasets import data_artifact
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.system.machine import processors
from nndigits.stages.train import train
from nndigits.stages.workers.jobs import Job
from nndigits.stages.workers.local import LocalEngine
from nndigits.stages.workers.run import Engine, run
from nndigits.stages.workers.threads import ThreadEngine

NETWORKS = {
    "784-100-10": Parameters(hidden=(100,), epochs=1, threads=1),
    "conv": Parameters(hidden=(), layers="conv 20 5x5, max 2, dense classes sigmoid", epochs=1, batch=100, threads=1),
}


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=10_000, help="to train the support vector machine on")
    parser.add_argument("--votes", type=int, default=6)
    options = parser.parse_args(arguments)
    data, count = data_artifact.load_mapped(options.data), processors()
    ways: dict[str, Callable[[], Engine]] = {
        "1 thread": lambda: ThreadEngine(data, 1),
        f"{count} threads": lambda: ThreadEngine(data, count),
        f"{count} processes": lambda: LocalEngine(data, count),
    }
    rows = []
    with TemporaryDirectory() as folder:
        for what, jobs in work(data, options.images, options.votes, Path(folder)).items():
            timers = {way: lambda start=start, jobs=jobs: timed(start, jobs) for way, start in ways.items()}
            times = in_rounds(timers, options.rounds)
            first = times["1 thread"]
            rows += [
                [
                    f"{what}: {way}",
                    f"{median(own):.1f}",
                    f"{median(a / b for a, b in zip(first, own, strict=True)):.2f}",
                ]
                for way, own in times.items()
            ]
    print_table(["", "seconds", "times as fast as 1 thread"], rows)
    print(machine())


def work(data: Artifact, images: int, votes: int, folder: Path) -> dict[str, Sequence[Job]]:
    """Return the jobs of each kind of work; train the networks."""
    parameters = SvmParameters(c=5.0, train_size=min(images, len(data.arrays["train_labels"])))
    chosen, labels = parameters.training(data)
    axes, gamma = one_against_one.screening_axes(chosen), SvmParameters(gamma="scale").gamma_for(chosen)
    pairs = combinations(sorted(set(labels.tolist())), 2)
    found: dict[str, Sequence[Job]] = {"pairs": [PairJob(pair, parameters, gamma, axes, 1e9) for pair in pairs]}
    for name, network in NETWORKS.items():
        path = folder / f"{name}.npz"
        train(data.path, path, network)
        trained = artifacts.load(path, "weights")
        found[f"a vote of {votes} {name}"] = [OutputsJob(trained, "test", 0, 0)] * votes
    return found


def timed(start: Callable[[], Engine], jobs: Sequence[Job]) -> float:
    """Return the seconds of all jobs, without the start of the workers."""
    with closing(start()) as engine:
        run(engine, deque(jobs[:1] * engine.slots), on_result=lambda *_: None)
        started = time.perf_counter()
        run(engine, deque(jobs), on_result=lambda *_: None)
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
