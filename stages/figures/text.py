"""Text of a figure as matplotlib draws it literally. File names may contain any character."""

from nndigits.stages.words.escaping import printable


def safe(text: str) -> str:
    r"""Escape what matplotlib would not draw: formulas between dollars, control characters, a hidden label (``_x``).

    >>> safe("a$b$")
    'a\\$b\\$'
    """
    shown = "\n".join(map(printable, text.split("\n")))
    return (" " if shown.startswith("_") else "") + shown.replace("$", "\\$")


def shortened(text: str, most: int) -> str:
    """Return a text, such as a name, on one line of at most ``most`` characters, with an ellipsis where it was cut.

    >>> shortened("784 - conv 20 5x5", 10)
    '784 - con…'
    """
    text = printable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
