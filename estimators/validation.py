"""The validation samples that an estimator sets aside from its training samples."""

import numpy as np

from nndigits.models.arrays.types import Integers


def split_off(labels: Integers, fraction: float, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Return the indices of training and validation samples, in ascending order.

    Of each class, the share ``fraction`` becomes validation samples, rounded down, so one training sample is always
    left.
    """
    validation = [np.empty(0, int)]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        validation.append(members[: int(fraction * len(members))])
    chosen = np.sort(np.concatenate(validation))
    return np.setdiff1d(np.arange(len(labels)), chosen), chosen
