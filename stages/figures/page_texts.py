"""The texts of a page in English and Chinese. A page opens in English; its script switches the language.

Each table is a JSON file: key -> {"en": text, "zh": text}. A text may have places for values, such as ``{accuracy}``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from nndigits.stages.words.escaping import printable

LANGUAGES = ("en", "zh")
NO_BREAK = "\N{NO-BREAK SPACE}%"
CODE = re.compile(r"`([^`]+)`")

Texts = Mapping[str, Mapping[str, str]]


def parse(table: str) -> Texts:
    """Parse a table of texts; raises ValueError if a text lacks a language."""
    texts: Texts = json.loads(table)
    for key, versions in texts.items():
        if tuple(versions) != LANGUAGES:
            raise ValueError(f"the text {key} should have {' and '.join(LANGUAGES)}, has {', '.join(versions)}")
    return texts


class Writer:
    """Writes the texts of a page into its template, in English, marked for the script that translates them."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def text(self, key: str, **values: Any) -> Markup:
        """Return a text as an element, with its values put in, in which nothing invisible is left as it is."""
        values = {name: printable(value) if type(value) is str else value for name, value in values.items()}
        english = self.texts[key]["en"].format(**values)
        marked = Markup(' data-values="{}"').format(json.dumps(values, ensure_ascii=False)) if values else ""
        return Markup('<span data-text="{}"{}>{}</span>').format(key, marked, english)

    def label(self, key: str) -> Markup:
        """Return the attributes of an element whose name for screen readers is a text."""
        return Markup('data-label="{}" aria-label="{}"').format(key, escape(self.texts[key]["en"]))


def both(english: str, chinese: str | None, element: str = "span") -> Markup:
    """Return a text in both languages, of which the page shows one, or only in English. Backticks enclose code."""
    if chinese is None:
        return _with_code(english)
    return Markup('<{0} class="in-en">{1}</{0}><{0} class="in-zh" lang="zh-CN">{2}</{0}>').format(
        element, _with_code(english), _with_code(chinese)
    )


def _with_code(text: str) -> Markup:
    visible = "\n".join(map(printable, text.split("\n"))).replace(" %", NO_BREAK)
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(visible))))  # noqa: S704 (escaped in the call)
