"""Going out or not: the chapter's cheese festival, decided by weather, partner and transport."""

from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs, perceptron
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.wording import counted, listed
from nn.stages.figures.figure import Curve, Figure, Panel

QUESTIONS = ("weather", "partner", "transport")
REASONS = ("good weather", "a partner who comes", "public transport")
LARGEST, MOST_THRESHOLDS = 1000.0, 4


def run(
    *,
    weights: Annotated[
        tuple[float, float, float], "How much good weather, a partner who comes, and public transport matter."
    ] = (6.0, 2.0, 2.0),
    thresholds: Annotated[tuple[float, ...], "You go if the sum is above it; up to four, to be compared."] = (5.0, 3.0),
) -> Demo:
    """Decide whether to go to the festival, for every case and at several thresholds."""
    limits.count("weights", weights, len(QUESTIONS), len(QUESTIONS))
    for weight in weights:
        limits.number("weights", weight, -LARGEST, LARGEST)
    limits.count("thresholds", thresholds, 1, MOST_THRESHOLDS)
    for threshold in thresholds:
        limits.number("thresholds", threshold, -LARGEST, LARGEST)
    x, w = all_inputs(len(QUESTIONS)), np.array(weights)
    decisions = [perceptron(x, w, -threshold) for threshold in thresholds]
    sums = x @ w
    rows = tuple(
        (*(bool(bit) for bit in inputs), float(total), *("go" if answer[case] else "stay" for answer in decisions))
        for case, (inputs, total) in enumerate(zip(x, sums, strict=True))
    )
    return Demo(
        idea=(
            "There is a cheese festival. Do you go? Three questions matter: is the weather good, does your partner "
            "come, is there public transport? A weight says how much each matters to you, the threshold how hard you "
            "are to persuade: the lower it is, the more willing you are. Other weights and thresholds are other ways "
            "to decide."
        ),
        tables=(
            Table(
                f"Weights {listed(f'{weight:g}' for weight in weights)}",
                (*QUESTIONS, "w.x", *(f"threshold {threshold:g}" for threshold in thresholds)),
                rows,
            ),
        ),
        findings=(
            *(_rule(x, answer, threshold) for answer, threshold in zip(decisions, thresholds, strict=True)),
            *_differences(x, decisions, thresholds),
        ),
        values={
            "weights": list(weights),
            "thresholds": list(thresholds),
            "table": [
                {
                    "weather": int(inputs[0]),
                    "partner": int(inputs[1]),
                    "transport": int(inputs[2]),
                    "sum": float(total),
                    "go": [int(answer[case]) for answer in decisions],
                }
                for case, (inputs, total) in enumerate(zip(x, sums, strict=True))
            ],
        },
        figure=Figure((_panel(x, sums, thresholds),), size=(6.4, 4.2)),
        try_next=("decision --thresholds 1,3,5,9", "decision --weights 2,6,2", "layers"),
    )


def _case(inputs: Array) -> str:
    """What speaks for going."""
    return listed([reason for reason, bit in zip(REASONS, inputs, strict=True) if bit]) or "nothing at all"


def _rule(x: Array, answer: Array, threshold: float) -> str:
    """When you go, told by the least that it takes where more never turns a yes into a no; else as a count."""
    yes = [case for case in range(len(x)) if answer[case]]
    start = f"At threshold {threshold:g} you go in {len(yes)} of {len(x)} cases"
    if not yes or len(yes) == len(x):
        return f"At threshold {threshold:g} you {'never' if not yes else 'always'} go."
    covered = [case for case in range(len(x)) if any((x[case] >= x[other]).all() for other in yes)]
    least = [case for case in yes if not any(other != case and (x[case] >= x[other]).all() for other in yes)]
    if covered != yes:
        return f"{start}. There is exactly: {'; or '.join(_case(x[case]) for case in reversed(yes))}."
    return f"{start}: whenever there is {'; or '.join(_case(x[case]) for case in reversed(least))}."


def _differences(x: Array, decisions: list[Array], thresholds: tuple[float, ...]) -> tuple[str, ...]:
    """In which cases the first threshold and each other one decide differently."""
    told = []
    for answer, threshold in zip(decisions[1:], thresholds[1:], strict=True):
        cases = [_case(x[case]) for case in range(len(x)) if answer[case] != decisions[0][case]]
        pair = f"Thresholds {thresholds[0]:g} and {threshold:g}"
        told.append(
            f"{pair} differ in {counted(len(cases), 'case')}: {cases[0]}, and nothing else."
            if len(cases) == 1
            else f"{pair} differ in {len(cases)} cases."
        )
    return tuple(told)


def _panel(x: Array, sums: Array, thresholds: tuple[float, ...]) -> Panel:
    """Each case by its sum, with the thresholds as upright lines."""
    places = list(range(len(x)))
    lines = tuple(
        Curve([threshold, threshold], [-0.5, len(x) - 0.5], f"threshold {threshold:g}", "dashed")
        for threshold in thresholds
    )
    labels = [" + ".join(word for word, bit in zip(QUESTIONS, inputs, strict=True) if bit) for inputs in x]
    return Panel(
        "You go in the cases to the right of the threshold",
        "weighted sum of the case",
        "",
        (Curve(sums.tolist(), places, "", "filled"), *lines),
        y_ticks=tuple(label or "none" for label in labels),
    )
