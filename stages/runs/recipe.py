"""Recipes: the parameters of training runs worth repeating, as TOML files.

The keys of the table ``[train]`` are the flags of `nn train` without their dashes. Optional texts give the title, the
expected result, the time it takes and the source. The recipes that come with nn are in the folder ``recipes``. The
recipe of a run that was made is read from the weights that it wrote.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nndigits.models.augmentation.specification import parse_distortion
from nndigits.stages.runs.parameters import DEFAULTS, Parameters, WrongType, convert, is_imported
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError, did_you_mean
from nndigits.stages.store.patterns import (
    MOST_TEXT,
    UNPRINTABLE_IN_LINES,
    Json,
    SchemaError,
    Text,
    check_pattern,
    shown,
)
from nndigits.stages.store.texts import MOST_TOML, parse_toml
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.numbers import share

OURS = Path(__file__).parent / "recipes"
HINT = "`nn recipes` lists those that come with nn; `nn recipes NAME` prints one to start from"

FORM = Json(3, Text(MOST_TEXT, UNPRINTABLE_IN_LINES))
"""A table with a table [train], in which a value may be a list."""


@dataclass(frozen=True)
class Recipe:
    """A recipe: four texts about it, and the fields of Parameters that it sets."""

    name: str
    title: str
    expected: str
    takes: str
    source: str
    parameters: dict[str, Any]


ABOUT = ("title", "expected", "takes", "source")
NAMES = (
    "book-30",
    "book-100",
    "no-hidden",
    "improved-100",
    "sprint",
    "quick",
    "fast",
    "dense",
    "norm-16",
    "best",
    "reader",
    "record",
    "norm-3x3",
    "norm-5x5",
    "voter",
    "fashion",
    "fashion-deep",
)
"""The recipes that come with nn, in the order in which they are listed."""


def recipes() -> list[Recipe]:
    """Return the recipes that come with nn."""
    return [read(name) for name in NAMES]


def read(name: str) -> Recipe:
    """Read a recipe by its name, or from a file whose name ends in ``.toml``.

    Raises
    ------
    InputError
        There is no recipe of this name, or no such file; or it is not TOML, or has an unknown key or a wrong value.
    """
    try:
        content = text(name)
        if not content.strip():
            raise SchemaError("is empty")
        document = parse_toml(content)
        check_pattern(document, FORM)
    except SchemaError as error:
        raise InputError(f"{name}: {error}. {HINT}") from None
    return checked(name, document)


def text(name: str) -> str:
    """Return the text of a recipe."""
    if name not in NAMES and os.path.isdir(name):
        raise InputError(f"{name}: is a folder, not a recipe. {HINT}")
    if name.endswith(".npz"):
        raise InputError(f"{name}: is not a recipe; `nn show --recipe FILE` prints that of a network")
    if not name.endswith(".toml") and name not in NAMES:
        file = f"./{name}.toml" if os.path.exists(f"{name}.toml") else ""
        question = f"Did you mean {file}?" if file else did_you_mean(name, NAMES)
        known = f"Known are {', '.join(NAMES)}, or a file such as ./mine.toml"
        raise InputError(" ".join(filter(None, [f"recipe {name}: no such recipe.", question, known])))
    path = path_of(name)
    hint = f"Did you mean the recipe {path.stem}? {HINT}" if path.stem in NAMES else HINT
    try:
        return files.read(path, hint=hint, limit=MOST_TOML).decode()
    except UnicodeDecodeError:
        raise InputError(f"{name}: is not TOML: it is not UTF-8. {HINT}") from None


def path_of(name: str) -> Path:
    """Return the file of a recipe."""
    return OURS / f"{name}.toml" if name in NAMES else Path(name)


def lines(text: str) -> list[str]:
    """Return the lines of a recipe as they can be printed: without tabs, which TOML allows."""
    return text.replace("\r\n", "\n").expandtabs().rstrip("\n").split("\n")


def parameters(recipe: Mapping[str, Any], given: Mapping[str, Any]) -> Parameters:
    """Return the parameters of a recipe, overridden by those given.

    ``hidden`` and ``layers`` both define the layers. A given ``layers`` replaces ``hidden`` and its activation. A given
    ``hidden`` replaces ``hidden`` only: in place of ``layers``, it would make a network that the recipe is not for.

    Raises
    ------
    UsageError
        ``hidden`` is given, and the recipe has ``layers``.
    """
    if "hidden" in given and "layers" not in given and recipe.get("layers"):
        first = recipe["layers"].split(",")[0]
        raise UsageError(
            f"the recipe sets the layers, '{first}, ...'; give `layers` instead, or leave out the recipe",
            "hidden",
            given["hidden"] or "none",
        )
    replaced = {"hidden", "activation"} if "layers" in given else set()
    chosen = {**{name: value for name, value in recipe.items() if name not in replaced}, **given}
    if chosen.get("layers"):
        chosen.setdefault("hidden", ())
    return Parameters(**chosen)


@contextmanager
def blamed(name: str | None, recipe: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[None]:
    """Turn a UsageError about a parameter that the recipe sets, and nobody else, into an InputError that names it."""
    try:
        yield
    except UsageError as error:
        if error.parameter in recipe and error.parameter not in given:
            raise InputError(f"{name}: {error.message(key_of)}") from None
        raise


def checked(name: str, document: Mapping[str, Any]) -> Recipe:
    """Return a recipe from the content of its file; raises InputError for an unknown key or a wrong value."""
    _refuse_unknown(name, document, (*ABOUT, "train"), "")
    about = {key: document.get(key, "") for key in ABOUT}
    for key, value in about.items():
        if not isinstance(value, str):
            raise InputError(f"{name}: {key} should be text, is {shown(value)}. {HINT}")
    train = document.get("train", {})
    if not isinstance(train, dict):
        raise InputError(f"{name}: train should be a table, [train], is {shown(train)}. {HINT}")
    _refuse_unknown(name, map(str, train), TRAIN_KEYS, "[train] ")
    chosen = {}
    for key, value in train.items():
        parameter = key.replace("-", "_")
        try:
            chosen[parameter] = convert(parameter, value)
        except WrongType as error:
            raise InputError(f"{name}: {key} = {shown(value)}: {error}. {HINT}") from None
    try:
        parameters(chosen, {})
    except UsageError as error:
        raise InputError(f"{name}: {error.message(key_of)}") from None
    return Recipe(name=name, parameters=chosen, **about)


def _refuse_unknown(name: str, found: Iterable[str], known: Iterable[str], where: str) -> None:
    known = tuple(known)
    for key in found:
        if key not in known:
            what = f"which no recipe has. {did_you_mean(key, known) or 'Known are ' + ', '.join(known)}"
            if not where and key in TRAIN_KEYS:
                what = "which belongs in the table [train]"
            raise InputError(f"{name}: {where}has {shown(key)}, {what}")


def key_of(name: str) -> str:
    """Return the key of a parameter."""
    return name.replace("_", "-")


TRAIN_KEYS = [key_of(field.name) for field in fields(Parameters)]
"""The keys of the table [train]."""


def recipe_of(weights: Path) -> str:
    """Return all parameters of the run that made weights, as the TOML of a recipe that repeats it.

    Raises InputError if a recipe cannot have these parameters, or if they are unknown.
    """
    made = artifacts.load(weights, "weights")
    if is_imported(made.meta["parameters"]):
        raise InputError(f"{weights}: was imported from another program; how it was trained is unknown")
    about = made.about
    lines = [f"title = {_value('made ' + printable(made.path.name))}"]
    if about["validation_total"]:
        found = f"{share(about['validation_correct'], about['validation_total'])} validation images"
        lines.append(f"expected = {_value(found)}")
    lines.append(f"source = {_value('nn ' + made.meta['versions']['nn'])}")
    train = _train_table(made)
    checked(str(weights), {"train": train})
    lines += ["", "[train]", *(f"{name} = {_value(value)}" for name, value in train.items())]
    return "\n".join(lines) + "\n"


def parameters_of(made: Artifact) -> Parameters:
    """Return all parameters of the run that made weights; raises InputError if no run can have them."""
    return parameters(checked(str(made.path), {"train": _train_table(made)}).parameters, {})


def _train_table(made: Artifact) -> dict[str, Any]:
    """Return the table ``[train]`` with all parameters of the run that made weights."""
    stored = {**DEFAULTS, **made.meta["parameters"]}
    train = {name: value for name, value in stored.items() if value is not None}
    try:
        train["distort"] = str(parse_distortion(str(train["distort"])))
    except ValueError as error:
        raise InputError(f"{made.path}: distort: {error}. {HINT}") from None
    return {key_of(name): value for name, value in train.items()}


def _value(value: Any) -> str:
    """Return a value as TOML, where numbers, lists of them and text look as in JSON."""
    return json.dumps(value, ensure_ascii=False)
