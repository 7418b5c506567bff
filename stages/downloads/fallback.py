"""Where a search found nothing: the command that names a folder instead, and the fallback to scikit-learn's digits."""

from collections.abc import Sequence
from pathlib import Path

from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.words.escaping import shell_word

USUAL_NAME = "data.npz"
"""The name of the default output."""


def command(source: str, dataset: str, out: Path, validation: int | None, more: Sequence[Path]) -> str:
    """Return the command that fetches from another source, and in all else does what a call of ``fetch`` did.

    >>> command("--from FOLDER", "kmnist", Path("my digits.npz"), 5000, [])
    "nn fetch --dataset kmnist --from FOLDER --validation 5000 -o 'my digits.npz'"
    """
    chosen = "" if dataset == "auto" else f" --dataset {dataset}"
    apart = "" if validation is None else f" --validation {validation}"
    added = "".join(f" --more {shell_word(path)}" for path in more)
    where = "" if out == artifacts_folder() / USUAL_NAME else f" -o {shell_word(out)}"
    return f"nn fetch{chosen} {source}{apart}{added}{where}"


def check(out: Path, tried: Sequence[str], hint: str) -> None:
    """Raise WorldError if scikit-learn's digits would replace another data set; ``tried`` has what failed."""
    try:
        name = artifacts.load(out, "dataset").meta["dataset"]["name"]
    except InputError:
        return
    if name != "digits":
        raise WorldError(f"{out}: holds {name} and is kept, as MNIST was not found. Tried: {'; '.join(tried)}. {hint}")
