"""What cannot be asked of a training run, each with the reason: values out of range, and choices that do not fit.

That a network's last layer fits its cost is seen when the network is made, in ``classifiers/network_artifacts.py``.
"""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nn.models.layers.activations import ACTIVATIONS
from nn.models.layers.initializers import INITIALIZERS
from nn.models.network.costs import COSTS
from nn.models.training.optimizers import OPTIMIZERS
from nn.models.training.schedules import SCHEDULES
from nn.stages.store.errors import UsageError

if TYPE_CHECKING:
    from nn.stages.runs.parameters import Parameters

MOST_NEURONS = 100_000
MOST_THREADS = 256
MOST_REJECTS = 4

LEAST = {"epochs": 1, "batch": 1, "seed": 0, "threads": 1, "patience": 1}
SHARES = ("momentum", "warm_up", "average")
PENALTIES = ("l2", "l1", "max_norm")
TABLES: dict[str, Iterable[str]] = {
    "activation": ACTIVATIONS,
    "cost": COSTS,
    "init": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
WHY = {
    "softmax": "softmax is for the last layer, with --cost log-likelihood",
    "step": "a step has no slope to learn by; sigmoid is the chapter's answer to that",
}


def flag(name: str) -> str:
    """How a parameter is called on the command line."""
    return f"--{name.replace('_', '-')}"


def check(p: "Parameters") -> None:
    """Raise UsageError for the first thing that makes no sense, with the reason."""
    for complaint in (*_values(p), *_choices(p)):
        raise UsageError(complaint)


def _values(p: "Parameters") -> Iterator[str]:
    """What is wrong with single values."""
    for name, least in LEAST.items():
        value = getattr(p, name)
        if value is not None and value < least:
            yield f"{flag(name)} {value}: expected {least} or more"
    if p.threads is not None and p.threads > MOST_THREADS:
        yield f"--threads {p.threads}: expected at most {MOST_THREADS}; left out, it is what is fastest here"
    if not 0 < p.eta < math.inf:
        yield f"--eta {p.eta}: expected a positive number; the chapter takes 3.0"
    if any(not 0 < neurons <= MOST_NEURONS for neurons in p.hidden):
        yield f"--hidden {p.hidden}: expected 1 to {MOST_NEURONS:,} neurons in each layer"
    for name in SHARES:
        value = getattr(p, name)
        if value is not None and not 0 <= value < 1:
            yield f"{flag(name)} {value}: expected 0 or more and less than 1"
    for name in PENALTIES:
        value = getattr(p, name)
        if not 0 <= value < math.inf:
            yield f"{flag(name)} {value}: expected 0 for none, or a positive number"
    if not 0 <= p.rejects <= MOST_REJECTS:
        yield f"--rejects {p.rejects:g}: expected 0 for none, or at most {MOST_REJECTS} times the training images"
    for name, table in TABLES.items():
        if getattr(p, name) not in table:
            yield f"{flag(name)} {getattr(p, name)}: expected one of {', '.join(table)}"


def _choices(p: "Parameters") -> Iterator[str]:
    """What does not fit together."""
    if p.layers and p.hidden:
        yield "--hidden and --layers: both say which layers there are; give one of them"
    if p.layers and p.activation != "sigmoid":
        yield f"--activation {p.activation}: with --layers, write it behind each layer: dense 30 {p.activation}"
    if p.activation in WHY:
        yield f"--activation {p.activation}: {WHY[p.activation]}"
    if p.momentum is not None and p.optimizer == "sgd":
        yield f"--momentum {p.momentum}: --optimizer sgd has none; take --optimizer momentum, nesterov or adam"
    if p.momentum == 0 and p.optimizer in ("momentum", "nesterov"):
        yield f"--optimizer {p.optimizer} with --momentum 0: without momentum it is --optimizer sgd"
    if p.schedule == "halve" and p.patience is None:
        yield "--schedule halve: needs --patience, after how many epochs without a new best to halve; the book takes 10"
