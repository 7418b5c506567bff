"""The report of a folder: what it says, and that it is right."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from support import Run

from nndigits.stages.classifiers.simple_baselines import darkness
from nndigits.stages.evaluate import evaluate
from nndigits.stages.pages.predictions import gallery, predict_split
from nndigits.stages.pages.report import report
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.verdict import overfits
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.result_files import EpochRow
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def made(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two networks, one better, a baseline, and the figures of the worse network."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(digits, folder / "data.npz")
    for name, epochs in (("weights", 1), ("better", 6)):
        train(folder / "data.npz", folder / f"{name}.npz", Parameters(hidden=(12,), epochs=epochs))
    darkness(folder / "data.npz", folder / "darkness.npz")
    evaluate(folder / "weights.npz", folder / "data.npz")
    return folder


def text_of(page: Path) -> str:
    """Return the words of a page, without its styles and scripts."""
    body = re.sub(r"<(style|script)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_it_is_about_the_network_that_does_best_on_validation(made: Path, tmp_path: Path) -> None:
    done = report(made, made / "data.npz", tmp_path / "report.html")
    evaluated = evaluate(made / "better.npz", made / "data.npz", tmp_path / "eval.json")
    assert done.path == made / "better.npz"
    assert (done.correct, done.total, done.interval) == (evaluated.correct, evaluated.total, evaluated.interval)
    words = text_of(tmp_path / "report.html")
    assert f"{evaluated.correct:,} of {evaluated.total:,} test images read correctly by 64-12-10" in words
    assert "better.npz, the network here that does best on the validation images" in words
    assert "darkness.npz" in words
    assert "The book" not in words


def test_another_network_can_be_named(made: Path, tmp_path: Path) -> None:
    done = report(made, made / "data.npz", tmp_path / "report.html", weights=made / "weights.npz")
    assert done.path == made / "weights.npz"


def test_a_named_network_has_a_row_even_if_it_was_never_evaluated_and_stands_elsewhere(
    made: Path, tmp_path: Path
) -> None:
    shutil.copy(made / "better.npz", tmp_path / "elsewhere.npz")
    shutil.copytree(made, tmp_path / "copy")
    (tmp_path / "copy" / "better.npz").unlink()
    done = report(tmp_path / "copy", made / "data.npz", tmp_path / "report.html", weights=tmp_path / "elsewhere.npz")
    assert f"{done.correct:,} of {done.total:,} test images" in text_of(tmp_path / "report.html")
    assert re.search(r"<td[^>]*>(<bdi>)?elsewhere\.npz(</bdi>)?</td>", (tmp_path / "report.html").read_text())


def test_only_the_page_is_written_and_equal_files_give_equal_bytes(made: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in made.iterdir()}
    pages = [tmp_path / f"{number}.html" for number in (1, 2)]
    for page in pages:
        report(made, made / "data.npz", page)
    assert before == {path: path.read_bytes() for path in made.iterdir()}
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert str(made).encode() not in pages[0].read_bytes()


def test_the_commands_in_it_make_the_same_files_again(made: Path, tmp_path: Path, nn: Run) -> None:
    report(made, made / "data.npz", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    block = re.search(r'<pre class="again">(.*?)</pre>', page, re.DOTALL)
    assert block is not None
    commands = unescape(block[1]).splitlines()
    import shlex

    for command in commands:
        done = nn(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)
    for name in ("data.npz", "weights.npz", "better.npz", "darkness.npz", "weights-eval.json"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes(), name


@pytest.mark.parametrize("is_plain", [False, True])
def test_own_pictures_are_fetched_as_images(made: Path, tmp_path: Path, is_plain: bool) -> None:
    data, loaded = tmp_path / "data.npz", artifacts.load(made / "data.npz", "dataset")
    dataset = {**loaded.meta["dataset"], "name": "mine", "names": list("abcdefghij"), "source": {}}
    dataset |= {"plain": True} if is_plain else {}
    parameters = loaded.meta["parameters"]
    artifacts.save(data, artifacts.describe("dataset", parameters=parameters, dataset=dataset), loaded.arrays)
    train(data, tmp_path / "weights.npz", Parameters(hidden=(4,), epochs=1))
    report(tmp_path, data, tmp_path / "report.html")
    plain = " --plain" if is_plain else ""
    assert f"nn fetch --images FOLDER --size 8x8{plain} --validation 256 " in text_of(tmp_path / "report.html")


def test_the_gallery_has_the_mistakes_and_the_least_sure(made: Path) -> None:
    data = artifacts.load(made / "data.npz", "dataset")
    made_of = predict_split(artifacts.load(made / "weights.npz", "weights"), data, "test")
    shown = gallery(made_of)
    wrong = [one for one in shown if one.label != one.answer]
    assert len(wrong) == made_of.total - made_of.correct
    assert [one.confidence for one in wrong] == sorted((one.confidence for one in wrong), reverse=True)
    right = [one for one in shown if one.label == one.answer]
    of_zero = made_of.confidences[(made_of.labels == 0) & (made_of.answers == 0)]
    assert max(one.confidence for one in right if one.label == 0) == pytest.approx(np.sort(of_zero)[:8].max())


def test_nothing_to_report_is_said(made: Path, tmp_path: Path, digits: Path) -> None:
    with pytest.raises(InputError, match="has no network that was trained on this data"):
        report(tmp_path, digits, tmp_path / "report.html")
    with pytest.raises(InputError, match="no such file"):
        report(tmp_path, tmp_path / "data.npz", tmp_path / "report.html")
    with pytest.raises(UsageError, match=r"ending in \.html"):
        report(made, made / "data.npz", made / "weights.npz")
    assert not (tmp_path / "report.html").exists()


def test_a_name_is_text_in_the_page(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(made, folder)
    hostile = "<script>alert(1)</script>"
    (folder / "better.npz").rename(folder / f"{hostile.replace('/', '_')}.npz")
    report(folder, folder / "data.npz", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<script") == 2
    assert hostile.replace("/", "_") in text_of(tmp_path / "report.html")


def test_the_command_writes_beside_the_data_and_says_where(made: Path, tmp_path: Path, nn: Run) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(made, folder)
    done = nn("report", folder, "--json")
    found = json.loads(done.stdout)
    assert Path(found["out"]) == folder / "report.html"
    assert found["bytes"] == (folder / "report.html").stat().st_size


def test_a_file_is_no_folder_and_none_is_made(made: Path, tmp_path: Path) -> None:
    for folder in (made / "weights.npz", tmp_path / "none"):
        with pytest.raises(InputError, match=f"^{folder}: (is a file, where a folder is expected|no such folder)"):
            report(folder, made / "data.npz", folder / "report.html")
    assert not (tmp_path / "none").exists()


def test_first_comes_a_verdict_and_a_command_that_helps(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "data.npz", tmp_path / "data.npz")
    for flags, words, helps in (
        ({"eta": 1000.0, "epochs": 2}, "It has learned nothing: its neurons are saturated", "--eta 3 "),
        ({"eta": 1e-9, "epochs": 2}, "It has learned nothing yet", "nn find-eta "),
        ({"hidden": (100,), "epochs": 60, "init": "N(0,1/n)"}, "", "nn "),
    ):
        train(tmp_path / "data.npz", tmp_path / "weights.npz", Parameters(**flags))
        report(tmp_path, tmp_path / "data.npz", tmp_path / "report.html")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert words in text_of(tmp_path / "report.html")
        (command,) = re.findall(r"<pre>(nn .*?)</pre>", page)[:1]
        assert helps in unescape(command)


def test_overfitting_is_a_gap_beyond_chance() -> None:
    row = EpochRow(0, 0.1, 9000, 10_000, 0.1, 990, 1000, 3.0)
    assert overfits(row)
    assert not overfits(row._replace(training_correct=910))
    assert not overfits(row._replace(training_correct=60, training_total=64)), "chance explains it"
    assert not overfits(row._replace(validation_correct=0, validation_total=0))
