"""What a demonstration's flags may be: one line says what was expected and found."""

from collections.abc import Sequence

from nn.stages.store.errors import UsageError

LARGEST_SEED = 2**32 - 1


def number(parameter: str, value: float, least: float, most: float) -> None:
    """Refuse a number outside of a range, and one that is none (NaN)."""
    if not least <= value <= most:
        raise UsageError(f"expected {least:,.12g} to {most:,.12g}", parameter, value)


def whole(parameter: str, value: int, least: int, most: int) -> None:
    """Refuse a whole number outside of a range."""
    if not least <= value <= most:
        raise UsageError(f"expected {least:,} to {most:,}", parameter, value)


def above_zero(parameter: str, value: float, most: float) -> None:
    """Refuse what is not a positive number up to ``most``."""
    if not 0 < value <= most:
        raise UsageError(f"expected a number above 0, at most {most:,.12g}", parameter, value)


def count(parameter: str, values: Sequence[object], least: int, most: int) -> None:
    """Refuse too few or too many values of a flag that takes several."""
    if not least <= len(values) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise UsageError(f"expected {wanted} numbers with commas between, found {len(values)}", parameter)


def seed(value: int) -> None:
    """Refuse a seed that is no plain whole number."""
    whole("seed", value, 0, LARGEST_SEED)
