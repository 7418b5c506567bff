"""The chapter's cheese festival: a perceptron decides whether to go, by weather, partner and transport."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs, perceptron, weighted_sums
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.wording import counted, listed
from nndigits.stages.figures.figure import Curve, Figure, Panel

QUESTIONS = ("weather", "partner", "transport")
REASONS = ("good weather", "a partner who comes", "public transport")
LARGEST, MOST_THRESHOLDS = 1000.0, 4


def run(
    *,
    weights: Annotated[
        tuple[float, float, float], "How much good weather, a partner who comes, and public transport matter."
    ] = (6.0, 2.0, 2.0),
    thresholds: Annotated[
        tuple[float, ...], "You go if the weighted sum is above the threshold; up to four to compare."
    ] = (5.0, 3.0),
) -> Demo:
    """Decide whether to go to the festival, for every case and for several thresholds."""
    limits.count("weights", weights, len(QUESTIONS), len(QUESTIONS))
    limits.numbers("weights", weights, -LARGEST, LARGEST)
    limits.count("thresholds", thresholds, 1, MOST_THRESHOLDS)
    limits.numbers("thresholds", thresholds, -LARGEST, LARGEST)
    thresholds = tuple(dict.fromkeys(thresholds))
    x, w = all_inputs(len(QUESTIONS)), np.array(weights)
    decisions = [perceptron(x, w, -threshold) for threshold in thresholds]
    sums = weighted_sums(x, w)
    return Demo(
        idea=(
            "There is a cheese festival. Do you go? Three questions matter: is the weather good, does your partner "
            "come, is there public transport? A weight says how much a question matters to you. The lower the "
            "threshold, the more willing you are to go. Other weights and thresholds give other ways to decide."
        ),
        tables=(
            Table(
                f"Weights {listed(f'{weight:g}' for weight in weights)}",
                (*QUESTIONS, "w.x", *(f"threshold {threshold:g}" for threshold in thresholds)),
                tuple(
                    (*map(bool, inputs), float(total), *("go" if goes else "stay" for goes in row))
                    for inputs, total, *row in zip(x, sums, *decisions, strict=True)
                ),
            ),
        ),
        findings=(
            *(_rule(x, decision, threshold) for decision, threshold in zip(decisions, thresholds, strict=True)),
            *_differences(x, decisions, thresholds),
        ),
        values={
            "weights": list(weights),
            "thresholds": list(thresholds),
            "table": [
                {**dict(zip(QUESTIONS, map(int, inputs), strict=True)), "sum": float(total), "go": [*map(int, row)]}
                for inputs, total, *row in zip(x, sums, *decisions, strict=True)
            ],
        },
        figure=Figure((_panel(x, sums, thresholds),), size=(6.4, 4.2)),
        try_next=("decision --thresholds 1,3,5,9", "decision --weights 2,6,2", "layers"),
    )


def _reasons(inputs: Array) -> str:
    """List the reasons to go."""
    return listed([reason for reason, bit in zip(REASONS, inputs, strict=True) if bit]) or "nothing at all"


def _rule(x: Array, decision: Array, threshold: float) -> str:
    """Say when you go at one threshold.

    If more reasons never turn "go" into "stay", the minimal cases describe the rule; otherwise all cases are listed.
    """
    goes = np.flatnonzero(decision).tolist()
    if len(goes) in (0, len(x)):
        return f"At threshold {threshold:g} you {'always' if goes else 'never'} go."
    start = f"At threshold {threshold:g} you go in {len(goes)} of {len(x)} cases"
    minimal = [case for case in goes if not any(other != case and (x[case] >= x[other]).all() for other in goes)]
    implied = [case for case in range(len(x)) if any((x[case] >= x[other]).all() for other in minimal)]
    if implied != goes:
        return f"{start}: when there is exactly {'; or '.join(_reasons(x[case]) for case in reversed(goes))}."
    return f"{start}: whenever there is {'; or '.join(_reasons(x[case]) for case in reversed(minimal))}."


def _differences(x: Array, decisions: list[Array], thresholds: tuple[float, ...]) -> tuple[str, ...]:
    """Compare the decisions at the first threshold with those at each other one."""
    sentences = []
    for decision, threshold in zip(decisions[1:], thresholds[1:], strict=True):
        cases = [_reasons(inputs) for inputs in x[decision != decisions[0]]]
        pair = f"Thresholds {thresholds[0]:g} and {threshold:g}"
        only = f": {cases[0]}, and nothing else" if len(cases) == 1 else ""
        differ = f"differ in {counted(len(cases), 'case')}{only}" if cases else "decide every case in the same way"
        sentences.append(f"{pair} {differ}.")
    return tuple(sentences)


def _panel(x: Array, sums: Array, thresholds: tuple[float, ...]) -> Panel:
    """Plot each case at its weighted sum, and the thresholds as vertical lines."""
    lines = tuple(
        Curve([threshold, threshold], [-0.5, len(x) - 0.5], f"threshold {threshold:g}", "dashed")
        for threshold in thresholds
    )
    labels = [" + ".join(word for word, bit in zip(QUESTIONS, inputs, strict=True) if bit) for inputs in x]
    return Panel(
        "You go in the cases to the right of the threshold",
        "weighted sum of the case",
        "",
        (Curve(sums.tolist(), list(range(len(x))), "", "filled"), *lines),
        y_ticks=tuple(label or "none" for label in labels),
    )
