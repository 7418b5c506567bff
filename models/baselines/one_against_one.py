"""How a support vector machine learns ten digits: every pair of digits by itself, and the pairs put together.

No pair needs another, so several are learned at a time, in threads: nearly all of the work is in matrix products
and long loops inside NumPy, which run side by side. Which thread learned a pair makes no difference to it.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import combinations

import numpy as np

from nn.models.arrays.types import Bytes, Integers
from nn.models.baselines import binary_svm
from nn.models.baselines.binary_svm import BinarySVM
from nn.models.baselines.smo import Reals
from nn.models.baselines.svm import SVM

Digits = tuple[int, int]

AXES, AXES_FROM = 40, 5000
"""How many principal components a pair's sketch sees, and of about how many images they are taken."""

PATIENCE = 0.1  # seconds between two calls of on_wait


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
    """Learn pairs of digits, several at a time; yield each as it is done. Each is the same for any ``threads``.

    Parameters
    ----------
    memory
        The most bytes that the kernel of one pair may take; raises ``pair.TooLarge`` beyond.
    on_wait
        Called several times a second. What it raises ends the learning.
    """
    axes = binary_svm.principal_axes(images[:: max(1, len(images) // AXES_FROM)], AXES)

    def learn(digits: Digits) -> BinarySVM:
        first, second = (images[labels == digit] for digit in digits)
        return binary_svm.fit(first, second, c=c, gamma=gamma, axes=axes, memory=memory)

    pool = ThreadPoolExecutor(threads)
    try:
        running: dict[Future[BinarySVM], Digits] = {pool.submit(learn, digits): digits for digits in todo}
        while running:
            done, _ = wait(running, PATIENCE, FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: one.exception() is not None):  # what is finished first
                yield running.pop(future), future.result()
            on_wait()
    finally:
        pool.shutdown(cancel_futures=True)


def assemble(
    pairs: Mapping[Digits, BinarySVM], images: Bytes, labels: Integers, classes: int, *, c: float, gamma: float
) -> tuple[SVM, Integers]:
    """Put the pairs together; return the machine and which of the images its support vectors are, ``(s,)``.

    A digit without images loses every pair that it is in.
    """
    of = [np.flatnonzero(labels == digit) for digit in range(classes)]
    rows: Reals = np.zeros((classes - 1, len(images)))
    intercepts = []
    for a, b in combinations(range(classes), 2):
        found = pairs.get((a, b))
        intercepts.append(found.intercept if found else 1.0 if len(of[a]) else -1.0)
        if found:
            in_a = int(np.searchsorted(found.support, len(of[a])))
            rows[b - 1, of[a][found.support[:in_a]]] = found.coefficients[:in_a]
            rows[a, of[b][found.support[in_a:] - len(of[a])]] = found.coefficients[in_a:]
    weighted = np.count_nonzero(rows, axis=0) > 0
    support = np.concatenate([indices[weighted[indices]] for indices in of])
    counts = np.array([np.count_nonzero(weighted[indices]) for indices in of])
    machine = SVM(images[support], counts, rows[:, support], np.array(intercepts), c, gamma)
    return machine, support
