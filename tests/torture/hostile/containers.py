"""Zip archives that are damaged or inconsistent, or have members that nn never writes."""

from collections.abc import Iterator

import numpy as np
from small import small_dataset

from torture.hostile.case import Case, case
from torture.hostile.forge import (
    CENTRAL,
    END,
    Member,
    array_npy,
    as_members,
    end_record,
    member,
    small_artifact,
    zipped,
)

DAMAGED = "is damaged near"
OTHER = "nn writes its members otherwise"


def container_cases() -> Iterator[Case]:
    """Yield all of these cases."""
    yield from cut_and_joined()
    yield from wrong_end_records()
    yield from wrong_member_headers()
    yield from wrong_names()


def arrays() -> list[Member]:
    """Return the members of a small valid artifact."""
    return as_members(small_dataset()[1])


def changed(**both: object) -> bytes:
    """Return a small artifact whose first member has these header fields."""
    first, *rest = arrays()
    return zipped([member(first.name, first.content, **both), *rest])


def cut_and_joined() -> Iterator[Case]:
    """Yield valid artifacts with bytes missing, added or moved."""
    good = small_artifact("dataset")
    directory = good.index(CENTRAL)
    yield case("the first four bytes", "is cut off", good[:4])
    yield case("half of it", "is cut off", good[: len(good) // 2])
    yield case("no last byte", DAMAGED, good[:-1])
    yield case("no end record", DAMAGED, good[: good.index(END)])
    yield case("no directory", DAMAGED, good[:directory] + good[good.index(END) :])
    yield case("members only", DAMAGED, good[:directory])
    yield case("a byte behind it", "1 bytes too many", good + b"\x00")
    yield case("a megabyte behind it", "1,000,000 bytes too many", good + bytes(1_000_000))
    yield case("itself twice", "bytes too many", good * 2)
    yield case("its members twice", "two members named", good[:directory] * 2)
    header = good.index(b"{'descr'", len(good) // 2)
    yield case("zeros in the middle", "another form", good[:header] + bytes(40) + good[header + 40 :])
    yield case("two bytes swapped", DAMAGED, good[:directory] + good[directory:][::-1])


def wrong_end_records() -> Iterator[Case]:
    """Yield archives whose end record or directory contradicts the members."""
    for name, fields in {
        "counts none": {"here": 0, "count": 0},
        "counts one less": {"here": 5, "count": 5},
        "counts one more": {"here": 7, "count": 7},
        "counts for the 64-bit record": {"here": 65535, "count": 65535},
        "another disk": {"disk": 1},
        "the directory on another disk": {"first_disk": 1},
        "a longer directory": {"length": 2**32 - 1},
        "no directory length": {"length": 0},
        "the directory elsewhere": {"offset": 0},
        "the directory beyond the end": {"offset": 2**32 - 1},
        "a comment that is not there": {"comment": 9},
    }.items():
        yield case(f"end: {name}", DAMAGED, zipped(arrays(), end=fields))
    yield case("end: a comment", f"{DAMAGED}|too many", zipped(arrays(), comment=b"hello"))
    record64 = b"PK\x06\x06" + bytes(52) + b"PK\x06\x07" + bytes(16)
    good = zipped(arrays())
    yield case("end: a 64-bit record", DAMAGED, good[: good.index(END)] + record64 + good[good.index(END) :])
    yield case("directory: all members at 0", DAMAGED, zipped(arrays(), offsets=[0] * 6))
    yield case("directory: another order", DAMAGED, _with_directory(good, list(reversed(_entries(good)))))
    yield case("directory: one missing", DAMAGED, _with_directory(good, _entries(good)[:-1]))
    yield case("directory: one twice", DAMAGED, _with_directory(good, [*_entries(good), _entries(good)[0]]))


def wrong_member_headers() -> Iterator[Case]:
    """Yield archives whose member headers hold values that nn never writes."""
    for name, fields in {
        "an encrypted member": {"flags": 1},
        "lengths behind the data": {"flags": 8},
        "names in UTF-8": {"flags": 2048},
        "a strange method": {"method": 97},
        "deflated, it says": {"method": 8},
        "a later version": {"version": 45},
        "an extra field": {"local": {"extra": b"\x01\x00\x04\x00abcd"}},
        "the length of an extra field that is not there": {"local": {"extra_length": 0xFFFF}},
    }.items():
        yield case(f"member: {name}", OTHER, changed(**fields))
    for name, fields in {
        "a time of day": {"time": 1},
        "a date": {"date": 34},
        "a date of 0": {"date": 0},
        "a wrong checksum": {"crc": 0},
        "a compressed size of 0": {"compressed": 0},
        "a compressed size of 4 GiB": {"compressed": 2**32 - 1},
        "its name elsewhere in the directory": {"central": {"name": b"other.npy"}},
        "a wrong checksum in the directory": {"central": {"crc": 0}},
        "a wrong checksum at the member": {"local": {"crc": 0}},
        "a size in the directory": {"central": {"compressed": 1}},
        "deflated, in the directory": {"central": {"method": 8}},
        "encrypted, in the directory": {"central": {"flags": 1}},
        "written by Unix": {"central": {"made_by": 0x031E}},
        "an executable": {"central": {"external": 0o100755 << 16}},
        "text, it says": {"central": {"internal": 1}},
        "on another disk": {"central": {"disk": 1}},
        "a comment in the directory": {"central": {"note": b"hello"}},
        "an extra field in the directory": {"central": {"extra": b"\x01\x00\x04\x00abcd"}},
    }.items():
        yield case(f"member: {name}", DAMAGED, changed(**fields))
    yield case("member: claims 4 GiB", "is cut off: .* 4,294,967,295 bytes", changed(size=2**32 - 1))
    yield case("member: claims nothing", "in the .npy format", changed(size=0))
    yield case("member: claims a byte less", "has 89 bytes where", changed(size=len(arrays()[0].content) - 1))
    yield case("members: in another order", DAMAGED, zipped(arrays()[::-1]))


def wrong_names() -> Iterator[Case]:
    """Yield archives whose members have names that nn never gives."""
    content = array_npy("a", np.ones(1, np.uint8), 0)
    for name in (
        b"../../evil.npy",
        b"/etc/passwd.npy",
        b"C:\\evil.npy",
        b"a",
        b"a.txt",
        b"A.npy",
        b"a b.npy",
        b"a.npy\n",
        b"\n.npy",
        b"\x1b[31m.npy",
        b"a\x00.npy",
        b"\xff\xfe.npy",
        "naïve.npy".encode(),
        b"1.npy",
        b".npy",
        b"",
        b"a" * 65 + b".npy",
        b"a" * 60_000 + b".npy",
        b"a.npy.exe",
        b"__class__/a.npy",
    ):
        yield case(f"name: {name[:20]!r}, {len(name)} bytes", "unusable name", zipped([member(name, content)]))
    first = arrays()[0]
    yield case("name: a length beyond the file", "unusable name", changed(local={"name_length": 0xFFFF}))
    yield case("name: two members of one", "two members named", zipped([first, first]))
    yield case("name: a program among them", "unusable name", zipped([*arrays(), member("payload.exe", b"MZ")]))


def _entries(blob: bytes) -> list[bytes]:
    return [CENTRAL + entry for entry in blob[blob.index(CENTRAL) : blob.index(END)].split(CENTRAL)[1:]]


def _with_directory(blob: bytes, entries: list[bytes]) -> bytes:
    listing = b"".join(entries)
    start = blob.index(CENTRAL)
    return blob[:start] + listing + end_record(len(entries), len(listing), start)
