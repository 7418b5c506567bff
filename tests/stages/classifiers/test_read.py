"""nn read: strips of digits through the front door, with a small network that knows what is no digit."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from nndigits.cli.commands import read as command
from nndigits.cli.main import app
from nndigits.models.images.centring import crop_to_content
from nndigits.models.images.digit_finder import find_digit
from nndigits.models.images.resampling import resample
from nndigits.models.negatives.strips import compose
from nndigits.models.strings import reading, text_lines
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.evaluate import evaluate
from nndigits.stages.read import read, read_grey
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, NNError, UsageError
from nndigits.stages.training import negatives
from nndigits.stages.training.train import train

LEARNED = Parameters(
    hidden=(100,),
    epochs=20,
    batch=20,
    eta=0.1,
    activation="relu",
    cost="log-likelihood",
    init="he",
    optimizer="momentum",
    schedule="linear",
    distort="usual",
    rejects=1.0,
    seed=1,
)
CHOSEN = (2, 23, 45, 53, 56)


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that has learned the 8 x 8 digits, and pieces that are none."""
    out = tmp_path_factory.mktemp("reader") / "weights.npz"
    train(digits, out, LEARNED)
    return out


@pytest.fixture(scope="module")
def plain(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that has learned digits alone."""
    out = tmp_path_factory.mktemp("plain") / "weights.npz"
    train(digits, out, Parameters(epochs=5))
    return out


@pytest.fixture(scope="module")
def test_digits(digits: Path) -> tuple[np.ndarray, np.ndarray]:
    arrays = artifacts.load(digits).arrays
    return arrays["test_images"], arrays["test_labels"]


def written(test_digits: tuple[np.ndarray, np.ndarray], gap: int, chosen: tuple[int, ...] = CHOSEN) -> np.ndarray:
    """Test digits of some 40 pixels in a row, dark on light paper."""
    inks = [resample(crop_to_content(test_digits[0][index] / np.float32(255)), 40, 30) for index in chosen]
    ink = np.pad(compose(inks, [gap] * (len(inks) - 1), [0] * len(inks)).max(axis=0), 15)
    return np.rint(255 * (0.9 - 0.8 * ink)).astype(np.uint8)


def text(test_digits: tuple[np.ndarray, np.ndarray], chosen: tuple[int, ...] = CHOSEN) -> str:
    return "".join(str(test_digits[1][index]) for index in chosen)


def run(*arguments: str | Path) -> tuple[str, str, int]:
    done = CliRunner().invoke(app, ["read", *map(str, arguments)])
    code = done.exception.exit_code if isinstance(done.exception, NNError) else done.exit_code
    return done.stdout, done.stderr + str(done.exception or ""), code


@pytest.mark.parametrize("gap", [8, 0])
@pytest.mark.parametrize("light", [True, False])
def test_a_strip_is_read(gap: int, light: bool, weights: Path, test_digits) -> None:
    picture = written(test_digits, gap)
    Image.fromarray(picture if light else 255 - picture).save("strip.png")
    report = read(Path("strip.png"), weights)
    assert report.text == text(test_digits)
    assert report.has_reject_class
    (line,) = report.lines
    assert report.size == (picture.shape[1], picture.shape[0])
    for place, digit in enumerate(line):
        left, top, right, bottom = digit.box
        assert abs(left - (15 + place * (30 + gap))) <= 12
        assert abs(right - (45 + place * (30 + gap))) <= 12
        assert 10 <= top <= 20
        assert 50 <= bottom <= 60
        assert 0 <= digit.runner_up_probability < digit.probability <= 1


def test_digits_that_wander_up_and_down_are_one_line(weights: Path, test_digits) -> None:
    wandering = np.full((100, 15 + 5 * 38), 230, np.uint8)
    for place, (top, digit) in enumerate(zip((0, 50, 20, 44, 2), CHOSEN, strict=True)):
        column = 15 + 38 * place
        wandering[top : top + 50, column : column + 30] = written(test_digits, 0, (digit,))[10:60, 15:45]
    Image.fromarray(np.pad(wandering, 12, constant_values=230)).save("strip.png")
    assert len(read(Path("strip.png"), weights).lines) == 1


def test_lines_are_read_from_the_top(weights: Path, test_digits) -> None:
    first, second = written(test_digits, 6), written(test_digits, 6, CHOSEN[::-1])
    Image.fromarray(np.concatenate([first, second])).save("lines.png")
    both = text(test_digits) + "\n" + text(test_digits, CHOSEN[::-1])
    assert read(Path("lines.png"), weights).text == both
    assert run("lines.png", "--weights", weights)[0] == both + "\n"


def test_through_the_front_door(weights: Path, test_digits) -> None:
    Image.fromarray(written(test_digits, 3)).save("strip.png")
    out, notes, code = run("strip.png", "--weights", weights, "--plot", "boxes.png")
    assert (out, code) == (text(test_digits) + "\n", 0)
    assert "candidates." in notes
    assert "Better" not in notes
    with Image.open("boxes.png") as drawn:
        assert drawn.size[0] > 500
    out, _, _ = run("strip.png", "--weights", weights, "--json")
    document = json.loads(out)
    assert document["text"] == text(test_digits)
    assert [digit["digit"] for digit in document["lines"][0]] == [int(digit) for digit in text(test_digits)]
    assert set(document["lines"][0][0]) == {"digit", "probability", "runner_up", "runner_up_probability", "box"}


def test_doubt_is_said(weights: Path, test_digits) -> None:
    Image.fromarray(written(test_digits, 3)).save("strip.png")
    digits = read(Path("strip.png"), weights).lines[0]
    for digit in digits:
        assert digit.runner_up != digit.digit
        assert digit.probability >= digit.runner_up_probability > 0
    unsure = sum(digit.probability < command.CONFIDENT for digit in digits)
    assert run("strip.png", "--weights", weights)[1].count("Not sure: digit") == unsure
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "CONFIDENT", 1.1)
        assert run("strip.png", "--weights", weights)[1].count(f"of {len(digits)}: ") == len(digits)


class Hasty:
    """Takes a stroke in the middle column for a 7, and anywhere else for a 1."""

    has_reject_class = False

    def __init__(self, side: int) -> None:
        self.image = (side, side)

    def predict(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        middle = images.sum(axis=1).argmax(axis=1) == self.image[1] // 2
        return np.eye(10)[np.where(middle, 7, 1)], np.ones(len(images))


def test_what_is_read_is_looked_at_again_from_nine_places_where_it_can_be_moved() -> None:
    picture = np.pad(np.full((40, 4), 20, np.uint8), 20, constant_values=240)
    for side, value, sure in ((28, 1, 6 / 9), (8, 7, 1.0)):
        ((digit,),) = read_grey(picture, Hasty(side)).lines
        assert (digit.digit, digit.probability) == (value, pytest.approx(sure))


def test_with_the_length_known(weights: Path, test_digits) -> None:
    Image.fromarray(written(test_digits, 0)).save("strip.png")
    assert read(Path("strip.png"), weights, length=5).text == text(test_digits)
    assert len(read(Path("strip.png"), weights, length=4).text) == 4
    assert len(read(Path("strip.png"), weights, length=7).text) == 7
    with pytest.raises(UsageError, match=r"length 500: the picture has room for at most \d+ digits"):
        read(Path("strip.png"), weights, length=500)


def test_nothing_is_read_where_nothing_is_written(weights: Path) -> None:
    Image.new("L", (90, 40), 250).save("empty.png")
    assert run("empty.png", "--weights", weights)[0] == "\n"
    assert "No digits found" in run("empty.png", "--weights", weights)[1]
    before = Path("empty.png").read_bytes()
    _, said, code = run("empty.png", "--weights", weights, "--plot", "./empty.png")
    assert (code, "is read or written by this command" in said) == (2, True)
    assert Path("empty.png").read_bytes() == before
    assert read(Path("empty.png"), weights).lines == ()


def test_a_comma_is_no_digit(weights: Path, test_digits) -> None:
    picture = written(test_digits, 16)
    picture[47:60, 15 + 2 * 46 - 10 : 15 + 2 * 46 - 5] = 20
    Image.fromarray(picture).save("comma.png")
    assert read(Path("comma.png"), weights).text == text(test_digits)


def test_signs_are_read_where_they_are_asked_for(weights: Path, test_digits) -> None:
    """A column of two numbers, each with a minus sign and a decimal point."""
    line = np.pad(written(test_digits, 18), ((0, 0), (30, 0)), constant_values=230)
    line[33:38, 10:32] = 20
    line[50:55, 45 + 2 * 48 - 12 : 45 + 2 * 48 - 7] = 20
    Image.fromarray(np.concatenate([line, line])).save("numbers.png")
    digits = text(test_digits)
    number = f"-{digits[:2]}.{digits[2:]}"
    out, _, code = run("numbers.png", "--weights", weights, "--signs", "--json")
    report = json.loads(out)
    assert (report["text"], code) == (f"{number}\n{number}", 0)
    assert [sign["text"] for sign in report["signs"]] == ["-", ".", "-", "."]
    assert [len(line) for line in report["lines"]] == [5, 5]
    assert read(Path("numbers.png"), weights).text == f"{digits}\n{digits}"


def test_a_table_has_cells(weights: Path, test_digits) -> None:
    line = np.pad(written(test_digits, 12), ((0, 0), (0, 60)), constant_values=230)
    Image.fromarray(np.tile(line, (2, 2))).save("table.png")
    digits = text(test_digits)
    out, _, code = run("table.png", "--weights", weights, "--json")
    report = json.loads(out)
    assert (report["text"], code) == (f"{digits}\t{digits}\n{digits}\t{digits}", 0)
    assert report["cells"] == [[digits, digits]] * 2


def test_any_weights_read_and_say_that_better_ones_do(plain: Path, test_digits) -> None:
    Image.fromarray(written(test_digits, 10)).save("strip.png")
    out, notes, code = run("strip.png", "--weights", plain)
    assert code == 0
    assert out.strip().isdigit()
    assert "not trained on non-digits" in notes
    assert "Better weights come with nn:" in notes
    assert not read(Path("strip.png"), plain).has_reject_class


def test_weights_without_a_reject_class_cut_nothing_that_stands_apart(plain: Path, test_digits) -> None:
    """Half a digit is as probable for them as a whole one, and crossing the paper between two digits costs nothing."""
    predictor = EnsemblePredictor(plain)
    rng = np.random.default_rng(0)
    for light in (True, False) * 6:
        chosen = tuple(rng.integers(0, len(test_digits[0]), 6).tolist())
        picture = written(test_digits, 12, chosen)
        lines = read_grey(picture if light else 255 - picture, predictor).lines
        assert [len(line) for line in lines] == [6]


def test_one_digit_alone_is_not_cut_even_if_it_is_wide(plain: Path, test_digits) -> None:
    """As `nn predict` would not: only what it takes for one digit is tried."""
    predictor = EnsemblePredictor(plain)
    tried = 0
    for index in range(20):
        shape = resample(crop_to_content(test_digits[0][index] / np.float32(255)), 40, 56 if index % 2 else 30)
        picture = (255 * (0.9 - 0.8 * np.pad(shape, 20))).astype(np.uint8)
        if find_digit(picture, *predictor.image).problem is None:
            tried += 1
            assert [len(line) for line in read_grey(picture, predictor).lines] == [1]
    assert tried > 10


def test_votes_of_those_who_want_to_see_different_things_are_refused(weights: Path, plain: Path, test_digits) -> None:
    Image.fromarray(written(test_digits, 10)).save("strip.png")
    _, said, code = run("strip.png", "--weights", weights, "--weights", plain)
    assert code == 2
    assert "some have a reject class, some have none" in said
    assert run("strip.png", "--weights", plain, "--weights", plain)[2] == 0


def test_what_is_no_strip_is_refused_in_a_line(weights: Path, test_digits, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("text.png").write_text("hello")
    assert run("text.png", "--weights", weights)[2] == 3
    assert run("none.png", "--weights", weights)[2] == 3
    assert run("text.png")[2] == 3
    monkeypatch.setattr(text_lines, "MAX_COMPONENTS", 4)
    Image.fromarray(written(test_digits, 8)).save("five.png")
    with pytest.raises(InputError, match=r"five.png: is not a strip of digits: it has 5 separate marks"):
        read(Path("five.png"), weights)
    monkeypatch.setattr(text_lines, "MAX_COMPONENTS", 5)
    monkeypatch.setattr(reading, "MAX_CANDIDATES", 4)
    for crops in ("isolated_crops", "crops_in_context"):  # counted before they are made
        monkeypatch.setattr(reading, crops, lambda *_: pytest.fail("candidates were cropped"))
    with pytest.raises(InputError, match=r"it has more than 4 candidates"):
        read(Path("five.png"), weights)


def test_what_rejects_reads_the_same_digits(weights: Path, digits: Path, tmp_path: Path) -> None:
    report = evaluate(weights, digits, tmp_path / "eval.json")
    assert len(report.confusion) == 10
    assert report.accuracy > 0.85
    reader = EnsemblePredictor(weights)
    pieces = negatives.with_negatives(
        artifacts.load(digits), replace(LEARNED, rejects=0.3, seed=1), None
    ).arrays  # not those it has seen
    probabilities, digit = reader.predict(pieces["train_images"])
    assert probabilities.shape == (len(pieces["train_images"]), 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    nothing = pieces["train_labels"] == 10
    assert nothing.sum() > 200
    assert digit[~nothing].mean() > 0.8 > 0.3 > digit[nothing].mean()


def test_what_cannot_reject_is_refused(digits: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="10 classes and rejects takes one more output: end in dense 11"):
        train(digits, tmp_path / "a.npz", Parameters(hidden=(), layers="dense 10 sigmoid", rejects=0.1))
    with pytest.raises(UsageError, match="rejects 5: expected 0 for none, or at most 4"):
        Parameters(rejects=5)
