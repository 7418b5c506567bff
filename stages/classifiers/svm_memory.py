"""The memory that training a support vector machine needs, and the number of threads that fit.

The memory limit changes the number of pairs that are trained at a time, never the result. A pair that needs more than
the limit is an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from nndigits.models.arrays.types import Bytes, Integers
from nndigits.models.baselines import binary_svm
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.system.machine import processors

LEAST, MOST = 512, 10**9
"""The allowed limits in MB. Below the least, the libraries and a data set like MNIST do not fit."""

AXES_MATRICES = 4
"""The matrices, ``(pixels, pixels)``, that exist at once while the principal axes of images are computed."""

BASE = 250e6
"""Bytes for Python, NumPy and the machine, without the images."""


@dataclass(frozen=True)
class Limits:
    """Limits on training. Neither changes a byte of the result.

    Attributes
    ----------
    kernel_memory
        The most MB that the program may use in all. Fewer threads run if it is small.
    threads
        The number of pairs to train at a time. Default: the number of processors.
    """

    kernel_memory: int = 3072
    threads: int | None = None

    def __post_init__(self) -> None:
        if not LEAST <= self.kernel_memory <= MOST:
            raise UsageError(f"expected {LEAST} to {MOST:,} MB", "kernel_memory", self.kernel_memory)
        if self.threads is not None and self.threads < 1:
            raise UsageError("expected 1 or more", "threads", self.threads)

    def on(self, address: str | None) -> "Limits":
        """Return the limits for each worker of a cluster, which has one thread; for no cluster, these."""
        return self if address is None else replace(self, threads=1)


@dataclass(frozen=True)
class Plan:
    """The number of pairs to train at a time, and the most bytes for the kernel matrix of each."""

    threads: int
    pair_bytes: float


def plan(limits: Limits, images: Bytes, labels: Integers, data_bytes: int) -> Plan:
    """Divide the memory: use the threads that were asked for, or as many as can hold the largest pair.

    Raises WorldError if the principal axes of the images do not fit.
    """
    left = limits.kernel_memory * 2**20 - BASE - 2 * data_bytes
    axes = AXES_MATRICES * 8 * images[0].size ** 2
    if axes > left:
        raise WorldError(
            f"the principal axes of images of {images[0].size:,} pixels take {axes / 2**20:,.0f} MB. Allow more, or "
            "take smaller images",
            "kernel_memory",
            limits.kernel_memory,
        )
    largest = float(np.sort(np.bincount(labels, minlength=2))[-2:].sum())
    # Besides its kernel matrix, a pair has its images as floats, some of them twice, and the screening kernel.
    value = binary_svm.KERNEL_VALUE_BYTES
    overhead = 3 * largest * images[0].size * value + (largest / binary_svm.SCREENING_STRIDE) ** 2 * value
    worst = largest**2 * value + overhead
    threads = max(1, min(limits.threads or processors(), int(left // worst)))
    return Plan(threads, max(0.0, left / threads - overhead))


@contextmanager
def reporting_memory(limits: Limits) -> Iterator[None]:
    """Turn KernelTooLarge into a WorldError that says what would help."""
    try:
        yield
    except binary_svm.KernelTooLarge as error:
        needed, c, gamma = error.args
        raise WorldError(
            f"at C = {c:g} and gamma = {gamma:.4g}, one pair needs {needed / 2**20:,.0f} MB for its kernel. "
            "Allow more, or take a smaller train size",
            "kernel_memory",
            limits.kernel_memory,
        ) from None
