"""What the filters of a convolution answer to test images: how much, and where."""

from dataclasses import dataclass, field

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.chapter.filter_responses import responses, strongest, window
from nn.models.layers.convolution import Convolution
from nn.models.training.mini_batches import PIECE
from nn.stages.demos.shared.data import Digits

TOP = 10
"""As many images are told of for each filter."""


@dataclass(frozen=True)
class Looks:
    """What the filters of the first layer answer to the test images.

    Attributes
    ----------
    pictures, biases
        Of the filters, ``(n, k, k)`` and ``(n,)``.
    largest, places
        The largest z of each filter in each image, and where, ``(images, n)``.
    on
        The share of all places at which z is above 0, ``(n,)``.
    image
        Which test image the maps are of, ``(n, rows, columns)``.
    """

    pictures: Array
    biases: Array
    largest: Array
    places: Integers
    on: Array
    image: int
    maps: Array
    digits: Digits = field(repr=False)

    def liked(self, number: int) -> Integers:
        """The images with the largest z somewhere, for one filter."""
        return np.argsort(-self.largest[:, number], kind="stable")[:TOP]

    def patches(self, number: int) -> list[Array]:
        """The window of each of these that it answers to."""
        images, k = self.digits.test_images, self.pictures.shape[1]
        return [window(images[i] / 255.0, int(self.places[i, number]), k) for i in self.liked(number)]


def look(first: Convolution, digit: int, digits: Digits) -> Looks:
    """Let the filters of a network's first layer answer to the test images, and map the first one of a digit."""
    pictures = first.w.reshape(first.filters, first.k, first.k)
    images = digits.test_images
    image = int(np.argmax(digits.test_labels == digit))
    largest, places = np.empty((len(images), first.filters)), np.empty((len(images), first.filters), int)
    on = np.zeros(first.filters)
    for start in range(0, len(images), PIECE):
        piece = slice(start, start + PIECE)
        z = responses(pictures, first.b, images[piece] / 255.0)
        largest[piece], places[piece] = strongest(z)
        on += (z > 0).mean(axis=(2, 3)).sum(axis=0)
    maps = responses(pictures, first.b, images[image : image + 1] / 255.0)[0]
    return Looks(pictures, first.b, largest, places, on / len(images), image, maps, digits)
