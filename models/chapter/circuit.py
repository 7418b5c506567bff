"""Neurons wired to each other one by one, as in a drawing of a circuit, rather than layer by layer.

The signals of a circuit are its inputs, then the outputs of its neurons in their order; a neuron hears signals that
come before its own. The same wiring can be worked out in three ways that must agree.
"""

from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import perceptron
from nn.models.layers.activations import step


class Neuron(NamedTuple):
    """One perceptron: the signals that it hears, each with a weight, and its bias."""

    sources: tuple[int, ...]
    weights: tuple[float, ...]
    bias: float


class Circuit(NamedTuple):
    """Neurons behind ``inputs`` signals from outside; ``outputs`` are the signals that are its answer."""

    inputs: int
    neurons: tuple[Neuron, ...]
    outputs: tuple[int, ...]


def signals(circuit: Circuit, x: Array) -> Array:
    """Every signal, ``(m, inputs + neurons)``, for inputs ``(m, inputs)``: one perceptron after the other."""
    values = np.empty((len(x), circuit.inputs + len(circuit.neurons)))
    values[:, : circuit.inputs] = x
    for place, neuron in enumerate(circuit.neurons, circuit.inputs):
        values[:, place] = perceptron(values[:, neuron.sources], np.array(neuron.weights), neuron.bias)
    return values


def gate_signals(circuit: Circuit, x: Array) -> Array:
    """The same with a logic gate in place of each neuron: not (this and that), no weights at all."""
    values = np.empty((len(x), circuit.inputs + len(circuit.neurons)), bool)
    values[:, : circuit.inputs] = x > 0
    for place, neuron in enumerate(circuit.neurons, circuit.inputs):
        values[:, place] = ~values[:, neuron.sources].all(axis=1)
    return values.astype(float)


def fixed_point_signals(circuit: Circuit, x: Array) -> Array:
    """The same with the inputs as neurons too: their output is set, and all the others answer at once until it rests.

    All neurons together are one matrix of weights; a neuron without a wire to another has the weight 0 there.
    """
    total = circuit.inputs + len(circuit.neurons)
    w, b = np.zeros((total, total)), np.zeros(total)
    for place, neuron in enumerate(circuit.neurons, circuit.inputs):
        np.add.at(w[place], list(neuron.sources), neuron.weights)
        b[place] = neuron.bias
    values: Array = np.zeros((len(x), total))
    for _ in range(total + 1):  # no path through the circuit is longer
        z = values @ w.T + b
        values = step(z, z)
        values[:, : circuit.inputs] = x
    return values


def outputs(circuit: Circuit, x: Array) -> Array:
    """What the circuit says, ``(m, outputs)``."""
    return signals(circuit, x)[:, list(circuit.outputs)]
