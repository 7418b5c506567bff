"""Names of classes from the data set to every command: read from the artifact, or from the registry for a known set."""

from pathlib import Path

import numpy as np
import pytest
import screens
from small import SMALL
from support import seven

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.classifiers.simple_baselines import darkness, guess
from nndigits.stages.compare import compare
from nndigits.stages.datasets import data_artifact, digit_set, own_drawings
from nndigits.stages.datasets.digit_set import make_digit_set
from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.datasets.registry import EMNIST, FASHION, KMNIST
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.figures.accuracy_figures import evaluation_figure
from nndigits.stages.figures.plot import save
from nndigits.stages.own_images import pictures
from nndigits.stages.predict import predict_from
from nndigits.stages.read import figure, read
from nndigits.stages.results.evaluations import load_result
from nndigits.stages.results.show import show
from nndigits.stages.runs.network_artifacts import from_artifact
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from nndigits.stages.training.train import train
from nndigits.stages.words.classes import called, counted_classes, in_words

LETTERS = EMNIST[1].class_names


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A data set with the classes of EMNIST's letters, and a network for it."""
    screens.make_named(tmp_path / "letters", EMNIST[1])
    return tmp_path / "letters"


def test_names_go_from_the_data_set_into_every_file_and_report(letters: Path) -> None:
    data, weights = letters / "data.npz", letters / "weights.npz"
    report = evaluate(weights, data)
    assert report.classes == LETTERS
    assert load_result(report.out)[1].classes == LETTERS
    header, *rows = (letters / "weights-confusion.csv").read_text().splitlines()[1:]
    assert header.split(",") == ["class", *LETTERS]
    assert [row.split(",")[0] for row in rows] == list(LETTERS)
    assert train(data, letters / "new.npz", Parameters(hidden=(4,), epochs=1)).classes == LETTERS
    assert class_names(artifacts.load(letters / "new.npz").meta["dataset"]) == LETTERS
    assert guess(data, letters / "random.npz").verdict.classes == LETTERS
    assert darkness(data, letters / "darkness.npz").verdict.classes == LETTERS
    assert compare(letters, data, letters / "compare.json").classes == LETTERS
    assert [row[0] for row in show(letters / "darkness.npz").table.rows] == list(LETTERS)
    assert show(data).words == ("The classes are A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, "
                                "X, Y and Z.",)  # fmt: skip
    (one,) = predict_from(data, [3], weights, top=2).predictions
    assert [candidate.name for candidate in one.candidates] == [
        LETTERS[candidate.digit] for candidate in one.candidates
    ]


def test_the_figure_of_an_evaluation_has_the_names(letters: Path, tmp_path: Path) -> None:
    drawn = evaluation_figure(evaluate(letters / "weights.npz", letters / "data.npz"))
    assert drawn.panels[0].names == LETTERS
    assert drawn.panels[0].y_label == "true class"
    save(drawn, tmp_path / "eval.svg")


def test_letters_are_read_as_letters_and_longer_names_with_spaces(letters: Path, tmp_path: Path) -> None:
    drawn = (255 * (0.8 - 0.6 * seven())).astype(np.uint8)
    pictures.save(tmp_path / "strip.png", np.hstack([drawn, drawn, drawn]))
    report = read(tmp_path / "strip.png", letters / "weights.npz")
    assert report.text
    assert report.text == "".join(LETTERS[digit.digit] for line in report.lines for digit in line)
    assert {note.text for note in figure(report).panels[0].notes} == set(report.text)
    screens.make_named(tmp_path / "clothes", FASHION)
    report = read(tmp_path / "strip.png", tmp_path / "clothes" / "weights.npz")
    assert report.text == " ".join(FASHION.class_names[digit.digit] for line in report.lines for digit in line)


def test_networks_with_other_classes_neither_vote_nor_are_evaluated(tmp_path: Path) -> None:
    for name, known in (("clothes", FASHION), ("kana", KMNIST)):
        screens.make_named(tmp_path / name, known)
    clothes, kana = (tmp_path / name / "weights.npz" for name in ("clothes", "kana"))
    with pytest.raises(InputError, match=r"learned from different images, 8 x 8 with 10 classes \(T-shirt/top, .*they"):
        EnsemblePredictor([clothes, kana])
    with pytest.raises(InputError, match=r"tells 10 classes \(T-shirt/top, .* apart, .* and 10 classes \(o, ki, "):
        evaluate(clothes, tmp_path / "kana" / "data.npz")


def test_a_network_that_has_no_names_takes_those_of_others(letters: Path, tmp_path: Path) -> None:
    made = artifacts.load(letters / "weights.npz")
    dataset = {"name": "unknown", "verified": False, "classes": 26, "source": {}}
    artifacts.save(tmp_path / "imported.npz", {**made.meta, "dataset": dataset}, made.arrays)
    assert EnsemblePredictor(tmp_path / "imported.npz").names[:2] == ("0", "1")
    for order in (
        [letters / "weights.npz", tmp_path / "imported.npz"],
        [tmp_path / "imported.npz", letters / "weights.npz"],
    ):
        assert EnsemblePredictor(order).names == LETTERS
    report = evaluate(tmp_path / "imported.npz", letters / "data.npz")
    assert report.classes == LETTERS


def test_drawings_that_are_added_leave_the_names(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (16, 5, 4), np.uint8)
    arrays = {"images": images, "labels": (np.arange(16) % 2).astype(np.uint8)}
    mine = make_digit_set(
        "mine", digit_set.split(arrays["images"], arrays["labels"], 2), names=("apple", "pear"), is_plain=True
    )
    added = own_drawings.added_to(
        mine, own_drawings.Drawings(images[:3], np.array([0, 1, 1], np.uint8)), tmp_path / "d.json"
    )
    assert (added.class_names, added.is_plain) == (("apple", "pear"), True)
    with pytest.raises(
        InputError, match=r"d\.json: does not fit mine: there is a train label 2, and there are 2 classes"
    ):
        own_drawings.added_to(mine, own_drawings.Drawings(images[:1], np.array([2], np.uint8)), tmp_path / "d.json")


def test_a_network_with_other_outputs_than_its_data_set_has_classes_is_refused(tmp_path: Path) -> None:
    meta, arrays = SMALL["weights"]()
    forged = {**meta, "dataset": {**meta["dataset"], "classes": 9}}
    artifacts.save(tmp_path / "w.npz", forged, arrays)
    with pytest.raises(InputError, match="there are outputs for 10 classes, of a data set of 9"):
        from_artifact(artifacts.load(tmp_path / "w.npz"))


def test_old_files_without_names_have_numbers(tmp_path: Path) -> None:
    report = fetch(tmp_path / "data.npz", dataset="digits")
    dataset = data_artifact.load(report.out).meta["dataset"]
    assert "names" not in dataset
    assert class_names(dataset) == tuple("0123456789")
    assert class_names({**dataset, "classes": 12})[-1] == "11"


def test_classes_in_words() -> None:
    assert (counted_classes("0"), counted_classes("01"), counted_classes("a"), counted_classes("ab")) == (
        "1 digit", "2 digits", "1 class", "2 classes",
    )  # fmt: skip
    assert in_words(LETTERS) == "26 classes (A, B, C, ... Z)"
    assert in_words(["x" * 30, "b"]) == f"2 classes ({'x' * 23}… and b)"
    assert [called(name, names) for name, names in (("8", "0123456789"), ("A", LETTERS))] == ["an 8", "A"]
