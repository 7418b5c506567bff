"""A perceptron on every input: weighted sum, threshold, answer, and the same told with a bias."""

from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs, perceptron
from nn.stages.demos.perceptrons.square import square_lines, square_panel
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.wording import counted, listed, names, weighted_sum
from nn.stages.figures.figure import Curve, Figure, Panel

MOST_INPUTS, LARGEST = 6, 1e6
ROUNDING = 1e-12
"""A sum that misses the threshold by less than this part of what was added has probably missed it by rounding."""


def run(
    *,
    weights: Annotated[tuple[float, ...], "One weight for each input, up to six."] = (6.0, 2.0, 2.0),
    threshold: Annotated[float, "The answer is 1 above it."] = 5.0,
) -> Demo:
    """Weigh every input and compare with the threshold."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    for weight in weights:
        limits.number("weights", weight, -LARGEST, LARGEST)
    limits.number("threshold", threshold, -LARGEST, LARGEST)
    x, w, bias = all_inputs(len(weights)), np.array(weights), 0.0 - threshold
    sums, answers = x @ w, perceptron(x, w, bias)
    columns = names(len(weights))
    rows = tuple(
        (*map(int, inputs), float(total), bool(total > threshold), float(total + bias), int(answer))
        for inputs, total, answer in zip(x, sums, answers, strict=True)
    )
    return Demo(
        idea=(
            "A perceptron weighs its inputs, each 0 or 1, and answers 1 if the sum w.x is above its threshold, else 0. "
            "Move the threshold to the other side and call it the bias, b = -threshold: now the rule reads "
            "w.x + b > 0. The answers are the same. At exactly 0, that is on the threshold, the answer is 0."
        ),
        tables=(
            Table(
                f"w.x = {weighted_sum(weights, columns)}; threshold {threshold:g}, that is bias {bias:g}",
                (*columns, "w.x", f"above {threshold:g}?", "w.x + b", "answer"),
                rows,
            ),
        ),
        drawing=_drawing(answers, w, bias),
        findings=_findings(rows, x, sums, answers, threshold, w),
        values={
            "weights": list(weights),
            "threshold": threshold,
            "bias": bias,
            "table": [
                {**dict(zip(columns, row, strict=False)), "sum": row[-4], "z": row[-2], "output": row[-1]}
                for row in rows
            ],
        },
        figure=Figure((_panel(sums, answers, w, threshold),), size=(5.2, 4.4)),
        try_next=("perceptron --weights=-2,-2 --threshold=-3", "decision", "gates"),
    )


def _drawing(answers: Array, w: Array, bias: float) -> tuple[str, ...]:
    if len(w) != 2:
        return ()
    square = square_lines(answers.tolist(), w, bias)
    return ("The four inputs as a square, x1 to the right, x2 upwards; answer 1 where it is shaded:", *square)


def _findings(
    rows: tuple[tuple[int | float | bool, ...], ...],
    x: Array,
    sums: Array,
    answers: Array,
    threshold: float,
    w: Array,
) -> tuple[str, ...]:
    agree = all(row[-3] == bool(row[-1]) for row in rows)
    found = [f"It answers 1 for {int(answers.sum())} of the {counted(len(x), 'input')}."]
    if agree:
        found.append("Asking whether w.x is above the threshold, or w.x + b above 0, gave the same answer every time.")
    on_it = ["".join(str(int(bit)) for bit in inputs) for inputs, z in zip(x, sums - threshold, strict=True) if z == 0]
    if on_it:
        found.append(f"Input {listed(on_it)} weighs exactly the threshold: the answer is 0, for it is not above.")
    close = np.abs(sums - threshold)
    close = close[(close > 0) & (close < ROUNDING * (np.abs(w).sum() + abs(threshold)))]
    if len(close):
        found.append(
            f"One sum misses the threshold by only {close[0]:.2g}. That is rounding: a computer cannot write every "
            "decimal fraction exactly, and by hand this sum would be on the threshold."
        )
    return tuple(found)


def _panel(sums: Array, answers: Array, w: Array, threshold: float) -> Panel:
    if len(w) == 2:
        title = f"answer 1 where {weighted_sum(w.tolist(), ('x1', 'x2'))} > {threshold:g}"
        return square_panel(title, answers.tolist(), w, -threshold)
    places = np.arange(len(sums))
    return Panel(
        "The weighted sum of each input, and the threshold",
        "input, in the order of the table",
        "w.x",
        (
            Curve(places[answers == 0].tolist(), sums[answers == 0].tolist(), "answer 0", "hollow"),
            Curve(places[answers == 1].tolist(), sums[answers == 1].tolist(), "answer 1", "filled"),
            Curve([-0.5, len(sums) - 0.5], [threshold, threshold], "threshold", "dashed"),
        ),
    )
