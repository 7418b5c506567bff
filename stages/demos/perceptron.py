"""A perceptron on every input: the weighted sum, the threshold and the output, and the same rule with a bias."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import all_inputs, perceptron, weighted_sums
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.square import square_lines, square_panel
from nndigits.stages.demos.shared.texts import Say, input_bits, input_names, listed, weighted_sum
from nndigits.stages.figures.figure import Figure, Panel

say = Say("perceptron")


def run(
    *,
    weights: Annotated[tuple[float, ...], Given(-1e6, 1e6, count=(1, 6))] = (6.0, 2.0, 2.0),
    threshold: Annotated[float, Given(-1e6, 1e6)] = 5.0,
) -> Demo:
    """Compute the output of a perceptron for every input."""
    x, w, bias = all_inputs(len(weights)), np.array(weights), 0.0 - threshold
    sums, z, outputs = weighted_sums(x, w), weighted_sums(x, w, bias), perceptron(x, w, bias)
    names = input_names(len(weights))
    cases = list(zip(x.astype(int).tolist(), sums.tolist(), z.tolist(), outputs.astype(int).tolist(), strict=True))
    equal = [input_bits(row, len(weights)) for row in np.flatnonzero(z == 0).tolist()]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("w-x-threshold-threshold-g", sum=weighted_sum(weights, names), threshold=threshold, bias=bias),
                (*names, "w-x", say("above-threshold-g", threshold=threshold), "w-x-b", "output"),
                ((*inputs, total, total > threshold, above, output) for inputs, total, above, output in cases),
            ),
        ),
        drawing=(say("square"), *square_lines(outputs.tolist(), w, bias)) if len(w) == 2 else (),
        findings=(
            say("the-output-is-1-for", count=int(outputs.sum()), total=len(sums)),
            say("for-every-input-w-x") if ((sums > threshold) == outputs).all() else "",
            say("for-w-x-equals-the", inputs=listed(equal)) if equal else "",
        ),
        values={
            "weights": weights,
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


def _panel(sums: Array, outputs: Array, w: Array, threshold: float) -> Panel:
    if len(w) == 2:
        title = say("where", sum=weighted_sum(w.tolist(), ("x1", "x2")), threshold=threshold)
        return square_panel(title, outputs.tolist(), w, -threshold)
    rows = np.arange(len(sums))
    return say.panel(
        "the-weighted-sum-of-each",
        "input-in-the-order-of",
        "w-x",
        say.curve(rows[outputs == 0], sums[outputs == 0], say("output-value", value=0), "hollow"),
        say.curve(rows[outputs == 1], sums[outputs == 1], say("output-value", value=1), "filled"),
        say.curve([-0.5, len(sums) - 0.5], [threshold, threshold], "threshold", "dashed"),
    )
