"""Penalties keep weights small, so that outputs do not depend on a few large ones (chapter 3, "Overfitting").

Biases are not penalised: they multiply no input. L1 and L2 shrink the weights separately from the optimizer's step
("decoupled weight decay", Loshchilov and Hutter 2019). With plain gradient descent this is the book's equation 93. With
momentum, the shrinkage does not build up in the velocity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.training.optimizers import Trainable


@dataclass(frozen=True)
class Penalties:
    """The strengths of the penalties; 0 for none.

    Attributes
    ----------
    l2, l1
        The book's lambda: lambda / 2n times the sum of w² is added to the cost, or lambda / n times the sum of |w|.
    max_norm
        The largest norm of a neuron's weights (Hinton et al. 2012, "Improving neural networks by preventing
        co-adaptation of feature detectors").
    """

    l2: float = 0.0
    l1: float = 0.0
    max_norm: float = 0.0

    def shrink(self, layers: Sequence[Trainable], eta: float, n: int) -> None:
        """Apply L2 and L1, before the step of a mini-batch; ``n`` is the number of training images."""
        if self.l2 or self.l1:
            for layer in layers:
                shrink(layer.w, eta * self.l2 / n, eta * self.l1 / n)

    def limit(self, layers: Sequence[Trainable]) -> None:
        """Apply the max-norm limit, after a step."""
        if self.max_norm:
            for layer in layers:
                limit(layer.w, self.max_norm)


def shrink(w: Array, fraction: float, amount: float) -> None:
    """w -> (1 - fraction) w - amount sgn(w), in place (chapter 3, equations 93 and 97)."""
    if fraction:
        w *= 1 - fraction
    if amount:
        change = np.sign(w)
        change *= amount
        w -= change


def limit(w: Array, max_norm: float) -> None:
    """Scale the rows whose norm exceeds ``max_norm`` down to it, in place."""
    norms = np.sqrt(np.einsum("ij,ij->i", w, w))
    above = np.flatnonzero(norms > max_norm)
    if len(above):
        w[above] *= (max_norm / norms[above])[:, None].astype(w.dtype)
