"""Drawing of the panels that hold images: one image, a table of counts, or small images with captions."""

from typing import Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.stages.figures.figure import Panel, safe

SIGNED = "RdBu"
LARGEST = 1e100
"""Larger numbers, as of a training that all but diverged, are drawn as this one: matplotlib's arithmetic overflows."""
MOST_WRITTEN = 30
"""In a larger table of counts, the numbers would not fit into the cells."""
DARK = 0.6
"""On a colour below this place of the scale, numbers are white."""
GAP, LINE = 0.25, 0.16
"""The gap between tiles and the height of a line of a caption, as fractions of a tile's width."""


def drawable(numbers: Any) -> Array:
    """Return numbers of any shape, limited to what matplotlib can draw; NaN stays, as a gap."""
    limited: Array = np.clip(np.asarray(numbers, float), -LARGEST, LARGEST)
    return limited


def draw_image(panel: Panel, axes: Any) -> None:
    """Draw an image in grey; a signed one in red below zero and blue above."""
    if panel.signed:
        reach = _reach([panel.image])
        axes.imshow(panel.image, cmap=SIGNED, vmin=-reach, vmax=reach)
    else:
        axes.imshow(panel.image, cmap="gray_r")
    axes.set_xticks([])
    axes.set_yticks([])


def draw_counts(panel: Panel, axes: Any) -> None:
    """Draw a matrix of counts as coloured cells with the numbers in them; a cell with 0 stays white."""
    from matplotlib.colors import LogNorm

    most = max(2, *map(max, panel.counts))
    cells = [[count or float("nan") for count in row] for row in panel.counts]
    colours = axes.imshow(cells, cmap="viridis", norm=LogNorm(1, most))
    size = len(panel.counts)
    if size <= MOST_WRITTEN:
        for y, row in enumerate(panel.counts):
            for x, count in enumerate(row):
                colour = "0.6" if not count else "white" if colours.norm(count) < DARK else "black"
                axes.text(x, y, f"{count:d}", ha="center", va="center", fontsize=8, color=colour)
    ticks = range(0, size, 1 if size <= MOST_WRITTEN or panel.names else 10)
    axes.set(xticks=ticks, yticks=ticks)
    if panel.names:
        is_long = max(map(len, panel.names)) > 2
        size = 10 if size <= MOST_WRITTEN else 7
        axes.set_xticklabels(list(map(safe, panel.names)), rotation=90 if is_long else 0, fontsize=size)
        axes.set_yticklabels(list(map(safe, panel.names)), fontsize=size)
    if panel.scale:
        axes.figure.colorbar(
            colours, ax=axes, label=panel.scale, ticks=_round_numbers(most), format="{x:g}", shrink=0.8
        )


def _round_numbers(most: int) -> list[int]:
    """Return 1, 2, 5, 10, 20, 50, ... up to a number."""
    return [digit * 10**power for power in range(len(str(most))) for digit in (1, 2, 5) if digit * 10**power <= most]


def draw_tiles(panel: Panel, axes: Any) -> None:
    """Draw small images in rows, each with its caption below, in grey or in signed colours of one range."""
    reach = min(panel.reach, LARGEST) or (_reach([tile.image for tile in panel.tiles]) if panel.signed else 0.0)
    caption = LINE * (1 + max(tile.caption.count("\n") + 1 for tile in panel.tiles))
    height = len(panel.tiles[0].image) / len(panel.tiles[0].image[0])
    drawn = None
    for number, tile in enumerate(panel.tiles):
        left = number % panel.tiles_in_row * (1 + GAP)
        low = (number // panel.tiles_in_row + 1) * (height + caption) - caption
        style = {"cmap": SIGNED, "vmin": -reach, "vmax": reach} if panel.signed else {"cmap": "gray_r"}
        drawn = axes.imshow(drawable(tile.image), extent=(left, left + 1, low, low - height), **style)
        axes.text(left + 0.5, low + LINE / 3, safe(tile.caption), ha="center", va="top", fontsize=8)
    rows = -(-len(panel.tiles) // panel.tiles_in_row)
    axes.set_xlim(-GAP, panel.tiles_in_row * (1 + GAP))
    axes.set_ylim(rows * (height + caption), 0)
    axes.set_axis_off()
    if panel.scale and panel.signed:
        axes.figure.colorbar(drawn, ax=axes, label=panel.scale, shrink=0.6, extend="both" if panel.reach else "neither")


def _reach(images: Any) -> float:
    """Return the largest absolute value of the images, at least a tiny number above 0."""
    return max((abs(number) for image in images for row in image for number in row), default=0.0) or 1.0
