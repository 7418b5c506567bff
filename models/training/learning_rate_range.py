"""A learning rate found by trying: let eta grow from far too small to far too large, and watch the cost (Smith 2015).

Below some eta nothing moves, above some other the cost blows up, and between them it falls, most steeply where steps
are as long as they can be while they still lead downhill.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SMOOTHING = 0.95
"""How much of the smoothed cost stays when a mini-batch's joins it."""

BLOWN_UP = 4.0
"""The search ends where the smoothed cost is this many times its least."""

FIRST = 10
"""Mini-batches that a proposal does not look at: the smoothed cost still rests on a few."""


class Curve(NamedTuple):
    """The rates tried, in ascending order, and the smoothed cost of a sample at each."""

    etas: list[float]
    costs: list[float]


def sweep(learn: Callable[[float], float], low: float, high: float, steps: int) -> Curve:
    """Learn from one mini-batch after the other with eta growing from ``low`` to ``high`` by a constant factor.

    ``learn`` takes a step with the eta it is given and returns the mean cost of a sample. Ends early where the cost
    blows up or is no number any more.
    """
    etas: list[float] = []
    costs: list[float] = []
    smoothed, least = 0.0, math.inf
    for step in range(steps):
        eta = low * (high / low) ** (step / (steps - 1))
        cost = learn(eta)
        if not math.isfinite(cost):
            break
        smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * cost
        etas.append(eta)
        costs.append(smoothed / (1 - SMOOTHING ** (step + 1)))  # it started from 0
        least = min(least, costs[-1])
        if step >= FIRST and costs[-1] > BLOWN_UP * least:
            break
    return Curve(etas, costs)


def steepest(curve: Curve) -> float | None:
    """The eta at which the cost falls fastest as eta grows by a factor; None where it never falls.

    The slope at each eta is that of a straight line through the twentieth of the curve around it.
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


def before_it_blows_up(curve: Curve) -> float | None:
    """A tenth of the eta at which the cost is least: beyond it, it rises. None where too little was tried."""
    costs = curve.costs[FIRST:]
    return curve.etas[FIRST + costs.index(min(costs))] / 10 if costs else None
