"""The runner of `make torture`: a table of results, an exit code for missed targets, and the rooms."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from torture import __main__ as runner
from torture.harness.results import Result, of


def module(met: bool | None, section: str = "A") -> SimpleNamespace:
    result = Result(section, "an attack", of(1_999, 2_000), "all", met)
    return SimpleNamespace(SECTION=section, __name__="made up", results=lambda size: iter([result]))


@pytest.mark.parametrize(("met", "code"), [(True, 0), (False, 1), (None, 0)])
def test_a_missed_target_ends_with_1(monkeypatch, capsys, tmp_path: Path, met: bool | None, code: int) -> None:
    monkeypatch.setattr(runner, "sections", lambda: [module(met)])
    assert runner.main(["--table", str(tmp_path / "table.md")]) == code
    assert "1,999 of 2,000" in capsys.readouterr().out
    assert "`PYTHONPATH=tests python -m torture A`" in (tmp_path / "table.md").read_text()


def test_an_exception_in_a_section_is_a_missed_target(monkeypatch, capsys) -> None:
    broken = SimpleNamespace(SECTION="A", __name__="made up", results=lambda size: iter([1 / 0 for _ in size]))
    monkeypatch.setattr(runner, "sections", lambda: [broken, module(True, "B")])
    assert runner.main([]) == 1
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out
    assert "1,999 of 2,000" in out


def test_sections_are_chosen_by_their_letters(monkeypatch, capsys) -> None:
    monkeypatch.setattr(runner, "sections", lambda: [module(True), module(False, "B")])
    assert runner.main(["A"]) == 0
    assert runner.main(["A", "B"]) == 1
    with pytest.raises(SystemExit):
        runner.main(["Z"])


def test_every_section_letter_has_a_module_with_results() -> None:
    modules = runner.sections()
    assert all(callable(module.results) for module in modules)
    assert "".join(sorted({module.SECTION for module in modules})) == "ABCDEGHJK"


def test_rooms_hold_three_to_twelve_files_and_say_in_a_sentence_what_they_are() -> None:
    folder = Path(runner.__file__).parent
    for room in (path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"):
        files = {path.name for path in room.iterdir() if path.is_file()} - {"__init__.py"}
        assert 3 <= len(files) <= 12, room.name
        assert (room / "__init__.py").read_text().count("\n") == 1, room.name
