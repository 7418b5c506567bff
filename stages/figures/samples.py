"""Samples of a data set: some images, each with distorted versions if requested."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nndigits.models.arrays.montage import montage
from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.augmentation.distort import Distorter
from nndigits.models.augmentation.specification import Distortion
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import Split
from nndigits.stages.store.texts import Picture, picture

SAMPLES = 8
"""The default number of images."""

VERSIONS = 8
"""The number of distorted versions of each image."""

LINE = 90.0
"""The grey value of the lines between images."""


@dataclass(frozen=True)
class DrawnDigit:
    """An image of a data set, its label, and its distorted versions."""

    split: Split
    index: int
    label: int
    picture: Picture = field(repr=False)
    distorted: tuple[Picture, ...] = field(default=(), repr=False)


def draw_digits(
    data: artifacts.Artifact, split: Split, indices: Sequence[int], distortion: Distortion | None, seed: int
) -> tuple[DrawnDigit, ...]:
    """Return the images of ``split`` at ``indices``, or the first few.

    Raises
    ------
    UsageError
        An index is out of range.
    """
    images, labels = data.arrays[f"{split}_images"], data.arrays[f"{split}_labels"]
    for index in indices:
        if not 0 <= index < len(images):
            raise UsageError(f"there are {len(images):,} {split} images, counted from 0", "indices", index)
    chosen = list(indices) or list(range(min(SAMPLES, len(images))))
    versions = np.zeros((len(chosen), 0, 0, 0), np.uint8)
    if distortion is not None:
        versions = _versions(images[chosen], distortion, seed)
    return tuple(
        DrawnDigit(split, index, int(labels[index]), picture(images[index]), tuple(map(picture, distorted)))
        for index, distorted in zip(chosen, versions, strict=True)
    )


def draw_figure(digits: Sequence[DrawnDigit]) -> Figure:
    """Arrange the digits in a grid. With distorted versions, each row begins with the original."""
    distorted = len(digits[0].distorted)
    columns = 1 + distorted if distorted else min(SAMPLES, len(digits))
    pictures = [picture for digit in digits for picture in (digit.picture, *digit.distorted)]
    grid: Array = montage(np.array(pictures), columns, line=LINE)
    label = f"each before {distorted} distorted versions of it" if distorted else f"{len(digits)} images"
    scale = max(grid.shape) / 8
    panel = Panel(f"{digits[0].split} images", label, image=grid.tolist())
    size = (grid.shape[1] / scale + 0.3, grid.shape[0] / scale + 0.7)
    return Figure((panel,), columns=1, size=size)


def _versions(images: Bytes, distortion: Distortion, seed: int) -> Bytes:
    """Distort each image ``VERSIONS`` times: ``(m, VERSIONS, height, width)``."""
    repeated = np.repeat(images, VERSIONS, axis=0)
    _, height, width = images.shape
    rows = np.empty((len(repeated), height * width + 1), np.float32)
    Distorter((height, width), distortion, np.random.default_rng(seed)).fill(repeated, rows)
    greys: Bytes = np.rint(255 * rows[:, :-1]).astype(np.uint8)
    return greys.reshape(len(images), VERSIONS, height, width)
