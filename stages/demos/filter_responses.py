"""Responses of a convolution's filters to the test images: how strong, and where."""

from dataclasses import dataclass, field

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.chapter.feature_detectors import responses, strongest, window
from nndigits.models.layers.convolution import Convolution
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.demos.shared.data import Digits

TOP = 10
"""Number of test images listed for each filter."""


@dataclass(frozen=True)
class FilterResponses:
    """Responses of the first layer's filters to the test images.

    Attributes
    ----------
    filters, biases
        Parameters of the n filters, ``(n, k, k)`` and ``(n,)``.
    largest, positions
        The largest z of each filter in each image, and its position, ``(images, n)``.
    active
        Share of all positions where z is above 0, ``(n,)``.
    image
        Index of the test image that ``maps`` belong to.
    maps
        Feature maps of that image, ``(n, rows, columns)``.
    """

    filters: Array
    biases: Array
    largest: Array
    positions: Integers
    active: Array
    image: int
    maps: Array
    digits: Digits = field(repr=False)

    def top_images(self, number: int) -> Integers:
        """Return the indices of the images with the largest z of one filter, largest first."""
        return np.argsort(-self.largest[:, number], kind="stable")[:TOP]

    def top_windows(self, number: int) -> list[Array]:
        """Return the window with the largest z in each of these images, ``(k, k)``."""
        images, k = self.digits.test_images, self.filters.shape[1]
        return [window(images[i] / 255.0, int(self.positions[i, number]), k) for i in self.top_images(number)]


def filter_responses(first: Convolution, digit: int, digits: Digits) -> FilterResponses:
    """Apply a network's first layer to the test images, and keep the feature maps of the first image of ``digit``."""
    filters = first.w.reshape(first.filters, first.k, first.k)
    images = digits.test_images
    image = int(np.argmax(digits.test_labels == digit))
    largest, positions = np.empty((len(images), first.filters)), np.empty((len(images), first.filters), int)
    active = np.zeros(first.filters)
    for start in range(0, len(images), PIECE):
        piece = slice(start, start + PIECE)
        z = responses(filters, first.b, images[piece] / 255.0)
        largest[piece], positions[piece] = strongest(z)
        active += (z > 0).mean(axis=(2, 3)).sum(axis=0)
    maps = responses(filters, first.b, images[image : image + 1] / 255.0)[0]
    return FilterResponses(filters, first.b, largest, positions, active / len(images), image, maps, digits)
