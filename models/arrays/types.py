"""The names that annotations use for arrays: real numbers of either width, bytes, and whole numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.integer[Any]]
Doubles = npt.NDArray[np.float64]
