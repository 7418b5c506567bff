"""Digits as data for the page's scripts (``pages/learning/session.js``), from which a network learns in the page."""

import base64
import zlib
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.demos.shared.data import Digits

MOST_TRAIN, MOST_TEST = 3_800, 1_000
MOST_PIXELS = 784 * (MOST_TRAIN + MOST_TEST)
MOST_BYTES = 1_500_000
"""Of all images, deflated. 5,000 of MNIST have 0.5 MB, and take 0.7 MB of the page."""
GREY_STEP = 17
"""Grey values are rounded to 16 levels from 0 to 255, which take half the space and train as well."""


def page_digits(digits: Digits) -> dict[str, Any]:
    """Return the first training and test images with their labels, deflated and in base64.

    The bytes are those of the training images, the test images, and the labels of both. There are fewer images if they
    are larger than MNIST's, or harder to compress.
    """
    share = min(1.0, MOST_PIXELS / (digits.pixels * (MOST_TRAIN + MOST_TEST)))
    train, test, packed = _packed(digits, share)
    while len(packed) > MOST_BYTES and train + test > 2:
        share *= 0.95 * MOST_BYTES / len(packed)
        train, test, packed = _packed(digits, share)
    height, width = digits.shape
    return {
        "height": height,
        "width": width,
        "train": train,
        "test": test,
        "bytes": base64.b64encode(packed).decode(),
    }


def _packed(digits: Digits, share: float) -> tuple[int, int, bytes]:
    """Return the numbers of training and test images for this share of the most images, and their bytes, deflated."""
    train, test = (
        min(max(1, int(most * share)), len(images))
        for most, images in ((MOST_TRAIN, digits.train_images), (MOST_TEST, digits.test_images))
    )
    parts = (
        in_sixteen_levels(digits.train_images[:train]),
        in_sixteen_levels(digits.test_images[:test]),
        digits.train_labels[:train],
        digits.test_labels[:test],
    )
    return train, test, zlib.compress(b"".join(part.tobytes() for part in parts), 9)


def in_sixteen_levels(images: Bytes) -> Bytes:
    """Return images with their grey values rounded to sixteen levels."""
    return np.rint(images / GREY_STEP).astype(np.uint8) * np.uint8(GREY_STEP)
