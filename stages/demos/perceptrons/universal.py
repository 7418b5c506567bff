"""Any truth table as a network of NAND perceptrons: a direct and a simplified one, checked on every input."""

from typing import Annotated

import numpy as np

from nndigits.models.chapter.circuit import Circuit, outputs, signals
from nndigits.models.chapter.nand_compiler import direct_circuit, simplified
from nndigits.models.chapter.perceptron import all_inputs
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.wiring import Place, wiring_panel
from nndigits.stages.demos.shared.wording import counted, truth_table
from nndigits.stages.figures.figure import Figure, Panel

MOST_INPUTS, MOST_NEURONS, MOST_COLUMNS, MOST_ROWS = 6, 40, 12, 16


def run(
    *,
    table: Annotated[
        str, "The desired outputs, 0 or 1, for the inputs 00, 01, 10, 11 (or 0, 1; or 000, 001, ...)."
    ] = "0110",
) -> Demo:
    """Build a network of NAND perceptrons for any truth table of one to six inputs."""
    wanted = truth_table(table, 1, MOST_INPUTS)
    n = len(wanted).bit_length() - 1
    x = all_inputs(n)
    before, after = direct_circuit(wanted), simplified(wanted)
    right = {name: int((outputs(one, x)[:, 0] == wanted).sum()) for name, one in (("before", before), ("after", after))}
    return Demo(
        idea=(
            "NAND is universal: any truth table can be computed with NAND gates, and so with perceptrons with weights "
            "-2, -2 and bias 3. The direct network has an AND for each input with output 1, and an OR of these, all "
            "built from NANDs. The simplified network builds nothing twice, replaces NOT NOT x by x, and leaves "
            "out gates with a constant input."
        ),
        tables=(
            Table(
                "Neurons",
                ("network", "neurons", "longest path", "correct outputs"),
                (
                    ("direct", len(before.neurons), _depth(before), f"{right['before']} of {len(x)}"),
                    ("simplified", len(after.neurons), _depth(after), f"{right['after']} of {len(x)}"),
                ),
            ),
            _neuron_table(after),
            *((_signal_table(after),) if len(after.neurons) <= MOST_COLUMNS else ()),
        ),
        findings=(
            f"The table {table} of {counted(n, 'input')} takes {counted(len(before.neurons), 'neuron')} in the direct "
            f"network and {len(after.neurons)} in the simplified one.",
            _verified(right, len(x)),
            *_remarks(after, wanted),
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
                {"neuron": _name(after, n + place), "nand_of": [_name(after, source) for source in neuron.sources]}
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
    """Return the name of a signal: x1, x2, ... for inputs, n1, n2, ... for neurons."""
    return f"x{signal + 1}" if signal < circuit.inputs else f"n{signal - circuit.inputs + 1}"


def _depths(circuit: Circuit) -> list[int]:
    """Return the number of neurons on the longest path to each signal."""
    depths = [0] * circuit.inputs
    for neuron in circuit.neurons:
        depths.append(1 + max(depths[source] for source in neuron.sources))
    return depths


def _depth(circuit: Circuit) -> int:
    return _depths(circuit)[circuit.outputs[0]]


def _neuron_table(circuit: Circuit) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place, neuron in enumerate(circuit.neurons[:MOST_NEURONS], circuit.inputs):
        one, other = (_name(circuit, source) for source in neuron.sources)
        gate = f"NOT {one}" if one == other else f"NAND({one}, {other})"
        rows.append((_name(circuit, place), gate, f"1 if -2 {one} - 2 {other} + 3 > 0, else 0"))
    left = len(circuit.neurons) - MOST_NEURONS
    title = f"The simplified network; its output is {_name(circuit, circuit.outputs[0])}"
    more = f" (the first {MOST_NEURONS} neurons; the JSON output has {left} more)" if left > 0 else ""
    return Table(title + more, ("neuron", "gate", "as a perceptron"), tuple(rows))


def _signal_table(circuit: Circuit) -> Table:
    """Return a table of every signal for every input."""
    values = signals(circuit, all_inputs(circuit.inputs))[:MOST_ROWS]
    columns = (*(_name(circuit, signal) for signal in range(values.shape[1])), "output")
    rows = tuple((*map(int, row), int(row[circuit.outputs[0]])) for row in values)
    more = f" (the first {MOST_ROWS} inputs)" if 2**circuit.inputs > MOST_ROWS else ""
    return Table(f"Output of every neuron{more}", columns, rows)


def _verified(right: dict[str, int], total: int) -> str:
    if set(right.values()) == {total}:
        return f"Both networks were run on all {counted(total, 'input')}, and every output matches the table."
    return f"Of {counted(total, 'input')}, {right['before']} and {right['after']} gave the output in the table."


def _remarks(circuit: Circuit, table: tuple[int, ...]) -> tuple[str, ...]:
    if not circuit.neurons:
        return (f"The output is the input {_name(circuit, circuit.outputs[0])} itself: no neuron is needed.",)
    if len(set(table)) == 1:
        one = f"NAND(x1, NOT x1) is always 1{'' if table[0] else ', and its NOT is always 0'}"
        return (
            f"The output is always {table[0]}: it depends on no input. A network of NANDs makes this constant from any "
            f"input: {one}. It cannot be done with fewer neurons.",
        )
    if len(circuit.neurons) == 1:
        return ("One neuron is the fewest possible: the output is none of the inputs.",)
    return ("The simplified network is not proved minimal: a network with fewer NANDs may exist.",)


def _panel(circuit: Circuit, table: str) -> Panel:
    """Draw the simplified network, each neuron to the right of its inputs; shaded signals are 1 if all inputs are 1."""
    depths = _depths(circuit)
    ranks = [[signal for signal, depth in enumerate(depths) if depth == rank] for rank in range(max(depths) + 1)]
    height = max(map(len, ranks))
    places: dict[str, Place] = {}
    for rank, row in enumerate(ranks):
        for number, signal in enumerate(row):
            # Alternate ranks are shifted up and down, so that a wire does not run behind a neuron.
            y = height - (number + 0.5) * height / len(row) + 0.17 * (-1) ** rank
            places[_name(circuit, signal)] = (float(rank), y)
    wires = [
        (_name(circuit, source), _name(circuit, place))
        for place, neuron in enumerate(circuit.neurons, circuit.inputs)
        for source in sorted(set(neuron.sources))
    ]
    values = signals(circuit, np.ones((1, circuit.inputs)))[0]
    on = {_name(circuit, signal): bool(value) for signal, value in enumerate(values)}
    output = _name(circuit, circuit.outputs[0])
    name = table if len(table) <= 16 else f"{len(table)} outputs"
    title = f"{name}: output {output}; shaded: output 1 when all inputs are 1"
    return wiring_panel(title, places, wires, on)
