"""The folder of a sweep: what its files say of each trial, so that a second call does only what is missing."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nndigits.stages.runs import setup
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import changed_versions
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.result_files import read_history
from nndigits.stages.training.job import paths_of
from nndigits.stages.training.train import check_outputs
from nndigits.stages.training.trials import Trial
from nndigits.stages.words.values import typed

TRIALS, FIGURES, RESULTS = "trials", "sweep.json", "results.csv"
AGAIN = "Delete it to train it again"


@dataclass(frozen=True)
class Progress:
    """What the files say of a trial.

    Attributes
    ----------
    correct
        The correct validation images after each finished epoch.
    is_done
        Whether its weights are written. Then ``kept_epoch``, ``validation_correct`` and ``sha256`` are those of them.
    changed
        The versions that the weights were made with and that this machine does not have.
    """

    correct: tuple[int, ...] = ()
    is_done: bool = False
    kept_epoch: int | None = None
    validation_correct: int | None = None
    sha256: str | None = None
    changed: tuple[str, ...] = ()


def weights_of(folder: Path, trial: Trial) -> Path:
    """Return the path of the weights of a trial."""
    return folder / TRIALS / f"{trial.name}.npz"


def progress(folder: Path, trial: Trial, data: Artifact) -> Progress:
    """Read how far a trial is.

    Raises
    ------
    InputError
        A file of it is damaged.
    UsageError
        The files at its place are of another run.
    """
    paths = paths_of(weights_of(folder, trial))
    if os.path.exists(paths["weights"]):
        made = artifacts.load(paths["weights"], "weights", hint=AGAIN)
        _check_same_run(made, trial, data)
        about = made.about
        changed = changed_versions(made.meta["versions"], "weights")
        return Progress(
            _curve(paths["history"]),
            True,
            about["epoch"],
            about["validation_correct"],
            made.sha256,
            tuple(f"{name} {then}" for name, (then, _) in changed.items()),
        )
    if os.path.exists(paths["checkpoint"]):
        saved = artifacts.load(paths["checkpoint"], "checkpoint", hint=AGAIN)
        _check_same_run(saved, trial, data)
        if not changed_versions(saved.meta["versions"], "checkpoint"):
            return Progress(tuple(saved.arrays["validation_correct"].tolist()))
    return Progress()


def check_writable(folder: Path, trial: Trial, data: Path) -> None:
    """Check that the files of a trial can be written, and replace no file that nn did not write."""
    out = weights_of(folder, trial)
    artifacts.check_own(out, "weights")
    check_outputs(out, data)


def remove_checkpoint(folder: Path, trial: Trial) -> None:
    """Remove the checkpoint of a trial whose weights are written. A failure is ignored: it is only not needed."""
    with suppress(OSError):
        paths_of(weights_of(folder, trial))["checkpoint"].unlink()


def curve(folder: Path, trial_name: str) -> tuple[int, ...]:
    """Return the correct validation images after each epoch of a trial, given its name; empty if they are unknown."""
    paths = paths_of(folder / TRIALS / f"{trial_name}.npz")
    with suppress(InputError):
        if os.path.exists(paths["history"]):
            return _curve(paths["history"])
        return tuple(artifacts.load(paths["checkpoint"], "checkpoint").arrays["validation_correct"].tolist())
    return ()


def _curve(history: Path) -> tuple[int, ...]:
    return tuple(row.validation_correct for row in read_history(history).rows)


def _check_same_run(found: Artifact, trial: Trial, data: Artifact) -> None:
    """Raise UsageError if a file at the place of a trial is of another run: it is not replaced."""
    expected = setup.resolved(trial.parameters, data).as_json()
    other = "Name another folder for this sweep, or move that one"
    for name, value in expected.items():
        kept = found.meta["parameters"].get(name)
        if kept != value:
            raise UsageError(
                f"{found.path}: was made with {name} {typed(kept)}, this sweep has {typed(value)}. " + other
            )
    if found.meta["inputs"] != {"data": data.sha256}:
        raise UsageError(f"{found.path}: was made with other data than {data.path} (the sha256 differs). {other}")
