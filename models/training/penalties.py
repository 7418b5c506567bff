"""Weights are kept small, so that what is learned does not hang on a few of them (chapter 3, "Overfitting").

Biases are left alone: they multiply no input. L1 and L2 pull at the weights beside whatever the learning rule does
("decoupled", Loshchilov and Hutter 2019): with plain gradient descent that is the book's equation 93 to the letter,
and with momentum the pull does not pile up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array
from nn.models.training.optimizers import Trainable


@dataclass(frozen=True)
class Penalties:
    """What is taken off the weights; 0 for nothing.

    Attributes
    ----------
    l2, l1
        The book's lambda: lambda / 2n times the sum of w² joins the cost, or lambda / n times the sum of |w|.
    max_norm
        No neuron's weights are longer than this together (Hinton et al. 2012, "Improving neural networks by
        preventing co-adaptation of feature detectors").
    """

    l2: float = 0.0
    l1: float = 0.0
    max_norm: float = 0.0

    def shrink(self, layers: Sequence[Trainable], eta: float, n: int) -> None:
        """Before a step from a mini-batch: what L2 and L1 take off, of ``n`` training images."""
        if self.l2 or self.l1:
            for layer in layers:
                shrink(layer.w, eta * self.l2 / n, eta * self.l1 / n)

    def limit(self, layers: Sequence[Trainable]) -> None:
        """After a step: the longest that weights may be."""
        if self.max_norm:
            for layer in layers:
                limit(layer.w, self.max_norm)


def shrink(w: Array, share: float, amount: float) -> None:
    """w -> (1 - share) w - amount sgn(w), in place (chapter 3, equations 93 and 97)."""
    if share:
        w *= 1 - share
    if amount:
        pull = np.sign(w)
        pull *= amount
        w -= pull


def limit(w: Array, longest: float) -> None:
    """Shorten in place the rows that are longer than this, keeping their direction."""
    lengths = np.sqrt(np.einsum("ij,ij->i", w, w))
    too_long = np.flatnonzero(lengths > longest)
    if len(too_long):
        w[too_long] *= (longest / lengths[too_long])[:, None].astype(w.dtype)
