"""Addition with NAND gates only: two bits in the chapter's four drawings, and whole numbers bit by bit."""

from typing import Annotated, Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.circuit import fixed_point_signals, gate_signals, outputs, signals
from nndigits.models.chapter.gates import half_adder, ripple_carry_adder
from nndigits.models.chapter.perceptron import all_inputs
from nndigits.stages.demos.half_adder import NEURONS, STYLES, drawing, panel
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Cell, Say, Table, listed
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("nand-adder")

MOST_BITS, MOST_CHECKED = 32, 6
SIGNALS = ("x1", "x2", *NEURONS)


def run(
    *,
    numbers: Annotated[tuple[int, ...], Given(positional=True)] = (),
    bits: Annotated[int, Given(0, MOST_BITS)] = 0,
    neurons: bool = False,
) -> Demo:
    """Add two bits with four equivalent circuits; with numbers or --bits, add whole numbers with a longer circuit."""
    _check(numbers, bits or MOST_BITS)
    x, merged = all_inputs(2), half_adder(merged=True)
    forms = {
        "gates": gate_signals(half_adder(), x),
        "perceptrons": signals(half_adder(), x),
        "merged": signals(merged, x),
        "input layer": fixed_point_signals(merged, x),
    }
    rows = [dict(zip(SIGNALS, row, strict=True)) for row in forms["perceptrons"].astype(int).tolist()]
    table = [{"x1": row["x1"], "x2": row["x2"], "sum": row["s"], "carry": row["k"]} for row in rows]
    agree = all((form == forms["perceptrons"]).all() for form in forms.values())
    tables = [say.table("the-sum-and-the-carry", "x1 x2 sum carry", (row.values() for row in table))]
    if neurons:
        tables.append(Table(say("neuron-outputs"), SIGNALS, tuple(tuple(row.values()) for row in rows)))
    findings: list[str] = [
        say("all-four-drawings-give-the" if agree else "disagree"),
        say("the-adder-has-nand-gates", count=len(half_adder().neurons)),
    ]
    values = {"table": table, "forms_agree": agree, "forms": list(forms), "neurons": rows}
    if bits or numbers:
        more_tables, more_findings, values["adder"] = _ripple_carry(numbers, bits)
        tables += more_tables
        findings += more_findings
    on = {name: value > 0 for name, value in rows[3].items()}
    return Demo(
        idea=say("idea"),
        tables=tuple(tables),
        drawing=tuple(line for style in STYLES for line in [*drawing(style), ""])[:-1],
        findings=tuple(findings),
        values=values,
        figure=Figure(tuple(panel(style, on) for style in STYLES), columns=2, size=(6.2, 3.9)),
        try_next=("nand-adder --neurons", "nand-adder --bits 8 100 55", "universal --table 0110", "gates"),
    )


def _check(numbers: tuple[int, ...], bits: int) -> None:
    if len(numbers) not in (0, 2):
        raise UsageError(say("two-numbers", found=len(numbers)))
    for number in numbers:
        if not 0 <= number < 2**bits:
            raise UsageError(say("range", number=str(number)[:40], most=f"{2**bits - 1:,}", bits=bits))


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
        total, right = sum(int(bit) << place for place, bit in enumerate(sum_bits)), sum(numbers)
        tables.append(_bits_table(numbers, total, bits))
        verdict = "result" if total == right else "wrong-result"
        findings.append(say(verdict, one=numbers[0], other=numbers[1], total=total, right=right))
        values |= {"numbers": list(numbers), "result": total}
    if bits <= MOST_CHECKED:
        x, weights = all_inputs(2 * bits), 2 ** np.arange(bits + 1)
        correct = outputs(circuit, x) @ weights == x[:, :bits] @ weights[:-1] + x[:, bits:] @ weights[:-1]
        findings.append(say("checked", pairs=len(x), right=int(correct.sum())))
        values |= {"pairs": len(x), "pairs_right": int(correct.sum())}
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
    heads = (str(2**place) if bits <= 8 else str(place) for place in places)
    title = say("binary-by-value" if bits <= 8 else "binary-by-number", numbers=listed(numbers))
    return Table(title, (say("number"), *heads), tuple(rows))
