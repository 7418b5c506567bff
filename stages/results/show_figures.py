"""The figures that `nn show --plot` draws: images of a data set, learning curves, and the weights of a network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, prod, sqrt
from pathlib import Path

import numpy as np

from nndigits.models.arrays.montage import montage
from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.augmentation.distort import Distorter
from nndigits.models.augmentation.specification import Distortion
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.datasets import data_artifact
from nndigits.stages.figures.figure import Figure, Panel, Tile, shortened
from nndigits.stages.figures.learning_curves import learning_curves
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import Split
from nndigits.stages.store.result_files import read_history
from nndigits.stages.store.texts import Picture, picture

SAMPLES = 8
"""The default number of images."""

VERSIONS = 8
"""The number of distorted versions of each image."""

LINE = 90.0
"""The grey value of the lines between images."""


@dataclass(frozen=True)
class DrawnDigit:
    """An image of a data set, its label, and its distorted versions."""

    split: Split
    index: int
    label: int
    picture: Picture = field(repr=False)
    distorted: tuple[Picture, ...] = field(default=(), repr=False)


def draw_digits(
    data: artifacts.Artifact, split: Split, indices: Sequence[int], distortion: Distortion | None, seed: int
) -> tuple[DrawnDigit, ...]:
    """Return the images of ``split`` at ``indices``, or the first few.

    Raises
    ------
    UsageError
        An index is out of range.
    """
    images, labels = data.arrays[f"{split}_images"], data.arrays[f"{split}_labels"]
    data_artifact.check_indices(data, split, indices)
    chosen = list(indices) or list(range(min(SAMPLES, len(images))))
    versions = np.zeros((len(chosen), 0, 0, 0), np.uint8)
    if distortion is not None:
        versions = _versions(images[chosen], distortion, seed)
    return tuple(
        DrawnDigit(split, index, int(labels[index]), picture(images[index]), tuple(map(picture, distorted)))
        for index, distorted in zip(chosen, versions, strict=True)
    )


def draw_figure(digits: Sequence[DrawnDigit]) -> Figure:
    """Arrange the digits in a grid. With distorted versions, each row begins with the original."""
    distorted = len(digits[0].distorted)
    columns = 1 + distorted if distorted else min(SAMPLES, len(digits))
    pictures = [picture for digit in digits for picture in (digit.picture, *digit.distorted)]
    grid: Array = montage(np.array(pictures), columns, line=LINE)
    label = f"each before {distorted} distorted versions of it" if distorted else f"{len(digits)} images"
    scale = max(grid.shape) / 8
    panel = Panel(f"{digits[0].split} images", label, image=grid.tolist())
    size = (grid.shape[1] / scale + 0.3, grid.shape[0] / scale + 0.7)
    return Figure((panel,), columns=1, size=size)


def _versions(images: Bytes, distortion: Distortion, seed: int) -> Bytes:
    """Distort each image ``VERSIONS`` times: ``(m, VERSIONS, height, width)``."""
    repeated = np.repeat(images, VERSIONS, axis=0)
    _, height, width = images.shape
    rows = np.empty((len(repeated), height * width + 1), np.float32)
    Distorter((height, width), distortion, np.random.default_rng(seed)).fill(repeated, rows)
    greys: Bytes = np.rint(255 * rows[:, :-1]).astype(np.uint8)
    return greys.reshape(len(images), VERSIONS, height, width)


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


NETWORKS = ("weights", "checkpoint")


def figure_of(paths: Sequence[Path]) -> Figure:
    """Draw the learning curves of one or several histories, or the first layer of one network.

    Raises
    ------
    InputError
        A file is missing or damaged.
    UsageError
        The files are of other kinds.
    """
    histories = [path for path in paths if path.suffix == ".csv" and _kind(path) == "history"]
    if len(histories) == len(paths):
        return learning_curves([read_history(path) for path in dict.fromkeys(paths)])
    (other, *_) = (path for path in paths if path not in histories)
    if len(paths) > 1:
        raise UsageError(f"draws one file, or several histories; {other} is not a history", "plot")
    if other.suffix not in (".json", ".csv") and (artifact := artifacts.load(other)).kind in NETWORKS:
        return first_layer_figure(artifact)
    raise UsageError(
        f"{other} holds no images to draw; give a data set with images of that split, the weights of a network, or "
        "histories. `nn eval --plot` and `nn compare --plot` draw their results",
        "plot",
    )


def _kind(path: Path) -> str:
    return str(artifacts.load_metadata(path)["kind"])
