"""A distortion of training images, described by one line of text.

The text names only what it wants, each with its largest value: ``rotate 10, translate 1.5`` rotates every image by up
to 10 degrees either way, moves it by up to 1.5 pixels, and does nothing else.
"""

from dataclasses import dataclass, fields
from math import isfinite

LIMITS = {
    "rotate": ("degrees", 0, 180),
    "scale": ("a share of the size", 0, 0.9),
    "shear": ("a share of the distance from the middle", 0, 2),
    "translate": ("pixels", 0, 1000),
    "elastic": ("Simard's alpha", 0, 10_000),
    "sigma": ("pixels", 0.5, 1000),
}
"""The unit of each value, its minimum and its maximum."""

NOTHING = "none"

WIDTH = 28
"""Pixels of MNIST's images, for which the default distortion was chosen by eye."""


@dataclass(frozen=True)
class Distortion:
    """The largest distortion of an image; each value is drawn uniformly up to it.

    Parameters
    ----------
    rotate
        Degrees, either way.
    scale
        0.1: pixels are sampled between 0.9 and 1.1 times as far out, which makes an image between 9 % smaller and
        11 % larger, height and width independently.
    shear
        0.15: a row slides sideways by up to 0.15 of its distance from the middle.
    translate
        Pixels, up or down and left or right.
    elastic
        The strength alpha of the elastic distortion (``elastic.py``), 34 in Simard 2003; 0 for none.
    sigma
        Pixels over which neighbours move together in the elastic distortion, 4 in Simard 2003.

    Raises
    ------
    ValueError
        A value is out of its limits or not finite.
    """

    rotate: float = 10.0
    scale: float = 0.10
    shear: float = 0.15
    translate: float = 1.5
    elastic: float = 0.0
    sigma: float = 4.0

    def __post_init__(self) -> None:
        for name, (unit, least, most) in LIMITS.items():
            value = getattr(self, name)
            if not (isfinite(value) and least <= value <= most):
                raise ValueError(f"{name} {value:g}: expected {least:g} to {most:g} ({unit})")

    def __str__(self) -> str:
        """The text that ``parse_distortion`` reads: what has an effect, and sigma where it is not Simard's."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        parts = [f"{name} {_number(value)}" for name, value in values.items() if value != _default(name)]
        return ", ".join(parts) or NOTHING


def default_distortion(height: int, width: int) -> Distortion:
    """A distortion that leaves digits readable whatever their size: values in pixels scale with the size.

    On MNIST: ``rotate 10, scale 0.1, shear 0.15, translate 1.5, elastic 24``. Pixels move by alpha / sigma, so alpha
    scales with the square of the size.
    """
    size = min(height, width) / WIDTH
    return Distortion(
        translate=min(round(1.5 * size, 2), LIMITS["translate"][2]),
        elastic=min(round(24 * size**2, 2), LIMITS["elastic"][2]),
        sigma=min(max(round(4 * size, 2), LIMITS["sigma"][1]), LIMITS["sigma"][2]),
    )


def parse_distortion(text: str) -> Distortion:
    """Read ``rotate 10, scale 0.1, shear 0.15, translate 1.5, elastic 34``: any of them in any order, or ``none``.

    Raises
    ------
    ValueError
        Not of this form, a name that is unknown or given twice, or a value that ``Distortion`` refuses.
    """
    values: dict[str, float] = {}
    for part in text.split(",") if text.strip() != NOTHING else ():
        match part.split():
            case [word, number] if word in LIMITS and word not in values:
                values[word] = _read_number(word, number)
            case [word, _] if word in LIMITS:
                raise ValueError(f"{text!r}: {word} is given twice")
            case _:
                expected = ", ".join(LIMITS)
                raise ValueError(f"{part.strip()!r}: expected one of {expected} and a number, as in 'rotate 10'")
    return Distortion(**{name: values.get(name, _default(name)) for name in LIMITS})


def _default(name: str) -> float:
    """The value of what the text does not name: no effect, and sigma as in the paper."""
    return Distortion.sigma if name == "sigma" else 0.0


def _read_number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text}: expected a number") from None


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
