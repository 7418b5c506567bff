"""Any truth table as a network of NAND perceptrons: a direct and a simplified one, checked on every input."""

import numpy as np

from nndigits.models.chapter.circuit import Circuit, outputs, signals
from nndigits.models.chapter.nand_compiler import direct_circuit, simplified
from nndigits.models.chapter.neurons import all_inputs
from nndigits.stages.demos.shared.demo import Demo, truth_table
from nndigits.stages.demos.shared.texts import Cell, Say, Table
from nndigits.stages.demos.shared.wiring import Place, wiring_panel
from nndigits.stages.figures.figure import Figure, Panel

say = Say("universal")

MOST_INPUTS, MOST_NEURONS, MOST_COLUMNS, MOST_ROWS = 6, 40, 12, 16


def run(
    *,
    table: str = "0110",
) -> Demo:
    """Build a network of NAND perceptrons for any truth table of one to six inputs."""
    wanted = truth_table(table, 1, MOST_INPUTS)
    n = len(wanted).bit_length() - 1
    x = all_inputs(n)
    circuits = {"direct": direct_circuit(wanted), "simplified": simplified(wanted)}
    right = {name: int((outputs(one, x)[:, 0] == wanted).sum()) for name, one in circuits.items()}
    sizes = {name: len(one.neurons) for name, one in circuits.items()}
    depths = {name: _depths(one)[one.outputs[0]] for name, one in circuits.items()}
    after = circuits["simplified"]
    verified = "both-networks-were-run-on" if set(right.values()) == {len(x)} else "not-all-right"
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                "neurons",
                "network neurons longest-path correct-outputs",
                (
                    (say(name), sizes[name], depths[name], say("of", one=right[name], total=len(x)))
                    for name, one in circuits.items()
                ),
            ),
            _neuron_table(after),
            *((_signal_table(after),) if sizes["simplified"] <= MOST_COLUMNS else ()),
        ),
        findings=(
            say("the-table-of-inputs-inputs", table=table, inputs=n, **sizes),
            say(verified, count=len(x), before=right["direct"], after=right["simplified"]),
            _remark(after, wanted),
        ),
        values={
            "table": table,
            "inputs": n,
            "neurons_before": sizes["direct"],
            "neurons_after": sizes["simplified"],
            "right_before": right["direct"],
            "right_after": right["simplified"],
            "of": len(x),
            "network": [
                {"neuron": _name(after, n + place), "nand_of": [_name(after, source) for source in neuron.sources]}
                for place, neuron in enumerate(after.neurons)
            ],
            "output": _name(after, after.outputs[0]),
        },
        figure=Figure((_panel(after, table),), size=(4.0 + 1.2 * depths["simplified"], 5.0 + sizes["simplified"] / 12)),
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


def _neuron_table(circuit: Circuit) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for place, neuron in enumerate(circuit.neurons[:MOST_NEURONS], circuit.inputs):
        one, other = (_name(circuit, source) for source in neuron.sources)
        gate = say("not", name=one) if one == other else f"NAND({one}, {other})"
        rows.append((_name(circuit, place), gate, say("formula", one=one, other=other)))
    left = len(circuit.neurons) - MOST_NEURONS
    key, output = "first-neurons" if left > 0 else "the-simplified-network-its-output", circuit.outputs[0]
    title = say(key, name=_name(circuit, output), shown=MOST_NEURONS, left=left)
    return say.table(title, "neuron gate as-a-perceptron", rows)


def _signal_table(circuit: Circuit) -> Table:
    """Return a table of every signal for every input."""
    values = signals(circuit, all_inputs(circuit.inputs))[:MOST_ROWS].astype(int)
    title = say("first-inputs" if 2**circuit.inputs > MOST_ROWS else "all-inputs", shown=MOST_ROWS)
    heads = (*(_name(circuit, signal) for signal in range(values.shape[1])), "output")
    return say.table(title, heads, np.column_stack([values, values[:, circuit.outputs[0]]]).tolist())


def _remark(circuit: Circuit, table: tuple[int, ...]) -> str:
    if not circuit.neurons:
        return say("the-output-is-the-input", name=_name(circuit, circuit.outputs[0]))
    if len(set(table)) == 1:
        return say("always-1-made" if table[0] else "always-0-made")
    return say("one-neuron-is-the-fewest" if len(circuit.neurons) == 1 else "the-simplified-network-is-not")


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
    name = table if len(table) <= 16 else say("so-many-outputs", count=len(table))
    title = say("output-shaded-output-1-when", table=name, name=_name(circuit, circuit.outputs[0]))
    return wiring_panel(title, places, wires, on)
