"""The limits of the IDX reader, and of a Keras-style archive, to the byte."""

import gzip
import zlib

import numpy as np
import pytest
from torture.foreign import IMAGES, LABELS
from torture.forge import array_npy, deflated, member, zipped

from nn.stages import idx, keras
from nn.stages.npz import NotOurs
from nn.stages.readers import KERAS

NAMES = tuple(KERAS.values())


@pytest.mark.parametrize("shape", [(1, 4096, 4096), (5000, 1, 1), (65_535, 256, 256)])
def test_the_largest_shapes(shape: tuple[int, ...]) -> None:
    assert idx.header_shape(idx.header(shape), idx.IMAGES) == shape


@pytest.mark.parametrize("shape", [(1, 1, 4097), (1, 4097, 1), (65_536, 256, 256)])
def test_shapes_beyond_the_largest(shape: tuple[int, ...]) -> None:
    with pytest.raises(idx.NotIdx, match="more than is read"):
        idx.header_shape(idx.header(shape), idx.IMAGES)


def test_the_magic_number_that_is_expected_is_said() -> None:
    with pytest.raises(idx.NotIdx, match=r"magic number 2049, expected 2051 \(3 dimensions"):
        idx.header_shape(idx.header((20,)) + bytes(20), idx.IMAGES)


@pytest.mark.parametrize(("length", "packed"), [(2**26, 1), (100 * 2**20, 2**20)])
def test_how_far_something_may_unfold(length: int, packed: int) -> None:
    idx.check_unfolds(length, packed)
    with pytest.raises(idx.NotIdx, match="would unfold"):
        idx.check_unfolds(length + 1, packed)


def test_a_stream_is_unpacked_to_one_byte_more_than_its_header_and_no_further(monkeypatch) -> None:
    unpacked: list[int] = []

    class Counting:
        def __init__(self) -> None:
            self.stream = zlib.decompressobj(31)

        def decompress(self, data: bytes, most: int) -> bytes:
            piece = self.stream.decompress(data, most)
            unpacked.append(len(piece))
            return piece

        eof = property(lambda self: self.stream.eof)
        unused_data = property(lambda self: self.stream.unused_data)

    images = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)  # several pieces: does not compress
    content = idx.header(images.shape) + images.tobytes()
    monkeypatch.setattr(idx, "_inflater", Counting)
    for more in (b"x", bytes(10**6), images.tobytes()):
        unpacked.clear()
        with pytest.raises(idx.NotIdx, match="has more"):
            idx.unpack(gzip.compress(content + more), idx.IMAGES)
        assert sum(unpacked) == 16 + len(content) + 1  # the header alone, first
    assert bytes(idx.unpack(gzip.compress(content), idx.IMAGES)) == content


def keras_archive(**end: int) -> bytes:
    members = [deflated(f"{name}.npy", array_npy(name, LABELS if name[0] == "y" else IMAGES, 0)) for name in NAMES]
    return zipped([member("notes.txt", b"hello"), *members], comment=b"of another program", end=end)


def test_a_keras_style_archive_may_have_other_members_and_a_comment() -> None:
    found = keras.arrays(keras_archive(), KERAS)
    assert {KERAS[key]: array.tolist() for key, array in found.items()} == {
        name: (LABELS if name[0] == "y" else IMAGES).tolist() for name in NAMES
    }
    for key, array in found.items():
        assert array.dtype == np.uint8, key


@pytest.mark.parametrize(("others", "fits"), [(60, True), (61, False)])
def test_a_keras_style_archive_has_at_most_64_members(others: int, fits: bool) -> None:
    arrays = [member(f"{name}.npy", array_npy(name, LABELS, 0)) for name in NAMES]
    blob = zipped([*arrays, *(member(f"{number}.txt", b"") for number in range(others))])
    if fits:
        assert len(keras.arrays(blob, KERAS)) == 4
    else:
        with pytest.raises(NotOurs, match="a directory of 65 entries"):
            keras.arrays(blob, KERAS)


@pytest.mark.parametrize("comment", [0, 65_535])
def test_a_comment_of_any_length_is_passed_over(comment: int) -> None:
    arrays = [member(f"{name}.npy", array_npy(name, LABELS, 0)) for name in NAMES]
    assert len(keras.arrays(zipped(arrays, comment=b"x" * comment), KERAS)) == 4


def test_a_keras_style_archive_cut_anywhere_is_refused() -> None:
    blob = zipped([deflated(f"{name}.npy", array_npy(name, LABELS, 0)) for name in NAMES])
    for length in range(len(blob)):
        with pytest.raises((NotOurs, idx.NotIdx)):
            keras.arrays(blob[:length], KERAS)
