"""The frame of `make torture`: a table of figures, and an exit code that tells whether all are met."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from torture import __main__ as runner
from torture.figures import Figure, of


def module(met: bool | None, section: str = "A") -> SimpleNamespace:
    figure = Figure(section, "an attack", of(1_999, 2_000), "all", met)
    return SimpleNamespace(SECTION=section, __name__="made up", figures=lambda size: iter([figure]))


@pytest.mark.parametrize(("met", "code"), [(True, 0), (False, 1), (None, 0)])
def test_a_figure_that_is_not_met_ends_with_1(monkeypatch, capsys, tmp_path: Path, met: bool | None, code: int) -> None:
    monkeypatch.setattr(runner, "sections", lambda: [module(met)])
    assert runner.main(["--table", str(tmp_path / "table.md")]) == code
    assert "1,999 of 2,000" in capsys.readouterr().out
    assert "`PYTHONPATH=tests python -m torture A`" in (tmp_path / "table.md").read_text()


def test_a_section_that_breaks_is_a_figure_that_is_not_met(monkeypatch, capsys) -> None:
    broken = SimpleNamespace(SECTION="A", __name__="made up", figures=lambda size: iter([1 / 0 for _ in size]))
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


def test_every_module_of_a_section_has_figures() -> None:
    assert all(callable(module.figures) for module in runner.sections())
