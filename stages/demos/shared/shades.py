"""Images as letters, small enough to stand three in a row on a terminal."""

import numpy as np

from nn.models.arrays.types import Array

INK = " .:-=+*#%@"
SIGNED = {-1: "-=", 1: "+#"}
ROWS = 14
GAP, LINE = 2, 88
"""Blanks between drawings, and the letters of a line."""


def shaded(image: Array) -> list[str]:
    """Draw an image, ``(height, width)``, 0 for paper: the more ink, the darker the letter."""
    small = _halved(image)
    level = (small / max(float(small.max()), 1e-12) * (len(INK) - 0.001)).astype(int)
    return ["".join(INK[place] for place in row) for row in level]


def shaded_signs(image: Array) -> list[str]:
    """Draw an image of weights: ``+`` and ``#`` above zero, ``-`` and ``=`` below, blank near it.

    Neighbouring weights are noisy: where there are many, each two letters are the mean of four.
    """
    small = _halved(image)
    if len(image) > ROWS:
        small = small[:, : image.shape[1] - image.shape[1] % 2]
        small = np.repeat((small[:, ::2] + small[:, 1::2]) / 2, 2, axis=1)
    share = small / max(float(np.abs(small).max()), 1e-12)
    return ["".join(_sign(number) for number in row) for row in share.tolist()]


def _sign(share: float) -> str:
    size = abs(share)
    return " " if size < 0.25 else SIGNED[1 if share > 0 else -1][size > 0.6]


def _halved(image: Array) -> Array:
    """A letter is twice as high as wide: two rows become one if there are many, else each pixel becomes two letters."""
    height = len(image)
    if height <= ROWS:
        return np.repeat(image, 2, axis=1).astype(float)
    even = image[: height - height % 2].astype(float)
    means: Array = (even[::2] + even[1::2]) / 2
    return means


def beside(blocks: list[list[str]], captions: list[str]) -> list[str]:
    """Lay drawings of one height next to each other, each below its caption."""
    wide = [max(len(caption), *map(len, block)) for block, caption in zip(blocks, captions, strict=True)]
    rows = [captions, *zip(*blocks, strict=True)]
    gap = " " * GAP
    return [gap.join(part.ljust(width) for part, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def across(bands: list[list[list[str]]], captions: list[str]) -> list[str]:
    """Lay drawings out in lines of as many as fit; of several bands, the lines of each below those of the one before.

    The captions stand above the first band, an empty line above each of them. Nothing is drawn that does not fit.
    """
    wide = len(bands[0][0][0])
    if wide > LINE:
        return []
    lines: list[str] = []
    fit = (LINE + GAP) // (wide + GAP)
    for start in range(0, len(captions), fit):
        some = slice(start, start + fit)
        lines.append("")
        for number, band in enumerate(bands):
            lines += beside(band[some], captions[some] if not number else [""] * len(captions[some]))
    return lines
