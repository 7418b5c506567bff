"""The Makefile: another value rebuilds what depends on it and only that; the same value rebuilds nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support import REPOSITORY, command

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")

CODE = ("Makefile", "pyproject.toml", "cli", "stages", "models")


@pytest.fixture
def make(idx_folder: Path, tmp_path: Path):
    """Run make in a copy of the repository, with the nn that the tests run with."""
    for name in CODE:
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tmp_path / name)
    (tmp_path / "artifacts").mkdir()

    def run(*arguments: str) -> list[str]:
        """Give the stages that ran, and nothing else of what make says."""
        venv = Path(command()).parents[1]
        done = subprocess.run(
            ["make", f"VENV={venv}", "-o", str(venv / "bin/nn"), f"FROM={idx_folder}", "EPOCHS=1", *arguments],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        stages = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(command())]
        return stages or done.stdout.splitlines()

    return run


def test_the_graph_of_files(make, tmp_path: Path) -> None:
    assert make() == ["fetch", "train", "eval"]
    assert "Nothing to be done for" in make("run")[0]
    assert make("SEED=1") == ["train", "eval"]
    assert "Nothing to be done for" in make("SEED=1")[0]
    assert make("SEED=0") == ["train", "eval"]
    assert make("SPLIT=validation") == ["eval"]
    assert make("SPLIT=validation", "VALIDATION=20") == ["fetch", "train", "eval"]
    (tmp_path / "models" / "score.py").touch()
    assert make("SPLIT=validation", "VALIDATION=20") == ["eval"]
    (tmp_path / "models" / "sgd.py").touch()
    assert make("SPLIT=validation", "VALIDATION=20") == ["train", "eval"]
    (tmp_path / "artifacts" / "weights.npz").unlink()
    assert make("SPLIT=validation", "VALIDATION=20") == ["train", "eval"]


def test_a_dry_run_changes_nothing(make, tmp_path: Path) -> None:
    make()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "artifacts").iterdir()}
    assert make("-n", "SEED=1") == ["train", "eval"]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "artifacts").iterdir()} == before
    assert "Nothing to be done for" in make("run")[0]


def test_several_jobs_at_once_and_clean(make, tmp_path: Path) -> None:
    assert make("-j2") == ["fetch", "train", "eval"]
    make("clean")
    assert list((tmp_path / "artifacts").iterdir()) == []


def test_help_names_every_target(make) -> None:
    text = "\n".join(make("help"))
    for target in ("run", "install", "test", "check", "clean", "help"):
        assert f"make {target} " in text
