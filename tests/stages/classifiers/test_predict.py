"""`nn predict`: a person's own pictures, through the front door."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import Run, seven
from typer.testing import CliRunner

from nndigits.cli.commands.predict import _line
from nndigits.cli.main import app
from nndigits.models.images.digit_finder import find_digit
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.fetch import fetch
from nndigits.stages.own_images import pictures
from nndigits.stages.predict import UNSURE, predict, predict_from
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train


def page(drawn: np.ndarray) -> np.ndarray:
    """Dark ink on grey paper."""
    return (255 * (0.8 - 0.6 * drawn)).astype(np.uint8)


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weights") / "weights.npz"
    train(digits, out, Parameters(epochs=20))
    return out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A seven, an empty page, two sevens, and something that is no picture."""
    folder = tmp_path / "mine"
    pictures.save(folder / "a-seven.png", page(seven()))
    pictures.save(folder / "b-empty.png", page(np.zeros((50, 50))))
    pictures.save(folder / "c-two.png", page(np.hstack([seven(), seven()])))
    (folder / "d.jpg").write_bytes(b"hello")
    return folder


def test_a_folder_is_read_a_line_a_file(digits: Path, weights: Path, folder: Path) -> None:
    report = predict([folder], weights, top=3, seen=folder / "seen.png")
    one, empty, two, broken = report.predictions
    assert one.candidates[0].digit == 7
    shares = [candidate.probability for candidate in one.candidates]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 3
    assert (empty.trouble, empty.candidates, two.trouble, broken.trouble) == ("none", (), "several", None)
    assert "is not a picture" in str(broken.unreadable)
    assert (report.what, report.calibrated) == ("64-30-10", True)
    np.testing.assert_array_equal(pictures.load(folder / "seen.png")[:8], one.seen)


@pytest.mark.parametrize(("digit", "trouble"), [(0.1, "none"), (0.3, None), (1.0, None)])
def test_an_image_that_is_rejected_has_no_digit(
    weights: Path, folder: Path, digit: float, trouble: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eleventh output of a network with a reject class counts, as in `nn read`."""
    (plain,) = predict([folder / "a-seven.png"], weights).predictions
    given = EnsemblePredictor.predict
    monkeypatch.setattr(
        EnsemblePredictor, "predict", lambda self, images: (given(self, images)[0], np.full(len(images), digit))
    )
    (one,) = predict([folder / "a-seven.png"], weights).predictions
    assert one.trouble == trouble
    if trouble is None:
        assert [each.digit for each in one.candidates] == [each.digit for each in plain.candidates]
        assert one.candidates[0].probability == pytest.approx(digit * plain.candidates[0].probability)
        assert one.unsure == (one.candidates[0].probability < UNSURE)
    else:
        assert (one.candidates, one.unsure) == ((), True)


@pytest.mark.parametrize(("sure", "shapes"), [(0.95, "flat"), (0.85, "flat"), (0.95, "two")])
def test_what_may_be_one_digit_gets_a_guess_if_it_is_probable(
    weights: Path, sure: float, shapes: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A seven on a bar of its own, and two sevens, which get none."""
    drawn = np.pad(seven(), ((0, len(seven()) // 4), (0, 0)))
    drawn[-len(seven()) // 8 :, seven().any(axis=0)] = 1
    pictures.save(tmp_path / "one.png", page(drawn if shapes == "flat" else np.hstack([seven(), seven()])))
    outputs = np.where(np.arange(10) == 7, sure, (1 - sure) / 9)
    monkeypatch.setattr(EnsemblePredictor, "predict", lambda self, images: (outputs[None], np.ones(1)))
    (one,) = predict([tmp_path / "one.png"], weights).predictions
    assert (one.trouble, one.candidates) == ("several", ())
    assert (one.guess is not None) == (sure > UNSURE and shapes == "flat")
    if one.guess:
        assert (one.guess.digit, one.guess.probability) == (7, pytest.approx(sure))
        assert "more than one digit? As one: 7, 95.0 %: try `" in _line(one, predict([tmp_path / "one.png"], weights))


def test_what_was_seen_is_not_written_over_what_is_read(digits: Path, weights: Path, folder: Path) -> None:
    before = {path: path.read_bytes() for path in (digits, weights, folder / "a-seven.png")}
    for path in (weights, folder / "a-seven.png"):
        with pytest.raises(UsageError, match="both read and written by this command"):
            predict([folder], weights, seen=path)
    for path in (weights, digits):
        with pytest.raises(UsageError, match="both read and written by this command"):
            predict_from(digits, [0], weights, seen=path)
    assert before == {path: path.read_bytes() for path in before}


def test_the_command_says_a_line_a_file_and_who_has_read(weights: Path, folder: Path, nn: Run) -> None:
    done = nn("predict", folder, "--weights", weights, "--show")
    lines = [line for line in done.stdout.splitlines() if ".png" in line]
    assert done.returncode == 3
    assert f"nn: {folder / 'd.jpg'}: is not a picture" in done.stderr
    assert "a-seven.png: " in lines[0]
    assert " 7, " in lines[0]
    assert lines[1].endswith("b-empty.png: no digit found")
    assert "c-two.png: more than one digit: try `" in lines[2]
    assert "nn read " in lines[2]  # a path stands before `nn` where it is not on PATH
    assert "█" in done.stdout
    assert f"Classifier: 64-30-10 ({weights})" in " ".join(done.stderr.split())
    assert "Better weights come with nn:" in done.stderr


def test_one_picture_from_standard_input_as_json(weights: Path, folder: Path) -> None:
    import subprocess

    from support import command

    done = subprocess.run(
        [command(), "predict", "-", "--weights", str(weights), "--json"],
        input=(folder / "a-seven.png").read_bytes(),
        capture_output=True,
        check=True,
    )
    (one,) = json.loads(done.stdout)["predictions"]
    assert one["candidates"][0]["digit"] == 7
    assert 0 < one["candidates"][0]["probability"] <= 1
    assert "seen" not in one


def test_images_of_the_data_set_are_read_as_they_are(digits: Path, weights: Path, tmp_path: Path) -> None:
    report = predict_from(digits, (3, 0), weights)
    data = artifacts.load(digits).arrays
    assert [(one.name, one.label) for one in report.predictions] == [
        ("test #3", data["test_labels"][3]),
        ("test #0", data["test_labels"][0]),
    ]
    assert report.predictions[0].seen == tuple(map(tuple, data["test_images"][3].tolist()))
    assert [one.label for one in predict_from(digits, (3,), weights, split="train").predictions] == [
        data["train_labels"][3]
    ]
    every = predict_from(digits, range(256), weights).predictions
    assert {one.unsure for one in every} == {True, False}
    assert all(one.unsure == (one.candidates[0].probability < UNSURE) for one in every)
    with pytest.raises(UsageError, match="there are 256 test images"):
        predict_from(digits, (256,), weights)
    with pytest.raises(UsageError, match="top 11: expected 1 to 10"):
        predict_from(digits, (0,), weights, top=11)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "give either pictures"),
        (("a.png", "--index", "1"), 2, "give either pictures"),
        (("nothing.png",), 3, "nothing.png: no such file"),
        ((".",), 3, "holds no pictures"),
        (("a.png", "--top", "0"), 2, "--top 0: expected 1 to 10"),
    ],
)
def test_what_is_wrong_is_said(weights: Path, tmp_path: Path, nn: Run, arguments, code: int, words: str) -> None:
    done = nn("predict", *arguments, "--weights", weights)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in " ".join(done.stderr.split())


def test_an_image_of_the_data_set_needs_weights_of_ones_own(digits: Path) -> None:
    done = CliRunner().invoke(app, ["predict", "--index", "0", "--data", str(digits)])
    assert isinstance(done.exception, InputError)
    assert "weights.npz: no such file. Make one with `nn train`" in str(done.exception)


def test_an_image_in_mnist_format_is_left_as_it_is() -> None:
    image = find_digit(page(seven()), 28, 28).image
    assert find_digit(image, 28, 28).image is image
    assert find_digit(255 - image, 28, 28).image is not image
    assert find_digit(np.zeros((28, 28), np.uint8), 28, 28).problem == "none"
    small = np.full((8, 8), 3, np.uint8)
    small[2:6, 1:3] = 255  # images without margins are not centred
    assert find_digit(small, 8, 8).image is small


@pytest.mark.parametrize(("rows", "columns", "ink"), [(0, 0, 60), (-2, 5, 255), (-4, 0, 255)])
def test_a_drawing_of_the_networks_size_is_prepared_unless_it_is_in_mnist_format(rows, columns, ink) -> None:
    image = find_digit(page(seven()), 28, 28).image
    drawn = (np.roll(image, (rows, columns), (0, 1)) / 255 * ink).astype(np.uint8)  # faint, or not in the middle
    prepared = find_digit(drawn, 28, 28).image
    assert prepared.max() > 240
    assert np.abs(prepared.astype(int) - image).mean() < 4
    assert np.abs(drawn.astype(int) - image).mean() > 15


def test_a_digit_that_fills_its_picture_is_found() -> None:
    """Strokes cover most of the border, so the light at the border says little about the background."""
    drawn = np.zeros((28, 28), np.float32)
    drawn[0:5, 6:22] = drawn[11:16, 6:22] = drawn[23:28, 6:22] = 1  # a 5
    drawn[0:16, 6:11] = drawn[11:28, 17:22] = 1
    found = find_digit((255 * (1 - drawn)).astype(np.uint8), 28, 28)
    assert found.problem is None
    wanted = find_digit(page(np.pad(drawn, 20)), 28, 28).image
    assert np.abs(found.image.astype(int) - wanted).mean() < 15


def test_a_small_digit_on_a_large_sheet_is_looked_at_closely() -> None:
    sheet = np.zeros((1500, 1100), np.float32)
    sheet[700:820, 300:400] = seven(stroke=4)
    close = find_digit(page(seven(stroke=4)), 28, 28)
    far = find_digit(page(sheet), 28, 28)
    assert far.problem is None
    assert np.abs(far.image.astype(int) - close.image).mean() < 1  # one look alone is 7.6 off


@pytest.mark.parametrize("shape", [(1, 257), (257, 1), (3, 2000), (2000, 3), (2, 5000), (20, 6000)])
def test_a_thin_picture_is_looked_at_like_any_other(shape: tuple[int, int]) -> None:
    assert find_digit(np.full(shape, 255, np.uint8), 28, 28).problem == "none"
    inked = np.full(shape, 255, np.uint8)
    inked[:, : shape[1] // 2 + 1] = 0
    assert find_digit(inked, 28, 28).image.shape == (28, 28)


def problem(drawn: np.ndarray) -> str | None:
    return find_digit(page(drawn), 28, 28).problem


def test_several_digits_are_told_from_one_in_pieces() -> None:
    assert problem(np.hstack([seven(), seven()])) == "several"
    assert problem(np.vstack([seven(), seven()])) == "several"
    broken = seven()
    broken[50:53] = 0  # a pen that left the paper
    assert problem(broken) is None
    touching = np.hstack([seven(), seven()])
    touching[20:30, 25:175] = 1
    assert problem(touching) == "several"


@pytest.mark.parametrize("radius", [3, 10, 40])
def test_dots_blots_and_dashes_are_no_digits(radius: int) -> None:
    y, x = np.mgrid[:120, :200]
    dot = (np.hypot(y - 60, x - 90) < radius).astype(np.float32)
    assert problem(dot) == "none"
    dash = ((np.abs(y - 60) < radius / 2) & (np.abs(x - 90) < 2 * radius)).astype(np.float32)
    assert problem(dash) == "none"
    assert problem(dash.T) is None  # a one
    assert problem(np.roll(dot, -60, 1) + np.roll(dot, 60, 1)) == "several"  # whatever they are


def test_white_paper_is_empty_though_overexposed_on_one_side() -> None:
    rng = np.random.default_rng(0)
    light = np.linspace(0.85, 1.15, 300) + rng.normal(0, 0.02, (300, 300))
    assert find_digit(np.clip(255 * light, 0, 255).astype(np.uint8), 28, 28).problem == "none"


@pytest.mark.parametrize("kind", ["svm", "darkness"])
def test_baselines_read_pictures_too(digits: Path, folder: Path, tmp_path: Path, kind: str) -> None:
    from nndigits.stages.classifiers.simple_baselines import darkness
    from nndigits.stages.classifiers.train_svm import svm

    {"svm": svm, "darkness": darkness}[kind](digits, tmp_path / "w.npz")
    report = predict([folder / "a-seven.png"], tmp_path / "w.npz")
    assert not report.calibrated
    assert not report.predictions[0].unsure
    said = CliRunner().invoke(app, ["predict", str(folder / "a-seven.png"), "--weights", "w.npz"]).output
    assert "%" not in said
    assert "not calibrated" in said
    Image.new("L", (40, 40), 255).save("white.png")
    nothing = CliRunner().invoke(app, ["read", "white.png", "--weights", "w.npz"])
    assert (nothing.exit_code, "No digits found" in nothing.output) == (0, True)
    if kind == "svm":
        assert report.predictions[0].candidates[0].digit == 7


@pytest.mark.slow
def test_photographs_of_mnist_are_read(mnist: Path, tmp_path: Path) -> None:
    """A short training and 100 photographs: what is lost by being photographed is little."""
    import photos

    fetched = artifacts.load(mnist).arrays
    train(mnist, tmp_path / "w.npz", Parameters(epochs=1))
    rng = np.random.default_rng(0)
    for number, image in enumerate(fetched["validation_images"][:60]):
        photos.photograph(image, rng).save(tmp_path / f"{number:02}.jpg", quality=80)
    report = predict([tmp_path], tmp_path / "w.npz")
    answers = [one.candidates[0].digit if one.candidates else None for one in report.predictions]
    assert np.mean(answers == fetched["validation_labels"][:60]) > 0.8


def test_weights_of_other_images_than_the_data_are_refused(weights: Path, idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder)
    with pytest.raises(InputError, match="has images of 5 x 4, expected 8 x 8"):
        predict_from(tmp_path / "data.npz", (0,), weights)


def test_standard_input_is_named_once(weights: Path) -> None:
    with pytest.raises(UsageError, match="standard input can be read once"):
        predict([Path("-"), Path("-")], weights)
