"""Build layers from one line of text, such as ``conv 16 5x5 relu, max 2, dense 100 relu, dense 10 softmax``.

Sizes follow from the images: the input shape of each layer is the output shape of the one before it.
"""

import re
from math import prod

from nndigits.models.layers.activation_layer import MONOTONIC
from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.base import Layer
from nndigits.models.layers.feature_maps import Shape
from nndigits.models.layers.flatten import Flatten
from nndigits.models.layers.initializers import ParameterSource
from nndigits.models.layers.registry import KINDS, MAPS, ROWS, Kind

MOST_DIGITS, MOST_LETTERS = 9, 60
"""Of a size in the text of a layer, and of the text."""


def build(line: str, image: tuple[int, int], parameters: ParameterSource) -> list[Layer]:
    """Build the layers of the line, for images of ``(height, width)``.

    A ``flatten`` between feature maps and a dense layer may be omitted. A monotonic activation between a convolution
    and a pooling is moved after the pooling, which gives the same result for less work.

    Raises
    ------
    ValueError
        A layer is unknown, malformed, or does not fit its input shape. The message names the layer.
    """
    layers: list[Layer] = []
    shape: Shape = (*image, 1)
    for text in layer_texts(line):
        try:
            kind, words = _match(text)
            if len(shape) not in kind.input_ranks or (not layers and ROWS in kind.input_ranks):
                if len(shape) != MAPS:
                    raise ValueError(
                        f"expected maps as input, got {shape[0]} numbers: place it before the dense layers"
                    )
                if layers:
                    layers.append(Flatten(shape))
                shape = (prod(shape),)
            layers.append(kind.make(words, shape, parameters))
        except ValueError as error:
            raise ValueError(f'layer "{text[:MOST_LETTERS]}": {error}') from None
        shape = layers[-1].output_shape
    return layers


def line_of(layers: list[Layer]) -> str:
    """Return the line from which ``build`` makes these layers."""
    return ", ".join(map(repr, layers))


def layer_texts(line: str) -> list[str]:
    """Split the line into the text of each layer; only a dense layer keeps the activation that follows it."""
    texts: list[str] = []
    for part in line.split(","):
        *words, last = part.split() or [""]
        if words and words[0] != "dense" and last in ACTIVATIONS:
            texts += [" ".join(words), last]
        else:
            texts.append(" ".join([*words, last]))
    for place in range(1, len(texts) - 1):
        before, text, after = texts[place - 1 : place + 2]
        if before.startswith("conv ") and text in MONOTONIC and after.startswith("max "):
            texts[place : place + 2] = after, text
    return texts


def _match(text: str) -> tuple[Kind, re.Match[str]]:
    """Return the kind of layer that the text matches."""
    if re.search(rf"\d{{{MOST_DIGITS + 1}}}", text.partition(".")[0]) or len(text) > MOST_LETTERS:
        raise ValueError(f"expected numbers of at most {MOST_DIGITS} digits, and {MOST_LETTERS} characters")
    for kind in KINDS:
        if words := re.fullmatch(kind.pattern, text):
            return kind, words
    for kind in KINDS:
        if kind.form.split()[0] == text.split(" ")[0]:
            choice = f", where ACTIVATION is one of {', '.join(ACTIVATIONS)}" if "ACTIVATION" in kind.form else ""
            raise ValueError(f"expected {kind.form}{choice}")
    raise ValueError(f"unknown; expected one of {'; '.join(kind.form for kind in KINDS)}")
