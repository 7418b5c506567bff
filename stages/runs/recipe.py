"""Recipes: the parameters of training runs worth repeating, as TOML files.

The keys of the table ``[train]`` are the flags of `nn train` without their dashes. Optional texts give the title, the
expected result, the time it takes and the source. The recipes that come with nn are in ``recipes/``.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from nn.models.augmentation.specification import parse_distortion
from nn.stages.parsing.patterns import MOST_TEXT, UNPRINTABLE_IN_LINES, Json, SchemaError, Text, check_pattern, shown
from nn.stages.parsing.toml_text import MOST_BYTES, parse_toml
from nn.stages.runs.parameters import CURRENT, DEFAULTS, Parameters
from nn.stages.store import artifacts, files
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError, UsageError, did_you_mean
from nn.stages.words.escaping import printable
from nn.stages.words.numbers import share

OURS = Path(__file__).with_name("recipes")
HINT = "`nn recipes` lists those that come with nn; `nn recipes NAME` prints one to start from"

FORM = Json(3, Text(MOST_TEXT, UNPRINTABLE_IN_LINES))
"""A table with a table [train], in which a value may be a list."""

HINTS = get_type_hints(Parameters)


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
    return _checked(name, document)


def text(name: str) -> str:
    """Return the text of a recipe."""
    if not name.endswith(".toml") and name not in NAMES:
        file = f"./{name}.toml" if os.path.exists(f"{name}.toml") else ""
        question = f"Did you mean {file}?" if file else did_you_mean(name, NAMES)
        known = f"Known are {', '.join(NAMES)}, or a file such as ./mine.toml"
        raise InputError(" ".join(filter(None, [f"recipe {name}: no such recipe.", question, known])))
    path = path_of(name)
    hint = f"Did you mean the recipe {path.stem}? {HINT}" if path.stem in NAMES else HINT
    try:
        return files.read(path, hint=hint, limit=MOST_BYTES).decode()
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
            f"the recipe sets the layers, '{first}, ...'; give layers instead, or leave out the recipe",
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
            raise InputError(f"{name}: {error.message(_key)}") from None
        raise


def recipe_of(weights: Path) -> str:
    """Return all parameters of the run that made weights, as the TOML of a recipe that repeats it.

    Raises InputError if a recipe cannot have these parameters.
    """
    made = artifacts.load(weights, "weights")
    about = made.about
    lines = [f"title = {_value('made ' + printable(made.path.name))}"]
    if about["validation_total"]:
        found = f"{share(about['validation_correct'], about['validation_total'])} validation images"
        lines.append(f"expected = {_value(found)}")
    lines.append(f"source = {_value('nn ' + made.meta['versions']['nn'])}")
    train = _train_table(made)
    _checked(str(weights), {"train": train})
    lines += ["", "[train]", *(f"{name} = {_value(value)}" for name, value in train.items())]
    return "\n".join(lines) + "\n"


def parameters_of(made: Artifact) -> Parameters:
    """Return all parameters of the run that made weights; raises InputError if no run can have them."""
    return parameters(_checked(str(made.path), {"train": _train_table(made)}).parameters, {})


def _train_table(made: Artifact) -> dict[str, Any]:
    """Return the table ``[train]`` with all parameters of the run that made weights."""
    stored = {**DEFAULTS, **made.meta["parameters"]}
    train = {CURRENT.get(name, name): value for name, value in stored.items() if value is not None}
    try:
        train["distort"] = str(parse_distortion(str(train["distort"])))
    except ValueError as error:
        raise InputError(f"{made.path}: distort: {error}. {HINT}") from None
    return {_key(name): value for name, value in train.items()}


def _checked(name: str, document: Mapping[str, Any]) -> Recipe:
    _refuse_unknown(name, document, (*ABOUT, "train"), "")
    about = {key: document.get(key, "") for key in ABOUT}
    for key, value in about.items():
        if not isinstance(value, str):
            raise InputError(f"{name}: {key} should be text, is {shown(value)}. {HINT}")
    train = document.get("train", {})
    if not isinstance(train, dict):
        raise InputError(f"{name}: train should be a table, [train], is {shown(train)}. {HINT}")
    for old, current in CURRENT.items():
        if old in train and current in train:
            raise InputError(f"{name}: [train] has {old!r} and {current!r}, which are one parameter. {HINT}")
    keys = {str(CURRENT.get(key, key)): str(key) for key in train}
    _refuse_unknown(name, keys, [_key(field.name) for field in fields(Parameters)], "[train] ")
    chosen = {current.replace("-", "_"): _read(name, current, key, train[key]) for current, key in keys.items()}
    try:
        parameters(chosen, {})
    except UsageError as error:
        message = error.message(lambda parameter: keys.get(_key(parameter), _key(parameter)))
        raise InputError(f"{name}: {message}") from None
    return Recipe(name=name, parameters=chosen, **about)


def _refuse_unknown(name: str, found: Iterable[str], known: Iterable[str], where: str) -> None:
    known = tuple(known)
    for key in found:
        if key not in known:
            raise InputError(f"{name}: {where}has {shown(key)}, which no recipe has; known are {', '.join(known)}")


def _key(name: str) -> str:
    """Return the key of a parameter."""
    return name.replace("_", "-")


def _read(name: str, current: str, key: str, value: Any) -> Any:
    """Return a value with the type of the parameter's annotation, or raise InputError, which names ``key``."""
    hint = HINTS[current.replace("-", "_")]
    for wanted in _alternatives(hint):
        if get_origin(wanted) is Literal and value in get_args(wanted):
            return value
        if get_origin(wanted) is tuple and isinstance(value, list) and all(type(item) is int for item in value):
            return tuple(value)
        if wanted is float and type(value) in (int, float):
            return float(value)
        if type(value) is wanted:
            return value
    raise InputError(
        f"{name}: {key} = {shown(value)}: expected {' or '.join(map(_expected, _alternatives(hint)))}. {HINT}"
    )


def _alternatives(hint: Any) -> tuple[Any, ...]:
    parts = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return tuple(part for part in parts if part is not NoneType)


def _expected(hint: Any) -> str:
    """Return what a value should be, in words."""
    if get_origin(hint) is Literal:
        return " or ".join(map(repr, get_args(hint)))
    if get_origin(hint) is tuple:
        return "a list of whole numbers"
    return {int: "a whole number", float: "a number", str: "text"}[hint]


def _value(value: Any) -> str:
    """Return a value as TOML, where numbers, lists of them and text look as in JSON."""
    return json.dumps(value, ensure_ascii=False)
