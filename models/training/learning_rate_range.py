"""The learning-rate range test: let eta grow from far too small to far too large, and watch the cost (Smith 2015).

Below some eta the cost does not move, above another it diverges. Between them it falls, most steeply where steps are as
long as they can be while they still lead downhill.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.training.loop import take_steps
from nndigits.models.training.trainer import Step

SMOOTHING = 0.95
"""The weight of the past in the smoothed cost."""

DIVERGED = 4.0
"""The test ends where the smoothed cost is this many times its minimum."""

FIRST = 10
"""Mini-batches that a proposal ignores: the smoothed cost still rests on a few."""


class Curve(NamedTuple):
    """The learning rates tried, in ascending order, and the smoothed cost of a sample at each."""

    etas: list[float]
    costs: list[float]


def range_test(step: Step, batches: Iterable[tuple[Array, Array]], low: float, high: float, steps: int) -> Curve:
    """Take a step for each of ``steps`` mini-batches while eta grows from ``low`` to ``high`` by a constant factor.

    Ends early where the cost diverges or is no longer finite.
    """
    tried: Iterator[float] = (low * (high / low) ** (number / (steps - 1)) for number in count())
    eta = low

    def next_eta() -> float:
        nonlocal eta
        eta = next(tried)
        return eta

    curve = Curve([], [])
    smoothed, least = 0.0, math.inf
    for number, (cost, samples) in enumerate(take_steps(step, batches, next_eta), 1):
        if not math.isfinite(cost):
            break
        smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * cost / samples
        curve.etas.append(eta)
        curve.costs.append(smoothed / (1 - SMOOTHING**number))  # it started from 0
        least = min(least, curve.costs[-1])
        if number == steps or (number > FIRST and curve.costs[-1] > DIVERGED * least):
            break
    return curve


def steepest(curve: Curve) -> float | None:
    """The eta at which the cost falls fastest per factor of eta; None where it never falls.

    The slope at each eta is that of a straight line fitted to the twentieth of the curve around it.
    """
    x, cost = np.log(curve.etas), np.array(curve.costs)
    half = max(2, len(x) // 40)
    places = range(FIRST + half, len(x) - half)
    slopes = [
        float(np.polyfit(x[at - half : at + half + 1] - x[at], cost[at - half : at + half + 1], 1)[0]) for at in places
    ]
    if not slopes or min(slopes) >= 0:
        return None
    return curve.etas[places[slopes.index(min(slopes))]]


def tenth_of_minimum(curve: Curve) -> float | None:
    """A tenth of the eta at which the cost is lowest: beyond that eta it rises. None where too little was tried."""
    costs = curve.costs[FIRST:]
    return curve.etas[FIRST + costs.index(min(costs))] / 10 if costs else None
