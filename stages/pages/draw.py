"""The stage `draw`: a page to draw a digit on, which networks read at every stroke."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.network.network import Network
from nndigits.stages.classifiers.ensemble_predictor import UNSURE
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import class_names, title_of
from nndigits.stages.figures.page import assemble, check_ending, naming
from nndigits.stages.pages import networks
from nndigits.stages.results.wording import name_of
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.classes import are_digits


@dataclass(frozen=True)
class DrawReport:
    """The page; ``passed_over`` says why it has no samples, if data was not named and is missing or unfit.

    ``other_data`` has a sentence for each network that was trained on another data set than the samples are of.
    """

    out: Path
    weights: tuple[Path, ...]
    what: str
    samples: int
    bytes: int
    passed_over: tuple[str, ...]
    other_data: tuple[str, ...]


def draw(weights: list[Path], out: Path, *, data: Path | None = None, default_data: Path | None = None) -> DrawReport:
    """Write a page on which one draws digits that these networks read, complete in one file.

    Equal files give equal bytes.

    Parameters
    ----------
    data
        The data set whose test images are samples on the page.
    default_data
        The data set to try if ``data`` is None. If it is missing or does not fit, the page has no samples.

    Raises
    ------
    InputError
        Weights or ``data`` are missing or unusable, or do not fit each other.
    UsageError
        ``out`` does not end in .html, or there are too many networks.
    """
    check_ending(out)
    artifacts.check_output(out, "page", *weights, *filter(None, (data, default_data)), example="draw.html")
    loaded = networks.load(weights)
    source, passed_over = _source(data, default_data, loaded[0])
    chosen = choose_samples(source) if source else []
    inputs = {"data": source.sha256} if source else {}
    own = [artifact for artifact, _ in loaded if artifact.path != PRETRAINED]
    page = naming(
        _page(loaded, chosen),
        {**inputs, **{network_artifacts.role_of(at): one.sha256 for at, one in enumerate(own, 1)}},
    )
    files.write(out, [page])
    what = " and ".join(name_of(artifact.meta) for artifact, _ in loaded)
    other = network_artifacts.other_data([artifact for artifact, _ in loaded], source) if source else ()
    return DrawReport(out, tuple(weights), what, len(chosen), len(page), passed_over, other)


def _source(
    data: Path | None, default_data: Path | None, fitting: tuple[Artifact, Network]
) -> tuple[Artifact | None, tuple[str, ...]]:
    """Return the data set of the samples, and why there is none."""
    path = data or default_data
    if path is None:
        return None, ()
    artifact, network = fitting
    try:
        source = data_artifact.load(path)
        network_artifacts.check_same_images(artifact, network.classes, source)
    except InputError as error:
        if data is not None:
            raise
        return None, (str(error),)
    return source, ()


def _page(loaded: list[tuple[Artifact, Network]], chosen: list[dict[str, Any]]) -> str:
    artifact, _ = loaded[0]
    dataset = artifact.meta["dataset"]
    names = class_names(*(one.meta["dataset"] for one, _ in loaded))
    data = {
        "networks": networks.exported(loaded),
        "image": artifact.about["image"],
        "names": names,
        "least": UNSURE,
        "samples": chosen,
    }
    return assemble(
        "draw",
        data,
        of_digits=are_digits(names),
        dataset=title_of(dataset),
        image=artifact.about["image"],
        samples=bool(chosen),
        several=len(loaded) > 1,
    )


OF_EACH_CLASS, MOST_SAMPLES = 3, 60


def choose_samples(data: Artifact) -> list[dict[str, Any]]:
    """Return a few test images of each class, taken evenly from all of that class, with their labels and indices."""
    images, labels = data.arrays["test_images"], data.arrays["test_labels"]
    samples = []
    for label in np.unique(labels).tolist():
        places = np.flatnonzero(labels == label)
        count = min(OF_EACH_CLASS, len(places))
        for index in places[np.arange(count) * len(places) // count].tolist():
            pixels = base64.b64encode(images[index].tobytes()).decode()
            samples.append({"label": label, "index": index, "image": pixels})
    return samples[:MOST_SAMPLES]
