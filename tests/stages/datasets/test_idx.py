"""The limits of the IDX reader, to the byte."""

import gzip
import tracemalloc
import zlib

import numpy as np
import pytest

from nndigits.stages.datasets import idx


@pytest.mark.parametrize("shape", [(1, 512, 512), (1, 4096, 64), (5000, 1, 1), (65_535, 256, 256)])
def test_the_largest_shapes(shape: tuple[int, ...]) -> None:
    assert idx.header_shape(idx.header(shape), idx.IMAGES) == shape


@pytest.mark.parametrize("shape", [(1, 1, 4097), (1, 4097, 1), (1, 512, 513), (65_536, 256, 256)])
def test_shapes_beyond_the_largest(shape: tuple[int, ...]) -> None:
    with pytest.raises(idx.IdxError, match="more than is read"):
        idx.header_shape(idx.header(shape), idx.IMAGES)


def test_the_magic_number_that_is_expected_is_said() -> None:
    with pytest.raises(idx.IdxError, match=r"magic number 2049, expected 2051 \(3 dimensions"):
        idx.header_shape(idx.header((20,)) + bytes(20), idx.IMAGES)


@pytest.mark.parametrize(("length", "packed"), [(2**24, 1), (100 * 2**20, 2**20)])
def test_how_far_something_may_unfold(length: int, packed: int) -> None:
    idx.check_ratio(length, packed)
    with pytest.raises(idx.IdxError, match="would unpack"):
        idx.check_ratio(length + 1, packed)


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
        unconsumed_tail = property(lambda self: self.stream.unconsumed_tail)

    images = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)  # several pieces: does not compress
    content = idx.header(images.shape) + images.tobytes()
    monkeypatch.setattr(idx, "_decompressor", Counting)
    for more in (b"x", bytes(10**6), images.tobytes()):
        unpacked.clear()
        with pytest.raises(idx.IdxError, match="has more"):
            idx.unpack(gzip.compress(content + more), idx.IMAGES)
        assert sum(unpacked) == 16 + len(content) + 1  # the header alone, first
    assert bytes(idx.unpack(gzip.compress(content), idx.IMAGES)) == content


@pytest.mark.parametrize("more", [b"", b"x", bytes(10**6)])
def test_a_dense_stream_takes_no_second_copy_whether_it_fits_or_not(more: bytes) -> None:
    size = 15 * 2**20
    packed = gzip.compress(idx.header((size // 2**10, 32, 32)) + bytes(size) + more)
    tracemalloc.start()
    try:
        if more:
            with pytest.raises(idx.IdxError, match="has more"):
                idx.unpack(packed, idx.IMAGES)
        else:
            assert len(idx.unpack(packed, idx.IMAGES)) == 16 + size
        assert tracemalloc.get_traced_memory()[1] < size + 4 * idx.PIECE
    finally:
        tracemalloc.stop()
