"""Hostile names where the command line prints one, streams that do not block, and errors of too little memory."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from small import SMALL
from support import Run, command

from nndigits.cli.entry import MemoryCheck
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.streams import Stdout
from nndigits.cli.terminal.tables import table
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, WorldError, is_out_of_memory

NAME = "a\nFORGED\x1b[31m\u202e"


@pytest.mark.parametrize("way", ["line", "prose", "step", "note", "warn"])
def test_a_line_break_in_a_text_makes_no_line(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    getattr(Output(as_json=False, quiet=False), way)(f"{NAME}: 7")
    said = capsys.readouterr()
    assert said.out + said.err == "a\\nFORGED\\x1b[31m\\u202e: 7\n"


def test_a_name_with_spaces_in_a_row_does_not_become_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    Output(as_json=False, quiet=False).note(f"{'x' * 50}    rm -rf ~    y")
    assert "  rm" not in capsys.readouterr().err


def test_the_columns_of_a_table_may_come_from_a_file() -> None:
    made = table(NAME, "b")
    made.add_row(NAME, "1")
    assert all(line.isprintable() for line in made.lines(80))


def test_names_that_are_not_utf8_are_compared_and_read_again(nn: Run, tmp_path: Path) -> None:
    name = "caf\udce9"
    folder = tmp_path / name
    artifacts.save(folder / "data.npz", *SMALL["dataset"]())
    assert nn("baseline", "random", "--data", folder / "data.npz", "-o", folder / f"{name}.npz", "-q").returncode == 0
    words = ("compare", folder, "--data", folder / "data.npz", "-o", folder / "compare.json")
    for environment in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
        done = nn(*words, **environment)
        assert done.returncode == 0, done.stderr
        assert "caf\\xe9.npz" in done.stdout
    assert [f"{name}.npz"] in [one["files"] for one in json.loads(nn(*words, "--json").stdout)["entries"]]
    assert "caf\\\\xe9.npz" in (folder / "compare.md").read_text()
    assert "caf\\xe9.npz" in nn("show", folder / "compare.json").stdout
    assert "is not in it" not in nn("status", folder).stdout


@pytest.mark.parametrize("words", [["eval", "--help"], ["compare", "--help"], ["train", "--help"], ["status"], []])
def test_the_folder_of_the_environment_is_printed_escaped(words: list[str]) -> None:
    environment = {**os.environ, "NN_ARTIFACTS": f"{NAME}\udce9", "COLUMNS": "1000"}
    done = subprocess.run([command(), *words], env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    said = (done.stdout + done.stderr).decode()
    assert all(line.isprintable() for line in said.split("\n"))
    assert "\nFORGED" not in said


def test_only_names_that_need_no_quotes_are_completed(tmp_path: Path) -> None:
    for name in ("x;touch PWNED.png", "$(id).png", "a\nb.png", "caf\udce9.png", "\u202ex.png", "-x.png", "plain-ß.png"):
        (tmp_path / name).touch()
    environment = {"COMP_WORDS": "nn predict ", "COMP_CWORD": "2", "_NN_COMPLETE": "complete_bash"}
    done = subprocess.run([command()], env={**os.environ, **environment}, capture_output=True, check=False)
    assert done.stdout.decode().split() == ["plain-ß.png"]


def test_a_pipe_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    child = os.fork()
    if not child:
        os.close(reading)
        stream = Stdout(writing, "wb")
        left = memoryview(bytes(300_000))
        while left:
            left = left[stream.write(left) :]
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as end:
        assert len(end.read()) == 300_000
    assert os.waitpid(child, 0)[1] == 0


def test_a_home_that_cannot_be_written_is_one_line(nn: Run) -> None:
    done = nn("--install-completion", "bash", HOME="/proc/nn", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 1
    assert done.stderr.startswith("nn: completion: ")


def test_a_library_is_not_imported_where_its_memory_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndigits.cli.entry.has_memory", lambda megabytes: False)
    with pytest.raises(MemoryError, match="numpy needs 128 MB"):
        MemoryCheck().find_spec("numpy")
    MemoryCheck().find_spec("csv")


def test_memory_is_told_from_a_file_that_is_called_so() -> None:
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(ImportError("x.so: failed to map segment from shared object"))
    assert is_out_of_memory(OSError(12, "Cannot allocate memory", "x.png"))
    blamed = InputError("x.png: is a damaged picture")
    blamed.__context__ = MemoryError()
    assert is_out_of_memory(blamed)
    assert not is_out_of_memory(InputError("out of memory.png: no such file"))
    assert not is_out_of_memory(OSError(2, "No such file", "out of memory.png"))
    assert not is_out_of_memory(WorldError("disk"))
