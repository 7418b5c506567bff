"""What all demonstrations have in common: the list, help, pictures, and `nn demo all`."""

import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits
from typer.testing import CliRunner

from nndigits.cli.commands import demo as command
from nndigits.cli.main import app
from nndigits.cli.terminal.demo_text import MOST
from nndigits.cli.terminal.output import Output
from nndigits.stages.demos.shared import index
from nndigits.stages.demos.shared.index import BY_NAME, DEMOS
from nndigits.stages.demos.shared.wording import counted, listed, weighted_sum
from nndigits.stages.figures import plot
from nndigits.stages.figures.figure import Curve, Figure, Note, Panel
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError, WorldError

QUICK = (
    "perceptron", "decision", "layers", "gates", "nand-adder", "universal", "perceptron-learning", "sigmoid",
    "small-change", "scaling", "architecture", "feedforward", "gradient-descent", "steepest",
    "update", "calculus", "backprop",
)  # fmt: skip
"""Those that neither train nor need data."""


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["demo", *arguments])


def test_the_list_has_a_line_for_each_in_the_order_of_the_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = run().stdout.splitlines()
    places = [next(number for number, line in enumerate(lines) if line.startswith(f"{entry.name} ")) for entry in DEMOS]
    assert places == sorted(places)
    for entry, place in zip(DEMOS, places, strict=True):
        assert entry.line in lines[place]
        assert entry.section in lines[place]
    assert [entry["name"] for entry in json.loads(run("--json").stdout)] == [entry.name for entry in DEMOS]


def test_a_mistyped_name_suggests_the_near_one() -> None:
    result = run("percptron")
    assert result.exit_code == 2
    assert "Did you mean perceptron?" in result.output
    assert "lists them" in run("quux").output


@pytest.mark.parametrize("entry", DEMOS, ids=lambda entry: entry.name)
def test_every_demonstration_has_help_with_its_place_and_an_example(entry: Any) -> None:
    result = run(entry.name, "--help")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert f"nn demo {entry.example}" in said
    assert entry.section in said


@pytest.mark.parametrize("name", QUICK)
def test_examples_and_what_to_try_next_run(name: str) -> None:
    assert run(*BY_NAME[name].example.split()).exit_code == 0
    result = run(name)
    commands = re.split(r" {4}|\n", result.stderr)
    tried = [command.split("demo ", 1)[1] for command in commands if " demo " in command]
    assert tried
    for line in tried:
        words = line.split()
        if words[0] in QUICK:
            assert run(*words).exit_code == 0, line


@pytest.mark.parametrize("name", QUICK)
def test_the_same_output_twice_in_88_columns_and_a_json_document(name: str) -> None:
    first, again = run(name), run(name)
    assert first.stdout == again.stdout
    assert max(map(len, first.stdout.splitlines())) <= MOST
    assert first.stdout.startswith(f"{name}: ")
    assert isinstance(json.loads(run(name, "--json").stdout), dict)


@pytest.mark.parametrize("ending", plot.ENDINGS)
@pytest.mark.parametrize("name", ["layers", "scaling"])
def test_pictures_are_the_same_bytes_each_time(name: str, ending: str, tmp_path: Path) -> None:
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
    for path in (one, other):
        assert run(name, "--plot", str(path)).exit_code == 0
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(b"\x89PNG" if ending == ".png" else b"<?xml")


@pytest.mark.parametrize("name", QUICK)
def test_every_demonstration_here_has_a_picture(name: str, tmp_path: Path) -> None:
    result = run(name, "--quiet", "--json", "--plot", str(tmp_path / "picture.svg"))
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    assert (tmp_path / "picture.svg").exists()


def test_every_kind_of_panel_is_drawn(tmp_path: Path) -> None:
    heights = np.add.outer(np.arange(4.0), np.arange(4.0))
    panels = (
        Panel("curves", curves=(Curve([0, 1], [1, 2], "one"), Curve([0, 1, 1], [0, 0, 1], style="area"))),
        Panel("image", image=heights.tolist(), signed=True),
        Panel("grey", image=heights.tolist()),
        Panel("contours", contour_x=range(4), contour_y=range(4), heights=heights.tolist(), equal=True),
        Panel("log", curves=(Curve([1, 10], [1, 10], style="marked"),), log_x=True, log_y=True, y_ticks=("a", "b")),
        Panel("words", notes=(Note(0, 0, "on", "on"), Note(1, 1, "text")), bare=True, x_range=(0, 1), y_range=(0, 1)),
    )
    plot.save(Figure(panels), tmp_path / "all.png")
    assert (tmp_path / "all.png").stat().st_size > 10_000


def test_another_ending_is_refused(tmp_path: Path) -> None:
    result = run("perceptron", "--plot", str(tmp_path / "x.gif"))
    assert isinstance(result.exception, UsageError)


def test_all_writes_text_json_and_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "DEMOS", tuple(BY_NAME[name] for name in ("perceptron", "decision")))
    result = run("all", "--out", str(tmp_path / "demos"))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 3, "a line each, and how many files there are"
    written = {path.name for path in (tmp_path / "demos").iterdir()}
    files = {f"{name}.{ending}" for name in ("perceptron", "decision") for ending in ("txt", "json", "png")}
    assert written == files | {"index.html"}
    index = (tmp_path / "demos" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<a href="(\w+\.\w+)">', index)) == files
    assert len(re.findall("<svg", index)) == 2
    assert (tmp_path / "demos" / "decision.txt").read_text(encoding="utf-8") == run("decision").stdout
    assert (tmp_path / "demos" / "decision.json").read_text(encoding="utf-8") == run("decision", "--json").stdout


def test_all_leaves_out_what_the_digits_do_not_allow(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "DEMOS", tuple(BY_NAME[name] for name in ("perceptron", "target")))
    whole = artifacts.load(digits, "dataset")
    keep = {name: whole.arrays[f"{name}_labels"] != 6 for name in ("train", "validation", "test")}
    arrays = {name: array[keep[name.partition("_")[0]]] for name, array in whole.arrays.items()}
    (tmp_path / "artifacts").mkdir()
    artifacts.save(
        tmp_path / "artifacts" / "data.npz", whole.meta, {k: np.ascontiguousarray(a) for k, a in arrays.items()}
    )
    result = run("all", "--out", str(tmp_path / "demos"))
    assert result.exit_code == 0
    assert "Left out: target: digit 6: there is no test image of this digit" in result.stderr
    assert not list((tmp_path / "demos").glob("target*"))
    (tmp_path / "artifacts" / "weights.npz").write_bytes(b"PK")
    assert isinstance(run("all", "--out", str(tmp_path / "others")).exception, InputError)
    assert not list((tmp_path / "others").iterdir())


def test_all_keeps_an_index_that_nn_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("my own page")
    assert isinstance(run("all", "--out", str(tmp_path)).exception, UsageError)
    assert [path.name for path in tmp_path.glob("*.*")] == ["index.html"]


def test_all_refuses_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(run("all", "--out", str(tmp_path / "file")).exception, WorldError)


def test_drawings_have_plain_signs_where_lines_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", ascii_only)
    Output(as_json=False, quiet=False).line("┌─┐ ● x² σ ± 1 – ü")
    assert ascii_only.buffer.getvalue() == b"+-+ @ x^2 sigma +- 1 - ?\n"


def test_small_words() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b"], "or") == "a or b"
    assert listed(["a"]) == "a"
    assert listed([]) == ""
    assert counted(1, "input") == "1 input"
    assert counted(1024, "input") == "1,024 inputs"
    assert weighted_sum((6, -2, 1), ("x1", "x2", "x3"), -5) == "6 x1 - 2 x2 + x3 - 5"
    assert weighted_sum((-1, 0.5), ("x1", "x2")) == "-x1 + 0.5 x2"


def test_a_demonstration_runs_with_one_blas_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> list[int]:
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    monkeypatch.setattr(index, "import_module", lambda name: SimpleNamespace(run=run))
    with threadpool_limits(2, "blas"):
        assert set(index.load("perceptron")()) == {1}
