"""The Chinese documents say what the English ones say: the same commands and terms."""

import re
from pathlib import Path

from support import REPOSITORY

from nndigits.stages.chapter.glossary import glossary

DOCS = REPOSITORY / "docs"
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


def test_each_readme_links_to_the_other() -> None:
    for name, other in (("README.md", "README.zh-CN.md"), ("README.zh-CN.md", "README.md")):
        assert f"]({other})" in (REPOSITORY / name).read_text(encoding="utf-8")


def test_the_glossary_is_that_of_the_page() -> None:
    page = (DOCS / "glossary.zh-CN.md").read_text(encoding="utf-8")
    rows = [line[2:-2].split(" | ") for line in page.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.replace("\\|", "|") for cell in row] for row in rows]
    assert cells == [[term.en, term.zh, term.means["zh"], term.means["en"]] for term in glossary()]
