"""Files that are no container of nn: damaged, inconsistent, bombs, of other programs; arrays that nn never writes."""

import gzip
import io
import pickle
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np
from small import small_dataset

from torture.files.forge import (
    CENTRAL,
    END,
    Case,
    Member,
    array_npy,
    as_members,
    case,
    deflated,
    end_record,
    member,
    npy,
    npy_header,
    one_array,
    small_artifact,
    zipped,
)

GIB = 2**30
DAMAGED, OTHER, FORM = "is damaged near", "nn writes its members otherwise", "another form"


def cases() -> Iterator[Case]:
    """Yield files whose container or arrays are wrong: no command reads them, whatever kind it expects."""
    yield from not_archives()
    yield from bombs()
    yield from forged_archives()
    yield from forged_members()
    yield from forged_arrays()


def not_archives() -> Iterator[Case]:
    """Yield files of other formats, and archives of arrays as other programs write them."""
    good, plain = small_artifact("dataset"), io.BytesIO()
    np.save(plain, np.ones(3))
    for name, blob in {
        "empty": b"",
        "one byte": b"P",
        "html": b"<!DOCTYPE html><html>Log in</html>",
        "pickle": pickle.dumps({"a": [1, 2]}),
        "a plain npy": plain.getvalue(),
        "gzipped": gzip.compress(good, mtime=0),
        "zeros": bytes(4096),
        "an archive of nothing": end_record(0, 0, 0),
        "a script before it": b"#!/bin/sh\nexit 1\n" + good,
    }.items():
        yield case(name, "begins with" if blob else "is empty", blob)
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, a=np.ones(3))
        yield case(f"numpy.{save.__name__}", OTHER, file.getvalue())
    for method in ("STORED", "LZMA"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", getattr(zipfile, f"ZIP_{method}")) as archive:
            archive.writestr(zipfile.ZipInfo("a.npy"), array_npy("a", np.ones(3), 0), archive.compression)
        yield case(f"zipfile, {method}", DAMAGED if method == "STORED" else OTHER, file.getvalue())


def bombs() -> Iterator[Case]:
    """Yield files that would take much memory or time: deflated zeros, overlapping members, huge directories."""
    start = npy(npy_header("|u1", f"({3 * GIB},)"))
    yield Case("bomb: 3 GiB of zeros, deflated", OTHER, lambda: _bomb(start, 3 * GIB), heavy=True)
    yield case("bomb: claims 8 TiB", FORM, one_array(npy_header("<f8", "(1099511627776,)")))
    yield case("bomb: claims 8 GiB", "has 64 bytes where", one_array(npy_header("<f8", "(1073741824,)"), bytes(64)))
    yield Case("bomb: 50 members on one kernel", OTHER, _overlapping, heavy=True)
    yield Case("bomb: 201 members", "more than 200 members", lambda: zipped(_many(201)))
    yield Case("bomb: 60,000 members", "more than 200 members", lambda: zipped(_many(60_000)), heavy=True)
    yield Case("bomb: 1,900,000 entries", f"{DAMAGED}|begins with", _entries_only, heavy=True)
    behind = lambda: small_artifact("dataset") + bytes(96_000_000)  # noqa: E731
    yield Case("bomb: 96 MB of zeros behind it", "bytes too many", behind, heavy=True)
    nested = zipped([member("a.npy", small_artifact("dataset"))])
    yield case("an archive in the archive", "in the .npy format", nested)


def _bomb(start: bytes, size: int) -> bytes:
    """Return an archive of one deflated member: ``start``, then ``size`` zeros; a thousandth of it on disk."""
    packer = zlib.compressobj(9, wbits=-15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + piece * (size // 2**24) + packer.flush()
    return zipped([member("a.npy", packed, method=8, size=(len(start) + size) % 2**32)])


def _overlapping() -> bytes:
    """Return an archive whose members overlap, so that each expands the same 64 MiB at the end (CVE-2024-0450)."""
    kernel = deflated("z.npy", bytes(2**26))
    body = zipped([kernel]).split(CENTRAL)[0]
    length = 30 + len(kernel.name)
    for number in range(50):
        name = f"m{number}.npy".encode()
        quoted = b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little")
        body = zipped([member(name, quoted + body, method=8)]).split(CENTRAL)[0]
        length = 30 + len(name)
    return body + end_record(50, 0, len(body))


def _many(count: int) -> list[Member]:
    content = array_npy("m00000", np.ones(1, np.uint8), 0)
    return [member(f"m{number:05}.npy", content) for number in range(count)]


def _entries_only() -> bytes:
    """Return an archive of one member and a directory of 1,900,000 entries: 97 MB."""
    one = zipped([arrays()[0]])
    body, directory = one[: one.index(CENTRAL)], one[one.index(CENTRAL) : one.index(END)][:51]
    return body + directory * 1_900_000 + end_record(65535, 0, len(body))


def arrays() -> list[Member]:
    """Return the members of a small valid artifact."""
    return as_members(small_dataset()[1])


def changed(**both: object) -> bytes:
    """Return a small artifact whose first member has these header fields."""
    first, *rest = arrays()
    return zipped([member(first.name, first.content, **both), *rest])


def forged_archives() -> Iterator[Case]:
    """Yield archives with bytes missing or added, or whose directory or end record contradicts the members.

    One of each kind: `fuzzing.py` damages every byte.
    """
    good = small_artifact("dataset")
    directory = good.index(CENTRAL)
    header = good.index(b"{'descr'", len(good) // 2)
    first = arrays()[0]
    for name, reason, blob in (
        ("the first four bytes", "is cut off", good[:4]),
        ("half of it", "is cut off", good[: len(good) // 2]),
        ("no end record", DAMAGED, good[: good.index(END)]),
        ("no directory", DAMAGED, good[:directory] + good[good.index(END) :]),
        ("a byte behind it", "1 bytes too many", good + b"\x00"),
        ("its members twice", "two members named", good[:directory] * 2),
        ("zeros in the middle", FORM, good[:header] + bytes(40) + good[header + 40 :]),
        ("end: counts for the 64-bit record", DAMAGED, zipped(arrays(), end={"here": 65535, "count": 65535})),
        ("end: a comment", f"{DAMAGED}|too many", zipped(arrays(), comment=b"hello")),
        ("directory: all members at 0", DAMAGED, zipped(arrays(), offsets=[0] * 6)),
        ("members: in another order", DAMAGED, zipped(arrays()[::-1])),
        ("members: two of one name", "two members named", zipped([first, first])),
        ("members: a program among them", "unusable name", zipped([*arrays(), member("payload.exe", b"MZ")])),
    ):
        yield case(name, reason, blob)


def forged_members() -> Iterator[Case]:
    """Yield archives whose members have headers or names that nn never writes."""
    for name, reason, fields in (
        ("encrypted", OTHER, {"flags": 1}),
        ("a strange method", OTHER, {"method": 97}),
        ("an extra field", OTHER, {"local": {"extra": b"\x01\x00\x04\x00abcd"}}),
        ("an extra field that is not there", OTHER, {"local": {"extra_length": 0xFFFF}}),
        ("a time of day", DAMAGED, {"time": 1}),
        ("a wrong checksum", DAMAGED, {"crc": 0}),
        ("another name in the directory", DAMAGED, {"central": {"name": b"other.npy"}}),
        ("an executable", DAMAGED, {"central": {"external": 0o100755 << 16}}),
        ("claims 4 GiB", "is cut off: .* 4,294,967,295 bytes", {"size": 2**32 - 1}),
        ("claims nothing", "in the .npy format", {"size": 0}),
        ("claims a byte less", "has 89 bytes where", {"size": len(arrays()[0].content) - 1}),
        ("a name beyond the file", "unusable name", {"local": {"name_length": 0xFFFF}}),
    ):
        yield case(f"member: {name}", reason, changed(**fields))
    content = array_npy("a", np.ones(1, np.uint8), 0)
    for name in (
        b"../../evil.npy",
        b"C:\\evil.npy",
        b"\x1b[31m.npy",
        b"a\x00.npy",
        b"\xff\xfe.npy",
        b"",
        b"a" * 65 + b".npy",
    ):
        yield case(f"name: {name[:20]!r}, {len(name)} bytes", "unusable name", zipped([member(name, content)]))


def forged_arrays() -> Iterator[Case]:
    """Yield members that are no ``.npy`` file as nn writes it, or whose type or shape is none of an artifact."""
    good = npy_header("|u1", "(1,)")
    for name, content in {
        "nothing": b"",
        "a pickle": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.",
        "version 2.0 that claims 4 GiB of header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(118),
    }.items():
        yield case(f"member is {name}", "in the .npy format, version 1.0", zipped([member("a.npy", content)]))
    for text in (  # among them inputs that broke Python's parsers
        "",
        "(" * 9000,
        "{[]: 1}",
        "__import__('os').system('true')",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1, }",
        good + "#",
        good.replace("descr", "désc"),
        "\n" + good,
    ):
        yield case(f"header: {text[:90]!r}", FORM, one_array(text, b"\x01"))
    spaces = good.replace(", 'f", "," + " " * 65_000 + "'f")
    yield case("header: 65,000 spaces inside", FORM, one_array(spaces, b"\x01"))
    yield case("header: other spaces", "is damaged near byte 0", one_array(good.replace("(1,)", "(1, )"), b"\x01"))
    for descr in (">f8", "<c8", "<f2", "|S0", "|V8"):
        yield case(f"type: {descr}", f"of type .{descr[1:]}", one_array(npy_header(descr, "(1,)"), bytes(8)))
    for descr in ("|O", "<M8[ns]", "float64", ""):
        yield case(f"type: {descr!r}", f"{FORM}|of type", one_array(npy_header(descr, "(1,)"), bytes(16)))
    for shape in ("(-1,)", "(True,)", "(1.0,)", "None", "((1,),)", "(1" + "0" * 4400 + ",)"):
        yield case(f"shape: {shape[:24]}", FORM, one_array(npy_header("|u1", shape), b"\x01"))
    for shape, size in {"(2,)": 1, "()": 0, "(9999999999, 9999999999)": 8}.items():
        yield case(f"shape: {shape} on {size} bytes", "where a needs", one_array(npy_header("|u1", shape), bytes(size)))
    yield case("shape: 9 dimensions", "9 dimensions", one_array(npy_header("|u1", "(" + "1, " * 8 + "1)"), b"\x01"))
    empty = "(0, 9999999999, 9999999999, 9999999999)"
    yield case("shape: nothing, impossibly long", "impossible shape", one_array(npy_header("|u1", empty)))
    yield case("shape: column after column", FORM, one_array(npy_header("|u1", "(2, 3)", "True"), bytes(6)))
