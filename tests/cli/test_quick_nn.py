"""The program `nn` of the tests does what the installed nn does: streams, exit codes, files, folder and environment."""

import os
import subprocess
from pathlib import Path

import pytest
from support import command


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "environment"),
    [
        ("fetch --dataset digits --json", 0, {"NN_ARTIFACTS": "runs"}),
        ("train --artifacts=runs", 3, {}),
        ("demo sigmoid --quiet", 0, {}),
        ("trian", 2, {}),
        ("predict - --weights none.npz", 3, {"NN_ARTIFACTS": "runs"}),
    ],
)
def test_it_prints_and_writes_what_the_installed_program_does(
    quick_nn: Path, tmp_path: Path, line: str, code: int, environment: dict[str, str]
) -> None:
    found = []
    for program in (str(quick_nn), command()):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        done = subprocess.run(
            [program, *line.split()],
            cwd=folder,
            env={**os.environ, **environment, "COLUMNS": "70"},
            input=b"no picture",
            capture_output=True,
            check=False,
        )
        written = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        streams = [stream.replace(program.encode(), b"nn") for stream in (done.stdout, done.stderr)]
        found.append((done.returncode, streams, written))
    assert found[0] == found[1]
    assert found[0][0] == code


def test_its_calls_do_not_see_each_other(quick_nn: Path, tmp_path: Path) -> None:
    """Two at once, in folders and with environments of their own."""
    running = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        environment = {**os.environ, "NN_ARTIFACTS": f"runs-{name}"}
        arguments = [quick_nn, "fetch", "--dataset", "digits", "--quiet"]
        running.append(subprocess.Popen(arguments, cwd=tmp_path / name, env=environment, stdout=subprocess.PIPE))
    for name, process in zip(("a", "b"), running, strict=True):
        said, _ = process.communicate(timeout=30)
        assert f"runs-{name}/data.npz".encode() in said
        assert (tmp_path / name / f"runs-{name}" / "data.npz").exists()
