"""Circuits of single neurons, wired one by one rather than layer by layer.

The signals of a circuit are its inputs followed by the outputs of its neurons, in order. The inputs of a neuron are
earlier signals. The same circuit can be evaluated in three ways that must agree.
"""

from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import perceptron
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
    values = np.empty((len(x), circuit.inputs + len(circuit.neurons)))
    values[:, : circuit.inputs] = x
    for signal, neuron in enumerate(circuit.neurons, circuit.inputs):
        values[:, signal] = perceptron(values[:, neuron.sources], np.array(neuron.weights), neuron.bias)
    return values


def gate_signals(circuit: Circuit, x: Array) -> Array:
    """Return all signals with each neuron replaced by a NAND gate, without weights."""
    values = np.empty((len(x), circuit.inputs + len(circuit.neurons)), bool)
    values[:, : circuit.inputs] = x > 0
    for signal, neuron in enumerate(circuit.neurons, circuit.inputs):
        values[:, signal] = ~values[:, neuron.sources].all(axis=1)
    return values.astype(float)


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
