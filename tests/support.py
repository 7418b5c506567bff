"""Helpers that tests import: where things are, how to write an IDX file, the installed command."""

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]

Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs the installed command: arguments as they are typed, the environment as keywords."""


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write bytes in the IDX format."""
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def command() -> str:
    """The installed `nn` that belongs to the Python that runs the tests."""
    return str(Path(sys.executable).with_name("nn"))
