"""Downloads: mirrors in turn, servers that misbehave, and a cache in which anything may lie."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import with_content_of
from torture.commands.servers import Address, Handler, serving_here
from torture.files.data_sets import gz

from nndigits.stages.datasets import download, registry
from nndigits.stages.datasets.registry import FASHION, MNIST
from nndigits.stages.fetch import FetchReport, fetch
from nndigits.stages.store import files
from nndigits.stages.store.errors import UsageError, WorldError

NAMES = [f"{name}.gz" for name in MNIST.file_names.values()]
LABELS = MNIST.file_names["test_labels"]


@pytest.fixture
def content(idx_folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files of `idx_folder`, gzipped, which the code takes for Fashion-MNIST."""
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, with_content_of(idx_folder, FASHION)))
    monkeypatch.setattr(download, "TIMEOUT", 0.3)
    monkeypatch.setattr(download, "DEADLINE", 30.0)
    return {name: gz((idx_folder / name.removesuffix(".gz")).read_bytes()) for name in NAMES}


@pytest.fixture
def server(content: dict[str, bytes]) -> Iterator[Address]:
    with serving_here(content) as address:
        yield address


@pytest.fixture
def cache(content: dict[str, bytes], tmp_path: Path) -> Path:
    """A cache that has all files."""
    folder = tmp_path / "cache" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name, blob in content.items():
        (folder / name).write_bytes(blob)
    return folder


def fetched(tmp_path: Path, mirrors: list[str], notes: list[str] | None = None, **options) -> FetchReport:
    told = [] if notes is None else notes
    places = {"out": tmp_path / "data.npz", "cache": tmp_path / "cache", **options}
    return fetch(dataset="fashion-mnist", mirrors=mirrors, on_note=told.append, **places)


def test_a_mirror_is_asked_once_and_never_again(server: Address, tmp_path: Path) -> None:
    seen = []
    report = fetched(tmp_path, [server.of("")], on_bytes=lambda *received: seen.append(received))
    assert (report.dataset, report.verified, report.source) == ("fashion-mnist", True, "a mirror")
    assert Handler.requests == NAMES
    assert {name for name, done, total in seen if done == total} == set(NAMES)
    first = (tmp_path / "data.npz").read_bytes()
    assert fetched(tmp_path, [server.of("")]).source == "the cache"
    assert Handler.requests == NAMES
    assert (tmp_path / "data.npz").read_bytes() == first


def test_the_next_mirror_serves_what_the_first_does_not(server: Address, tmp_path: Path) -> None:
    notes: list[str] = []
    assert fetched(tmp_path, ["http://127.0.0.1:1/", server.of("")], notes).verified
    assert len(notes) == 4
    assert "connection refused" in notes[0]


def test_mirrors_that_all_fail_are_told_once_and_by_their_hosts(server: Address, tmp_path: Path) -> None:
    notes: list[str] = []
    mirrors = ["http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/", "http://localhost:1/", server.of("404")]
    with pytest.raises(WorldError) as caught:
        fetched(tmp_path, mirrors, notes, out=tmp_path / "my data.npz", validation=5)
    assert str(caught.value) == (
        "Fashion-MNIST was not found. Tried: the cache; 127.0.0.1:1 and localhost:1 (connection refused), "
        f"{mirrors[3]}/train-images-idx3-ubyte.gz (answers 404). Name a folder of its files: "
        f"`nn fetch --dataset fashion-mnist --from FOLDER --validation 5 -o '{tmp_path / 'my data.npz'}'`"
    )
    assert notes == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("404", "answers 404"),
        ("half a body", "were announced|ends too early"),
        ("half a body, no length", "by its header|cut off"),
        ("one bit changed", "not fashion-mnist: sha256 .* inside, expected"),
        ("HTML under 200", "magic number|too few"),
        ("endless body", "sends more than"),
        ("stall", "timed out"),
        ("headers, a byte now and then", "takes longer than 1 s in all"),  # each byte within the timeout
        ("redirect to ftp://127.0.0.1/x.gz", "redirects to ftp://127.0.0.1/x.gz: is not an http or https address"),
        ("redirect to http://127.0.0.1:1/x.gz", "redirects to http://127.0.0.1:1/x.gz: connection refused"),
        ("redirect to http://127.0.0.1:99999/", "redirects to http://127.0.0.1:99999/: has a port"),
        ("redirect to http://u:secret@127.0.0.1/", r"redirects to http://\.\.\.@127.0.0.1/: has a user"),
        ("another protocol", "does not answer in HTTP"),
    ],
)
def test_a_server_that_misbehaves_leaves_nothing_behind(
    server: Address, tmp_path: Path, fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "DEADLINE", 1.0)
    with pytest.raises(WorldError, match=f"(?i){reason}"):
        fetched(tmp_path, [server.of(fault)])
    assert not (tmp_path / "data.npz").exists()
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_damaged_file_in_the_cache_is_downloaded_again_and_only_that(
    server: Address, cache: Path, tmp_path: Path
) -> None:
    (cache / f"{LABELS}.gz").write_bytes(b"damaged")
    assert fetched(tmp_path, [server.of("")]).verified
    assert Handler.requests == [f"{LABELS}.gz"]


@pytest.mark.parametrize("dataset", [None, "mnist", "digits"])
def test_a_mirror_of_what_is_not_downloaded_is_refused(tmp_path: Path, dataset: str | None) -> None:
    with pytest.raises(UsageError, match="is not downloaded"):
        fetch(tmp_path / "data.npz", dataset=dataset, mirrors=["http://127.0.0.1:1/"])


def altered(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    return bytes(content)


def test_an_altered_file_beside_the_right_one_is_passed_over_and_named(
    cache: Path, idx_folder: Path, tmp_path: Path
) -> None:
    (cache / LABELS).write_bytes(altered(idx_folder / LABELS))
    notes: list[str] = []
    report = fetched(tmp_path, [], notes)
    assert (report.verified, report.source) == (True, "the cache")
    assert len(notes) == 1
    assert f"Not read from the cache: {cache / LABELS}: not Fashion-MNIST: sha256" in notes[0]


def test_the_same_in_a_folder_that_is_named(content: dict[str, bytes], idx_folder: Path, tmp_path: Path) -> None:
    (idx_folder / LABELS).write_bytes(altered(idx_folder / LABELS))
    (idx_folder / f"{LABELS}.gz").write_bytes(content[f"{LABELS}.gz"])
    notes: list[str] = []
    assert fetch(tmp_path / "data.npz", source=idx_folder, cache=tmp_path / "c", on_note=notes.append).verified
    assert notes[0].startswith(f"Passed over: {idx_folder / LABELS}: not Fashion-MNIST")
    (idx_folder / f"{LABELS}.gz").write_bytes(gz((idx_folder / LABELS).read_bytes()))  # none is right: take the first
    assert not fetch(tmp_path / "other.npz", source=idx_folder, cache=tmp_path / "c", on_note=notes.append).verified
    assert len(notes) == 1


@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_stands_at_the_place_of_a_file_stays_and_the_download_is_used(
    server: Address, cache: Path, tmp_path: Path, put
) -> None:
    place = cache / f"{LABELS}.gz"
    place.unlink()
    put(place)
    kind = stat.S_IFMT(place.lstat().st_mode)
    notes: list[str] = []
    report = fetched(tmp_path, [server.of("")], notes)
    assert (report.verified, report.source) == (True, "a mirror")
    assert Handler.requests == [f"{LABELS}.gz"]
    assert notes[0].startswith(f"Not read from the cache: {place}: is ")
    assert notes[1].startswith(f"Not kept in the cache: {place}: is ")
    assert stat.S_IFMT(place.lstat().st_mode) == kind


def test_a_cache_that_cannot_be_made_does_not_stop_a_download(server: Address, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    notes: list[str] = []
    report = fetched(tmp_path, [server.of("")], notes)
    assert (report.verified, report.source) == (True, "a mirror")
    assert len(notes) == 4
    assert "Not kept in the cache: " in notes[0]
    assert "cannot be written (" in notes[0]


@pytest.mark.parametrize("what", ["cache/fashion-mnist", "data.npz"])
def test_a_fetch_waits_for_another_one_with_the_same_cache_or_output(server: Address, tmp_path: Path, what) -> None:
    notes: list[str] = []
    (tmp_path / "cache").mkdir()
    held = files.locked(tmp_path / what)
    held.__enter__()

    def note(line: str) -> None:
        notes.append(line)
        fetched(tmp_path, [server.of("")], out=tmp_path / "first.npz") if what == "data.npz" else None
        assert not (tmp_path / "data.npz").exists()
        held.__exit__(None, None, None)

    fetch(
        tmp_path / "data.npz", dataset="fashion-mnist", mirrors=[server.of("")], cache=tmp_path / "cache", on_note=note
    )
    assert Handler.requests == NAMES
    assert len(notes) == 1
    assert f"{what}: another run of nn writes it (process " in notes[0]
