"""Options that several commands share.

Every path is ``readable=False``, so that Typer does not check it. The stage does when it reads the file, and its error
has exit code 3 and a hint; Typer's would be a usage error.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from nndigits.cli.flags.completion import DATA_SETS, artifacts, recipes
from nndigits.stages.store.environment import PRETRAINED, artifacts_folder

ARTIFACTS = artifacts_folder()
"""The folder of the default paths. ``entry.py`` moves ``--artifacts`` into the environment before this is imported."""

DATA = ARTIFACTS / "data.npz"
WEIGHTS = ARTIFACTS / "weights.npz"
WIDE = ARTIFACTS / "wide.npz"
BEST = ARTIFACTS / "best.npz"
READER = ARTIFACTS / "reader.npz"
EVAL = ARTIFACTS / "weights-eval.json"
COMPARE = ARTIFACTS / "compare.json"
REPORT = ARTIFACTS / "report.html"
DRAW = ARTIFACTS / "draw.html"
CHAPTER = ARTIFACTS / "chapter.html"
RANDOM = ARTIFACTS / "random.npz"
DARKNESS = ARTIFACTS / "darkness.npz"
SVM = ARTIFACTS / "svm.npz"
SVM_TUNED = ARTIFACTS / "svm-tuned.npz"
SWEEP = ARTIFACTS / "sweep"
OWN_NETWORKS = (WEIGHTS, WIDE, BEST, READER)
"""Where hints and documents put networks that are trained."""

COMES_WITH_NN = f"{PRETRAINED}, the network that comes with nn"

Split = Literal["test", "validation", "train"]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result only: no progress, no hints.")]
Recipe = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        autocompletion=recipes,
        help="Take the flags from a recipe, a name of `nn recipes` or ./mine.toml. Other flags override it.",
    ),
]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw a picture into this file, .png or .svg.", readable=False),
]
Data = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="FILE",
        help="The data set, made by nn fetch.",
        readable=False,
        autocompletion=artifacts(*DATA_SETS),
    ),
]
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


def or_default(out: Path | None, default: Path, kind: str) -> Path:
    """Return the output that was named, or else the default one, which replaces no other file than one of its kind."""
    if out is not None:
        return out
    from nndigits.stages.store.artifacts import check_own

    check_own(default, kind)
    return default


def refuse_before(command: str, json: bool, quiet: bool) -> None:
    """Refuse flags before a command's name, where Typer would read them as the group's own."""
    if json or quiet:
        raise typer.BadParameter(f"write it behind {command}", param_hint="--json" if json else "--quiet")
