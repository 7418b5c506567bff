"""Convert images and labels to network inputs, from 0 to 1 with a column of ones, and to targets."""

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Images, Integers


def as_inputs(images: Images, dtype: npt.DTypeLike) -> Array:
    """Return images, ``(m, height, width)``, as inputs and a column of ones, ``(m, pixels + 1)``.

    Bytes become numbers from 0 to 1. Other numbers are taken as they are.
    """
    x = np.empty((len(images), images[0].size + 1), dtype)
    fill(images, x)
    return x


def fill(images: Images, x: Array) -> None:
    """Write images as inputs into ``x``, as ``as_inputs`` does."""
    pixels = images[0].size
    if images.dtype != np.uint8:
        x[:, :pixels], x[:, pixels] = images.reshape(-1, pixels), 1
        return
    x[:, :pixels], x[:, pixels] = images.reshape(-1, pixels), 255
    x *= np.asarray(1 / 255, x.dtype)


def one_hot(labels: Integers, classes: int, dtype: npt.DTypeLike) -> Array:
    """Return targets, ``(m, classes)``: 1 for the true digit and 0 elsewhere (the chapter's y(x))."""
    targets: Array = np.eye(classes, dtype=dtype)[labels]
    return targets
