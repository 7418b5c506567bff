"""A folder of artifacts: the metadata and the hash of each file, and the file that has a given hash.

Pages and safetensors files, which other programs read, have metadata too: the hashes of the files that a page was made
from, and the description of the weights that were exported.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nndigits.stages.store import files, metadata, safetensors
from nndigits.stages.store.artifacts import Meta, load_metadata
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS, check
from nndigits.stages.store.npz import AnyArray, FormatError
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.safetensors import OWN

ENDINGS = (".npz", ".json", ".csv", ".html", ".safetensors")
NAMED_LIKE_OURS = (".npz", "eval.json", "compare.json", "history.csv", "confusion.csv", "search.csv")
PAGES, MODELS = "`nn report`, `nn draw` and `nn chapter` write pages", "`nn export` writes such files"
SEEDS = "seeds"
"""The folder inside, where `nn compare --seeds` trains its networks."""


@dataclass(frozen=True)
class InputFile:
    """A file that an artifact was made from: its role, its hash, and the file beside it that has this hash, if any."""

    role: str
    sha256: str
    path: Path | None


PAGE = re.compile(rb'<meta name="generator" content="nn">\n<meta name="nn-inputs" content="([a-z0-9_: ]*)">')
HEAD = 4096  # bytes of a page, in which its head names what it was made from


def described(path: Path) -> Meta:
    """Return the metadata of a file of nn, a page or a safetensors file, too; raises InputError for any other file."""
    if path.suffix == ".html":
        found = PAGE.search(files.read_start(path, HEAD, hint=PAGES))
        if found is None:
            raise InputError(f"{path}: is not a page of nn. {PAGES}")
        named = dict(word.split(":", 1) for word in found[1].decode().split() if ":" in word)
        return {"kind": "page", "inputs": named, "parameters": {}}
    if path.suffix == ".safetensors":
        return {**exported(path)[0], "kind": "export", "inputs": {}}
    return load_metadata(path)


def exported(path: Path) -> tuple[Meta, dict[str, AnyArray]]:
    """Return the metadata of the weights that a safetensors file was made from, and their arrays; raises InputError."""
    try:
        arrays, texts = safetensors.decode(files.read(path, hint=MODELS))
        if OWN not in texts:
            raise FormatError("is of another program. `nn import` reads it")
        meta = metadata.from_json(np.frombuffer(texts[OWN].encode(), np.uint8))
        check(meta, arrays)
    except (FormatError, SchemaError) as error:
        raise InputError(f"{path}: {error}. {MODELS}") from None
    return meta, arrays


class Folder:
    """The artifacts of a folder. Metadata is read at once; hashes are computed when they are needed, once.

    Attributes
    ----------
    metadata
        The metadata of each artifact, by file name.
    problems
        Why an ``.npz`` file, or a file that is named like figures of nn, is none; by file name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata: dict[str, Meta] = {}
        self.problems: dict[str, str] = {}
        self._hashes: dict[Path, str] = {}
        for name in files.names(path):
            if Path(name).suffix not in ENDINGS or name.startswith("."):
                continue
            try:
                self.metadata[name] = described(path / name)
            except InputError as error:
                if name.endswith(NAMED_LIKE_OURS):
                    self.problems[name] = str(error).removeprefix(f"{path / name}: ")

    def names(self, *kinds: str) -> list[str]:
        """Return the names of the files of these kinds, in alphabetical order."""
        return [name for name, meta in self.metadata.items() if meta["kind"] in kinds]

    def sha256(self, path: Path) -> str:
        """Return the hash of a file; raises InputError if it cannot be read."""
        if path not in self._hashes:
            self._hashes[path] = files.sha256(path, hint="Look at it with `nn show`")
        return self._hashes[path]

    def find(self, sha256: str, name: str) -> Path | None:
        """Return the file with a hash, or None. ``name`` is what an artifact calls this input, such as data."""
        for path in self._candidates(name):
            with suppress(InputError):
                if self.sha256(path) == sha256:
                    return path
        return None

    def inputs_of(self, meta: Meta) -> tuple[InputFile, ...]:
        """Return the files that an artifact was made from, given its metadata."""
        return tuple(InputFile(name, sha256, self.find(sha256, name)) for name, sha256 in meta["inputs"].items())

    def _candidates(self, name: str) -> Iterator[Path]:
        """Yield the files that may be an input of this name, the likely ones first."""
        if name.endswith(".npz"):  # compare.json names its inputs by their files
            yield from (folder / name for folder in (self.path, self.path / SEEDS) if (folder / name).is_file())
        kinds = ("dataset",) if name == "data" else CLASSIFIER_KINDS
        usual = "data.npz" if name == "data" else "weights.npz"
        for found in sorted(self.names(*kinds), key=lambda found: found != usual):
            yield self.path / found
