"""Checks of parameter values. Each raises a UsageError that says in one line what was expected and what was found."""

from collections.abc import Sequence

from nndigits.stages.store.errors import UsageError

LARGEST_SEED = 2**32 - 1


def number(parameter: str, value: float, least: float, most: float) -> None:
    """Require a number from ``least`` to ``most``; NaN is refused."""
    if not least <= value <= most:
        raise UsageError(f"expected {least:,.12g} to {most:,.12g}", parameter, value)


def numbers(parameter: str, values: Sequence[float], least: float, most: float) -> None:
    """Require numbers from ``least`` to ``most``."""
    for value in values:
        number(parameter, value, least, most)


def whole(parameter: str, value: int, least: int, most: int) -> None:
    """Require a whole number from ``least`` to ``most``."""
    if not least <= value <= most:
        raise UsageError(f"expected {least:,} to {most:,}", parameter, value)


def above_zero(parameter: str, value: float, most: float) -> None:
    """Require a positive number, at most ``most``."""
    if not 0 < value <= most:
        raise UsageError(f"expected a number above 0, at most {most:,.12g}", parameter, value)


def count(parameter: str, values: Sequence[object], least: int, most: int) -> None:
    """Require ``least`` to ``most`` values of a parameter that takes several."""
    if not least <= len(values) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise UsageError(f"expected {wanted} numbers with commas between, found {len(values)}", parameter)


def seed(value: int) -> None:
    """Require a seed from 0 to 2**32 - 1."""
    whole("seed", value, 0, LARGEST_SEED)
