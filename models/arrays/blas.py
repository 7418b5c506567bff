"""One pass over memory where NumPy needs two, by BLAS. Imported when needed: only who learns needs SciPy."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nn.models.arrays.types import Array


def add(scale: float, x: Array, into: Array) -> None:
    """``into += scale * x``; both of one shape and precision and in C order."""
    routine("axpy", into.dtype)(x.reshape(-1), into.reshape(-1), a=scale)


def sum_of_squares(a: Array) -> float:
    """The sum of the squares; no copy is made of what is one stretch of memory, in whatever order."""
    a = a.ravel("K")
    total: float = routine("dot", a.dtype)(a, a)
    return total


@cache
def routine(name: str, dtype: Any) -> Callable[..., Any]:
    """BLAS's routine of this name, for single or double precision."""
    from scipy.linalg import blas

    found: Callable[..., Any] = getattr(blas, ("s" if dtype == np.float32 else "d") + name)
    return found
