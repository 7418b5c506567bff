"""How the accuracy falls as images become harder: with noise, rotated, or shifted (`nn eval --distort`)."""

from collections.abc import Callable, Iterator

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.augmentation.shifts import shifted

LEVELS = {"noise": (0.1, 0.2, 0.3, 0.4, 0.5), "rotate": (10, 20, 30, 45, 60), "shift": (1, 2, 3, 4, 5)}
"""The standard deviation of the noise as a share of the brightest pixel, degrees, and pixels."""

Robustness = dict[str, tuple[tuple[float, float], ...]]
"""For each kind of distortion its levels, each with the accuracy."""


def robustness(outputs: Callable[[Bytes], Array], images: Bytes, labels: Integers, seed: int = 0) -> Robustness:
    """Return the accuracy on images, ``(n, height, width)``, at each level of each distortion.

    ``outputs`` returns those of a classifier, ``(n, classes)``. Every other image is rotated or shifted the other way.
    """
    rng = np.random.default_rng(seed)

    def correct(part: slice, made: Bytes) -> int:
        return int(np.count_nonzero(outputs(made).argmax(axis=1) == labels[part]))

    return {
        kind: tuple(
            (
                float(level),
                sum(correct(part, made) for part, made in _distorted(images, kind, level, rng)) / len(labels),
            )
            for level in levels
        )
        for kind, levels in LEVELS.items()
    }


def _distorted(images: Bytes, kind: str, level: float, rng: np.random.Generator) -> Iterator[tuple[slice, Bytes]]:
    """Yield the even and the odd images, distorted."""
    from scipy import ndimage

    for part, sign in ((slice(0, None, 2), 1), (slice(1, None, 2), -1)):
        if kind == "shift":
            yield part, shifted(images[part], sign * int(level), sign * int(level))
            continue
        chosen = images[part].astype(np.float32)
        if kind == "noise":
            chosen += 255 * level * rng.standard_normal(chosen.shape, np.float32)
        else:
            chosen = ndimage.rotate(chosen, sign * level, axes=(1, 2), reshape=False, order=1)
        yield part, np.rint(np.clip(chosen, 0, 255)).astype(np.uint8)
