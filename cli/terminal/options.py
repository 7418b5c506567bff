"""The default paths, and options that several commands share.

Every path is ``readable=False``, so that Typer does not check it. The stage does when it reads the file, and its error
has exit code 3 and a hint; Typer's would be a usage error.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from nndigits.cli.terminal.completion import DATA_SETS, Complete, artifacts, classifiers, recipes
from nndigits.stages.store.environment import PRETRAINED, artifacts_folder
from nndigits.stages.words.escaping import shell_word

ARTIFACTS = artifacts_folder()
"""The folder of the default paths. ``entry.py`` moves ``--artifacts`` into the environment before this is imported."""

DATA = ARTIFACTS / "data.npz"
WEIGHTS = ARTIFACTS / "weights.npz"
WIDE = ARTIFACTS / "wide.npz"
IMPROVED = ARTIFACTS / "improved.npz"
OWN_NETWORKS = (WEIGHTS, WIDE, IMPROVED, ARTIFACTS / "best.npz", ARTIFACTS / "reader.npz")
"""Where hints and documents put networks that are trained."""

COMES_WITH_NN = f"{PRETRAINED}, the network that comes with nn"

Split = Literal["test", "validation", "train"]


def file(help: str, *names: str, default: object = "", metavar: str = "FILE", complete: Complete | None = None) -> Any:
    """Return an option for a path; ``default`` is what the help calls its default."""
    shown = f"{help}  [default: {default}]" if default else help
    return typer.Option(*names, metavar=metavar, help=shown, readable=False, autocompletion=complete)


def out(help: str, default: object = "", metavar: str = "FILE") -> Any:
    """Return the option --out."""
    return file(help, "--out", "-o", default=default, metavar=metavar)


def data(help: str, default: object = "") -> Any:
    """Return the option --data."""
    return file(help, "--data", default=default, complete=artifacts(*DATA_SETS))


def weights(help: str, default: object = WEIGHTS, complete: Complete = classifiers) -> Any:
    """Return the option --weights, which names networks in every command that takes them."""
    return file(help, "--weights", default=default, complete=complete)


def names(help: str, metavar: str = "FILE...", complete: Complete | None = None) -> Any:
    """Return the argument for paths."""
    return typer.Argument(metavar=metavar, help=help, readable=False, autocompletion=complete)


def check_quoted(files: Sequence[Path]) -> None:
    """Raise BadParameter if several words are together the name of one file, which the shell took apart."""
    whole = Path(" ".join(map(str, files)))
    if len(files) > 1 and not any(map(os.path.exists, files)) and os.path.exists(whole):
        raise typer.BadParameter(f"{whole}: is one file; write its name in quotation marks: {shell_word(whole)}")


Recipe = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        autocompletion=recipes,
        help="Take the flags from a recipe, a name of `nn recipes` or ./mine.toml. Other flags override it.",
    ),
]
Plot = Annotated[Path | None, file("Draw a picture into this file, .png or .svg.", "--plot")]
Data = Annotated[Path, data("The data set, made by nn fetch.")]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ADDRESS",
        help="Work on a Dask cluster, such as tls://scheduler:8786. Its scheduler can run code as you: use your own.",
    ),
]
Distort = Annotated[
    str | None,
    typer.Option(
        "--distort",
        metavar="[TEXT]",
        help="Distort images at random, at most by 'rotate 10, scale 0.1, shear 0.15, translate 1.5, elastic 24, "
        "sigma 4': degrees, fractions, pixels, Simard's alpha and sigma. Any of them; without a value: these, fitted "
        "to the image size.",
    ),
]


def image_size(text: str | None, flag: str) -> tuple[int, int] | None:
    """Return the height and the width that were typed as 28x28, or as 28 for a square."""
    if text is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,3})(?:x([1-9]\d{0,3}))?", text)
    if found is None:
        raise typer.BadParameter(f"{text!r}: expected a height and a width, such as 28x28", param_hint=flag)
    return int(found[1]), int(found[2] or found[1])
