"""Files of other formats, archives of other programs, and decompression bombs."""

import gzip
import io
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

from torture.hostile.case import Case, case
from torture.hostile.containers import DAMAGED, OTHER, arrays
from torture.hostile.forge import (
    CENTRAL,
    END,
    Member,
    array_npy,
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


def other_format_cases() -> Iterator[Case]:
    """Yield all of these cases."""
    yield from not_archives()
    yield from other_programs()
    yield from bombs()


def not_archives() -> Iterator[Case]:
    """Yield files of other formats."""
    good = small_artifact("dataset")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        file.addfile(tarfile.TarInfo("a.npy"))
    plain = io.BytesIO()
    np.save(plain, np.ones(3))
    for name, blob in {
        "empty": b"",
        "one byte": b"P",
        "html": b"<!DOCTYPE html><html>Log in</html>",
        "pickle": pickle.dumps({"a": [1, 2]}),
        "a plain npy": plain.getvalue(),
        "gzipped": gzip.compress(good, mtime=0),
        "tar": tar.getvalue(),
        "zeros": bytes(4096),
        "png": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "an archive of nothing": end_record(0, 0, 0),
        "a script before it": b"#!/bin/sh\nexit 1\n" + good,
        "a byte order mark before it": b"\xef\xbb\xbf" + good,
    }.items():
        yield case(name, "is empty" if not blob else "begins with", blob)


def other_programs() -> Iterator[Case]:
    """Yield archives of arrays as other programs write them."""
    one = {"a": np.ones(3)}
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, **one)
        yield case(f"numpy.{save.__name__}", OTHER, file.getvalue())
    for method in ("STORED", "DEFLATED", "BZIP2", "LZMA"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", getattr(zipfile, f"ZIP_{method}")) as archive:
            archive.writestr(zipfile.ZipInfo("a.npy"), array_npy("a", np.ones(3), 0), archive.compression)
        yield case(f"zipfile, {method}", DAMAGED if method == "STORED" else OTHER, file.getvalue())
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w") as archive:
        archive.writestr("a/", b"")
    yield case("zipfile, a folder", "unusable name", folder.getvalue())


def bombs() -> Iterator[Case]:
    """Yield files that would take much memory or time: deflated zeros, overlapping members, huge directories."""
    start = npy(npy_header("|u1", f"({3 * GIB},)"))
    yield Case("bomb: 3 GiB of zeros, deflated", OTHER, lambda: _bomb(start, 3 * GIB), heavy=True)
    yield Case("bomb: 3 GiB without a header", OTHER, lambda: _bomb(b"", 3 * GIB), heavy=True)
    yield case("bomb: claims 8 TiB", "another form", one_array(npy_header("<f8", "(1099511627776,)")))
    yield case("bomb: claims 8 GiB", "has 64 bytes where", one_array(npy_header("<f8", "(1073741824,)"), bytes(64)))
    yield Case("bomb: 50 members on one kernel", OTHER, _overlapping, heavy=True)
    yield Case("bomb: 201 members", "more than 200 members", lambda: zipped(_many(201)))
    yield Case("bomb: 60,000 members", "more than 200 members", lambda: zipped(_many(60_000)), heavy=True)
    yield Case("bomb: 1,900,000 entries", f"{DAMAGED}|begins with", _entries_only, heavy=True)
    yield Case(
        "bomb: 96 MB of zeros behind it",
        "bytes too many",
        lambda: small_artifact("dataset") + bytes(96_000_000),
        heavy=True,
    )
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
