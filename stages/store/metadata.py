"""The metadata of an artifact: its JSON, and reading it without the arrays.

In an ``.npz`` it is the first member, ``__meta__``; in a ``.json`` file the key ``made``; in a ``.csv`` file the first
line, after ``# ``. The last entry of the metadata of a ``.json`` or ``.csv`` file is ``checksum``: the sha256 of the
whole file, taken while the 64 digits of the checksum itself are zeros.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import ARRAY_KINDS, TEXT_KINDS, check_metadata
from nndigits.stages.store.npz import LOCAL, AnyArray, FormatError, decode_first
from nndigits.stages.store.patterns import SchemaError, check_pattern
from nndigits.stages.store.texts import parse_json

META = "__meta__"
MOST_META = 2**16
"""The most bytes of an ``.npz`` that are read for its metadata, which takes one or two thousand."""

MOST_TEXT, MOST_VALUES = 2**22, 2**18
"""The largest ``.json`` or ``.csv`` file, in bytes and in values. A parsed value takes up to a hundred bytes.

A confusion matrix of 256 classes has 65,536 values, the history of 10,000 epochs 40,000.
"""

FIRST_MEMBER = f"{META}.npy".encode()
KIND = re.compile(rb'"kind": ?"([a-z-]{1,40})"')
MARKS = {
    "table": re.compile(rb"# Classifiers compared on "),
    "page": re.compile(rb'<!doctype html>.{,1000}<meta name="generator" content="nn">', re.DOTALL),
    "model": re.compile(rb"\x08[\x01-\x7f]\x12\x02nn|.{8}\{\"__metadata__\":\{\"nn\":", re.DOTALL),
    "picture": re.compile(rb"\x89PNG.{33}tEXtSoftware\0nn[^ ]", re.DOTALL),
    "figure": re.compile(rb"\x89PNG.{33}tEXtSoftware\0nn figure|<\?xml.{,1500}<cc:Agent>\s*<dc:title>nn<", re.DOTALL),
    "demonstration": re.compile(rb"[a-z-]+: .{1,200}?\bIn\s+the\s+book:\s+chapter\s", re.DOTALL),
}
"""How other files of nn begin: ``compare.md``, ``report.html``, ONNX models (the format's version and the producer) and
safetensors, pictures, figures, and the texts of demonstrations."""

NO_CHECKSUM = "0" * 64
CHECKSUM = re.compile(rb'"checksum": ?"([0-9a-f]{64})"(?:\}\n|\n \}\n\}\n\Z)')
"""The last entry of the metadata: at the end of the first line of a CSV, and of a JSON document."""

TEXT_HINT = "nn writes such files with `nn train` and `nn eval`"

Meta = dict[str, Any]


def load_metadata(path: Path) -> Meta:
    """Read the metadata of an artifact.

    Of an ``.npz``, only the first member is read and checked: damage behind it goes unnoticed.

    Raises
    ------
    InputError
        The file is missing, or has no such metadata.
    """
    if path.suffix == ".npz":
        return _of_arrays(path)
    return of_text(path, read_text(path))


def existing(path: Path) -> Meta:
    """Return the metadata of what an output replaces; nothing if there is no artifact, or only a damaged one."""
    try:
        return load_metadata(path)
    except InputError:
        return {}


def read_text(path: Path) -> bytes:
    """Read a ``.json`` or ``.csv`` file as bytes; raises InputError."""
    text = files.read(path, hint=TEXT_HINT, limit=MOST_TEXT)
    values = sum(map(text.count, (b",", b":", b"[", b"{", b"\n")))
    if values > MOST_VALUES:
        raise InputError(f"{path}: holds about {values:,} values, at most {MOST_VALUES:,} are read. {TEXT_HINT}")
    return text


def of_text(path: Path, text: bytes) -> Meta:
    """Return the metadata in the text of a ``.json`` or ``.csv`` file; raises InputError."""
    try:
        if path.suffix == ".csv":
            if not text.startswith(b"# "):
                raise SchemaError("does not begin with `# {`")
            meta = parse_json(text[2:].partition(b"\n")[0])
        else:
            document = parse_json(text)
            meta = document.get("made") if isinstance(document, dict) else None
        check_pattern(meta, dict)
        described = {name: value for name, value in meta.items() if name != "checksum"}
        check_metadata(described, TEXT_KINDS)
    except SchemaError as error:
        raise InputError(f"{path}: is not a file of figures made by nn ({error}). {TEXT_HINT}") from None
    if "checksum" not in meta or not CHECKSUM.search(text) or with_checksum(text) != text:
        raise InputError(
            f"{path}: was damaged or changed after nn wrote it: its checksum is not that of its content. "
            "Make it again with the command that wrote it"
        )
    return described


def claimed_kind(content: bytes) -> str | None:
    """Return the kind that a file of nn says it is, from its first MOST_TEXT bytes; None if nn did not write it.

    The file may be damaged. The kind is empty where it cannot be read any more.
    """
    if content.startswith(b"{"):  # only .json has its metadata last
        _, made, content = content.rpartition(b'"made": {')
        is_ours = bool(made)
    else:
        is_ours = content.startswith(b'# {"') or (content.startswith(LOCAL) and FIRST_MEMBER in content[:64])
    if is_ours:
        found = KIND.search(content)
        return found[1].decode() if found else ""
    return next((kind for kind, mark in MARKS.items() if mark.match(content)), None)


def made(meta: Meta) -> Meta:
    """Return the metadata of a new ``.json`` file, with zeros for ``with_checksum`` to replace."""
    return {**meta, "checksum": NO_CHECKSUM}


def comment(meta: Meta) -> str:
    """Return the first line of a new ``.csv`` file, with zeros for ``with_checksum`` to replace."""
    return f'# {to_json(meta).decode().removesuffix("}")},"checksum":"{NO_CHECKSUM}"}}\n'


def with_checksum(text: bytes) -> bytes:
    """Return the text of a ``.json`` or ``.csv`` file with its checksum in the place of the digits that are there.

    A text without such a place is returned unchanged.
    """
    found = CHECKSUM.search(text)
    if found is None:
        return text
    before, after = text[: found.start(1)], text[found.end(1) :]
    digest = hashlib.sha256(before + NO_CHECKSUM.encode() + after).hexdigest()
    return before + digest.encode() + after


def _of_arrays(path: Path) -> Meta:
    hint = "Make one with `nn fetch` or `nn train`"
    start = files.read_start(path, MOST_META, hint=hint)
    try:
        if start[:4] != LOCAL:
            raise FormatError("is not an .npz file" if start else "is empty")
        name, array = decode_first(start)
        meta = from_json(array if name == META else None)
        check_metadata(meta, ARRAY_KINDS)
    except (FormatError, SchemaError) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    return meta


def to_json(meta: Meta) -> bytes:
    """Return metadata as the bytes that an artifact stores."""
    return json.dumps(meta, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


def from_json(array: AnyArray | None) -> Meta:
    """Parse the ``__meta__`` member; its JSON must be formatted exactly as ``to_json`` does, or SchemaError."""
    if array is None or array.dtype != np.uint8 or array.ndim != 1:
        raise SchemaError("has no description of itself (was it written by another program?)")
    if len(array) > MOST_META:
        raise SchemaError(f"has a description of {len(array):,} bytes, expected at most {MOST_META:,}")
    text = array.tobytes()
    meta = parse_json(text)
    if not isinstance(meta, dict) or to_json(meta) != text:
        raise SchemaError("has a description that is not written as nn writes it")
    return meta
