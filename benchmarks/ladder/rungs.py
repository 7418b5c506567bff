"""The rungs of the ladder of techniques, and the training parameters of each."""

from dataclasses import dataclass, field
from typing import Any

from nndigits.stages.evaluate import Split
from nndigits.stages.runs.parameters import Parameters

AFFINE = "rotate 7, scale 0.08, shear 0.1, translate 0.7"
MAPS = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu"
SPLITS: tuple[Split, ...] = ("validation", "test")


@dataclass(frozen=True)
class Rung:
    """One technique: the parameters that differ from the rung below.

    A rung without changes evaluates the networks of the rung below in another way: on images that are also shifted by
    up to ``shifts`` pixels, or as an ensemble of all seeds (``vote``).
    """

    name: str
    why: str
    changes: dict[str, Any] = field(default_factory=dict)
    shifts: int = 0
    vote: bool = False


RUNGS = (
    Rung("784-30-10, as in chapter 1", "where the book starts", {}),
    Rung("100 hidden neurons", "room for more features", {"hidden": (100,)}),
    Rung("cross-entropy", "bad mistakes are learned from fast", {"cost": "cross-entropy", "eta": 0.5}),
    Rung("first weights N(0, 1/n)", "no neuron starts saturated", {"init": "N(0,1/n)"}),
    Rung("L2", "small weights generalise", {"l2": 5.0}),
    Rung(
        "ReLU, softmax, log-likelihood",
        "slopes that do not vanish, outputs that are probabilities",
        {"activation": "relu", "cost": "log-likelihood", "init": "he", "eta": 0.05},
    ),
    Rung(
        "momentum, eta falling to 0",
        "large steps to get there, small ones to settle",
        {"optimizer": "momentum", "batch": 100, "eta": 0.1, "schedule": "linear"},
    ),
    Rung("800 hidden neurons", "room again, now that it can be used", {"hidden": (800,)}),
    Rung("affine distortion", "no image comes twice: rotated, scaled, translated", {"distort": AFFINE}),
    Rung("elastic distortion", "and bent, as hands do", {"distort": f"{AFFINE}, elastic 34"}),
    Rung("averaged weights", "the noise of the last steps evens out", {"average": 0.999}),
    Rung(
        "convolutions and pooling",
        "a feature is worth finding wherever it lies",
        {"layers": f"{MAPS}, dense 10 softmax", "hidden": (), "activation": "sigmoid", "epochs": 10, "eta": 0.05},
    ),
    Rung("dropout", "no neuron relies on another", {"layers": f"{MAPS}, dropout 0.5, dense 10 softmax"}),
    Rung("nine readings of an image", "each also moved by a pixel", shifts=1),
    Rung("a vote of all seeds", "networks err on different images", shifts=1, vote=True),
)


@dataclass(frozen=True)
class Row:
    """The results of a rung: for each split the accuracies, one per seed; the seconds of its fastest epoch."""

    rung: Rung
    right: dict[Split, list[float]]
    seconds: float | None


def parameters(number: int, seed: int) -> Parameters:
    """Return the parameters of a rung: the changes of all rungs up to it."""
    changes: dict[str, Any] = {"seed": seed, "threads": 1}
    for rung in RUNGS[: number + 1]:
        changes |= rung.changes
    return Parameters(**changes)


def trained(number: int) -> int:
    """Return the number of the rung whose networks a rung evaluates."""
    return max(below for below in range(number + 1) if RUNGS[below].changes or not below)
