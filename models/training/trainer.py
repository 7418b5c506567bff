"""What one mini-batch does to a network: the gradient, the rule, the penalties, the schedule and the average.

Each of these is a file of its own; here they are put together, in the order in which they act. With a plain rule and
nothing else, that is the chapter's ``update_mini_batch``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache, partial

from nn.models.arrays.types import Array
from nn.models.network.network import Network
from nn.models.training.data_parallel import SideBySide
from nn.models.training.fused_step import halved, is_the_chapters, step_of
from nn.models.training.loop import learn_all
from nn.models.training.optimizers import RULES, Descent, Rule
from nn.models.training.penalties import Penalties
from nn.models.training.schedules import Schedule, constant, factor
from nn.models.training.weight_averaging import Average


@dataclass(frozen=True)
class Method:
    """How a network is to learn.

    Attributes
    ----------
    mu
        The rule's momentum; for Adam its beta_1.
    warm_up
        The share of all mini-batches over which eta rises to its full value.
    average
        How much of the averaged weights stays at each step; 0 for no average.
    """

    eta: float
    rule: Rule = RULES["sgd"]
    mu: float = 0.9
    schedule: Schedule = constant
    warm_up: float = 0.0
    penalties: Penalties = field(default_factory=Penalties)
    average: float = 0.0


class Trainer:
    """A network that learns by a method, mini-batch after mini-batch.

    Parameters
    ----------
    n
        How many training images there are: penalties are shares of the cost of them all.
    steps
        How many mini-batches there will be in all, by which schedules measure progress.
    """

    def __init__(self, network: Network | SideBySide, method: Method, *, n: int, steps: int) -> None:
        self.network = network
        self.method = method
        self.average = Average(network.learners, method.average) if method.average else None
        self.halvings = 0
        self._descent = Descent(method.rule, network.learners, method.mu)
        self._n, self._steps = n, steps
        self._is_constant = method.schedule is constant and not method.warm_up
        is_penalised = method.penalties != Penalties()
        self._penalised = [layer for layer in network.learners if is_penalised and layer.penalised]
        is_plain = method.rule is RULES["sgd"] and not is_penalised and not method.average
        self._written_out: Network | None = None
        if is_plain and isinstance(network, Network) and is_the_chapters(network):
            self._written_out = network

    @property
    def eta(self) -> float:
        """The learning rate of the mini-batch to come; progress is taken at its middle."""
        eta = self.method.eta * 0.5**self.halvings
        if self._is_constant:  # asked first, as small networks take 5,000 steps an epoch
            return eta
        progress = (self._descent.step.number + 0.5) / self._steps
        return eta * factor(self.method.schedule, progress, self.method.warm_up)

    def learn(
        self, batches: Iterable[tuple[Array, Array]], total: int, progress: Callable[[int], None] | None = None
    ) -> float:
        """Learn from the mini-batches of an epoch, as ``sgd.learn_all`` does; return the mean cost of a sample."""
        if self._written_out is None:
            return learn_all(lambda x, y: self.step(x, y, self.eta), batches, total, progress)
        step_for = cache(partial(step_of, self._written_out))

        def learn(x: Array, y: Array) -> float:
            cost = step_for(len(x))(x, y, self.eta)
            self._descent.step.number += 1
            return cost

        with halved(self._written_out):
            return learn_all(learn, batches, total, progress)

    def step(self, x: Array, y: Array, eta: float) -> float:
        """Learn from inputs ``(m, in + 1)`` and wanted outputs ``(m, out)``, with this eta, whatever the schedule says.

        Returns the cost summed over the mini-batch.
        """
        cost = self.network.backpropagate(x, y)
        if self._penalised:
            self.method.penalties.shrink(self._penalised, eta, self._n)
        self._descent.descend(eta, len(x))
        if self._penalised:
            self.method.penalties.limit(self._penalised)
        if self.average:
            self.average.add()
        return cost

    def close(self) -> None:
        """End the threads of a network that learns on several."""
        if isinstance(self.network, SideBySide):
            self.network.close()

    def averaged(self) -> AbstractContextManager[None]:
        """For a while, the network with its averaged weights, or as it is where there are none."""
        return self.average.in_place() if self.average else nullcontext()

    def memory(self) -> dict[str, list[Array]]:
        """What the rest of the run depends on beside the weights: arrays, one a layer, under their names."""
        averages = {"average": self.average.averages} if self.average else {}
        return {**self._descent.memory(), **averages}

    def remember(self, memory: Mapping[str, Sequence[Array]], steps: int) -> None:
        """Go on as a trainer did that had this memory after so many mini-batches."""
        for name, arrays in self.memory().items():
            for array, kept in zip(arrays, memory[name], strict=True):
                array[...] = kept
        self._descent.step.number = steps
        if self.average:
            self.average.steps = steps
