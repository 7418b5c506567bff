"""Where digits come from: files of every spelling, other sets than MNIST, servers that misbehave."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mirror import Handler, gz, serving
from support import with_content_of, write_idx

from nndigits.stages.datasets import idx, loaders, registry
from nndigits.stages.datasets.registry import FASHION, MNIST
from nndigits.stages.downloads import download
from nndigits.stages.fetch import fetch
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError, WorldError

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def idx_bytes(array: np.ndarray = IMAGES) -> bytes:
    return idx.header(array.shape) + array.tobytes()


def test_a_gzip_file_of_many_pieces_is_read_whole_and_refused_cut_anywhere() -> None:
    images = np.random.default_rng(0).integers(0, 256, (300, 28, 28), dtype=np.uint8)  # does not compress
    data = gz(idx_bytes(images))
    assert len(data) > 3 * idx.CHUNK
    np.testing.assert_array_equal(idx.parse(idx.unpack(data, idx.IMAGES), idx.IMAGES), images)
    for length, reason in ((idx.CHUNK, "should have"), (2 * idx.CHUNK + 1, "should have"), (len(data) - 1, "cut off")):
        with pytest.raises(idx.IdxError, match=reason):
            idx.unpack(data[:length], idx.IMAGES)
    for behind in (b"x", bytes(2 * idx.CHUNK)):
        with pytest.raises(idx.IdxError, match=f"with {len(behind):,} bytes behind its end"):
            idx.unpack(data + behind, idx.IMAGES)


def test_a_folder_of_another_set_is_taken_under_its_own_name(idx_folder: Path, tmp_path: Path) -> None:
    report = fetch(tmp_path / "data.npz", source=idx_folder)
    assert (report.dataset, report.verified, report.image) == ("my-digits", False, (5, 4))
    assert (report.train, report.validation, report.test) == (50, 10, 20)  # a sixth of 60 is set apart
    data = artifacts.load(tmp_path / "data.npz", "dataset")
    assert data.meta["dataset"]["name"] == "my-digits"
    assert not data.meta["dataset"]["verified"]
    whole = loaders.from_folder(idx_folder)
    np.testing.assert_array_equal(data.arrays["validation_images"], whole.train_images[-10:])
    np.testing.assert_array_equal(data.arrays["train_labels"], whole.train_labels[:-10])


@pytest.mark.parametrize(
    "spelling", ["train-images.idx3-ubyte", "train-images.idx3-ubyte.gz", "train-images-idx3-ubyte.gz"]
)
def test_every_spelling_of_the_names_is_found(idx_folder: Path, spelling: str) -> None:
    plain = idx_folder / MNIST.file_names["train_images"]
    data = plain.read_bytes()
    plain.unlink()
    (idx_folder / spelling).write_bytes(gz(data) if spelling.endswith(".gz") else data)
    assert len(loaders.from_folder(idx_folder).train_images) == 60


def test_files_that_do_not_belong_together_are_refused(idx_folder: Path) -> None:
    write_idx(idx_folder / MNIST.file_names["train_labels"], np.zeros(59))
    with pytest.raises(InputError, match="60 train images and 59 train labels"):
        loaders.from_path(idx_folder)
    (idx_folder / MNIST.file_names["train_labels"]).unlink()
    with pytest.raises(InputError, match="has no train-labels-idx1-ubyte"):
        loaders.from_path(idx_folder)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_keras_style_npz_gives_the_same_set(idx_folder: Path, tmp_path: Path, save) -> None:
    whole = loaders.from_folder(idx_folder)
    save(
        tmp_path / "some.npz",
        x_train=whole.train_images,
        y_train=whole.train_labels,
        x_test=whole.test_images,
        y_test=whole.test_labels,
    )
    other = loaders.from_path(tmp_path / "some.npz")
    assert other.name == "some"
    assert other.sha256 == whole.sha256


def test_the_books_pickle_is_refused_with_the_reason_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pickle, which can run any program") as caught:
        loaders.from_path(tmp_path / "mnist.pkl.gz")
    assert "MNIST comes with nn, `nn fetch`" in str(caught.value)


@pytest.mark.parametrize("apart", [60, 10**30])
def test_validation_beyond_what_there_is_is_refused(idx_folder: Path, tmp_path: Path, apart: int) -> None:
    with pytest.raises(UsageError, match="expected 0 to 59"):
        fetch(tmp_path / "data.npz", source=idx_folder, validation=apart)
    assert not (tmp_path / "data.npz").exists()


def test_what_is_read_is_not_written_over(idx_folder: Path, tmp_path: Path) -> None:
    images = idx_folder / MNIST.file_names["train_images"]
    before = images.read_bytes()
    for source, out in ((idx_folder, images), (tmp_path / "some.npz", tmp_path / "some.npz")):
        with pytest.raises(UsageError, match="is a file that this command reads"):
            fetch(out, source=source)
    assert images.read_bytes() == before
    fetch(idx_folder / "data.npz", source=idx_folder)


def test_a_known_set_that_was_read_once_is_in_the_cache(idx_folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, with_content_of(idx_folder, FASHION)))
    cache = tmp_path / "cache"
    fetch(tmp_path / "first.npz", source=idx_folder, cache=cache)
    again = fetch(tmp_path / "again.npz", dataset="fashion-mnist", cache=cache, mirrors=())
    assert (again.dataset, again.source) == ("fashion-mnist", "the cache")
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


@pytest.fixture
def server(idx_folder: Path, monkeypatch) -> Iterator[str]:
    """A mirror of `idx_folder`, which the code takes for Fashion-MNIST."""
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, with_content_of(idx_folder, FASHION)))
    monkeypatch.setattr(download, "TIMEOUT", 0.3)
    monkeypatch.setattr(download, "DEADLINE", 30.0)
    with serving({f"{name}.gz": gz((idx_folder / name).read_bytes()) for name in MNIST.file_names.values()}) as address:
        yield address


def test_a_mirror_is_asked_once_and_never_again(server: str, tmp_path: Path) -> None:
    seen = []
    report = fetch(
        tmp_path / "data.npz",
        dataset="fashion-mnist",
        cache=tmp_path / "cache",
        mirrors=[server],
        on_bytes=lambda name, done, total: seen.append((name, done, total)),
    )
    assert (report.dataset, report.verified, report.source) == ("fashion-mnist", True, "a mirror")
    assert Handler.requests == [f"{name}.gz" for name in MNIST.file_names.values()]
    assert {name for name, done, total in seen if done == total} == set(Handler.requests)
    again = fetch(tmp_path / "again.npz", dataset="fashion-mnist", cache=tmp_path / "cache", mirrors=[server])
    assert again.source == "the cache"
    assert len(Handler.requests) == 4
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "data.npz").read_bytes()


def test_the_next_mirror_serves_what_the_first_does_not(server: str, tmp_path: Path) -> None:
    notes: list[str] = []
    report = fetch(
        tmp_path / "data.npz",
        dataset="fashion-mnist",
        cache=tmp_path / "cache",
        mirrors=["http://127.0.0.1:1/", server],
        on_note=notes.append,
    )
    assert report.verified
    assert len(notes) == 4
    assert "connection refused" in notes[0]


def test_mirrors_that_all_fail_are_told_once_and_by_their_hosts(server: str, tmp_path: Path) -> None:
    notes: list[str] = []
    dead = ["http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/", "http://localhost:1/"]
    Handler.fault = "404"
    with pytest.raises(WorldError) as caught:
        fetch(
            tmp_path / "my data.npz",
            dataset="fashion-mnist",
            cache=tmp_path / "cache",
            mirrors=[*dead, server],
            validation=5,
            on_note=notes.append,
        )
    assert str(caught.value) == (
        "Fashion-MNIST was not found. Tried: the cache; 127.0.0.1:1 and localhost:1 (connection refused), "
        f"{server}/train-images-idx3-ubyte.gz (answers 404). Name a folder of its files: "
        f"`nn fetch --dataset fashion-mnist --from FOLDER --validation 5 -o '{tmp_path / 'my data.npz'}'`"
    )
    assert notes == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("404", "answers 404"),
        ("short", "were announced|ends too early"),
        ("short, no length", "by its header"),
        ("tampered", "damaged|not fashion"),
        ("html", "magic number|too few"),
        ("endless", "sends more than"),
        ("stall", "timed out"),
        ("drip", "takes longer than 1 s in all"),  # bytes of a header, each within the timeout
        ("redirect", r"redirects to ftp://127.0.0.1/\S*: is not an http or https address"),
        ("redirect to http://127.0.0.1:1/x", "redirects to http://127.0.0.1:1/x: connection refused"),
        ("redirect to http://127.0.0.1:99999/", "redirects to http://127.0.0.1:99999/: has a port"),
        ("redirect to http://u:secret@127.0.0.1/", r"redirects to http://\.\.\.@127.0.0.1/: has a user"),
        ("other protocol", "does not answer in HTTP"),
    ],
)
def test_a_server_that_misbehaves_leaves_nothing_behind(
    server: str, tmp_path: Path, fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Handler.fault = fault
    if fault == "drip":
        monkeypatch.setattr(download, "DEADLINE", 1.0)
    with pytest.raises(WorldError, match=f"(?i){reason}"):
        fetch(tmp_path / "data.npz", dataset="fashion-mnist", cache=tmp_path / "cache", mirrors=[server])
    assert not (tmp_path / "data.npz").exists()
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_damaged_file_in_the_cache_is_downloaded_again_and_only_that(server: str, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", dataset="fashion-mnist", cache=tmp_path / "cache", mirrors=[server])
    Handler.requests.clear()
    (tmp_path / "cache" / "fashion-mnist" / f"{MNIST.file_names['test_labels']}.gz").write_bytes(b"damaged")
    assert fetch(tmp_path / "data.npz", dataset="fashion-mnist", cache=tmp_path / "cache", mirrors=[server]).verified
    assert Handler.requests == [f"{MNIST.file_names['test_labels']}.gz"]


def test_mnist_comes_with_nn_and_is_known_whatever_it_is_wrapped_in(tmp_path: Path) -> None:
    whole = loaders.mnist()
    assert (whole.name, whole.known) == ("mnist", MNIST)
    np.savez(
        tmp_path / "renamed.npz",
        x_train=whole.train_images,
        y_train=whole.train_labels,
        x_test=whole.test_images,
        y_test=whole.test_labels,
    )
    report = fetch(tmp_path / "data.npz", source=tmp_path / "renamed.npz", dataset="mnist")
    assert (report.dataset, report.train, report.validation, report.test) == ("mnist", 50_000, 10_000, 10_000)
    fetch(tmp_path / "usual.npz")
    assert (tmp_path / "usual.npz").read_bytes() == (tmp_path / "data.npz").read_bytes()


def test_damaged_files_of_nn_itself_are_named(idx_folder: Path, tmp_path: Path, monkeypatch) -> None:
    for folder, why in ((idx_folder, "is not MNIST"), (tmp_path / "none", "no such folder")):
        monkeypatch.setattr(loaders, "MNIST_FOLDER", folder)
        with pytest.raises(InputError, match=f"{why}.* Install nn again"):
            fetch(tmp_path / "data.npz")


@pytest.mark.parametrize("dataset", [None, "mnist", "digits"])
def test_a_mirror_of_what_is_not_downloaded_is_refused(tmp_path: Path, dataset: str | None) -> None:
    with pytest.raises(UsageError, match="is not downloaded"):
        fetch(tmp_path / "data.npz", dataset=dataset, mirrors=["http://127.0.0.1:1/"])


def test_a_folder_that_does_not_exist_is_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(loaders.SourceMissing, match="nowhere: no such folder"):
        loaders.from_folder(tmp_path / "nowhere")
