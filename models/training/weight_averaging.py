"""The exponential moving average (EMA) of the weights, which usually has a lower cost than the current weights.

The noise of mini-batches moves the weights from side to side of a valley of the cost. Their mean is nearer its bottom
(Polyak and Juditsky 1992). The averaged weights are the ones that are validated and saved.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nndigits.models.arrays.blas import add_scaled
from nndigits.models.training.optimizers import Trainable


class WeightAverage:
    """The exponential moving average of the parameters of layers.

    Parameters
    ----------
    decay
        The weight of the past at each step: 0.999 averages over about 1,000 steps. In step t it is at most
        (1 + t) / (10 + t), so that the random initial weights are soon forgotten.
    """

    def __init__(self, layers: Sequence[Trainable], decay: float) -> None:
        self.layers = list(layers)
        self.decay = decay
        self.steps = 0
        self.averages = [layer.parameters.copy() for layer in layers]

    def update(self) -> None:
        """average -> d average + (1 - d) parameters, with the decay d of this step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for layer, average in zip(self.layers, self.averages, strict=True):
            average *= decay
            add_scaled(1 - decay, layer.parameters, average)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """A context in which the layers have the averages as parameters."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        """Swap parameters and averages in the layers' own memory, which other objects refer to."""
        for layer, average in zip(self.layers, self.averages, strict=True):
            saved = average.copy()
            average[...] = layer.parameters
            layer.parameters[...] = saved
