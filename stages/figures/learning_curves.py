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
    """A training run, named after its weights; ``kept`` is the epoch whose weights were kept."""

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
    name = "weights" if path.stem == "history" else path.stem.removesuffix("-history")
    return History(path, name, about["cost"], about["epoch"], tuple(epochs))


def learning_curves(histories: Sequence[History]) -> Figure:
    """Draw the cost and the validation accuracy of each run over the epochs, and mark the epochs that were kept.

    Raises
    ------
    UsageError
        There are too many runs for one picture.
    """
    if len(histories) > MOST_RUNS:
        raise UsageError(f"draws at most {MOST_RUNS} histories in one picture, found {len(histories)}", "plot")
    longest = max(len(history.rows) for history in histories)
    # Matplotlib would divide the epochs of short runs.
    ticks = tuple((float(epoch), str(epoch)) for epoch in range(longest)) if longest <= FEW else ()
    costs: list[Curve] = []
    accuracies: list[Curve] = []
    kept: list[tuple[int, float]] = []
    for name, history in zip(_distinct_names(histories), histories, strict=True):
        epochs = range(len(history.rows))
        style: Style = "marked" if len(epochs) == 1 else "line"
        percent = [
            100 * row.validation_correct / row.validation_total if row.validation_total else math.nan
            for row in history.rows
        ]
        costs.append(Curve(epochs, [row.cost for row in history.rows], name, style))
        accuracies.append(Curve(epochs, percent, name, style))
        kept.append((history.kept, percent[history.kept]))
    cost_names = ", ".join(sorted({history.cost_name for history in histories}))
    panels = [Panel("Training cost", "epoch", f"cost ({cost_names})", tuple(costs), x_ticks=ticks)]
    if any(row.validation_total for history in histories for row in history.rows):
        marks = Curve([epoch for epoch, _ in kept], [percent for _, percent in kept], "weights kept", "ring")
        panels.append(Panel("Validation accuracy", "epoch", "%", (*accuracies, marks), x_ticks=ticks))
    return Figure(tuple(panels), columns=2, size=(4.8, 4.0), one_legend=True)


def _distinct_names(histories: Sequence[History]) -> list[str]:
    """Return a name for each history: that of its weights, with its folder where others have the same."""
    names = [history.name for history in histories]
    return [
        shortened(name if names.count(name) == 1 else f"{history.path.absolute().parent.name}/{name}", MOST_LETTERS)
        for name, history in zip(names, histories, strict=True)
    ]
