"""How screens fit: the most used ones at two widths, the layout of text and tables, colours, and time estimates."""

import os
import pty
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import screens
from support import command

from nndigits.cli.terminal.layout import rows, wrap
from nndigits.cli.terminal.progress import Estimate
from nndigits.cli.terminal.tables import Column, table


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of all screens, printed now."""
    return screens.screens(tmp_path_factory.mktemp("screens"))


def test_there_is_no_file_of_another_screen() -> None:
    assert {path.stem for path in screens.FOLDER.iterdir()} == set(screens.SCREENS)


@pytest.mark.parametrize("name", screens.SCREENS)
def test_a_screen_is_as_its_file_says(printed: dict[str, str], name: str) -> None:
    """If a change is meant: python tests/screens.py."""
    assert printed[name] == (screens.FOLDER / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", screens.SCREENS)
def test_a_screen_fits_its_columns(name: str) -> None:
    """Errors and commands are whole; everything else fits."""
    for page in re.split(r"^(?=\$ nn)", (screens.FOLDER / f"{name}.txt").read_text(), flags=re.MULTILINE)[1:]:
        head, *lines = page.splitlines()
        columns = int(re.search(r"# (\d+) columns", head)[1])
        for line in lines:
            whole = line.startswith(("nn: ", "  nn ", "Example: "))
            assert whole or len(line) <= columns, line


def test_prose_is_wrapped_between_words_and_commands_stay_whole() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("Next:", 40, ["nn a b", "nn c d"]) == ["Next:  nn a b    nn c d"]
    assert wrap("Next:", 16, ["nn a b", "nn c d"]) == ["Next:", "  nn a b", "  nn c d"]
    assert wrap("see `nn train --help` now", 12) == ["see", "`nn train --help`", "now"]
    assert wrap("it reaches 95.18 %", 17) == ["it reaches", "95.18 %"]
    assert wrap("  - a list item", 10) == ["  - a list", "    item"]


def test_a_table_gives_up_its_least_needed_column_and_never_a_number() -> None:
    made = table("file", "correct", Column("size", rank=2), Column("what", left=True, rank=1, cut=6))
    made.add_row("weights.npz", "9,518", "97.7 kB", "784-30-10 sigmoid")
    assert made.lines(60)[1] == "weights.npz    9,518  97.7 kB  784-30-10 sigmoid"
    assert made.lines(40)[1] == "weights.npz    9,518  97.7 kB  784-30-1…"
    assert made.lines(30)[1] == "weights.npz    9,518  784-30-…"
    assert made.lines(21)[1] == "weights.npz    9,518"
    assert [line.split() for line in made.lines(12)] == [["file", "correct"], ["weights.npz", "9,518"]]


def test_columns_that_do_not_fit_continue_below() -> None:
    made = table("step", "v1", "v2")
    made.add_row("10", "-0.000209715", "0.000157286")
    assert made.lines(20) == ["step            v1", "10    -0.000209715", "", "step           v2", "10    0.000157286"]


def test_pictures_stand_as_many_in_a_row_as_fit() -> None:
    block = ["12345", "abcde"]
    assert rows([block] * 3, 12) == ["12345  12345", "abcde  abcde", "", "12345", "abcde", ""]
    assert rows([block] * 3, 11) == ["12345", "abcde", ""] * 3
    assert rows([], 60) == []


def _on_a_terminal(arguments: list[str], folder: Path, **environment: str) -> str:
    """What a command says on a terminal of its own, both streams together."""
    terminal, its_end = pty.openpty()
    known = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    running = subprocess.Popen(
        [command(), *arguments],
        stdout=its_end,
        stderr=its_end,
        cwd=folder,
        env={**known, "TERM": "xterm"} | environment,
    )
    os.close(its_end)
    said = b""
    with suppress(OSError):
        while chunk := os.read(terminal, 2**16):
            said += chunk
    os.close(terminal)
    running.wait(30)
    return said.decode()


def test_colours_mark_errors_the_diagonal_and_the_best_row_on_a_terminal_alone(tmp_path: Path) -> None:
    screens.make_place(tmp_path)
    matrix = _on_a_terminal(["eval"], tmp_path)
    assert matrix.count("\x1b[32m") == 10
    assert re.search(r"\x1b\[1;32mweights.npz\x1b\[0m", _on_a_terminal(["compare"], tmp_path))
    assert "\x1b[1;31mnn:\x1b[0m nothing.npz: no such file" in _on_a_terminal(["show", "nothing.npz"], tmp_path)
    assert "\x1b[3" not in _on_a_terminal(["eval"], tmp_path, NO_COLOR="1")
    assert "\x1b[3" not in screens.run("nn eval", 80, tmp_path).text


def test_an_error_wraps_on_a_terminal_and_is_one_line_elsewhere(tmp_path: Path) -> None:
    shown = _on_a_terminal(["show", "nothing.npz"], tmp_path, NO_COLOR="1", COLUMNS="60").splitlines()
    assert len(shown) > 1
    assert max(map(len, shown)) <= 60
    assert len(screens.run("nn show nothing.npz", 60, tmp_path).text.splitlines()) == 1


def test_a_bar_has_words_from_its_first_moment(tmp_path: Path) -> None:
    screens.make_place(tmp_path)
    said = _on_a_terminal(["train", "--epochs", "1"], tmp_path, COLUMNS="80")
    first = re.search(r"[A-Za-z]{4,}.*?━", said.replace("\x1b[?25l", ""))
    assert first
    assert first[0].startswith("Loading the images")


def test_work_of_minutes_is_announced_once_from_its_first_seconds() -> None:
    said, now = [], [0.0]
    estimate = Estimate(said.append, clock=lambda: now[0])
    for done in range(0, 3000, 10):
        estimate.update("Epoch 0 of 30", done, 3000)
        now[0] += 1
    assert said == ["Epoch 0 of 30: about 5 min to go at this speed."]
    estimate.update("Epoch 0 of 1", 0, 100)  # another total is other work
    now[0] += 3
    estimate.update("Epoch 0 of 1", 50, 100)
    assert len(said) == 1, "what ends in seconds is not announced"
