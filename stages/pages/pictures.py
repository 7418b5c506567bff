"""Pictures in a page itself: small images as the addresses of PNG files, and figures as SVG elements."""

import base64
import io
import re

import numpy as np
from markupsafe import Markup

from nndigits.models.arrays.types import Array, Bytes
from nndigits.stages.figures.figure import Figure
from nndigits.stages.figures.plot import svg
from nndigits.stages.pages.page import trusted

RED, BLUE = (178, 24, 43), (33, 102, 172)
"""The ends of the colours of signed numbers; 0 is white."""


def grey_address(image: Bytes) -> str:
    """Return the address of an image of grey values, ``(height, width)``, drawn dark on light."""
    return _address(255 - image)


def signed_address(image: Array, reach: float) -> str:
    """Return the address of an image of numbers, ``(height, width)``: red from ``-reach`` to white at 0, then blue."""
    scaled = np.clip(image / (reach or 1.0), -1, 1)[..., None]
    colours = np.where(scaled < 0, RED, BLUE)
    return _address(np.rint(255 + np.abs(scaled) * (colours - 255)).astype(np.uint8))


def _address(pixels: Bytes) -> str:
    from PIL import Image

    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG")
    return f"data:image/png;base64,{base64.b64encode(encoded.getvalue()).decode()}"


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
