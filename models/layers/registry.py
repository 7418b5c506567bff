"""The kinds of layers, each with the text that describes it on the command line and in a file.

A new kind is a class and a row here. The ``repr`` of a layer is the text it is made from.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from nndigits.models.layers.activation_layer import ActivationLayer
from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.base import Layer
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.layers.dropout import Dropout
from nndigits.models.layers.feature_maps import Shape
from nndigits.models.layers.flatten import Flatten
from nndigits.models.layers.initializers import ParameterSource
from nndigits.models.layers.normalization import BatchNormalization
from nndigits.models.layers.pooling import MaxPooling

ROWS, MAPS = 1, 3
"""The number of dimensions of a sample, in rows and in feature maps."""


class Kind(NamedTuple):
    """One kind of layer.

    Attributes
    ----------
    form
        The form of its text, for help and error messages.
    pattern
        What its text must match.
    input_ranks
        The shapes it takes: ROWS, MAPS or both.
    make
        Makes the layer from the match, its input shape and a source of parameters.
    """

    form: str
    example: str
    pattern: str
    input_ranks: tuple[int, ...]
    make: Callable[[re.Match[str], Shape, ParameterSource], Layer]


KINDS = (
    Kind(
        "dense NEURONS ACTIVATION",
        "dense 30 sigmoid",
        rf"dense ([1-9]\d*) ({'|'.join(ACTIVATIONS)})",
        (ROWS,),
        lambda words, shape, parameters: Dense(*parameters(int(words[1]), shape[0]), ACTIVATIONS[words[2]]),
    ),
    Kind(
        "conv FILTERS KxK [ACTIVATION]",
        "conv 16 5x5",
        r"conv ([1-9]\d*) ([1-9]\d*)x\2",
        (MAPS,),
        lambda words, shape, parameters: Convolution.of(int(words[1]), int(words[2]), shape, parameters),
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
        lambda _, shape, parameters: BatchNormalization.of(shape, parameters),
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
        lambda words, shape, _: ActivationLayer(ACTIVATIONS[words[0]], shape),
    ),
)
