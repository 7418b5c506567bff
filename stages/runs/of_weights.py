"""The recipe of a run that was made: its parameters, read from the weights that it wrote."""

import json
from pathlib import Path
from typing import Any

from nndigits.models.augmentation.specification import parse_distortion
from nndigits.stages.runs import recipe
from nndigits.stages.runs.parameters import CURRENT, DEFAULTS, Parameters, is_imported
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.numbers import share


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
    recipe.checked(str(weights), {"train": train})
    lines += ["", "[train]", *(f"{name} = {_value(value)}" for name, value in train.items())]
    return "\n".join(lines) + "\n"


def parameters_of(made: Artifact) -> Parameters:
    """Return all parameters of the run that made weights; raises InputError if no run can have them."""
    return recipe.parameters(recipe.checked(str(made.path), {"train": _train_table(made)}).parameters, {})


def _train_table(made: Artifact) -> dict[str, Any]:
    """Return the table ``[train]`` with all parameters of the run that made weights."""
    stored = {**DEFAULTS, **made.meta["parameters"]}
    train = {CURRENT.get(name, name): value for name, value in stored.items() if value is not None}
    try:
        train["distort"] = str(parse_distortion(str(train["distort"])))
    except ValueError as error:
        raise InputError(f"{made.path}: distort: {error}. {recipe.HINT}") from None
    return {recipe.key_of(name): value for name, value in train.items()}


def _value(value: Any) -> str:
    """Return a value as TOML, where numbers, lists of them and text look as in JSON."""
    return json.dumps(value, ensure_ascii=False)
