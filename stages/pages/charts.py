"""The charts of a report: learning curves, the comparison, the reliability diagram, and the first layer's weights."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from nndigits.models.network.calibration import BINS
from nndigits.stages.figures.accuracy import comparison_figure
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.figures.files import first_layer_figure
from nndigits.stages.figures.learning_curves import MOST_RUNS, History, learning_curves, read_history
from nndigits.stages.pages.pictures import inline, signed_address
from nndigits.stages.pages.predictions import Predictions
from nndigits.stages.results.entries import Entry
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.freshness import judge
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError


def histories(folder: Folder) -> list[History]:
    """Read the histories of the runs of a folder that belong to its weights; at most those that one chart can show."""
    found = []
    for name in folder.names("history"):
        with suppress(InputError):
            if judge(folder, name)[0] == "fresh":
                found.append(read_history(folder.path / name))
    return found[:MOST_RUNS]


def curves(runs: Sequence[History]) -> Markup:
    """Draw the learning curves of all runs, overlaid."""
    return inline(learning_curves(runs), "curves")


def comparison(rows: Sequence[Entry], dataset: str, *, with_book: bool) -> Markup:
    """Draw the accuracy of each classifier with its interval."""
    return inline(comparison_figure(rows, dataset, with_book=with_book), "comparison")


def reliability(predictions: Predictions) -> Markup:
    """Draw the accuracy against the confidence: on the diagonal, of 100 answers at 90 % ninety are right."""
    counts, confidence, correct = predictions.bins
    filled = [bin for bin in range(BINS) if counts[bin]]
    points = Curve(
        [100 * float(confidence[bin] / counts[bin]) for bin in filled],
        [100 * float(correct[bin] / counts[bin]) for bin in filled],
        "this network",
        "marked",
    )
    panel = Panel(
        "Accuracy by confidence",
        "mean confidence, %",
        "correct, %",
        (Curve([0, 100], [0, 100], "perfectly calibrated", "dashed"), points),
        x_range=(0.0, 100.0),
        y_range=(0.0, 100.0),
    )
    return inline(Figure((panel,), columns=1, size=(5.4, 4.4)), "reliability")


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
