"""Training of the chapter's networks from several seeds, because the accuracy varies with the random initial weights.

Every run is an ordinary one of the stage ``train``, which continues an interrupted one; each worker process trains one
at a time. Finished runs are not repeated.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from nndigits.stages.runs.checkpoint import is_written
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.training import train, worker_memory
from nndigits.stages.training.job import TrainingJob
from nndigits.stages.workers import job_loop as workers
from nndigits.stages.workers.jobs import Result, nothing
from nndigits.stages.workers.local import LocalEngine

OnRun = Callable[[str, int, int], None]
"""Called with the name of a run that ended, the number of finished runs, and the number of all runs."""

WhileTraining = Callable[[], AbstractContextManager[Callable[[], None] | None]]
"""Makes the context of the training. It gives a function that is called often; an exception from it ends the work."""


def seed_jobs(folder: Path, hidden: tuple[int, ...], seeds: int, epochs: int) -> list[TrainingJob]:
    """Return the runs of a network from seeds 0, 1, ..."""
    layers = ",".join(map(str, hidden)) or "none"
    return [
        TrainingJob(
            f"hidden {layers}, seed {seed}",
            Parameters(hidden=hidden, epochs=epochs, seed=seed, threads=1),
            folder / f"hidden-{layers}-seed-{seed}.npz",
            epochs,
        )
        for seed in range(seeds)
    ]


def check_outputs(jobs: Sequence[TrainingJob], data: Artifact) -> None:
    """Check that the runs that are not finished can be written, and replace no file that nn did not write."""
    for job in jobs:
        files.check_no_link(job.out.parent)
        if not is_written(job.out, job.parameters, data):
            artifacts.check_own(job.out, "weights")
            train.check_outputs(job.out, data.path)


def train_seeds(
    jobs: Sequence[TrainingJob],
    data: Artifact,
    *,
    on_run: OnRun = lambda name, done, total: None,
    while_training: WhileTraining = nullcontext,
) -> None:
    """Train the networks that are not trained yet, several at a time.

    Raises WorldError if a run failed; the others are kept.
    """
    missing = deque(job for job in jobs if not is_written(job.out, job.parameters, data))
    if not missing:
        return
    done = len(jobs) - len(missing)

    def on_result(job: TrainingJob, _: Result) -> None:
        nonlocal done
        done += 1
        on_run(job.name, done, len(jobs))

    different = {job.parameters.hidden: job.parameters for job in missing}
    count = min(worker_memory.workers(None, different.values(), data), len(missing))
    with while_training() as given:
        check = given or nothing
        with closing(LocalEngine(data, count)) as engine:
            failed = workers.run(engine, missing, on_result=on_result, on_wait=check)
        check()  # a signal may have come while the workers ended
    workers.check(failed, "The other runs are kept")
