"""The chapter's cheese festival: a perceptron decides whether to go, by weather, partner and transport."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import all_inputs, perceptron, weighted_sums
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, Text, joined, listed
from nndigits.stages.figures.figure import Figure, Panel

say = Say("decision")

QUESTIONS = ("weather", "partner", "transport")


def run(
    *,
    weights: Annotated[tuple[float, float, float], Given(-1000, 1000, count=(3, 3))] = (6.0, 2.0, 2.0),
    thresholds: Annotated[tuple[float, ...], Given(-1000, 1000, count=(1, 4))] = (5.0, 3.0),
) -> Demo:
    """Decide whether to go to the festival, for every case and for several thresholds."""
    thresholds = tuple(dict.fromkeys(thresholds))
    x, w = all_inputs(len(QUESTIONS)), np.array(weights)
    decisions = [perceptron(x, w, -threshold) for threshold in thresholds]
    sums = weighted_sums(x, w)
    cases = list(zip(x.astype(int).tolist(), sums.tolist(), np.array(decisions, int).T.tolist(), strict=True))
    heads = [say("threshold-threshold-g", threshold=threshold) for threshold in thresholds]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("weights", weights=listed(f"{weight:g}" for weight in weights)),
                (*QUESTIONS, "w-x", *heads),
                (
                    (*map(bool, inputs), total, *(say("go" if goes else "stay") for goes in row))
                    for inputs, total, row in cases
                ),
            ),
        ),
        findings=(
            *(_rule(x, w, decision, threshold) for decision, threshold in zip(decisions, thresholds, strict=True)),
            *(
                _difference(x[decision != decisions[0]], thresholds[0], threshold)
                for decision, threshold in zip(decisions[1:], thresholds[1:], strict=True)
            ),
        ),
        values={
            "weights": weights,
            "thresholds": thresholds,
            "table": [
                {**dict(zip(QUESTIONS, inputs, strict=True)), "sum": total, "go": row} for inputs, total, row in cases
            ],
        },
        figure=Figure((_panel(x, sums, thresholds, heads),), size=(6.4, 4.2)),
        try_next=("decision --thresholds 1,3,5,9", "decision --weights 2,6,2", "layers"),
    )


def _both(reasons: list[Text]) -> Text:
    """Join reasons that must all hold."""
    return say("both", some=listed(reasons[:-1]), last=reasons[-1]) if len(reasons) > 1 else reasons[0]


def _rule(x: Array, w: Array, decision: Array, threshold: float) -> Text:
    """Say when you go at one threshold: the smallest sets of reasons that are enough.

    An answer "no" is a reason to go if the weight of its question is negative. More reasons never turn "go" into
    "stay".
    """
    goes = np.flatnonzero(decision).tolist()
    if len(goes) in (0, len(x)):
        return say("always" if goes else "never", threshold=threshold)
    reasons = np.where(w < 0, 1 - x, x)
    smallest = [case for case in goes if not any(case != one and (reasons[case] >= reasons[one]).all() for one in goes)]
    names = [say(f"{'no' if weight < 0 else 'has'}-{name}") for name, weight in zip(QUESTIONS, w, strict=True)]
    cases = [
        _both([name for name, holds in zip(names, reasons[case], strict=True) if holds]) for case in smallest[::-1]
    ]
    ways = joined(*cases, by="; or ", in_chinese="；或者")
    return say("whenever", threshold=threshold, goes=len(goes), total=len(x), cases=ways)


def _difference(cases: Array, one: float, other: float) -> Text:
    """Say in which cases two thresholds decide differently."""
    if len(cases) != 1:
        return say("differ" if len(cases) else "same", one=one, other=other, count=len(cases))
    reasons = [say(f"has-{name}") for name, holds in zip(QUESTIONS, cases[0], strict=True) if holds]
    return say("differ-in-one", one=one, other=other, only=_both(reasons or [say("nothing-at-all")]))


def _panel(x: Array, sums: Array, thresholds: tuple[float, ...], heads: list[Text]) -> Panel:
    """Plot each case at its weighted sum, and the thresholds as vertical lines."""
    labels = [
        joined(*(say(word) for word, bit in zip(QUESTIONS, inputs, strict=True) if bit), by=" + ", in_chinese=" + ")
        for inputs in x
    ]
    return say.panel(
        "you-go-in-the-cases",
        "weighted-sum-of-the-case",
        "",
        say.curve(sums, range(len(x)), "", "filled"),
        *(
            say.curve([threshold, threshold], [-0.5, len(x) - 0.5], head, "dashed")
            for threshold, head in zip(thresholds, heads, strict=True)
        ),
        y_ticks=tuple(label or say("none") for label in labels),
    )
