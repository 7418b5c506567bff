"""The parameters of a training run, which determine the weights together with the data, and their types."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from nndigits.stages.runs import constraints


@dataclass(frozen=True)
class Parameters:
    """The parameters of a training run, stored in every artifact that it writes.

    The defaults are those of chapter 1. Raises UsageError for values that ``constraints.py`` refuses.

    Attributes
    ----------
    hidden
        Neurons of each hidden layer; empty for none. The short form of ``layers``.
    epochs
        The largest number of passes through the training images.
    batch
        Samples in a mini-batch.
    eta
        The learning rate.
    seed
        The seed of the first weights and of the order of the images.
    dtype
        The precision of all arithmetic, ``float32`` or ``float64``.
    keep
        ``best`` keeps the weights of the epoch that did best on the validation images, the earlier of equals;
        ``last`` those of the last epoch. Without validation images it is always the last.
    threads
        The number of shards of each mini-batch, each on a thread; None chooses the fastest. It affects rounding.
    layers
        The layers as text (``models/layers/registry.py``); ``hidden`` must be empty then.
    activation
        The activation of the layers of ``hidden``, a key of ACTIVATIONS.
    cost, init, optimizer, schedule
        Keys of COSTS, INITIALIZERS, OPTIMIZERS and SCHEDULES.
    momentum
        The momentum coefficient, for optimizers that have one; None means 0.9.
    warm_up
        The fraction of all mini-batches over which eta rises to its full value.
    patience
        Stop after this number of epochs without a new best on validation; None for never. With the schedule
        ``halve``, halve eta instead, and stop when it is 1,024 times smaller.
    average
        The decay of the moving average of the weights at each mini-batch; 0 for no average.
    l2, l1, max_norm
        See ``models/training/penalties.py``; 0 for none.
    label_smoothing
        The share of each target that is spread over all outputs (Szegedy et al. 2016, section 7); 0 for none. A
        network whose targets are 0.91 and 0.01 does not make its weights ever larger to reach 1 and 0.
    distort
        The largest random distortion of the images (``models/augmentation/specification.py``), or ``none``.
    rejects
        The number of crops for the reject class, as a fraction of the training images
        (``models/negatives/hard_negatives.py``); 0 for no reject class.
    drawn
        The number of drawings of letters, signs, scribbles and digits, as a fraction of the training images
        (``models/negatives/drawings.py``); 0 for none. They need ``rejects``.
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
    label_smoothing: float = 0.0
    distort: str = "none"
    rejects: float = 0.0
    drawn: float = 0.0

    def __post_init__(self) -> None:
        constraints.check(vars(self))

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as artifacts store them."""
        return {**asdict(self), "hidden": list(self.hidden)}


DEFAULTS = Parameters().as_json()
"""All parameters and the chapter's values."""


def is_imported(stored: Mapping[str, Any]) -> bool:
    """Return whether stored parameters are those of a network of another program: `nn import` knows of no training."""
    return "epochs" not in stored


HINTS = get_type_hints(Parameters)


class WrongType(ValueError):
    """A value is not of its parameter's type; the message says what is expected."""


def convert(name: str, value: Any) -> Any:
    """Return a value as Parameters annotates it: a number of NumPy as Python's own, a list as a tuple.

    Raises WrongType if it has another type.

    >>> convert("hidden", [30]), convert("eta", 3), convert("threads", None)
    ((30,), 3.0, None)
    """
    alternatives = get_args(HINTS[name]) if isinstance(HINTS[name], UnionType) else (HINTS[name],)
    for kind in alternatives:
        if kind is NoneType and value is None:
            return None
        if kind is int and is_whole(value):
            return int(value)
        if kind is float and is_real(value):
            return float(value)
        if kind is str and isinstance(value, str):
            return str(value)
        if get_origin(kind) is Literal and isinstance(value, str) and value in get_args(kind):
            return str(value)
        if get_origin(kind) is tuple and isinstance(value, list | tuple) and all(map(is_whole, value)):
            return tuple(map(int, value))
    raise WrongType(f"expected {' or '.join(_in_words(kind) for kind in alternatives if kind is not NoneType)}")


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number, of Python or NumPy."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Return whether a value is a real number, of Python or NumPy, that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _in_words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(map(repr, get_args(kind)))
    if get_origin(kind) is tuple:
        return "a list of whole numbers, such as [30]"
    return {int: "a whole number", float: "a number", str: "text"}[kind]
