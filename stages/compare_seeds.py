"""Training of the chapter's networks from several seeds, because the accuracy varies with the random initial weights.

Every run is an ordinary one of the stage ``train``, which continues an interrupted one; each worker process trains one
at a time. Finished runs are not repeated.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from nndigits.stages.runs.checkpoint import is_written
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.training import train, worker_memory
from nndigits.stages.training.job import TrainingJob
from nndigits.stages.workers import run as workers
from nndigits.stages.workers.jobs import Result
from nndigits.stages.workers.local import LocalEngine

OnRun = Callable[[str, int, int], None]
"""Called with the name of a run that ended, the number of finished runs, and the number of all runs."""

WhileTraining = Callable[[], AbstractContextManager[Callable[[], None] | None]]
"""Makes the context of the training. It gives a function that is called often; an exception from it ends the work."""


@dataclass(frozen=True)
class SeedRun:
    """A training run: its name, and where it writes its weights."""

    name: str
    path: Path
    parameters: Parameters


def seed_runs(folder: Path, hidden: tuple[int, ...], seeds: int, epochs: int) -> list[SeedRun]:
    """Return the runs of a network from seeds 0, 1, ..."""
    layers = ",".join(map(str, hidden)) or "none"
    return [
        SeedRun(
            f"hidden {layers}, seed {seed}",
            folder / f"hidden-{layers}-seed-{seed}.npz",
            Parameters(hidden=hidden, epochs=epochs, seed=seed, threads=1),
        )
        for seed in range(seeds)
    ]


def check_outputs(folder: Path, data: Artifact, networks: Sequence[tuple[int, ...]], seeds: int, epochs: int) -> None:
    """Check that the runs that are not finished can be written, and replace no file that nn did not write."""
    if seeds:
        files.check_no_link(folder)
    for run in (run for hidden in networks for run in seed_runs(folder, hidden, seeds, epochs)):
        if not is_written(run.path, run.parameters, data):
            artifacts.check_own(run.path, "weights")
            train.check_outputs(run.path, data.path)


def train_seeds(
    folder: Path,
    data: Artifact,
    networks: Sequence[tuple[int, ...]],
    seeds: int,
    epochs: int,
    *,
    on_run: OnRun = lambda name, done, total: None,
    while_training: WhileTraining = nullcontext,
) -> list[list[Artifact]]:
    """Train each network from seeds 0, 1, ..., several at a time; return the weights of all runs, network by network.

    Raises WorldError if a run failed; the others are kept.
    """
    groups = [seed_runs(folder, hidden, seeds, epochs) for hidden in networks]
    runs = [run for group in groups for run in group]
    missing = [run for run in runs if not is_written(run.path, run.parameters, data)]
    done = len(runs) - len(missing)

    def on_result(job: TrainingJob, _: Result) -> None:
        nonlocal done
        done += 1
        on_run(job.name, done, len(runs))

    if missing:
        count = worker_memory.workers(None, {run.parameters.hidden: run.parameters for run in missing}.values(), data)
        jobs = deque(TrainingJob(run.name, run.parameters, run.path, epochs) for run in missing)
        with while_training() as given:
            check = given or _nothing
            with closing(LocalEngine(data, min(count, len(missing)))) as engine:
                failed = workers.run(engine, jobs, on_result=on_result, on_wait=check)
            check()  # a signal may have come while the workers ended
        workers.check(failed, "The other runs are kept")
    return [[artifacts.load(run.path, "weights") for run in group] for group in groups]


def _nothing() -> None:
    """Let the training go on."""
