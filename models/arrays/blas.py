"""BLAS routines that need one pass over memory where NumPy needs two.

SciPy is imported on the first call: only training needs it.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Array


def add_scaled(alpha: float, x: Array, out: Array) -> None:
    """``out += alpha * x``; both arrays have the same shape and precision and are in C order."""
    routine("axpy", out.dtype)(x.reshape(-1), out.reshape(-1), a=alpha)


def sum_of_squares(a: Array) -> float:
    """Return the sum of the squared elements, without a copy if the array is contiguous in any order."""
    a = a.ravel("K")
    total: float = routine("dot", a.dtype)(a, a)
    return total


@cache
def routine(name: str, dtype: Any) -> Callable[..., Any]:
    """Return the BLAS routine of this name for single or double precision."""
    found: Callable[..., Any] = getattr(load(), ("s" if dtype == np.float32 else "d") + name)
    return found


@cache
def load() -> Any:
    """Import SciPy's BLAS, and let it take its memory at once: later, with too little left, it waits forever for it.

    The extension alone, where it can be found: its package imports nearly all of NumPy, which takes longer than the
    first steps.
    """
    spec = PathFinder.find_spec("scipy.linalg._fblas", [f"{import_module('scipy').__path__[0]}/linalg"])
    if spec is not None and spec.loader is not None:
        blas = module_from_spec(spec)
        spec.loader.exec_module(blas)
    else:
        blas = import_module("scipy.linalg.blas")
    blas.sgemm(1.0, [[1.0]], [[1.0]])
    return blas
