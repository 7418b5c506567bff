"""A network written in one line, such as ``conv 16 5x5 relu, max 2, dense 100 relu, dense 10 softmax``.

Sizes follow from the images: each layer is told the shape that the one before it gives.
"""

import re
from math import prod

from nn.models.layers.activation_layer import MONOTONIC
from nn.models.layers.activations import ACTIVATIONS
from nn.models.layers.base import Layer
from nn.models.layers.feature_maps import Shape
from nn.models.layers.flatten import Flatten
from nn.models.layers.initializers import ParameterSource
from nn.models.layers.registry import KINDS, MAPS, ROWS, Kind


def build(line: str, image: tuple[int, int], parameters: ParameterSource) -> list[Layer]:
    """Make the layers that the line names, for images of ``(height, width)``.

    Between maps and a dense layer comes a ``flatten`` that need not be written. An activation between a convolution
    and a pooling is put behind the pooling if it is monotonic: the result is the same for less work.
    Raises ValueError, with the layer that is at fault, for words that name no layer and for layers that do not fit.
    """
    layers: list[Layer] = []
    shape: Shape = (*image, 1)
    for text in layer_texts(line):
        try:
            kind, words = _recognised(text)
            if len(shape) not in kind.input_ranks or (not layers and ROWS in kind.input_ranks):
                if len(shape) != MAPS:
                    raise ValueError(
                        f"takes maps, and hears {shape[0]} numbers in a row: convolve before the dense layers"
                    )
                if layers:
                    layers.append(Flatten(shape))
                shape = (prod(shape),)
            layers.append(kind.make(words, shape, parameters))
        except ValueError as error:
            raise ValueError(f'layer "{text}": {error}') from None
        shape = layers[-1].output_shape
    return layers


def line_of(layers: list[Layer]) -> str:
    """The line that ``build`` makes the same layers of."""
    return ", ".join(map(repr, layers))


def layer_texts(line: str) -> list[str]:
    """The words for each layer: an activation that follows a convolution or a pooling is one of its own."""
    texts: list[str] = []
    for part in line.split(","):
        *words, last = part.split() or [""]
        if words and words[0] != "dense" and last in ACTIVATIONS:
            texts += [" ".join(words), last]
        else:
            texts.append(" ".join([*words, last]))
    for place in range(1, len(texts) - 1):
        before, text, behind = texts[place - 1 : place + 2]
        if before.startswith("conv ") and text in MONOTONIC and behind.startswith("max "):
            texts[place : place + 2] = behind, text
    return texts


def _recognised(text: str) -> tuple[Kind, re.Match[str]]:
    """Find the kind that the words are for."""
    for kind in KINDS:
        if words := re.fullmatch(kind.pattern, text):
            return kind, words
    for kind in KINDS:
        if kind.form.split()[0] == text.split(" ")[0]:
            choice = f", where ACTIVATION is one of {', '.join(ACTIVATIONS)}" if "ACTIVATION" in kind.form else ""
            raise ValueError(f"is written {kind.form}{choice}")
    raise ValueError(f"is none; there are {'; '.join(kind.form for kind in KINDS)}")
