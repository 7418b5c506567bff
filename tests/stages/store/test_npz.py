"""The artifact format: what goes in comes out, and nothing else is let in."""

import io
import zipfile

import numpy as np
import pytest
from torture.files.fuzzing import damages

from nndigits.stages.store.npz import ALIGNMENT, FormatError, decode, decode_first, encode

ARRAYS = {
    "images": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    "weights_1": np.linspace(-1, 1, 6).reshape(2, 3),
    "biases_1": np.array([0.5, -0.5], np.float32),
    "empty": np.zeros((0, 28, 28), np.uint8),
    "number": np.array(7, np.int64),
    "flags": np.array([True, False]),
    "turned": np.arange(6.0).reshape(2, 3).T,
    "every_other": np.arange(6)[::2],
    "deep": np.ones((1,) * 8, np.float32),
}


def archive(arrays=ARRAYS) -> bytes:
    return b"".join(encode(arrays))


def test_round_trip_keeps_shape_type_and_bytes() -> None:
    read = decode(archive())
    assert set(read) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
        assert read[name].tobytes() == array.tobytes()
        assert not read[name].flags.writeable or not array.size


def test_numpy_and_zipfile_read_it() -> None:
    with np.load(io.BytesIO(archive()), allow_pickle=False) as read:
        assert set(read.files) == set(ARRAYS)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(read[name], array)
    assert zipfile.ZipFile(io.BytesIO(archive())).testzip() is None


def test_bytes_do_not_depend_on_the_order_in_which_arrays_are_given() -> None:
    assert archive() == archive(dict(reversed(ARRAYS.items())))


def test_arrays_lie_aligned_in_the_file() -> None:
    blob = archive()
    start = np.frombuffer(blob, np.uint8).ctypes.data
    for name, array in decode(blob).items():
        if ARRAYS[name].size:
            assert (array.ctypes.data - start) % ALIGNMENT == 0


def test_every_single_damage_of_a_small_archive_is_refused() -> None:
    blob = archive({"a": np.arange(3, dtype=np.uint8), "b": np.ones((1, 2), np.float32)})
    for damaged in damages(blob):
        with pytest.raises(FormatError):
            decode(damaged)


def test_the_first_member_is_read_and_checked_on_its_own() -> None:
    archive = b"".join(bytes(part) for part in encode({"a": np.arange(3), "b": np.zeros(500)}))
    name, array = decode_first(archive[:600])
    assert name == "a"
    np.testing.assert_array_equal(array, np.arange(3))
    at = archive.index(np.arange(3).tobytes())
    damaged = archive[:at] + b"\1" + archive[at + 1 : 600]
    with pytest.raises(FormatError, match="is damaged"):
        decode_first(damaged)
