"""Gates and adders made of perceptrons (chapter 1, "Perceptrons").

NAND alone is enough to build any logic, and a perceptron is a NAND gate with weights -2, -2 and bias 3. So circuits
of NAND gates are networks of perceptrons, and here they are written down once for both.
"""

from nn.models.chapter.circuit import Circuit, Neuron

GATES: dict[str, tuple[tuple[float, ...], float]] = {
    "AND": ((2.0, 2.0), -3.0),
    "OR": ((2.0, 2.0), -1.0),
    "NOT": ((-2.0,), 1.0),
    "NAND": ((-2.0, -2.0), 3.0),
}
"""Weights and bias of a perceptron for each gate; NAND's are the book's."""


class Builder:
    """A circuit of NAND gates in the making: gates are added one by one, and signals are known by number."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.neurons: list[Neuron] = []

    def nand(self, one: int, other: int) -> int:
        """Add a NAND of two signals, and give the number of its own."""
        weights, bias = GATES["NAND"]
        self.neurons.append(Neuron((one, other), weights, bias))
        return self.inputs + len(self.neurons) - 1

    def half_add(self, x: int, y: int) -> tuple[int, int]:
        """Four gates: the sum of two bits, without carry, and the gate that is 0 exactly when there is a carry."""
        no_carry = self.nand(x, y)
        return self.nand(self.nand(x, no_carry), self.nand(y, no_carry)), no_carry

    def circuit(self, *outputs: int) -> Circuit:
        """The circuit as it stands."""
        return Circuit(self.inputs, tuple(self.neurons), outputs)


def half_adder(*, merged: bool = False) -> Circuit:
    """The book's adder of two bits: five NANDs, outputs sum and carry.

    The carry's gate hears the first gate through both its wires; ``merged`` makes of these two wires of -2 one of -4.
    """
    build = Builder(2)
    total, no_carry = build.half_add(0, 1)
    carry = build.nand(no_carry, no_carry)
    circuit = build.circuit(total, carry)
    return merge_wires(circuit) if merged else circuit


def ripple_carry_adder(bits: int) -> Circuit:
    """Add two numbers of ``bits`` bits: inputs x then y, the lowest bit first, outputs the sum, lowest bit first.

    A half adder of 5 NANDs for the lowest bits, then for each further pair a full adder of 9: 9 bits - 4 in all.
    The last output is the carry out of the highest bit.
    """
    build = Builder(2 * bits)
    total, no_carry = build.half_add(0, bits)
    carry = build.nand(no_carry, no_carry)
    outputs = [total]
    for bit in range(1, bits):
        first, none_of_first = build.half_add(bit, bits + bit)
        total, none_of_second = build.half_add(first, carry)
        carry = build.nand(none_of_first, none_of_second)
        outputs.append(total)
    return build.circuit(*outputs, carry)


def merge_wires(circuit: Circuit) -> Circuit:
    """The same circuit with the wires between two neurons made one, their weights added."""
    merged = []
    for neuron in circuit.neurons:
        weights: dict[int, float] = {}
        for signal, weight in zip(neuron.sources, neuron.weights, strict=True):
            weights[signal] = weights.get(signal, 0.0) + weight
        merged.append(Neuron(tuple(weights), tuple(weights.values()), neuron.bias))
    return circuit._replace(neurons=tuple(merged))
