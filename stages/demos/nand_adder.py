"""Addition with NAND gates only: two bits in the chapter's four drawings, and whole numbers bit by bit."""

from typing import Annotated, Any

import numpy as np

from nndigits.models.chapter.circuit import (
    fixed_point_signals,
    gate_signals,
    half_adder,
    outputs,
    ripple_carry_adder,
    signals,
)
from nndigits.models.chapter.neurons import all_inputs
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Cell, Say, Table, joined, listed
from nndigits.stages.demos.shared.wiring import wiring_panel
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store.errors import UsageError

say = Say("nand-adder")

MOST_BITS, MOST_CHECKED = 32, 6
NEURONS = ("a", "b", "c", "s", "k")
"""In the order of the circuit. s is the sum, k the carry; ``WIRES`` has the inputs of each."""

WIRES = (("x1", "a"), ("x2", "a"), ("x1", "b"), ("a", "b"), ("a", "c"), ("x2", "c"), ("b", "s"), ("c", "s"), ("a", "k"))
PLACES: dict[str, tuple[float, float]] = {
    "x1": (0, 2), "x2": (0, 0), "a": (1.2, 1), "b": (2.4, 2), "c": (2.4, 0), "s": (3.6, 1), "k": (2.4, -1.1),
}  # fmt: skip

TITLES = ("1-a-circuit-of-nand", "2-perceptrons-in-place", "3-the-two-wires-of", "4-the-inputs-drawn")
CARRY = (("", ""), ("-2", "-2"), ("-4",), ("-4",))
"""The weights of the wires to the carry in the four drawings."""

PERCEPTRONS = """\
  x1 ──┬────────────────────────────-2──┐
       │                                ├─(b:3)───────-2──┐
       │                      ┌─────-2──┘                 │
       └─────-2──┐            │                           │
                 ├─(a:3)──────┤                           ├─(s:3)────────── sum
       ┌─────-2──┘            │                           │
       │                      ├─────-2──┐                 │
       │                      │         ├─(c:3)───────-2──┘
  x2 ──┴──────────────────────│─────-2──┘
"""
TWO_WIRES = """\
                              ├─────-2──┐
                              │         ├─(k:3)──────────────────────────── carry
                              └─────-2──┘"""
ONE_WIRE = """\
                              └─────-4───(k:3)───────────────────────────── carry"""


def run(
    *,
    numbers: Annotated[tuple[int, ...], Given(positional=True)] = (),
    bits: Annotated[int, Given(0, MOST_BITS)] = 0,
    neurons: bool = False,
) -> Demo:
    """Add two bits with four equivalent circuits; with numbers or --bits, add whole numbers with a longer circuit."""
    if len(numbers) not in (0, 2):
        raise UsageError(say("two-numbers", found=len(numbers)))
    most = bits or MOST_BITS
    for number in numbers:
        if not 0 <= number < 2**most:
            raise UsageError(say("range", number=str(number)[:40], most=f"{2**most - 1:,}", bits=most))
    x, merged = all_inputs(2), half_adder(merged=True)
    forms = {
        "gates": gate_signals(half_adder(), x),
        "perceptrons": signals(half_adder(), x),
        "merged": signals(merged, x),
        "input layer": fixed_point_signals(merged, x),
    }
    names = ("x1", "x2", *NEURONS)
    rows = [dict(zip(names, row, strict=True)) for row in forms["perceptrons"].astype(int).tolist()]
    table = [{"x1": row["x1"], "x2": row["x2"], "sum": row["s"], "carry": row["k"]} for row in rows]
    agree = all((form == forms["perceptrons"]).all() for form in forms.values())
    tables = [say.table("the-sum-and-the-carry", "x1 x2 sum carry", (row.values() for row in table))]
    if neurons:
        tables.append(Table(say("neuron-outputs"), names, tuple(tuple(row.values()) for row in rows)))
    findings: list[str] = [
        say("all-four-drawings-give-the" if agree else "disagree"),
        say("the-adder-has-nand-gates", count=len(half_adder().neurons)),
    ]
    values = {"table": table, "forms_agree": agree, "forms": list(forms), "neurons": rows}
    if bits or numbers:
        values["adder"] = _ripple_carry(numbers, bits, tables, findings)
    on = {name: value > 0 for name, value in rows[3].items()}
    return Demo(
        idea=say("idea"),
        tables=tuple(tables),
        drawing=_drawings(),
        findings=tuple(findings),
        values=values,
        figure=Figure(tuple(_panel(form, on) for form in range(4)), size=(6.2, 3.9)),
        try_next=("nand-adder --neurons", "nand-adder --bits 8 100 55", "universal --table 0110", "gates"),
    )


def _ripple_carry(numbers: tuple[int, ...], bits: int, tables: list[Table], findings: list[str]) -> dict[str, Any]:
    """Add two numbers with a circuit of ``bits`` bits, and check a small circuit on all pairs of numbers.

    The tables and the findings are added to those given; returns the values.
    """
    bits = bits or max(1, *(number.bit_length() for number in numbers))
    circuit = ripple_carry_adder(bits)
    count = len(circuit.neurons)
    values: dict[str, Any] = {"bits": bits, "neurons": count}
    findings.append(say("adder", bits=bits, count=count))
    if numbers:
        lowest_first = np.array([[number >> place & 1 for number in numbers for place in range(bits)]], float)
        total = sum(int(bit) << place for place, bit in enumerate(outputs(circuit, lowest_first)[0]))
        tables.append(_bits_table(numbers, total, bits))
        verdict = "result" if total == sum(numbers) else "wrong-result"
        findings.append(say(verdict, one=numbers[0], other=numbers[1], total=total, right=sum(numbers)))
        values |= {"numbers": list(numbers), "result": total}
    if bits <= MOST_CHECKED:
        x, weights = all_inputs(2 * bits), 2 ** np.arange(bits + 1)
        correct = outputs(circuit, x) @ weights == x[:, :bits] @ weights[:-1] + x[:, bits:] @ weights[:-1]
        values |= {"pairs": len(x), "pairs_right": int(correct.sum())}
        findings.append(say("checked", pairs=len(x), right=values["pairs_right"]))
    else:
        findings.append(say("not-checked", most=MOST_CHECKED, bits=bits))
    return values


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


def _drawings() -> tuple[str, ...]:
    """Return the four drawings as lines of text. Wires that cross without a corner are not connected."""
    neurons, merged = PERCEPTRONS + TWO_WIRES, PERCEPTRONS + ONE_WIRE
    gates = neurons.replace("-2", "──").replace(":3)───", ":NAND)")
    inputs = merged.replace("x1 ──", "(x1) ").replace("x2 ──", "(x2) ")
    titles = (say(f"{title}-drawn" if title[0] in "24" else title) for title in TITLES)
    drawn = zip(titles, (gates, neurons, merged, inputs), strict=True)
    return tuple(line for title, text in drawn for line in (title, "", *text.split("\n"), ""))[:-1]


def _panel(form: int, on: dict[str, bool]) -> Panel:
    """Return one of the four drawings, counted from 0, as a picture with the neurons in ``on`` shaded."""
    inner = say("bias-3") if form else "NAND"
    labels: dict[str, str] = {name: say("neuron-label", name=name, inner=inner) for name in NEURONS}
    if form == 3:
        labels |= {name: say("input-neuron", name=name) for name in ("x1", "x2")}
    for name, end in (("s", "sum"), ("k", "carry")):
        labels[name] = joined(labels[name], say(end), by="\n", in_chinese="\n")
    weights = [*["-2"] * (len(WIRES) - 1), listed(CARRY[form])] if form else [""] * len(WIRES)
    title = joined(say(TITLES[form]), say("shaded"), by="\n", in_chinese="\n")
    return wiring_panel(title, PLACES, [*WIRES, *WIRES[-1:] * (len(CARRY[form]) - 1)], on, labels, weights)
