"""Helpers that tests import: where things are, how to write an IDX file, the installed command."""

import ast
import dataclasses
import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.datasets.registry_entry import KnownSet
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import NNError
from nndigits.stages.store.metadata import with_checksum
from nndigits.stages.store.texts import to_json

REPOSITORY = Path(__file__).resolve().parents[1]

TINY = Parameters(hidden=(5,), epochs=3, batch=40, eta=0.05, cost="log-likelihood", activation="tanh", init="N(0,1/n)")
EVERYTHING = {
    "distort": "rotate 10, translate 0.5",
    "l2": 0.5,
    "l1": 0.1,
    "max_norm": 2.0,
    "average": 0.9,
    "warm_up": 0.1,
    "label_smoothing": 0.1,
}
"""A network that trains in a moment, and further parameters to train it with."""

Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs the installed command: arguments as they are typed, the environment as keywords."""


def imported_files(path: Path) -> list[str]:
    """The project's files that a file imports, relative to the repository; without those for type checking alone."""
    tree = ast.parse(path.read_text())
    checking = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    ignored = {node for branch in checking for node in ast.walk(branch)}
    names = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node not in ignored and (node.module or "").startswith("nndigits.")
        for alias in node.names
    ]
    return [file for file in map(_file_of, names) if file]


def _file_of(name: str) -> str | None:
    """The file of a module, or of the module that holds a name."""
    for end in (name, name.rpartition(".")[0]):
        file = "/".join(end.split(".")[1:]).replace("sklearn", "estimators") + ".py"
        if (REPOSITORY / file).exists():
            return file
    return None


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write bytes in the IDX format."""
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def with_content_of(folder: Path, known: KnownSet) -> KnownSet:
    """A known set with the hashes of a folder's files instead of its own, and in no package."""
    files = {part: dataclasses.replace(file, sha256=sha256(folder / file.name)) for part, file in known.files.items()}
    return dataclasses.replace(known, files=files, folders=())


def sha256(path: Path) -> str:
    """The hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_document(path: Path, document: Any) -> None:
    """Write a JSON artifact that somebody changed, with the checksum of what it now says."""
    path.write_bytes(with_checksum(f"{to_json(document)}\n".encode()))


def seven(height: int = 120, width: int = 100, stroke: int = 10) -> np.ndarray:
    """A seven in ink, 1 where it is, on an empty sheet."""
    drawn = np.zeros((height, width), np.float32)
    drawn[20 : 20 + stroke, 25:75] = 1
    for row in range(20, 100):
        column = 75 - stroke - (row - 20) // 3
        drawn[row, column : column + stroke] = 1
    return drawn


def draw_one(path: Path) -> None:
    """Draw a picture of a 1, dark on white."""
    paper = np.full((60, 40), 255, np.uint8)
    paper[10:50, 17:23] = 0
    Image.fromarray(paper).save(path)


def command() -> str:
    """The installed `nn` that belongs to the Python that runs the tests."""
    return str(Path(sys.executable).with_name("nn"))


def demo_text(*arguments: str) -> str:
    """What a demonstration prints."""
    done = CliRunner().invoke(app, ["demo", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def demo_words(*arguments: str) -> str:
    """What a demonstration prints, on one line, so that wrapping does not matter."""
    return " ".join(demo_text(*arguments).split())


def demo_json(*arguments: str) -> Any:
    """What a demonstration prints with --json."""
    return json.loads(demo_text(*arguments, "--json"))


def demo_exit_code(*arguments: str) -> int:
    """How a demonstration ends."""
    done = CliRunner().invoke(app, ["demo", *arguments])
    return done.exception.exit_code if isinstance(done.exception, NNError) else done.exit_code


def refuse_demo(arguments: list[str]) -> None:
    """Check that `nn demo` refuses these arguments in one line, with the exit code of wrong usage."""
    result = CliRunner().invoke(app, ["demo", *arguments])
    code = getattr(result.exception, "exit_code", result.exit_code)  # main() turns the first into the second
    assert code == 2, result.output
    assert result.stdout == ""
    assert "\n" not in str(result.exception)
