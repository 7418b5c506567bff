"""One pass over memory where NumPy needs two, by BLAS. Imported when needed: only who learns needs SciPy."""

from functools import cache
from typing import Any

import numpy as np

from nn.models.arrays import Array


def add(scale: float, x: Array, into: Array) -> None:
    """``into += scale * x``; both of one shape and precision and in C order."""
    _axpy(into.dtype == np.float32)(x.reshape(-1), into.reshape(-1), a=scale)


@cache
def _axpy(single: bool) -> Any:
    from scipy.linalg import blas

    return blas.saxpy if single else blas.daxpy
