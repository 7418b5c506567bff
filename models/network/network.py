"""A network is a list of layers; each takes the activations of the one before it.

This is the file to open first. The chapter's network of 784 inputs, 30 hidden neurons and 10 outputs is
``random_network([784, 30, 10], rng)``. Its prediction for an image is the digit with the largest output.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Images
from nndigits.models.layers.activations import SIGMOID, precise_sigmoid
from nndigits.models.layers.base import OVERFLOW, Layer, TrainableLayer
from nndigits.models.layers.dense import Dense
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.costs import QUADRATIC, Cost
from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.needs import samples_at_once

PIECE = 50
"""Images that are predicted at once: their feature maps stay in the cache of a core."""


HEADROOM = 2.0**20
"""Outputs overflow if they do so times this. Otherwise, their sums over classes and images do not."""


class Network:
    """A sequence of layers, the last of them dense, and a cost.

    With ``has_reject_class``, the network has one output more than there are digits: the last one means "no digit".

    >>> network = random_network([784, 30, 10], np.random.default_rng(0))
    >>> network
    784 - dense 30 sigmoid - dense 10 sigmoid
    """

    def __init__(self, layers: Sequence[Layer], cost: Cost = QUADRATIC, has_reject_class: bool = False) -> None:
        self.layers = list(layers)
        if not isinstance(self.layers[-1], Dense):
            raise ValueError(f"{self.layers[-1]} cannot be the last layer: it must be a dense layer")
        self.last = self.layers[-1]
        self._backwards = list(pairwise(reversed(self.layers)))
        self.trainable_layers = [layer for layer in self.layers if isinstance(layer, TrainableLayer)]
        self.cost = cost
        self.has_reject_class = has_reject_class

    def __repr__(self) -> str:
        return " - ".join([str(self.inputs), *map(repr, self.layers)])

    def __str__(self) -> str:
        """The book's notation for dense layers, such as 784-30-10; the full ``repr`` for other layers."""
        if len(self.dense) < len(self.trainable_layers):
            return repr(self)
        return "-".join(map(str, [self.inputs, *(layer.outputs for layer in self.trainable_layers)]))

    @property
    def inputs(self) -> int:
        """The number of inputs of a sample."""
        return self.layers[0].inputs

    @property
    def classes(self) -> int:
        """The number of digits, each with an output."""
        return self.last.outputs - self.has_reject_class

    @property
    def dense(self) -> list[Dense]:
        """The dense layers, which are all layers of the chapter's networks."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def dtype(self) -> npt.DTypeLike:
        """The precision that the network computes in."""
        return self.last.dtype

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the outputs, ``(m, out)``, for inputs with a column of ones, ``(m, in + 1)`` (equation 22)."""
        a = x
        for layer in self.layers:
            a = layer.forward(a, training)
        return self.last.a

    def backpropagate(self, x: Array, y: Array) -> float:
        """Run a forward and a backward pass; return the cost summed over the samples.

        ``x`` are inputs, ``(m, in + 1)``, and ``y`` targets, ``(m, out)``. Afterwards every trainable layer can
        compute the gradient of its parameters (chapter 2, equations BP1 to BP4).
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
        """Set the random generator of the next epoch in the layers that need one."""
        for layer in self.layers:
            layer.begin_epoch(rng)

    def replica(self) -> "Network":
        """Return a network that shares the parameters in memory and has buffers of its own."""
        return Network([layer.replica() for layer in self.layers], self.cost, self.has_reject_class)

    def outputs(self, images: Images) -> Array:
        """Return the outputs, ``(n, classes)``, for images, ``(n, height, width)``; see ``all_outputs``."""
        return self.all_outputs(images)[:, : self.classes]

    def all_outputs(self, images: Images) -> Array:
        """Return the outputs with that of the reject class, if the network has one: ``(n, out)``.

        The outputs of sigmoid neurons are in double precision: in single precision, many that are nearly 0 or nearly 1
        would be equal. Only a few images at a time are converted to real numbers. Raises FloatingPointError if a
        weighted input of any layer or an output overflows: the parameters are then too large to compute with, and the
        largest output means nothing.
        """
        is_sigmoid = self.last.activation is SIGMOID
        outputs = np.empty((len(images), self.last.outputs), np.float64 if is_sigmoid else self.dtype)
        samples = samples_at_once(self.layers, np.dtype(self.dtype), PIECE)
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(images), samples):
                piece = slice(start, start + samples)
                a = as_inputs(images[piece], np.dtype(self.dtype))
                for layer in self.layers[:-1]:
                    a = layer.forward(a)
                z = self.last.weighted_inputs(a).astype(outputs.dtype)
                outputs[piece] = precise_sigmoid(z, z) if is_sigmoid else self.last.activation.value(z, z)
                if not np.isfinite(outputs[piece] * np.asarray(HEADROOM, self.dtype)).all():
                    raise FloatingPointError(OVERFLOW)
        return outputs


def random_network(
    sizes: Sequence[int], rng: np.random.Generator, dtype: str = "float32", cost: Cost = QUADRATIC
) -> Network:
    """Return a network of sigmoid layers of these sizes, with weights and biases drawn from N(0, 1).

    This is the chapter's ``Network.__init__``. ``architecture.build`` makes every other network.
    """
    parameters = random_initializer(INITIALIZERS["N(0,1)"], rng, dtype)
    return Network([Dense(*parameters(neurons, inputs), SIGMOID) for inputs, neurons in pairwise(sizes)], cost)
