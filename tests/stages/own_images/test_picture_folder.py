"""One's own pictures in folders named by class: read, refused with a reason, split, and predicted the same way."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from support import Run

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.own_images import class_folders
from nndigits.stages.predict import predict
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train

FEW = Parameters(hidden=(12,), epochs=40, eta=1.0, init="N(0,1/n)")


def draw(path: Path, kind: str, number: int) -> None:
    """Draw a ring or a cross in dark blue on cream, of a size and at a place that depend on the number."""
    width, height, size = 60 + 3 * number, 90 - 2 * number, 30 + number
    picture = Image.new("RGB", (width, height), (250, 245, 230))
    pen, (x, y) = ImageDraw.Draw(picture), (5 + number % 7, 4 + number % 5)
    if kind == "ring":
        pen.ellipse((x, y, x + size, y + size), outline=(20, 20, 90), width=6)
    else:
        pen.line((x, y, x + size, y + size), fill=(20, 20, 90), width=6)
        pen.line((x + size, y, x, y + size), fill=(20, 20, 90), width=6)
    picture.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """14 pictures of each of two classes, in a folder called ``shapes``."""
    for kind in ("ring", "cross"):
        (tmp_path / "shapes" / kind).mkdir(parents=True)
        for number in range(14):
            draw(tmp_path / "shapes" / kind / f"{number}.png", kind, number)
    return tmp_path / "shapes"


def test_from_a_folder_to_a_prediction(folder: Path, tmp_path: Path) -> None:
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    report = fetch(data, images=folder, cache=tmp_path / "cache")
    assert (report.dataset, report.verified, report.classes) == ("shapes", False, ("cross", "ring"))
    assert (report.train, report.validation, report.test, report.image, report.refused) == (20, 4, 4, (28, 28), ())
    assert class_names(data_artifact.load(data).meta["dataset"]) == ("cross", "ring")
    train(data, weights, FEW)
    found = evaluate(weights, data)
    assert (found.accuracy, found.classes) == (1.0, ("cross", "ring"))
    assert (tmp_path / "weights-confusion.csv").read_text().splitlines()[1:] == [
        "class,cross,ring",
        "cross,2,0",
        "ring,0,2",
    ]
    draw(tmp_path / "new.png", "ring", 20)
    assert [one.candidates[0].name for one in predict([tmp_path / "new.png"], weights).predictions] == ["ring"]


@pytest.mark.parametrize("is_plain", [False, True])
@pytest.mark.parametrize("validation", [2, 4, 9, 12])
def test_every_split_has_all_classes_in_proportion(folder: Path, tmp_path: Path, is_plain, validation) -> None:
    report = fetch(tmp_path / "data.npz", images=folder, validation=validation, is_plain=is_plain)
    arrays = data_artifact.load(report.out).arrays
    for split in ("train", "validation", "test"):
        counts = np.bincount(arrays[f"{split}_labels"], minlength=2)
        assert abs(counts[0] - counts[1]) <= 1


def test_names_and_the_order_of_files_change_nothing(folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", images=folder)
    for number, path in enumerate(sorted(folder.glob("*/*.png"))):
        path.rename(path.with_name(f"{977 * number % 101}-again.png"))
    fetch(tmp_path / "again.npz", images=folder)
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "data.npz").read_bytes()


def test_plain_pictures_are_only_scaled_and_so_are_those_to_predict(folder: Path, tmp_path: Path) -> None:
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    report = fetch(data, images=folder, size=(9, 12), is_plain=True)
    assert report.image == (9, 12)
    found = data_artifact.load(data)
    assert found.meta["dataset"]["plain"] is True
    assert 0 < found.arrays["train_images"].min(initial=255, where=found.arrays["train_images"] > 0) < 20, "cream"
    train(data, weights, FEW)
    seen = predict([folder / "ring" / "3.png"], weights).predictions[0].seen
    everything = [
        image.tolist() for split in ("train", "validation", "test") for image in found.arrays[f"{split}_images"]
    ]
    assert [list(row) for row in seen] in everything
    prepared = tmp_path / "prepared.npz"
    fetch(tmp_path / "other.npz", images=folder, size=(9, 12))
    train(tmp_path / "other.npz", prepared, FEW)
    with pytest.raises(InputError, match="only scaled, and from others; they cannot vote"):
        predict([folder / "ring" / "3.png"], [weights, prepared])


def test_what_cannot_be_used_is_reported_with_its_reason(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    (folder / "ring" / "notes.txt").write_text("mine")
    (folder / "ring" / "inner").mkdir()
    (folder / "ring" / "empty.png").write_bytes(b"")
    (folder / "ring" / "cut.png").write_bytes((folder / "ring" / "1.png").read_bytes()[:90])
    (folder / "ring" / "nowhere.png").symlink_to("nothing.png")
    (folder / "ring" / "linked.png").symlink_to("1.png")
    (folder / "cross" / ".hidden.png").write_bytes(b"")
    Image.new("L", (40, 40), 255).save(folder / "cross" / "blank.png")
    os.mkfifo(folder / "cross" / "pipe.png")
    report = fetch(tmp_path / "data.npz", images=folder)
    assert {
        one.path.relative_to(folder).as_posix(): one.why.split(".")[0].split(" (")[0] for one in report.refused
    } == {
        "notes.txt": "is not in the folder of a class",
        "ring/notes.txt": "does not end like a picture",
        "ring/inner": "is a folder in the folder of a class",
        "ring/empty.png": "is not a picture",
        "ring/cut.png": "is a damaged picture",
        "ring/nowhere.png": "no such file",
        "cross/blank.png": "nothing was found on it",
        "cross/pipe.png": "is not a regular file, where a file is expected",
    }
    assert report.train + report.validation + report.test == 29, "a link to a picture is one"


def test_filled_shapes_and_dashes_are_of_a_class_but_are_no_digits(tmp_path: Path) -> None:
    for kind in ("dash", "disc"):
        (tmp_path / "signs" / kind).mkdir(parents=True)
        for number in range(7):
            picture, size = Image.new("L", (70, 60), 250), 24 + number
            pen = ImageDraw.Draw(picture)
            pen.ellipse((9, 9, 9 + size, 9 + size), fill=20) if kind == "disc" else pen.line(
                (9, 30, 9 + size, 30), 20, 5
            )
            picture.save(tmp_path / "signs" / kind / f"{number}.png")
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    assert fetch(data, images=tmp_path / "signs").refused == ()
    train(data, weights, FEW)
    found = predict(sorted((tmp_path / "signs").glob("*/0.png")), weights).predictions
    assert [one.candidates[0].name for one in found] == ["dash", "disc"]
    for digit, kind in enumerate(("dash", "disc")):
        (tmp_path / "signs" / kind).rename(tmp_path / "signs" / str(digit))
    with pytest.raises(InputError, match=r"0 of the pictures of 0 can be used, .*\(0\.png: nothing was found on it\)$"):
        fetch(data, images=tmp_path / "signs")


def test_where_there_are_two_things_plain_is_named(folder: Path, tmp_path: Path, nn: Run) -> None:
    (folder / "ring").rename(folder / ("r" * 50))
    (folder / ("r" * 50) / "13.png").unlink()
    Image.open(folder / "cross" / "1.png").save(folder / "cross" / "two.png")
    for path in (folder / "cross" / "two.png", *sorted((folder / "cross").glob("1?.png"))):
        two = Image.new("L", (120, 40), 250)
        pen = ImageDraw.Draw(two)
        pen.ellipse((5, 5, 35, 35), outline=20, width=4)
        pen.ellipse((80, 5, 110, 35), outline=20, width=4)
        two.save(path)
    done = nn("fetch", "--images", folder, "-o", tmp_path / "data.npz")
    assert "--plain takes pictures as they are, and only scales them." in done.stdout
    for path in (folder / "cross").glob("?.png"):
        (folder / "cross" / "two.png").replace(path) if path.name == "1.png" else path.unlink()
    with pytest.raises(InputError, match=r"0 of the pictures of cross .*one thing.*`nn fetch --plain` takes"):
        fetch(tmp_path / "data.npz", images=folder)


def test_classes_named_by_numbers_are_in_their_order(folder: Path, tmp_path: Path) -> None:
    (folder / "ring").rename(folder / "10")
    (folder / "cross").rename(folder / "9")
    assert fetch(tmp_path / "data.npz", images=folder).classes == ("9", "10")


def hostile_names(folder: Path) -> Iterator[str]:
    for name in (b"caf\xe9", b"two\nlines", b"\x1b[31mred", b"x" * 200, "\u202eright".encode()):
        os.rename(os.fsencode(folder / "ring"), os.path.join(os.fsencode(folder), name))
        yield os.fsdecode(name)
        os.rename(os.path.join(os.fsencode(folder), name), os.fsencode(folder / "ring"))


def test_names_of_classes_are_escaped_and_short(folder: Path, tmp_path: Path) -> None:
    expected = ["caf\\xe9", "two\\nlines", "\\x1b[31mred", "x" * 40, "\\u202eright"]
    found = [
        next(name for name in fetch(tmp_path / "data.npz", images=folder).classes if name != "cross")
        for _ in hostile_names(folder)
    ]
    assert found == expected


def only(name: str, count: int = 14):
    def change(folder: Path) -> None:
        other = folder / ("cross" if name == "ring" else "ring")
        for path in sorted(other.iterdir())[count:]:
            path.unlink()

    return change


def remove_class(folder: Path) -> None:
    for path in (folder / "cross").iterdir():
        path.unlink()
    (folder / "cross").rmdir()


def same_beginning(folder: Path) -> None:
    (folder / "ring").rename(folder / ("x" * 40 + "1"))
    (folder / "cross").rename(folder / ("x" * 40 + "2"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (remove_class, r"shapes: has 1 folder \(ring\), at least two classes are needed"),
        (only("ring", 0), "0 of the pictures of cross can be used, at least 7 are needed"),
        (only("ring", 6), "6 of the pictures of cross can be used, at least 7 are needed"),
        (lambda folder: (folder / "third").mkdir(), "0 of the pictures of third can be used"),
        (same_beginning, "whose first 40 characters are the same"),
    ],
)
def test_a_folder_that_is_no_data_set_is_refused_in_a_line(folder: Path, tmp_path: Path, change, message: str) -> None:
    change(folder)
    with pytest.raises(InputError, match=message) as caught:
        fetch(tmp_path / "data.npz", images=folder)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data.npz").exists()


def test_too_many_files_or_classes_are_refused_before_one_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_folders, "MOST_FILES", 27)
    with pytest.raises(InputError, match="shapes: has more than 27 files"):
        fetch(tmp_path / "data.npz", images=folder)
    monkeypatch.setattr(class_folders, "MOST_CLASSES", 1)
    with pytest.raises(InputError, match="shapes: has 2 folders, at most 1 classes are read"):
        fetch(tmp_path / "data.npz", images=folder)


def test_contradictions_are_usage_errors(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "data.npz"
    for wrong in (
        {"images": folder, "dataset": "mnist"},
        {"images": folder, "source": folder},
        {"is_plain": True},
        {"size": (28, 28)},
        {"images": folder, "size": (600, 600)},
        {"images": folder, "size": (1, 5000)},
    ):
        with pytest.raises(UsageError):
            fetch(out, **wrong)
    with pytest.raises(UsageError, match="is in the folder of pictures"):
        fetch(folder / "data.npz", images=folder)
    with pytest.raises(InputError, match=r"is not a folder\. Expected is a folder for each class"):
        fetch(out, images=tmp_path / "nowhere")
