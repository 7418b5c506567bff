"""Array types for annotations: real numbers of either precision, bytes and integers."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.integer[Any]]
Doubles = npt.NDArray[np.float64]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom exclusive."""
Images = Bytes | Array
"""Images of bytes, or of any other numbers, which a network takes as they are."""
