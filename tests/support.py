"""Helpers that tests import: where things are, how to write an IDX file, the installed command."""

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

from nn.cli.main import app
from nn.stages.errors import NNError

REPOSITORY = Path(__file__).resolve().parents[1]

Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs the installed command: arguments as they are typed, the environment as keywords."""


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write bytes in the IDX format."""
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


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
