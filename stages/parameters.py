"""What a training run is told, beside the data: everything that decides which weights come out."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

from nn.stages.errors import UsageError

MOST_NEURONS = 100_000


@dataclass(frozen=True)
class Parameters:
    """All that decides what is learned, beside the data. They are kept in every artifact that training makes.

    Attributes
    ----------
    hidden
        Neurons of each hidden layer; empty for none.
    batch
        Samples in a mini-batch.
    eta
        The learning rate.
    seed
        Decides the first weights and the order of the images.
    dtype
        The precision of all arithmetic, ``float32`` or ``float64``.
    keep
        ``best`` keeps the weights of the epoch that did best on the validation images, the earlier of equals;
        ``last`` those of the last epoch. Without validation images it is always the last.
    threads
        How many threads BLAS may use: more than one make small networks slower, and the last bits depend on it.
    """

    hidden: tuple[int, ...] = (30,)
    epochs: int = 30
    batch: int = 10
    eta: float = 3.0
    seed: int = 0
    dtype: Literal["float32", "float64"] = "float32"
    keep: Literal["best", "last"] = "best"
    threads: int = 1

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch", 1), ("seed", 0), ("threads", 1)):
            if getattr(self, name) < least:
                raise UsageError(f"--{name} {getattr(self, name)}: expected {least} or more")
        if not 0 < self.eta < math.inf:
            raise UsageError(f"--eta {self.eta}: expected a positive number; the chapter takes 3.0")
        if any(not 0 < neurons <= MOST_NEURONS for neurons in self.hidden):
            raise UsageError(f"--hidden {self.hidden}: expected 1 to {MOST_NEURONS:,} neurons in each layer")

    def as_json(self) -> dict[str, Any]:
        """The parameters as an artifact keeps them."""
        return {**asdict(self), "hidden": list(self.hidden)}
