"""The state of a training run, saved after every epoch and resumed.

A checkpoint holds everything that the rest of the run depends on, including the state of the random generator, so that
a resumed run ends in the same bytes as one that was never interrupted.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nndigits.models.network.network import Network
from nndigits.models.training.trainer import Trainer
from nndigits.stages.runs import epochs, network_artifacts, setup
from nndigits.stages.runs.epochs import Run
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import changed_versions
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.result_files import EpochRow
from nndigits.stages.words.values import typed

ANY_LENGTH = ("constant", "halve")
"""Schedules that give an epoch the same eta, however many follow."""

RESULTS = {
    "cost": "<f8",
    "validation_correct": "<i8",
    "validation_cost": "<f8",
    "training_correct": "<i8",
    "eta": "<f8",
}
"""The results of each epoch that a checkpoint stores, and their types."""

AGAIN = "To start again, which replaces it: `nn train --no-resume` with the same flags"


class OtherRun(InputError):
    """The checkpoint is of another run than the one that is to be continued."""


def state(
    path: Path, weights: Path, parameters: Parameters, data: Artifact
) -> Literal["unfinished", "finished", "other"]:
    """Return what the checkpoint at ``path`` is to a run that writes ``weights``: a part of it, all of it, or neither.

    A part of a run ends in the same bytes as the whole: it has the same data, versions and parameters, but perhaps
    fewer epochs. A run that was stopped between its last epoch and the writing of its weights is unfinished. Raises
    InputError if the checkpoint is unusable: the work of hours may be in it.
    """
    if not files.has_content(path):
        return "other"
    saved = artifacts.load(path, "checkpoint", hint=AGAIN)
    wanted = resolved(saved, parameters, data)
    try:
        _check_same_run(saved, wanted, data)
    except OtherRun:
        return "other"
    if changed_versions(saved.meta["versions"], "checkpoint"):
        return "other"
    correct = saved.arrays["validation_correct"].tolist()
    if len(correct) < parameters.epochs and not setup.is_finished(parameters, correct):
        return "unfinished"
    return "finished" if is_written(weights, wanted, data) else "unfinished"


def is_written(weights: Path, parameters: Parameters, data: Artifact) -> bool:
    """Return whether a finished run of these parameters, this data and the current versions wrote ``weights``."""
    try:
        saved = artifacts.load(weights, "weights")
    except InputError:
        return False
    made_from = (resolved(saved, parameters, data).as_json(), {"data": data.sha256})
    meta = saved.meta
    return made_from == (meta["parameters"], meta["inputs"]) and not changed_versions(meta["versions"], "weights")


def describe(kind: str, run: Run, data: Artifact, about: dict[str, Any]) -> artifacts.Meta:
    """Return the description of an artifact of this run."""
    return artifacts.describe(
        kind,
        parameters=run.parameters.as_json(),
        inputs={"data": data},
        dataset=data.meta["dataset"],
        about={**network_artifacts.to_about(run.network, data.arrays["train_images"].shape[1:]), **about},
    )


def save(path: Path, run: Run, data: Artifact) -> None:
    """Write the state of a run to a checkpoint."""
    state = run.trainer.state()
    about = {"random_state": run.rng.bit_generator.state, "best_epoch": run.best_epoch, "memory": sorted(state)}
    arrays = {
        **network_artifacts.to_arrays(run.network),
        **{f"best_{name}": array for name, array in run.best.items()},
        **{
            name: array
            for kind, matrices in state.items()
            for name, array in network_artifacts.split_parameters(matrices, f"{kind}_").items()
        },
        **{name: np.array([getattr(row, name) for row in run.rows], kind) for name, kind in RESULTS.items()},
    }
    artifacts.save(path, describe("checkpoint", run, data, about), arrays)


def load(path: Path, parameters: Parameters, data: Artifact) -> Run:
    """Return the run that a checkpoint holds; raise InputError, naming the difference, if it is another run."""
    saved = artifacts.load(path, "checkpoint", hint=AGAIN)
    parameters = resolved(saved, parameters, data)
    _check_same_run(saved, parameters, data)
    validation, correct = len(data.arrays["validation_images"]), int(saved.arrays["validation_correct"].max())
    if correct > validation:
        raise _unusable(path, f"{correct:,} validation images correct, of {validation:,}")
    rng = np.random.default_rng()
    try:
        rng.bit_generator.state = saved.about["random_state"]
    except (ValueError, TypeError, OverflowError):
        raise _unusable(path, "a random state that NumPy refuses") from None
    network = network_artifacts.from_artifact(saved)
    network_artifacts.check_same_images(saved, network.classes, data)
    _check_same_network(saved, network, epochs.run_on(data, parameters).network)
    best = network_artifacts.to_arrays(network_artifacts.from_artifact(saved, "best_"))
    sample = epochs.training_sample(network, data.arrays["train_labels"])
    totals = {"validation_total": validation, "training_total": len(sample)}
    results = zip(*(saved.arrays[name].tolist() for name in RESULTS), strict=True)
    rows = [
        EpochRow(epoch, **dict(zip(RESULTS, values, strict=True)), **totals) for epoch, values in enumerate(results)
    ]
    trainer = _trainer(saved, parameters, network, data, len(rows))
    return Run(
        parameters, network, trainer, rng, best, saved.about["best_epoch"], rows, versions=saved.meta["versions"]
    )


def _trainer(saved: Artifact, parameters: Parameters, network: Network, data: Artifact, done: int) -> Trainer:
    """Return the trainer in the state that it had after this number of epochs."""
    images = len(data.arrays["train_images"])
    trainer = epochs.make_trainer(parameters, network, images)
    if saved.about["memory"] != sorted(trainer.state()):
        raise _unusable(saved.path, f"the state of another optimizer, {typed(saved.about['memory'])}")
    state = {name: network_artifacts.join_parameters(saved, f"{name}_", network) for name in trainer.state()}
    trainer.load_state(state, done * setup.steps_in_epoch(parameters, images))
    return trainer


def resolved(saved: Artifact, parameters: Parameters, data: Artifact) -> Parameters:
    """Return the parameters as resolved for the data, and with the run's own number of threads unless given."""
    parameters = setup.resolved(parameters, data)
    threads = saved.meta["parameters"].get("threads")
    if parameters.threads is not None or type(threads) is not int:
        return parameters
    try:
        return replace(parameters, threads=threads)
    except UsageError:
        raise _unusable(saved.path, f"{threads:,} threads") from None


def _check_same_run(saved: Artifact, parameters: Parameters, data: Artifact) -> None:
    """Raise OtherRun unless the checkpoint is of a run with these parameters and data.

    Its number of epochs may be another if eta does not depend on it, and if it has not had more epochs already.
    """
    done = len(saved.arrays["cost"])
    may_differ = parameters.schedule in ANY_LENGTH and not parameters.warm_up and done <= parameters.epochs
    for name, value in parameters.as_json().items():
        kept = saved.meta["parameters"].get(name)
        if kept != value and not (name == "epochs" and may_differ):
            raise OtherRun(
                f"{saved.path}: was made with {name} {typed(kept)}, this run has {typed(value)}. "
                "Give the same parameters, or start again"
            )
    if saved.meta["inputs"].get("data") != data.sha256:
        raise OtherRun(
            f"{saved.path}: was made with other data than {data.path} (the sha256 differs). "
            "Fetch the same data again, or start again"
        )


def _check_same_network(saved: Artifact, network: Network, expected: Network) -> None:
    """Raise InputError unless a checkpoint holds a network like the one that its own parameters make."""
    found, wanted = ((repr(one), one.cost.name, np.dtype(one.dtype).name) for one in (network, expected))
    if found != wanted:
        raise _unusable(saved.path, f"{', '.join(found)}, where its parameters make {', '.join(wanted)}")


def _unusable(path: Path, what: str) -> InputError:
    return InputError(f"{path}: holds {what}. {AGAIN}")
