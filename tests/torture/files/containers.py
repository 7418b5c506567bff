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
    yield from cut_and_joined()
    yield from wrong_end_records()
    yield from wrong_members()
    yield from wrong_names()
    yield from wrong_headers()
    yield from wrong_types_and_shapes()


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


def cut_and_joined() -> Iterator[Case]:
    """Yield valid artifacts with bytes missing, added or moved."""
    good = small_artifact("dataset")
    directory = good.index(CENTRAL)
    header = good.index(b"{'descr'", len(good) // 2)
    yield case("the first four bytes", "is cut off", good[:4])
    yield case("half of it", "is cut off", good[: len(good) // 2])
    yield case("no last byte", DAMAGED, good[:-1])
    yield case("no end record", DAMAGED, good[: good.index(END)])
    yield case("no directory", DAMAGED, good[:directory] + good[good.index(END) :])
    yield case("a byte behind it", "1 bytes too many", good + b"\x00")
    yield case("itself twice", "bytes too many", good * 2)
    yield case("its members twice", "two members named", good[:directory] * 2)
    yield case("zeros in the middle", FORM, good[:header] + bytes(40) + good[header + 40 :])


def wrong_end_records() -> Iterator[Case]:
    """Yield archives whose end record or directory contradicts the members."""
    for name, fields in {
        "counts one less": {"here": 5, "count": 5},
        "counts one more": {"here": 7, "count": 7},
        "counts for the 64-bit record": {"here": 65535, "count": 65535},
        "another disk": {"disk": 1},
        "a longer directory": {"length": 2**32 - 1},
        "the directory elsewhere": {"offset": 0},
        "a comment that is not there": {"comment": 9},
    }.items():
        yield case(f"end: {name}", DAMAGED, zipped(arrays(), end=fields))
    yield case("end: a comment", f"{DAMAGED}|too many", zipped(arrays(), comment=b"hello"))
    yield case("directory: all members at 0", DAMAGED, zipped(arrays(), offsets=[0] * 6))
    good = zipped(arrays())
    entries = [CENTRAL + entry for entry in good[good.index(CENTRAL) : good.index(END)].split(CENTRAL)[1:]]
    for name, other in {
        "another order": entries[::-1],
        "one missing": entries[:-1],
        "one twice": [*entries, entries[0]],
    }.items():
        listing, start = b"".join(other), good.index(CENTRAL)
        blob = good[:start] + listing + end_record(len(other), len(listing), start)
        yield case(f"directory: {name}", DAMAGED, blob)


def wrong_members() -> Iterator[Case]:
    """Yield archives whose member headers hold values that nn never writes."""
    for name, fields in {
        "an encrypted member": {"flags": 1},
        "a strange method": {"method": 97},
        "deflated, it says": {"method": 8},
        "a later version": {"version": 45},
        "an extra field": {"local": {"extra": b"\x01\x00\x04\x00abcd"}},
        "the length of an extra field that is not there": {"local": {"extra_length": 0xFFFF}},
    }.items():
        yield case(f"member: {name}", OTHER, changed(**fields))
    for name, fields in {
        "a time of day": {"time": 1},
        "a date of 0": {"date": 0},
        "a wrong checksum": {"crc": 0},
        "a compressed size of 4 GiB": {"compressed": 2**32 - 1},
        "its name elsewhere in the directory": {"central": {"name": b"other.npy"}},
        "a wrong checksum in the directory": {"central": {"crc": 0}},
        "a wrong checksum at the member": {"local": {"crc": 0}},
        "a size in the directory": {"central": {"compressed": 1}},
        "an executable": {"central": {"external": 0o100755 << 16}},
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
        b"C:\\evil.npy",
        b"a.txt",
        b"A.npy",
        b"a.npy\n",
        b"\x1b[31m.npy",
        b"a\x00.npy",
        b"\xff\xfe.npy",
        b"1.npy",
        b".npy",
        b"",
        b"a" * 65 + b".npy",
        b"a" * 60_000 + b".npy",
    ):
        yield case(f"name: {name[:20]!r}, {len(name)} bytes", "unusable name", zipped([member(name, content)]))
    first = arrays()[0]
    yield case("name: a length beyond the file", "unusable name", changed(local={"name_length": 0xFFFF}))
    yield case("name: two members of one", "two members named", zipped([first, first]))
    yield case("name: a program among them", "unusable name", zipped([*arrays(), member("payload.exe", b"MZ")]))


def wrong_headers() -> Iterator[Case]:
    """Yield members that are no ``.npy`` file of version 1.0, or whose header is not the dictionary that nn writes."""
    good = npy_header("|u1", "(1,)")
    for name, content in {
        "nothing": b"",
        "a pickle": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.",
        "the magic alone": b"\x93NUMPY",
        "another magic": npy(good, b"\x01", magic=b"\x93NUMPZ\x01\x00"),
        "version 2.0 that claims 4 GiB of header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(118),
        "version 3.0": npy(good, b"\x01", magic=b"\x93NUMPY\x03\x00"),
    }.items():
        yield case(f"member is {name}", "in the .npy format, version 1.0", zipped([member("a.npy", content)]))
    for name, content in {
        "no header length": b"\x93NUMPY\x01\x00",
        "a header of length 0": b"\x93NUMPY\x01\x00\x00\x00",
        "a header beyond its end": b"\x93NUMPY\x01\x00\xff\xff" + good.encode() + b"\n",
    }.items():
        yield case(f"member has {name}", FORM, zipped([member("a.npy", content)]))
    for text in (  # among them inputs that broke Python's parsers
        "",
        "{}",
        "---" * 200 + "1",
        "'''",
        "(" * 9000,
        "{[]: 1}",
        "__import__('os').system('true')",
        "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1, }",
        "{'shape': (1,), 'fortran_order': False, 'descr': '|u1', }",
        good + "#",
        good + "\x00",
        good.replace("descr", "désc"),
        "\n" + good,
    ):
        yield case(f"header: {text[:90]!r}", FORM, one_array(text, b"\x01"))
    yield case("header: not UTF-8", FORM, one_array(b"\xff\xfe" + good.encode(), b"\x01"))
    spaces = good.replace(", 'f", "," + " " * 65_000 + "'f")
    yield case("header: 65,000 spaces inside", FORM, one_array(spaces, b"\x01"))
    line = good.encode() + b"\n"
    loose = b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + b"\x01"
    yield case("header: not padded", "is damaged near byte 0", zipped([member("a.npy", loose)]))
    yield case("header: other spaces", "is damaged near byte 0", one_array(good.replace("(1,)", "(1, )"), b"\x01"))


def wrong_types_and_shapes() -> Iterator[Case]:
    """Yield arrays of types that nn does not write, and of shapes that overflow, are none, or do not match the data."""
    for descr in (">f8", "<c8", "<f2", "<u8", "|i1", "|S0", "|V8", "<U1"):
        yield case(f"type: {descr}", f"of type .{descr[1:]}", one_array(npy_header(descr, "(1,)"), bytes(8)))
    for descr in ("|O", "<f16", "<M8[ns]", "=f8", "float64", "<i99", ""):
        yield case(f"type: {descr!r}", f"{FORM}|of type", one_array(npy_header(descr, "(1,)"), bytes(16)))
    struct = "{'descr': [('a', '<f8'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }"
    yield case("type: a record", FORM, one_array(struct, bytes(16)))
    for shape in ("(-1,)", "(True,)", "(1.0,)", "(0x1,)", "1", "None", "('1',)", "((1,),)", "(1" + "0" * 4400 + ",)"):
        yield case(f"shape: {shape[:24]}", FORM, one_array(npy_header("|u1", shape), b"\x01"))
    for shape, size in {"(2,)": 1, "(1,)": 2, "()": 0, "(0,)": 1, "(9999999999, 9999999999)": 8, "(3, 4)": 11}.items():
        yield case(f"shape: {shape} on {size} bytes", "where a needs", one_array(npy_header("|u1", shape), bytes(size)))
    yield case("shape: 9 dimensions", "9 dimensions", one_array(npy_header("|u1", "(" + "1, " * 8 + "1)"), b"\x01"))
    empty = "(0, 9999999999, 9999999999, 9999999999)"
    yield case("shape: nothing, impossibly long", "impossible shape", one_array(npy_header("|u1", empty)))
    fortran = np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    yield case("shape: column after column", FORM, one_array(npy_header("|u1", "(2, 3)", "True"), fortran.tobytes("F")))
    yield case("shape: order as a number", FORM, one_array(npy_header("|u1", "(1,)", "0"), b"\x01"))
