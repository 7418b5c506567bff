"""The texts of the demonstrations in English and Chinese.

Beside a demonstration's module stands a table with its name: ``decision.json`` has ``{key: {"en": text, "zh": text}}``,
and the demonstration's place in the book. What several demonstrations say is in ``shared.json``. A text may have places
for values, such as ``{cost:.6g}``; ``{n:case|cases}`` is the first noun if n is 1, else the second.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from nndigits.stages.figures.figure import Curve, Panel, Style
from nndigits.stages.words import nouns

HAN, OTHER = r"[\u4e00-\u9fff]", r"[A-Za-z0-9\u0370-\u03ff√∂∇|`+-]"
GAP = re.compile(rf"(?<={HAN})(?={OTHER})|(?<=[A-Za-z0-9\u0370-\u03ff%|`])(?={HAN})")
"""Where Chinese has a space: between its characters and words or numbers."""

PERCENT = re.compile(r"(?<=\d)%")
"""A percent sign as Python's format writes it; nn writes 95.18 %."""

CHINESE_WORDS = {"and": "和", "or": "或"}

Cell = str | int | float | bool


@dataclass(frozen=True)
class Table:
    """A table of results. Its numbers are not rounded; the terminal rounds them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Text(str):
    """A text in English, with its Chinese version in ``zh``."""

    zh: str
    __slots__ = ("zh",)

    def __new__(cls, english: str, chinese: str) -> "Text":
        """Return the text; a space is put between Chinese characters and words or numbers."""
        text = super().__new__(cls, english)
        text.zh = GAP.sub(" ", chinese)
        return text

    def __add__(self, other: str) -> "Text":
        """Return two texts as one; in Chinese no space stands between sentences."""
        return Text(str(self) + other, self.zh + chinese(other).removeprefix(" "))


class Say:
    """The texts of a demonstration, ``say(key, cost=0.25)``, and tables and panels whose words are keys of them.

    What is no key, such as the name of a variable, stands as it is.
    """

    def __init__(self, demo: str) -> None:
        self.demo = demo

    def __call__(self, key: str, **values: Any) -> Text:
        """Return a text with these values."""
        versions = table(self.demo).get(key) or table("shared")[key]
        in_chinese = {name: chinese(value) if isinstance(value, str) else value for name, value in values.items()}
        return Text(FORMATTER.format(versions["en"], **values), FORMATTER.format(versions["zh"], **in_chinese))

    def word(self, key: str) -> str:
        """Return the text of a key, or what is no key as it is."""
        is_key = not isinstance(key, Text) and (key in table(self.demo) or key in table("shared"))
        return self(key) if is_key else key

    def table(self, title: str, columns: str | Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
        """Return a table; ``columns`` are keys, as a sequence or with blanks between."""
        heads = columns.split() if isinstance(columns, str) else columns
        return Table(self.word(title), tuple(map(self.word, heads)), tuple(map(tuple, rows)))

    def panel(self, title: str, x_label: str, y_label: str, *curves: Curve, **options: Any) -> Panel:
        """Return a panel of curves; the title and the labels are keys, and arrays may stand for lists."""
        plain = {name: one.tolist() if hasattr(one, "tolist") else one for name, one in options.items()}
        return Panel(self.word(title), self.word(x_label), self.word(y_label), curves, **plain)

    def curve(self, x: Any, y: Any, label: str = "", style: Style = "line") -> Curve:
        """Return a curve through points, given as arrays or sequences; the label is a key."""
        across, up = (values.tolist() if hasattr(values, "tolist") else values for values in (x, y))
        return Curve(across, up, self.word(label) if label else "", style)


@cache
def table(demo: str) -> dict[str, Any]:
    """Return the texts of a demonstration, or those of ``shared``."""
    name = "shared/shared" if demo == "shared" else demo.replace("-", "_")
    path = files("nndigits.stages.demos") / f"{name}.json"
    texts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def chinese(text: str) -> str:
    """Return the Chinese version of a text; numbers, names and formulas have none and stay as they are."""
    return text.zh if isinstance(text, Text) else text


def joined(*parts: str, by: str = " ", in_chinese: str = "") -> Text:
    """Join texts, such as sentences; empty ones are left out."""
    some = [part for part in parts if part]
    return Text(by.join(some), in_chinese.join(map(chinese, some)))


def listed(words: Iterable[object], last: str = "and") -> Text:
    """Join words: ``a, b and c``."""
    parts = [word if isinstance(word, str) else str(word) for word in words]
    versions = list(map(chinese, parts))
    ends = [CHINESE_WORDS[last].join(["、".join(versions[:-1]), versions[-1]])] if len(versions) > 1 else versions
    return Text(nouns.listed(parts, last), "".join(ends))


def with_article(thing: object) -> Text:
    """Put ``a`` or ``an`` before a number or a word; Chinese has neither."""
    return Text(nouns.with_article(thing), str(thing))


def cell_text(value: Cell) -> str:
    """Return a cell of a table as people read it: numbers with six digits, yes or no, and text."""
    if isinstance(value, bool):
        return Say("shared")("yes" if value else "no")
    return f"{value:.6g}" if isinstance(value, float) else sentence(value if isinstance(value, str) else str(value))


def sentence(text: str) -> str:
    """Return a text with a space before each percent sign."""
    if isinstance(text, Text):
        return Text(PERCENT.sub(" %", text), PERCENT.sub(" %", text.zh))
    return PERCENT.sub(" %", text)


class _Formatter(Formatter):
    """Formats values as ``str.format`` does, and chooses between two nouns."""

    def format_field(self, value: Any, spec: str) -> str:
        one, several, other = spec.partition("|")
        if several:
            return one if value == 1 else other
        return str(super().format_field(value, spec))


FORMATTER = _Formatter()


def input_bits(row: int, n: int) -> str:
    """Write the n inputs in row ``row`` of a truth table: row 1 of two inputs is ``01``."""
    return f"{row:0{n}b}"


def input_names(n: int) -> tuple[str, ...]:
    """Return the input names of the chapter: x1, x2, ..."""
    return tuple(f"x{number}" for number in range(1, n + 1))


def weighted_sum(weights: Sequence[float], terms: Sequence[str], bias: float | None = None) -> str:
    """Format a weighted sum: ``6 x1 - 2 x2 + 3``."""
    return Text(_sum(weights, terms, bias, " "), _sum(weights, [*map(chinese, terms)], bias, " × "))


def _sum(weights: Sequence[float], terms: Sequence[str], bias: float | None, times: str) -> str:
    text = ""
    for weight, term in zip([*weights, bias], [*terms, ""], strict=True):
        if weight is None:
            continue
        size = f"{abs(weight):.6g}" if abs(weight) != 1 or not term else ""
        sign = times if size and not term.isascii() else " " if size and term else ""
        text += f"{' - ' if weight < 0 else ' + '}{size}{sign}{term}"
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")
