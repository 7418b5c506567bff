"""Images as a network hears them: rows of numbers from 0 to 1, a column of ones behind, in mini-batches.

Images stay bytes until they are needed. A thousand or so at a time are gathered and turned into real numbers,
which is less memory to move than keeping all of them as real numbers and gathering those.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from nn.models.arrays import Array, Bytes, Integers

PIECE = 1000
"""Images that are turned into real numbers at once: 3 MB, small enough to stay in the processor's cache."""


def as_inputs(images: Bytes, dtype: npt.DTypeLike, out: Array | None = None) -> Array:
    """Turn bytes, ``(m, height, width)``, into numbers from 0 to 1 and a column of ones, ``(m, pixels + 1)``."""
    pixels = images.reshape(len(images), -1)
    if out is None:
        out = np.empty((len(pixels), pixels.shape[1] + 1), dtype)
    out[:, :-1], out[:, -1] = pixels, 255
    out *= np.asarray(1 / 255, dtype)
    return out


def one_hot(labels: Integers, classes: int, dtype: npt.DTypeLike) -> Array:
    """The wanted outputs, ``(m, classes)``: 1 for the right digit and 0 elsewhere (the chapter's y(x))."""
    wanted: Array = np.eye(classes, dtype=dtype)[labels]
    return wanted


def mini_batches(
    images: Bytes,
    labels: Integers,
    code: Array,
    size: int,
    order: Integers,
    fill: Callable[[Bytes, Array], object] | None = None,
) -> Iterator[tuple[Array, Array]]:
    """Yield inputs ``(m, pixels + 1)`` and wanted outputs ``(m, outputs)`` in the given order of the images.

    ``code`` has a row of wanted outputs for each digit, ``(classes, outputs)``; its precision is that of all. Every
    mini-batch has ``size`` samples but the last, which has what is left. A yielded array is a view of a buffer that
    a later step overwrites. ``fill`` makes inputs of images, ``(m, height, width)``, where it is not to be done as
    ``as_inputs`` does.
    """
    pixels = images.reshape(len(images), -1)
    piece = min(len(order), size * max(1, PIECE // size))
    gathered = np.empty((piece, pixels.shape[1]), np.uint8)
    buffer: Array = np.empty((piece, pixels.shape[1] + 1), code.dtype)
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        np.take(pixels, chosen, axis=0, out=gathered[: len(chosen)], mode="clip")  # the mode that needs no copy
        x = buffer[: len(chosen)]
        if fill is None:
            as_inputs(gathered[: len(chosen)], code.dtype, x)
        else:
            fill(gathered[: len(chosen)].reshape(-1, *images.shape[1:]), x)
        y = code[labels[chosen]]
        for first in range(0, len(chosen), size):
            yield x[first : first + size], y[first : first + size]
