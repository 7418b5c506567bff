"""`nn chapter`: what it prints, its JSON, and how it ends where it cannot work."""

import json
import re
from pathlib import Path

import pytest
from support import REPOSITORY
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.chapter import chapter
from nndigits.stages.chapter.sections import Section
from nndigits.stages.chapter.without_hidden import WithoutHidden
from nndigits.stages.demos.shared.index import BY_NAME
from nndigits.stages.store.errors import InputError, UsageError

pytestmark = pytest.mark.usefixtures("few_digits")
LISTED = (REPOSITORY / "docs" / "json.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _two_demonstrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chapter, "SECTIONS", (Section("perceptrons", "perceptrons", {"perceptron": ""}),))
    monkeypatch.setattr(chapter, "BY_NAME", {name: BY_NAME[name] for name in ("perceptron", "decision")})
    monkeypatch.setattr(chapter, "train_without_hidden", lambda digits: WithoutHidden(digits.pixels, 1, (90.0,)))


def test_the_page_is_written_to_the_folder_of_results(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    done = CliRunner().invoke(app, ["chapter"])
    assert done.exit_code == 0
    assert re.match(r"The chapter with 2 demonstrations, of digits -> artifacts/chapter.html \(0.\d MB\)", done.stdout)
    page = (tmp_path / "artifacts" / "chapter.html").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["chapter", "-q"]).exit_code == 0
    assert (tmp_path / "artifacts" / "chapter.html").read_text(encoding="utf-8") == page
    assert "ex-scaled-solution" in page


def test_its_json_has_names_of_the_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["chapter", "--json", "--no-solutions", "-o", "class.html"])
    document = json.loads(done.stdout)
    assert document == {
        "out": "class.html",
        "dataset": "digits",
        "demonstrations": 2,
        "passed_over": [],
        "bytes": (tmp_path / "class.html").stat().st_size,
    }
    assert all(f"`{name}`" in LISTED for name in document)
    assert "ex-scaled-solution" not in (tmp_path / "class.html").read_text(encoding="utf-8")


def test_what_cannot_be_done_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "chapter.html").write_text("my own notes")
    for arguments, error in (
        (["-o", "chapter.pdf"], UsageError),
        (["--data", "nothing.npz", "-o", "c.html"], InputError),
        ([], UsageError),
    ):
        assert isinstance(CliRunner().invoke(app, ["chapter", *arguments]).exception, error), arguments
    assert (tmp_path / "artifacts" / "chapter.html").read_text() == "my own notes"
