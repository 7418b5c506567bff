"""The four drawings of the half adder, as text for the terminal and as pictures."""

from typing import NamedTuple

from nndigits.stages.demos.shared.texts import Say, joined, listed
from nndigits.stages.demos.shared.wiring import wiring_panel
from nndigits.stages.figures.figure import Panel

say = Say("nand-adder")

NEURONS = ("a", "b", "c", "s", "k")
"""In the order of the circuit. s is the sum, k the carry; ``WIRES`` has the inputs of each."""

PLACES: dict[str, tuple[float, float]] = {
    "x1": (0, 2), "x2": (0, 0), "a": (1.2, 1), "b": (2.4, 2), "c": (2.4, 0), "s": (3.6, 1), "k": (2.4, -1.1),
}  # fmt: skip

WIRES = (("x1", "a"), ("x2", "a"), ("x1", "b"), ("a", "b"), ("a", "c"), ("x2", "c"), ("b", "s"), ("c", "s"), ("a", "k"))


class Style(NamedTuple):
    """The differences between the drawings: gates or neurons, the weights, the wires to the carry, the inputs."""

    title: str
    gate: str
    weight: str
    carry: tuple[str, ...]
    inputs: tuple[str, str]


STYLES = (
    Style("1-a-circuit-of-nand", "NAND", "", ("", ""), ("x1", "x2")),
    Style("2-perceptrons-in-place", "3", "-2", ("-2", "-2"), ("x1", "x2")),
    Style("3-the-two-wires-of", "3", "-2", ("-4",), ("x1", "x2")),
    Style("4-the-inputs-drawn", "3", "-2", ("-4",), ("(x1)", "(x2)")),
)


X1_TRUNK, INTO_A, A_TRUNK, INTO_BC, INTO_S = 5, 15, 28, 38, 56
"""Columns of the vertical wires in the text drawing."""


def drawing(style: Style) -> list[str]:
    """Return one of the four drawings as lines of text. Wires that cross without a corner are not connected."""
    rows = [[" "] * 78 for _ in range(12)]

    def put(row: int, column: int, text: str) -> None:
        rows[row][column : column + len(text)] = text

    def wire(row: int, start: int, end: int, weight: str = "") -> None:
        put(row, start, "─" * (end - start))
        put(row, end - len(weight) - 2, weight)

    def gate(row: int, into: int, name: str, end: int) -> None:
        wire(row, into + 1, end)
        put(row, into + 2, f"({name}:{style.gate})")

    def vertical(column: int, characters: str, first: int) -> None:
        for row, character in enumerate(characters, first):
            put(row, column, character)

    wire(0, 4, INTO_BC, style.weight)
    wire(2, A_TRUNK, INTO_BC, style.weight)
    wire(3, X1_TRUNK, INTO_A, style.weight)
    wire(5, X1_TRUNK, INTO_A, style.weight)
    wire(6, A_TRUNK, INTO_BC, style.weight)
    wire(8, 4, INTO_BC, style.weight)
    gate(1, INTO_BC, "b", INTO_S)
    put(1, INTO_S - len(style.weight) - 2, style.weight)
    gate(4, INTO_A, "a", A_TRUNK)
    gate(4, INTO_S, "s", 73)
    gate(7, INTO_BC, "c", INTO_S)
    put(7, INTO_S - len(style.weight) - 2, style.weight)
    wire(9, A_TRUNK, INTO_BC, style.carry[0])
    if len(style.carry) == 2:
        wire(11, A_TRUNK, INTO_BC, style.carry[1])
        vertical(INTO_BC, "┐├┘", 9)
        gate(10, INTO_BC, "k", 73)
    else:
        gate(9, INTO_BC - 1, "k", 73)
    vertical(X1_TRUNK, "┬││└ ┌││┴", 0)
    vertical(INTO_A, "┐├┘", 3)
    vertical(A_TRUNK, "┌│┤│├││├│└" if len(style.carry) == 2 else "┌│┤│├││└", 2)
    vertical(INTO_BC, "┐├┘", 0)
    vertical(INTO_BC, "┐├┘", 6)
    vertical(INTO_S, "┐││├││┘", 1)
    put(0, 0, f"{style.inputs[0]} ".ljust(X1_TRUNK, "─"))
    put(8, 0, f"{style.inputs[1]} ".ljust(X1_TRUNK, "─"))
    put(4, 73, " sum")
    put(10 if len(style.carry) == 2 else 9, 73, " carry")
    return [
        say(f"{style.title}-drawn" if style.title[0] in "24" else style.title),
        "",
        *(f"  {line}" for line in ("".join(row).rstrip() for row in rows) if line),
    ]


def panel(style: Style, on: dict[str, bool]) -> Panel:
    """Return one of the four drawings as a picture, with the neurons in ``on`` shaded."""
    inner = "NAND" if style.gate == "NAND" else say("bias-3")
    labels: dict[str, str] = {name: say("neuron-label", name=name, inner=inner) for name in NEURONS}
    if style.inputs != ("x1", "x2"):
        labels |= {name: say("input-neuron", name=name) for name in ("x1", "x2")}
    for name, end in (("s", "sum"), ("k", "carry")):
        labels[name] = joined(labels[name], say(end), by="\n", in_chinese="\n")
    wires = [*WIRES, *(("a", "k"),) * (len(style.carry) - 1)]
    weights = [style.weight] * (len(WIRES) - 1) + [listed(style.carry) if style.weight else ""]
    title = joined(say(style.title), say("shaded"), by="\n", in_chinese="\n")
    return wiring_panel(title, PLACES, wires, on, labels, weights)
