"""Any truth table as a network of NAND perceptrons: written out, then made smaller, and checked on every input."""

from typing import Annotated

import numpy as np

from nn.models.chapter.circuit import Circuit, outputs, signals
from nn.models.chapter.nand_compiler import direct_circuit, simplified
from nn.models.chapter.perceptron import all_inputs
from nn.stages.demos.shared.demo import Cell, Demo, Table
from nn.stages.demos.shared.wiring import Place, wiring_panel
from nn.stages.demos.shared.wording import counted, names, truth_table
from nn.stages.figures.figure import Figure, Panel

MOST_INPUTS, MOST_SHOWN, MOST_ROWS = 6, 40, 16


def run(
    *,
    table: Annotated[
        str, "The outputs wanted, 0 or 1, for the inputs 00, 01, 10, 11 (or 0, 1; or 000, 001, ...)."
    ] = "0110",
) -> Demo:
    """Make any truth table of one to six inputs out of NAND perceptrons."""
    wanted = truth_table(table, 1, MOST_INPUTS)
    n = len(wanted).bit_length() - 1
    x = all_inputs(n)
    before, after = direct_circuit(wanted), simplified(wanted)
    right = {name: int((outputs(one, x)[:, 0] == wanted).sum()) for name, one in (("before", before), ("after", after))}
    inputs = names(n)
    shown = after.neurons[:MOST_SHOWN]
    return Demo(
        idea=(
            "NAND is universal: any table that says for each input 0 or 1 can be made of NANDs, and so of perceptrons "
            "with weights -2, -2 and bias 3. First the plain way: for each input with answer 1 an AND that recognises "
            "it, and an OR of these, all built of NANDs. Then smaller: nothing is built twice, NOT NOT x is x, and "
            "what never changes needs no neuron."
        ),
        tables=(
            Table(
                "Neurons",
                ("network", "neurons", "longest way through it", "inputs answered right"),
                (
                    ("written out", len(before.neurons), _depth(before), f"{right['before']} of {len(x)}"),
                    ("made smaller", len(after.neurons), _depth(after), f"{right['after']} of {len(x)}"),
                ),
            ),
            _neuron_table(after, inputs),
            *((_answer_table(after, inputs),) if len(shown) <= 12 else ()),
        ),
        findings=(
            f"The table {table} of {counted(n, 'input')} takes {counted(len(before.neurons), 'neuron')} "
            f"written out and {len(after.neurons)} made smaller.",
            _verified(right, len(x)),
            *_remarks(after),
        ),
        values={
            "table": table,
            "inputs": n,
            "neurons_before": len(before.neurons),
            "neurons_after": len(after.neurons),
            "right_before": right["before"],
            "right_after": right["after"],
            "of": len(x),
            "network": [
                {"neuron": _name(after, n + place), "nand_of": [_name(after, heard) for heard in neuron.sources]}
                for place, neuron in enumerate(after.neurons)
            ],
            "output": _name(after, after.outputs[0]),
        },
        figure=Figure((_panel(after, table),), size=(4.0 + 1.2 * _depth(after), 5.0 + len(after.neurons) / 12)),
        try_next=(
            "universal --table 1001",
            "universal --table 00010111",
            "universal --table 0110100110010110",
            "gates",
        ),
    )


def _name(circuit: Circuit, signal: int) -> str:
    """x1, x2, ... for inputs, n1, n2, ... for neurons."""
    return f"x{signal + 1}" if signal < circuit.inputs else f"n{signal - circuit.inputs + 1}"


def _depths(circuit: Circuit) -> list[int]:
    """How many neurons the longest way to each signal passes."""
    depths = [0] * circuit.inputs
    for neuron in circuit.neurons:
        depths.append(1 + max(depths[heard] for heard in neuron.sources))
    return depths


def _depth(circuit: Circuit) -> int:
    return _depths(circuit)[circuit.outputs[0]]


def _neuron_table(circuit: Circuit, inputs: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place, neuron in enumerate(circuit.neurons[:MOST_SHOWN], circuit.inputs):
        one, other = (_name(circuit, heard) for heard in neuron.sources)
        meaning = f"NOT {one}" if one == other else f"NAND({one}, {other})"
        rows.append((_name(circuit, place), meaning, f"1 if -2 {one} - 2 {other} + 3 > 0, else 0"))
    left = len(circuit.neurons) - MOST_SHOWN
    title = f"The smaller network; its answer is {_name(circuit, circuit.outputs[0])}"
    more = f" (the first {MOST_SHOWN} neurons; the JSON output has {left} more)" if left > 0 else ""
    return Table(title + more, ("neuron", "is", "as a perceptron"), tuple(rows))


def _answer_table(circuit: Circuit, inputs: tuple[str, ...]) -> Table:
    """Every signal on every input."""
    said = signals(circuit, all_inputs(circuit.inputs))[:MOST_ROWS]
    columns = (*inputs, *(_name(circuit, circuit.inputs + place) for place in range(len(circuit.neurons))), "answer")
    rows = tuple((*map(int, row), int(row[circuit.outputs[0]])) for row in said)
    more = f" (the first {MOST_ROWS} inputs)" if 2**circuit.inputs > MOST_ROWS else ""
    return Table(f"What every neuron says{more}", columns, rows)


def _verified(right: dict[str, int], total: int) -> str:
    if set(right.values()) == {total}:
        return f"Both networks were run on all {counted(total, 'input')}, and every answer is the one in the table."
    return f"Run on all {counted(total, 'input')}, the networks answered {right['before']} and {right['after']} right."


def _remarks(circuit: Circuit) -> tuple[str, ...]:
    if not circuit.neurons:
        return (f"The answer is the input {_name(circuit, circuit.outputs[0])} itself: no neuron is needed.",)
    return ("Smaller does not mean smallest: that there is no network with fewer NANDs was not shown.",)


def _panel(circuit: Circuit, table: str) -> Panel:
    """The smaller network, each neuron behind all that it hears; tinted is what says 1 when all inputs are 1."""
    depths = _depths(circuit)
    ranks = [[signal for signal, depth in enumerate(depths) if depth == rank] for rank in range(max(depths) + 1)]
    height = max(map(len, ranks))
    places: dict[str, Place] = {}
    for rank, row in enumerate(ranks):
        for number, signal in enumerate(row):
            # A little up and down from rank to rank, so that a wire does not run behind a neuron it passes.
            y = height - (number + 0.5) * height / len(row) + 0.17 * (-1) ** rank
            places[_name(circuit, signal)] = (float(rank), y)
    wires = [
        (_name(circuit, heard), _name(circuit, place))
        for place, neuron in enumerate(circuit.neurons, circuit.inputs)
        for heard in sorted(set(neuron.sources))
    ]
    said = signals(circuit, np.ones((1, circuit.inputs)))[0]
    on = {_name(circuit, signal): bool(value) for signal, value in enumerate(said)}
    answer = _name(circuit, circuit.outputs[0])
    name = table if len(table) <= 16 else f"{len(table)} outputs"
    title = f"{name}: answer {answer}; tinted is what says 1 when all inputs are 1"
    return wiring_panel(title, places, wires, on)
