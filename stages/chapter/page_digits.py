"""Digits as data for the page's scripts (``pages/learning/digits.js``), from which a network learns in the page."""

import base64
import zlib
from typing import Any

import numpy as np

from nn.stages.demos.shared.data import Digits

MOST_TRAIN, MOST_TEST = 5_000, 1_000
MOST_PIXELS = 784 * (MOST_TRAIN + MOST_TEST)
"""Of all images. 6,000 images of MNIST take 1.3 MB of the page."""


def page_digits(digits: Digits) -> dict[str, Any]:
    """Return the first training and test images with their labels, deflated and in base64.

    The bytes are those of the training images, the test images, and the labels of both. There are fewer images if they
    are larger than MNIST's.
    """
    share = min(1.0, MOST_PIXELS / (digits.pixels * (MOST_TRAIN + MOST_TEST)))
    train = min(max(1, int(MOST_TRAIN * share)), len(digits.train_images))
    test = min(max(1, int(MOST_TEST * share)), len(digits.test_images))
    parts = (
        digits.train_images[:train],
        digits.test_images[:test],
        digits.train_labels[:train],
        digits.test_labels[:test],
    )
    height, width = digits.shape
    packed = zlib.compress(b"".join(part.astype(np.uint8).tobytes() for part in parts), 9)
    return {
        "height": height,
        "width": width,
        "train": train,
        "test": test,
        "bytes": base64.b64encode(packed).decode(),
    }
