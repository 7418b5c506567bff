"""A demonstration as the page shows it: texts in both languages, tables, and the panels of its figure as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.index import Entry, source
from nndigits.stages.demos.shared.texts import Cell, Table, Text, cell_text, sentence
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.figures.page_images import grey_address, signed_address
from nndigits.stages.figures.page_texts import both

DIGITS = 5
"""Significant digits of the numbers in a figure, more than a screen can show."""


@dataclass(frozen=True)
class ShownTable:
    """A table: its title, the heads of its columns, which of them hold words, and its cells."""

    title: Markup
    columns: tuple[Markup, ...]
    words: tuple[bool, ...]
    rows: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True)
class Shown:
    """A demonstration: its texts, its tables, its figure as data for the page's script, and where it comes from."""

    name: str
    idea: Markup
    tables: tuple[ShownTable, ...]
    findings: tuple[Markup, ...]
    panels: tuple[dict[str, Any], ...]
    source: str
    solves_exercise: bool = False

    def without_solution(self) -> "Shown":
        """Return the demonstration with nothing of its results if it is the solution of an exercise."""
        if not self.solves_exercise:
            return self
        return replace(self, idea=Markup(), tables=(), findings=(), panels=())


def show(entry: Entry, demo: Demo, plain: Callable[[str], str]) -> Shown:
    """Return a demonstration as the page shows it. ``plain`` takes folders out of its texts."""

    def say(text: str) -> Markup:
        text = sentence(text)
        return both(plain(text), plain(text.zh) if isinstance(text, Text) else None)

    return Shown(
        entry.name,
        say(demo.idea),
        tuple(_table(table, say) for table in demo.tables),
        tuple(map(say, demo.findings)),
        () if demo.figure is None else _panels(demo.figure),
        source(entry.name).replace(".", "/") + ".py",
        "exercise" in entry.section,
    )


def _table(table: Table, say: Callable[..., Markup]) -> ShownTable:
    def cell(value: Cell) -> Markup:
        return say(cell_text(value))

    columns = zip(*table.rows, strict=True)
    has_words = tuple(any(isinstance(cell, str) and any(map(str.isalpha, cell)) for cell in cells) for cells in columns)
    rows = tuple(tuple(map(cell, row)) for row in table.rows)
    return ShownTable(say(table.title), tuple(map(say, table.columns)), has_words, rows)


def _panels(figure: Figure) -> tuple[dict[str, Any], ...]:
    """Return what ``pages/figures/stills.js`` draws."""
    return tuple({**_plain(panel), **_pictures(panel)} for panel in figure.panels)


def _plain(value: Any) -> Any:
    """Return a part of a figure as JSON, without its images and without fields that are empty."""
    if isinstance(value, Text):
        return {"en": str(value), "zh": value.zh}
    if is_dataclass(value):
        all_fields = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: _plain(one) for name, one in all_fields.items() if name not in ("image", "tiles") and np.size(one)
        }
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    return list(map(_plain, value)) if isinstance(value, (tuple, list, range)) else value


def _pictures(panel: Panel) -> dict[str, Any]:
    """Return the images of a panel, as addresses, and the size of the first."""
    images = [panel.image] if len(panel.image) else [tile.image for tile in panel.tiles]
    if not images:
        return {}
    captions = [_plain(tile.caption) for tile in panel.tiles]
    return {
        "pictures": [_address(image, panel) for image in images],
        "captions": captions,
        "shape": np.shape(images[0]),
    }


def _address(image: Sequence[Sequence[float]], panel: Panel) -> str:
    pixels = np.asarray(image, float)
    if panel.signed:
        return signed_address(pixels, panel.reach or float(np.abs(pixels).max()))
    low, high = pixels.min(), pixels.max()
    return grey_address(np.rint(255 * (pixels - low) / (high - low or 1)).astype(np.uint8))
