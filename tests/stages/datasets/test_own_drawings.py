"""Drawings that the page of `nn draw` saves: read, split, added to another set, and refused if anything is strange."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torture.files.data_sets import drawing_cases
from torture.files.forge import Case

from nndigits.stages.datasets import data_artifact, own_drawings
from nndigits.stages.fetch import fetch
from nndigits.stages.store.errors import InputError, UsageError

STROKES = [{"width": 200, "points": [10, 25, 300, -4]}]


def drawing(label: int, height: int = 5, width: int = 4, ink: int = 7) -> dict[str, Any]:
    picture = base64.b64encode(bytes([ink] * (height * width))).decode()
    return {"label": label, "picture": picture, "strokes": STROKES}


def document(count: int = 21, **changed: Any) -> dict[str, Any]:
    made = [drawing(number % 3, ink=1 + number) for number in range(count)]
    return {
        "kind": "drawings",
        "format": 1,
        "image": [5, 4],
        "classes": 10,
        "drawings": made,
        **changed,
    }


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_every_seventh_is_a_test_image_and_labels_take_turns(tmp_path: Path) -> None:
    made = sorted((drawing(number % 3, ink=1 + number) for number in range(42)), key=lambda one: one["label"])
    path = write(tmp_path / "drawings.json", document(drawings=made))
    report = fetch(tmp_path / "data.npz", source=path, validation=6)
    assert (report.dataset, report.train, report.validation, report.test) == ("drawings", 30, 6, 6)
    arrays = data_artifact.load(report.out).arrays
    for part, each in (("train", 10), ("validation", 2), ("test", 2)):
        assert np.bincount(arrays[f"{part}_labels"]).tolist() == [each] * 3
    every = np.concatenate([arrays[f"{part}_images"][:, 0, 0] for part in ("train", "validation", "test")])
    assert sorted(every) == list(range(1, 43))
    labels = np.concatenate([arrays[f"{part}_labels"] for part in ("train", "validation", "test")])
    assert ((every - 1) % 3 == labels).all()


@pytest.fixture
def a_class(tmp_path: Path) -> Path:
    """A folder of three pupils, each with a file that is named in another way, and a file that is broken."""
    folder = tmp_path / "class"
    (folder / "cem").mkdir(parents=True)
    for number, (name, writer) in enumerate(
        {"anna-drawings": {}, "drawings (1)": {"writer": "Bo"}, "cem/drawings": {}}.items()
    ):
        made = [drawing(label % 3, ink=10 * number + label + 1) for label in range(7)]
        write(folder / f"{name}.json", document(drawings=[*made, made[0]], **writer))
    write(folder / "broken.json", "{")
    write(folder / "other-size.json", document(image=[4, 5]))
    return folder


def test_a_folder_of_a_class_says_of_each_file_what_was_read(tmp_path: Path, a_class: Path) -> None:
    report = fetch(tmp_path / "data.npz", source=a_class)
    assert (report.dataset, report.train + report.validation + report.test) == ("class", 21)
    assert [(one.path.name, one.writer, one.drawings, one.doubles) for one in report.files] == [
        ("anna-drawings.json", "anna", 7, 1),
        ("drawings.json", "cem", 7, 1),
        ("drawings (1).json", "Bo", 7, 1),
    ]
    reasons = {one.path.name: one.why for one in report.refused}
    assert "not JSON" in reasons["broken.json"]
    assert reasons["other-size.json"] == "has drawings of 4 x 5, the others of 5 x 4"


def test_split_by_writer_leaves_nobody_in_two_splits(tmp_path: Path, a_class: Path) -> None:
    report = fetch(tmp_path / "data.npz", source=a_class, split_by="writer")
    arrays = data_artifact.load(report.out).arrays
    inks = {
        part: {int(ink) // 10 for ink in arrays[f"{part}_images"][:, 0, 0]} for part in ("train", "validation", "test")
    }
    assert inks == {"train": {1}, "validation": {0}, "test": {2}}
    with pytest.raises(UsageError, match="name no other"):
        fetch(tmp_path / "data.npz", source=a_class, split_by="writer", validation=3)
    for name in ("cem/drawings.json", "drawings (1).json"):
        (a_class / name).unlink()
    with pytest.raises(InputError, match="has drawings of 1 writers, at least 3"):
        fetch(tmp_path / "data.npz", source=a_class, split_by="writer")


def test_drawings_are_added_in_front_of_the_training_images_of_another_set(tmp_path: Path, idx_folder: Path) -> None:
    path = write(tmp_path / "drawings.json", document())
    report = fetch(tmp_path / "data.npz", source=idx_folder, more=[path], validation=10)
    assert (report.dataset, report.train, report.test) == ("my-digits and 21 drawings", 71, 20)
    assert not report.verified
    assert data_artifact.load(report.out).arrays["train_images"][:21, 0, 0].tolist() == list(range(1, 22))
    write(path, document(image=[4, 5]))
    with pytest.raises(InputError, match="has drawings of 4 x 5, and my-digits has images of 5 x 4"):
        fetch(tmp_path / "data.npz", source=idx_folder, more=[path])


def test_an_input_is_never_the_output(tmp_path: Path, idx_folder: Path) -> None:
    path = write(tmp_path / "drawings.json", document())
    for inputs in ({"source": path}, {"source": idx_folder, "more": [path]}, {"source": tmp_path}):
        with pytest.raises(UsageError):
            fetch(path, **inputs)


def test_too_few_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has 6 drawings, at least 7 are needed"):
        fetch(tmp_path / "data.npz", source=write(tmp_path / "drawings.json", document(6)))


@pytest.mark.parametrize("case", [one for one in drawing_cases() if not one.heavy], ids=lambda one: one.name)
def test_a_strange_file_is_refused_in_one_line(tmp_path: Path, case: Case) -> None:
    (tmp_path / "drawings.json").write_bytes(case.make())
    with pytest.raises(InputError, match=case.reason) as error:
        fetch(tmp_path / "data.npz", source=tmp_path / "drawings.json")
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 400


def test_a_file_of_too_many_values_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "drawings.json", "[" + "{}," * own_drawings.MOST_VALUES + "{}]")
    monkeypatch.setattr(own_drawings, "parse_json", lambda text: pytest.fail("parsed"))
    with pytest.raises(InputError, match="has about 1,048,578 values, at most 524,288 are read"):
        own_drawings.load([path])
    path.write_bytes(b" " * (own_drawings.MOST_BYTES + 1))
    with pytest.raises(InputError, match="at most 8,388,608 are read"):
        own_drawings.load([path])
