"""Texts from outside, escaped for the place where they are written: a line, Markdown, JSON, or a shell's command line.

The name of a file, a folder or a data set may contain any character: line breaks, escape codes of the terminal,
invisible characters that reverse what follows, and bytes that are not UTF-8 (Python reads those as surrogates).
"""

import os
import re
import shlex
from pathlib import Path
from typing import Any

IS_WINDOWS = os.name == "nt"

INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that Python counts as printable, but that draw nothing (Unicode's default ignorable ones, and blanks)."""

MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What begins code, emphasis, a link, HTML, a cell, an entity, a formula or a heading in Markdown."""

PLAIN_THERE = re.compile(r"[\w./\\:+-][\w./\\:=+%-]*", re.ASCII)
SINGLE_QUOTES, DOUBLED = re.compile("['\u2018-\u201b]"), r"\g<0>\g<0>"
SPECIAL_THERE = ' `$"\u201c-\u201e'
"""For PowerShell: words without quotes, what it takes for a single quote, and what its double quotes give a meaning."""


def printable(text: str) -> str:
    r"""Escape line breaks, control characters, invisible characters, and bytes that are not UTF-8.

    >>> printable("two\nlines"), printable("\x1b[31mred"), printable("caf\udce9")
    ('two\\nlines', '\\x1b[31mred', 'caf\\xe9')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter if letter.isprintable() and not INVISIBLE.match(letter) else ascii(letter)[1:-1]


def markdown(text: str) -> str:
    r"""Escape a text for one line of Markdown, such as a cell of a table.

    >>> markdown("a|b <i>`c`</i>.npz")
    'a\\|b \\<i\\>\\`c\\`\\</i\\>.npz'
    """
    return MARKUP.sub(r"\\\g<0>", printable(text))


def shell_word(word: str | Path) -> str:
    r"""Quote a word for a shell, on Windows for PowerShell, so that a command can be copied from the terminal and run.

    A path that begins with a dash, other than standard input, gets ``./``, so that it is no option. What a terminal
    does not show, or what ends a command in a sentence (backticks, spaces in a row), is quoted as bash and zsh read it.

    >>> shell_word("my seven.png"), shell_word(Path("-x.npz")), shell_word("two\nlines")
    ("'my seven.png'", './-x.npz', "$'two\\012lines'")
    """
    text = f"./{word}" if isinstance(word, Path) and str(word).startswith("-") and str(word) != "-" else str(word)
    is_plain = printable(text) == text and "`" not in text and "  " not in text
    if IS_WINDOWS:
        return _powershell_word(text, is_plain)
    if is_plain:
        return shlex.quote(text)
    parts = [_quoted(letter) for letter in text]
    return f"$'{''.join(parts)}'"


def shell_program(path: str | Path) -> str:
    """Quote the path of a program, which PowerShell runs only with an ampersand if it is quoted."""
    word = shell_word(path)
    return f"& {word}" if IS_WINDOWS and word[0] in "'\"" else word


def _powershell_word(text: str, is_plain: bool) -> str:
    """Quote a word for PowerShell: in single quotes, or with the numbers of what a terminal does not show."""
    if PLAIN_THERE.fullmatch(text):
        return text
    if is_plain:
        return f"'{SINGLE_QUOTES.sub(DOUBLED, text)}'"
    return f'"{"".join(_powershell_letter(letter) for letter in text)}"'


def _powershell_letter(letter: str) -> str:
    if letter not in SPECIAL_THERE and printable(letter) == letter:
        return letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"$([char]0x{units[i : i + 2].hex()})" for i in range(0, len(units), 2))


def _quoted(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if letter not in " `" and printable(letter) == letter:
        return letter
    errors = "surrogateescape" if "\udc80" <= letter <= "\udcff" else "surrogatepass"
    return "".join(f"\\{byte:03o}" for byte in letter.encode(errors=errors))


def json_text(document: Any, indent: int | None = None) -> str:
    r"""Format a document as strict JSON, in ASCII without control characters.

    A byte of a name that is not UTF-8 is a lone surrogate, ``\udcff`` for ff, which ``os.fsencode`` turns back.
    """
    import json

    return json.dumps(document, indent=indent, allow_nan=False).replace("\x7f", r"\u007f")
