"""Reader of an ``.npz`` with the arrays ``images`` and ``labels``, as NumPy writes them.

Images in colour are turned to grey, with the weights of ITU-R BT.601, as Pillow does it.
"""

import numpy as np

from nndigits.models.arrays.limits import MOST_CLASSES, check_image
from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import keras
from nndigits.stages.datasets.digit_set import Mismatch
from nndigits.stages.store.npz import AnyArray

NAMES = ("images", "labels")
GREY = np.array([299, 587, 114], np.uint32)
"""Thousandths of red, green and blue."""

CHUNK = 1024
"""Images that are turned to grey at once."""


def read(blob: bytes) -> tuple[Bytes, Bytes, bool]:
    """Return images, ``(n, height, width)``, labels, ``(n,)``, and whether the images were in colour.

    Raises FormatError or IdxError for a damaged archive, and Mismatch for arrays that are not images and labels.
    """
    arrays = keras.typed_arrays(blob, {"images": ("images", keras.BYTES), "labels": ("labels", keras.WHOLE_NUMBERS)})
    images, labels = arrays["images"], arrays["labels"]
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] not in (1, 3)):
        raise Mismatch(f"the images have shape {images.shape}, expected (n, height, width), or 3 colours behind it")
    if labels.shape != (len(images),):
        raise Mismatch(f"there are {len(images):,} images, and the labels have shape {labels.shape}")
    least, most = int(labels.min()), int(labels.max())
    if least == most:
        raise Mismatch(f"all labels are {most}; a data set has at least two classes")
    if least < 0 or most >= MOST_CLASSES:
        raise Mismatch(f"there are labels from {least} to {most}, expected 0 to {MOST_CLASSES - 1}")
    try:
        check_image(images.shape[1:3])
    except ValueError as error:
        raise Mismatch(str(error)) from None
    return _in_grey(images), labels.astype(np.uint8), images.shape[3:] == (3,)


def _in_grey(images: AnyArray) -> Bytes:
    if images.ndim == 3:
        return images
    if images.shape[3] == 1:
        return images[..., 0]
    grey = np.empty(images.shape[:3], np.uint8)
    for start in range(0, len(images), CHUNK):
        piece = images[start : start + CHUNK].astype(np.uint32)
        grey[start : start + CHUNK] = (piece @ GREY + 500) // 1000
    return grey
