"""A figure as an SVG element of a page, where other figures stand too."""

import re

from markupsafe import Markup

from nndigits.stages.figures.figure import Figure
from nndigits.stages.figures.plot import svg
from nndigits.stages.html.page import trusted

GROUP = re.compile(r' id="[a-z]+(?:_\w+)?_\d+"')
"""The names of matplotlib's groups, to which nothing refers."""

NAME = re.compile(r'(?<= id=")(?=\w)|(?<=href="#)|(?<=url\(#)')
EXTRA = re.compile(r"<style[^>]*>.*?</style>|<metadata>.*?</metadata>|<!--.*?-->|^ +", re.DOTALL | re.MULTILINE)
"""What is not drawn, and matplotlib's style sheet, which in a page would be for the elements of other figures too."""

LINES = 'stroke-linejoin="round" stroke-linecap="butt"'
PLACES = re.compile(r' (?:d|x|y|width|height)="[^"]*"')
LONG = re.compile(r"\d+\.\d{3,}")


def inline(figure: Figure, name: str) -> Markup:
    """Return a figure as an element. ``name`` makes the names in it unique in the page.

    Coordinates are rounded to hundredths of a point, which no screen shows.
    """
    text = GROUP.sub("", svg(figure))
    width = f'style="--width: {figure.size[0] * min(figure.columns, len(figure.panels)):.1f}in" '
    text = EXTRA.sub("", text).replace("<svg ", f"<svg {LINES} {width}", 1)
    text = PLACES.sub(lambda found: LONG.sub(lambda number: f"{float(number[0]):.2f}", found[0]), text)
    return trusted(NAME.sub(f"{name}-", text))
