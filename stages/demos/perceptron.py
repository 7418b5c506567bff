"""A perceptron on every input: weighted sum, threshold, answer, and the same told with a bias."""

from typing import Annotated

import numpy as np

from nn.models.perceptron import all_inputs, perceptron
from nn.stages.demos.demo import Demo, Table
from nn.stages.errors import UsageError

MOST_INPUTS = 6


def run(
    *,
    weights: Annotated[tuple[float, ...], "One weight for each input."] = (6.0, 2.0, 2.0),
    threshold: Annotated[float, "The answer is 1 above it."] = 5.0,
) -> Demo:
    """Weigh every input and compare with the threshold."""
    if not 1 <= len(weights) <= MOST_INPUTS:
        raise UsageError(f"--weights: expected 1 to {MOST_INPUTS} weights, found {len(weights)}")
    x, w = all_inputs(len(weights)), np.array(weights)
    sums, answers = x @ w, perceptron(x, w, -threshold)
    names = tuple(f"x{number}" for number in range(1, len(weights) + 1))
    rows = tuple(
        (*map(int, inputs), float(total), float(total - threshold), int(answer))
        for inputs, total, answer in zip(x, sums, answers, strict=True)
    )
    return Demo(
        idea=(
            "A perceptron weighs its inputs and answers 1 if the sum is above its threshold, else 0. "
            "With a bias b = -threshold the rule reads w.x + b > 0: the same answers, and easier to write. "
            "At exactly 0 it answers 0."
        ),
        tables=(
            Table(
                f"Weights {', '.join(f'{weight:g}' for weight in weights)}; "
                f"threshold {threshold:g}, that is bias {-threshold:g}",
                (*names, "w.x", "w.x + b", "answer"),
                rows,
            ),
        ),
        findings=(f"It answers 1 for {int(answers.sum())} of the {len(x)} inputs.",),
        values={
            "weights": list(weights),
            "threshold": threshold,
            "bias": -threshold,
            "table": [
                {**dict(zip(names, row, strict=False)), "sum": row[-3], "z": row[-2], "output": row[-1]} for row in rows
            ],
        },
        try_next=("perceptron --weights=-2,-2 --threshold=-3", "decision"),
    )
