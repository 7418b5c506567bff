"""One training step: gradient, penalties, optimizer and weight average, in the order in which they act.

Each of them is a file of its own. With plain gradient descent and nothing else, a step is the chapter's
``update_mini_batch``.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from nndigits.models.arrays.types import Array
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import DataParallel
from nndigits.models.training.optimizers import OPTIMIZERS, Optimizer, OptimizerState
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.schedules import Schedule, constant, factor
from nndigits.models.training.weight_averaging import WeightAverage

Step = Callable[[Array, Array, float], float]
"""Takes inputs ``(m, in + 1)``, targets ``(m, out)`` and a learning rate; returns the cost summed over the samples."""


@dataclass(frozen=True)
class TrainingConfig:
    """How a network is trained.

    Attributes
    ----------
    eta
        The learning rate, before the schedule's factor.
    momentum
        The optimizer's momentum; for Adam its beta_1.
    warm_up
        The share of all mini-batches over which eta rises to its full value.
    average
        The decay of the averaged weights at each step; 0 for no average.
    """

    eta: float
    optimizer: Optimizer = OPTIMIZERS["sgd"]
    momentum: float = 0.9
    schedule: Schedule = constant
    warm_up: float = 0.0
    penalties: Penalties = field(default_factory=Penalties)
    average: float = 0.0

    @property
    def is_plain(self) -> bool:
        """Whether a step is the chapter's: gradient descent, no penalties, no averaged weights."""
        return self.optimizer is OPTIMIZERS["sgd"] and self.penalties == Penalties() and not self.average


class Trainer:
    """A network with its training configuration and the state of its optimizer.

    Parameters
    ----------
    n
        The number of training images: penalties are a share of their total cost.
    steps
        The number of mini-batches of the whole run, by which schedules measure progress.
    """

    def __init__(self, network: Network | DataParallel, config: TrainingConfig, *, n: int, steps: int) -> None:
        self.network = network
        self.config = config
        self.optimizer = OptimizerState(config.optimizer, network.trainable_layers, config.momentum)
        self.average = WeightAverage(network.trainable_layers, config.average) if config.average else None
        self.halvings = 0
        self._n, self._steps = n, steps
        self._is_constant = config.schedule is constant and not config.warm_up
        is_penalised = config.penalties != Penalties()
        self._penalised = [layer for layer in network.trainable_layers if is_penalised and layer.penalised]

    @property
    def eta(self) -> float:
        """The learning rate of the next mini-batch; progress is measured at its middle."""
        eta = self.config.eta * 0.5**self.halvings
        if self._is_constant:  # checked first: small networks take 5,000 steps an epoch
            return eta
        progress = (self.optimizer.steps + 0.5) / self._steps
        return eta * factor(self.config.schedule, progress, self.config.warm_up)

    def step(self, x: Array, y: Array, eta: float) -> float:
        """Take one step with this learning rate; return the cost summed over the mini-batch.

        ``x`` are inputs, ``(m, in + 1)``, and ``y`` targets, ``(m, out)``.
        """
        cost = self.network.backpropagate(x, y)
        if self._penalised:
            self.config.penalties.shrink(self._penalised, eta, self._n)
        self.optimizer.step(eta, len(x))
        if self._penalised:
            self.config.penalties.limit(self._penalised)
        if self.average:
            self.average.update()
        return cost

    def close(self) -> None:
        """End the threads of a data-parallel network."""
        if isinstance(self.network, DataParallel):
            self.network.close()

    def averaged(self) -> AbstractContextManager[None]:
        """A context in which the network has its averaged weights, where there are any."""
        return self.average.in_place() if self.average else nullcontext()

    def state(self) -> dict[str, list[Array]]:
        """What the rest of the run depends on besides the weights: under each name, one array for each layer."""
        averages = {"average": self.average.averages} if self.average else {}
        return {**self.optimizer.arrays(), **averages}

    def load_state(self, state: Mapping[str, Sequence[Array]], steps: int) -> None:
        """Continue from the state that another trainer had after this number of steps."""
        for name, arrays in self.state().items():
            for array, saved in zip(arrays, state[name], strict=True):
                array[...] = saved
        self.optimizer.steps = steps
        if self.average:
            self.average.steps = steps


def plain_trainer(network: Network, eta: float) -> Trainer:
    """The chapter's way to train: gradient descent with a constant learning rate and nothing else."""
    return Trainer(network, TrainingConfig(eta), n=1, steps=1)
