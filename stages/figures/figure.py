"""Figures as plain data: panels with curves, images, contours and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Curve:
    """Points of a plot: joined by a line, marked, or the corners of a shaded area."""

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    style: Literal["line", "dashed", "thin", "marked", "points", "hollow", "filled", "area"] = "line"


@dataclass(frozen=True)
class Note:
    """Text centred at a point of a plot. The styles on and off draw a box, for a neuron that is on or off."""

    x: float
    y: float
    text: str
    style: Literal["text", "on", "off"] = "text"


@dataclass(frozen=True)
class Panel:
    """One pair of axes with curves, an image (rows of numbers), or a contour plot.

    ``heights``, for contours, has a row for each y of ``contour_y`` and a column for each x of ``contour_x``. A
    ``signed`` image is drawn in red and blue. ``bare`` hides the axes. ``ticks`` are those of both axes; ``y_ticks``
    are labels at y = 0, 1, 2, ...
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
    """A grid of panels, ``columns`` in a row, each of ``size`` (width and height in inches)."""

    panels: tuple[Panel, ...]
    columns: int = 3
    size: tuple[float, float] = (4.2, 3.4)
