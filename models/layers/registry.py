"""The kinds of layers there are, each with the words that stand for it on a command line and in a file.

A new kind is a class in a file of its own and a row here. What a row's words say, ``repr`` of the layer says again.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from nn.models.layers.activation_layer import Activate
from nn.models.layers.activations import ACTIVATIONS
from nn.models.layers.base import Layer
from nn.models.layers.convolution import Convolution
from nn.models.layers.dense import Dense
from nn.models.layers.dropout import Dropout
from nn.models.layers.feature_maps import Shape
from nn.models.layers.flatten import Flatten
from nn.models.layers.initializers import Parameters
from nn.models.layers.normalization import Normalise
from nn.models.layers.pooling import MaxPooling

ROWS, MAPS = 1, 3
"""How many numbers a shape has."""


class Kind(NamedTuple):
    """One kind of layer.

    ``form`` is how its words are told to a person, ``pattern`` what they must match, ``hears`` which shapes it takes;
    ``make`` takes the match, the shape that it hears, and what gives it its parameters, which it has if it ``learns``.
    """

    form: str
    example: str
    pattern: str
    hears: tuple[int, ...]
    make: Callable[[re.Match[str], Shape, Parameters], Layer]
    learns: bool = False


KINDS = (
    Kind(
        "dense NEURONS ACTIVATION",
        "dense 30 sigmoid",
        rf"dense ([1-9]\d*) ({'|'.join(ACTIVATIONS)})",
        (ROWS,),
        lambda words, shape, parameters: Dense(*parameters(int(words[1]), shape[0]), ACTIVATIONS[words[2]]),
        learns=True,
    ),
    Kind(
        "conv FILTERS KxK [ACTIVATION]",
        "conv 16 5x5",
        r"conv ([1-9]\d*) ([1-9]\d*)x\2",
        (MAPS,),
        lambda words, shape, parameters: Convolution.of(int(words[1]), int(words[2]), shape, parameters),
        learns=True,
    ),
    Kind(
        "max SIZE [ACTIVATION]",
        "max 2",
        r"max ([1-9]\d*)(?:x\1)?",
        (MAPS,),
        lambda words, shape, _: MaxPooling(int(words[1]), shape),
    ),
    Kind(
        "norm [ACTIVATION]",
        "norm",
        "norm",
        (ROWS, MAPS),
        lambda _, shape, parameters: Normalise.of(shape, parameters),
        learns=True,
    ),
    Kind(
        "dropout RATE",
        "dropout 0.5",
        r"dropout (0|0?\.\d+)",
        (ROWS, MAPS),
        lambda words, shape, _: Dropout(float(words[1]), shape),
    ),
    Kind("flatten", "flatten", "flatten", (MAPS,), lambda _, shape, __: Flatten(shape)),
    Kind(
        "ACTIVATION",
        "relu",
        "|".join(ACTIVATIONS),
        (ROWS, MAPS),
        lambda words, shape, _: Activate(ACTIVATIONS[words[0]], shape),
    ),
)


LEARNING = {kind.form.split()[0] for kind in KINDS if kind.learns}


def learns(words: str) -> bool:
    """Whether a layer that is written so has weights and biases."""
    return words.split(" ")[0] in LEARNING
