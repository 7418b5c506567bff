"""Adding with NANDs alone: two bits in the chapter's four drawings, and whole numbers bit by bit."""

from typing import Annotated, Any

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.circuit import fixed_point_signals, gate_signals, outputs, signals
from nn.models.chapter.gates import half_adder, ripple_carry_adder
from nn.models.chapter.perceptron import all_inputs
from nn.stages.demos.perceptrons.half_adder import NEURONS, STYLES, drawing, panel
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Cell, Demo, Positional, Table
from nn.stages.demos.shared.wording import counted, listed
from nn.stages.figures.figure import Figure
from nn.stages.store.errors import UsageError

MOST_BITS, MOST_CHECKED = 32, 6
X = all_inputs(2)
ORDER = ("a", "b", "c", "s", "k")
"""The circuit's neurons in the order in which it holds them."""


def run(
    *,
    numbers: Annotated[tuple[int, ...], Positional("Two whole numbers to add.")] = (),
    bits: Annotated[int, "Binary digits of each number; 0: as many as the numbers need."] = 0,
    neurons: Annotated[bool, "Show what every neuron in between says."] = False,
) -> Demo:
    """Add two bits in four ways that must agree; with numbers or --bits, add whole numbers by a longer circuit."""
    limits.whole("bits", bits, 0, MOST_BITS)
    if len(numbers) not in (0, 2):
        raise UsageError(f"expected two numbers to add, found {len(numbers)}")
    length = bits or max([number.bit_length() for number in numbers] + [1])
    for number in numbers:
        if not 0 <= number < 2**length or length > MOST_BITS:
            most = 2 ** (bits or MOST_BITS) - 1
            raise UsageError(
                f"{str(number)[:40]}: expected numbers from 0 to {most:,} to add with {bits or MOST_BITS} bits"
            )
    forms = _four_forms()
    table = [
        {"x1": int(x[0]), "x2": int(x[1]), "sum": int(row["s"]), "carry": int(row["k"])}
        for x, row in zip(X, _by_name(forms["perceptrons"]), strict=True)
    ]
    agree = all((form == forms["perceptrons"]).all() for form in forms.values())
    tables = [Table("The sum and the carry", ("x1", "x2", "sum", "carry"), tuple(tuple(row.values()) for row in table))]
    if neurons:
        tables.append(_neurons_table(forms["perceptrons"]))
    findings = [
        "All four drawings give the same answers for all four inputs, neuron by neuron."
        if agree
        else "The four drawings do not agree.",
        f"The adder has {len(half_adder().neurons)} NANDs.",
    ]
    values: dict[str, Any] = {
        "table": table,
        "forms_agree": agree,
        "forms": list(forms),
        "neurons": [
            {"x1": int(x[0]), "x2": int(x[1]), **{name: int(row[name]) for name in ORDER}}
            for x, row in zip(X, _by_name(forms["perceptrons"]), strict=True)
        ],
    }
    if bits or numbers:
        adder = _ripple(length, numbers)
        tables += adder["tables"]
        findings += adder["findings"]
        values["adder"] = adder["values"]
    return Demo(
        idea=(
            "To add two bits, the sum is 1 if exactly one of them is 1, and the carry is 1 if both are. Five NAND "
            "gates do it. A perceptron with weights -2, -2 and bias 3 is a NAND gate, so perceptrons can take the "
            "gates' places: a network of perceptrons can add, and, as everything in a computer can be made of NANDs, "
            "compute anything. The drawings show the same adder four times; a number on a wire is a weight."
        ),
        tables=tuple(tables),
        drawing=tuple(line for style in STYLES for line in [*drawing(style), ""])[:-1],
        findings=tuple(findings),
        values=values,
        figure=Figure(tuple(panel(style, _on()) for style in STYLES), columns=2, size=(6.2, 3.9)),
        try_next=("nand-adder --neurons", "nand-adder --bits 8 100 55", "universal --table 0110", "gates"),
    )


def _four_forms() -> dict[str, Array]:
    """All signals of the adder, ``(4, 7)``, worked out as each drawing says."""
    return {
        "gates": gate_signals(half_adder(), X),
        "perceptrons": signals(half_adder(), X),
        "merged": signals(half_adder(merged=True), X),
        "input layer": fixed_point_signals(half_adder(merged=True), X),
    }


def _by_name(form: Array) -> list[dict[str, float]]:
    return [dict(zip(("x1", "x2", *ORDER), row, strict=True)) for row in form.tolist()]


def _on() -> dict[str, bool]:
    """What says 1 in the pictures, where both inputs are 1."""
    return {name: value > 0 for name, value in _by_name(signals(half_adder(), X))[3].items()}


def _neurons_table(form: Array) -> Table:
    rows = tuple(tuple(int(row[name]) for name in ("x1", "x2", *NEURONS)) for row in _by_name(form))
    return Table("What every neuron says; s is the sum, k the carry", ("x1", "x2", *NEURONS), rows)


def _ripple(bits: int, numbers: tuple[int, ...]) -> dict[str, Any]:
    """Add two numbers with a circuit for so many bits, and check the circuit on all pairs where it is small."""
    circuit = ripple_carry_adder(bits)
    count = len(circuit.neurons)
    values: dict[str, Any] = {"bits": bits, "neurons": count}
    findings = [
        f"An adder for {counted(bits, 'bit')}: a half adder for the lowest pair (5 NANDs), then for each further "
        f"pair a full adder (9 NANDs), which also takes the carry: 9 x {bits} - 4 = {count} perceptrons."
    ]
    tables = []
    if numbers:
        said = outputs(circuit, _as_bits(numbers, bits)[None])[0]
        total = sum(int(bit) << place for place, bit in enumerate(said))
        tables.append(_bits_table(numbers, said, bits))
        verdict = "which is right" if total == sum(numbers) else f"which is wrong: it is {sum(numbers)}"
        findings.append(f"{numbers[0]} + {numbers[1]} = {total}, say the perceptrons, {verdict}.")
        values |= {"numbers": list(numbers), "result": total}
    if bits <= MOST_CHECKED:
        x = all_inputs(2 * bits)
        weights = 2 ** np.arange(bits + 1)
        right = outputs(circuit, x) @ weights == x[:, :bits] @ weights[:-1] + x[:, bits:] @ weights[:-1]
        findings.append(f"Checked on all {len(x):,} pairs of numbers: {int(right.sum()):,} sums are right.")
        values |= {"pairs": len(x), "pairs_right": int(right.sum())}
    else:
        findings.append(f"All pairs of numbers are checked for up to {MOST_CHECKED} bits, not for {bits}.")
    return {"tables": tables, "findings": findings, "values": values}


def _as_bits(numbers: tuple[int, ...], bits: int) -> Array:
    """The inputs of the adder: each number's bits, the lowest first."""
    return np.array([number >> place & 1 for number in numbers for place in range(bits)], float)


def _bits_table(numbers: tuple[int, ...], said: Array, bits: int) -> Table:
    """The addition as on paper, the highest bit to the left."""
    places = range(bits, -1, -1)
    rows: list[tuple[Cell, ...]] = [
        (str(number), *((number >> place & 1) if place < bits else "" for place in places)) for number in numbers
    ]
    total = sum(int(bit) << place for place, bit in enumerate(said))
    rows.append((f"sum {total}", *(int(said[place]) for place in places)))
    heads = tuple(str(2**place) if bits <= 8 else str(place) for place in places)
    what = "what each digit counts" if bits <= 8 else "the number of each binary digit"
    return Table(f"{listed(numbers)} in binary; on top {what}", ("number", *heads), tuple(rows))
