"""The artifact format: what goes in comes out, and nothing else is let in."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
from torture.exhaustive import damages

from nn.stages.npz import ALIGNMENT, NotOurs, decode, encode

ARRAYS = {
    "images": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    "weights_1": np.linspace(-1, 1, 6).reshape(2, 3),
    "biases_1": np.array([0.5, -0.5], np.float32),
    "empty": np.zeros((0, 28, 28), np.uint8),
    "number": np.array(7, np.int64),
    "flags": np.array([True, False]),
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
        with pytest.raises(NotOurs):
            decode(damaged)


def forged(header: str, data: bytes = b"", name: str = "a.npy") -> bytes:
    """One member whose checksums are right, whatever its header says."""
    text = header.encode() + b"\n"
    member = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zlib.crc32(member), len(member), len(member), len(name), 0)
    central = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    local = b"PK\x03\x04" + fields + name.encode() + member
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def described(descr: str, shape: str, fortran: str = "False") -> str:
    return f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        (forged(described("<f8", "(1099511627776,)")), "another form"),
        (forged(described("<f8", "(1073741824,)"), bytes(64)), "has 64 bytes where a needs shape"),
        (forged(described("<f8", "(2,)"), bytes(64)), "has 64 bytes where a needs shape"),
        (forged(described("|V0", "(9,)")), "type |V0"),
        (forged(described("|S0", "(9,)")), "type |S0"),
        (forged(described("|O", "(1,)"), bytes(8)), "another form"),
        (forged(described(">f8", "(1,)"), bytes(8)), "type >f8"),
        (forged(described("<c8", "(1,)"), bytes(8)), "type <c8"),
        (forged(described("<f8", "(1,)", "True"), bytes(8)), "another form"),
        (forged(described("<f8", "(-1,)"), bytes(8)), "another form"),
        (forged(described("<f8", "(True,)"), bytes(8)), "another form"),
        (forged(described("|u1", "(" + "1, " * 9 + ")"), bytes(1)), "9 dimensions"),
        (forged(described("|u1", "(0, 9999999999, 9999999999, 9999999999)")), "impossible shape"),
        (forged("[" * 2000), "another form"),
        (forged("---1"), "another form"),
        (forged(described("|u1", "(1,)"), bytes(1), "../evil.npy"), "unusable name"),
        (forged(described("|u1", "(1,)"), bytes(1), "a.txt"), "unusable name"),
        (forged(described("|u1", "(1,)"), bytes(1)), "damaged near byte 0"),  # not padded as we pad
        (archive() + b"\x00", "1 bytes too many"),
        (archive()[: len(archive()) // 2], "cut off"),
        (b"", "damaged near its end"),
        (archive()[:10], "cut off"),
    ],
)
def test_refused_with_the_reason(blob: bytes, reason: str) -> None:
    with pytest.raises(NotOurs, match=reason.replace("|", r"\|").replace("(", r"\(")):
        decode(blob)


def test_archives_of_other_programs_are_refused() -> None:
    for write in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        write(file, a=np.ones(3))
        with pytest.raises(NotOurs):
            decode(file.getvalue())


def test_two_members_of_one_name_are_refused() -> None:
    one = archive({"a": np.ones(3, np.uint8)})
    local = one[: one.index(b"PK\x01\x02")]
    with pytest.raises(NotOurs, match="two members named a"):
        decode(local + one)
