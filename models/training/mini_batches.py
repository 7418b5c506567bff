"""Mini-batches of the training images, in the order an epoch has drawn.

Images stay bytes until they are needed. A few hundred at a time are gathered and turned into real numbers,
which is less memory to move than keeping all of them as real numbers and gathering those.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nn.models.arrays.padded_rows import row_length, zero_rows
from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.network.inputs import fill

PIECE = 250
"""Images that are turned into real numbers at once: less than 1 MB, small enough to stay in a core's own cache."""


def mini_batches(
    images: Bytes,
    labels: Integers,
    encoding: Array,
    size: int,
    order: Integers,
    fill: Callable[[Bytes, Array], object] = fill,
) -> Iterator[tuple[Array, Array]]:
    """Yield inputs ``(m, pixels + 1)`` and wanted outputs ``(m, outputs)`` in the given order of the images.

    ``encoding`` has a row of wanted outputs for each digit, ``(classes, outputs)``; its precision is that of all. Every
    mini-batch has ``size`` samples but the last, which has what is left. ``fill`` turns images into inputs. A yielded
    array is a view of a buffer that a later step overwrites.
    """
    size = min(size, len(order))
    piece = size * max(1, min(PIECE, len(order)) // size)
    gathered = np.empty((piece, *images.shape[1:]), np.uint8)
    buffer = zero_rows(piece, row_length(images[0].size), encoding.dtype)
    batches = [buffer[first : first + size] for first in range(0, piece, size)]
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        here = gathered[: len(chosen)]
        np.take(images, chosen, axis=0, out=here, mode="clip")  # the mode that needs no copy
        fill(here, buffer[: len(chosen)])
        answers = labels[chosen]
        whole, left = divmod(len(chosen), size)
        wanted = _by_columns(encoding.take(answers[: whole * size].reshape(whole, size), axis=0))
        yield from zip(batches, wanted, strict=False)  # as many as are whole
        if left:
            yield batches[whole][:left], _by_columns(encoding.take(answers[whole * size :], axis=0))


def _by_columns(y: Array) -> Array:
    """The same, ``(.., samples, outputs)``, column after column in memory, as the layers keep theirs."""
    return np.ascontiguousarray(y.swapaxes(-1, -2)).swapaxes(-1, -2)
