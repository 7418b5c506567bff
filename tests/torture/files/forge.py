"""Build archives as nn writes them, except for the one thing that is to be wrong; the checksums are right again."""

import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from small import SMALL

from nndigits.stages.store.npz import ALIGNMENT, NPY, encode

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
FIELDS = ("version", "flags", "method", "time", "date", "crc", "compressed", "size", "name_length", "extra_length")
USUAL: dict[str, Any] = {"extra": b"", "version": 20, "flags": 0, "method": 0, "time": 0, "date": 33}


@dataclass(frozen=True)
class Member:
    """A file in a zip archive. ``local`` and ``central`` override fields of its two headers."""

    name: bytes
    content: bytes
    local: Mapping[str, Any]
    central: Mapping[str, Any]


def member(name: str | bytes, content: bytes, **both: Any) -> Member:
    """Return a member. ``local={...}`` and ``central={...}`` override a field in one of its two headers only."""
    local, central = both.pop("local", {}), both.pop("central", {})
    raw = name.encode() if isinstance(name, str) else name
    return Member(raw, content, {**both, **local}, {**both, **central})


def zipped(
    members: Sequence[Member],
    *,
    offsets: Sequence[int] | None = None,
    comment: bytes = b"",
    end: Mapping[str, int] | None = None,
) -> bytes:
    """Return an archive of these members; ``end`` overrides fields of its end record."""
    body, starts = bytearray(), []
    for one in members:
        starts.append(len(body))
        body += LOCAL + _fields(one, one.local) + _name(one, one.local) + one.local.get("extra", b"") + one.content
    directory = b"".join(
        CENTRAL
        + struct.pack("<H", one.central.get("made_by", 20))
        + _fields(one, one.central)
        + struct.pack(
            "<HHHII",
            len(one.central.get("note", b"")),
            one.central.get("disk", 0),
            one.central.get("internal", 0),
            one.central.get("external", 0),
            start,
        )
        + _name(one, one.central)
        + one.central.get("extra", b"")
        + one.central.get("note", b"")
        for one, start in zip(members, offsets or starts, strict=True)
    )
    return bytes(body) + directory + end_record(len(members), len(directory), len(body), comment, end)


def end_record(
    count: int, length: int, offset: int, comment: bytes = b"", own: Mapping[str, int] | None = None
) -> bytes:
    """Return the record at the end of an archive."""
    usual = {"disk": 0, "first_disk": 0, "here": count, "count": count, "length": length, "offset": offset}
    return END + struct.pack("<HHHHIIH", *{**usual, "comment": len(comment), **(own or {})}.values()) + comment


def npy(text: str | bytes, data: bytes = b"", *, name: str = "a", at: int = 0, magic: bytes = NPY) -> bytes:
    """Return a ``.npy`` file with this header, padded as in a member ``name`` that begins at byte ``at``."""
    raw = text.encode() if isinstance(text, str) else text
    start = at + 30 + len(f"{name}.npy") + 10
    length = len(raw) + 1 + -(start + len(raw) + 1) % ALIGNMENT
    return magic + struct.pack("<H", length) + raw.ljust(length - 1) + b"\n" + data


def npy_header(descr: str, shape: str, fortran: str = "False") -> str:
    """Return the header of a ``.npy`` file, with these texts in it as they are."""
    return f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"


def one_array(text: str | bytes, data: bytes = b"", name: str = "a", magic: bytes = NPY) -> bytes:
    """Return an archive of one array, in which only the header can be wrong."""
    return zipped([member(f"{name}.npy", npy(text, data, name=name, magic=magic))])


def array_npy(name: str, array: np.ndarray, at: int) -> bytes:
    """Return the ``.npy`` file of an array as nn writes it."""
    return npy(npy_header(array.dtype.str, str(array.shape)), array.tobytes(), name=name, at=at)


def as_members(arrays: Mapping[str, np.ndarray]) -> list[Member]:
    """Return the members that nn writes for these arrays."""
    members: list[Member] = []
    at = 0
    for name in sorted(arrays):
        content = array_npy(name, arrays[name], at)
        members.append(member(f"{name}.npy", content))
        at += 30 + len(f"{name}.npy") + len(content)
    return members


def deflated(name: str, content: bytes, **both: Any) -> Member:
    """Return a compressed member."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(content) + packer.flush()
    return member(name, packed, **{"method": 8, "size": len(content), "crc": zlib.crc32(content), **both})


def with_metadata(text: bytes | np.ndarray, arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an artifact with these bytes as its metadata, whatever they are."""
    metadata = np.frombuffer(text, np.uint8) if isinstance(text, bytes) else text
    return b"".join(encode({**arrays, "__meta__": metadata}))


def artifact_bytes(meta: Any, arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an artifact with this metadata, as nn writes it."""
    return with_metadata(to_json(meta), arrays)


def small_artifact(kind: str) -> bytes:
    """Return the small artifact of a kind."""
    return artifact_bytes(*SMALL[kind]())


def to_json(meta: Any) -> bytes:
    """Return metadata as nn writes JSON."""
    return json.dumps(meta, sort_keys=True, separators=(",", ":")).encode()


def _fields(one: Member, own: Mapping[str, Any]) -> bytes:
    length = len(one.content)
    known = {"crc": zlib.crc32(one.content), "compressed": length, "size": length, "name_length": len(_name(one, own))}
    values = {**USUAL, **known, **own}
    values.setdefault("extra_length", len(values["extra"]))
    return struct.pack("<HHHHHIIIHH", *(values[field] for field in FIELDS))


def _name(one: Member, own: Mapping[str, Any]) -> bytes:
    return bytes(own.get("name", one.name))


@dataclass(frozen=True)
class Case:
    """One hostile file.

    Attributes
    ----------
    reason
        A regular expression that the message must match.
    make
        Returns the bytes. They are made when they are needed, because some are large.
    heavy
        Whether making the bytes is slow, or takes much memory.
    """

    name: str
    reason: str
    make: Callable[[], bytes]
    heavy: bool = False


def case(name: str, reason: str, blob: bytes) -> Case:
    """Return a case whose bytes exist already."""
    return Case(name, reason, lambda: blob)
