"""The chapter's cheese festival: a perceptron decides whether to go, by weather, partner and transport."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs, perceptron, weighted_sums
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.texts import Text, joined, listed, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("decision")

QUESTIONS = ("weather", "partner", "transport")
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
        idea=(say("idea")),
        tables=(
            Table(
                say("weights", weights=listed(f"{weight:g}" for weight in weights)),
                (
                    *map(say, QUESTIONS),
                    say("w-x"),
                    *(say("threshold-threshold-g", threshold=threshold) for threshold in thresholds),
                ),
                tuple(
                    (*map(bool, inputs), float(total), *(say("go") if goes else say("stay") for goes in row))
                    for inputs, total, *row in zip(x, sums, *decisions, strict=True)
                ),
            ),
        ),
        findings=(
            *(_rule(x, w, decision, threshold) for decision, threshold in zip(decisions, thresholds, strict=True)),
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
    names = [
        f"no-{question}" if weight < 0 else f"has-{question}" for question, weight in zip(QUESTIONS, w, strict=True)
    ]
    cases = [
        _both([say(name) for name, holds in zip(names, reasons[case], strict=True) if holds])
        for case in reversed(smallest)
    ]
    return say("whenever", threshold=threshold, goes=len(goes), total=len(x), cases=joined(cases, "; or ", "；或者"))


def _differences(x: Array, decisions: list[Array], thresholds: tuple[float, ...]) -> tuple[Text, ...]:
    """Compare the decisions at the first threshold with those at each other one."""
    sentences = []
    for decision, threshold in zip(decisions[1:], thresholds[1:], strict=True):
        cases = x[decision != decisions[0]]
        reasons = (
            [say(f"has-{name}") for name, holds in zip(QUESTIONS, cases[0], strict=True) if holds] if len(cases) else []
        )
        only = _both(reasons or [say("nothing-at-all")])
        which = "same" if not len(cases) else "differ-in-one" if len(cases) == 1 else "differ"
        sentences.append(say(which, one=thresholds[0], other=threshold, count=len(cases), only=only))
    return tuple(sentences)


def _panel(x: Array, sums: Array, thresholds: tuple[float, ...]) -> Panel:
    """Plot each case at its weighted sum, and the thresholds as vertical lines."""
    lines = tuple(
        Curve([threshold, threshold], [-0.5, len(x) - 0.5], say("threshold-threshold-g", threshold=threshold), "dashed")
        for threshold in thresholds
    )
    labels = [
        joined([say(word) for word, bit in zip(QUESTIONS, inputs, strict=True) if bit], " + ", " + ") for inputs in x
    ]
    return Panel(
        say("you-go-in-the-cases"),
        say("weighted-sum-of-the-case"),
        "",
        (Curve(sums.tolist(), list(range(len(x))), "", "filled"), *lines),
        y_ticks=tuple(label or say("none") for label in labels),
    )
