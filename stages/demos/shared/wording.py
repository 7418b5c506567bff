"""Formatting of inputs and formulas in the text of the demonstrations."""

from collections.abc import Sequence

from nndigits.stages.demos.shared.texts import Text, chinese


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
