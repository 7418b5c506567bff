"""Valleys to roll a ball in: functions of one or two variables with their gradients, and gradient descent in them.

The chapter's ball moves by v -> v - eta nabla C (equations 10, 11 and 15): the rule by which a network learns,
with two variables in place of its thousands.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array

FAR = 1e6
"""A ball that is as far out as this has left for good."""


class TestFunction(NamedTuple):
    """A function C(v) of positions ``(..., n)``, and its gradient of the same shape.

    ``steepest`` is the largest curvature that it has anywhere, where there is one: steps with eta above 2 / steepest
    overshoot further each time. ``lowest`` is the least value of C. ``reach`` is how far from 0 to draw it.
    """

    formula: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, ...]
    etas: tuple[float, ...]
    lowest: float
    reach: float
    steepest: float | None = None


def _banana_gradient(v: Array) -> Array:
    along, off = v[..., 0], v[..., 1] - v[..., 0] ** 2
    return np.stack([-2 * (1 - along) - 40 * along * off, 20 * off], axis=-1)


TEST_FUNCTIONS = {
    "bowl": TestFunction(
        "v1² + v2²",
        lambda v: np.square(v).sum(axis=-1),
        lambda v: 2 * v,
        start=(-2.0, 1.5),
        etas=(0.02, 0.3, 1.05),
        lowest=0.0,
        reach=3.0,
        steepest=2.0,
    ),
    "narrow": TestFunction(
        "(v1² + 20 v2²) / 2",
        lambda v: (v[..., 0] ** 2 + 20 * v[..., 1] ** 2) / 2,
        lambda v: v * np.array([1.0, 20.0]),
        start=(-2.5, 1.0),
        etas=(0.005, 0.09, 0.105),
        lowest=0.0,
        reach=3.0,
        steepest=20.0,
    ),
    "banana": TestFunction(
        "(1 - v1)² + 10 (v2 - v1²)²",
        lambda v: (1 - v[..., 0]) ** 2 + 10 * (v[..., 1] - v[..., 0] ** 2) ** 2,
        _banana_gradient,
        start=(-1.0, 1.5),
        etas=(0.001, 0.02, 0.05),
        lowest=0.0,
        reach=2.0,
    ),
    "parabola": TestFunction(
        "v²",
        lambda v: np.square(v).sum(axis=-1),
        lambda v: 2 * v,
        start=(2.0,),
        etas=(0.02, 0.3, 1.05),
        lowest=0.0,
        reach=3.0,
        steepest=2.0,
    ),
    "two-valleys": TestFunction(
        "(v² - 1)² + 0.3 v",
        lambda v: (v[..., 0] ** 2 - 1) ** 2 + 0.3 * v[..., 0],
        lambda v: 4 * v * (v**2 - 1) + 0.3,
        start=(1.8,),
        etas=(0.005, 0.05, 0.13),
        lowest=-0.305428483743916,
        reach=2.0,
    ),
}


def descend(valley: TestFunction, start: Array, eta: float, steps: int) -> Array:
    """The places that the ball visits, ``(steps + 1, n)``; fewer if it leaves: its last place is then beyond FAR."""
    path = [start]
    for _ in range(steps):
        if np.abs(path[-1]).max() > FAR:
            break
        path.append(path[-1] - eta * valley.gradient(path[-1]))
    return np.array(path)
