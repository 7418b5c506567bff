"""Logic gates as single perceptrons, and which of the sixteen functions of two inputs one perceptron can do."""

from typing import Annotated, Any

import numpy as np

from nn.models.chapter.gates import GATES
from nn.models.chapter.perceptron import all_inputs, perceptron
from nn.models.chapter.separability import Contradiction, Weights, contradiction, smallest_weights
from nn.stages.demos.perceptrons.square import beside, captioned, square_lines, square_panel
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Cell, Demo, Table
from nn.stages.demos.shared.wording import listed
from nn.stages.figures.figure import Figure, Panel

NAMES = (
    "always 0", "AND", "x1 and not x2", "x1", "x2 and not x1", "x2", "XOR", "OR",
    "NOR", "XNOR", "not x2", "x1 or not x2", "not x1", "x2 or not x1", "NAND", "always 1",
)  # fmt: skip
"""By the outputs for the inputs 00, 01, 10, 11, read as a binary number."""

X = all_inputs(2)
LARGEST = 1000.0


def run(
    *,
    weights: Annotated[tuple[float, float], "Two weights of a perceptron of your own."] = (-2.0, -2.0),
    bias: Annotated[float, "Its bias."] = 3.0,
) -> Demo:
    """Show the gates that one perceptron can be, and the two functions that it cannot."""
    limits.count("weights", weights, 2, 2)
    for number in weights:
        limits.number("weights", number, -LARGEST, LARGEST)
    limits.number("bias", bias, -LARGEST, LARGEST)
    w = np.array(weights)
    own = tuple(int(answer) for answer in perceptron(X, w, bias))
    tables = {name: tuple(number >> (3 - row) & 1 for row in range(4)) for number, name in enumerate(NAMES)}
    found = {name: smallest_weights(table) for name, table in tables.items()}
    proofs = {name: contradiction(table) for name, table in tables.items() if found[name] is None}
    own_name = NAMES[int("".join(map(str, own)), 2)]
    return Demo(
        idea=(
            "With the right weights a perceptron is a logic gate. Its answer changes along the straight line "
            "w.x + b = 0, so it can do a function of two inputs only if one straight line parts the corners of the "
            "square where the function is 1 from those where it is 0."
        ),
        tables=(_gate_table(), _function_table(tables, found)),
        drawing=_drawing(own, own_name, w, bias, tables),
        findings=(
            f"Your perceptron with weights {weights[0]:g}, {weights[1]:g} and bias {bias:g} is: {own_name}.",
            f"One perceptron can do {sum(one is not None for one in found.values())} of the {len(NAMES)} functions: "
            f"the weights that do it stand in the table. It cannot do {listed(proofs)}.",
            *(_proof(name, proof) for name, proof in proofs.items() if proof is not None),
        ),
        values={
            "gates": {name: {"weights": list(one), "bias": b} for name, (one, b) in GATES.items()},
            "own": {"weights": list(weights), "bias": bias, "outputs": list(own), "function": own_name},
            "functions": [_as_json(name, tables[name], found[name], proofs.get(name)) for name in NAMES],
        },
        figure=Figure(
            (
                square_panel(f"yours: {own_name}", own, w, bias),
                *(_panel(name, tables[name], found[name]) for name in NAMES),
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


def _gate_table() -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, (w, b) in GATES.items():
        outputs = perceptron(all_inputs(len(w)), np.array(w), b)
        said = ", ".join(
            f"{''.join(str(int(bit)) for bit in x)} -> {int(a)}"
            for x, a in zip(all_inputs(len(w)), outputs, strict=True)
        )
        rows.append((name, ", ".join(f"{weight:g}" for weight in w), f"{b:g}", said))
    return Table(
        "Gates as perceptrons; the NAND is the book's", ("gate", "weights", "bias", "input -> answer"), tuple(rows)
    )


def _function_table(tables: dict[str, tuple[int, ...]], found: dict[str, Weights | None]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in NAMES:
        one = found[name]
        line = ("none", "none", "none") if one is None else (f"{one.w[0]:g}", f"{one.w[1]:g}", f"{one.b:g}")
        rows.append((name, *tables[name], *line))
    return Table(
        "All sixteen functions of two inputs, and the smallest whole weights of a perceptron that does each",
        ("function", "00", "01", "10", "11", "w1", "w2", "b"),
        tuple(rows),
    )


def _drawing(own: tuple[int, ...], name: str, w: Any, b: float, tables: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    gate = GATES["AND"]
    return (
        "The square of the inputs, x1 to the right and x2 upwards, the answers at its corners.",
        "Shaded is where the perceptron says 1; for XOR no straight line can do it:",
        "",
        *beside(
            [
                captioned(f"yours: {name}"[:19], square_lines(own, w, b)),
                captioned("AND", square_lines(tables["AND"], np.array(gate[0]), gate[1])),
                captioned("XOR: no line", square_lines(tables["XOR"], None)),
            ]
        ),
    )


def _proof(name: str, proof: Contradiction) -> str:
    one, other = ("".join(str(int(bit)) for bit in X[row]) for row in proof.ones)
    none, neither = ("".join(str(int(bit)) for bit in X[row]) for row in proof.zeros)
    return (
        f"Why not {name}: {one} and {other} should give 1, so w.x + b is above 0 for both, and so is the two added. "
        f"{none} and {neither} should give 0, so for them the two added are not above 0. But {one} + {other} and "
        f"{none} + {neither} have the same x1 and x2 in all: the two sums are equal, whatever the weights."
    )


def _as_json(name: str, table: tuple[int, ...], one: Weights | None, proof: Contradiction | None) -> dict[str, Any]:
    """One of the sixteen functions: its weights, or the inputs that prove that there are none."""
    return {
        "function": name,
        "outputs": list(table),
        "separable": one is not None,
        "weights": None if one is None else one.w.tolist(),
        "bias": None if one is None else one.b,
        "proof": None if proof is None else {"ones": list(proof.ones), "zeros": list(proof.zeros)},
    }


def _panel(name: str, table: tuple[int, ...], one: Weights | None) -> Panel:
    if one is None:
        return square_panel(name, table, None, note="no line")
    return square_panel(name, table, one.w, one.b)
