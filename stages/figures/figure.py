"""A figure as plain data: panels of curves, images, contours and notes, for whatever draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Curve:
    """Points of a plot: joined by a line, marked, or the corners of an area that is tinted."""

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    style: Literal["line", "dashed", "thin", "marked", "points", "hollow", "filled", "area"] = "line"


@dataclass(frozen=True)
class Note:
    """Words in a plot, with their middle at a place; in a box where they stand for a neuron that is on or off."""

    x: float
    y: float
    text: str
    style: Literal["text", "on", "off"] = "text"


@dataclass(frozen=True)
class Panel:
    """One pair of axes: curves, or an image (rows of numbers), or the heights of a valley drawn as contours.

    ``heights`` has a row for each y of ``contour_y`` and a column for each x of ``contour_x``. ``bare`` leaves the
    axes out, for drawings. ``ticks`` are those of both axes; ``y_ticks`` are words at y = 0, 1, 2, ...
    """

    title: str
    x_label: str = ""
    y_label: str = ""
    curves: tuple[Curve, ...] = ()
    image: Sequence[Sequence[float]] = ()
    signed: bool = False
    contour_x: Sequence[float] = ()
    contour_y: Sequence[float] = ()
    heights: Sequence[Sequence[float]] = ()
    log_x: bool = False
    log_y: bool = False
    equal: bool = False
    notes: tuple[Note, ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    bare: bool = False
    ticks: tuple[float, ...] | None = None
    y_ticks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """Panels side by side, ``columns`` in a row, each of ``size`` (width and height in inches)."""

    panels: tuple[Panel, ...]
    columns: int = 3
    size: tuple[float, float] = (4.2, 3.4)
