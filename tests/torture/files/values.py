"""Put unusual values into the metadata, figures and arrays of every kind of file, and use the file with every command.

A well-forged file looks like one of nn. Its values must be refused, or be valid enough to work with: a command may
succeed, or fail with one of the project's own errors. Any other exception and any warning of NumPy are bugs.
"""

import copy
import hashlib
import io
import json
import os
import random
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import typer
from PIL import Image
from small import small_results, small_sweep

from nndigits.cli.main import app
from nndigits.cli.terminal.usage_errors import Mistyped
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.stages.classifiers.svm_pairs import FinishedPairs
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import NNError
from nndigits.stages.store.npz import decode
from torture.files.forge import artifact_bytes
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
    ("eval", "{}", "--data", "data.npz", "-o", "out-eval.json"),
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
        ("eval", "weights.npz", "--data", "{}", "-o", "out-eval.json"),
        ("train", "--data", "{}", "-o", "out.npz", "--hidden", "3", "--epochs", "1", "--threads", "1", "--no-resume"),
        ("baseline", "random", "--data", "{}", "-o", "out-random.npz"),
        ("baseline", "darkness", "--data", "{}", "-o", "out-darkness.npz"),
        ("baseline", "svm", "--data", "{}", "-o", "out-svm.npz"),
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
    "tuned-search.csv": (*SHOWN, ("baseline", "svm", "--data", "data.npz", "-o", "out-svm.npz", "--search")),
    "compare.json": SHOWN,
    "sweep.json": (*SHOWN, ("sweep", "--show", ".")),
    "results.csv": SHOWN,
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
        small_results(Path("results.csv"))
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


def used(what: str, forged: Callable[[str, bytes], Iterator[tuple[str, bytes]]], size: Size) -> Result:
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
            chosen = rng.sample(cases, min(GATE, len(cases)))
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
    return Result(SECTION, f"{what}: {tried:,} commands", f"{len(bugs)} bugs", "0 bugs", not bugs)


SECTION = "A"
GATE = 100
"""In the gate, this many forged files of each kind of damage, each used by one command."""

DEEP: Any = 1


for _ in range(900):
    DEEP = [DEEP]


UNUSUAL: tuple[Any, ...] = (
    None, True, -1, 0, 1, 257, 2**31, 2**63, 10**40, 10**400, 0.0, -0.5, -5.0, 1e308, -1e308, 5e-324,
    "", "x", "nan", "\x1b[2J", "\ud800", "\u202e", "9" * 400, "x" * 100_000,
    [], [[]], [0], [-1, 2**63], ["x"], ["\ud800"], ["dense 10 sigmoid"], [1e308, -1e308], DEEP, [0] * 1000,
    {}, {"a": 1}, {"layers": []}, {"\ud800": 1}, {"a": DEEP},
)  # fmt: skip

CELLS = ("", "x", "-1", "0", "nan", "inf", "-inf", "1e308", "9" * 50, "9" * 4000, "9" * 5000, '"', "\x1b[2J", "é" * 70)
"""Replacements for a cell of a CSV file."""


def results(size: Size) -> Iterator[Result]:
    """Values replaced, and arrays filled."""
    yield used("metadata values and figures replaced by unusual ones", replaced, size)
    yield used("arrays of extreme numbers, splits without images", filled, size)


def replaced(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file with one value replaced, for every value and every unusual one. The checksums are right again."""
    if name.endswith(".npz"):
        arrays = decode(content)
        meta = json.loads(arrays.pop("__meta__").tobytes())
        yield from ((where, artifact_bytes(other, arrays)) for where, other in replaced_values(meta))
    elif name.endswith(".json"):
        document = json.loads(content)
        yield from ((where, _repaired(json.dumps(other).encode())) for where, other in replaced_values(document))
    else:
        first, _, rest = content.partition(b"\n")
        if first.startswith(b"# "):
            for where, other in replaced_values(json.loads(first[2:])):
                yield where, _repaired(b"# " + json.dumps(other).encode() + b"\n" + rest)
        yield from ((where, _repaired(text)) for where, text in replaced_cells(content.decode()))


def _repaired(text: bytes) -> bytes:
    """Return a text with its checksum: the sha256 of the text with zeros in its place."""
    bare = re.sub(rb'("checksum": ?")[0-9a-f]{64}"', rb"\g<1>" + b"0" * 64 + b'"', text, count=1)
    return bare.replace(b'"' + b"0" * 64 + b'"', b'"' + hashlib.sha256(bare).hexdigest().encode() + b'"', 1)


def replaced_cells(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield a CSV file with one cell of its first rows replaced, with a row less, and with one of other length."""
    lines = text.splitlines()
    for number in range(text.startswith("# "), min(len(lines), 4)):
        for column, _ in enumerate(lines[number].split(",")):
            for cell in CELLS:
                cells = lines[number].split(",")
                cells[column] = cell
                changed = [*lines[:number], ",".join(cells), *lines[number + 1 :]]
                yield f"cell {number}, {column} = {cell[:10]!r}", "\n".join(changed).encode()
        yield f"without row {number}", "\n".join([*lines[:number], *lines[number + 1 :]]).encode()
        yield f"longer row {number}", "\n".join([*lines[:number], f"{lines[number]},1", *lines[number + 1 :]]).encode()


def replaced_values(meta: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document with one value replaced or missing, for every value and every unusual one."""
    for where in paths(meta):
        for value in UNUSUAL:
            changed = copy.deepcopy(meta)
            _inner(changed, where)[where[-1]] = value
            yield f"{'.'.join(map(str, where))} = {type(value).__name__} {json.dumps(value)[:20]}", changed
        changed = copy.deepcopy(meta)
        del _inner(changed, where)[where[-1]]
        yield f"{'.'.join(map(str, where))} missing", changed


def _inner(document: Any, where: tuple[Any, ...]) -> Any:
    for key in where[:-1]:
        document = document[key]
    return document


def paths(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys that lead to each value; of a list, the first two values."""
    if where:
        yield where
    items = value.items() if isinstance(value, Mapping) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*where, key))


FLOATS = (0.0, -0.0, 1e-45, 1e25, 3e38, -3e38, 1e200, -1e308)
INTEGERS = (0, 1, -1, 255, 2**53, 2**62, -(2**63))


def filled(file: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield an ``.npz`` with one array, or all, filled with one number or with its extremes, and without a split."""
    if not file.endswith(".npz"):
        return
    arrays = decode(content)
    meta = json.loads(arrays.pop("__meta__").tobytes())
    for name, array in arrays.items():
        for value in FLOATS if array.dtype.kind == "f" else INTEGERS:
            if np.can_cast(np.min_scalar_type(value), array.dtype) or array.dtype.kind == "f":
                with np.errstate(over="ignore"):
                    full = np.full_like(array, value)
                yield f"{name} = {value}", artifact_bytes(meta, {**arrays, name: full})
                if array.size > 1:
                    full.flat[::2] = array.flat[::2]
                    yield f"half of {name} = {value}", artifact_bytes(meta, {**arrays, name: full})
    every = {
        name: np.where(np.arange(a.size).reshape(a.shape) % 2, -3e38, 3e38).astype(a.dtype)
        if a.dtype.kind == "f"
        else a
        for name, a in arrays.items()
    }
    yield "all at the limits", artifact_bytes(meta, every)
    for splits in (("test",), ("validation",), ("validation", "test"), ("train",)):
        if "test_images" in arrays:
            kept = {name: a[:0] if name.split("_")[0] in splits else a for name, a in arrays.items()}
            yield f"no {' and '.join(splits)} images", artifact_bytes(meta, kept)
