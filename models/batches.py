"""Images as a network hears them: rows of numbers from 0 to 1, a column of ones behind, in mini-batches.

Images stay bytes until they are needed. A few hundred at a time are gathered and turned into real numbers,
which is less memory to move than keeping all of them as real numbers and gathering those.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from nn.models.arrays import Array, Bytes, Integers

PIECE = 250
"""Images that are turned into real numbers at once: less than 1 MB, small enough to stay in a core's own cache."""


def as_inputs(images: Bytes, dtype: npt.DTypeLike) -> Array:
    """Turn bytes, ``(m, height, width)``, into numbers from 0 to 1 and a column of ones, ``(m, pixels + 1)``."""
    x = np.empty((len(images), images[:1].size + 1), dtype)
    fill(images, x)
    return x


def fill(images: Bytes, x: Array) -> None:
    """Do the same into an array that is there."""
    x[:, :-1], x[:, -1] = images.reshape(len(images), -1), 255
    x *= np.asarray(1 / 255, x.dtype)


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
    fill: Callable[[Bytes, Array], object] = fill,
) -> Iterator[tuple[Array, Array]]:
    """Yield inputs ``(m, pixels + 1)`` and wanted outputs ``(m, outputs)`` in the given order of the images.

    ``code`` has a row of wanted outputs for each digit, ``(classes, outputs)``; its precision is that of all. Every
    mini-batch has ``size`` samples but the last, which has what is left. ``fill`` turns images into inputs. A yielded
    array is a view of a buffer that a later step overwrites.
    """
    size = min(size, len(order))
    piece = size * max(1, min(PIECE, len(order)) // size)
    gathered = np.empty((piece, *images.shape[1:]), np.uint8)
    buffer: Array = np.empty((piece, images[0].size + 1), code.dtype)
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        here, x = gathered[: len(chosen)], buffer[: len(chosen)]
        np.take(images, chosen, axis=0, out=here, mode="clip")  # the mode that needs no copy
        fill(here, x)
        for first, y in zip(range(0, len(chosen), size), _wanted(labels[chosen], code, size), strict=True):
            yield x[first : first + size], y.T[: len(chosen) - first]


def _wanted(labels: Integers, code: Array, size: int) -> Array:
    """The wanted outputs of each mini-batch, column after column as the layers keep theirs: ``(n, outputs, size)``.

    A last mini-batch that is too short is filled up with samples from the beginning.
    """
    filled = np.resize(labels, (-(-len(labels) // size), size))
    return np.ascontiguousarray(code[filled].transpose(0, 2, 1))
