"""Reading and writing artifacts, the files that stages pass on to each other.

Every artifact contains metadata: its kind, parameters, the hashes of its inputs, and versions. Nothing in it depends on
the clock, the machine's name or the folder. ``artifacts/README.md`` describes the formats.
"""

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.stages.store import environment, files, metadata
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import FORMAT, KINDS, TEXT_FORMAT, TEXT_KINDS, check, title_of_kind
from nndigits.stages.store.metadata import META, from_json, to_json
from nndigits.stages.store.npz import LOCAL, AnyArray, Blob, FormatError, decode, encode
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.texts import to_json as report_json
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.nouns import listed

Meta = metadata.Meta
load_metadata = metadata.load_metadata
"""By these names stages use them."""

KNOWN_KINDS = {*KINDS, *TEXT_KINDS, *metadata.MARKS}


@dataclass(frozen=True)
class Artifact:
    """An artifact that was read and checked against its kind. Its arrays are read-only."""

    path: Path
    meta: Meta
    sha256: str
    arrays: Mapping[str, AnyArray] = field(repr=False)

    @property
    def kind(self) -> str:
        """The name of its row in KINDS."""
        return str(self.meta["kind"])

    @property
    def about(self) -> Meta:
        """The metadata that only this kind has."""
        return dict(self.meta["about"])


def describe(
    kind: str,
    *,
    parameters: Mapping[str, Any],
    dataset: Mapping[str, Any],
    inputs: Mapping[str, Artifact] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Meta:
    """Return the metadata of an artifact, with the sha256 of each input and the versions that it depends on."""
    return {
        "kind": kind,
        "format": TEXT_FORMAT if kind in TEXT_KINDS else FORMAT,
        "parameters": dict(parameters),
        "inputs": {name: artifact.sha256 for name, artifact in (inputs or {}).items()},
        "dataset": dict(dataset),
        "versions": environment.versions_of(kind),
        "about": dict(about or {}),
    }


def is_same_work(found: Meta, meta: Meta) -> bool:
    """Return whether an artifact has this new description, with versions that do not differ from the current ones."""
    is_same = found == {**meta, "versions": found["versions"]}
    return is_same and not environment.changed_versions(found["versions"], meta["kind"])


def save(path: Path, meta: Meta, arrays: Mapping[str, AnyArray]) -> str:
    """Write an artifact atomically; return its sha256."""
    check(meta, arrays)
    digest = hashlib.sha256()

    def chunks() -> Iterator[files.Buffer]:
        for chunk in encode({**arrays, META: np.frombuffer(to_json(meta), np.uint8)}):
            digest.update(chunk)
            yield chunk

    files.write(path, chunks())
    return digest.hexdigest()


def load(path: Path, *kinds: str, hint: str = "") -> Artifact:
    """Read an artifact of one of these kinds, or of any kind if none is given.

    ``PRETRAINED`` is the network that comes with nn. Raises InputError if the file is missing, damaged, or of another
    kind; ``hint`` ends its message with what to do.
    """
    hint = hint or _how_to_make(kinds)
    return _decoded(path, files.read(environment.file_of(path), hint=hint, starts_with=LOCAL), kinds, hint)


def load_mapped(path: Path, kind: str) -> Artifact:
    """Do the same with the file mapped into memory, so that processes that read it have one copy of its arrays."""
    hint = _how_to_make((kind,))
    return _decoded(path, files.mapped(path, hint=hint), (kind,), hint)


def unpack(path: Path, content: bytes, kind: str) -> Artifact:
    """Do the same with the content of a file that another machine has at ``path``."""
    return _decoded(path, content, (kind,), _how_to_make((kind,)))


def _how_to_make(kinds: Sequence[str]) -> str:
    if not kinds:
        return "`nn status` lists the files of a folder"
    commands = dict.fromkeys(KINDS[kind].made_by for kind in kinds)
    return "Make one with " + listed((f"`{command}`" for command in commands), "or")


def _decoded(path: Path, blob: Blob, kinds: Sequence[str], hint: str) -> Artifact:
    try:
        arrays = decode(blob)
        meta = from_json(arrays.pop(META, None))
        check(meta, arrays)
    except (FormatError, SchemaError) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    if kinds and meta["kind"] not in kinds:
        expected = listed((KINDS[kind].title for kind in kinds), "or")
        raise InputError(f"{path}: is {KINDS[meta['kind']].title}, not {expected}. {hint}")
    return Artifact(path, meta, hashlib.sha256(blob).hexdigest(), arrays)


def save_json(path: Path, meta: Meta, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Write figures and metadata with a checksum as one JSON document; return figures and metadata."""
    text = report_json({**figures, "made": metadata.made(meta)})
    files.write(path, [metadata.with_checksum(f"{text}\n".encode())])
    return {**figures, "made": meta}


def save_csv(path: Path, meta: Meta, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV, after one comment line (``# {...}``) with the metadata and a checksum."""
    text = io.StringIO()
    text.write(metadata.comment(meta))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    files.write(path, [metadata.with_checksum(text.getvalue().encode())])


def check_output(path: Path, kind: str, *inputs: Path, example: str = "") -> None:
    """Check, before the work begins, that an output can be written, and replaces no file but one of its own kind.

    ``inputs`` are the files that the command reads; ``example`` is the usual name of the output, whose ending the path
    must have.
    """
    if any(files.same_file(path, one) for one in inputs):
        found = _kind_at(path) if os.path.isfile(path) else None
        what = f"is {title_of_kind(found)}, and" if found else "is"
        raise UsageError(f"{path}: {what} both read and written by this command. Name another file for one of the two")
    files.check_writable(path, example)
    check_own(path, kind)


def check_own(path: Path, kind: str) -> None:
    """Raise UsageError if there is a file at ``path`` that nn did not write, or that is of another kind.

    A damaged file is nn's own if it still begins as one. An empty file is nobody's.
    """
    found = _kind_at(path, empty=kind) if os.path.isfile(path) else kind
    if not _is_own(found, kind):
        what = f"is {title_of_kind(found)}" if found else "was not written by nn"
        raise UsageError(
            f"{path}: {what}, and would be replaced by {title_of_kind(kind)}. Move it, or name another output"
        )


def check_set(paths: Sequence[Path], kind: str) -> None:
    """Do the same for files that are always written together: the first one says for all who wrote them."""
    if not (os.path.isfile(paths[0]) and _is_own(_kind_at(paths[0], empty=kind), kind)):
        for path in paths:
            check_own(path, kind)


def _kind_at(path: Path, empty: str | None = None) -> str | None:
    """Return the kind that a file says it is, None if nn did not write it, and ``empty`` if it is empty."""
    content = files.read_start(path, metadata.MOST_TEXT, hint="")
    return metadata.claimed_kind(content) if content else empty


def _is_own(found: str | None, kind: str) -> bool:
    """Return whether a file that says it is of a kind may be replaced by one of ``kind``."""
    return found == kind or (found is not None and found not in KNOWN_KINDS)


def fetch_command(name: str, verified: bool, path: Path) -> str:
    """Return the command that fetches a data set again to ``path``, with the usual number of validation images.

    ``name`` and ``verified`` are those of the data set in an artifact's metadata.

    >>> fetch_command("digits", False, Path("my digits.npz"))
    "nn fetch --dataset digits -o 'my digits.npz'"
    """
    command = f"nn fetch --dataset {shell_word(name)}" if verified or name == "digits" else "nn fetch --from FOLDER"
    return f"{command} -o {shell_word(path)}"


def companion_path(path: Path, name: str, usual: str) -> Path:
    """Return the path of a companion file: ``name`` beside the ``usual`` file, prefixed beside any other.

    >>> companion_path(Path("a/weights.npz"), "history.csv", "weights").as_posix()
    'a/history.csv'
    >>> companion_path(Path("a/wide.npz"), "history.csv", "weights").as_posix()
    'a/wide-history.csv'
    """
    return path.parent / (name if path.stem == usual else f"{path.stem}-{name}")
