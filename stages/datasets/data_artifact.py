"""Reading a data artifact; if it says that it holds a known data set, this is checked against its images and labels.

The metadata of a data artifact has the hashes of the IDX files that it was made from, and anyone can write those of
MNIST there. The training images, with the validation images behind them, are again the content of one such file,
wherever the split lies between them.
"""

from collections.abc import Iterable
from pathlib import Path

from nndigits.stages.datasets.digit_set import as_in_file, content_sha256
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import Split


def load(path: Path) -> Artifact:
    """Read a data artifact; raises InputError if it is unusable, or not the known set that it says it is."""
    return checked(artifacts.load(path, "dataset"))


def is_usable(path: Path) -> bool:
    """Return whether a file is a whole data set."""
    try:
        load(path)
    except InputError:
        return False
    return True


def load_mapped(path: Path) -> Artifact:
    """Do the same with the file mapped into memory, so that processes that read it have one copy of its images."""
    return checked(artifacts.load_mapped(path, "dataset"))


def unpack(path: Path, content: bytes) -> Artifact:
    """Do the same with the content of a file that another machine has at ``path``."""
    return checked(artifacts.unpack(path, content, "dataset"))


def require_images(data: Artifact, split: Split) -> None:
    """Raise InputError if a data set has no images of a split."""
    if not len(data.arrays[f"{split}_images"]):
        dataset = data.meta["dataset"]
        command = artifacts.fetch_command(dataset["name"], dataset["verified"], data.path)
        raise InputError(f"{data.path}: has no {split} images. Take another split, or fetch again: `{command}`")


def check_indices(data: Artifact, split: Split, indices: Iterable[int]) -> None:
    """Raise UsageError for an index that no image of a split has."""
    images = len(data.arrays[f"{split}_images"])
    for index in indices:
        if not 0 <= index < images:
            raise UsageError(f"there are {images:,} {split} images, counted from 0", "indices", index)


def checked(data: Artifact) -> Artifact:
    """Return a data artifact; raise InputError if it says that it holds a known set and has other images or labels.

    This takes 0.04 to 0.15 s for MNIST. Other sets are not hashed: there is nothing to compare them with.
    """
    known = known_set(data.meta["dataset"])
    if known is None:
        return data
    for part, expected in known.sha256.items():
        arrays = [data.arrays[part]]
        if part.startswith("train"):
            arrays.append(data.arrays[part.replace("train", "validation")])
        if content_sha256(*(as_in_file(known, part, array) for array in arrays)) != expected:
            raise InputError(
                f"{data.path}: says that it holds {known.title}, but its {part.replace('_', ' ')} are others. "
                f"Fetch it again: `{artifacts.fetch_command(known.name, True, data.path)}`"
            )
    return data
