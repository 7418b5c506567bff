"""The registry of known data sets: MNIST, and a made-up set added as one more row."""

import dataclasses
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from support import REPOSITORY, with_content_of, write_idx
from torture.commands.servers import Handler, serving_here
from torture.files.data_sets import gz
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.classifiers.simple_baselines import guess
from nndigits.stages.datasets import data_artifact, known_sets, registry
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.datasets.registry_entry import KnownFile, KnownSet
from nndigits.stages.demos.shared.data import read_digits
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.results.show import show
from nndigits.stages.results.status import status
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.find_eta import find_eta
from nndigits.stages.training.train import train

LETTERS = KnownSet(
    name="letters",
    title="Letters",
    files={
        part: KnownFile(f"letters-{part.replace('_', '-')}-idx{dimensions}-ubyte", "", 1000)
        for part, dimensions in (("train_images", 3), ("train_labels", 1), ("test_images", 3), ("test_labels", 1))
    },
    mirrors=("http://127.0.0.1:1/",),
    cache_folder="letters",
    class_names=tuple("ABC"),
    source="made up for the tests",
)


@pytest.fixture
def letters_folder(tmp_path: Path) -> Path:
    """The files of a made-up set of three letters, in a folder of another name."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    rng = np.random.default_rng(2)
    for part, count in (("train", 60), ("test", 20)):
        write_idx(folder / LETTERS.file_names[f"{part}_images"], rng.integers(0, 256, (count, 6, 4)))
        write_idx(folder / LETTERS.file_names[f"{part}_labels"], np.arange(count) % 3)
    return folder


@pytest.fixture
def letters(letters_folder: Path, monkeypatch: pytest.MonkeyPatch) -> KnownSet:
    """The made-up set as one more row of the registry."""
    row = with_content_of(letters_folder, LETTERS)
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, row))
    return row


@pytest.mark.parametrize("dataset", [None, "letters"])
def test_a_new_row_is_recognised_in_a_folder(letters: KnownSet, letters_folder: Path, tmp_path: Path, dataset) -> None:
    report = fetch(tmp_path / "data.npz", dataset=dataset, source=letters_folder)
    assert (report.dataset, report.verified, report.dataset_title) == ("letters", True, "Letters")
    meta = artifacts.load(tmp_path / "data.npz", "dataset").meta["dataset"]
    names = {"classes": 3, "names": ["A", "B", "C"]}
    assert meta == {"name": "letters", "verified": True, **names, "source": letters.sha256}
    assert known_set(meta) == letters


def test_a_new_row_is_downloaded_from_a_mirror_into_a_folder_of_its_own(
    letters: KnownSet, letters_folder: Path, tmp_path: Path
) -> None:
    content = {f"{name}.gz": gz((letters_folder / name).read_bytes()) for name in letters.file_names.values()}
    cache = tmp_path / "cache"
    with serving_here(content) as mirror:
        report = fetch(tmp_path / "data.npz", dataset="letters", cache=cache, mirrors=[mirror.of("")])
    assert (report.dataset, report.verified, report.source) == ("letters", True, "a mirror")
    assert sorted(path.name for path in (cache / "letters").iterdir()) == sorted(Handler.requests)
    again = fetch(tmp_path / "again.npz", dataset="letters", cache=cache)
    assert again.source == "the cache"
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "data.npz").read_bytes()


def test_another_set_than_the_one_asked_for_is_refused(letters: KnownSet, letters_folder: Path, tmp_path: Path) -> None:
    images = letters_folder / letters.files["test_images"].name
    write_idx(images, np.zeros((20, 6, 4)))
    with pytest.raises(InputError, match="downloads: is not Letters, its bytes differ"):
        fetch(tmp_path / "data.npz", dataset="letters", source=letters_folder)
    with pytest.raises(UsageError, match="both read and written by this command"):
        fetch(images, source=letters_folder)
    report = fetch(tmp_path / "data.npz", source=letters_folder)
    assert (report.dataset, report.verified) == ("downloads", False)


def test_the_books_figures_apply_to_mnist_alone(letters: KnownSet, letters_folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.npz"
    fetch(data, source=letters_folder)
    verdict = guess(data, tmp_path / "guess.npz").verdict
    assert (verdict.verified, verdict.dataset_title, verdict.has_book_figures) == (True, "Letters", False)
    mnist = dataclasses.replace(verdict, dataset="mnist")
    assert (mnist.dataset_title, mnist.has_book_figures) == ("MNIST", True)


def test_the_names_of_the_classes_are_shown(letters: KnownSet, letters_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=letters_folder)
    assert show(tmp_path / "data.npz").words == ("The classes are A, B and C.",)


def test_a_false_claim_to_be_verified_is_not_believed(idx_folder: Path, tmp_path: Path) -> None:
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    fetch(data, source=idx_folder)
    honest = artifacts.load(data, "dataset")
    artifacts.save(
        data, {**honest.meta, "dataset": {**honest.meta["dataset"], "name": "mnist", "verified": True}}, honest.arrays
    )
    train(data, weights, Parameters(hidden=(5,), epochs=1))
    report = evaluate(weights, data, tmp_path / "eval.json")
    assert (report.dataset, report.verified, report.dataset_title) == ("mnist", False, "mnist (unverified)")
    assert EnsemblePredictor(weights).dataset == "mnist (unverified)"


@pytest.mark.parametrize("name", ["MNIST", "my mnist-2", "M.N.I.S.T", "\uff2d\uff2e\uff29\uff33\uff34", "FashionMNIST"])
def test_another_set_with_the_name_of_a_known_one_is_called_unverified(name: str) -> None:
    assert known_sets.title_of({"name": name, "source": {}}) == f"{name} (unverified)"
    assert known_sets.title_of({"name": "mine", "source": {}}) == "mine"
    assert known_sets.title_of({"name": name, "source": MNIST.sha256}) == "MNIST"


@pytest.mark.parametrize("validation", [0, 1, 10, 59])
def test_content_is_recognised_wherever_it_is_split(letters: KnownSet, letters_folder, tmp_path, validation) -> None:
    fetch(tmp_path / "data.npz", source=letters_folder, validation=validation)
    assert known_set(data_artifact.load(tmp_path / "data.npz").meta["dataset"]) == letters


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("train_images", (0, 0, 0)), ("validation_images", (-1, 5, 3)), ("test_images", (7, 2, 2)),
        ("train_labels", (3,)), ("validation_labels", (1,)), ("test_labels", (19,)),
    ],
)  # fmt: skip
def test_other_content_with_the_hashes_of_a_known_set_is_refused(
    letters: KnownSet, letters_folder: Path, tmp_path: Path, part: str, place: tuple[int, ...]
) -> None:
    """Everywhere: what one command made of it would quote the name of the set for the next."""
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    fetch(data, source=letters_folder)
    run = Parameters(hidden=(3,), epochs=1)
    train(data, weights, run)
    honest = artifacts.load(data, "dataset")
    changed = honest.arrays[part].copy()
    changed[place] ^= 1
    artifacts.save(data, honest.meta, {**honest.arrays, part: changed})
    named = part.replace("validation", "train").replace("_", " ")
    for use in (
        lambda: show(data),
        lambda: train(data, weights, run),
        lambda: evaluate(weights, data),
        lambda: find_eta(data, run),
        lambda: guess(data, tmp_path / "guess.npz"),
        lambda: read_digits(data),
    ):
        with pytest.raises(InputError, match=f"says that it holds Letters, but its {named} are others. Fetch it again"):
            use()
    report = status(tmp_path)
    assert (report.states[0].state, report.verified, report.next.step) == ("unreadable", False, "fetch")


def test_every_stage_reads_data_sets_where_their_claim_is_checked() -> None:
    stages = sorted((REPOSITORY / "stages").rglob("*.py"))
    users = {path.name for path in stages if re.search(r'artifacts\.load\([^()]*"dataset"\)', path.read_text())}
    assert users == {"data_artifact.py"}


def test_files_that_only_quote_a_known_set_say_so(letters: KnownSet, letters_folder: Path, tmp_path: Path) -> None:
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    fetch(data, source=letters_folder)
    train(data, weights, Parameters(hidden=(3,), epochs=1))
    for path, expected in ((data, "data set: Letters\n"), (weights, "data set: Letters, as stated in this file\n")):
        done = CliRunner().invoke(app, ["show", str(path)])
        assert expected in done.stdout


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"expected one of {', '.join(known_sets.choices())}"):
        fetch(tmp_path / "data.npz", dataset="mnits")


def test_rows_of_the_registry_are_complete_and_distinct() -> None:
    rows = registry.KNOWN_SETS
    for row in rows:
        assert set(row.files) == {"train_images", "train_labels", "test_images", "test_labels"}
        assert row.classes == len(set(row.class_names)) <= MOST_CLASSES
        assert row.mirrors or row.comes_with
        assert row.licence
        assert min(row.images) > 0
        for file in row.files.values():
            packed = re.fullmatch("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", file.packed)
            assert re.fullmatch("[0-9a-f]{64}", file.sha256) or packed, file.name
            is_downloaded = file.size > 0 or (row.archive and row.archive.size > 0 and len(row.archive.sha256) == 64)
            assert row.comes_with or is_downloaded
    for names in zip(*((row.name, row.title) for row in rows), strict=True):
        assert len(set(names)) == len(rows)
    files = [(row.cache_folder, name) for row in rows for name in row.file_names.values()]
    assert len(set(files)) == 4 * len(rows), "no set replaces the files of another in the cache"
    hashes = [file.sha256 or file.packed for row in rows for file in row.files.values()]
    assert len(set(hashes)) == len(hashes)
    assert len(set(known_sets.choices())) == len(rows) + 1


def test_a_set_whose_content_hashes_nobody_publishes_is_known_by_its_gzipped_files(
    letters_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {}
    for part, file in LETTERS.files.items():
        packed = gz((letters_folder / file.name).read_bytes())
        (letters_folder / f"{file.name}.gz").write_bytes(packed)
        (letters_folder / file.name).unlink()
        files[part] = KnownFile(file.name, "", 1000, f"sha256:{hashlib.sha256(packed).hexdigest()}")
    content = {path.name: path.read_bytes() for path in letters_folder.iterdir()}
    first = with_content_of(letters_folder, dataclasses.replace(LETTERS, name="other", files={
        part: dataclasses.replace(file, name=f"{file.name}.gz") for part, file in LETTERS.files.items()
    }))  # fmt: skip
    first = dataclasses.replace(first, files={
        part: dataclasses.replace(file, name=LETTERS.files[part].name) for part, file in first.files.items()
    })  # fmt: skip
    row = dataclasses.replace(LETTERS, files=files)
    monkeypatch.setattr(registry, "KNOWN_SETS", (first, row))  # two sets of the same file names
    report = fetch(tmp_path / "data.npz", source=letters_folder)
    assert (report.dataset, report.verified) == ("letters", True)
    with serving_here(content) as mirror:
        report = fetch(tmp_path / "again.npz", dataset="letters", cache=tmp_path / "cache", mirrors=[mirror.of("")])
        assert (report.verified, report.source) == (True, "a mirror")
    assert fetch(tmp_path / "again.npz", dataset="letters", cache=tmp_path / "cache").source == "the cache"
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "data.npz").read_bytes()
    meta = data_artifact.load(tmp_path / "data.npz").meta["dataset"]
    assert (known_set(meta), known_sets.class_names(meta)) == (None, ("A", "B", "C")), "its content cannot be checked"
    notes = list[str]()
    write_idx(letters_folder / files["test_labels"].name, np.arange(20) % 3)
    assert fetch(tmp_path / "again.npz", source=letters_folder, on_note=notes.append).verified
    assert len(notes) == 1, "the unpacked file is passed over"
    (letters_folder / f"{files['test_labels'].name}.gz").unlink()
    assert not fetch(tmp_path / "data.npz", source=letters_folder).verified


def test_hashes_that_are_empty_make_no_set_known() -> None:
    for row in registry.KNOWN_SETS:
        claim = {"name": row.name, "verified": True, "classes": row.classes, "source": dict.fromkeys(row.files, "")}
        assert known_set(claim) is None
        assert known_sets.title_of(claim) == f"{row.name} (unverified)"


def test_another_data_set_is_named_when_it_is_replaced(tmp_path: Path) -> None:
    told: list[str] = []
    for validation in (256, 256, 100):
        fetch(tmp_path / "data.npz", dataset="digits", validation=validation, on_note=told.append)
    assert told == [f"{tmp_path / 'data.npz'}: held digits with 256 images for validation, which this replaces"]
