"""Mini-batches of the training images, in the random order of an epoch.

Images are stored as bytes. A few hundred at a time are gathered and converted to real numbers. This moves less memory
than converting all images beforehand and gathering real numbers.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nndigits.models.arrays.types import Array, Images, Integers
from nndigits.models.network.inputs import fill

PIECE = 250
"""Images that are converted at once: less than 1 MB, which stays in the cache of a core."""


def mini_batches(
    images: Images,
    labels: Integers,
    encoding: Array,
    size: int,
    order: Integers,
    fill: Callable[[Images, Array], object] = fill,
) -> Iterator[tuple[Array, Array]]:
    """Yield inputs, ``(m, pixels + 1)``, and targets, ``(m, outputs)``, of ``size`` samples; the last may be fewer.

    The inputs are views of a buffer that later mini-batches overwrite.

    Parameters
    ----------
    encoding
        The target of each digit, ``(classes, outputs)``. Inputs and targets have its precision.
    order
        Indices of the images, in the order of the epoch.
    fill
        Writes images into an array of inputs.
    """
    size = min(size, len(order))
    piece = size * max(1, min(PIECE, len(order)) // size)
    gathered = np.empty((piece, *images.shape[1:]), images.dtype)
    buffer = np.empty((piece, images[0].size + 1), encoding.dtype)
    batches = [buffer[first : first + size] for first in range(0, piece, size)]
    for start in range(0, len(order), piece):
        chosen = order[start : start + piece]
        gathered_images = gathered[: len(chosen)]
        np.take(images, chosen, axis=0, out=gathered_images, mode="clip")  # this mode needs no copy
        fill(gathered_images, buffer[: len(chosen)])
        digits = labels[chosen]
        full, rest = divmod(len(chosen), size)
        targets = _by_columns(encoding.take(digits[: full * size].reshape(full, size), axis=0))
        yield from zip(batches, targets, strict=False)  # the full mini-batches
        if rest:
            yield batches[full][:rest], _by_columns(encoding.take(digits[full * size :], axis=0))


def _by_columns(y: Array) -> Array:
    """Return targets, ``(.., samples, outputs)``, stored by columns like the buffers of a dense layer."""
    return np.ascontiguousarray(y.swapaxes(-1, -2)).swapaxes(-1, -2)
