"""Directions at random, none of them preferred: arrows of length 1 in any number of dimensions."""

import numpy as np

from nn.models.arrays.types import Array


def random_directions(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Unit vectors, ``(count, dimensions)``, evenly spread over all directions.

    The normal distribution looks the same from every side, so normal numbers point everywhere alike.
    """
    arrows: Array = rng.standard_normal((count, dimensions))
    arrows /= np.linalg.norm(arrows, axis=1, keepdims=True)
    return arrows
