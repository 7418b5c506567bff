"""An .npz with images and labels as NumPy writes it, and the split of what has none."""

from pathlib import Path

import numpy as np
import pytest
from support import Run

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.digit_set import TooFew, split
from nndigits.stages.fetch import fetch
from nndigits.stages.store.errors import InputError

RNG = np.random.default_rng(5)
IMAGES = RNG.integers(0, 256, (45, 6, 5), np.uint8)
LABELS = np.arange(45) % 3


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["int64", "uint8", "int32"])
def test_images_and_labels_of_numpy_are_read_and_split(tmp_path: Path, save, dtype: str) -> None:
    save(tmp_path / "mine.npz", images=IMAGES, labels=LABELS.astype(dtype))
    report = fetch(tmp_path / "data.npz", source=tmp_path / "mine.npz")
    assert (report.dataset, report.classes) == ("mine", ("0", "1", "2"))
    assert (report.train, report.validation, report.test) == (33, 6, 6)
    arrays = data_artifact.load(report.out).arrays
    for part in ("train", "validation", "test"):
        assert len(set(np.bincount(arrays[f"{part}_labels"]).tolist())) == 1
        for image, label in zip(arrays[f"{part}_images"], arrays[f"{part}_labels"], strict=True):
            (place,) = np.flatnonzero((image == IMAGES).all(axis=(1, 2)))
            assert LABELS[place] == label


def test_what_guessing_reaches_of_200_classes_is_no_zero(tmp_path: Path, nn: Run) -> None:
    images = RNG.integers(0, 256, (1400, 5, 5), np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(1400) % 200)
    for words in (("fetch", "--from", tmp_path / "mine.npz"), ("baseline", "random"), ("eval", "artifacts/random.npz")):
        done = nn(*words)
        assert done.returncode == 0, done.stderr
    assert "random guessing reaches 0.5 %" in " ".join(done.stdout.split())


def test_colours_are_turned_to_grey_as_pillow_does_it_and_that_is_said(tmp_path: Path) -> None:
    from PIL import Image

    colours, notes = RNG.integers(0, 256, (45, 6, 5, 3), np.uint8), list[str]()
    np.savez(tmp_path / "mine.npz", images=colours, labels=LABELS)
    fetch(tmp_path / "data.npz", source=tmp_path / "mine.npz", on_note=notes.append)
    assert notes == [f"{tmp_path / 'mine.npz'}: the colours are turned to grey"]
    arrays = data_artifact.load(tmp_path / "data.npz").arrays
    grey = [np.asarray(Image.fromarray(one).convert("L")).astype(int) for one in colours]
    for image in arrays["test_images"]:
        assert min(abs(image - one).max() for one in grey) <= 1


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": IMAGES, "labels": LABELS[:-1]}, "there are 45 images, and the labels have shape"),
        ({"images": IMAGES, "labels": LABELS - 1}, "there are labels from -1 to 1, expected 0 to 255"),
        ({"images": IMAGES, "labels": LABELS + 254}, "there are labels from 254 to 256"),
        (
            {"images": IMAGES, "labels": LABELS + 1},
            "0 images of label 0, at least 7 are needed of each label from 0 to 3",
        ),
        ({"images": IMAGES, "labels": LABELS * 1.0}, "has labels of <f8: it should hold whole numbers"),
        ({"images": IMAGES / 255, "labels": LABELS}, "has images of <f8: it should hold bytes"),
        ({"images": IMAGES[0], "labels": LABELS}, r"the images have shape \(6, 5\)"),
        ({"images": IMAGES[..., None, None], "labels": LABELS}, "the images have shape"),
        ({"images": np.zeros((3, 600, 600), np.uint8), "labels": LABELS[:3]}, "600 x 600 pixels, expected at most"),
        ({"images": IMAGES}, "has no array x_train"),
        ({"images": IMAGES, "labels": np.array([b"a"] * 45, object)}, "array header of another form"),
    ],
)
def test_other_arrays_are_refused_in_a_line(tmp_path: Path, arrays, message: str) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(InputError, match=message) as caught:
        fetch(tmp_path / "data.npz", source=tmp_path / "mine.npz")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("counts", [(7, 7), (7, 100), (50, 8, 300)])
def test_any_number_of_the_last_training_images_has_all_classes_in_proportion(counts: tuple[int, ...]) -> None:
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.uint8)
    images = RNG.integers(0, 256, (len(labels), 3, 3), np.uint8)
    parts = split(images, labels, len(counts))
    assert len(parts["train_labels"]) + len(parts["test_labels"]) == len(labels)
    shares = np.bincount(parts["train_labels"]) / len(parts["train_labels"])
    assert np.abs(np.bincount(parts["test_labels"]) - np.array(counts) / 7).max() < 1
    for last in range(1, len(parts["train_labels"])):
        found = np.bincount(parts["train_labels"][-last:], minlength=len(counts))
        assert np.abs(found - last * shares).max() <= len(counts) / 2 + 0.5
    with pytest.raises(TooFew):
        split(images[1:], labels[1:], len(counts)) if counts[0] == 7 else split(images, labels, len(counts) + 1)
