"""The average of the weights over the last stretch of the way, which lies deeper in the valley than where they stand.

Mini-batches jolt the weights from side to side of a valley; their mean is nearer its bottom (Polyak and Juditsky
1992). It is kept beside the weights that learn, and is what reads the validation images and is kept in the end.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nn.models.arrays.blas import add_scaled
from nn.models.training.optimizers import Trainable


class WeightAverage:
    """The exponentially weighted average of layers' parameters.

    Parameters
    ----------
    decay
        How much of the average stays when a step's parameters join it: 0.999 looks back over about 1,000 steps.
        While fewer were taken, (1 + t) / (10 + t) of it stays after t steps, so that the first weights, which were
        only drawn, are soon forgotten.
    """

    def __init__(self, layers: Sequence[Trainable], decay: float) -> None:
        self.layers = list(layers)
        self.decay = decay
        self.steps = 0
        self.averages = [layer.parameters.copy() for layer in layers]

    def update(self) -> None:
        """Let the parameters as they stand join the average: average -> d average + (1 - d) parameters."""
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for layer, average in zip(self.layers, self.averages, strict=True):
            average *= keep
            add_scaled(1 - keep, layer.parameters, average)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """For a while, let the layers have the averages for parameters."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def _exchange(self) -> None:
        """In the layers' own memory, which others may be looking at."""
        for layer, average in zip(self.layers, self.averages, strict=True):
            kept = average.copy()
            average[...] = layer.parameters
            layer.parameters[...] = kept
