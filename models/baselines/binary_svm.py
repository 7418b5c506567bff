"""A support vector machine for two digits, trained on a working set of their images.

Of ten thousand images, only one or two thousand near the decision boundary become support vectors. So the complete
kernel is never computed. A screening model, trained on a third of the images in a few principal components, predicts
the support vectors. Training on these is exact, and the result is checked on all other images. Images that violate the
margin join the working set until there are none. Screening affects the time, not the result.

scikit-learn's ``SVC(kernel="precomputed")`` could solve this step, but needs the complete kernel in float64: for 4
against 9 of MNIST's 50,000 training images it takes 2.7 s and 1.4 GB on one thread, this module 0.6 s and 0.3 GB.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Bytes, Doubles, Integers
from nndigits.models.baselines import smo
from nndigits.models.baselines.rbf_kernel import Points, expansion, fill_symmetric, points, used_pixels
from nndigits.models.baselines.smo import Duals

SCREENING_STRIDE = 3
"""The screening model trains on every third image, with three times the C."""

MAX_UNSCREENED = 2000
"""Up to this number, training uses all images: screening would cost more than it saves."""

SCREENING_MARGIN = 0.1
"""Images beyond the margin by at most this much join the working set as well."""

SCREENING_TOLERANCE = 0.02
"""The tolerance of the screening model."""

KERNEL_VALUE_BYTES = 4


class KernelTooLarge(Exception):
    """The kernel of the working set exceeds the memory limit. The arguments: the bytes it needs, C, and gamma."""


@dataclass(frozen=True)
class BinarySVM:
    """A trained classifier of two digits: f(x) > 0 predicts the first.

    Attributes
    ----------
    support
        The indices of the support vectors, ``(s,)`` in ascending order, in the images of the first digit followed by
        those of the second.
    coefficients
        Their coefficients alpha y, ``(s,)``.
    steps
        The number of SMO steps on the working set.
    """

    support: Integers = field(repr=False)
    coefficients: Doubles = field(repr=False)
    intercept: float
    steps: int


def principal_axes(images: Bytes, count: int) -> Array:
    """Return the first principal axes of images, ``(m, height, width)``, as ``(pixels, count)`` float32."""
    rows = images.reshape(len(images), -1).astype(np.float64) / 255
    rows -= rows.mean(axis=0)
    _, axes = np.linalg.eigh(rows.T @ rows)  # the largest last
    return axes[:, ::-1][:, :count].astype(np.float32)


def fit(first: Bytes, second: Bytes, *, c: float, gamma: float, axes: Array, memory: float) -> BinarySVM:
    """Train a classifier of two digits, given their images, ``(m, height, width)`` each.

    Parameters
    ----------
    axes
        The principal axes that the screening model uses (``principal_axes``).
    memory
        The most bytes that the kernel may take. Raises KernelTooLarge if it needs more.
    """
    images = np.concatenate([first, second])
    y = np.repeat([1.0, -1.0], [len(first), len(second)])
    pixels = used_pixels(images)
    p = points(images, pixels)
    if len(y) <= MAX_UNSCREENED:
        chosen = np.arange(len(y))
    else:
        chosen = _screened(Points(p.x @ axes[pixels], p.squares), y, c, gamma)
    return _fit_working_set(p, y, c, gamma, chosen, memory)


def _screened(p: Points, y: Doubles, c: float, gamma: float) -> npt.NDArray[np.intp]:
    """Return the images that probably become support vectors."""
    sample = np.arange(0, len(y), SCREENING_STRIDE)
    part = p.take(sample)
    k = np.empty((len(sample), len(sample)), np.float32)
    fill_symmetric(k, part, gamma)
    duals = smo.start(y[sample])
    smo.solve(k, y[sample], c * SCREENING_STRIDE, duals, SCREENING_TOLERANCE)
    weighted = np.flatnonzero(duals.alpha)
    coefficients = (duals.alpha * y[sample])[weighted]
    f = expansion(p, part.take(weighted), coefficients[:, None], gamma)[:, 0]
    b = smo.intercept(y[sample], c * SCREENING_STRIDE, duals)
    return np.flatnonzero(y * (f + b) < 1 + SCREENING_MARGIN)


def _fit_working_set(
    p: Points, y: Doubles, c: float, gamma: float, chosen: npt.NDArray[np.intp], memory: float
) -> BinarySVM:
    """Train on the chosen images, and add those that violate the margin until there are none."""
    # Allocated for all images: the system takes no memory for elements that are never written.
    capacity = int(min(len(y), (memory / KERNEL_VALUE_BYTES) ** 0.5))
    k = np.empty((capacity, capacity), np.float32)
    duals, filled, steps = smo.start(y[:0]), 0, 0
    f, included = np.zeros(len(y)), np.zeros(len(y))  # f without b, and the coefficients that it includes
    while True:
        if len(chosen) > capacity:
            raise KernelTooLarge(len(chosen) ** 2 * KERNEL_VALUE_BYTES, c, gamma)
        fill_symmetric(k, p.take(chosen), gamma, filled)
        added = chosen[filled:]
        duals = Duals(np.concatenate([duals.alpha, np.zeros(len(added))]), np.concatenate([duals.v, (y - f)[added]]))
        filled = len(chosen)
        steps += smo.solve(k[:filled, :filled], y[chosen], c, duals)
        b = smo.intercept(y[chosen], c, duals)

        coefficients = np.zeros(len(y))
        coefficients[chosen] = duals.alpha * y[chosen]
        changed = np.flatnonzero(coefficients != included)
        others = np.setdiff1d(np.arange(len(y)), chosen)
        change = (coefficients - included)[changed, None]
        f[others] += expansion(p.take(others), p.take(changed), change, gamma)[:, 0]
        included = coefficients
        margin = y[others] * (f[others] + b)
        if not (margin < 1 - smo.TOLERANCE).any():
            support = np.flatnonzero(coefficients)
            return BinarySVM(support, coefficients[support], b, steps)
        chosen = np.concatenate([chosen, others[margin < 1]])
