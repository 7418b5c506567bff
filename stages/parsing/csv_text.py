"""CSV from a file that a stranger may have written: the number of columns and the length of a cell are limited."""

import csv

from nndigits.stages.parsing.patterns import Items, SchemaError, Text, check_pattern

MOST_COLUMNS = 300
"""A confusion matrix of 256 classes has 257."""

MOST_CELL = 60
"""The characters of a cell. A number in full has at most 24."""

ROW = Items(Text(MOST_CELL), 0, MOST_COLUMNS)


def parse_csv(text: bytes) -> list[list[str]]:
    """Return the rows of a table, at least one; all have the same length. Raises SchemaError."""
    try:
        rows = list(csv.reader(text.decode().splitlines()))
    except (UnicodeDecodeError, csv.Error):
        raise SchemaError("is not a table of text") from None
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise SchemaError("has rows of different lengths")
    for number, row in enumerate(rows):
        check_pattern(row, ROW, f"row {number:,}")
    return rows
