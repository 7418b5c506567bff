"""One-against-one training of a support vector machine: a binary classifier for each pair of digits.

The pairs are independent and train in several threads. Nearly all of the work is in NumPy's matrix products and loops,
which run in parallel. The threads do not affect the result.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import combinations

import numpy as np

from nn.models.arrays.types import Bytes, Doubles, Integers
from nn.models.baselines import binary_svm
from nn.models.baselines.binary_svm import BinarySVM
from nn.models.baselines.svm import SVM

Digits = tuple[int, int]

SCREENING_AXES, PCA_IMAGES = 40, 5000
"""The principal axes for screening, and the approximate number of images they are computed from."""

POLL_SECONDS = 0.1
"""Seconds between two calls of ``on_wait``."""


def fit_pairs(
    images: Bytes,
    labels: Integers,
    todo: Iterable[Digits],
    *,
    c: float,
    gamma: float,
    threads: int = 1,
    memory: float = np.inf,
    on_wait: Callable[[], None] = lambda: None,
) -> Generator[tuple[Digits, BinarySVM], None, None]:
    """Train the classifiers of pairs of digits in parallel, and yield each when it is finished.

    Parameters
    ----------
    memory
        The most bytes that the kernel of one pair may take. Raises ``binary_svm.KernelTooLarge`` if it needs more.
    on_wait
        Called several times a second. An exception that it raises ends the training.
    """
    axes = binary_svm.principal_axes(images[:: max(1, len(images) // PCA_IMAGES)], SCREENING_AXES)

    def train(digits: Digits) -> BinarySVM:
        first, second = (images[labels == digit] for digit in digits)
        return binary_svm.fit(first, second, c=c, gamma=gamma, axes=axes, memory=memory)

    pool = ThreadPoolExecutor(threads)
    try:
        running: dict[Future[BinarySVM], Digits] = {pool.submit(train, digits): digits for digits in todo}
        while running:
            done, _ = wait(running, POLL_SECONDS, FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: one.exception() is not None):  # errors last
                yield running.pop(future), future.result()
            on_wait()
    finally:
        pool.shutdown(cancel_futures=True)


def assemble(
    pairs: Mapping[Digits, BinarySVM], images: Bytes, labels: Integers, classes: int, *, c: float, gamma: float
) -> tuple[SVM, Integers]:
    """Assemble the pairs; return the machine and the indices of its support vectors in the images, ``(s,)``.

    A digit without images loses each of its pairs.
    """
    images_of = [np.flatnonzero(labels == digit) for digit in range(classes)]
    coefficients: Doubles = np.zeros((classes - 1, len(images)))
    intercepts = []
    for a, b in combinations(range(classes), 2):
        pair = pairs.get((a, b))
        intercepts.append(pair.intercept if pair else 1.0 if len(images_of[a]) else -1.0)
        if pair:
            of_a = int(np.searchsorted(pair.support, len(images_of[a])))
            coefficients[b - 1, images_of[a][pair.support[:of_a]]] = pair.coefficients[:of_a]
            coefficients[a, images_of[b][pair.support[of_a:] - len(images_of[a])]] = pair.coefficients[of_a:]
    is_support = np.count_nonzero(coefficients, axis=0) > 0
    support = np.concatenate([indices[is_support[indices]] for indices in images_of])
    counts = np.array([np.count_nonzero(is_support[indices]) for indices in images_of])
    machine = SVM(images[support], counts, coefficients[:, support], np.array(intercepts), c, gamma)
    return machine, support
