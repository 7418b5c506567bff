"""Other networks, and other things, in the folder where `nn predict` and `nn read` are called without weights.

Both read with the network that comes with nn. What lies in the folder must not change what they say: a folder may come
from a stranger.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from support import seven

from nndigits.stages.classifiers import pictures
from torture.fuzzing import uses
from torture.harness.child import Outcome
from torture.harness.nn_command import nn_forked
from torture.harness.results import Result, Size, of

SECTION = "K"
COMMANDS = (("predict", "seven.png", "--json"), ("read", "seven.png", "--json"))
PLACES = ("pretrained", "pretrained.npz", "weights.npz", "artifacts/weights.npz", "artifacts/best.npz")
PLACES += ("artifacts/reader.npz", "artifacts/pretrained.npz")
THINGS = ("weights", "damaged", "empty", "link", "broken link", "folder", "pipe")


def results(_: Size) -> Iterator[Result]:
    """One result: every thing at every place."""
    with tempfile.TemporaryDirectory() as name, uses.sandbox(Path(name)):
        other = Path(name) / "weights.npz"
        same, total = 0, 0
        wanted = _answers(other, "", "")
        for place in PLACES:
            for thing in THINGS:
                found = _answers(other, place, thing)
                total += len(COMMANDS)
                for command, answer, right in zip(COMMANDS, found, wanted, strict=True):
                    is_same = (answer.code, answer.out) == (0, right.out)
                    same += is_same
                    if not is_same:
                        print(f"    {place}: {thing}, nn {' '.join(command)}: {answer.code}, {answer.err[:200]!r}")
    attack = "other weights in the folder, not named: the network that comes with nn reads"
    yield Result(SECTION, attack, of(same, total), "all", same == total)


def _answers(other: Path, place: str, thing: str) -> list[Outcome]:
    """Run the commands in a folder with a thing at a place, and return how they end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "artifacts").mkdir()
        pictures.save(folder / "seven.png", (255 * (0.8 - 0.6 * seven())).astype(np.uint8))
        if place:
            _put(thing, folder / place, other)
        return [nn_forked(*command, folder=folder) for command in COMMANDS]


def _put(thing: str, path: Path, other: Path) -> None:
    match thing:
        case "weights":
            shutil.copy(other, path)
        case "damaged":
            path.write_bytes(other.read_bytes()[:-100])
        case "empty":
            path.touch()
        case "link":
            path.symlink_to(other)
        case "broken link":
            path.symlink_to("nowhere")
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
