"""Max pooling: keep the largest number of each square window of a map (chapter 6, "Pooling layers").

Whether a feature is present matters more than its exact position. Windows of s x s make the maps s times smaller in
each direction.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import Layer
from nndigits.models.layers.feature_maps import Shape, as_maps


class MaxPooling(Layer):
    """The maximum of each s x s window of maps, ``(height, width, channels)``; windows do not overlap.

    Rows and columns at the bottom and right edges that do not fill a window are ignored.
    """

    def __init__(self, size: int, shape: Shape) -> None:
        height, width, channels = shape
        if size < 2:
            raise ValueError("windows of 1 x 1 change nothing: the size must be at least 2")
        self.size, self.input_shape, self.output_shape = size, shape, (height // size, width // size, channels)
        if min(self.output_shape) < 1:
            raise ValueError(f"windows of {size} x {size} do not fit into maps of {height} x {width}")
        self.inputs, self.outputs = prod(shape), prod(self.output_shape)

    def __repr__(self) -> str:
        return f"max {self.size}"

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the maximum of each window: first over its s rows, then over its s columns."""
        a = as_maps(a, self.input_shape)
        if a.shape[-1] != self._samples:
            self._make_buffers(a)
        _maximum(self._rows(a), self._row_maxima, self._row_masks, training)
        _maximum(self._columns(self._row_maxima), self._a, self._column_masks, training)
        return self._a

    def backward(self, output_gradient: Array) -> None:
        """Pass each gradient to the largest input of its window, the first of equal ones; the others get 0."""
        _route_gradient(output_gradient, self._column_masks, self._columns(self._row_maxima_gradient))
        _route_gradient(self._row_maxima_gradient, self._row_masks, self._rows(self._input_gradient))

    def input_gradient(self) -> Array:
        """Return dC/da of the input maps."""
        return self._input_gradient

    def _rows(self, a: Array) -> list[Array]:
        """Return s views: the first rows of all windows, the second rows, and so on."""
        inside = a[: self.output_shape[0] * self.size, :, : self.output_shape[1] * self.size]
        return [inside[place :: self.size] for place in range(self.size)]

    def _columns(self, a: Array) -> list[Array]:
        """Return s views: the first columns of all windows, the second columns, and so on."""
        return [a[:, :, place :: self.size] for place in range(self.size)]

    def _make_buffers(self, a: Array) -> None:
        """Allocate the buffers for batches of this size."""
        rows, columns, channels = self.output_shape
        self._samples = a.shape[-1]
        half, small = (rows, channels, columns * self.size, a.shape[-1]), (rows, channels, columns, a.shape[-1])
        self._row_maxima, self._row_maxima_gradient = np.empty(half, a.dtype), np.empty(half, a.dtype)
        self._a = np.empty(small, a.dtype)
        self._row_masks, self._column_masks = (
            [np.empty(shape, bool) for _ in range(1, self.size)] for shape in (half, small)
        )
        self._input_gradient = np.zeros(a.shape, a.dtype)  # ignored rows and columns stay zero


def _maximum(views: Sequence[Array], out: Array, masks: Sequence[Array], training: bool) -> None:
    """Write the elementwise maximum of the views; in training, mark where each view exceeds all before it."""
    largest = views[0]
    for view, mask in zip(views[1:], masks, strict=True):
        if training:
            np.less(largest, view, out=mask)
        largest = np.maximum(largest, view, out=out)


def _route_gradient(gradient: Array, masks: Sequence[Array], views: Sequence[Array]) -> None:
    """Give each gradient to the last view that exceeds all before it, and 0 to the others."""
    for view, mask in zip(views[:0:-1], masks[::-1], strict=True):
        np.multiply(gradient, mask, out=view)
        gradient = np.subtract(gradient, view, out=views[0])
