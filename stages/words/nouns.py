"""Counts with their nouns, lists of words, and articles."""

from collections.abc import Iterable

VOWELS = ("a", "e", "i", "o", "u", "8", "11", "18")
"""The beginnings of words and numbers that are spoken with a vowel first."""


def counted(number: int, noun: str) -> str:
    """Format a count with its noun: ``1 epoch``, ``2 epochs``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(words: Iterable[object], last: str = "and") -> str:
    """Join words: ``a, b and c``."""
    parts = [str(word) for word in words]
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def with_article(thing: object) -> str:
    """Put ``a`` or ``an`` before a word or a number: ``an 8``, ``a 9``, ``an 11``, ``a 110``."""
    text = str(thing)
    first = text.split()[0].lower() if text.strip() else ""
    spoken = first if first.isdigit() and not first.startswith("8") else first[:1]
    return f"{'an' if spoken in VOWELS else 'a'} {text}"
