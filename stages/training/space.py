"""The parameters that a sweep tries: every combination of values, or combinations drawn at random.

Random search finds good values of a few important parameters in fewer trials than a grid (Bergstra and Bengio 2012).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from nndigits.stages.store.errors import UsageError
from nndigits.stages.words.nouns import counted

DIGITS = 3
"""Significant digits of a drawn number, so that it can be typed again."""

ATTEMPTS = 100
"""Draws for each wanted combination, before the space counts as too small."""


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``: uniform, or with ``log`` their logarithms; ``whole`` for whole numbers only.

    >>> str(Range(0.05, 2.0, log=True))
    '0.05:2:log'
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise UsageError(f"{self}: a range goes from a lower to a higher number")
        if self.log and self.low <= 0:
            raise UsageError(f"{self}: a range with log begins above 0")

    def __str__(self) -> str:
        return f"{self.low:g}:{self.high:g}" + ":log" * self.log

    def draw(self, rng: np.random.Generator) -> float | int:
        """Return a number of the range, rounded to DIGITS."""
        if self.log:
            drawn = math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        elif self.whole:
            return int(rng.integers(int(self.low), int(self.high), endpoint=True))
        else:
            drawn = rng.uniform(self.low, self.high)
        if self.whole:
            return round(drawn)
        return min(max(float(f"{drawn:.{DIGITS}g}"), self.low), self.high)


Choices = Mapping[str, Sequence[Any]]
"""Parameter -> its values and ranges, in the order in which they were given."""

Values = dict[str, Any]
"""Parameter -> its value in one combination."""


def varied(choices: Choices) -> list[str]:
    """Return the parameters that differ between combinations."""
    return [name for name, given in choices.items() if len(given) > 1 or isinstance(given[0], Range)]


def grid(choices: Choices) -> list[Values]:
    """Return every combination, the last parameter changing fastest; raises UsageError if there is a range."""
    for name, given in choices.items():
        for one in given:
            if isinstance(one, Range):
                raise UsageError(f"{one}: values of a range are drawn; say how many with `random`", name)
    unique = {name: list(dict.fromkeys(given)) for name, given in choices.items()}
    return [dict(zip(unique, values, strict=True)) for values in product(*unique.values())]


def count(choices: Choices) -> float:
    """Return the number of combinations; infinity if there is a range of real numbers."""
    return math.prod(sum(_size(one) for one in dict.fromkeys(given)) for given in choices.values())


def draw(choices: Choices, wanted: int, rng: np.random.Generator) -> list[Values]:
    """Return ``wanted`` different combinations drawn at random; raises UsageError if there are fewer."""
    if wanted < 1:
        raise UsageError("expected 1 or more", "random", wanted)
    if wanted > count(choices):
        there = "is" if count(choices) == 1 else "are"
        found = f"there {there} only {counted(int(count(choices)), 'combination')}; leave it out to try all"
        raise UsageError(found, "random", wanted)
    drawn: dict[tuple[Any, ...], None] = {}
    for _ in range(ATTEMPTS * wanted):
        drawn[tuple(_one(name, given, rng) for name, given in choices.items())] = None
        if len(drawn) == wanted:
            return [dict(zip(choices, values, strict=True)) for values in drawn]
    raise UsageError(f"found only {counted(len(drawn), 'different combination')} in these ranges", "random", wanted)


def _one(name: str, given: Sequence[Any], rng: np.random.Generator) -> Any:
    chosen = given[int(rng.integers(len(given)))] if len(given) > 1 else given[0]
    if not isinstance(chosen, Range):
        return chosen
    number = chosen.draw(rng)
    return (number,) if name == "hidden" else number  # one hidden layer of this size


def _size(one: Any) -> float:
    if not isinstance(one, Range):
        return 1
    return int(one.high) - int(one.low) + 1 if one.whole else math.inf
