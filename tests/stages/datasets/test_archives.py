"""EMNIST's form: one archive with the gzipped files of several sets, images on their side, letters from 1."""

import dataclasses
import gzip
import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from torture.commands.servers import Handler, serving_here
from torture.files.data_sets import gz, idx_bytes

from nndigits.stages.datasets import data_artifact, known_sets, registry
from nndigits.stages.datasets.registry import EMNIST, MNIST
from nndigits.stages.datasets.registry_entry import KnownArchive, KnownSet
from nndigits.stages.fetch import fetch
from nndigits.stages.store.errors import InputError, UsageError, WorldError

RNG = np.random.default_rng(3)
UPRIGHT = {
    f"{row.name}-{split}": RNG.integers(0, 256, (count, 28, 28), np.uint8)
    for row in EMNIST
    for split, count in (("train", 60), ("test", 30))
}
Rows = tuple[KnownSet, ...]


def labels(row: KnownSet, count: int) -> np.ndarray:
    return (np.arange(count) % row.classes).astype(np.uint8)


def packed(row: KnownSet, part: str) -> bytes:
    """A gzipped file as the site serves it: images with rows and columns exchanged, letters from 1."""
    images = UPRIGHT[f"{row.name}-{part.partition('_')[0]}"]
    if part.endswith("images"):
        return gz(idx_bytes(np.ascontiguousarray(images.swapaxes(1, 2))))
    return gz(idx_bytes(labels(row, len(images)) + np.uint8(row.first_label)))


FILES = {f"gzip/{file.name}.gz": packed(row, part) for row in EMNIST for part, file in row.files.items()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "gzip.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("gzip/", b"")
        file.writestr("gzip/emnist-letters-mapping.txt", b"1 65 97")
        for name, content in FILES.items():
            file.writestr(name, content)
    return path


@pytest.fixture
def rows(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """The rows of EMNIST with the hashes of the made-up files."""
    served = archive.read_bytes()
    known = KnownArchive("gzip.zip", hashlib.sha256(served).hexdigest(), len(served))
    made = tuple(
        dataclasses.replace(
            row,
            archive=known,
            files={
                part: dataclasses.replace(
                    file, packed=f"md5:{hashlib.md5(packed(row, part), usedforsecurity=False).hexdigest()}"
                )
                for part, file in row.files.items()
            },
        )
        for row in EMNIST
    )
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, *made))
    return made


def check(path: Path, row: KnownSet) -> None:
    """Check that a data set has upright images, labels from 0, and the names of its classes."""
    found = data_artifact.load(path)
    for split in ("train", "test"):
        images, found_labels = found.arrays[f"{split}_images"], found.arrays[f"{split}_labels"]
        if split == "train":
            images = np.concatenate([images, found.arrays["validation_images"]])
            found_labels = np.concatenate([found_labels, found.arrays["validation_labels"]])
        np.testing.assert_array_equal(images, UPRIGHT[f"{row.name}-{split}"])
        np.testing.assert_array_equal(found_labels, labels(row, len(images)))
    assert known_sets.class_names(found.meta["dataset"]) == row.class_names


def test_an_archive_is_downloaded_once_for_all_its_sets(rows: Rows, archive: Path, tmp_path: Path) -> None:
    cache, notes = tmp_path / "cache", list[str]()
    with serving_here({"gzip.zip": archive.read_bytes()}) as mirror:
        for row in rows:
            out = tmp_path / f"{row.name}.npz"
            report = fetch(out, dataset=row.name, cache=cache, mirrors=[mirror.of("")], on_note=notes.append)
            assert (report.dataset, report.verified, report.dataset_title) == (row.name, True, row.title)
            assert report.classes == row.class_names
            check(report.out, row)
    assert Handler.requests == ["gzip.zip"]
    assert [note.startswith("gzip.zip has ") for note in notes] == [True]
    again = fetch(tmp_path / "again.npz", dataset=rows[-1].name, cache=cache, mirrors=["http://127.0.0.1:1/"])
    assert again.source == "the cache"
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / f"{rows[-1].name}.npz").read_bytes()


@pytest.mark.parametrize("fault", ["half a body", "404", "HTML under 200", "headers, a byte now and then"])
def test_nothing_is_kept_of_an_archive_that_is_another(
    rows: Rows, archive: Path, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndigits.stages.datasets.download.SLOWEST", 1e9)
    monkeypatch.setattr("nndigits.stages.datasets.download.DEADLINE", 0.5)
    cache = tmp_path / "cache"
    told = r"EMNIST Letters was not found. Tried: .*gzip\.zip \("
    with serving_here({"gzip.zip": archive.read_bytes()}) as mirror, pytest.raises(WorldError, match=told):
        fetch(tmp_path / "data.npz", dataset="emnist-letters", cache=cache, mirrors=[mirror.of(fault)])
    assert not [path for path in cache.rglob("*") if path.is_file() and not path.name.endswith(".lock")]


def test_a_changed_archive_in_the_cache_is_downloaded_again(rows: Rows, archive: Path, tmp_path: Path) -> None:
    cache, notes = tmp_path / "cache", list[str]()
    (cache / "emnist").mkdir(parents=True)
    (cache / "emnist" / "gzip.zip").write_bytes(archive.read_bytes()[:-1])
    with serving_here({"gzip.zip": archive.read_bytes()}) as mirror:
        fetch(
            tmp_path / "data.npz", dataset="emnist-digits", cache=cache, mirrors=[mirror.of("")], on_note=notes.append
        )
    assert Handler.requests == ["gzip.zip"]
    assert "Not read from the cache: " in notes[0]
    check(tmp_path / "data.npz", rows[0])


def test_an_archive_at_hand_is_read_by_the_name_of_the_set(rows: Rows, archive: Path, tmp_path: Path) -> None:
    for row in rows:
        report = fetch(tmp_path / "data.npz", dataset=row.name, source=archive, cache=tmp_path / "cache")
        assert report.verified
        check(report.out, row)
    with pytest.raises(UsageError, match=r"has several data sets; name one, emnist-digits, .* or emnist-balanced"):
        fetch(tmp_path / "data.npz", source=archive)
    with pytest.raises(InputError, match=r"gzip\.zip: has not the files of MNIST. Expected is EMNIST's gzip\.zip"):
        fetch(tmp_path / "data.npz", dataset="mnist", source=archive)


def test_unpacked_files_are_read_upright_and_cannot_be_verified(rows: Rows, tmp_path: Path) -> None:
    row, folder = rows[1], tmp_path / "raw"
    folder.mkdir()
    for part, file in row.files.items():
        (folder / f"{file.name}.gz").write_bytes(packed(row, part))
    assert fetch(tmp_path / "data.npz", source=folder, cache=tmp_path / "cache").verified
    check(tmp_path / "data.npz", row)

    for path in list(folder.iterdir()):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    report = fetch(tmp_path / "data.npz", source=folder, cache=tmp_path / "cache")
    assert (report.dataset, report.verified) == ("raw", False)
    check(report.out, row)
    with pytest.raises(InputError, match="raw: is not EMNIST Letters"):
        fetch(tmp_path / "data.npz", dataset="emnist-letters", source=folder)


def test_a_letter_below_the_first_is_refused(rows: Rows, tmp_path: Path) -> None:
    row, folder = rows[1], tmp_path / "raw"
    folder.mkdir()
    for part, file in row.files.items():
        (folder / f"{file.name}.gz").write_bytes(packed(row, part))
    (folder / f"{row.files['test_labels'].name}.gz").write_bytes(gz(idx_bytes(labels(row, 30))))
    with pytest.raises(InputError, match="there is a label 0, and those of EMNIST Letters begin at 1"):
        fetch(tmp_path / "data.npz", source=folder)
