"""One-against-one training of a support vector machine: a binary classifier for each pair of digits.

The pairs are independent: ``binary_svm.fit`` trains each, in any order and on any machine.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Doubles, Integers
from nndigits.models.baselines import binary_svm
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.svm import SVM

Digits = tuple[int, int]

SCREENING_AXES, PCA_IMAGES = 40, 5000
"""The principal axes for screening, and the approximate number of images they are computed from."""


def screening_axes(images: Bytes) -> Array:
    """Return the principal axes that all pairs are screened with, ``(pixels, axes)``, given the training images."""
    return binary_svm.principal_axes(images[:: max(1, len(images) // PCA_IMAGES)], SCREENING_AXES)


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
