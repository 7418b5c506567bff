"""The limits of what nn accepts: images, classes, and the memory and work that a classifier may need for one image.

A few bytes can describe images and layers that would take gigabytes or hours. So sizes are compared with these limits
before anything is made (``network/needs.py`` computes those of networks).
"""

from collections.abc import Sequence
from math import prod

MOST_SIDE, MOST_PIXELS = 4096, 2**18
"""The largest image: 512 x 512, or a longer side of up to 4,096 pixels."""

MOST_CLASSES = 256
"""A label is a byte."""

MOST_BYTES = 2**30
"""The most memory for the outputs and buffers of all layers for one image, and for the images of one forward pass."""

MOST_MULTIPLICATIONS = 2 * 10**9
"""The most multiplications in a forward pass of one image: about a second of one processor core."""

MOST_PARAMETERS = 2**32
"""The most weights of a layer: more than a file of 4 GB holds."""

MOST_SVM_BYTES = 2**31
"""The most bytes for support vectors and their weights as real numbers. 60,000 images of MNIST take 400 MB."""


def check_image(image: Sequence[int]) -> None:
    """Raise ValueError unless this is a height and a width that nn accepts."""
    if len(image) != 2 or min(image) < 1:
        raise ValueError(f"has images of {list(image)}, expected a height and a width")
    if max(image) > MOST_SIDE or prod(image) > MOST_PIXELS:
        raise ValueError(
            f"has images of {image[0]:,} x {image[1]:,} pixels, "
            f"expected at most {MOST_PIXELS:,} in all and {MOST_SIDE:,} on a side"
        )
