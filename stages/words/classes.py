"""How texts name the classes of a data set: digits by their numbers, others by their names."""

from collections.abc import Sequence

from nndigits.stages.words.nouns import listed, with_article

MOST_LISTED = 12
MOST_LETTERS = 24
"""The names that a sentence lists, and the characters of one that it shows."""


def are_digits(names: Sequence[str]) -> bool:
    """Return whether classes are the ten digits, or have no names but their numbers."""
    return all(name == str(number) for number, name in enumerate(names))


def noun(names: Sequence[str]) -> str:
    """Return what one of the classes is: ``digit`` or ``class``."""
    return "digit" if are_digits(names) else "class"


def nouns(names: Sequence[str]) -> str:
    """Return what the classes are: ``digits`` or ``classes``."""
    return "digits" if are_digits(names) else "classes"


def counted_classes(names: Sequence[str]) -> str:
    """Return the number of classes: ``10 digits``, ``3 classes``."""
    return f"{len(names)} {nouns(names)}" if len(names) != 1 else f"1 {noun(names)}"


def in_words(names: Sequence[str]) -> str:
    """Return the number of classes with their names: ``10 digits``, ``3 classes (apple, pear and quince)``.

    >>> in_words("0123"), in_words(["apple", "pear", "quince"])
    ('4 digits', '3 classes (apple, pear and quince)')
    """
    several = counted_classes(names)
    if are_digits(names):
        return several
    if len(names) > MOST_LISTED:
        return f"{several} ({', '.join(map(short, names[:3]))}, ... {short(names[-1])})"
    return f"{several} ({listed(map(short, names))})"


def short(name: str) -> str:
    """Return a name, cut if it is long."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def called(name: str, names: Sequence[str]) -> str:
    """Return a class for a sentence: ``an 8`` for a digit, and ``Dress`` for another."""
    return with_article(name) if are_digits(names) else short(name)
