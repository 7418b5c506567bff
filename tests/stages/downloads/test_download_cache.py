"""The cache of downloads: whatever lies in it, the right files are found, and what a person put there stays."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from mirror import Handler, gz, serving
from support import with_content_of

from nndigits.stages.datasets import registry
from nndigits.stages.datasets.registry import FASHION, MNIST
from nndigits.stages.fetch import fetch
from nndigits.stages.store import files

LABELS = MNIST.file_names["test_labels"]

fetch_fashion = partial(fetch, dataset="fashion-mnist")


@pytest.fixture
def server(idx_folder: Path, monkeypatch) -> Iterator[str]:
    """A mirror of `idx_folder`, which the code takes for Fashion-MNIST."""
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, with_content_of(idx_folder, FASHION)))
    with serving({f"{name}.gz": gz((idx_folder / name).read_bytes()) for name in MNIST.file_names.values()}) as address:
        yield address


@pytest.fixture
def cache(server: str, idx_folder: Path, tmp_path: Path) -> Path:
    """A cache that has all files."""
    fetch(tmp_path / "good.npz", source=idx_folder, cache=tmp_path / "cache")
    return tmp_path / "cache" / "fashion-mnist"


def altered(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    return bytes(content)


def test_an_altered_file_beside_the_right_one_is_passed_over_and_named(cache: Path, idx_folder: Path) -> None:
    (cache / LABELS).write_bytes(altered(idx_folder / LABELS))
    notes: list[str] = []
    report = fetch_fashion(cache.parents[1] / "data.npz", cache=cache.parent, mirrors=(), on_note=notes.append)
    assert (report.verified, report.source) == (True, "the cache")
    assert (cache.parents[1] / "data.npz").read_bytes() == (cache.parents[1] / "good.npz").read_bytes()
    assert len(notes) == 1
    assert f"Not read from the cache: {cache / LABELS}: not Fashion-MNIST: sha256" in notes[0]


def test_the_same_in_a_folder_that_is_named(server: str, idx_folder: Path, tmp_path: Path) -> None:
    whole = (idx_folder / LABELS).read_bytes()
    (idx_folder / LABELS).write_bytes(altered(idx_folder / LABELS))
    (idx_folder / f"{LABELS}.gz").write_bytes(gz(whole))
    notes: list[str] = []
    assert fetch(tmp_path / "data.npz", source=idx_folder, cache=tmp_path / "c", on_note=notes.append).verified
    assert notes[0].startswith(f"Passed over: {idx_folder / LABELS}: not Fashion-MNIST")
    (idx_folder / f"{LABELS}.gz").write_bytes(gz((idx_folder / LABELS).read_bytes()))  # none is right: take the first
    assert not fetch(tmp_path / "data.npz", source=idx_folder, cache=tmp_path / "c", on_note=notes.append).verified
    assert len(notes) == 1


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_folder(path: Path) -> None:
    path.mkdir()


def put_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("put", [put_pipe, put_folder, put_device])
def test_what_stands_at_the_place_of_a_file_stays_and_the_download_is_used(server: str, cache: Path, put) -> None:
    place = cache / f"{LABELS}.gz"
    place.unlink()
    put(place)
    kind = stat.S_IFMT(place.lstat().st_mode)
    notes: list[str] = []
    report = fetch_fashion(
        cache.parents[1] / "data.npz",
        dataset="fashion-mnist",
        cache=cache.parent,
        mirrors=[server],
        on_note=notes.append,
    )
    assert (report.verified, report.source) == (True, "a mirror")
    assert Handler.requests == [f"{LABELS}.gz"]
    assert notes[0].startswith(f"Not read from the cache: {place}: is ")
    assert notes[1].startswith(f"Not kept in the cache: {place}: is ")
    assert stat.S_IFMT(place.lstat().st_mode) == kind


def test_a_cache_that_cannot_be_made_does_not_stop_a_download(server: str, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    notes: list[str] = []
    report = fetch_fashion(tmp_path / "data.npz", cache=tmp_path / "cache", mirrors=[server], on_note=notes.append)
    assert (report.verified, report.source) == (True, "a mirror")
    assert len(notes) == 4
    assert "Not kept in the cache: " in notes[0]
    assert "cannot be written (" in notes[0]


def test_a_second_download_waits_for_the_first_and_uses_it(server: str, idx_folder: Path, tmp_path: Path) -> None:
    notes: list[str] = []
    (tmp_path / "cache").mkdir()
    held = files.locked(tmp_path / "cache" / "fashion-mnist")
    held.__enter__()

    def note(line: str) -> None:
        notes.append(line)
        fetch(tmp_path / "first.npz", source=idx_folder, cache=tmp_path / "cache")  # what the first one downloads
        held.__exit__(None, None, None)

    report = fetch_fashion(tmp_path / "data.npz", cache=tmp_path / "cache", mirrors=[server], on_note=note)
    assert report.verified
    assert Handler.requests == []
    assert len(notes) == 1
    assert "fashion-mnist: another run of nn writes it (process " in notes[0]


def test_a_fetch_waits_for_another_one_with_the_same_output(idx_folder: Path, tmp_path: Path) -> None:
    held = files.locked(tmp_path / "data.npz")
    held.__enter__()
    notes: list[str] = []

    def note(line: str) -> None:
        notes.append(line)
        assert not (tmp_path / "data.npz").exists()
        held.__exit__(None, None, None)

    fetch(tmp_path / "data.npz", source=idx_folder, cache=tmp_path / "cache", on_note=note)
    assert len(notes) == 1
    assert "data.npz: another run of nn writes it" in notes[0]
