"""The Makefile: another value rebuilds what depends on it and only that; the same value rebuilds nothing."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pytest
from support import REPOSITORY, command, imported_files

from nndigits.stages.store import artifacts

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")

CODE = ("Makefile", "pyproject.toml", "requirements.txt", "cli", "stages", "models")


@pytest.fixture
def make(idx_folder: Path, quick_nn: Path, tmp_path: Path):
    """Run make in a copy of the repository."""
    for name in CODE:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.gz"))
        else:
            shutil.copy2(source, tmp_path / name)
    (tmp_path / "artifacts").mkdir()

    def run(*arguments: str, **environment: str) -> list[str]:
        """Give the stages that ran, and nothing else of what make says."""
        done = subprocess.run(
            ["make", f"NN={quick_nn}", "-o", str(quick_nn), f"FROM={idx_folder}", "EPOCHS=1", *arguments],
            cwd=tmp_path,
            env={**{name: value for name, value in os.environ.items() if not name.startswith("MAKE")}, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        stages = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(str(quick_nn))]
        return stages or done.stdout.splitlines()

    return run


@pytest.mark.slow
def test_the_graph_of_files(make, tmp_path: Path) -> None:
    assert make() == ["fetch", "train", "eval"]
    assert "Nothing to be done for" in make("run")[0]
    assert make("SEED=1") == ["train", "eval"]
    assert "Nothing to be done for" in make("SEED=1")[0]
    assert make() == ["train", "eval"]
    assert make("SPLIT=validation") == ["eval"]
    assert "Nothing to be done for" in make("run")[0]
    assert make("SPLIT=train") == ["eval"]
    for part, split in (("", "test"), ("validation-", "validation"), ("train-", "train")):
        made = json.loads((tmp_path / "artifacts" / f"weights-{part}eval.json").read_text())["made"]
        assert made["parameters"]["split"] == split
        assert (tmp_path / "artifacts" / f"weights-{part}eval.png").read_bytes().startswith(b"\x89PNG")
    assert make("SPLIT=validation", "VALIDATION=20") == ["fetch", "train", "eval"]
    (tmp_path / "models" / "baselines" / "svm.py").touch()
    assert make("SPLIT=validation", "VALIDATION=20") == ["eval"]
    (tmp_path / "stages" / "figures" / "plot.py").touch()
    assert make("SPLIT=validation", "VALIDATION=20") == ["eval"]
    (tmp_path / "models" / "images" / "background.py").touch()
    assert make("SPLIT=validation", "VALIDATION=20") == ["fetch", "train", "eval"]
    (tmp_path / "artifacts" / "weights.npz").unlink()
    assert make("SPLIT=validation", "VALIDATION=20") == ["train", "eval"]


def test_a_stage_by_its_name_and_a_picture_that_was_deleted(make, tmp_path: Path) -> None:
    assert [make(stage) for stage in ("fetch", "train", "eval")] == [["fetch"], ["train"], ["eval"]]
    picture = tmp_path / "artifacts" / "weights-eval.png"
    picture.unlink()
    make()
    assert picture.exists()


@pytest.mark.parametrize("given", ["SPLIT=tset", "SPLIT=test train", "SEEDS=x", "SEEDS=0", "SEEDS=2; touch RUN"])
def test_a_bad_value_is_one_line(given: str, tmp_path: Path) -> None:
    shutil.copy2(REPOSITORY / "Makefile", tmp_path)
    done = plain_make(tmp_path, "-n", "compare", given)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert given.replace("=", "='") + "': expected " in done.stderr
    assert not (tmp_path / "RUN").exists()


def test_a_dry_run_changes_nothing(make, tmp_path: Path) -> None:
    make()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "artifacts").iterdir()}
    assert make("-n", "SEED=1") == ["train", "eval"]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "artifacts").iterdir()} == before
    assert "Nothing to be done for" in make("run")[0]


def test_figures_of_another_network_are_not_those_of_make(make, tmp_path: Path) -> None:
    make()
    shutil.copy(tmp_path / "artifacts" / "weights.npz", tmp_path / "artifacts" / "other.npz")
    (tmp_path / "artifacts" / "weights-eval.json").unlink()
    subprocess.run([command(), "eval", "artifacts/other.npz"], cwd=tmp_path, check=True)
    assert make() == ["eval"]


def heed_ctrl_c() -> None:
    """Undo that a shell lets the programs that it starts in the background ignore SIGINT, and these tests with them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_an_interrupted_run_goes_on_unless_the_code_has_changed(make, digits: Path, tmp_path: Path) -> None:
    given = ("DATASET=digits", "HIDDEN=20", "EPOCHS=150")
    for touched in (False, True):
        shutil.rmtree(tmp_path / "artifacts")
        start = ["make", f"VENV={Path(command()).parents[1]}", "-o", str(Path(command())), *given]
        running = subprocess.Popen(
            start, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heed_ctrl_c
        )
        while "Epoch 3:" not in running.stdout.readline():
            assert running.poll() is None
        os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=30)
        assert not (tmp_path / "artifacts" / "weights.npz").exists()
        if touched:
            (tmp_path / "stages" / "training" / "train.py").touch()
        rest = plain_make(tmp_path, *start[1:])
        assert ("Continuing from epoch" in rest.stderr) is not touched, rest.stderr
        assert (len(re.findall("^Epoch", rest.stdout, re.MULTILINE)) == 150) is touched


def test_several_jobs_at_once_and_clean(make, tmp_path: Path) -> None:
    assert make("-j2") == ["fetch", "train", "eval"]
    kept = tmp_path / "artifacts" / "reader.npz"
    kept.write_bytes(b"half an hour of training")
    said = "\n".join(make("clean"))
    assert "artifacts/weights.npz" in said
    assert "reader.npz" not in said
    assert list((tmp_path / "artifacts").iterdir()) == [kept]


@pytest.mark.parametrize(
    "folder",
    ["", ".", "/", "..", "my artifacts", "./", "it's", "a&b", "(x)", "-q", "x#y", "a,b", "a*", "~", "a;b", "`x`"],
)
def test_a_folder_that_would_be_damaged_is_refused_in_a_line(folder: str, tmp_path: Path) -> None:
    shutil.copy2(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / "precious.npz").write_bytes(b"precious")
    done = plain_make(tmp_path, "clean", f"A={folder}")
    assert done.returncode == 2
    assert f"A='{folder}': " in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "precious.npz").exists()


def test_the_folder_of_nn_is_that_of_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy2(REPOSITORY / "Makefile", tmp_path)
    monkeypatch.setenv("NN_ARTIFACTS", "runs")
    assert "Nothing to remove in runs" in plain_make(tmp_path, "clean").stdout
    assert "Nothing to remove in named" in plain_make(tmp_path, "clean", "A=named").stdout


def test_names_and_contents_in_a_folder_of_a_stranger_are_not_run(tmp_path: Path) -> None:
    shutil.copy2(REPOSITORY / "Makefile", tmp_path)
    folder = tmp_path / "theirs"
    for name in ("seeds", "techniques/rung-1-seed-1 docs", "more"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (folder / "seeds" / "hidden-1-seed-$(touch RUN).npz").touch()
    (folder / "seeds" / "hidden-1-seed-'; touch RUN; '.npz").touch()
    show = ("NN=echo", "-o", "echo", "A=theirs", "EPOCHS=1")
    hostile = "3'; touch RUN; echo '`touch RUN`"
    for name in ("FROM", "SEEDS", "NETWORKS", "C", "GAMMA", "HIDDEN"):
        plain_make(tmp_path, *show, f"{name}={hostile}", "theirs/data.npz", "theirs/svm.npz", "theirs/compare.json")
    assert "Removing:" in plain_make(tmp_path, *show, "clean").stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "docs", "theirs"]
    assert [path.name for path in folder.iterdir()] == ["more"]


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    shutil.copy2(REPOSITORY / "Makefile", tmp_path)
    done = plain_make(tmp_path, "run", "EPOCH=1", "HIDDEN=30")
    assert done.returncode == 2
    assert "unknown variable EPOCH; known are DATASET" in done.stderr


def test_epochs_reach_the_networks_of_several_seeds(make, tmp_path: Path) -> None:
    make("compare", "SEEDS=1", "NETWORKS=5", "TRAIN_SIZE=40")
    made = artifacts.load(tmp_path / "artifacts" / "seeds" / "hidden-5-seed-0.npz").meta["parameters"]
    assert made["epochs"] == 1
    compared = json.loads((tmp_path / "artifacts" / "compare.json").read_text())["made"]["parameters"]
    assert compared["epochs"] == 1


def plain_make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, with nothing of a make around it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_every_target(make) -> None:
    text = "\n".join(make("help-all"))
    assert "torture" in text
    assert "torture" not in "\n".join(make("help")), "for contributors"
    targets = re.search(r"^\.PHONY: (.*)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    for target in targets[1].split():
        assert f"make {target} " in text


def test_a_recipe_is_one_more_thing_that_weights_are_made_of(make, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[train]\nepochs = 2\nhidden = [5]\nseed = 3\n")
    assert make("RECIPE=mine.toml") == ["fetch", "train", "eval"]
    made = artifacts.load(tmp_path / "artifacts" / "weights.npz").meta["parameters"]
    assert (made["seed"], made["hidden"], made["epochs"]) == (3, [5], 1)  # what make is told goes before the recipe
    assert "Nothing to be done for" in make("run", "RECIPE=mine.toml")[0]
    (tmp_path / "mine.toml").touch()
    assert make("RECIPE=mine.toml") == ["train", "eval"]
    assert make() == ["train", "eval"]


STAGES = {"FETCH": ["stages/fetch.py"], "TRAIN": ["stages/training/train.py"], "EVAL": ["stages/evaluate.py"]}
JUDGES = {"stages/classifiers/baseline_accuracy.py", "models/network/metrics.py"}
"""Measure a baseline's accuracy and change nothing in its file."""


@pytest.mark.parametrize("variable", STAGES)
def test_a_stage_depends_on_the_rooms_that_it_imports_and_on_no_others(variable: str) -> None:
    assert _rooms(_imported(STAGES[variable])) == _rooms(_listed(variable))


def test_a_baseline_depends_on_what_makes_it_and_not_on_what_judges_it() -> None:
    stages = [f"stages/classifiers/{name}.py" for name in ("simple_baselines", "train_svm", "svm_search")]
    imported = _imported(stages, JUDGES)
    assert _rooms(set(imported) - JUDGES) == _rooms(_listed("BASE"))


def test_the_comparison_depends_on_all_that_it_imports() -> None:
    listed = {room for variable in (*STAGES, "BASE", "COMPARE") for room in _rooms(_listed(variable))}
    assert _rooms(_imported(["stages/compare.py"])) <= listed


def test_editing_a_layer_does_not_fetch_again() -> None:
    assert not {path for path in _imported(STAGES["FETCH"]) if path.startswith("models/layers")}


def _rooms(paths: Iterable[str]) -> set[str]:
    """The folders of files; a stage's own file stands for itself."""
    return {path if path.startswith("stages/") and path.count("/") == 1 else path.rpartition("/")[0] for path in paths}


def _imported(starts: Sequence[str], without: Collection[str] = ()) -> set[str]:
    """All files that these import, directly or not, at the top or inside a function; not for type checking alone."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path not in found and path not in without:
            found.add(path)
            waiting += imported_files(REPOSITORY / path)
    return found


def _listed(variable: str) -> set[str]:
    """The files that the Makefile names for a stage."""
    listed = subprocess.run(
        ["make", "-s", "-f", "Makefile", "-f", "-", "listed"],
        input=f"listed: ; @echo $({variable}_CODE)\n",
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all((REPOSITORY / path).exists() for path in listed)
    return set(listed)
