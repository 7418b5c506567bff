"""Logic gates as single perceptrons, and the sixteen functions of two inputs: one perceptron can compute fourteen."""

from typing import Annotated

import numpy as np

from nndigits.models.chapter.circuit import GATES
from nndigits.models.chapter.neurons import all_inputs, perceptron
from nndigits.models.chapter.separability import Contradiction, Weights, contradiction, smallest_weights
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.shades import beside
from nndigits.stages.demos.shared.square import square_lines, square_panel
from nndigits.stages.demos.shared.texts import Cell, Say, Table, input_bits, listed
from nndigits.stages.figures.figure import Figure

say = Say("gates")

NAMES = (
    say("always-0"), "AND", say("x1-and-not-x2"), "x1", say("x2-and-not-x1"), "x2", "XOR", "OR",
    "NOR", "XNOR", say("not-x2"), say("x1-or-not-x2"), say("not-x1"), say("x2-or-not-x1"), "NAND", say("always-1"),
)  # fmt: skip
"""The functions of two inputs. The index of a name, in binary, is the outputs for the inputs 00, 01, 10, 11."""

TABLES = {name: tuple(index >> (3 - row) & 1 for row in range(4)) for index, name in enumerate(NAMES)}


def run(
    *,
    weights: Annotated[tuple[float, float], Given(-1000, 1000, count=(2, 2))] = (-2.0, -2.0),
    bias: Annotated[float, Given(-1000, 1000)] = 3.0,
) -> Demo:
    """Show the gates that one perceptron can compute, and the two functions that it cannot."""
    w = np.array(weights)
    own = tuple(int(output) for output in perceptron(all_inputs(2), w, bias))
    own_name = next(name for name, table in TABLES.items() if table == own)
    found = {name: smallest_weights(table) for name, table in TABLES.items()}
    proofs = {name: proof for name, table in TABLES.items() if (proof := contradiction(table)) and not found[name]}
    and_w, and_b = GATES["AND"]
    squares = [
        square_lines(own, w, bias),
        square_lines(TABLES["AND"], np.array(and_w), and_b),
        square_lines(TABLES["XOR"], None),
    ]
    return Demo(
        idea=say("idea"),
        tables=(_gate_table(), _function_table(found)),
        drawing=(
            say("square-outputs"),
            say("square-shaded"),
            "",
            *beside(squares, [f"yours: {own_name}"[:19], "AND", "XOR: no line"]),
        ),
        findings=(
            say("your-perceptron-with-weights-w1", w1=weights[0], w2=weights[1], b=bias, name=own_name),
            say("one-perceptron-can-compute-of", count=16 - len(proofs), total=16, names=listed(proofs, "or")),
            *(_why_not(name, proof) for name, proof in proofs.items()),
        ),
        values={
            "gates": {name: {"weights": one, "bias": b} for name, (one, b) in GATES.items()},
            "own": {"weights": weights, "bias": bias, "outputs": own, "function": own_name},
            "functions": [
                {
                    "function": name,
                    "outputs": TABLES[name],
                    "separable": one is not None,
                    "weights": one and one.w,
                    "bias": one and one.b,
                    "proof": proofs.get(name),
                }
                for name, one in found.items()
            ],
        },
        figure=Figure(
            (
                square_panel(say("yours", name=own_name), own, w, bias),
                *(
                    square_panel(
                        name, TABLES[name], one and one.w, one.b if one else 0.0, "" if one else say("no-line")
                    )
                    for name, one in found.items()
                ),
            ),
            columns=6,
            size=(2.5, 2.6),
        ),
        try_next=(
            "gates --weights 1,1 --bias=-0.5",
            "gates --weights 1,-1 --bias 0",
            "perceptron-learning",
            "nand-adder",
        ),
    )


def _why_not(name: str, proof: Contradiction) -> str:
    inputs = (input_bits(row, 2) for row in (*proof.ones, *proof.zeros))
    return say("why-not-the-outputs-for", name=name, **dict(zip("abcd", inputs, strict=True)))


def _gate_table() -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, (w, b) in GATES.items():
        outputs = perceptron(all_inputs(len(w)), np.array(w), b)
        mapping = ", ".join(f"{input_bits(row, len(w))} -> {int(output)}" for row, output in enumerate(outputs))
        rows.append((name, ", ".join(f"{weight:g}" for weight in w), f"{b:g}", mapping))
    return say.table("gates-as-perceptrons-nand-has", "gate weights bias input-output", rows)


def _function_table(found: dict[str, Weights | None]) -> Table:
    return say.table(
        "all-sixteen-functions-of-two",
        "function 00 01 10 11 w1 w2 b",
        (
            (name, *TABLES[name], *((f"{number:g}" for number in (*one.w, one.b)) if one else (say("none"),) * 3))
            for name, one in found.items()
        ),
    )
