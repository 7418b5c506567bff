"""Checks of a training run's parameters: values out of range, and values that contradict each other.

``new_network.py`` checks that the last layer fits the cost and the classes.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nndigits.models.augmentation.specification import Distortion, default_distortion, parse_distortion
from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.initializers import INITIALIZERS
from nndigits.models.network.costs import COSTS
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.schedules import SCHEDULES
from nndigits.stages.store.errors import UsageError, did_you_mean
from nndigits.stages.store.patterns import MOST_SEED
from nndigits.stages.words.nouns import listed

USUAL = "usual"
"""The text for the default distortion of images of their size."""

MOST_NEURONS = 100_000
MOST_THREADS = 256
MOST_REJECTS = MOST_DRAWN = 4

MOST_WORDS = 10_000
"""The characters of the layers as text."""

LIMITS = {
    "epochs": (1, 1_000_000),
    "batch": (1, 1_000_000_000),
    "seed": (0, MOST_SEED),
    "threads": (1, MOST_THREADS),
    "patience": (1, 1_000_000),
}
SHARES = ("momentum", "warm_up", "average", "label_smoothing")
PENALTIES = ("l2", "l1", "max_norm")
TABLES: dict[str, Iterable[str]] = {
    "activation": ACTIVATIONS,
    "cost": COSTS,
    "init": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
WHY = {
    "softmax": "softmax is for the last layer, and needs `cost` log-likelihood",
    "step": "the step function has no slope to learn by; take sigmoid, as the chapter does",
}


def check(values: Mapping[str, Any]) -> None:
    """Raise UsageError for the first of the parameters, by name, that is out of range or contradicts another."""
    for name, problem in (*_out_of_range(values), *_contradictions(values)):
        raise UsageError(problem, name, values[name])


def _out_of_range(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each parameter whose value no run can have, with the reason."""
    for name, (least, most) in LIMITS.items():
        if values[name] is not None and values[name] < least:
            yield name, f"expected {least} or more"
        if values[name] is not None and values[name] > most:
            reason = "; leave it out for the fastest number here" if name == "threads" else ""
            yield name, f"expected at most {'2^128 - 1' if name == 'seed' else f'{most:,}'}{reason}"
    if len(values["layers"]) > MOST_WORDS:
        yield "layers", f"expected at most {MOST_WORDS:,} characters"
    if not 0 < values["eta"] < math.inf:
        yield "eta", "expected a positive number; the chapter takes 3.0"
    if any(not 0 < neurons <= MOST_NEURONS for neurons in values["hidden"]):
        yield "hidden", f"expected 1 to {MOST_NEURONS:,} neurons in each layer"
    for name in SHARES:
        if values[name] is not None and not 0 <= values[name] < 1:
            yield name, "expected 0 or more and less than 1"
    for name in PENALTIES:
        if not 0 <= values[name] < math.inf:
            yield name, "expected 0 for none, or a positive number"
    if not 0 <= values["rejects"] <= MOST_REJECTS:
        yield "rejects", f"expected 0 for none, or at most {MOST_REJECTS} times the training images"
    if not 0 <= values["drawn"] <= MOST_DRAWN:
        yield "drawn", f"expected 0 for none, or at most {MOST_DRAWN} times the training images"
    for name, table in TABLES.items():
        if values[name] not in table:
            known = choices(name)
            question = did_you_mean(str(values[name]), known)
            yield name, f"expected one of {', '.join(known)}" + (f". {question}" if question else "")


def choices(name: str) -> list[str]:
    """Return the values that a parameter of TABLES can have; of activations, those of hidden layers."""
    return [value for value in TABLES[name] if name != "activation" or value not in WHY]


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each parameter that does not go with another, with the reason."""
    activation, momentum, optimizer = values["activation"], values["momentum"], values["optimizer"]
    if values["layers"] and values["hidden"]:
        yield "layers", "`hidden` defines the layers too; give one of the two"
    if values["layers"] and activation != "sigmoid":
        yield "activation", f"with `layers`, write it behind each layer: dense 30 {activation}"
    if activation != "sigmoid" and not values["layers"] and not values["hidden"]:
        yield "activation", "is that of the hidden layers, and there are none"
    if activation in WHY:
        yield "activation", WHY[activation]
    if values["drawn"] and not values["rejects"]:
        yield (
            "drawn",
            "needs `rejects`; a network with a reject class that knows no pieces of digits cannot read strips",
        )
    if momentum is not None and optimizer == "sgd":
        others = listed((name for name in TABLES["optimizer"] if name != "sgd"), "or")
        yield "momentum", f"`optimizer` sgd has none; choose {others}"
    if momentum == 0 and optimizer in ("momentum", "nesterov"):
        yield "momentum", f"makes `optimizer` {optimizer} plain gradient descent; choose sgd"
    if values["schedule"] == "halve" and values["patience"] is None:
        yield (
            "schedule",
            "needs `patience`, the number of epochs without a new best before it halves; the book takes 10",
        )


def distortion_of(text: str, image: tuple[int, int]) -> Distortion:
    """Return the distortion that a text describes; ``usual`` is the default for images of this height and width.

    Raises
    ------
    UsageError
        The text is no distortion.
    """
    if text == USUAL:
        return default_distortion(*image)
    try:
        return parse_distortion(text)
    except ValueError as error:
        raise UsageError(str(error), "distort") from None
