"""Settings of matplotlib in the current folder and in the environment neither stop nn nor change its pictures."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import command

HOSTILE: dict[str, Callable[[Path], object]] = {
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe"),
    "an unknown key": lambda path: path.write_text("foo\x1b[31mred: 1\n"),
    "other settings": lambda path: path.write_text("figure.dpi: 10\naxes.facecolor: red\n"),
    "a pipe": os.mkfifo,
}


def drawn(folder: Path, **environment: str) -> bytes:
    """Draw a demonstration in a folder, as the installed program does, and return the picture."""
    done = subprocess.run(
        [command(), "demo", "sigmoid", "--quiet", "--plot", "sigmoid.svg"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "sigmoid.svg").read_bytes()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_of_settings_in_the_current_folder_is_not_read(tmp_path: Path, kind: str) -> None:
    HOSTILE[kind](tmp_path / "matplotlibrc")
    (tmp_path / "clean").mkdir()
    assert drawn(tmp_path) == drawn(tmp_path / "clean")


def test_the_variables_of_matplotlib_are_not_read(tmp_path: Path) -> None:
    assert drawn(tmp_path, MPLBACKEND="junk", MATPLOTLIBRC="/dev/zero") == drawn(tmp_path)
