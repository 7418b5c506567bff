"""How long does it take to distort the training images once, as an epoch does?

Prints medians for affine distortion, elastic, and both, as many images at a call as training takes;
and, for as many images as take a moment, SciPy's map_coordinates, an image at a time.

    python benchmarks/distortion.py DATA
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.ndimage import map_coordinates
from threadpoolctl import threadpool_limits

from nn.models.arrays.padded_rows import row_length, zero_rows
from nn.models.augmentation.distort import distort, sample_positions
from nn.models.augmentation.specification import Distortion, default_distortion
from nn.models.training.mini_batches import PIECE
from nn.stages.store import artifacts

ROUNDS = 5


def all_of_them(images: np.ndarray, distortion: Distortion) -> None:
    """Distort every image once, into one buffer, as training does."""
    rng = np.random.default_rng(0)
    out = zero_rows(PIECE, row_length(images[0].size), "float32")
    for start in range(0, len(images), PIECE):
        some = images[start : start + PIECE]
        distort(some, distortion, rng, out[: len(some)])


def scipys(images: np.ndarray, distortion: Distortion) -> None:
    """Look the same places up with SciPy, an image at a time."""
    shape = images.shape[1:]
    places = np.empty((2, len(images), images[0].size), np.float32)
    sample_positions(places, shape, distortion, np.random.default_rng(0))
    for image, y, x in zip(images / np.float32(255), *places, strict=True):
        map_coordinates(image, [y, x], order=1)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes, the median of several."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def report(what: str, images: int, took: float) -> None:
    """Print a line."""
    print(f"  {what:<12} {images:6,} images {took:7.3f} s {images / took:9,.0f} images a second")


def main() -> None:
    """Measure, and print a line for each."""
    images = artifacts.load(Path(sys.argv[1]), "dataset").arrays["train_images"]
    both = default_distortion(*images.shape[1:])
    affine = Distortion(both.rotate, both.scale, both.shear, both.translate)
    elastic = Distortion(0, 0, 0, 0, both.elastic, both.sigma)
    print(f"one thread, images of {images.shape[1]} x {images.shape[2]}, median of {ROUNDS}")
    with threadpool_limits(1, "blas"):
        for name, distortion in (("affine", affine), ("elastic", elastic), ("both", both)):
            report(name, len(images), seconds(lambda distortion=distortion: all_of_them(images, distortion)))
        few = images[:1000]
        report("SciPy, both", len(few), seconds(lambda: scipys(few, both)))


if __name__ == "__main__":
    main()
