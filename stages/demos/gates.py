"""Logic gates as single perceptrons, and the sixteen functions of two inputs: one perceptron can compute fourteen."""

from typing import Annotated, Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.gates import GATES
from nndigits.models.chapter.perceptron import all_inputs, perceptron
from nndigits.models.chapter.separability import Contradiction, Weights, contradiction, smallest_weights
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.shades import beside
from nndigits.stages.demos.shared.square import square_lines, square_panel
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.demos.shared.wording import input_bits
from nndigits.stages.figures.figure import Figure, Panel

say = texts("gates")

NAMES = (
    say("always-0"), "AND", say("x1-and-not-x2"), "x1", say("x2-and-not-x1"), "x2", "XOR", "OR",
    "NOR", "XNOR", say("not-x2"), say("x1-or-not-x2"), say("not-x1"), say("x2-or-not-x1"), "NAND", say("always-1"),
)  # fmt: skip
"""The functions of two inputs. The index of a name, in binary, is the outputs for the inputs 00, 01, 10, 11."""

TABLES = {name: tuple(index >> (3 - row) & 1 for row in range(4)) for index, name in enumerate(NAMES)}
LARGEST = 1000.0


def run(
    *,
    weights: Annotated[tuple[float, float], "Two weights of your own perceptron."] = (-2.0, -2.0),
    bias: Annotated[float, "Its bias."] = 3.0,
) -> Demo:
    """Show the gates that one perceptron can compute, and the two functions that it cannot."""
    limits.count("weights", weights, 2, 2)
    limits.numbers("weights", weights, -LARGEST, LARGEST)
    limits.number("bias", bias, -LARGEST, LARGEST)
    w = np.array(weights)
    own = tuple(int(output) for output in perceptron(all_inputs(2), w, bias))
    own_name = next(name for name, table in TABLES.items() if table == own)
    found = {name: smallest_weights(table) for name, table in TABLES.items()}
    proofs = {name: contradiction(TABLES[name]) for name, one in found.items() if one is None}
    return Demo(
        idea=(say("idea")),
        tables=(_gate_table(), _function_table(found)),
        drawing=_drawing(own, own_name, w, bias),
        findings=(
            say("your-perceptron-with-weights-w1", w1=weights[0], w2=weights[1], b=bias, name=own_name),
            say(
                "one-perceptron-can-compute-of",
                count=len(NAMES) - len(proofs),
                total=len(NAMES),
                names=listed(proofs, "or"),
            ),
            *(_proof(name, proof) for name, proof in proofs.items() if proof is not None),
        ),
        values={
            "gates": {name: {"weights": list(one), "bias": b} for name, (one, b) in GATES.items()},
            "own": {"weights": list(weights), "bias": bias, "outputs": list(own), "function": own_name},
            "functions": [_as_json(name, found[name], proofs.get(name)) for name in NAMES],
        },
        figure=Figure(
            (square_panel(say("yours", name=own_name), own, w, bias), *(_panel(name, found[name]) for name in NAMES)),
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


def _gate_table() -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, (w, b) in GATES.items():
        outputs = perceptron(all_inputs(len(w)), np.array(w), b)
        mapping = ", ".join(f"{input_bits(row, len(w))} -> {int(output)}" for row, output in enumerate(outputs))
        rows.append((name, ", ".join(f"{weight:g}" for weight in w), f"{b:g}", mapping))
    return Table(
        say("gates-as-perceptrons-nand-has"),
        (say("gate"), say("weights"), say("bias"), say("input-output")),
        tuple(rows),
    )


def _function_table(found: dict[str, Weights | None]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, one in found.items():
        parameters = (say("none"),) * 3 if one is None else (f"{one.w[0]:g}", f"{one.w[1]:g}", f"{one.b:g}")
        rows.append((name, *TABLES[name], *parameters))
    return Table(
        say("all-sixteen-functions-of-two"),
        (say("function"), "00", "01", "10", "11", "w1", "w2", "b"),
        tuple(rows),
    )


def _drawing(own: tuple[int, ...], name: str, w: Array, b: float) -> tuple[str, ...]:
    gate = GATES["AND"]
    squares = [
        square_lines(own, w, b),
        square_lines(TABLES["AND"], np.array(gate[0]), gate[1]),
        square_lines(TABLES["XOR"], None),
    ]
    return (
        "The four inputs as a square, x1 to the right, x2 upwards, with outputs at the corners.",
        "The perceptron outputs 1 in the shaded part. No straight line works for XOR:",
        "",
        *beside(squares, [f"yours: {name}"[:19], "AND", "XOR: no line"]),
    )


def _proof(name: str, proof: Contradiction) -> str:
    one, other = (input_bits(row, 2) for row in proof.ones)
    zero, another = (input_bits(row, 2) for row in proof.zeros)
    return say("why-not-the-outputs-for", name=name, a=one, b=other, c=zero, d=another)


def _as_json(name: str, one: Weights | None, proof: Contradiction | None) -> dict[str, Any]:
    """Return a function with its weights, or with the inputs that prove that there are none."""
    return {
        "function": name,
        "outputs": list(TABLES[name]),
        "separable": one is not None,
        "weights": None if one is None else one.w.tolist(),
        "bias": None if one is None else one.b,
        "proof": None if proof is None else {"ones": list(proof.ones), "zeros": list(proof.zeros)},
    }


def _panel(name: str, one: Weights | None) -> Panel:
    if one is None:
        return square_panel(name, TABLES[name], None, note=say("no-line"))
    return square_panel(name, TABLES[name], one.w, one.b)
