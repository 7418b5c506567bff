"""The Chinese documents say what the English ones say: the same commands, outputs, corrections and terms."""

import json
import re
from pathlib import Path

import pytest
from support import REPOSITORY

from nndigits.stages.chapter.corrections import CORRECTIONS
from nndigits.stages.chapter.glossary import glossary

DOCS, PAGES = REPOSITORY / "docs", REPOSITORY / "pages"
CHAPTER = (DOCS / "chapter.zh-CN.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
COMMENT = re.compile(r"(?:(?<=\s)|^)#.*$", re.MULTILINE)


def code(path: Path) -> list[tuple[str, list[str]]]:
    """Return the blocks of a document: the language and the lines, without comments."""
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [(language, [line.rstrip() for line in COMMENT.sub("", text).splitlines()]) for language, text in blocks]


def test_the_readmes_have_the_same_code() -> None:
    english, chinese = code(REPOSITORY / "README.md"), code(REPOSITORY / "README.zh-CN.md")
    assert len(english) > 5
    assert chinese == english


def test_the_chapters_have_the_same_outputs() -> None:
    english = BLOCK.findall((DOCS / "chapter.md").read_text(encoding="utf-8"))
    assert sorted(BLOCK.findall(CHAPTER)) == sorted(english)


@pytest.mark.parametrize("names", [("README.md", "README.zh-CN.md"), ("docs/chapter.md", "docs/chapter.zh-CN.md")])
def test_each_links_to_the_other(names: tuple[str, str]) -> None:
    for name, other in (names, names[::-1]):
        assert f"]({Path(other).name})" in (REPOSITORY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "correction", [one for group in CORRECTIONS.values() for one in group], ids=lambda one: one.key
)
def test_every_correction_stands_in_the_chapter(correction: tuple[str, str]) -> None:
    key, check = correction
    texts = json.loads((PAGES / "chapter" / "corrections.json").read_text(encoding="utf-8"))
    assert texts[f"correction-{key}"]["zh"] in CHAPTER
    assert texts[f"correction-{key}-why"]["zh"] in CHAPTER
    assert check in CHAPTER


def test_the_glossary_is_that_of_the_page() -> None:
    page = (DOCS / "glossary.zh-CN.md").read_text(encoding="utf-8")
    rows = [line[2:-2].split(" | ") for line in page.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.replace("\\|", "|") for cell in row] for row in rows]
    assert cells == [[term.en, term.zh, term.means["zh"], term.means["en"]] for term in glossary()]
