"""The terms of the chapter in English and Chinese, from ``pages/chapter/glossary.json``."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple


class Term(NamedTuple):
    """A term of the chapter in both languages, what it means, and the demonstration where it stands."""

    en: str
    zh: str
    means: Mapping[str, str]
    demo: str


def glossary() -> tuple[Term, ...]:
    """Return the terms, in the order of the chapter."""
    table = files("nndigits.pages").joinpath("chapter/glossary.json").read_text(encoding="utf-8")
    return tuple(Term(**term) for term in json.loads(table))
