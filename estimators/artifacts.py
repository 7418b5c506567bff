"""Estimators as weights artifacts, the files that `nn train` writes."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.sklearn.features import ImageForm
from nndigits.sklearn.labels import labels_of, type_of, usual_type
from nndigits.sklearn.parameters import to_estimator, to_run
from nndigits.sklearn.run import new_run, of_one_thread
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.recipe import parameters_of
from nndigits.stages.runs.verdict import Calibration
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.texts import plain
from nndigits.stages.words.classes import are_digits

if TYPE_CHECKING:
    from nndigits.sklearn.network_classifier import NetworkClassifier

NAME = "scikit-learn"
"""The name of the data set in an artifact: an estimator does not know where its samples came from."""


def save(path: Path, estimator: "NetworkClassifier") -> None:
    """Write a fitted estimator to a weights artifact.

    Raises ValueError unless it was trained on bytes, and if an artifact cannot hold its labels or images.
    """
    if not estimator.form_.is_bytes:
        raise ValueError("only an estimator that was trained on bytes (uint8) can be saved: nn reads images of bytes")
    if len(estimator.classes_) > MOST_CLASSES:
        raise ValueError(f"there are {len(estimator.classes_)} classes, at most {MOST_CLASSES} can be saved")
    names, kind = list(map(str, estimator.classes_)), type_of(estimator.classes_)
    named = {} if are_digits(names) else {"names": names}
    network, calibration = estimator.network_, estimator.calibration_
    held_out = 0 if calibration is None else calibration.images
    score = estimator.validation_scores_[estimator.best_epoch_] if estimator.validation_scores_ else 0.0
    about = {
        **network_artifacts.to_about(network, estimator.form_.shape),
        "epoch": estimator.best_epoch_,
        "validation_correct": round(score * held_out),
        "validation_total": held_out,
        **({} if calibration is None else {"calibration": plain(calibration)}),
        **({} if kind == usual_type(names) else {"labels": kind}),
    }
    meta = artifacts.describe(
        "weights",
        parameters=replace(to_run(estimator), seed=estimator._run.parameters.seed).as_json(),
        dataset={"name": NAME, "verified": False, "classes": len(names), "source": {}, **named},
        about=about,
    )
    try:
        artifacts.save(path, meta, network_artifacts.to_arrays(network))
    except SchemaError as error:
        raise ValueError(f"the estimator cannot be saved: {error}") from None


def load(cls: "type[NetworkClassifier]", path: Path) -> "NetworkClassifier":
    """Return a fitted estimator from a weights artifact.

    Raises InputError if the file is unusable, and ValueError if the network has a reject class.
    """
    artifact = artifacts.load(path, "weights")
    network = network_artifacts.from_artifact(artifact)
    parameters = parameters_of(artifact)
    (height, width), names = network_artifacts.same_images([artifact])
    estimator = cls(**to_estimator(parameters), image_shape=None if height == width else (height, width))
    run = new_run(of_one_thread(parameters), (height, width), network.classes, 1, network)
    run.best_epoch = artifact.about["epoch"]
    found = artifact.about.get("calibration")
    estimator.calibration_ = Calibration(**found) if found else None
    try:
        estimator.classes_ = labels_of(names, artifact.about.get("labels", usual_type(names)))
    except ValueError as error:
        raise InputError(f"{path}: has {error}. Save it again with NetworkClassifier.save") from None
    estimator.form_ = ImageForm((height, width), is_bytes=True)
    estimator.n_features_in_ = height * width
    estimator._is_partial = False
    return estimator._take(run)
