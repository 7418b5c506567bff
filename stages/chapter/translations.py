"""Chinese versions of what the demonstrations say.

Each file of ``chinese/`` is a table from English to Chinese: ``shared.json`` for all demonstrations, the others by
demonstration. A text may have places, such as ``{count}``, which stand for what differs from run to run. A place with a
star in the English, ``{names*}``, may hold a list.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

PLACE = re.compile(r"\\\{(\w+)(\\\*)?\\\}")
"""A place in a text whose special characters are escaped."""

LIST = r"(?:(?!\. ).)+?"
ITEM = r"(?:(?!\. |, |; | and | or ).)+?"
"""What may stand in a place: a part of one sentence, or one item of a list."""

SENTENCE = re.compile(r"(?<=[.?!]) (?=[\w`])")
CASES = re.compile(r"(; and |; or )")
WORDS = re.compile(r"(, | and | or )")
SEPARATORS = {"; and ": "；", "; or ": "；或者", ", ": "、", " and ": "和", " or ": "或"}
"""What separates the items of a list, which may be lists themselves, in English and in Chinese."""

HAN, OTHER = r"[\u4e00-\u9fff]", r"[A-Za-z0-9\u0370-\u03ff√∂∇|`+-]"
GAP = re.compile(rf"(?<={HAN})(?={OTHER})|(?<=[A-Za-z0-9\u0370-\u03ff%|`])(?={HAN})")
"""Where Chinese has a thin space: between its characters and words or numbers."""

Patterns = tuple[tuple[re.Pattern[str], str], ...]


def translate(name: str, english: str) -> str | None:
    """Return the Chinese version of a text of the demonstration ``name``, or None where there is none.

    The text is a title, an idea, a finding, the title, a column head or a cell of a table, or a label in a figure, as
    the page shows it: without folders, and with its numbers written out.
    """
    chinese = _whole(name, english)
    if chinese is None and len(sentences := SENTENCE.split(english)) > 1:
        versions = [_whole(name, sentence) for sentence in sentences]
        chinese = None if None in versions else "".join(filter(None, versions))
    return None if chinese is None else GAP.sub(" ", chinese)


def _whole(name: str, english: str) -> str | None:
    """Translate a text that stands in a table as a whole."""
    for scope in (name, "shared"):
        exact, patterns = _tables().get(scope, ({}, ()))
        if english in exact:
            return exact[english]
        for pattern, chinese in patterns:
            if found := pattern.fullmatch(english):
                return chinese.format(**{place: _part(name, text) for place, text in found.groupdict().items()})
    return None


def _part(name: str, english: str) -> str:
    """Translate what stands in a place: a text of the tables, a list of such texts, or a number, which stays."""
    cases = CASES.split(english)
    if len(cases) > 1:
        return "".join(SEPARATORS.get(case) or _part(name, case) for case in cases)
    chinese = _whole(name, english)
    if chinese is not None or english.startswith("("):
        return chinese or english
    return "".join(SEPARATORS.get(word) or _whole(name, word) or word for word in WORDS.split(english))


@cache
def _tables() -> dict[str, tuple[dict[str, str], Patterns]]:
    """Return for each demonstration, and for ``shared``, its texts without places and its patterns."""
    return {
        scope: (
            {english: chinese for english, chinese in texts.items() if "{" not in english},
            tuple((_pattern(english), texts[english]) for english in sorted(texts, key=_fixed) if "{" in english),
        )
        for scope, texts in _texts()
    }


def _texts() -> Iterator[tuple[str, dict[str, str]]]:
    for file in files("nndigits.stages.chapter").joinpath("chinese").iterdir():
        tables = json.loads(file.read_text(encoding="utf-8"))
        yield from [("shared", tables)] if file.name == "shared.json" else tables.items()


def _fixed(english: str) -> int:
    """Sort texts by what is fixed in them, the most first: of two patterns that match, it is the one that is meant."""
    return -len(re.sub(r"\{\w+\*?\}", "", english))


def _pattern(english: str) -> re.Pattern[str]:
    """Return a pattern for a text with places; the same place has the same text, which is one sentence at most."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        place, may_be_list = found.groups()
        if place in seen:
            return f"(?P={place})"
        seen.add(place)
        return f"(?P<{place}>{LIST if may_be_list else ITEM})"

    return re.compile(PLACE.sub(group, re.escape(english)))
