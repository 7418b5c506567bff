"""Circuits of single perceptrons, wired one by one rather than layer by layer: logic gates and adders (chapter 1).

The signals of a circuit are its inputs followed by the outputs of its neurons, in order. The inputs of a neuron are
earlier signals. The same circuit can be evaluated in three ways that must agree.

NAND is universal: NAND gates alone can compute any logical function. A perceptron with weights -2, -2 and bias 3 is a
NAND gate, so a circuit of NAND gates is also a network of perceptrons.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import perceptron
from nndigits.models.layers.activations import step


class Neuron(NamedTuple):
    """One perceptron: the numbers of its input signals, a weight for each, and its bias."""

    sources: tuple[int, ...]
    weights: tuple[float, ...]
    bias: float


class Circuit(NamedTuple):
    """The number of ``inputs``, the neurons, and the numbers of the signals that are the ``outputs``."""

    inputs: int
    neurons: tuple[Neuron, ...]
    outputs: tuple[int, ...]


def signals(circuit: Circuit, x: Array) -> Array:
    """Return all signals, ``(m, inputs + neurons)``, for inputs ``(m, inputs)``, one perceptron after the other."""
    return _in_turn(circuit, x, lambda neuron, given: perceptron(given, np.array(neuron.weights), neuron.bias))


def gate_signals(circuit: Circuit, x: Array) -> Array:
    """Return all signals with each neuron replaced by a NAND gate, without weights."""
    return _in_turn(circuit, x, lambda _, given: 1 - given.min(axis=1))


def _in_turn(circuit: Circuit, x: Array, output: Callable[[Neuron, Array], Array]) -> Array:
    values = np.empty((len(x), circuit.inputs + len(circuit.neurons)))
    values[:, : circuit.inputs] = x
    for signal, neuron in enumerate(circuit.neurons, circuit.inputs):
        values[:, signal] = output(neuron, values[:, neuron.sources])
    return values


def fixed_point_signals(circuit: Circuit, x: Array) -> Array:
    """Return all signals as a fixed point: inputs are neurons with fixed outputs, all others update in parallel.

    The weights of all neurons form one matrix, with 0 where there is no connection.
    """
    total = circuit.inputs + len(circuit.neurons)
    w, b = np.zeros((total, total)), np.zeros(total)
    for signal, neuron in enumerate(circuit.neurons, circuit.inputs):
        np.add.at(w[signal], list(neuron.sources), neuron.weights)
        b[signal] = neuron.bias
    values: Array = np.zeros((len(x), total))
    for _ in range(total + 1):  # the longest path has at most ``total`` neurons
        z = values @ w.T + b
        values = step(z, z)
        values[:, : circuit.inputs] = x
    return values


def outputs(circuit: Circuit, x: Array) -> Array:
    """Return the outputs of the circuit, ``(m, outputs)``."""
    return signals(circuit, x)[:, list(circuit.outputs)]


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
