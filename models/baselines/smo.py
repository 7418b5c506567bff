"""Sequential minimal optimisation (SMO): train a support vector machine by changing two dual variables at a time.

The decision function of two classes is f(x) = sum_j alpha_j y_j K(x_j, x) + b. Training maximises sum_j alpha_j -
|sum_j alpha_j y_j phi(x_j)|² / 2 over all alpha between 0 and C with sum_j alpha_j y_j = 0. At least two variables must
change to keep the sum. The pair is selected as in libsvm (Fan, Chen and Lin 2005, "Working set selection using second
order information", WSS 2; Platt 1998 for the method).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Doubles

TOLERANCE = 1e-4
"""The largest violation of the optimality conditions at the end. libsvm stops at 1e-3; this takes 2 % longer."""

MIN_CURVATURE = np.float32(1e-12)
"""Replaces the zero curvature between two equal images, as in libsvm."""


@dataclass
class Duals:
    """The dual variables ``alpha`` (m,), and ``v`` (m,): y_i - sum_j alpha_j y_j K_ij, the b with i on the margin."""

    alpha: Doubles
    v: Doubles


def start(y: Doubles) -> Duals:
    """Return the initial dual variables, all zero."""
    return Duals(np.zeros(len(y)), y.copy())


def solve(k: Array, y: Doubles, c: float, duals: Duals, tolerance: float = TOLERANCE) -> int:
    """Optimise ``duals`` in place until no pair violates optimality by ``tolerance``; return the number of steps.

    Parameters
    ----------
    k
        The kernel of the samples with themselves, ``(m, m)`` float32; its diagonal is 1.
    y
        The class of each sample, 1 or -1, ``(m,)``.
    """
    alpha, v, positive = duals.alpha, duals.v, y > 0
    # A sample requires b >= v if y alpha can grow, and b <= v if it can shrink.
    up = np.where(np.where(positive, alpha < c, alpha > 0), v, -np.inf)
    low = np.where(np.where(positive, alpha > 0, alpha < c), v, np.inf)
    gain, curvature, change = np.empty(len(y)), np.empty(len(y), np.float32), np.empty(len(y), np.float32)
    steps = 0
    while True:
        i = int(up.argmax())
        np.subtract(up[i], low, out=gain)
        if gain.max() < tolerance:
            return steps
        # Half the curvature along i and j is 1 - K_ij. The gain of a step is the violation squared over it.
        np.subtract(np.float32(1), k[i], out=curvature)
        np.maximum(curvature, MIN_CURVATURE, out=curvature)
        np.maximum(gain, 0, out=gain)
        np.multiply(gain, gain, out=gain)
        np.divide(gain, curvature, out=gain)
        j = int(gain.argmax())
        delta = _step(alpha, positive, c, i, j, (v[i] - v[j]) / (2 * float(curvature[j])))
        np.subtract(k[i], k[j], out=change)
        np.multiply(change, np.float32(delta), out=change)
        for values in (v, up, low):
            np.subtract(values, change, out=values)
        for changed in (i, j):
            grows, shrinks = alpha[changed] < c, alpha[changed] > 0
            up[changed] = v[changed] if (grows if positive[changed] else shrinks) else -np.inf
            low[changed] = v[changed] if (shrinks if positive[changed] else grows) else np.inf
        steps += 1


def intercept(y: Doubles, c: float, duals: Duals) -> float:
    """Return b: the mean over samples with alpha between the bounds, or the middle of the interval the others allow."""
    alpha, v, positive = duals.alpha, duals.v, y > 0
    free = (alpha > 0) & (alpha < c)
    if free.any():
        return float(v[free].mean())
    up, low = np.where(positive, alpha < c, alpha > 0), np.where(positive, alpha > 0, alpha < c)
    return float(v[up].max() + v[low].min()) / 2


def _step(alpha: Doubles, positive: npt.NDArray[np.bool_], c: float, i: int, j: int, step: float) -> float:
    """Add delta to y_i alpha_i and subtract it from y_j alpha_j, clipped to their bounds; return delta."""
    room_i = c - alpha[i] if positive[i] else alpha[i]
    room_j = alpha[j] if positive[j] else c - alpha[j]
    delta = min(step, float(room_i), float(room_j))
    # Assign the bound itself where it is reached: rounding must not leave a variable just short of it.
    if delta == room_i:
        alpha[i] = c if positive[i] else 0.0
    else:
        alpha[i] += delta if positive[i] else -delta
    if delta == room_j:
        alpha[j] = 0.0 if positive[j] else c
    else:
        alpha[j] -= delta if positive[j] else -delta
    return delta
