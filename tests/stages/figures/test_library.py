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


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The picture as it is drawn in an empty folder."""
    return drawn(tmp_path_factory.mktemp("empty"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_of_settings_in_the_current_folder_is_not_read(tmp_path: Path, kind: str, usual: bytes) -> None:
    HOSTILE[kind](tmp_path / "matplotlibrc")
    assert drawn(tmp_path) == usual


@pytest.mark.slow
def test_the_variables_of_matplotlib_are_not_read(tmp_path: Path, usual: bytes) -> None:
    assert drawn(tmp_path, MPLBACKEND="junk", MATPLOTLIBRC="/dev/zero") == usual
