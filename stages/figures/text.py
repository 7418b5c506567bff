"""Text of a figure as matplotlib draws it literally. File names may contain any character."""


def safe(text: str) -> str:
    r"""Escape what matplotlib would not draw: formulas between dollars, control characters, a hidden label (``_x``).

    >>> safe("a$b$")
    'a\\$b\\$'
    """
    shown = "".join(letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text)
    return (" " if shown.startswith("_") else "") + shown.replace("$", "\\$")


def shortened(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters, with an ellipsis where it was cut.

    >>> shortened("784 - conv 20 5x5", 10)
    '784 - con…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
