"""Sequential minimal optimisation: a support vector machine learns by moving two samples' weights at a time.

Two classes are to be told apart by f(x) = sum_j alpha_j y_j K(x_j, x) + b. Of all alpha between 0 and C with
sum_j alpha_j y_j = 0, the best ones maximise sum_j alpha_j - |sum_j alpha_j y_j phi(x_j)|² / 2. The least that can
move without breaking the sum is a pair; which pair, is chosen as libsvm does (Fan, Chen and Lin 2005, "Working set
selection using second order information", WSS 2; Platt 1998 for the method).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array

Reals = npt.NDArray[np.float64]

TOLERANCE = 1e-4
"""How far the samples may be from agreeing on b when learning ends. libsvm stops at 1e-3; this costs 2 % more."""

LEAST_CURVATURE = np.float32(1e-12)
"""What stands for the curvature between two equal images, as in libsvm."""


@dataclass
class Duals:
    """The weights ``alpha`` (m,), and ``v`` (m,): y_i - sum_j alpha_j y_j K_ij, the b that sample i asks for."""

    alpha: Reals
    v: Reals


def start(y: Reals) -> Duals:
    """Begin with no weight on any sample."""
    return Duals(np.zeros(len(y)), y.copy())


def solve(k: Array, y: Reals, c: float, duals: Duals, tolerance: float = TOLERANCE) -> int:
    """Move ``duals`` in place until all samples agree on b to within ``tolerance``; return the number of steps.

    Parameters
    ----------
    k
        The kernel of the samples with themselves, ``(m, m)`` float32; its diagonal is 1.
    y
        Which class each sample is of, 1 or -1, ``(m,)``.
    """
    alpha, v, positive = duals.alpha, duals.v, y > 0
    # A sample asks for a b of at least v if y alpha can grow, and of at most v if it can shrink.
    up = np.where(np.where(positive, alpha < c, alpha > 0), v, -np.inf)
    low = np.where(np.where(positive, alpha > 0, alpha < c), v, np.inf)
    gain, curvature, change = np.empty(len(y)), np.empty(len(y), np.float32), np.empty(len(y), np.float32)
    steps = 0
    while True:
        i = int(up.argmax())
        np.subtract(up[i], low, out=gain)
        if gain.max() < tolerance:
            return steps
        # Half the curvature from i to each j is 1 - K_ij; a step is worth the disagreement squared over it.
        np.subtract(np.float32(1), k[i], out=curvature)
        np.maximum(curvature, LEAST_CURVATURE, out=curvature)
        np.maximum(gain, 0, out=gain)
        np.multiply(gain, gain, out=gain)
        np.divide(gain, curvature, out=gain)
        j = int(gain.argmax())
        delta = _step(alpha, positive, c, i, j, (v[i] - v[j]) / (2 * float(curvature[j])))
        np.subtract(k[i], k[j], out=change)
        np.multiply(change, np.float32(delta), out=change)
        for values in (v, up, low):
            np.subtract(values, change, out=values)
        for moved in (i, j):
            grows, shrinks = alpha[moved] < c, alpha[moved] > 0
            up[moved] = v[moved] if (grows if positive[moved] else shrinks) else -np.inf
            low[moved] = v[moved] if (shrinks if positive[moved] else grows) else np.inf
        steps += 1


def intercept(y: Reals, c: float, duals: Duals) -> float:
    """b: what the samples with weights between the bounds agree on, or the middle of what the others allow."""
    alpha, v, positive = duals.alpha, duals.v, y > 0
    free = (alpha > 0) & (alpha < c)
    if free.any():
        return float(v[free].mean())
    up, low = np.where(positive, alpha < c, alpha > 0), np.where(positive, alpha > 0, alpha < c)
    return float(v[up].max() + v[low].min()) / 2


def _step(alpha: Reals, positive: npt.NDArray[np.bool_], c: float, i: int, j: int, wanted: float) -> float:
    """Add delta to y_i alpha_i and take it from y_j alpha_j, as far as their bounds allow; return delta."""
    room_i = c - alpha[i] if positive[i] else alpha[i]
    room_j = alpha[j] if positive[j] else c - alpha[j]
    delta = min(wanted, float(room_i), float(room_j))
    # Set to the bound itself where it is reached: rounding must not leave a sample just short of it.
    if delta == room_i:
        alpha[i] = c if positive[i] else 0.0
    else:
        alpha[i] += delta if positive[i] else -delta
    if delta == room_j:
        alpha[j] = 0.0 if positive[j] else c
    else:
        alpha[j] -= delta if positive[j] else -delta
    return delta
