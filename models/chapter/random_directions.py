"""Random directions: unit vectors, uniformly distributed in any number of dimensions."""

import numpy as np

from nndigits.models.arrays.types import Array


def random_directions(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Return random unit vectors, ``(count, dimensions)``, uniform over all directions.

    The standard normal distribution is rotationally symmetric, so its normalised samples are uniform on the sphere.
    """
    directions: Array = rng.standard_normal((count, dimensions))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions
