"""The prose of the chapter: its essay, corrections of common Chinese notes, and glossary.

They are tables in ``pages/chapter``. Prose is paragraphs with a blank line between. A formula stands between dollars,
and becomes MathML, which browsers draw without a library.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from nndigits.stages.figures.page import trusted

PIECE = re.compile(r'"[^"]*"|\\\w+|[\d.,]*\d|\s+|.')
LINK = re.compile(r"\[([^\]]+)\]\((#[\w.-]+)\)")
MINUS = "\N{MINUS SIGN}"
FORMULA = re.compile(r"\$([^$]+)\$")


@cache
def table(name: str) -> Any:
    """Return a table of ``pages/chapter``, such as ``glossary``."""
    return json.loads(files("nndigits.pages").joinpath(f"chapter/{name}.json").read_text(encoding="utf-8"))


def prose(key: str) -> Markup:
    """Return a text of the essay in both languages, each paragraph an element; nothing if there is no such text."""
    versions = table("essay").get(key, {})
    return Markup("").join(
        Markup('<p class="in-{0}"{1}>{2}</p>').format(
            language, Markup(' lang="zh-CN"') if language == "zh" else "", _with_formulas(paragraph)
        )
        for language, text in versions.items()
        for paragraph in text.split("\n\n")
    )


def _with_formulas(text: str) -> Markup:
    parts = FORMULA.split(text)
    if [part for part in parts if part] == parts[1:2]:  # a paragraph that is one formula stands in a line of its own
        return formula(parts[1], display=True)
    return Markup("").join(formula(part) if place % 2 else _with_links(part) for place, part in enumerate(parts))


def _with_links(text: str) -> Markup:
    return trusted(LINK.sub(r'<a href="\2">\1</a>', str(escape(text))))


def formula(written: str, *, display: bool = False) -> Markup:
    r"""Return a formula as MathML. It knows ``_`` and ``^``, groups in braces, ``\frac``, and words in quotes.

    >>> str(formula("w_j^2"))
    '<math><msubsup><mi>w</mi><mi>j</mi><mn>2</mn></msubsup></math>'
    """
    pieces = iter([piece for piece in PIECE.findall(written) if not piece.isspace()])
    start = '<math display="block">' if display else "<math>"
    return trusted(f"{start}{_row(pieces)}</math>")


def _row(pieces: Iterator[str]) -> str:
    """Return all that stands before the end, or before a closing brace."""
    items: list[str] = []
    scripts: list[dict[str, str]] = []
    for piece in pieces:
        if piece == "}":
            break
        if piece in "_^":
            scripts[-1][piece] = _atom(next(pieces), pieces)
        else:
            items.append(_atom(piece, pieces))
            scripts.append({})
    return "".join(map(_scripted, items, scripts))


def _scripted(base: str, script: dict[str, str]) -> str:
    element = {"_": "msub", "^": "msup", "_^": "msubsup", "": ""}["".join(sorted(script, reverse=True))]
    inside = "".join(script[place] for place in "_^" if place in script)
    return f"<{element}>{base}{inside}</{element}>" if element else base


def _atom(piece: str, pieces: Iterator[str]) -> str:
    if piece == "{":
        return f"<mrow>{_row(pieces)}</mrow>"
    if piece == r"\frac":
        return f"<mfrac>{_atom(next(pieces), pieces)}{_atom(next(pieces), pieces)}</mfrac>"
    if piece[0] == '"':
        return f"<mtext>{escape(piece[1:-1])}</mtext>"
    element = "mn" if piece[0].isdigit() else "mi" if piece.isalpha() else "mo"
    return f"<{element}>{escape(piece.replace('-', MINUS))}</{element}>"
