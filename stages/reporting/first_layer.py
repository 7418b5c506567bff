"""The weights of the first layer that learns, as small images."""

from dataclasses import dataclass

import numpy as np

from nndigits.stages.figures.first_layer import first_layer_figure
from nndigits.stages.html.images import signed_address
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError


@dataclass(frozen=True)
class FirstLayer:
    """The title, the addresses of the images, and the weight that has the full colour."""

    title: str
    images: tuple[str, ...]
    reach: float


def first_layer(artifact: Artifact) -> FirstLayer | None:
    """Draw the weights of each neuron or filter; None if they are no pictures of an image."""
    try:
        figure = first_layer_figure(artifact)
    except InputError:
        return None
    (panel,) = figure.panels
    images = tuple(signed_address(np.array(tile.image), panel.reach) for tile in panel.tiles)
    return FirstLayer(figure.title, images, panel.reach)
