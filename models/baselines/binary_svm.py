"""One pair of a support vector machine: which of two digits is it?

Of ten thousand images only those near the border between the two digits get a weight, a thousand or two. So the
kernel of all with all is never computed: a sketch (a third of the images, seen through a few principal components)
guesses which ones matter, those are learned from exactly, and the result is checked exactly on all others. Those
that it does not satisfy join, until there are none. What the guess was changes the time, not the answer.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.baselines import smo
from nn.models.baselines.rbf_kernel import Points, expansion, fill_symmetric, points, used_pixels
from nn.models.baselines.smo import Duals, Reals

EVERY = 3
"""The sketch learns from every third image, each standing for three."""

SMALL = 2000
"""Up to here, all images are learned from at once: a guess would cost more than it saves."""

SLACK = 0.1
"""Images that the sketch puts this little beyond the margin are taken as well."""

COARSE = 0.02
"""The sketch's tolerance."""

BYTES = 4  # of a kernel value


class KernelTooLarge(Exception):
    """The kernel of the images that matter does not fit into the memory allowed; carries the bytes it needs."""


@dataclass(frozen=True)
class BinarySVM:
    """What tells two digits apart: f(x) > 0 says the first.

    Attributes
    ----------
    support
        Which images have a weight, ``(s,)`` in ascending order, counted through the first digit's and on into the
        second's.
    coefficients
        Their weights with their signs, alpha y, ``(s,)``.
    steps
        How many steps the learning took on all images that mattered.
    """

    support: Integers = field(repr=False)
    coefficients: Reals = field(repr=False)
    intercept: float
    steps: int


def principal_axes(images: Bytes, count: int) -> Array:
    """The directions in which images, ``(m, height, width)``, differ most, ``(pixels, count)`` in float32."""
    rows = images.reshape(len(images), -1).astype(np.float64) / 255
    rows -= rows.mean(axis=0)
    _, axes = np.linalg.eigh(rows.T @ rows)  # the largest last
    return axes[:, ::-1][:, :count].astype(np.float32)


def fit(first: Bytes, second: Bytes, *, c: float, gamma: float, axes: Array, memory: float) -> BinarySVM:
    """Learn to tell two digits' images, ``(m, height, width)`` each, apart.

    Parameters
    ----------
    axes
        What the sketch sees of an image: see ``principal_axes``.
    memory
        The most bytes that the kernel may take; raises TooLarge where more are needed.
    """
    images = np.concatenate([first, second])
    y = np.repeat([1.0, -1.0], [len(first), len(second)])
    pixels = used_pixels(images)
    p = points(images, pixels)
    if len(y) <= SMALL:
        chosen = np.arange(len(y))
    else:
        chosen = _guess(Points(p.x @ axes[pixels], p.squares), y, c, gamma)
    return _refine(p, y, c, gamma, chosen, memory)


def _guess(p: Points, y: Reals, c: float, gamma: float) -> npt.NDArray[np.intp]:
    """The images that will probably matter."""
    sample = np.arange(0, len(y), EVERY)
    part = p.take(sample)
    k = np.empty((len(sample), len(sample)), np.float32)
    fill_symmetric(k, part, gamma)
    duals = smo.start(y[sample])
    smo.solve(k, y[sample], c * EVERY, duals, COARSE)
    weighted = np.flatnonzero(duals.alpha)
    coefficients = (duals.alpha * y[sample])[weighted]
    f = expansion(p, part.take(weighted), coefficients[:, None], gamma)[:, 0]
    return np.flatnonzero(y * (f + smo.intercept(y[sample], c * EVERY, duals)) < 1 + SLACK)


def _refine(p: Points, y: Reals, c: float, gamma: float, chosen: npt.NDArray[np.intp], memory: float) -> BinarySVM:
    """Learn from the chosen images; let those join that are not satisfied, until all are."""
    # Made for all images, filled for the chosen: memory that is not written to is not taken.
    room = int(min(len(y), (memory / BYTES) ** 0.5))
    k = np.empty((room, room), np.float32)
    duals, known, steps = smo.start(y[:0]), 0, 0
    f, counted = np.zeros(len(y)), np.zeros(len(y))  # f without b, and the coefficients that are in it
    while True:
        if len(chosen) > room:
            raise KernelTooLarge(len(chosen) ** 2 * BYTES)
        fill_symmetric(k, p.take(chosen), gamma, known)
        joined = chosen[known:]
        duals = Duals(np.concatenate([duals.alpha, np.zeros(len(joined))]), np.concatenate([duals.v, (y - f)[joined]]))
        known = len(chosen)
        steps += smo.solve(k[:known, :known], y[chosen], c, duals)
        b = smo.intercept(y[chosen], c, duals)

        coefficients = np.zeros(len(y))
        coefficients[chosen] = duals.alpha * y[chosen]
        moved = np.flatnonzero(coefficients != counted)
        others = np.setdiff1d(np.arange(len(y)), chosen)
        change = (coefficients - counted)[moved, None]
        f[others] += expansion(p.take(others), p.take(moved), change, gamma)[:, 0]
        counted = coefficients
        margin = y[others] * (f[others] + b)
        if not (margin < 1 - smo.TOLERANCE).any():
            support = np.flatnonzero(coefficients)
            return BinarySVM(support, coefficients[support], b, steps)
        chosen = np.concatenate([chosen, others[margin < 1]])
