"""Texts from outside: escaped for a line, Markdown, JSON and a shell."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from nndigits.stages.figures.figure import safe, shortened
from nndigits.stages.words import escaping
from nndigits.stages.words.escaping import json_text, markdown, printable, shell_program, shell_word

HOSTILE = (
    "two\nlines",
    "\x1b[31mred\x07\x7f\x9b",
    "\u202egnp\u2066\u200b\ufeff",
    "\u3164\u115f\ufe0f\u2800\U000e0100",
    "caf\udce9",
    "\r\t\u2028\u2029",
    "<script>alert(1)</script>",
    "a|b`c`$(id)'\"\\",
    "two  spaces ",
    "-rf",
    "y" * 255,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_printed_is_one_visible_line_and_stays_so(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert not set(shown) & set("\u3164\u115f\ufe0f\u2800\U000e0100")
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["seven.png", "Ziffer ß 数字.png", "a\\b"])
def test_what_is_visible_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_of_markdown_has_no_markup(text: str) -> None:
    escaped = markdown(text)
    bare = escaped
    for mark in "\\`*_[]<>|&~$#":
        bare = bare.replace(f"\\{mark}", "")
    assert not set(bare) & set("\\`*_[]<>|&~$#\n")
    assert markdown("784-30-10, 95.18 % (± 0.1).npz") == "784-30-10, 95.18 % (± 0.1).npz"
    assert "http://" not in markdown("http://a.b")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_shell_reads_a_quoted_word_as_it_was(text: str) -> None:
    word = shell_word(text)
    assert word.isprintable()
    assert "  " not in word
    assert "`" not in word
    done = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=False)
    assert done.stdout == text.encode(errors="surrogateescape")


def read_by_powershell(word: str) -> str:
    """Read a word by the rules of PowerShell's single and double quotes."""
    if word[0] == "'":
        return re.sub("(['\u2018-\u201b])\\1", r"\1", word[1:-1])
    if word[0] == '"':
        units = re.sub(r"\$\(\[char\]0x(\w{4})\)", lambda found: chr(int(found[1], 16)), word[1:-1])
        return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert not set(word) & set(" `$\"'(){}[]@,;|&<>#")
    return word


@pytest.mark.parametrize("text", [*HOSTILE, "it\u2019s O'Brien", "C:\\My digits\\a.npz", "C:\\d\\a.npz", "@a", "a,b"])
def test_powershell_reads_a_quoted_word_as_it_was(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escaping, "IS_WINDOWS", True)
    word = shell_word(text)
    assert word.isprintable()
    assert "  " not in word
    assert "`" not in word
    assert read_by_powershell(word) == text


def test_powershell_runs_a_quoted_program_with_an_ampersand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell_program("my venv/bin/nn") == "'my venv/bin/nn'"
    monkeypatch.setattr(escaping, "IS_WINDOWS", True)
    assert shell_program("C:\\My venv\\nn.exe") == "& 'C:\\My venv\\nn.exe'"
    assert shell_program(".venv\\Scripts\\nn.exe") == ".venv\\Scripts\\nn.exe"


def test_a_path_that_looks_like_an_option_is_quoted_as_a_path() -> None:
    assert shell_word(Path("-x.npz")) == "./-x.npz"
    assert shell_word(Path("-")) == "-"
    assert shell_word("--data") == "--data"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_printable_ascii_and_gives_the_name_back(text: str) -> None:
    document = json_text({text: [text]})
    assert document.isascii()
    assert document.isprintable()
    assert json.loads(document) == {text: [text]}


def test_json_has_no_number_that_is_not_finite() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text([float("nan")])


def test_the_name_in_a_figure_is_one_line_without_formulas() -> None:
    assert shortened("a\nb\x1b", 20) == "a\\nb\\x1b"
    assert safe("x$y$\x1b") == "x\\$y\\$\\x1b"
    assert safe("sum\ncarry") == "sum\ncarry"
