"""Logic gates and adders made of perceptrons (chapter 1, "Perceptrons").

NAND is universal: NAND gates alone can compute any logical function. A perceptron with weights -2, -2 and bias 3 is a
NAND gate, so a circuit of NAND gates is also a network of perceptrons.
"""

from nndigits.models.chapter.circuit import Circuit, Neuron

GATES: dict[str, tuple[tuple[float, ...], float]] = {
    "AND": ((2.0, 2.0), -3.0),
    "OR": ((2.0, 2.0), -1.0),
    "NOT": ((-2.0,), 1.0),
    "NAND": ((-2.0, -2.0), 3.0),
}
"""Weights and bias of a perceptron for each gate. Those of NAND are the book's."""


class Builder:
    """Builds a circuit of NAND gates, one gate at a time. Signals are identified by number."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.neurons: list[Neuron] = []

    def nand(self, one: int, other: int) -> int:
        """Add a NAND of two signals, and return the number of its output."""
        weights, bias = GATES["NAND"]
        self.neurons.append(Neuron((one, other), weights, bias))
        return self.inputs + len(self.neurons) - 1

    def half_add(self, x: int, y: int) -> tuple[int, int]:
        """Add two bits with four gates: return their sum without the carry, and the negated carry."""
        no_carry = self.nand(x, y)
        return self.nand(self.nand(x, no_carry), self.nand(y, no_carry)), no_carry

    def circuit(self, *outputs: int) -> Circuit:
        """Return the circuit with the given outputs."""
        return Circuit(self.inputs, tuple(self.neurons), outputs)


def half_adder(*, merged: bool = False) -> Circuit:
    """Return the book's adder of two bits: five NANDs, with the outputs sum and carry.

    Both inputs of the carry's gate are the first gate. With ``merged``, these two connections of weight -2 become one
    of weight -4.
    """
    build = Builder(2)
    total, no_carry = build.half_add(0, 1)
    carry = build.nand(no_carry, no_carry)
    circuit = build.circuit(total, carry)
    return merge_wires(circuit) if merged else circuit


def ripple_carry_adder(bits: int) -> Circuit:
    """Return an adder of two numbers of ``bits`` bits: inputs x then y, output the sum, all with the lowest bit first.

    It has a half adder of 5 NANDs for the lowest bits and a full adder of 9 for each other pair: 9 bits - 4 in all.
    The last output is the carry of the highest bit.
    """
    build = Builder(2 * bits)
    total, no_carry = build.half_add(0, bits)
    carry = build.nand(no_carry, no_carry)
    outputs = [total]
    for bit in range(1, bits):
        first, first_no_carry = build.half_add(bit, bits + bit)
        total, second_no_carry = build.half_add(first, carry)
        carry = build.nand(first_no_carry, second_no_carry)
        outputs.append(total)
    return build.circuit(*outputs, carry)


def merge_wires(circuit: Circuit) -> Circuit:
    """Return the circuit with parallel connections between two neurons merged into one, their weights added."""
    merged = []
    for neuron in circuit.neurons:
        weights: dict[int, float] = {}
        for signal, weight in zip(neuron.sources, neuron.weights, strict=True):
            weights[signal] = weights.get(signal, 0.0) + weight
        merged.append(Neuron(tuple(weights), tuple(weights.values()), neuron.bias))
    return circuit._replace(neurons=tuple(merged))
