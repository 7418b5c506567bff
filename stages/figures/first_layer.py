"""The weights of a network's first layer as pictures: one for each hidden neuron, or for each filter."""

from math import ceil, prod, sqrt

import numpy as np

from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.figures.figure import Figure, Panel, Tile
from nndigits.stages.figures.text import shortened
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError

MOST_TILES = 100
MOST_LETTERS = 30
TILE, LETTER = 0.8, 0.1
"""The widths of a picture of weights and of a letter of the title, in inches."""
LEAST_COLUMNS, MOST_INCHES = 5, 20.0
MAPS = 3
SHARE = 0.995
"""The share of the weights that the range of colours spans. A few much larger ones would leave the others pale."""


def first_layer_figure(artifact: Artifact) -> Figure:
    """Draw the weights of each neuron, or of each filter, of the first layer that learns.

    All pictures have one range of colours: blue is positive, red is negative, white is 0.

    Raises
    ------
    InputError
        The first layer that learns is neither dense nor a convolution, or its inputs are not one image.
    """
    network = network_artifacts.from_artifact(artifact)
    layer = network.trainable_layers[0]
    if isinstance(layer, Convolution) and layer.input_shape[2] == 1:
        what, shape = "filter", (layer.k, layer.k)
    elif isinstance(layer, Dense) and prod(shape := _input_image(network, artifact)) == layer.w.shape[1]:
        what = "neuron" if len(network.trainable_layers) > 1 else "output"
    else:
        raise InputError(f"{artifact.path}: the weights of its first layer, {layer}, are not pictures of an image")
    weights = layer.w[:MOST_TILES].astype(float).reshape(-1, *shape)
    number, columns = len(layer.w), max(min(LEAST_COLUMNS, len(weights)), ceil(sqrt(len(weights))))
    rows = ceil(len(weights) / columns)
    shown = f"{number} {what}{'' if number == 1 else 's'}"
    if number > len(weights):
        shown = f"{what}s 0 to {len(weights) - 1} of {number}"
    title = f"{shortened(artifact.path.name, MOST_LETTERS)}: weights of {shown}"
    panel = Panel(
        "",
        signed=True,
        reach=float(np.quantile(np.abs(weights), SHARE)),
        tiles=tuple(Tile(picture.tolist(), str(place)) for place, picture in enumerate(weights)),
        tiles_in_row=columns,
        scale="weight",
    )
    width, height = 1.25 * TILE * columns + 1.4, (shape[0] / shape[1] + 0.32) * TILE * rows + 0.6
    size = (max(LETTER * len(title), width), min(max(2.4, height), MOST_INCHES))
    return Figure((panel,), columns=1, size=size, title=title)


def _input_image(network: Network, artifact: Artifact) -> tuple[int, int]:
    """Return height and width of the map that the first layer that learns takes: the image, or a smaller one."""
    height, width = artifact.about["image"]
    for layer in network.layers:
        if layer is network.trainable_layers[0]:
            break
        if len(layer.output_shape) == MAPS:
            height, width = layer.output_shape[:2]
    return height, width
