"""The benchmarks run, on a few images; the times are not checked."""

import json
import re
from pathlib import Path

import book
import epoch
import growth
import layers
import numpy as np
import ocr_comparison
import own_pictures
import photos
import pytest
import race
from support import seven

from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import random_network
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.own_images import pictures
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

pytestmark = pytest.mark.slow


def figures(text: str, row: str) -> list[float]:
    """The numbers in the row of a printed table that begins so."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {row}"))
    return [float(number) for number in re.findall(r"(?<= )[0-9][0-9.,]*(?= \|)", line.replace(",", ""))]


def test_the_books_loop_learns_what_nn_learns() -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (10, 4, 5), dtype=np.uint8), np.arange(10)
    network = random_network([20, 7, 10], rng, "float64")
    books = book.BooksNetwork([20, 7, 10], rng)
    books.weights = [layer.w.copy() for layer in network.trainable_layers]
    books.biases = [layer.b.copy()[:, None] for layer in network.trainable_layers]
    x, y = as_inputs(images, "float64"), one_hot(labels, 10, "float64")
    books.update_mini_batch([(x[k, :-1, None], y[k, :, None]) for k in range(10)], 3.0)
    plain_trainer(network, 3.0).step(x, y, 3.0)
    for layer, w, b in zip(network.trainable_layers, books.weights, books.biases, strict=True):
        np.testing.assert_allclose(layer.w, w, rtol=1e-10)
        np.testing.assert_allclose(layer.b, b[:, 0], rtol=1e-10)


def test_epoch(digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    epoch.main([str(digits), "--rounds", "1", "--torch", "/nowhere/python"])
    said = capsys.readouterr().out
    assert "PyTorch is left out (/nowhere/python: No such file or directory)" in said
    assert "64-30-10" in said
    for row, wanted in {"the book's loop": 2, "scikit-learn": 2, "nn": 0, "the floor": 0}.items():
        assert len(figures(said, row)) == 4 + wanted
    assert figures(said, "nn")[1::2] == [1, 1]


def test_growth(digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    growth.main([str(digits), "--rounds", "1", "--budget", "0.001", "--figure", str(tmp_path / "growth.svg")])
    said = capsys.readouterr().out
    most = 12 * len(artifacts.load(digits).arrays["train_images"])
    assert figures(said, f"{most:,}")[2::3] == [most, most]  # twelve times the digits, and no part of them
    assert len(figures(said, "5 ")) == 6  # hidden layers
    assert (tmp_path / "growth.svg").read_text().startswith("<?xml")


def test_own_pictures(digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(digits, tmp_path / "w.npz", Parameters(epochs=20))
    paper = lambda ink: (255 * (0.8 - 0.6 * ink)).astype(np.uint8)  # noqa: E731
    folder = tmp_path / "mine"
    pictures.save(folder / "7_pen.png", paper(seven()))
    pictures.save(folder / "77.png", paper(np.hstack([seven(), seven()])))
    pictures.save(folder / "empty.png", paper(0 * seven()))
    own_pictures.main([str(folder), str(tmp_path / "w.npz"), "--list"])
    said = capsys.readouterr().out
    for line in (
        "digit        1 pictures: 1 right",
        "several      1 pictures: 1 several",
        "none         1 pictures: 1 none",
    ):
        assert line in said
    assert "right: 100.00% of the digits" in said
    assert own_pictures.truth("a/7_chalk.jpg") == "7"


def test_each_layer_has_a_share_of_the_time(digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers.main([str(digits), "--rounds", "2", "--layers", "conv 4 3x3, max 2, relu, dense 10 softmax"])
    said = capsys.readouterr().out
    assert [line.split("|")[1].strip() for line in said.splitlines() if line.startswith("| ")] == [
        *("", "--------------------", "conv 4 3x3", "max 2", "relu", "flatten", "dense 10 softmax"),
        *("**the convolutions**", "**all**"),
    ]


def test_the_race_keeps_finished_runs(digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [str(digits), str(tmp_path / "race"), "--goals", "98", "--seeds", "1", "--programs", "nn"]
    race.main([*command, "--torch", "missing", "--figure", str(tmp_path / "race.svg")])
    (sprint, improved) = json.loads((tmp_path / "race" / "results.json").read_text())
    said = capsys.readouterr().out
    assert f"{sprint['test']:,} of the test images" in said
    assert "| 98 %" in said
    assert "`--recipe sprint`" in said
    assert "PyTorch" not in said
    assert improved["seconds"] > 0
    assert b"</svg>" in (tmp_path / "race.svg").read_bytes()
    race.main([*command, "--torch", "missing"])
    assert "of the test images" not in capsys.readouterr().out


def test_photographs(digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(digits, tmp_path / "weights.npz", Parameters(epochs=3))
    photos.main([str(digits), str(tmp_path / "weights.npz"), "--images", "20", "--keep", str(tmp_path / "kept")])
    said = capsys.readouterr().out
    assert "64-30-10; 20 validation images, seed 0" in said
    assert len(list((tmp_path / "kept").iterdir())) == 20


@pytest.mark.parametrize(
    ("kind", "text", "truth", "right"),
    [
        ("ballpoint", "l2 3", "123", True),
        ("ballpoint", "123-", "123", True),
        ("ballpoint", "1234", "123", False),
        ("form: boxes with a printed label", "Member\n1 2 3", "123", True),
        ("times", "12:30", "12:30", True),
        ("times", "1230", "12:30", False),
        ("fractions", "3\n4", "3/4", True),
        ("fractions", "3\n-\n4", "3/4", True),
        ("fractions", "314", "3/4", False),
        ("table", "1 2\n3", "12\n3", True),
        ("table", "1 2 3", "12\n3", False),
    ],
)
def test_what_counts_as_read_in_the_comparison_of_ocr_programs(kind: str, text: str, truth: str, right: bool) -> None:
    assert ocr_comparison.is_right(kind, text, truth) == right
