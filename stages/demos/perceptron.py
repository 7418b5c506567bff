"""A perceptron on every input: the weighted sum, the threshold and the output, and the same rule with a bias."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs, perceptron, weighted_sums
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.square import square_lines, square_panel
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.demos.shared.wording import input_bits, input_names, weighted_sum
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("perceptron")

MOST_INPUTS, LARGEST = 6, 1e6


def run(
    *,
    weights: Annotated[tuple[float, ...], "One weight for each input, up to six."] = (6.0, 2.0, 2.0),
    threshold: Annotated[float, "The output is 1 if the weighted sum is above it."] = 5.0,
) -> Demo:
    """Compute the output of a perceptron for every input."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    limits.numbers("weights", weights, -LARGEST, LARGEST)
    limits.number("threshold", threshold, -LARGEST, LARGEST)
    x, w, bias = all_inputs(len(weights)), np.array(weights), 0.0 - threshold
    sums, z, outputs = weighted_sums(x, w), weighted_sums(x, w, bias), perceptron(x, w, bias)
    names = input_names(len(weights))
    cases = [
        (tuple(map(int, inputs)), float(total), float(above), int(output))
        for inputs, total, above, output in zip(x, sums, z, outputs, strict=True)
    ]
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("w-x-threshold-threshold-g", sum=weighted_sum(weights, names), threshold=threshold, bias=bias),
                (*names, say("w-x"), say("above-threshold-g", threshold=threshold), say("w-x-b"), say("output")),
                tuple((*inputs, total, total > threshold, above, output) for inputs, total, above, output in cases),
            ),
        ),
        drawing=_drawing(outputs, w, bias),
        findings=_findings(sums, z, outputs, threshold),
        values={
            "weights": list(weights),
            "threshold": threshold,
            "bias": bias,
            "table": [
                {**dict(zip(names, inputs, strict=True)), "sum": total, "z": above, "output": output}
                for inputs, total, above, output in cases
            ],
        },
        figure=Figure((_panel(sums, outputs, w, threshold),), size=(5.2, 4.4)),
        try_next=("perceptron --weights=-2,-2 --threshold=-3", "decision", "gates"),
    )


def _drawing(outputs: Array, w: Array, bias: float) -> tuple[str, ...]:
    if len(w) != 2:
        return ()
    square = square_lines(outputs.tolist(), w, bias)
    return ("The four inputs as a square, x1 to the right, x2 upwards. The output is 1 in the shaded part:", *square)


def _findings(sums: Array, z: Array, outputs: Array, threshold: float) -> tuple[str, ...]:
    found = [say("the-output-is-1-for", count=int(outputs.sum()), total=len(sums))]
    if ((sums > threshold) == outputs).all():
        found.append(say("for-every-input-w-x"))
    inputs = len(sums).bit_length() - 1
    equal = [input_bits(row, inputs) for row in np.flatnonzero(z == 0).tolist()]
    if equal:
        found.append(say("for-w-x-equals-the", inputs=listed(equal)))
    return tuple(found)


def _panel(sums: Array, outputs: Array, w: Array, threshold: float) -> Panel:
    if len(w) == 2:
        title = say("where", sum=weighted_sum(w.tolist(), ("x1", "x2")), threshold=threshold)
        return square_panel(title, outputs.tolist(), w, -threshold)
    rows = np.arange(len(sums))
    return Panel(
        say("the-weighted-sum-of-each"),
        say("input-in-the-order-of"),
        say("w-x"),
        (
            Curve(rows[outputs == 0].tolist(), sums[outputs == 0].tolist(), say("output-value", value=0), "hollow"),
            Curve(rows[outputs == 1].tolist(), sums[outputs == 1].tolist(), say("output-value", value=1), "filled"),
            Curve([-0.5, len(sums) - 0.5], [threshold, threshold], say("threshold"), "dashed"),
        ),
    )
