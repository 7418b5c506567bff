"""How much memory a support vector machine takes while it learns, and what fits into how much.

Only how many pairs are learned at a time depends on the memory, never what is learned: a pair takes what it needs,
and where that is more than may be, it is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Bytes, Integers
from nn.models.baselines import binary_svm
from nn.stages.store.environment import processors
from nn.stages.store.errors import UsageError, WorldError

LEAST, MOST = 512, 10**9
"""MB below which there is no room for the libraries and a data set like MNIST, and above which nobody has."""

BASE = 250e6
"""Bytes that Python, NumPy and what is learned take, the images aside."""


@dataclass(frozen=True)
class Limits:
    """What the learning may use; neither changes a byte of what is learned.

    Attributes
    ----------
    kernel_memory
        The most MB that the program may take, all in all; fewer threads run where it is little.
    threads
        How many pairs to learn at a time; as many as there are processors if not given.
    """

    kernel_memory: int = 3072
    threads: int | None = None

    def __post_init__(self) -> None:
        if not LEAST <= self.kernel_memory <= MOST:
            raise UsageError(f"expected {LEAST} to {MOST:,} MB", "kernel_memory", self.kernel_memory)
        if self.threads is not None and self.threads < 1:
            raise UsageError("expected 1 or more", "threads", self.threads)


@dataclass(frozen=True)
class Plan:
    """How many pairs to learn at a time, and the most bytes that the kernel of each may take."""

    threads: int
    pair_bytes: float


def plan(limits: Limits, images: Bytes, labels: Integers, data_bytes: int) -> Plan:
    """Divide the memory: as many threads as asked for, or as can hold the largest pair at its worst."""
    left = limits.kernel_memory * 2**20 - BASE - 2 * data_bytes
    largest = float(np.sort(np.bincount(labels, minlength=2))[-2:].sum())
    # Beside its kernel, a pair has its images as real numbers, some of them twice, and the screening kernel.
    value = binary_svm.KERNEL_VALUE_BYTES
    beside = 3 * largest * images[0].size * value + (largest / binary_svm.SCREENING_STRIDE) ** 2 * value
    worst = largest**2 * value + beside
    running = max(1, min(limits.threads or processors(), int(left // worst)))
    return Plan(running, max(0.0, left / running - beside))


@contextmanager
def within(limits: Limits, c: float, gamma: float | str) -> Iterator[None]:
    """Raise WorldError for a pair whose kernel does not fit, and say what would help."""
    try:
        yield
    except binary_svm.KernelTooLarge as error:
        raise WorldError(
            f"at C = {c:g} and gamma = {gamma}, one pair needs {error.args[0] / 2**20:,.0f} MB for its kernel. "
            "Allow more, or take a smaller train size",
            "kernel_memory",
            limits.kernel_memory,
        ) from None
