"""Learning curves: the cost and the validation accuracy after each epoch, of one run or of several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nndigits.stages.figures.figure import Curve, Figure, Panel, Style, shortened
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.result_files import EpochRow, epochs_of, load_rows

MOST_RUNS = 30
"""In one picture; more curves could not be told apart."""
MOST_LETTERS = 28
FEW = 10


@dataclass(frozen=True)
class History:
    """A training run; ``kept`` is the epoch whose weights were kept."""

    path: Path
    name: str
    cost_name: str
    kept: int
    rows: tuple[EpochRow, ...]


def read_history(path: Path) -> History:
    """Read the history that `nn train` wrote.

    Raises
    ------
    InputError
        The file is missing, damaged, or no history.
    """
    meta = artifacts.load_metadata(path)
    hint = "Make one with `nn train`"
    if path.suffix != ".csv" or meta["kind"] != "history":
        raise InputError(f"{path}: is not the history of a training run (kind: {meta['kind']}). {hint}")
    about = meta["about"]
    try:
        epochs = epochs_of(load_rows(path)[1])
        if about["epoch"] >= len(epochs):
            raise SchemaError("the epoch that was kept is missing")
    except (InputError, SchemaError):
        raise InputError(f"{path}: is a damaged history: a row or a number is not as nn writes it. {hint}") from None
    return History(path, _name(path), about["cost"], about["epoch"], tuple(epochs))


def _name(path: Path) -> str:
    """Return the name of the weights that a history belongs to."""
    return "weights" if path.stem == "history" else path.stem.removesuffix("-history")


def learning_curves(histories: Sequence[History]) -> Figure:
    """Draw the cost and the validation accuracy of each run over the epochs, and mark the epochs that were kept.

    Raises
    ------
    UsageError
        There are too many runs for one picture.
    """
    if len(histories) > MOST_RUNS:
        raise UsageError(f"draws at most {MOST_RUNS} histories in one picture, found {len(histories)}", "plot")
    names = _distinct_names(histories)
    cost_names = {history.cost_name for history in histories}
    costs = tuple(
        Curve(_epochs(history), [row.cost for row in history.rows], name, _style(history))
        for name, history in zip(names, histories, strict=True)
    )
    panels = [
        Panel(
            "Training cost",
            "epoch",
            f"cost ({', '.join(sorted(cost_names))})",
            costs,
            x_ticks=_ticks(histories),
        )
    ]
    if any(row.validation_total for history in histories for row in history.rows):
        panels.append(_accuracy_panel(names, histories))
    return Figure(tuple(panels), columns=2, size=(4.8, 4.0), one_legend=True)


def _accuracy_panel(names: Sequence[str], histories: Sequence[History]) -> Panel:
    curves, kept = [], []
    for name, history in zip(names, histories, strict=True):
        percent = [
            100 * row.validation_correct / row.validation_total if row.validation_total else math.nan
            for row in history.rows
        ]
        curves.append(Curve(_epochs(history), percent, name, _style(history)))
        kept.append((history.kept, percent[history.kept]))
    marks = Curve([epoch for epoch, _ in kept], [percent for _, percent in kept], "weights kept", "ring")
    return Panel("Validation accuracy", "epoch", "%", (*curves, marks), x_ticks=_ticks(histories))


def _ticks(histories: Sequence[History]) -> tuple[tuple[float, str], ...]:
    """Return a tick for each epoch of short runs, where matplotlib would divide epochs; none for longer ones."""
    epochs = max(len(history.rows) for history in histories)
    return tuple((float(epoch), str(epoch)) for epoch in range(epochs)) if epochs <= FEW else ()


def _distinct_names(histories: Sequence[History]) -> list[str]:
    """Return a name for each history: that of its weights, with its folder where others have the same."""
    names = [history.name for history in histories]
    return [
        shortened(name if names.count(name) == 1 else f"{history.path.absolute().parent.name}/{name}", MOST_LETTERS)
        for name, history in zip(names, histories, strict=True)
    ]


def _epochs(history: History) -> range:
    return range(len(history.rows))


def _style(history: History) -> Style:
    """Return a line, or a marked point for a run of one epoch."""
    return "marked" if len(history.rows) == 1 else "line"
