"""The network that comes with nn: what it is, and that it reads before anything is trained."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import Run, seven, sha256

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.own_images import pictures
from nndigits.stages.pages.draw import draw
from nndigits.stages.predict import predict
from nndigits.stages.read import read
from nndigits.stages.runs import recipe
from nndigits.stages.runs.new_network import layers_for
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import PRETRAINED, PRETRAINED_FILE
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train

MOST_BYTES = 1_000_000
"""In the repository and in every installation."""


@pytest.fixture
def picture() -> Path:
    """A picture of a seven in the current folder, which is otherwise empty."""
    pictures.save(Path("seven.png"), (255 * (0.8 - 0.6 * seven())).astype(np.uint8))
    return Path("seven.png")


def test_it_is_an_artifact_of_the_recipe_reader_trained_on_mnist() -> None:
    made = artifacts.load(PRETRAINED, "weights")
    assert made.sha256 == sha256(PRETRAINED_FILE)
    assert PRETRAINED_FILE.stat().st_size <= MOST_BYTES
    assert known_set(made.meta["dataset"]) is MNIST
    parameters = recipe.parameters(recipe.read("reader").parameters, {"threads": 2})
    wanted = replace(parameters, layers=layers_for(parameters, 10)).as_json()
    assert made.meta["parameters"] == wanted
    reader = EnsemblePredictor(PRETRAINED)
    assert (reader.has_reject_class, reader.calibrated, reader.image, reader.classes) == (True, True, (28, 28), 10)


def test_it_reads_before_anything_is_trained(picture: Path, nn: Run) -> None:
    done = nn("predict", picture)
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "seven.png: 7")
    said = " ".join(done.stderr.split())
    assert "Classifier: pretrained, the network that comes with nn, 99.4 %" in said
    assert "Your own" not in said
    assert json.loads(nn("predict", picture, "--json").stdout)["weights"] == ["pretrained"]
    done = nn("read", picture, "--json")
    assert json.loads(done.stdout)["text"] == "7"
    assert json.loads(done.stdout)["weights"] == ["pretrained"]
    assert nn("draw").returncode == 0
    assert '"name": "pretrained"' in Path("artifacts/draw.html").read_text().replace('"name":"', '"name": "')
    assert sorted(os.listdir()) == ["artifacts", "seven.png"]


def test_the_pictures_that_come_with_it_are_read_from_any_folder(nn: Run, tmp_path: Path) -> None:
    assert nn("predict", "example-digit", "-q").stdout.startswith("example-digit: 4, 99.9 %")
    done = nn("read", "example-page", "example-digit", "--json")
    assert [one["text"] for one in json.loads(done.stdout)] == ["350488\n3016711\n294686", "4"]
    assert nn("read", tmp_path / "example-digit").returncode == 3, "a whole path is a file of one's own"


def letters(names: str) -> list[Path]:
    """Draw letters by hand, each in a picture of a folder."""
    from nndigits.models.negatives.pen import drawn, drawn_by_hand, parsed
    from nndigits.models.negatives.shapes import LETTERS

    rng = np.random.default_rng(0)
    Path("letters").mkdir()
    files = [Path(f"letters/{name}.png") for name in names]
    for file in files:
        ink = drawn(drawn_by_hand(parsed(LETTERS[file.stem][0]), rng), 3.0)
        pictures.save(file, (255 * (0.9 - 0.8 * ink)).astype(np.uint8))
    return files


def test_an_empty_page_and_a_letter_show_no_digit() -> None:
    letters("AEHKMRWX")
    Image.new("L", (100, 100), 230).save("letters/empty.png")
    found = predict([Path("letters")]).predictions
    assert sum(one.trouble == "none" for one in found) >= 7
    assert all(one.unsure for one in found)


def test_a_letter_alone_is_not_read_as_digits_that_touch() -> None:
    files = letters("CEFKLRXY")
    assert [read(file).text for file in files].count("") >= 6
    assert all(len(read(file, length=1).text) == 1 for file in files)


@pytest.fixture(scope="module")
def own(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that knows little."""
    out = tmp_path_factory.mktemp("own") / "weights.npz"
    train(digits, out, Parameters(hidden=(3,), epochs=1))
    return out


def test_a_network_of_ones_own_is_offered_and_not_taken(picture: Path, own: Path, nn: Run) -> None:
    Path("artifacts").mkdir()
    shutil.copy(own, "artifacts/weights.npz")
    for command in ("predict", "read"):
        done = nn(command, picture)
        assert "7" in done.stdout
        assert "Your own network:" in done.stderr
        assert f"nn {command} --weights artifacts/weights.npz seven.png" in done.stderr
        assert "Your own" not in nn(command, picture, "--weights", "artifacts/weights.npz").stderr
        assert "Your own" not in nn(command, picture, "--quiet").stderr
    shutil.copy(own, "artifacts/best.npz")
    os.utime("artifacts/best.npz", (2e9, 2e9))
    assert "--weights artifacts/best.npz" in nn("predict", picture).stderr
    assert "64-3-10" in nn("draw").stdout


@pytest.mark.parametrize("what", ["weights", "folder", "empty", "link"])
def test_nothing_of_its_name_in_the_folder_takes_its_place(picture: Path, own: Path, what: str) -> None:
    wanted = predict([picture]).predictions, read(picture).text
    match what:
        case "weights":
            shutil.copy(own, "pretrained")
        case "folder":
            Path("pretrained").mkdir()
        case "empty":
            Path("pretrained").touch()
        case "link":
            Path("pretrained").symlink_to(own)
    assert (predict([picture]).predictions, read(picture).text) == wanted
    assert draw([PRETRAINED], Path("draw.html")).what.endswith("dense 11 softmax")


def test_it_is_never_replaced_by_an_output_of_the_command_that_reads_it(picture: Path) -> None:
    before = PRETRAINED_FILE.read_bytes()
    with pytest.raises(UsageError, match="both read and written by this command"):
        predict([picture], seen=PRETRAINED_FILE)
    assert PRETRAINED_FILE.read_bytes() == before


def test_its_name_is_only_for_weights(nn: Run) -> None:
    assert "dense 11 softmax" in nn("show", "pretrained").stdout
    with pytest.raises(InputError, match="pretrained: is a trained network, not a data set"):
        artifacts.load(PRETRAINED, "dataset")
