"""`nn sweep`: the same bytes as `nn train`, only what is missing, tables, halving, other sweeps in a folder."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from support import Run, write_document

from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.space import Range
from nndigits.stages.training.sweep import show, sweep
from nndigits.stages.training.train import train
from nndigits.stages.training.trials import Plan

GRID = {"hidden": [(5,), (8,)], "eta": [1.0, 3.0], "epochs": [2]}
PLAN = Plan(GRID, seeds=2)


@pytest.fixture(scope="module")
def swept(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep of four combinations from two seeds, by two workers."""
    folder = tmp_path_factory.mktemp("swept") / "sweep"
    report = sweep(digits, folder, PLAN, workers=2)
    assert report.trained == 8
    return folder


@pytest.fixture
def folder(swept: Path, tmp_path: Path) -> Path:
    """A copy of it, for a test to change."""
    return Path(shutil.copytree(swept, tmp_path / "sweep"))


def test_a_trial_has_the_bytes_of_the_command_alone(swept: Path, digits: Path, tmp_path: Path) -> None:
    name = "hidden-8-eta-3-seed-1"
    train(digits, tmp_path / f"{name}.npz", Parameters(hidden=(8,), eta=3.0, epochs=2, seed=1, threads=1))
    for file in (f"{name}.npz", f"{name}-history.csv"):
        assert (swept / "trials" / file).read_bytes() == (tmp_path / file).read_bytes()
    names = {path.name for path in (swept / "trials").iterdir() if not path.name.startswith(".")}
    assert len(names - {"timings.csv"}) == 16, "the checkpoints of finished trials are removed"


def test_the_table_is_sorted_and_says_all_of_each_trial(swept: Path) -> None:
    document = json.loads((swept / "sweep.json").read_text())
    trials = document["trials"]
    correct = [one["validation_correct"] for one in trials]
    assert correct == sorted(correct, reverse=True)
    weights = artifacts.load(swept / "trials" / f"{trials[0]['name']}.npz", "weights")
    assert trials[0]["sha256"] == weights.sha256
    assert trials[0]["where"] == "this machine"
    assert trials[0]["seconds"] > 0
    assert document["made"]["parameters"]["choices"]["eta"] == ["1", "3"]
    report = show(swept)
    assert report.combinations[0].against_best == "best"
    best = report.combinations[0]
    accuracies = [one.validation_correct / 256 for one in best.trials]
    assert best.validation_accuracy == pytest.approx(sum(accuracies) / 2)
    assert best.spread == pytest.approx(abs(accuracies[0] - accuracies[1]) / 2**0.5)


def test_the_trials_are_a_table_for_other_programs(swept: Path, nn: Run) -> None:
    with open(swept / "results.csv", newline="") as file:
        assert file.readline().startswith("# {")
        rows = list(csv.DictReader(file))
    trials = show(swept).trials
    assert [row["name"] for row in rows] == [one.name for one in trials]
    for row, one in zip(rows, trials, strict=True):
        assert (row["hidden"], row["eta"], row["state"], row["where"]) == (*one.values.values(), "done", "this machine")
        assert [int(row[name]) for name in ("seed", "validation_correct", "validation_total", "kept_epoch")] == [
            one.seed,
            one.validation_correct,
            256,
            one.kept_epoch,
        ]
        assert float(row["seconds"]) == one.seconds
    shown = nn("show", swept / "results.csv")
    assert (shown.returncode, "hidden-8-eta-3-seed-1" in shown.stdout) == (0, True), shown.stderr


def test_a_table_of_someone_else_is_not_replaced(digits: Path, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "results.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"results\.csv: was not written by nn"):
        sweep(digits, tmp_path / "s", PLAN)
    assert (tmp_path / "s" / "results.csv").read_text() == "mine"


def test_long_values_are_read_from_the_table(digits: Path, tmp_path: Path, nn: Run) -> None:
    layers = [
        f"{', '.join(f'dense {one} sigmoid' for one in (5, 6, 7, 8, last))}, dense 10 sigmoid" for last in (9, 11)
    ]
    report = sweep(digits, tmp_path / "s", Plan({"layers": layers, "epochs": [1]}), workers=1)
    assert all(len(one.values["layers"]) > 60 for one in report.trials)
    shown = nn("show", tmp_path / "s" / "results.csv", "--json")
    assert {row[1] for row in json.loads(shown.stdout)["table"]["rows"]} == {
        one.values["layers"] for one in report.trials
    }


def test_a_second_call_does_only_what_is_missing(folder: Path, digits: Path) -> None:
    before = (folder / "sweep.json").read_bytes()
    assert sweep(digits, folder, PLAN).trained == 0
    assert (folder / "sweep.json").read_bytes() == before
    gone = folder / "trials" / "hidden-5-eta-1-seed-0.npz"
    content = gone.read_bytes()
    gone.unlink()
    assert sweep(digits, folder, PLAN, workers=1).trained == 1
    assert gone.read_bytes() == content
    more = Plan({**GRID, "eta": [1.0, 3.0, 2.0]}, seeds=2)
    report = sweep(digits, folder, more, workers=1)
    assert (report.trained, report.others) == (4, 0)
    assert all(one.seconds for one in report.trials), "the times of the earlier sweep are kept"
    assert sweep(digits, folder, PLAN).others == 4


def test_halving_stops_the_worst_and_the_others_end_in_the_same_bytes(digits: Path, tmp_path: Path) -> None:
    plan = Plan({"eta": [Range(0.01, 5.0, log=True)], "hidden": [(6,)], "epochs": [6]}, random=6, halving=True)
    report = sweep(digits, tmp_path / "s", plan, workers=2)
    assert sorted(one.state for one in report.trials) == ["done"] * 2 + ["stopped"] * 4
    assert {one.finished_epochs for one in report.trials if one.state == "stopped"} == {2}
    best = report.trials[0]
    parameters = Parameters(hidden=(6,), epochs=6, eta=float(best.values["eta"]), threads=1)
    train(digits, tmp_path / "alone.npz", parameters)
    assert (tmp_path / "s" / "trials" / f"{best.name}.npz").read_bytes() == (tmp_path / "alone.npz").read_bytes()
    assert sweep(digits, tmp_path / "s", plan).trained == 0
    assert show(tmp_path / "s").trials == report.trials


def test_a_diverging_trial_is_a_result_and_is_not_tried_again(digits: Path, tmp_path: Path) -> None:
    given = {"eta": [0.1, 1e38], "hidden": [(5,)], "epochs": [1], "activation": ["relu"], "cost": ["cross-entropy"]}
    plan = Plan({**given, "l2": [0.0]})
    report = sweep(digits, tmp_path / "s", plan, workers=1)
    assert [one.state for one in report.trials] == ["done", "diverged"]
    assert "no longer finite" in report.trials[1].why
    assert sweep(digits, tmp_path / "s", plan).trained == 0


def test_files_of_another_run_are_not_replaced(folder: Path, digits: Path, idx_folder: Path, nn: Run) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="made with epochs 2, this sweep has 3"):
        sweep(digits, folder, Plan({**GRID, "epochs": [3]}, seeds=2))
    assert nn("fetch", "--dataset", "digits", "--validation", "100", "-o", "other.npz").returncode == 0
    with pytest.raises(UsageError, match="other data"):
        sweep(Path("other.npz"), folder, PLAN)
    (folder / "trials" / "hidden-5-eta-1-seed-0.npz").write_text("mine")
    with pytest.raises(InputError):
        sweep(digits, folder, PLAN)
    (folder / "sweep.json").write_text("mine")
    with pytest.raises(UsageError, match="was not written by nn"):
        sweep(digits, folder, PLAN)
    assert {path for path in before if path.read_bytes() != before[path]} == {
        folder / "trials" / "hidden-5-eta-1-seed-0.npz",
        folder / "sweep.json",
    }


def test_a_forged_table_is_refused_in_one_line(folder: Path, nn: Run) -> None:
    document = json.loads((folder / "sweep.json").read_text())
    for wrong in (
        {"trials": []},
        {"trials": [{**document["trials"][0], "state": "new"}]},
        {"trials": [{**document["trials"][0], "validation_correct": 10**6}]},
        {"trials": [document["trials"][0], {**document["trials"][1], "values": {}}]},
        {"validation_total": 0},
    ):
        write_document(folder / "sweep.json", {**document, **wrong})
        done = nn("sweep", "--show", folder)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr


def test_the_command_prints_the_table_draws_it_and_gives_json(folder: Path, nn: Run) -> None:
    done = nn("sweep", "--show", folder, "--plot", "sweep.png")
    assert done.returncode == 0, done.stderr
    assert "worse than the best beyond noise" in " ".join(done.stdout.split())
    assert Path("sweep.png").read_bytes().startswith(b"\x89PNG")
    report = json.loads(nn("sweep", "--show", folder, "--json").stdout)
    assert [row["runs"] for row in report["combinations"]] == [2] * 4
    assert len(report["trials"]) == 8
    shown = nn("show", folder / "sweep.json")
    assert "hidden-8-eta-3-seed-1" in shown.stdout
