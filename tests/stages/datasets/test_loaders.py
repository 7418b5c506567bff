"""Digits in files at hand: every spelling of the names, other sets than MNIST, and what does not belong together."""

from pathlib import Path

import numpy as np
import pytest
from support import write_idx
from torture.files.data_sets import gz, idx_bytes

from nndigits.stages.datasets import idx, loaders
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.fetch import fetch
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError


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
        with pytest.raises(UsageError, match="both read and written by this command"):
            fetch(out, source=source)
    assert images.read_bytes() == before
    fetch(idx_folder / "data.npz", source=idx_folder)


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


def test_a_folder_that_does_not_exist_is_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(loaders.SourceMissing, match="nowhere: no such folder"):
        loaders.from_folder(tmp_path / "nowhere")
