"""Other files in words and as tables: baselines, times, trials of a sweep, rows of a comparison.

Files of other kinds are not shown; their error says what to do with them.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.results.folder import Folder
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.store.patterns import COUNT, SchemaError, check_part, check_pattern
from nndigits.stages.store.result_files import load_document, read_times
from nndigits.stages.words.classes import are_digits, counted_classes, noun, nouns
from nndigits.stages.words.escaping import shell_word

OTHER_KINDS = {
    ".md": "is a table for people to read; the figures in it are in the .json file beside it: `nn show {}`",
    ".toml": "is a recipe, which is text; train with it: `nn train --recipe {}`",
    **dict.fromkeys((".png", ".jpg", ".jpeg"), "is a picture; read its digit: `nn predict {}`"),
    ".onnx": "is a network for other programs; `nn show` describes the weights that it was made from",
    ".svg": "is a picture; a browser shows it",
    ".txt": "is not a file of nn",
}
"""Why a file of another kind is not shown, and what to do with it."""


TRIAL: dict[str, Any] = {"name": str, "state": str, "validation_correct?": COUNT, "finished_epochs": COUNT}
"""What is shown of a trial of a sweep."""


@dataclass(frozen=True)
class ArrayReport:
    """One array of an artifact."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class TableReport:
    """A table of text and numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


def refuse_other_kinds(path: Path) -> None:
    """Raise InputError, with what to do instead, for a folder, or a file whose ending says that it holds no figures."""
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder. `nn status {shell_word(path)}` lists its files")
    if path.suffix in OTHER_KINDS and path.exists():
        name = path.with_suffix(".json") if path.suffix == ".md" else path
        raise InputError(f"{path}: {OTHER_KINDS[path.suffix].format(shell_word(name))}")


def arrays(artifact: Artifact) -> tuple[ArrayReport, ...]:
    """Describe the arrays of an artifact."""
    named = sorted(artifact.arrays.items())
    return tuple(ArrayReport(name, str(array.dtype), array.shape) for name, array in named)


def times(folder: Folder) -> TableReport:
    """Return the durations of a folder: the file that each is of, or the first digits of its hash; step; seconds."""
    names = {folder.sha256(folder.path / name): name for name in folder.names(*CLASSIFIER_KINDS)}
    known = read_times(folder.path).items()
    rows = tuple((names.get(sha256, f"{sha256[:8]} (not here)"), step, seconds) for (sha256, step), seconds in known)
    return TableReport(("file", "step", "seconds"), rows)


def trials(path: Path) -> TableReport:
    """Return the trials of a sweep, the best first; `nn sweep` compares them."""
    columns = tuple(name.rstrip("?") for name in TRIAL)
    try:
        found = load_document(path)[1].get("trials")
        check_pattern(found, list, "trials")
        trials = [check_part(one, TRIAL, "a trial") for one in found or ()]
    except SchemaError as error:
        raise InputError(f"{path}: has no trials as `nn sweep` writes them ({error}). Sweep again") from None
    return TableReport(columns, tuple(tuple(one.get(name, "") for name in columns) for one in trials))


def entries(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the rows of a comparison; ``stages/results/comparison.py`` knows what is in them."""
    found = load_document(path)[1].get("entries")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InputError(f"{path}: has no rows as `nn compare` writes them. Compare again")
    return tuple(found)


CHOSEN = {
    "defaults": "with the default C and gamma",
    "given": "with the C and gamma that were given",
    "search": "with the C and gamma that a search found best on the validation images",
}


def baseline_in_words(artifact: Artifact) -> tuple[str, ...]:
    """Say what a baseline is and what it learned."""
    about, arrays, names = artifact.about, artifact.arrays, class_names(artifact.meta["dataset"])
    match artifact.kind:
        case "random":
            seed = artifact.meta["parameters"]["seed"]
            classes = counted_classes(names)
            return (f"Guesses each of {classes} with equal probability, from seed {seed}. It learned nothing.",)
        case "darkness":
            return (
                f"Takes the {noun(names)} whose mean darkness is closest to that of the image.",
                f"The means are of {about['train']:,} training images, in fully black pixels:",
            )
        case "svm":
            pairs, vectors = len(arrays["intercepts"]), len(arrays["support"])
            return (
                f"A support vector machine with the kernel exp(-gamma |x - z|^2), C {about['c']:g} and gamma "
                f"{about['gamma']:.4g}, {CHOSEN.get(about['chosen'], about['chosen'])}.",
                f"One machine for each of {pairs} pairs of {nouns(names)}, trained on {about['train']:,} images in "
                f"{about['steps']:,} steps; {vectors:,} images are support vectors:",
            )
        case "svm-pairs":
            return (
                f"{len(arrays['lengths'])} finished pairs of an interrupted run; the same command goes on with them.",
            )
    return ()


def baseline_table(artifact: Artifact) -> TableReport | None:
    """Return what a baseline learned of each class; None if there is no such table."""
    arrays, names = artifact.arrays, class_names(artifact.meta["dataset"])
    first: Sequence[str | int] = range(len(names)) if are_digits(names) else names
    if artifact.kind == "darkness":
        rows = zip(first, arrays["counts"].tolist(), arrays["means"].tolist(), strict=True)
        return TableReport((noun(names), "images", "mean darkness"), tuple(rows))
    if artifact.kind == "svm":
        return TableReport((noun(names), "support vectors"), tuple(zip(first, arrays["counts"].tolist(), strict=True)))
    return None
