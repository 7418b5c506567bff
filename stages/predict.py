"""The stage `predict`: classify pictures of single digits."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.images.digit_finder import MIN_DIGIT_PROBABILITY, FoundDigit, Problem
from nndigits.stages.classifiers.ensemble_predictor import UNSURE, EnsemblePredictor
from nndigits.stages.datasets import data_artifact
from nndigits.stages.own_images import pictures
from nndigits.stages.own_images.preparation import prepare
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.texts import Picture, picture

if TYPE_CHECKING:
    from nndigits.stages.store.kinds import Split

TOP = 2


@dataclass(frozen=True)
class Candidate:
    """A class by its number, its name, and its probability."""

    digit: int
    name: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """The prediction for one picture.

    Attributes
    ----------
    candidates
        Most probable first; empty if there is ``trouble``.
    guess
        What a picture of seemingly several digits shows if it is one after all, where that is probable.
    unreadable
        Why the file is not a picture.
    label
        The label in the data set, for an image of one.
    seen
        The image that was classified.
    """

    name: str
    candidates: tuple[Candidate, ...]
    unsure: bool
    trouble: Problem | None = None
    guess: Candidate | None = None
    unreadable: str | None = None
    label: int | None = None
    seen: Picture = field(default=(), repr=False)


@dataclass(frozen=True)
class PredictReport:
    """The predictions and their classifier; ``validation_accuracy`` is None if it is unknown.

    ``other_data`` has a sentence for each classifier that was trained on another data set than the images are of.

    ``classes`` has the names of the classes that the classifier knows.
    """

    weights: tuple[Path, ...]
    what: str
    dataset: str
    classes: tuple[str, ...]
    calibrated: bool
    temperature: float
    validation_accuracy: float | None
    predictions: tuple[Prediction, ...]
    other_data: tuple[str, ...] = ()


def predict(
    files: Sequence[Path],
    weights: Path | Sequence[Path] = PRETRAINED,
    *,
    top: int | None = None,
    seen: Path | None = None,
) -> PredictReport:
    """Classify pictures of one digit each, given as files, folders, or ``-`` for standard input.

    Parameters
    ----------
    weights
        Classifiers; several form an ensemble. The default is the network that comes with nn.
    top
        Number of candidates to keep. Default: 2, or 1 if there is one class.
    seen
        Picture to save the classified images to, one below the other.

    Raises
    ------
    InputError
        Weights are unusable. A file that is not a picture does not raise; its prediction says so.
    UsageError
        ``top`` is more than there are classes, or ``seen`` is an input file.
    """
    reader, paths = EnsemblePredictor(weights), [path for file in files for path in _pictures(file)]
    if paths.count(pictures.STANDARD_INPUT) > 1:
        raise UsageError("-: standard input can be read once; name it once")
    top = _checked(reader, top, seen, paths)
    sights = (_sight(path, reader) for path in paths)
    return _report(reader, [(str(path), sight, None) for path, sight in zip(paths, sights, strict=True)], top, seen)


def predict_from(
    data: Path,
    indices: Sequence[int],
    weights: Path | Sequence[Path],
    *,
    split: "Split" = "test",
    top: int | None = None,
    seen: Path | None = None,
) -> PredictReport:
    """Classify images of a data artifact, by their indices in ``split``.

    Raises InputError if a classifier may have learned from the images, because it was trained under another split.
    """
    reader, source = EnsemblePredictor(weights), data_artifact.load(data)
    top = _checked(reader, top, seen, [data])
    images, labels = source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"]
    data_artifact.check_indices(source, split, indices)
    if images.shape[1:] != reader.image:
        height, width = reader.image
        raise InputError(f"{data}: has images of {images.shape[1]} x {images.shape[2]}, expected {height} x {width}")
    for member in reader.artifacts:
        network_artifacts.check_split(member, source)
        network_artifacts.check_unlearned(member, source, split)
    chosen = [(f"{split} #{index}", FoundDigit(images[index]), int(labels[index])) for index in indices]
    other = network_artifacts.other_data(reader.artifacts, source)
    return replace(_report(reader, chosen, top, seen), other_data=other)


def _checked(reader: EnsemblePredictor, top: int | None, seen: Path | None, read: Sequence[Path]) -> int:
    """Return the number of candidates to keep, after checking it and the output."""
    top = min(TOP, reader.classes) if top is None else top
    if not 1 <= top <= reader.classes:
        raise UsageError(f"expected 1 to {reader.classes}, the number of classes", "top", top)
    if seen is not None:
        artifacts.check_output(seen, "picture", *read, *reader.paths, example="seen.png")
    return top


def _pictures(file: Path) -> Sequence[Path]:
    return pictures.in_folder(file) if os.path.isdir(file) else (file,)


def _sight(path: Path, reader: EnsemblePredictor) -> FoundDigit | str:
    """Find the digit in a picture; for a file that is not a picture, return the reason."""
    try:
        return prepare(path, reader.image, reader.names, is_plain=reader.is_plain)
    except InputError as error:
        return str(error)


def _report(
    reader: EnsemblePredictor, shown: Sequence[tuple[str, FoundDigit | str, int | None]], top: int, seen: Path | None
) -> PredictReport:
    images = np.array([sight.image for _, sight, _ in shown if isinstance(sight, FoundDigit)], np.uint8).reshape(
        -1, *reader.image
    )
    if seen is not None and len(images):
        pictures.save(seen, images.reshape(-1, reader.image[1]))
    outputs = zip(*reader.predict(images), strict=True)
    return PredictReport(
        weights=reader.paths,
        what=str(reader),
        dataset=reader.dataset,
        classes=reader.names,
        calibrated=reader.calibrated,
        temperature=reader.temperature,
        validation_accuracy=reader.accuracy,
        predictions=tuple(
            Prediction(name, (), True, unreadable=sight, label=label)
            if isinstance(sight, str)
            else _prediction(reader, name, sight, label, *next(outputs), top)
            for name, sight, label in shown
        ),
    )


def _prediction(
    reader: EnsemblePredictor,
    name: str,
    sight: FoundDigit,
    label: int | None,
    probabilities: Array,
    digit: float,
    top: int,
) -> Prediction:
    """Create a prediction; it is unsure if the best class is less probable than UNSURE.

    ``probabilities`` are those of the classes, given that the image is one; ``digit`` is the probability of that.
    """
    least = UNSURE if reader.calibrated else 0.0
    trouble = sight.problem or ("none" if digit < MIN_DIGIT_PROBABILITY else None)
    best = probabilities.argsort()[::-1]
    found = tuple(Candidate(int(each), reader.names[each], float(probabilities[each] * digit)) for each in best[:top])
    is_guess = sight.may_be_one and 0 < least <= found[0].probability
    return Prediction(
        name=name,
        candidates=() if trouble else found,
        guess=found[0] if is_guess else None,
        unsure=bool(trouble or found[0].probability < least),
        trouble=trouble,
        label=label,
        seen=picture(sight.image),
    )
