"""What a training run is told, beside the data: everything that decides which weights come out."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nn.models.augmentation.specification import in_format_1
from nn.stages.runs import constraints

FORMAT_1 = {"optimizer": "rule"}
"""Parameters that artifacts of format 1 and older recipes have under another name."""

CURRENT = {old: name for name, old in FORMAT_1.items()}


@dataclass(frozen=True)
class Parameters:
    """All that decides what is learned, beside the data. They are kept in every artifact that training makes.

    What is not given is as chapter 1 has it. Raises UsageError for what makes no sense: see ``constraints.py``.

    Attributes
    ----------
    hidden
        Neurons of each hidden layer; empty for none. The short form of ``layers``.
    epochs
        How often to go through the training images, at most.
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
        How many parts of a mini-batch are learned from side by side, each on a thread; None chooses what is fastest.
        The last bits depend on it.
    layers
        The layers in words, ``models/layers/registry.py``; ``hidden`` is empty then.
    activation
        Of the hidden layers that ``hidden`` names, a row of ACTIVATIONS.
    cost, init, optimizer, schedule
        Rows of COSTS, INITS, RULES and SCHEDULES.
    momentum
        For the rules that have one; None is their usual 0.9.
    warm_up
        The share of all mini-batches over which eta rises to its full value.
    patience
        Stop after so many epochs without a new best on validation; None never does. With the schedule ``halve``,
        halve eta then, and stop when it is 1,024 times smaller.
    average
        How much of the averaged weights stays at each mini-batch; 0 for no average.
    l2, l1, max_norm
        See ``models/training/penalties.py``; 0 for none.
    distort
        How far each epoch's images may be distorted, ``models/augmentation/specification.py``; ``none`` for not at all.
    rejects
        How many pieces that are no digit to learn from besides, as a share of the training images
        (``models/strings/synthesis/negatives.py``), with an output of their own; 0 for none.
    """

    hidden: tuple[int, ...] = (30,)
    epochs: int = 30
    batch: int = 10
    eta: float = 3.0
    seed: int = 0
    dtype: Literal["float32", "float64"] = "float32"
    keep: Literal["best", "last"] = "best"
    threads: int | None = None

    layers: str = ""
    activation: str = "sigmoid"
    cost: str = "quadratic"
    init: str = "N(0,1)"

    optimizer: str = "sgd"
    momentum: float | None = None
    schedule: str = "constant"
    warm_up: float = 0.0
    patience: int | None = None
    average: float = 0.0

    l2: float = 0.0
    l1: float = 0.0
    max_norm: float = 0.0
    distort: str = "none"
    rejects: float = 0.0

    def __post_init__(self) -> None:
        constraints.check(vars(self))

    def as_json(self) -> dict[str, Any]:
        """The parameters as artifacts of format 1 store them, some under the names of that format."""
        stored = {FORMAT_1.get(name, name): value for name, value in asdict(self).items()}
        return {**stored, "hidden": list(self.hidden), "distort": in_format_1(self.distort)}
