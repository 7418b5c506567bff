"""The table that compares: what is in it, what is made again, and what an interrupted run keeps."""

import json
import os
import shutil
from contextlib import nullcontext
from pathlib import Path
from statistics import stdev

import pytest
from support import Run, sha256, write_document

from nndigits.stages.classifiers.simple_baselines import darkness, guess
from nndigits.stages.compare import compare
from nndigits.stages.fetch import fetch
from nndigits.stages.results.comparison import COLUMNS, cells
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, environment
from nndigits.stages.store.errors import Interrupted, UsageError
from nndigits.stages.store.result_files import TIMINGS, read_times, record_time
from nndigits.stages.training.train import train
from nndigits.stages.workers.local import LocalEngine


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    fetch(folder / "data.npz", dataset="digits")
    guess(folder / "data.npz", folder / "random.npz")
    darkness(folder / "data.npz", folder / "darkness.npz")
    train(folder / "data.npz", folder / "weights.npz", Parameters(epochs=2))
    (folder / "broken.npz").write_bytes(b"PK\x03\x04 and no more")
    return folder


def table(folder, **options):
    return compare(folder, folder / "data.npz", folder / "compare.json", **options)


def test_the_table_of_another_set_has_what_is_there(made):
    report = table(made)
    names = [entry.name for entry in report.entries]
    assert names[:2] == ["random guess", "average darkness"]
    assert names[2:] == ["64-30-10, 2 epochs, eta 3"]
    runs = {entry.name: entry.runs for entry in report.entries}
    assert set(runs.values()) == {1}  # the book's figures are of MNIST
    assert [figure.name for figure in report.missing] == ["SVM, defaults"]
    assert [why.split(":")[0] for why in report.passed_over] == [str(made / "broken.npz")]
    network = report.entries[-1]
    assert network.numbers == 64 * 30 + 30 + 30 * 10 + 10
    assert network.bytes == (made / "weights.npz").stat().st_size
    assert network.train_seconds > 0
    assert network.read_seconds >= 0


def test_evaluations_that_fit_are_not_made_again(made):
    table(made)
    stamp = (made / "weights-eval.json").stat().st_mtime_ns
    table(made)
    assert (made / "weights-eval.json").stat().st_mtime_ns == stamp
    document = json.loads((made / "weights-eval.json").read_text())
    document["made"]["inputs"]["weights"] = "of another file"
    write_document(made / "weights-eval.json", document)
    table(made)
    assert (made / "weights-eval.json").stat().st_mtime_ns != stamp


@pytest.mark.parametrize("lost", [{"correct": None}, {"total": 0}, {"what": 3}], ids=str)
def test_figures_that_somebody_changed_are_made_again(made, lost):
    table(made)
    whole = (made / "weights-eval.json").read_bytes()
    write_document(made / "weights-eval.json", {**json.loads(whole), **lost})
    table(made)
    assert (made / "weights-eval.json").read_bytes() == whole


def test_the_figures_have_no_times_in_them_and_are_the_same_again(made):
    first = table(made).out.read_bytes()
    assert b"seconds" not in first
    (made / TIMINGS).unlink()
    report = table(made)
    assert report.out.read_bytes() == first
    assert report.entries[-1].train_seconds is None
    assert "–" in cells(report.entries[-1])


def test_the_markdown_has_a_row_for_each_entry(made):
    report = table(made)
    lines = [line for line in report.markdown.read_text().splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(report.entries)
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 1}


@pytest.mark.slow
def test_seeds_give_a_mean_and_a_spread_and_finished_runs_are_kept(made):
    options = {"runs": 3, "networks": [(5,)], "epochs": 2}
    done = []

    def stop(name, finished, total):
        raise Interrupted(2)

    with pytest.raises(Interrupted):
        table(made, on_run=stop, **options)
    kept = {path: path.stat().st_mtime_ns for path in (made / "seeds").glob("hidden-5-seed-?.npz")}
    assert kept
    report = table(made, on_run=lambda name, finished, total: done.append((name, finished, total)), **options)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert [finished for _, finished, _ in done] == list(range(len(kept) + 1, 4))
    entry = report.entries[-1]
    assert (entry.runs, len(entry.files)) == (3, 3)
    evals = [json.loads((made / "seeds" / f"hidden-5-seed-{seed}-eval.json").read_text()) for seed in (0, 1, 2)]
    right = [one["correct"] for one in evals]
    assert (entry.correct, entry.total) == (sum(right) / 3, 256)
    assert entry.spread == pytest.approx(stdev(right) / 256)
    assert "±" in cells(entry)[2]


def test_a_signal_that_comes_while_the_workers_end_is_not_lost(made, monkeypatch):
    with pytest.raises(UsageError, match="runs -1: expected 0 or more"):
        table(made, runs=-1)
    (made / "compare.json").unlink(missing_ok=True)
    ended = []
    close = LocalEngine.close
    monkeypatch.setattr(LocalEngine, "close", lambda engine: ended.append(close(engine)))

    def check():
        if ended:
            raise Interrupted(2)

    with pytest.raises(Interrupted):
        table(made, runs=1, networks=[(4,)], epochs=1, while_training=lambda: nullcontext(check))
    assert not (made / "compare.json").exists()


def test_a_run_has_the_bytes_of_the_command_alone_however_many_train_at_a_time(made, tmp_path):
    ended, options = [], {"networks": [(6,)], "epochs": 2}
    table(made, runs=1, **options)
    entry = table(made, runs=2, **options, on_run=lambda *run: ended.append(run)).entries[-1]
    assert ended == [("hidden 6, seed 1", 2, 2)], "the first is trained already"
    right = [json.loads((made / "seeds" / f"hidden-6-seed-{seed}-eval.json").read_text())["correct"] for seed in (0, 1)]
    assert (entry.correct, entry.spread) == (sum(right) / 2, pytest.approx(stdev(right) / 256))
    for seed in (0, 1):
        alone = tmp_path / f"hidden-6-seed-{seed}.npz"
        train(made / "data.npz", alone, Parameters(hidden=(6,), epochs=2, seed=seed, threads=1))
        assert alone.read_bytes() == (made / "seeds" / alone.name).read_bytes()


def test_a_run_that_other_versions_began_is_trained_anew(made, tmp_path, monkeypatch):
    options = {"runs": 1, "networks": [(4,)], "epochs": 1}
    today = environment.versions()
    path = made / "seeds" / "hidden-4-seed-0.npz"
    with monkeypatch.context() as other:
        other.setattr(environment, "versions", lambda: {**today, "numpy": "1.0.0"})
        train(made / "data.npz", path, Parameters(hidden=(4,), epochs=1, threads=1))
    table(made, **options)
    assert artifacts.load(path, "weights").meta["versions"] == today


def test_the_log_of_times_is_a_file_or_nothing(tmp_path: Path) -> None:
    """No pipe is waited for, and nothing is written through a link."""
    os.mkfifo(tmp_path / "timings.csv")
    record_time(tmp_path, "0" * 64, "train", 1.0)
    assert read_times(tmp_path) == {}
    (tmp_path / "timings.csv").unlink()
    (tmp_path / "other").touch()
    (tmp_path / "timings.csv").symlink_to("other")
    record_time(tmp_path, "0" * 64, "train", 1.0)
    assert (tmp_path / "other").read_text() == ""
    (tmp_path / "timings.csv").unlink()
    record_time(tmp_path, "0" * 64, "train", 1.0)
    assert read_times(tmp_path) == {("0" * 64, "train"): 1.0}


def test_no_output_replaces_what_a_comparison_reads_and_no_file_of_another_program_is_replaced(
    made: Path, tmp_path: Path
) -> None:
    for path in made.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for name in ("weights.npz", "data.npz", "timings.csv"):
        with pytest.raises(UsageError, match="both read and written by this command"):
            compare(tmp_path, tmp_path / "data.npz", tmp_path / name)
    (tmp_path / "x.md").write_text("# My table\n")
    with pytest.raises(
        UsageError, match=r"x.md: was not written by nn, and would be replaced by the table of a comparison"
    ):
        compare(tmp_path, tmp_path / "data.npz", tmp_path / "x.json")
    (tmp_path / "x.md").unlink()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    for _ in range(2):  # its own table is replaced
        compare(tmp_path, tmp_path / "data.npz", tmp_path / "x.json")


def test_a_folder_is_compared_on_its_own_data(made: Path, nn: Run, tmp_path: Path) -> None:
    """Without --data: on data.npz of the folder, or else on the usual one. What is named always wins."""
    usual, own = tmp_path / "artifacts" / "data.npz", tmp_path / "other" / "data.npz"
    fetch(usual, dataset="digits", validation=100)
    shutil.copytree(made, own.parent, ignore=shutil.ignore_patterns("data.npz", "broken.npz", "*.json", "*.csv"))
    assert "the images of artifacts/data.npz under another split" in nn("compare", "other").stderr
    fetch(own, dataset="digits")
    done = nn("compare", "other")
    assert done.returncode == 0, done.stderr
    assert artifacts.load_metadata(tmp_path / "other" / "compare.json")["inputs"]["data"] == sha256(own)
    assert "under another split" in " ".join(nn("compare", "other", "--data", usual).stderr.split())
    assert not (tmp_path / "artifacts" / "compare.json").exists(), "a result lies beside what it is about"
    own.write_bytes(b"damaged")
    assert nn("compare", "other").stderr.startswith("nn: other/data.npz: ")


def test_other_data_is_said_and_has_figures_of_its_own(made: Path, tmp_path: Path, nn: Run) -> None:
    shutil.copytree(made, tmp_path / "artifacts")
    data = artifacts.load(tmp_path / "artifacts" / "data.npz")
    dataset = {**data.meta["dataset"], "name": "others", "source": {"test_images": "0" * 64}}
    artifacts.save(tmp_path / "others.npz", {**data.meta, "dataset": dataset}, data.arrays)
    assert nn("eval", "-q").returncode == 0
    before = (tmp_path / "artifacts" / "weights-eval.json").read_bytes()
    done = nn("eval", "--data", "others.npz")
    assert done.returncode == 0
    assert "artifacts/weights.npz was trained on digits, not on others." in done.stderr
    assert (tmp_path / "artifacts" / "weights-others-eval.json").exists()
    assert (tmp_path / "artifacts" / "weights-eval.json").read_bytes() == before
    for command in (("compare",), ("predict", "--index", "0")):
        assert "was trained on digits, not on others." in nn(*command, "--data", "others.npz").stderr
