"""A folder with a file of every kind, the commands that read each kind, and a way to run them in this process.

A command may succeed, or fail with one of the project's own errors. Any other exception would end the program with 70,
and a warning of NumPy would be printed: both are bugs.
"""

import io
import os
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import typer
from PIL import Image
from small import small_sweep

from nndigits.cli.flags.usage_errors import Mistyped
from nndigits.cli.main import app
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.stages.baselines.svm_pairs import FinishedPairs
from nndigits.stages.baselines.svm_parameters import SvmParameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import NNError
from torture.harness.folders import ram_folder, warm
from torture.harness.results import Result, Size

DATA = {"name": "tiny", "verified": False, "classes": 3, "source": {}}
TRAIN = ("train", "--data", "data.npz", "-o", "weights.npz", "--hidden", "3", "--epochs", "2", "--batch", "4")
MADE_BY = (
    (*TRAIN, "--threads", "1", "--optimizer", "momentum", "--no-resume"),
    ("eval", "weights.npz", "--data", "data.npz"),
    ("baseline", "random", "--data", "data.npz", "-o", "random.npz"),
    ("baseline", "darkness", "--data", "data.npz", "-o", "darkness.npz"),
    ("baseline", "svm", "--data", "data.npz", "-o", "svm.npz"),
    ("baseline", "svm", "--data", "data.npz", "-o", "tuned.npz", "--search"),
    ("compare", ".", "--data", "data.npz", "-o", "compare.json"),
)
CLASSIFIED = (
    ("eval", "{}", "--data", "data.npz", "-o", "out.json"),
    ("compare", ".", "--data", "data.npz", "-o", "out.json"),
)
PREDICTED = (
    ("predict", "--data", "data.npz", "--index", "0", "--weights", "{}"),
    ("predict", "digit.png", "--weights", "{}"),
    ("read", "digit.png", "--weights", "{}"),
)
SHOWN = (("show", "{}"), ("show", "{}", "--json"), ("status", "."))
USES: dict[str, tuple[tuple[str, ...], ...]] = {
    "data.npz": (
        *SHOWN,
        ("show", "{}", "--index", "0", "--distort", "usual"),
        ("eval", "weights.npz", "--data", "{}", "-o", "out.json"),
        ("train", "--data", "{}", "-o", "out.npz", "--hidden", "3", "--epochs", "1", "--threads", "1", "--no-resume"),
        ("baseline", "random", "--data", "{}", "-o", "out.npz"),
        ("baseline", "darkness", "--data", "{}", "-o", "out.npz"),
        ("baseline", "svm", "--data", "{}", "-o", "out.npz"),
        ("predict", "--data", "{}", "--index", "0", "--weights", "weights.npz"),
        ("compare", ".", "--data", "{}", "-o", "out.json"),
    ),
    "weights.npz": (*SHOWN, ("show", "--recipe", "{}"), *CLASSIFIED, *PREDICTED),
    "checkpoint.npz": (*SHOWN, (*MADE_BY[0][:-1], "--resume")),
    "random.npz": (*SHOWN, *CLASSIFIED),
    "darkness.npz": (*SHOWN, *CLASSIFIED, *PREDICTED),
    "svm.npz": (*SHOWN, *CLASSIFIED, *PREDICTED),
    "part-pairs.npz": (*SHOWN, ("baseline", "svm", "--data", "data.npz", "-o", "part.npz")),
    "history.csv": (*SHOWN, ("show", "{}", "history.csv")),
    "weights-eval.json": (*SHOWN, CLASSIFIED[1]),
    "weights-confusion.csv": SHOWN,
    "tuned-search.csv": (*SHOWN, ("baseline", "svm", "--data", "data.npz", "-o", "out.npz", "--search")),
    "compare.json": SHOWN,
    "sweep.json": (*SHOWN, ("sweep", "--show", ".")),
    "timings.csv": (("show", "{}"), CLASSIFIED[1]),
}
"""By the name of a file in the sandbox, the commands that read it; ``{}`` is the file."""


@contextmanager
def sandbox(folder: Path) -> Iterator[dict[str, bytes]]:
    """Make a file of every kind in the folder, and make it the current one; yield the content of each file."""
    rng = np.random.default_rng(0)
    arrays = {}
    for split, count in (("train", 12), ("validation", 6), ("test", 6)):
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, 5, 6)).astype(np.uint8)
        arrays[f"{split}_labels"] = (np.arange(count) % 3).astype(np.uint8)
    meta = artifacts.describe("dataset", parameters={"validation": 6}, dataset=DATA)
    artifacts.save(folder / "data.npz", meta, arrays)
    image = np.full((40, 40), 255, np.uint8)
    image[8:32, 16:22] = 0
    Image.fromarray(image).save(folder / "digit.png")
    with chdir(folder):
        for arguments in MADE_BY:
            if problem := failure(*arguments, must_succeed=True):
                raise RuntimeError(f"nn {' '.join(arguments)}: {problem}")
        data = artifacts.load(Path("data.npz"))
        pairs = FinishedPairs(Path("part-pairs.npz"), SvmParameters(), data, arrays["train_labels"])
        small_sweep(Path("sweep.json"))
        pairs.add((0, 1), BinarySVM(np.array([0, 1]), np.array([0.5, -0.5]), 0.1, 7))
        yield {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def failure(*arguments: str, must_succeed: bool = False) -> str:
    """Run a command in this process; return the exception that is a bug, or an empty text."""
    nothing = io.StringIO()
    try:
        with redirect_stdout(nothing), redirect_stderr(nothing), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            app(list(arguments), prog_name="nn", standalone_mode=False)
    except (NNError, Mistyped, typer.Exit, SystemExit) as error:
        return str(error) or type(error).__name__ if must_succeed else ""
    except FloatingPointError:  # main.py has a line for it
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:120]
    return ""


def restore(files: Mapping[str, bytes], name: str) -> None:
    """Write the file of this name as it was, and remove what commands have added."""
    for path in Path().iterdir():
        if path.name not in files:
            os.unlink(path)
    for other, content in files.items():
        if other == name or not Path(other).exists() or other.endswith("-eval.json"):
            Path(other).write_bytes(content)


def result(
    section: str, what: str, forged: Callable[[str, bytes], Iterator[tuple[str, bytes]]], size: Size, gate: int
) -> Result:
    """Run the commands that read each kind of file on files that ``forged`` makes of it; the target is no bug.

    ``forged`` takes the name and the content of a file and yields forged contents, each with what is wrong. In the
    gate, a sample of them is used, each by one of the commands.
    """
    warm()
    tried, bugs = 0, []
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name, sandbox(Path(name)) as files:
        cases = [(file, commands, *one) for file, commands in USES.items() for one in forged(file, files[file])]
        if size == "gate":
            rng = random.Random(4)
            chosen = rng.sample(cases, min(gate, len(cases)))
            cases = [(file, (rng.choice(commands),), where, content) for file, commands, where, content in chosen]
        for file, commands, where, content in cases:
            for arguments in commands:
                Path(file).write_bytes(content)
                tried += 1
                if problem := failure(*(part.format(file) for part in arguments)):
                    bugs.append(f"{file} {where}, nn {' '.join(arguments)}: {problem}")
            restore(files, file)
    for bug in bugs[:10]:
        print("   ", bug)
    return Result(section, f"{what}: {tried:,} commands", f"{len(bugs)} bugs", "0 bugs", not bugs)
