"""Test functions for gradient descent: functions of one or two variables, with their gradients.

The chapter's ball in a valley moves by v -> v - eta nabla C (equations 10, 11 and 15). A network learns by the same
rule, with thousands of variables in place of two.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array

DIVERGENCE_RADIUS = 1e6
"""Gradient descent has diverged if a coordinate exceeds this."""


class TestFunction(NamedTuple):
    """A function C(v) of positions ``(..., n)``, and its gradient of the same shape.

    ``lowest`` is the minimum of C. ``reach`` is the largest coordinate to plot. ``max_curvature`` is the largest
    curvature anywhere, if there is one: with eta above 2 / max_curvature, the overshoot grows with each step.
    """

    formula: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, ...]
    etas: tuple[float, ...]
    lowest: float
    reach: float
    max_curvature: float | None = None


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
        max_curvature=2.0,
    ),
    "narrow": TestFunction(
        "(v1² + 20 v2²) / 2",
        lambda v: (v[..., 0] ** 2 + 20 * v[..., 1] ** 2) / 2,
        lambda v: v * np.array([1.0, 20.0]),
        start=(-2.5, 1.0),
        etas=(0.005, 0.09, 0.105),
        lowest=0.0,
        reach=3.0,
        max_curvature=20.0,
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
        max_curvature=2.0,
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


def descend(function: TestFunction, start: Array, eta: float, steps: int) -> Array:
    """Return the positions of gradient descent, ``(steps + 1, n)``.

    If it diverges, there are fewer, and the last one is beyond DIVERGENCE_RADIUS.
    """
    path = [start]
    for _ in range(steps):
        if np.abs(path[-1]).max() > DIVERGENCE_RADIUS:
            break
        path.append(path[-1] - eta * function.gradient(path[-1]))
    return np.array(path)


def random_directions(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Return random unit vectors, ``(count, dimensions)``, uniform over all directions.

    The standard normal distribution is rotationally symmetric, so its normalised samples are uniform on the sphere.
    """
    directions: Array = rng.standard_normal((count, dimensions))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions
