"""The trials of a sweep: one training run for each combination of values and each seed, each with a name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nndigits.stages.runs import recipe as recipes
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import UsageError
from nndigits.stages.training import space
from nndigits.stages.training.halving import rungs
from nndigits.stages.training.space import Choices, Values, varied
from nndigits.stages.words.values import typed

MOST_TRIALS = 2000
"""Of a sweep. ``sweep.json`` has up to a hundred values for each, and 262,144 are read."""

MOST_SEEDS = 1000
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,+-]{0,19}")
"""A value that is part of a file's name as it is typed; any other is replaced by its place among the values."""

ONE_THREAD = {"threads": 1}
"""A trial has one thread, whatever machine it runs on, so that its bytes are the same everywhere."""


@dataclass(frozen=True)
class Trial:
    """A training run of a sweep.

    Attributes
    ----------
    name
        The name of its files, made of what differs between the trials.
    values
        The values of the parameters that differ, without the seed.
    parameters
        All parameters, as `nn train` has them.
    """

    name: str
    values: Values
    parameters: Parameters

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self.parameters.seed


def make(
    recipe: Mapping[str, Any], choices: Choices, combinations: Sequence[Values], seeds: Sequence[int]
) -> list[Trial]:
    """Return the trials: for each combination, one from each seed.

    ``recipe`` are the parameters of a recipe, which the values override. Raises UsageError for values that no run can
    have, and for too many trials.
    """
    total = len(combinations) * len(seeds)
    if total > MOST_TRIALS:
        raise UsageError(
            f"{total:,} trials, at most {MOST_TRIALS:,} in a sweep: give fewer values, or draw with random"
        )
    names = varied(choices)
    trials = []
    for values in combinations:
        shown = {name: values[name] for name in names}
        for seed in seeds:
            parameters = recipes.parameters({**ONE_THREAD, **recipe}, {**values, "seed": seed})
            parts = [f"{_flag(name)}-{_part(value, choices[name])}" for name, value in shown.items()]
            parts += [f"seed-{seed}"] if len(seeds) > 1 or not parts else []
            trials.append(Trial("-".join(parts), shown, parameters))
    return trials


@dataclass(frozen=True)
class Plan:
    """What a sweep tries.

    Attributes
    ----------
    choices
        The values and ranges of parameters of `nn train`.
    recipe
        The parameters of a recipe, which the values override.
    seeds
        The number of seeds from which each combination is trained, from ``seed`` on.
    random
        The number of combinations to draw, from the first seed; None for all.
    halving
        Whether to stop the worst combinations early.
    """

    choices: Choices = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    seeds: int | None = None
    random: int | None = None
    halving: bool = False

    def trials(self) -> list[Trial]:
        """Return all trials; raises UsageError for values that no run can have."""
        choices = {name: given for name, given in self.choices.items() if name != "seed"}
        seeds = self._seeds()
        if self.random is None:
            combinations = space.grid(choices)
        else:
            combinations = space.draw(choices, self.random, np.random.default_rng(seeds[0]))
        found = make(self.recipe, choices, combinations, seeds)
        if self.halving and len({trial.parameters.epochs for trial in found}) > 1:
            raise UsageError("stops trials by their epochs, which must be the same for all", "halving")
        if self.halving and len(rungs(found[0].parameters.epochs, len(combinations))) == 1:
            raise UsageError("would stop nothing early: needs 3 combinations and 2 epochs, or more", "halving")
        return found

    def _seeds(self) -> Sequence[int]:
        given = self.choices.get("seed", [self.recipe.get("seed", 0)])
        if any(isinstance(one, space.Range) for one in given):
            raise UsageError("give each by itself, or their number with `seeds`", "seed")
        if self.seeds is None:
            return list(dict.fromkeys(given))
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise UsageError(f"expected 1 to {MOST_SEEDS:,}", "seeds", self.seeds)
        if len(given) > 1:
            raise UsageError("counts seeds from one seed on; give that one alone", "seeds", self.seeds)
        return range(given[0], given[0] + self.seeds)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as ``sweep.json`` describes it."""
        shared = {name: value for name, value in self.recipe.items() if name not in self.choices}
        return {
            "choices": {name: [typed(one) for one in given] for name, given in self.choices.items()},
            "recipe": {name: typed(value) for name, value in shared.items()},
            "seeds": self.seeds,
            "random": self.random,
            "halving": self.halving,
        }


def _flag(name: str) -> str:
    return name.replace("_", "-")


def _part(value: Any, given: Sequence[Any]) -> str:
    text = typed(value)
    return text if PLAIN.fullmatch(text) else f"no{1 + list(given).index(value)}"
