"""The kinds of artifact: the arrays of each kind with types and shapes, and its metadata.

A new kind is a new row of KINDS. ``schema.py`` explains the rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from nndigits.models.arrays.limits import MOST_CLASSES, check_image
from nndigits.stages.store.baseline_kinds import BASELINES, IMAGE
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import (
    COUNT,
    MOST_COUNT,
    SHARE,
    Items,
    Json,
    SchemaError,
    Text,
    check_pattern,
    real,
    shown,
    whole,
)
from nndigits.stages.store.schema import REAL, Kind, Members, Names, check_range

FORMAT, TEXT_FORMAT = 1, 2
"""The formats of ``.npz`` files, and of ``.json`` and ``.csv`` files."""

Split = Literal["test", "validation", "train"]
"""The splits of a data set."""

MOST_COST = 1e300
"""The largest cost of an epoch. The sum over all epochs of a run then does not overflow."""

MOST_NAME = 255
"""The characters of a data set's name, which may be that of a folder."""

MOST_CLASS_NAME, MOST_NAMES = 40, 4096
"""The characters of the name of a class, and of all names of a data set together."""

HASH = Text(64)
DATASET_PATTERN = {
    "name": Text(MOST_NAME),
    "verified": bool,
    "classes": whole(1, MOST_CLASSES),
    "names?": Items(Text(MOST_CLASS_NAME), 1, MOST_CLASSES),
    "plain?": bool,
    "source": {"...": HASH},
}
"""The metadata on the data set that an artifact was made from.

``names`` are those of the classes, where they are not numbers. ``plain`` is true for pictures that were only scaled.
"""

CLASSIFIER_KINDS = ("weights", "random", "darkness", "svm")
"""The kinds that are classifiers."""

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.01, 100.0
"""The allowed temperatures. `nn train` searches from 0.02 to 50."""

COMMON = {
    "kind": Text(40),
    "format": whole(FORMAT, TEXT_FORMAT),
    "parameters": {"...": Json(depth=3)},
    "inputs": {"...": HASH},
    "dataset": DATASET_PATTERN,
    "versions": {"nn": Text(200), "...": Text(200)},
}
"""The metadata of every file, except for ``about``."""


SPLITS = ("train", "validation", "test")

DATASET: Members = {
    **{f"{split}_images": ("|u1", (split, "height", "width")) for split in SPLITS},
    **{f"{split}_labels": ("|u1", (split,)) for split in SPLITS},
}
"""Images and labels of the three splits."""


def dataset_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require training images, and labels below the number of classes."""
    classes = meta["dataset"]["classes"]
    if not arrays["train_images"].size:
        raise SchemaError("has no training images")
    for part in SPLITS:
        if len(arrays[f"{part}_labels"]) and arrays[f"{part}_labels"].max() >= classes:
            raise SchemaError(f"has {part}_labels beyond its {classes} classes")


def weights_members(_: Mapping[str, Any], names: Names, prefix: str = "") -> Members:
    """Weights and biases of each trainable layer, numbered from 1.

    Storage does not know the kinds of layers. The number of layers and their shapes are checked when the network is
    built (``runs/network_artifacts.py``).
    """
    members: Members = {}
    layers = max(sum(name.startswith(f"{prefix}{part}_") for name in names) for part in ("weights", "biases"))
    for number in range(1, max(1, layers) + 1):
        members[f"{prefix}weights_{number}"] = (REAL, (f"neurons of layer {number}", f"inputs of layer {number}"))
        members[f"{prefix}biases_{number}"] = (REAL, (f"neurons of layer {number}",))
    return members


def weights_rule(meta: Mapping[str, Any], _: Mapping[str, AnyArray]) -> None:
    """Require not more correct validation images than there are."""
    correct, total = meta["about"]["validation_correct"], meta["about"]["validation_total"]
    if correct > total:
        raise SchemaError(f"has {correct:,} validation images correct, of {total:,}")


def checkpoint_members(about: Mapping[str, Any], names: Names) -> Members:
    """The current weights, the best ones, the optimizer state, and the results of each epoch."""
    return {
        **weights_members(about, names),
        **weights_members(about, names, "best_"),
        **{name: member for of in about["memory"] for name, member in weights_members(about, names, f"{of}_").items()},
        "cost": ("<f8", ("epochs",)),
        "validation_correct": ("<i8", ("epochs",)),
        "validation_cost": ("<f8", ("epochs",)),
        "training_correct": ("<i8", ("epochs",)),
        "eta": ("<f8", ("epochs",)),
    }


def checkpoint_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require the best epoch to be one of the epochs, and counts of correct images."""
    best, epochs = meta["about"]["best_epoch"], len(arrays["cost"])
    if best >= epochs:
        raise SchemaError(f"has epoch {best:,} as the best of {epochs:,}")
    for name in ("cost", "validation_cost", "eta"):
        check_range(name, arrays[name], -MOST_COST, MOST_COST)
    for name in ("validation_correct", "training_correct"):
        check_range(name, arrays[name], 0, MOST_COUNT)


NETWORK_PATTERN = {"layers": Items(Text(100), 1, 400), "cost": Text(40), "image": IMAGE}
RESULT_PATTERN = {"epoch": COUNT, "validation_correct": COUNT, "validation_total": COUNT}
"""The epoch whose weights are kept, and its correct validation images of all."""

CALIBRATION_PATTERN = {
    "temperature": real(LEAST_TEMPERATURE, MOST_TEMPERATURE),
    "images": COUNT,
    "error_before": SHARE,
    "error_after": SHARE,
}
"""The temperature, the number of validation images it was fitted on, and the calibration error before and after."""

PCG64_PATTERN = {
    "bit_generator": Text(40),
    "state": {"state": whole(0, 2**128 - 1), "inc": whole(0, 2**128 - 1)},
    "has_uint32": whole(0, 1),
    "uinteger": whole(0, 2**32 - 1),
}

KINDS = {
    kind.name: kind
    for kind in (
        Kind("dataset", "a data set", "nn fetch", DATASET, {}, dataset_rule),
        Kind(
            "weights",
            "a trained network",
            "nn train",
            weights_members,
            {**NETWORK_PATTERN, **RESULT_PATTERN, "calibration?": CALIBRATION_PATTERN, "labels?": Text(40)},
            weights_rule,
        ),
        Kind(
            "checkpoint",
            "a checkpoint",
            "nn train",
            checkpoint_members,
            {**NETWORK_PATTERN, "random_state": PCG64_PATTERN, "best_epoch": COUNT, "memory": Items(Text(40), 0, 10)},
            checkpoint_rule,
        ),
        *BASELINES,
    )
}


OTHER_TITLES = {
    "history": "the history of a training run",
    "confusion": "a confusion matrix",
    "eval": "an evaluation",
    "search": "a search for C and gamma",
    "compare": "a comparison",
    "sweep": "the table of a sweep",
    "results": "the trials of a sweep",
    "table": "the table of a comparison",
    "page": "a page for a browser",
    "model": "a network for other programs",
    "export": "a network for other programs",
    "picture": "a picture",
    "figure": "a figure",
    "demonstration": "a demonstration",
}
"""What files of the kinds without arrays are called, with an article."""


def title_of_kind(kind: str) -> str:
    """Return what a file of this kind is called in a sentence.

    >>> title_of_kind("weights")
    'a trained network'
    """
    return KINDS[kind].title if kind in KINDS else OTHER_TITLES.get(kind, f"a file of the kind {kind}")


ARRAY_KINDS = {kind.name: kind.about for kind in KINDS.values()}
"""The pattern of ``about`` of each kind of ``.npz`` file."""

TEXT_KINDS: dict[str, Mapping[str, Any]] = {
    "history": {**NETWORK_PATTERN, "epoch": COUNT, "validation_correct?": COUNT, "validation_total?": COUNT},
    **{kind: {} for kind in ("confusion", "eval", "search", "compare", "sweep", "results")},
}
"""The pattern of ``about`` of each kind of ``.json`` and ``.csv`` file."""


def check_metadata(meta: Any, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise SchemaError if metadata is not that of one of these kinds: ARRAY_KINDS or TEXT_KINDS."""
    check_pattern(meta, dict)
    expected = TEXT_FORMAT if kinds is TEXT_KINDS else FORMAT
    if meta.get("format") != expected:
        raise SchemaError(f"has format {shown(meta.get('format'))}, this nn reads format {expected}")
    kind = str(meta.get("kind"))
    if kind not in kinds:
        raise SchemaError(f"is of an unknown kind, {kind[:40]!r}; known are {', '.join(kinds)}")
    check_pattern(meta, {**COMMON, "about": kinds[kind]})
    names = meta["dataset"].get("names")
    if names is not None:
        check_class_names(names, meta["dataset"]["classes"])


def check_class_names(names: Sequence[str], classes: int) -> None:
    """Raise SchemaError unless there is a name for each class, different from all others, and not too long."""
    if len(names) != classes:
        raise SchemaError(f"has {len(names)} names for {classes} classes")
    if len(set(names)) < classes or not all(map(str.strip, names)):
        raise SchemaError("has classes of the same name, or without a name")
    letters = sum(map(len, names))
    if letters > MOST_NAMES:
        raise SchemaError(f"has names of classes of {letters:,} characters together, at most {MOST_NAMES:,} are read")


def check(meta: Any, arrays: Mapping[str, AnyArray]) -> None:
    """Raise SchemaError if an artifact does not match its own kind."""
    check_metadata(meta, ARRAY_KINDS)
    KINDS[meta["kind"]].check(meta, arrays)
    _check_image(meta, arrays)


def _check_image(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Raise SchemaError for larger images than nn accepts, whatever the kind."""
    image = arrays["train_images"].shape[1:] if "train_images" in arrays else meta["about"].get("image")
    try:
        if image is not None:
            check_image(image)
    except ValueError as error:
        raise SchemaError(str(error)) from None
