"""Digits as data for the page's scripts (``pages/learning/session.js``), from which a network learns in the page."""

import base64
import zlib
from typing import Any

from nndigits.stages.demos.shared.data import Digits

MOST_TRAIN, MOST_TEST = 5_000, 1_000
MOST_PIXELS = 784 * (MOST_TRAIN + MOST_TEST)
MOST_BYTES = 3_000_000
"""Of all images, deflated. 6,000 of MNIST have 0.9 MB, and take 1.2 MB of the page."""


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
        digits.train_images[:train],
        digits.test_images[:test],
        digits.train_labels[:train],
        digits.test_labels[:test],
    )
    return train, test, zlib.compress(b"".join(part.tobytes() for part in parts), 9)
