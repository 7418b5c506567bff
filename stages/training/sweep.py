"""The stage `sweep`: train every trial that is not done, and write the table of all.

Nothing is chosen on the test images, which are not read. Each trial is an ordinary run of the stage ``train``.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.datasets.known_sets import DatasetReport, known_set
from nndigits.stages.runs import setup
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.training import sweep_results, worker_memory
from nndigits.stages.training.sweep_folder import FIGURES, RESULTS, TRIALS
from nndigits.stages.training.sweep_results import Combination, TrialResult
from nndigits.stages.training.sweep_work import OnTrial, Work
from nndigits.stages.training.trials import Plan
from nndigits.stages.workers import job_loop


@dataclass(frozen=True)
class SweepReport(DatasetReport):
    """The table of a sweep.

    Attributes
    ----------
    varied
        The parameters that differ between the trials.
    combinations, trials
        The best first.
    trained
        The number of trials that this call trained, all or in part.
    seconds
        How long it took; 0 for a table that is only shown.
    others
        The number of networks in the folder that are of other sweeps, and not in the table.
    """

    folder: Path
    out: Path
    dataset: str
    verified: bool
    validation_total: int
    varied: tuple[str, ...]
    combinations: tuple[Combination, ...]
    trials: tuple[TrialResult, ...]
    trained: int = 0
    seconds: float = 0.0
    others: int = 0


def sweep(
    data: Path,
    folder: Path,
    plan: Plan,
    *,
    address: str | None = None,
    workers: int | None = None,
    on_trial: OnTrial = lambda trial, done, total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> SweepReport:
    """Train the trials of a plan on a data artifact; write their files and the tables of all to ``folder``.

    Parameters
    ----------
    address
        A Dask scheduler, whose workers train. Default: processes of this machine.
    workers
        The number of these processes. Default: one for each processor.
    on_wait
        Called several times a second. An exception from it ends the sweep. Finished trials are kept, and unfinished
        ones of this machine up to their last epoch; the next call goes on with them.

    Raises
    ------
    UsageError
        No run can have these parameters, or the folder has another sweep.
    InputError
        The data, or a file in the folder, is missing or unusable.
    WorldError
        Too little memory, a cluster that does not answer, or trials that failed. What is done is kept.
    """
    started = time.perf_counter()
    artifacts.check_output(folder / FIGURES, "sweep", data)
    artifacts.check_output(folder / RESULTS, "results", data)
    files.check_no_link(folder / TRIALS)
    with files.locked(folder / FIGURES):
        source = data_artifact.load_mapped(data)
        require_images(source, "validation")
        different = {replace(trial.parameters, seed=0): trial.parameters for trial in plan.trials()}
        fitting = worker_memory.workers(workers, different.values(), source)
        _check(different.values(), source)
        work = Work(folder, source, plan, on_trial)
        count = min(fitting, len(work.trials))
        work.train(lambda: job_loop.start_processes(source, count, address, on_wait), on_wait)
        job_loop.check(work.failed, "Everything else is done")
        report = _report(folder, source.meta["dataset"], work.total, work.results())
        return replace(report, trained=len(work.trained), seconds=time.perf_counter() - started)


def show(folder: Path) -> SweepReport:
    """Return the table of a sweep as its file has it; raises InputError if there is none."""
    meta, total, found = sweep_results.load(folder / FIGURES)
    return _report(folder, meta["dataset"], total, found)


def _check(runs: Iterable[Parameters], data: Artifact) -> None:
    """Raise UsageError for parameters that do not fit the data or each other, before anything is trained."""
    image, classes = data.arrays["train_images"].shape[1:], data.meta["dataset"]["classes"]
    networks = {}
    for one in runs:
        setup.check_data(one, data)
        whole = setup.resolved(one, data)
        layers = whole.hidden, whole.layers, whole.activation, whole.cost, whole.rejects
        networks[(*layers, whole.init, whole.dtype, whole.batch, whole.threads)] = whole
    for one in networks.values():
        new_network(one, image, classes, np.random.default_rng(one.seed))


def _report(folder: Path, dataset: Mapping[str, Any], total: int, trials: tuple[TrialResult, ...]) -> SweepReport:
    others = set(files.names(folder / TRIALS, ".npz")) - {f"{one.name}.npz" for one in trials}
    return SweepReport(
        others=sum(not name.endswith("checkpoint.npz") for name in others),
        folder=folder,
        out=folder / FIGURES,
        dataset=dataset["name"],
        verified=known_set(dict(dataset)) is not None,
        validation_total=total,
        varied=tuple(trials[0].values) if trials else (),
        combinations=sweep_results.combine(trials, total),
        trials=trials,
    )
