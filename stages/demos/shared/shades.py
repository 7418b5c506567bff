"""Images drawn with characters, small enough that three fit side by side on a terminal."""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes

SHADES = " .:-=+*#%@"
"""Characters from background to full foreground."""

SIGNED = {-1: "-=", 1: "+#"}
ROWS = 14
GAP, LINE, WIDEST = 2, 60, 88
"""Blanks between drawings, the width of a line of several, and that of the widest single drawing."""


def shaded(image: Array | Bytes) -> list[str]:
    """Draw an image ``(height, width)`` with 0 as background: the larger the value, the darker the character."""
    small = _halved(image)
    level = (small / max(float(small.max()), 1e-12) * (len(SHADES) - 0.001)).astype(int)
    return ["".join(SHADES[place] for place in row) for row in level]


def shaded_signs(image: Array) -> list[str]:
    """Draw an image of weights: ``+`` and ``#`` above zero, ``-`` and ``=`` below, blank near zero.

    In a large image each value is the mean of 2 x 2 weights, drawn two characters wide, because single weights are
    noisy.
    """
    small = _halved(image)
    if len(image) > ROWS:
        small = small[:, : image.shape[1] - image.shape[1] % 2]
        small = np.repeat((small[:, ::2] + small[:, 1::2]) / 2, 2, axis=1)
    scaled = small / max(float(np.abs(small).max()), 1e-12)
    return ["".join(_sign(number) for number in row) for row in scaled.tolist()]


def _sign(value: float) -> str:
    size = abs(value)
    return " " if size < 0.25 else SIGNED[1 if value > 0 else -1][size > 0.6]


def _halved(image: Array | Bytes) -> Array:
    """Average pairs of rows, or double the columns of a small image: a character is twice as high as wide."""
    height = len(image)
    if height <= ROWS:
        return np.repeat(image, 2, axis=1).astype(float)
    even = image[: height - height % 2].astype(float)
    means: Array = (even[::2] + even[1::2]) / 2
    return means


def beside(blocks: list[list[str]], captions: list[str]) -> list[str]:
    """Put drawings of the same height side by side, each below its caption."""
    wide = [max(len(caption), *map(len, block)) for block, caption in zip(blocks, captions, strict=True)]
    rows = [captions, *zip(*blocks, strict=True)]
    gap = " " * GAP
    return [gap.join(part.ljust(width) for part, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def centred(lines: list[str], height: int, width: int) -> list[str]:
    """Put blank lines of this width above and below, so that there are ``height`` lines."""
    above = (height - len(lines)) // 2
    return [" " * width] * above + lines + [" " * width] * (height - len(lines) - above)


def across(bands: list[list[list[str]]], captions: list[str]) -> list[str]:
    """Put drawings side by side, as many in a line as fit, and the bands one below the other.

    An empty line and the captions stand above the first band. Drawings wider than WIDEST are left out.
    """
    wide = len(bands[0][0][0])
    if wide > WIDEST:
        return []
    lines: list[str] = []
    fit = max(1, (LINE + GAP) // (wide + GAP))
    for start in range(0, len(captions), fit):
        some = slice(start, start + fit)
        lines.append("")
        for number, band in enumerate(bands):
            lines += beside(band[some], captions[some] if not number else [""] * len(captions[some]))
    return lines
