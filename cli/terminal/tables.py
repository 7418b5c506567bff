"""Tables without borders that fit the terminal.

What does not fit is made to fit in this order: headings and long texts wrap, or are cut where the column allows it;
columns with a rank are left out, the highest rank first; the others continue below. A number is never shortened. A
column with a rank is also left out where it is empty. Rich's tables
neither leave out columns nor continue below.
"""

from dataclasses import dataclass, replace
from typing import TextIO

from nndigits.cli.terminal.layout import PIECE, Style, cell_width, coloured, wrap
from nndigits.stages.words.escaping import printable

TEXT = 16
"""A column that is wider holds text, which may wrap to this width."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    title
        Its heading.
    left
        Whether it is aligned left; numbers are aligned right.
    rank
        The column of the highest rank is left out first; one of rank 0 never is.
    cut
        If not 0, its texts may be cut to this width.
    """

    title: str
    left: bool = False
    rank: int = 0
    cut: int = 0


@dataclass(frozen=True)
class Cell:
    """A text and its style."""

    text: str
    style: Style = ""


class Table:
    """A table; ``gap`` is the space between columns, and ``least_gap`` the space where it would not fit."""

    def __init__(self, *columns: Column, gap: int = 2, least_gap: int = 2) -> None:
        self.columns = [replace(column, title=printable(column.title)) for column in columns]
        self.rows: list[tuple[Cell, ...]] = []
        self.gap, self.least_gap = gap, least_gap

    def add_row(self, *cells: str, style: Style = "", styles: dict[int, Style] | None = None) -> None:
        """Add a row; ``styles`` are those of single columns, and ``style`` that of all others."""
        chosen = styles or {}
        self.rows.append(tuple(Cell(printable(text), chosen.get(at, style)) for at, text in enumerate(cells)))

    def lines(self, room: int, stream: TextIO | None = None) -> list[str]:
        """Return the lines of the table in ``room`` columns, coloured for a stream."""
        shown, gap = self._choose(room)
        blocks = self._blocks(shown, gap, room)
        lines: list[str] = []
        for number, block in enumerate(blocks):
            widths = self._widths(block, gap, room)
            lines += [""] * bool(number)
            heads = [Cell(self.columns[at].title) for at in block]
            lines += self._row(heads, block, widths, gap, stream, at_bottom=True)
            for row in self.rows:
                lines += self._row([row[at] for at in block], block, widths, gap, stream)
        return lines

    def fits(self, room: int) -> bool:
        """Return whether all columns that cannot be left out stand side by side in ``room`` columns."""
        return len(self._blocks(*self._choose(room), room)) == 1

    def _choose(self, room: int) -> tuple[list[int], int]:
        """Return the columns that are shown, and the gap between them."""
        shown = [at for at, column in enumerate(self.columns) if not column.rank or self._content(at)]
        while True:
            for gap in (self.gap, self.least_gap):
                if _total([self._least(at) for at in shown], gap) <= room:
                    return shown, gap
            leaves = max(shown, key=lambda at: self.columns[at].rank)
            if not self.columns[leaves].rank:
                return shown, self.least_gap
            shown.remove(leaves)

    def _blocks(self, shown: list[int], gap: int, room: int) -> list[list[int]]:
        """Divide columns that do not fit side by side into blocks; each begins with the first column."""
        first, *others = shown
        blocks = [[first]]
        for at in others:
            if len(blocks[-1]) > 1 and _total([self._least(one) for one in (*blocks[-1], at)], gap) > room:
                blocks.append([first])
            blocks[-1].append(at)
        return blocks

    def _widths(self, block: list[int], gap: int, room: int) -> list[int]:
        """Give each column its least width, and the space that is left to the columns that need more."""
        widths = [self._least(at) for at in block]
        spare = room - _total(widths, gap)
        for number in sorted(range(len(block)), key=lambda number: self.columns[block[number]].rank):
            more = min(max(0, spare), self._natural(block[number]) - widths[number])
            widths[number] += more
            spare -= more
        return widths

    def _natural(self, at: int) -> int:
        return max(cell_width(self.columns[at].title), self._content(at))

    def _content(self, at: int) -> int:
        return max((cell_width(row[at].text) for row in self.rows), default=0)

    def _least(self, at: int) -> int:
        column, content = self.columns[at], self._content(at)
        heading = _longest(column.title)
        if column.cut:
            return max(heading, min(content, column.cut))
        if content <= TEXT or column.rank:
            return max(heading, content)
        words = max(_longest(row[at].text) for row in self.rows)
        return max(heading, words, TEXT)

    def _row(
        self,
        cells: list[Cell],
        block: list[int],
        widths: list[int],
        gap: int,
        stream: TextIO | None,
        *,
        at_bottom: bool = False,
    ) -> list[str]:
        parts = [
            [_cut(cell.text, width)] if self.columns[at].cut and not at_bottom else wrap(cell.text, width)
            for cell, at, width in zip(cells, block, widths, strict=True)
        ]
        height = max(map(len, parts))
        empty = [[""] * (height - len(part)) for part in parts]
        parts = [space + part if at_bottom else part + space for part, space in zip(parts, empty, strict=True)]
        lines = []
        for texts in zip(*parts, strict=True):
            line, trail = "", 0
            for text, cell, at, width in zip(texts, cells, block, widths, strict=True):
                space = " " * (width - cell_width(text))
                before, after = ("", space) if self.columns[at].left else (space, "")
                shown = coloured(text, cell.style, stream) if stream else text
                line += " " * trail + before + shown
                trail = len(after) + gap
            lines.append(line.rstrip())
        return lines


def table(*columns: str | Column, least_gap: int = 2) -> Table:
    """Create a table; of columns that are mere headings, the first is aligned left, the others right."""
    made = [Column(one, left=not at) if isinstance(one, str) else one for at, one in enumerate(columns)]
    return Table(*made, least_gap=least_gap)


def _longest(text: str) -> int:
    """Return the columns of the longest part of a text that is not broken."""
    return max((cell_width(piece) for word in text.split() for piece in PIECE.findall(word)), default=0)


def _total(widths: list[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
