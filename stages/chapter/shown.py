"""A demonstration as the page shows it: its texts in both languages, and its figure as an SVG element."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape

from markupsafe import Markup

from nndigits.stages.chapter.translations import translate
from nndigits.stages.demos.shared.demo import Cell, Demo, Table, cell_text, sentence
from nndigits.stages.demos.shared.index import MODULES, Entry
from nndigits.stages.pages.page import trusted
from nndigits.stages.pages.pictures import inline
from nndigits.stages.pages.texts import both

WORD = re.compile(r"[^\W\d_]{2}")
FORMULA = re.compile(r"\w+'? = ")
LABEL = re.compile(r"(<text [^>]*>)([^<]+)(?=</text>)")

LONG = 12
"""A table with more rows is folded."""


@dataclass(frozen=True)
class ShownTable:
    """A table: its title, the heads of its columns, which of them hold words, and its cells."""

    title: Markup
    columns: tuple[Markup, ...]
    words: tuple[bool, ...]
    rows: tuple[tuple[Markup, ...], ...]

    @property
    def is_long(self) -> bool:
        """Whether the table is folded."""
        return len(self.rows) > LONG


@dataclass(frozen=True)
class Shown:
    """A demonstration: its texts, its tables, its figure or else its drawing, and where it comes from."""

    name: str
    line: Markup
    idea: Markup
    tables: tuple[ShownTable, ...]
    findings: tuple[Markup, ...]
    figure: Markup | None
    drawing: str
    source: str
    solves_exercise: bool = False

    def without_solution(self) -> "Shown":
        """Return the demonstration with nothing of its results if it is the solution of an exercise."""
        if not self.solves_exercise:
            return self
        return replace(self, idea=Markup(), tables=(), findings=(), figure=None, drawing="")


def show(entry: Entry, demo: Demo, plain: Callable[[str], str]) -> Shown:
    """Return a demonstration as the page shows it. ``plain`` takes folders out of its texts."""

    def say(text: str, element: str = "span") -> Markup:
        text = plain(sentence(text))
        return both(text, translate(entry.name, text), element)

    return Shown(
        entry.name,
        say(_as_sentence(entry.line)),
        say(demo.idea),
        tuple(_table(table, say) for table in demo.tables),
        tuple(map(say, demo.findings)),
        None if demo.figure is None else _in_both(inline(demo.figure, entry.name), say),
        "" if demo.figure is not None else "\n".join(line.rstrip() for line in demo.drawing),
        MODULES[entry.name].removeprefix("nndigits.").replace(".", "/") + ".py",
        "exercise" in entry.section,
    )


def _as_sentence(line: str) -> str:
    """Return a line with a capital letter, unless it begins with a formula, and with a full stop."""
    first = line[:1] if FORMULA.match(line) else line[:1].upper()
    return first + line[1:] + ("" if line.endswith("?") else ".")


def _table(table: Table, say: Callable[..., Markup]) -> ShownTable:
    def cell(value: Cell) -> Markup:
        return say(cell_text(value))

    return ShownTable(
        say(table.title),
        tuple(map(say, table.columns)),
        tuple(
            any(isinstance(cell, str) and WORD.search(cell) for cell in column)
            for column in zip(*table.rows, strict=True)
        ),
        tuple(tuple(map(cell, row)) for row in table.rows),
    )


def _in_both(figure: Markup, say: Callable[..., Markup]) -> Markup:
    """Give the labels of a figure their Chinese versions."""

    def label(found: re.Match[str]) -> str:
        return f"{found[1]}{say(unescape(found[2]), 'tspan')}"

    return trusted(LABEL.sub(label, str(figure)))
