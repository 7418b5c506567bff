"""The charts of a report as data for the page's script, ``pages/report/report.js``."""

from collections.abc import Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from nndigits.models.network.network import Network
from nndigits.models.network.projection import last_hidden, principal_plane
from nndigits.stages.classifiers.classifier import finite_outputs
from nndigits.stages.figures.learning_curves import MOST_RUNS
from nndigits.stages.figures.page_images import grey_address, signed_address
from nndigits.stages.pages.predictions import Predictions
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.freshness import judge
from nndigits.stages.results.show_figures import first_layer_figure
from nndigits.stages.runs.network_artifacts import from_artifact
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.result_files import History, read_history, read_times

MOST_POINTS, MOST_WRONG = 900, 150
"""On the map, and the mistakes among them. Each of the others takes about 500 bytes of the page."""

STEPS = 50
"""Points of the coverage curve."""


def histories(folder: Folder) -> list[History]:
    """Read the histories of the runs of a folder that belong to its weights; at most those that one chart can show."""
    found = []
    for name in folder.names("history"):
        with suppress(InputError):
            if judge(folder, name)[0] == "fresh":
                found.append(read_history(folder.path / name))
    return found[:MOST_RUNS]


def curves(runs: Sequence[History], own: str, folder: Folder, sha256: str) -> list[dict[str, Any]]:
    """Return the curves of each run by epoch; those of the network that is named ``own`` come first."""
    times = read_times(folder.path)
    return [
        {
            "name": run.name,
            "own": run.name == own,
            "cost": run.cost_name,
            "kept": run.kept,
            "costs": [row.cost for row in run.rows],
            "validationCosts": [row.validation_cost if row.validation_total else None for row in run.rows],
            "accuracies": [_share(row.training_correct, row.training_total) for row in run.rows],
            "validationAccuracies": [_share(row.validation_correct, row.validation_total) for row in run.rows],
            "etas": [row.eta for row in run.rows],
            "seconds": [times.get((sha256, f"epoch {row.epoch}")) for row in run.rows] if run.name == own else [],
        }
        for run in sorted(runs, key=lambda run: run.name != own)
    ]


def _share(correct: int, total: int) -> float | None:
    return 100 * correct / total if total else None


def reliability(made: Predictions) -> list[tuple[float, float, int]]:
    """Return for each bin of confidence the mean confidence, the accuracy, both in percent, and the images."""
    bins = zip(*(one.tolist() for one in made.bins), strict=True)
    return [(100 * sure / count, 100 * right / count, count) for count, sure, right in bins if count]


def coverage(made: Predictions) -> list[tuple[float, float, float]]:
    """Return for rising thresholds of confidence the share of answers given, that of them right, and the threshold."""
    order = np.argsort(-made.confidences, kind="stable")
    right = np.cumsum((made.labels == made.answers)[order])
    given = sorted({-(-made.total * step // STEPS) for step in range(1, STEPS + 1)})
    return [
        (100 * count / made.total, 100 * int(right[count - 1]) / count, float(made.confidences[order[count - 1]]))
        for count in given
    ]


def points(leader: Artifact, made: Predictions, shown: Set[int]) -> list[dict[str, Any]]:
    """Return test images as points of a plane: the most confident mistakes, and others, evenly.

    The picture of a point is in the page already if it is one of ``shown``, by its index.
    """
    network = from_artifact(leader)
    assert isinstance(network, Network)  # noqa: S101
    is_wrong = made.labels != made.answers
    wrong = np.flatnonzero(is_wrong)[np.argsort(-made.confidences[is_wrong], kind="stable")][:MOST_WRONG]
    right = np.flatnonzero(~is_wrong)
    right = right[:: -(-len(right) // (MOST_POINTS - len(wrong)))] if len(right) else right
    chosen = np.concatenate([right, wrong])  # mistakes last, so that they are drawn above
    with finite_outputs(leader.path):
        hidden = last_hidden(network, made.images[chosen])
    places = principal_plane(hidden[: len(right)] if len(right) > 1 else hidden, hidden)
    return [
        {
            "x": float(f"{x:.4g}"),
            "y": float(f"{y:.4g}"),
            "index": index,
            "label": int(made.labels[index]),
            "answer": int(made.answers[index]),
            "image": None if index in shown else grey_address(made.images[index]),
        }
        for index, (x, y) in zip(chosen.tolist(), places.tolist(), strict=True)
    ]


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
