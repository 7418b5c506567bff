"""The first stage: find handwritten digits, split them as the book does, and keep them as one file.

MNIST comes as 60,000 images to train with and 10,000 to test with. The last 10,000 of the 60,000 are set apart as
validation images: what is chosen, is chosen on them, so that the test stays an honest one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nn.stages.datasets import download, loaders
from nn.stages.datasets.digit_set import DigitSet
from nn.stages.store import artifacts, files
from nn.stages.store.errors import InputError, UsageError, WorldError

Choice = Literal["auto", "mnist", "digits"]


@dataclass(frozen=True)
class FetchReport:
    """What was found and written.

    Attributes
    ----------
    fallback
        Why it is scikit-learn's small set and not MNIST: the sources that were tried. Empty otherwise.
    """

    out: Path
    dataset: str
    verified: bool
    train: int
    validation: int
    test: int
    image: tuple[int, int]
    source: str
    fallback: tuple[str, ...]


def fetch(
    out: Path,
    *,
    dataset: Choice = "auto",
    source: Path | None = None,
    mnist_dir: Path | None = None,
    cache: Path | None = None,
    mirrors: Sequence[str] = download.MIRRORS,
    validation: int | None = None,
    on_bytes: download.OnBytes | None = None,
    on_note: download.OnNote | None = None,
) -> FetchReport:
    """Find a set of digits, split it, and write it to ``out``.

    Parameters
    ----------
    dataset
        ``auto`` takes the first of ``source``, ``mnist_dir``, the cache, the mirrors, and scikit-learn's
        digits; ``mnist`` takes nothing but MNIST; ``digits`` takes scikit-learn's.
    source
        A folder of IDX files, or a Keras-style ``.npz``. Nothing else is tried where it is given.
    cache
        The folder where downloads are kept; the user's cache if not given.
    mirrors
        Addresses that serve MNIST's four ``.gz`` files, in the order in which they are tried.
    validation
        How many of the training images, the last ones, are set apart. A sixth of them if not given: the book's
        10,000 of 60,000.

    Raises
    ------
    InputError
        A file that was named is missing or unusable, or is not MNIST where MNIST was asked for.
    UsageError
        More validation images than there are.
    WorldError
        No source of MNIST answered, or ``out`` cannot be written.
    """
    if dataset == "digits" and source is not None:
        raise UsageError("dataset digits comes with scikit-learn; leave out one of the two", "source", source)
    if validation is not None and validation < 0:
        raise UsageError("expected 0 or more", "validation", validation)
    for read in loaders.named(source):
        files.check_output(out, read)
    files.check_writable(out)
    tried: list[str] = []
    if source is not None:
        digits, where = loaders.from_path(source), source.name
    elif dataset == "digits":
        digits, where = loaders.from_scikit_learn(), "scikit-learn"
    else:
        digits, where, tried = _search(dataset, mnist_dir, cache, mirrors, on_bytes, on_note)
    if dataset == "mnist" and not digits.verified:
        raise InputError(f"{where}: is not MNIST, its bytes differ; dataset auto takes it under its own name")
    return _split_and_save(digits, out, validation, where, tuple(tried))


def _search(
    dataset: Choice,
    mnist_dir: Path | None,
    cache: Path | None,
    mirrors: Sequence[str],
    on_bytes: download.OnBytes | None,
    on_note: download.OnNote | None,
) -> tuple[DigitSet, str, list[str]]:
    """Try one source after the other; give the first that is there, its name, and those that were not."""
    candidates: list[tuple[str, Callable[[], DigitSet]]] = []
    if mnist_dir is not None:
        candidates.append(("NN_MNIST_DIR", lambda: loaders.from_folder(mnist_dir)))
    kept = cache or download.user_cache()
    candidates.append(("the cache", lambda: download.from_cache(kept)))
    candidates.append(("a mirror", lambda: download.from_mirrors(kept, mirrors, on_bytes=on_bytes, on_note=on_note)))
    tried: list[str] = []
    for name, read in candidates:
        try:
            return read(), name, []
        except loaders.SourceMissing as error:
            tried.append(str(error))
    if dataset == "mnist":
        raise WorldError(
            f"MNIST was not found. Tried: {'; '.join(tried)}. Name a folder of its files: `nn fetch --from FOLDER`"
        )
    return loaders.from_scikit_learn(), "scikit-learn", tried


def _split_and_save(
    digits: DigitSet, out: Path, validation: int | None, where: str, tried: tuple[str, ...]
) -> FetchReport:
    total = len(digits.train_images)
    apart = total // 6 if validation is None else validation
    if not 0 <= apart < total:
        raise UsageError(f"expected 0 to {total - 1}, there are {total:,} training images", "validation", apart)
    meta = artifacts.describe(
        "dataset",
        parameters={"validation": apart},
        dataset={
            "name": digits.name,
            "verified": digits.verified,
            "classes": digits.classes,
            "source": digits.sha256,
        },
    )
    keep = total - apart
    arrays = {
        "train_images": digits.train_images[:keep],
        "train_labels": digits.train_labels[:keep],
        "validation_images": digits.train_images[keep:],
        "validation_labels": digits.train_labels[keep:],
        "test_images": digits.test_images,
        "test_labels": digits.test_labels,
    }
    artifacts.save(out, meta, arrays)
    height, width = digits.train_images.shape[1:]
    return FetchReport(
        out=out,
        dataset=digits.name,
        verified=digits.verified,
        train=keep,
        validation=apart,
        test=len(digits.test_images),
        image=(height, width),
        source=where,
        fallback=tried,
    )
