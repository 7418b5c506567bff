"""Formatting of lists, counts, formulas and truth tables in the text of the demonstrations."""

from collections.abc import Sequence

from nndigits.stages.demos.shared.texts import Text, chinese
from nndigits.stages.store.errors import UsageError
from nndigits.stages.words.nouns import listed


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
    parts = [
        (
            weight,
            term
            if abs(weight) == 1
            else f"{abs(weight):.6g}{times if times == ' ' or not term.isascii() else ' '}{term}",
        )
        for weight, term in zip(weights, terms, strict=True)
    ]
    if bias is not None:
        parts.append((bias, f"{abs(bias):.6g}"))
    text = "".join(f"{' - ' if number < 0 else ' + '}{part}" for number, part in parts)
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")


def truth_table(text: str, least: int, most: int) -> tuple[int, ...]:
    """Parse a truth table of ``least`` to ``most`` inputs: its outputs in counting order, such as ``0110``."""
    sizes = [2**n for n in range(least, most + 1)]
    if set(text) - {"0", "1"} or len(text) not in sizes:
        found = str(len(text)) if len(text) not in sizes else "other characters"
        raise UsageError(f"expected {listed(sizes, 'or')} digits 0 or 1, found {found}", "table", text[:70])
    return tuple(map(int, text))
