"""The results of a sweep: of each trial as ``sweep.json`` has it, and of each combination over its seeds."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any, Literal

from nndigits.stages.store.artifacts import Meta
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import (
    COUNT,
    MOST_COUNT,
    MOST_FLOAT,
    MOST_SEED,
    UNPRINTABLE,
    Items,
    SchemaError,
    Text,
    check_pattern,
    real,
    whole,
)
from nndigits.stages.store.result_files import load_document
from nndigits.stages.store.texts import MOST_PARAMETER
from nndigits.stages.training.differences import Against, compare_with_best
from nndigits.stages.training.trials import MOST_TRIALS

State = Literal["done", "stopped", "diverged", "failed", "waiting"]
STATES = ("done", "stopped", "diverged", "failed", "waiting")

NO_FILE_NAME = re.compile(rf"^\.|[/\\]|{UNPRINTABLE.pattern}")
"""A trial's name begins those of its files, which messages suggest."""

TRIAL: dict[str, Any] = {
    "name": Text(200, NO_FILE_NAME),
    "values": {"...": Text(MOST_PARAMETER)},
    "seed": whole(0, MOST_SEED),
    "state": Text(20),
    "validation_correct?": COUNT,
    "kept_epoch?": COUNT,
    "finished_epochs": COUNT,
    "seconds?": real(0, MOST_FLOAT),
    "sha256?": Text(64),
    "where?": Text(200),
    "why?": Text(5000),
    "other_versions?": Items(Text(250), 0, 10),
}
"""The pattern of a trial in the file; what is unknown is left out."""


@dataclass(frozen=True)
class TrialResult:
    """A trial.

    Attributes
    ----------
    values
        The parameters that differ between the trials, as they are typed.
    state
        Stopped: by ``halving``, and its checkpoint is kept. Failed: its worker could not train it.
    validation_correct, kept_epoch
        Of the weights; of a stopped run, of its epochs so far. None if there is no finished epoch.
    seconds, where
        How long it took, and which worker trained it; None and empty if it is not known.
    why
        Why it diverged or failed.
    other_versions
        Versions that it was made with and that the machine of the sweep does not have.
    """

    name: str
    values: Mapping[str, str]
    seed: int
    state: State
    validation_correct: int | None = None
    kept_epoch: int | None = None
    finished_epochs: int = 0
    seconds: float | None = None
    sha256: str | None = None
    where: str = ""
    why: str = ""
    other_versions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as the file has it."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "", ()) or name == "values"}


@dataclass(frozen=True)
class Combination:
    """The trials of one combination of values, over their seeds.

    Attributes
    ----------
    runs
        The number of trials that are done.
    validation_accuracy, spread
        Mean and standard deviation of their validation accuracy; of a combination that was stopped, the mean so far.
        None where there is none.
    against_best
        How it compares with the best one (``differences.py``).
    """

    values: Mapping[str, str]
    state: State
    runs: int
    validation_accuracy: float | None
    spread: float | None
    seconds: float | None
    against_best: Against = ""
    trials: tuple[TrialResult, ...] = field(default=(), repr=False)

    @property
    def scores(self) -> dict[int, int]:
        """The correct validation images of the trials that are done, by seed."""
        return {one.seed: one.validation_correct or 0 for one in self.trials if one.state == "done"}


def combine(trials: Iterable[TrialResult], total: int) -> tuple[Combination, ...]:
    """Group trials by their values, the best first; ``total`` is the number of validation images."""
    groups: dict[tuple[str, ...], list[TrialResult]] = {}
    for trial in trials:
        groups.setdefault(tuple(trial.values.values()), []).append(trial)
    found = [_combination(group, total) for group in groups.values()]
    found.sort(key=lambda one: (STATES.index(one.state), -(one.validation_accuracy or 0)))
    done = [one for one in found if one.state == "done"]
    judged = compare_with_best([one.scores for one in done], total)
    return (
        *(replace(one, against_best=against_best) for one, against_best in zip(done, judged, strict=True)),
        *(one for one in found if one.state != "done"),
    )


def _combination(trials: Sequence[TrialResult], total: int) -> Combination:
    done = [one for one in trials if one.state == "done"]
    scored = [one for one in done or trials if one.validation_correct is not None]
    accuracies = [(one.validation_correct or 0) / total for one in scored] if total else []
    times = [one.seconds for one in scored if one.seconds is not None]
    state: State = "done" if done else min((one.state for one in trials), key=STATES.index)
    return Combination(
        values=trials[0].values,
        state=state,
        runs=len(done),
        validation_accuracy=mean(accuracies) if accuracies else None,
        spread=stdev(accuracies) if len(accuracies) > 1 else None,
        seconds=mean(times) if times else None,
        trials=tuple(trials),
    )


def rank(trial: TrialResult) -> tuple[int, int]:
    """Return the key by which trials are sorted, the best first."""
    return STATES.index(trial.state), -(trial.validation_correct or 0)


COLUMNS = (
    "seed",
    "state",
    "validation_correct",
    "validation_total",
    "kept_epoch",
    "finished_epochs",
    "seconds",
    "where",
)
"""Of ``results.csv``, after the name of a trial and the parameters that differ."""


def table(trials: Sequence[TrialResult], total: int) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Return the columns and the rows of ``results.csv``; ``total`` is the number of validation images."""
    found = [{**asdict(one), "validation_total": total} for one in trials]
    rows = [[one["name"], *one["values"].values(), *(one[name] for name in COLUMNS)] for one in found]
    return ("name", *trials[0].values, *COLUMNS), rows


def load(path: Path) -> tuple[Meta, int, tuple[TrialResult, ...]]:
    """Read ``sweep.json``: its metadata, the number of validation images, and the trials; raises InputError."""
    if not os.path.exists(path):
        raise InputError(f"{path}: no such file. Make one with `nn sweep`, or name its folder")
    meta, figures = load_document(path)
    try:
        if meta["kind"] != "sweep":
            raise SchemaError(f"is of the kind {meta['kind']}")
        check_pattern(figures, {"validation_total": whole(1, MOST_COUNT), "trials": Items(TRIAL, 1, MOST_TRIALS)})
        total: int = figures["validation_total"]
        trials = tuple(_trial(one, total) for one in figures["trials"])
        if len({tuple(trial.values) for trial in trials}) > 1:
            raise SchemaError("trials of different parameters")
    except SchemaError as error:
        raise InputError(f"{path}: is no table of a sweep as nn writes it ({error}). Sweep again: `nn sweep`") from None
    return meta, total, trials


def _trial(found: dict[str, Any], total: int) -> TrialResult:
    if found["state"] not in STATES:
        raise SchemaError(f"a trial in the state {found['state'][:20]!r}")
    if found.get("validation_correct", 0) > total:
        raise SchemaError(f"{found['validation_correct']} validation images correct, of {total}")
    return TrialResult(**{**found, "other_versions": tuple(found.get("other_versions", ()))})
