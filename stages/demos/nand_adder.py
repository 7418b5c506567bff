"""Addition with NAND gates only: two bits in the chapter's four drawings, and whole numbers bit by bit."""

from typing import Annotated, Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.circuit import fixed_point_signals, gate_signals, outputs, signals
from nndigits.models.chapter.gates import half_adder, ripple_carry_adder
from nndigits.models.chapter.perceptron import all_inputs
from nndigits.stages.demos.half_adder import NEURONS, STYLES, drawing, panel
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Positional, Table
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = texts("nand-adder")

MOST_BITS, MOST_CHECKED = 32, 6
X = all_inputs(2)


def run(
    *,
    numbers: Annotated[tuple[int, ...], Positional("Two whole numbers to add.")] = (),
    bits: Annotated[int, "Bits of each number; 0 for as many as the numbers need."] = 0,
    neurons: Annotated[bool, "Show the output of every neuron."] = False,
) -> Demo:
    """Add two bits with four equivalent circuits; with numbers or --bits, add whole numbers with a longer circuit."""
    _check(numbers, bits)
    forms = _four_forms()
    table = [
        {"x1": int(x[0]), "x2": int(x[1]), "sum": int(row["s"]), "carry": int(row["k"])}
        for x, row in zip(X, _by_name(forms["perceptrons"]), strict=True)
    ]
    agree = all((form == forms["perceptrons"]).all() for form in forms.values())
    tables = [
        Table(
            say("the-sum-and-the-carry"),
            ("x1", "x2", say("sum"), say("carry")),
            tuple(tuple(row.values()) for row in table),
        )
    ]
    if neurons:
        tables.append(_neurons_table(forms["perceptrons"]))
    findings: list[str] = [
        say("all-four-drawings-give-the") if agree else say("disagree"),
        say("the-adder-has-nand-gates", count=len(half_adder().neurons)),
    ]
    values: dict[str, Any] = {
        "table": table,
        "forms_agree": agree,
        "forms": list(forms),
        "neurons": [
            {"x1": int(x[0]), "x2": int(x[1]), **{name: int(row[name]) for name in NEURONS}}
            for x, row in zip(X, _by_name(forms["perceptrons"]), strict=True)
        ],
    }
    if bits or numbers:
        more_tables, more_findings, values["adder"] = _ripple_carry(numbers, bits)
        tables += more_tables
        findings += more_findings
    return Demo(
        idea=(say("idea")),
        tables=tuple(tables),
        drawing=tuple(line for style in STYLES for line in [*drawing(style), ""])[:-1],
        findings=tuple(findings),
        values=values,
        figure=Figure(tuple(panel(style, _on()) for style in STYLES), columns=2, size=(6.2, 3.9)),
        try_next=("nand-adder --neurons", "nand-adder --bits 8 100 55", "universal --table 0110", "gates"),
    )


def _check(numbers: tuple[int, ...], bits: int) -> None:
    limits.whole("bits", bits, 0, MOST_BITS)
    if len(numbers) not in (0, 2):
        raise UsageError(f"expected two numbers to add, found {len(numbers)}")
    most_bits = bits or MOST_BITS
    for number in numbers:
        if not 0 <= number < 2**most_bits:
            raise UsageError(
                f"{str(number)[:40]}: expected numbers from 0 to {2**most_bits - 1:,} to add with {most_bits} bits"
            )


def _four_forms() -> dict[str, Array]:
    """Compute all signals of the adder, ``(4, 7)``, in the way of each drawing."""
    return {
        "gates": gate_signals(half_adder(), X),
        "perceptrons": signals(half_adder(), X),
        "merged": signals(half_adder(merged=True), X),
        "input layer": fixed_point_signals(half_adder(merged=True), X),
    }


def _by_name(form: Array) -> list[dict[str, float]]:
    return [dict(zip(("x1", "x2", *NEURONS), row, strict=True)) for row in form.tolist()]


def _on() -> dict[str, bool]:
    """Return which neurons output 1 if both inputs are 1, for the pictures."""
    return {name: value > 0 for name, value in _by_name(signals(half_adder(), X))[3].items()}


def _neurons_table(form: Array) -> Table:
    rows = tuple(tuple(int(row[name]) for name in ("x1", "x2", *NEURONS)) for row in _by_name(form))
    return Table(say("neuron-outputs"), ("x1", "x2", *NEURONS), rows)


def _ripple_carry(numbers: tuple[int, ...], bits: int) -> tuple[list[Table], list[str], dict[str, Any]]:
    """Add two numbers with a circuit of ``bits`` bits, and check a small circuit on all pairs of numbers.

    Returns the tables, the findings and the values.
    """
    bits = bits or max(1, *(number.bit_length() for number in numbers))
    circuit = ripple_carry_adder(bits)
    count = len(circuit.neurons)
    values: dict[str, Any] = {"bits": bits, "neurons": count}
    findings: list[str] = [say("adder", bits=bits, count=count)]
    tables = []
    if numbers:
        sum_bits = outputs(circuit, _as_bits(numbers, bits)[None])[0]
        total = sum(int(bit) << place for place, bit in enumerate(sum_bits))
        tables.append(_bits_table(numbers, total, bits))
        right = sum(numbers)
        verdict = "result" if total == right else "wrong-result"
        findings.append(say(verdict, one=numbers[0], other=numbers[1], total=total, right=right))
        values |= {"numbers": list(numbers), "result": total}
    if bits <= MOST_CHECKED:
        x = all_inputs(2 * bits)
        weights = 2 ** np.arange(bits + 1)
        right = outputs(circuit, x) @ weights == x[:, :bits] @ weights[:-1] + x[:, bits:] @ weights[:-1]
        findings.append(say("checked", pairs=len(x), right=int(right.sum())))
        values |= {"pairs": len(x), "pairs_right": int(right.sum())}
    else:
        findings.append(say("not-checked", most=MOST_CHECKED, bits=bits))
    return tables, findings, values


def _as_bits(numbers: tuple[int, ...], bits: int) -> Array:
    """Return the inputs of the adder: the bits of each number, the lowest first."""
    return np.array([number >> place & 1 for number in numbers for place in range(bits)], float)


def _bits_table(numbers: tuple[int, ...], total: int, bits: int) -> Table:
    """Write the addition as on paper, the highest bit to the left."""
    places = range(bits, -1, -1)
    rows: list[tuple[Cell, ...]] = [
        (str(number), *((number >> place & 1) if place < bits else "" for place in places)) for number in numbers
    ]
    rows.append((say("total", total=total), *(total >> place & 1 for place in places)))
    heads = tuple(str(2**place) if bits <= 8 else str(place) for place in places)
    title = say("binary-by-value" if bits <= 8 else "binary-by-number", numbers=listed(numbers))
    return Table(title, (say("number"), *heads), tuple(rows))
