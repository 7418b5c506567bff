"""Measure how long it takes to distort all training images once, as in an epoch.

Prints medians for affine distortion, elastic distortion and both, with as many images per call as in training. For
comparison, SciPy's map_coordinates interpolates 1,000 images, one at a time.

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

from nndigits.models.arrays.padded_rows import row_length, zero_rows
from nndigits.models.augmentation.distort import Distorter, sample_positions
from nndigits.models.augmentation.specification import Distortion, default_distortion
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.store import artifacts

ROUNDS = 5


def distort_all(images: np.ndarray, distortion: Distortion) -> None:
    """Distort every image once, into one buffer, as in training."""
    distorter = Distorter(images.shape[1:], distortion, np.random.default_rng(0))
    out = zero_rows(PIECE, row_length(images[0].size), "float32")
    for start in range(0, len(images), PIECE):
        piece = images[start : start + PIECE]
        distorter.fill(piece, out[: len(piece)])


def interpolate_with_scipy(images: np.ndarray, distortion: Distortion) -> None:
    """Interpolate at the same positions with SciPy, one image at a time."""
    shape = images.shape[1:]
    positions = np.empty((2, len(images), images[0].size), np.float32)
    sample_positions(positions, shape, distortion, np.random.default_rng(0))
    for image, y, x in zip(images / np.float32(255), *positions, strict=True):
        map_coordinates(image, [y, x], order=1)


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that the work takes, the median of several runs."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def report(what: str, images: int, duration: float) -> None:
    """Print one line of the result."""
    print(f"  {what:<12} {images:6,} images {duration:7.3f} s {images / duration:9,.0f} images a second")


def main() -> None:
    """Measure and print one line for each distortion."""
    images = artifacts.load(Path(sys.argv[1]), "dataset").arrays["train_images"]
    both = default_distortion(*images.shape[1:])
    affine = Distortion(both.rotate, both.scale, both.shear, both.translate)
    elastic = Distortion(0, 0, 0, 0, both.elastic, both.sigma)
    print(f"one thread, images of {images.shape[1]} x {images.shape[2]}, median of {ROUNDS}")
    with threadpool_limits(1, "blas"):
        for name, distortion in (("affine", affine), ("elastic", elastic), ("both", both)):
            report(name, len(images), seconds(lambda distortion=distortion: distort_all(images, distortion)))
        few = images[:1000]
        report("SciPy, both", len(few), seconds(lambda: interpolate_with_scipy(few, both)))


if __name__ == "__main__":
    main()
