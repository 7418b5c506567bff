"""Learning curves: the cost and the validation accuracy after each epoch, of one run or of several."""

import math
from collections.abc import Sequence

from nndigits.stages.figures.figure import Curve, Figure, Panel, Style, shortened
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.result_files import History

MOST_RUNS = 30
"""In one picture; more curves could not be told apart."""
MOST_LETTERS = 28
FEW = 10


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
