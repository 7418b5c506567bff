"""Figures as plain data: panels with curves, images, tables of counts, contours and notes; and their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nndigits.stages.words.escaping import printable

Style = Literal["line", "dashed", "thin", "marked", "points", "hollow", "filled", "area", "ring", "interval", "diamond"]


@dataclass(frozen=True)
class Curve:
    """Points of a plot: joined by a line, marked, or the corners of a shaded area."""

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    style: Style = "line"


@dataclass(frozen=True)
class Note:
    """Text centred at a point of a plot. The styles on and off draw a box, for a neuron that is on or off."""

    x: float
    y: float
    text: str
    style: Literal["text", "on", "off"] = "text"


@dataclass(frozen=True)
class Tile:
    """One of several small images in a panel, as rows of numbers, and the caption below it."""

    image: Sequence[Sequence[float]]
    caption: str


@dataclass(frozen=True)
class Panel:
    """One pair of axes with curves, an image (rows of numbers), a table of counts, small images, or a contour plot.

    ``counts`` is a matrix of whole numbers, written into cells whose colour is the number on a logarithmic scale;
    ``names`` are those of its rows and columns, which have numbers without it.
    ``tiles`` are in rows of ``tiles_in_row``. Signed tiles share one range of colours, up to ``reach`` (their largest
    absolute value if it is 0); larger values have the colour of ``reach``. ``scale`` is the label of a colour scale,
    drawn with counts and with signed tiles.

    ``heights``, for contours, has a row for each y of ``contour_y`` and a column for each x of ``contour_x``. A
    ``signed`` image is drawn in red and blue. ``bare`` hides the axes. ``ticks`` are those of both axes; ``y_ticks``
    are labels at y = 0, 1, 2, ...
    ``x_ticks`` are pairs of an x and its label. ``logit_x`` is for fractions: it spreads those near 0 and near 1.
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
    x_ticks: tuple[tuple[float, str], ...] = ()
    logit_x: bool = False
    counts: Sequence[Sequence[int]] = ()
    names: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    tiles_in_row: int = 1
    reach: float = 0.0
    scale: str = ""


@dataclass(frozen=True)
class Figure:
    """A grid of panels, ``columns`` in a row, each of ``size`` (width and height in inches).

    ``widths`` are the relative widths of the columns, which are equal without it. ``one_legend`` names the curves once,
    on the right of the figure, where all panels have the same curves.
    """

    panels: tuple[Panel, ...]
    columns: int = 2
    size: tuple[float, float] = (4.2, 3.4)
    title: str = ""
    widths: tuple[float, ...] = ()
    one_legend: bool = False


def safe(text: str) -> str:
    r"""Escape what matplotlib would not draw: formulas between dollars, control characters, a hidden label (``_x``).

    >>> safe("a$b$")
    'a\\$b\\$'
    """
    shown = "\n".join(map(printable, text.split("\n")))
    return (" " if shown.startswith("_") else "") + shown.replace("$", "\\$")


def shortened(text: str, most: int) -> str:
    """Return a text, such as a name, on one line of at most ``most`` characters, with an ellipsis where it was cut.

    >>> shortened("784 - conv 20 5x5", 10)
    '784 - con…'
    """
    text = printable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
