"""How far artificial training images may be from the real ones, as one readable line.

A text names only what it wants, each with the most that is allowed: ``turn 10, shift 1.5`` turns every image by
up to 10 degrees either way, moves it by up to 1.5 pixels, and leaves the rest alone.
"""

from dataclasses import dataclass, fields
from math import isfinite

LIMITS = {
    "turn": ("degrees", 0, 180),
    "scale": ("a share of the size", 0, 0.9),
    "shear": ("a share of the distance from the middle", 0, 2),
    "shift": ("pixels", 0, 1000),
    "elastic": ("Simard's alpha", 0, 10_000),
    "sigma": ("pixels", 0.5, 1000),
}
"""The unit of each part, its least value and its greatest."""

NOTHING = "none"

WIDTH = 28
"""Pixels of MNIST's images, for which the usual distortion was chosen by eye."""


@dataclass(frozen=True)
class Distortion:
    """The most that an image is turned, stretched, sheared, moved and kneaded; each one is drawn evenly up to it.

    Parameters
    ----------
    turn
        Degrees, either way.
    scale
        0.1: pixels are looked up between 0.9 and 1.1 times as far out, which makes an image between 9 % smaller and
        11 % larger, height and width each by themselves.
    shear
        0.15: a row slides sideways by up to 0.15 of its distance from the middle.
    shift
        Pixels, up or down and left or right.
    elastic
        The strength alpha of the elastic distortion (``elastic.py``), 34 in Simard 2003; 0 leaves it out.
    sigma
        Pixels over which neighbours move together in the elastic distortion, 4 in Simard 2003.

    Raises
    ------
    ValueError
        A value is negative, absurdly large, or no number.
    """

    turn: float = 10.0
    scale: float = 0.10
    shear: float = 0.15
    shift: float = 1.5
    elastic: float = 0.0
    sigma: float = 4.0

    def __post_init__(self) -> None:
        for name, (unit, least, most) in LIMITS.items():
            value = getattr(self, name)
            if not (isfinite(value) and least <= value <= most):
                raise ValueError(f"{name} {value:g}: expected {least:g} to {most:g} ({unit})")

    def __str__(self) -> str:
        """What ``parse_distortion`` reads: the parts that do something, and sigma where it is not Simard's."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        parts = [f"{name} {_number(value)}" for name, value in values.items() if value != _unnamed(name)]
        return ", ".join(parts) or NOTHING


def default_distortion(height: int, width: int) -> Distortion:
    """A distortion that leaves digits readable whatever their size: what is told in pixels follows it.

    On MNIST: ``turn 10, scale 0.1, shear 0.15, shift 1.5, elastic 24``. Pixels move by alpha / sigma, so alpha goes
    with the square of the size.
    """
    size = min(height, width) / WIDTH
    return Distortion(
        shift=min(round(1.5 * size, 2), LIMITS["shift"][2]),
        elastic=min(round(24 * size**2, 2), LIMITS["elastic"][2]),
        sigma=min(max(round(4 * size, 2), LIMITS["sigma"][1]), LIMITS["sigma"][2]),
    )


def parse_distortion(text: str) -> Distortion:
    """Read ``turn 10, scale 0.1, shear 0.15, shift 1.5, elastic 34``: any of them, in any order; ``none`` for none.

    Raises
    ------
    ValueError
        Not of this form, a name that is unknown or comes twice, or a value that ``Distortion`` refuses.
    """
    values = {name: _unnamed(name) for name in LIMITS}
    named: set[str] = set()
    for part in text.split(",") if text.strip() != NOTHING else ():
        match part.split():
            case [name, number] if name in LIMITS and name not in named:
                values[name] = _read_number(name, number)
                named.add(name)
            case [name, _] if name in named:
                raise ValueError(f"{text!r}: {name} comes twice")
            case _:
                raise ValueError(f"{part.strip()!r}: expected one of {', '.join(LIMITS)} and a number, as in 'turn 10'")
    return Distortion(**values)


def _unnamed(name: str) -> float:
    """What a part is where the text does not name it: left out, and sigma as in the paper."""
    return Distortion.sigma if name == "sigma" else 0.0


def _read_number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text}: expected a number") from None


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
