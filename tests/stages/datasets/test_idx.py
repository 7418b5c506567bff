"""The limits of the IDX reader, to the byte."""

import gzip
import tracemalloc

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


@pytest.mark.parametrize("more", [b"", b"x", bytes(2**26)])
def test_a_stream_is_unpacked_as_far_as_its_header_says_without_a_second_copy(more: bytes) -> None:
    size = 15 * 2**20
    packed = gzip.compress(idx.header((size // 2**10, 32, 32)) + bytes(size) + more)
    tracemalloc.start()
    try:
        if more:
            with pytest.raises(idx.IdxError, match="has more"):
                idx.unpack(packed, idx.IMAGES)
        else:
            assert len(idx.unpack(packed, idx.IMAGES)) == 16 + size
        assert tracemalloc.get_traced_memory()[1] < size + 2**22
    finally:
        tracemalloc.stop()
