"""The exercises of the chapter, by section: what each part asks for. Their texts are in ``pages/chapter``."""

from collections.abc import Mapping
from typing import NamedTuple


class Part(NamedTuple):
    """A part of an exercise: its kind, and its fields, options or steps, each a part of the key of its text.

    The kinds are ``numbers`` (fields), ``choice`` (one of the options), ``several`` (any of the options) and ``order``
    (the steps of a proof, in the order in which they are shown first).
    """

    kind: str
    items: tuple[str, ...]


class Exercise(NamedTuple):
    """An exercise: its name, which begins the keys of its texts, and its parts."""

    name: str
    parts: tuple[Part, ...]


def _numbers(*fields: str) -> Part:
    return Part("numbers", fields)


def _choice(letters: str) -> Part:
    return Part("choice", tuple(letters))


EXERCISES: Mapping[str, tuple[Exercise, ...]] = {
    "sigmoid-neurons": (
        Exercise("scaled", (_numbers("sum", "output"), _choice("abcd"), _choice("abc"))),
        Exercise("limit", (_numbers("c"), _numbers("sigmoid", "perceptron"), _choice("abc"))),
    ),
    "network": (Exercise("binary", (Part("several", tuple("0123456789")), _numbers("low", "high"))),),
    "descent": (
        Exercise("proof", (Part("order", tuple("fbeadc")),)),
        Exercise("one-variable", (_numbers("slope", "step", "next"), _choice("abcd"))),
        Exercise("single", (_numbers("twenty", "one"), _choice("abc"), _choice("abc"))),
    ),
    "implementation": (
        Exercise(
            "code",
            (
                Part("order", tuple("cdab")),
                Part("order", tuple("fbdaec")),
                Part("order", tuple("fdebca")),
                _numbers("weight"),
            ),
        ),
        Exercise("components", (_numbers("z1", "a1", "z2", "a2"), _choice("abc"))),
        Exercise("no-hidden", (_numbers("accuracy"), _choice("abc"), _choice("abc"))),
        Exercise("rate", (_numbers("best", "largest"), _choice("abc"), _choice("abc"))),
    ),
}
