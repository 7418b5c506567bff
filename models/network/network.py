"""A network is a list of layers: what one answers, the next one hears.

This is the file to open first. The chapter's network of 784 inputs, 30 hidden neurons and 10 outputs is
``random_network([784, 30, 10], rng)``; the digit it sees in an image is the output that is largest.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array, Bytes
from nn.models.layers.activations import SIGMOID
from nn.models.layers.base import Layer, TrainableLayer
from nn.models.layers.dense import Dense
from nn.models.layers.initializers import INITIALIZERS, random_initializer
from nn.models.network.costs import QUADRATIC, Cost
from nn.models.network.inputs import as_inputs

TOGETHER = 50
"""Images that are answered at once: of so many, the maps of a convolution stay in a core's own cache."""


class Network:
    """Layers in a row, the last of them dense, and the cost by which they learn.

    One that ``has_reject_class`` has one output more than there are digits: the last one means "no digit".

    >>> network = random_network([784, 30, 10], np.random.default_rng(0))
    >>> network
    784 - dense 30 sigmoid - dense 10 sigmoid
    """

    def __init__(self, layers: Sequence[Layer], cost: Cost = QUADRATIC, has_reject_class: bool = False) -> None:
        self.layers = list(layers)
        if not isinstance(self.layers[-1], Dense):
            raise ValueError(f"{self.layers[-1]} cannot be the last layer: the neurons of a dense one are the answer")
        self.last = self.layers[-1]
        if isinstance(self.layers[0], Dense):
            self.layers[0].pad_rows()
        self._backwards = list(pairwise(reversed(self.layers)))
        self.trainable_layers = [layer for layer in self.layers if isinstance(layer, TrainableLayer)]
        self.cost = cost
        self.has_reject_class = has_reject_class

    def __repr__(self) -> str:
        return " - ".join([str(self.inputs), *map(repr, self.layers)])

    def __str__(self) -> str:
        """The book's way to name a network, by the neurons of its layers: 784-30-10; of other layers, all of them."""
        if len(self.dense) < len(self.trainable_layers):
            return repr(self)
        return "-".join(map(str, [self.inputs, *(layer.outputs for layer in self.trainable_layers)]))

    @property
    def inputs(self) -> int:
        """How many numbers a sample has."""
        return self.layers[0].inputs

    @property
    def classes(self) -> int:
        """How many digits it tells apart: an output each."""
        return self.last.outputs - self.has_reject_class

    @property
    def dense(self) -> list[Dense]:
        """The dense layers: in the chapter's networks, all."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def dtype(self) -> npt.DTypeLike:
        """The precision that the network computes in."""
        return self.last.dtype

    def forward(self, x: Array, training: bool = False) -> Array:
        """Outputs, ``(m, out)``, for inputs with their column of ones, ``(m, in + 1)`` (equation 22)."""
        a = x
        for layer in self.layers:
            a = layer.forward(a, training)
        return self.last.a

    def backpropagate(self, x: Array, y: Array) -> float:
        """Go forward with inputs ``(m, in + 1)``, compare with targets ``(m, out)``, and go backward once.

        Leaves every layer knowing the gradient of its parameters (chapter 2, equations BP1 to BP4), and returns the
        cost summed over the samples.
        """
        a = self.forward(x, True)
        last = self.last
        if self.cost.activation:
            cost = self.cost.evaluate(a, y, last.delta)
        else:
            cost = self.cost.evaluate(a, y, last.output_gradient)
            last.backward(last.output_gradient)
        for later, layer in self._backwards:
            layer.backward(later.input_gradient())
        return cost

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Hand a source of chance to the layers that need one."""
        for layer in self.layers:
            layer.begin_epoch(rng)

    def replica(self) -> "Network":
        """A network with the same parameters, the very same memory, and buffers of its own."""
        return Network([layer.replica() for layer in self.layers], self.cost, self.has_reject_class)

    def outputs(self, images: Bytes) -> Array:
        """Outputs, ``(n, classes)``, for images as they are stored, ``(n, height, width)`` bytes."""
        return self.all_outputs(images)[:, : self.classes]

    def all_outputs(self, images: Bytes) -> Array:
        """The same with the answer "no digit", of a network that rejects, behind them: ``(n, out)``.

        Works on a few images at a time, so that the images need never all be real numbers at once.
        """
        answers = np.empty((len(images), self.last.outputs), self.dtype)
        for start in range(0, len(images), TOGETHER):
            piece = slice(start, start + TOGETHER)
            answers[piece] = self.forward(as_inputs(images[piece], answers.dtype))
        return answers


def random_network(
    sizes: Sequence[int], rng: np.random.Generator, dtype: str = "float32", cost: Cost = QUADRATIC
) -> Network:
    """Make a network of these layer sizes, its weights and biases drawn from the normal N(0, 1).

    The chapter's way to start (its ``Network.__init__``). ``architecture.build`` makes any other.
    """
    parameters = random_initializer(INITIALIZERS["N(0,1)"], rng, dtype)
    return Network([Dense(*parameters(neurons, inputs), SIGMOID) for inputs, neurons in pairwise(sizes)], cost)
