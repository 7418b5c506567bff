"""Files that nobody named, or that a command reads, at the place of every output: they stay, and one line says why."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from torture.fuzzing import uses
from torture.harness.folders import files_in
from torture.harness.nn_command import nn_forked
from torture.harness.results import Result, Size, of

SECTION = "B"
DATA = ("--data", "data.npz")
TRAIN = ("train", *DATA, "--epochs", "1", "--hidden", "3")
SEEDS = ("compare", ".", *DATA, "--seeds", "1", "--hidden", "3", "--epochs", "1", "-o", "other.json")
COMPANIONS = {
    "x-history.csv": (*TRAIN, "-o", "x.npz"),
    "x-checkpoint.npz": (*TRAIN, "-o", "x.npz"),
    "weights-validation-eval.json": ("eval", "weights.npz", *DATA, "--split", "validation"),
    "weights-validation-confusion.csv": ("eval", "weights.npz", *DATA, "--split", "validation"),
    "x-confusion.csv": ("eval", "weights.npz", *DATA, "-o", "x.json"),
    "x-pairs.npz": ("baseline", "svm", *DATA, "-o", "x.npz"),
    "x-search.csv": ("baseline", "svm", *DATA, "--search", "-o", "x.npz"),
    "x.md": ("compare", ".", *DATA, "-o", "x.json"),
    "part-eval.json": ("compare", ".", *DATA, "-o", "other.json"),
    "part-confusion.csv": ("compare", ".", *DATA, "-o", "other.json"),
    "seeds/hidden-3-seed-0.npz": SEEDS,
    "seeds/hidden-3-seed-0-history.csv": SEEDS,
    "report.html": ("report", "."),
    "network.onnx": ("export", "weights.npz"),
    "artifacts/draw.html": ("draw", "--weights", "weights.npz"),
    "artifacts/chapter.html": ("chapter", *DATA),
    "artifacts/data.npz": ("fetch", "--dataset", "digits"),
    "artifacts/weights.npz": TRAIN,
    "artifacts/history.csv": TRAIN,
    "artifacts/checkpoint.npz": TRAIN,
    "artifacts/random.npz": ("baseline", "random", *DATA),
    "artifacts/darkness.npz": ("baseline", "darkness", *DATA),
    "artifacts/svm.npz": ("baseline", "svm", *DATA),
    "artifacts/svm-tuned.npz": ("baseline", "svm", *DATA, "--tuned"),
    "artifacts/compare.json": ("compare", ".", *DATA),
    "artifacts/compare.md": ("compare", ".", *DATA),
    "demos/sigmoid.txt": ("demo", "all"),
    "demos/sigmoid.json": ("demo", "all"),
    "demos/sigmoid.png": ("demo", "all"),
    "demos/index.html": ("demo", "all"),
}
"""Files that a command writes or removes without their name on its command line."""

READ = {
    ("compare", ".", *DATA, "-o"): (
        "data.npz",
        "weights.npz",
        "random.npz",
        "svm.npz",
        "weights-eval.json",
        "weights-confusion.csv",
        "timings.csv",
    ),
    (*TRAIN, "--recipe", "./mine.toml", "-o"): ("data.npz", "mine.toml"),
    (*TRAIN, "--find-eta", "--recipe", "./mine.toml", "--plot"): ("mine.toml",),
    ("eval", "weights.npz", "deep.npz", *DATA, "-o"): ("data.npz", "weights.npz", "deep.npz"),
    ("baseline", "svm", *DATA, "-o"): ("data.npz",),
    ("fetch", "--from", "mnist.npz", "-o"): ("mnist.npz",),
    ("predict", "digit.png", "--weights", "weights.npz", "--save-seen"): ("digit.png", "weights.npz"),
    ("read", "digit.png", "--weights", "weights.npz", "--plot"): ("digit.png",),
    ("show", "data.npz", "--plot"): ("data.npz",),
    ("report", ".", "--weights", "weights.npz", "-o"): ("data.npz", "weights.npz"),
    ("draw", "--weights", "weights.npz", *DATA, "-o"): ("data.npz", "weights.npz"),
    ("import", "net.json", "-o"): ("net.json",),
    ("chapter", *DATA, "-o"): ("data.npz",),
    ("fetch", "--dataset", "digits", "--more", "drawings.json", "-o"): ("drawings.json",),
}
"""Commands without their output, and the files that they read."""


def results(_: Size) -> Iterator[Result]:
    """A result for companions, and one for inputs."""
    with tempfile.TemporaryDirectory() as name, uses.sandbox(Path(name)):
        folder = Path(name)
        (folder / "part.npz").write_bytes((folder / "darkness.npz").read_bytes())
        (folder / "deep.npz").write_bytes((folder / "weights.npz").read_bytes())
        (folder / "mnist.npz").write_bytes(numpy_archive())
        (folder / "mine.toml").write_text("[train]\nhidden = [3]\n")
        (folder / "drawings.json").write_text("[]")
        (folder / "net.json").write_text("{}")
        yield companions(folder)
        yield inputs(folder)


def companions(folder: Path) -> Result:
    """Put a text, an archive of NumPy, and a file of nn of another kind at the place of each companion."""
    contents = (b"my own notes\n", numpy_archive(), (folder / "part-pairs.npz").read_bytes(), b'{"made": "by me"}')
    kept, total = 0, 0
    for name, words in COMPANIONS.items():
        for content in contents:
            if name == "x-pairs.npz" and content == contents[2]:
                continue  # it is of that kind
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            kept, total = kept + is_refused(folder, *words, about=name), total + 1
            path.unlink(missing_ok=True)
    return Result(
        SECTION, "other files at the place of unnamed outputs: kept, exit 2", of(kept, total), "all", kept == total
    )


def inputs(folder: Path) -> Result:
    """Name each file that a command reads as its output."""
    kept, total = 0, 0
    for words, names in READ.items():
        for name in names:
            kept, total = kept + is_refused(folder, *words, name), total + 1
    return Result(SECTION, "an output that the command reads: kept, exit 2", of(kept, total), "all", kept == total)


def is_refused(folder: Path, *words: str, about: str = "") -> bool:
    """Return whether a command ends with 2 and one line, and changes no file."""
    before = files_in(folder)
    run = nn_forked(*words, folder=folder)
    is_kept = files_in(folder) == before and run.code == 2 and run.is_one_line("nn: ") and about in run.err
    if not is_kept:
        print(f"    {about} nn {' '.join(words)}: {run.code}, {run.err[:200]!r}")
    return is_kept


def numpy_archive() -> bytes:
    """Return an archive that NumPy wrote."""
    archive = io.BytesIO()
    np.savez(archive, weights=np.arange(3.0))
    return archive.getvalue()
