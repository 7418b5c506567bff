"""The readers with one thing in them changed, again and again: do the tests notice?

The tests of a module are collected once. Then each mutant is put in its place in a fork of that process: first the
hostile files must be refused for their reasons, then the tests run, to the first that fails. A mutant on which nothing
fails has survived.

    PYTHONPATH=tests python -m torture.mutants npz            # one module, its survivors as lines
"""

import io
import os
import re
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest
from support import REPOSITORY

from nn.stages import show
from nn.stages.classifiers import pictures
from nn.stages.datasets import loaders
from nn.stages.store.errors import InputError
from torture.changes import Mutant, mutants
from torture.door import memory
from torture.equivalent import EQUIVALENT
from torture.figures import Figure, Size, of
from torture.foreign import input_cases, small_sets
from torture.hostile import cases
from torture.pictures import picture_cases
from torture.swap import install

SECTION = "J"
WANTED = 0.95
PATIENCE, WAITING = 30, 30
"""Seconds of CPU in all, and of clock time for one test, after which a mutant counts as noticed: it hangs."""

ARTIFACTS = (cases, show.show)
SETS = (input_cases, loaders.from_path)
PICTURES = (picture_cases, pictures.load)
TESTS = {
    "store/npz": (ARTIFACTS, ("store/test_npz",)),
    "store/artifacts": (ARTIFACTS, ("store/test_artifacts", "store/test_files")),
    "store/schema": (ARTIFACTS, ("store/test_artifacts", "store/test_files")),
    "store/kinds": (ARTIFACTS, ("store/test_artifacts", "store/test_files")),
    "store/baseline_kinds": (ARTIFACTS, ("store/test_artifacts", "store/test_files")),
    "store/files": (ARTIFACTS, ("store/test_files", "store/test_artifacts")),
    "datasets/idx": (SETS, ("datasets/test_idx", "datasets/test_download")),
    "datasets/keras": (SETS, ("datasets/test_keras", "datasets/test_download")),
    "datasets/loaders": (SETS, ("datasets/test_download", "datasets/test_known_sets")),
    "classifiers/pictures": (PICTURES, ("store/test_files", "classifiers/test_pictures")),
}
"""Of each module: the hostile files with what reads them, and the tests that run if all of these are refused."""

LEFT_OUT = ("server", "mirror", "cache")
"""Words in the names of tests that are about none of these modules, and slow."""

Hostile = list[tuple[str, bytes, str]]
"""Name, content, and the reason for which it is refused."""


def figures(size: Size) -> Iterator[Figure]:
    """In the long run: a figure a module."""
    if size == "gate":
        return
    for module in TESTS:
        killed, survivors = measured(module)
        for survivor in survivors:
            print("    survived:", survivor)
        total = killed + len(survivors)
        what = f"mutants of stages/{module}.py noticed by its tests"
        yield Figure(SECTION, what, of(killed, total), f"{WANTED:.0%}", killed >= WANTED * total)


def measured(module: str) -> tuple[int, list[str]]:
    """How many mutants died, and those that did not; in a process of its own, whose modules may be spoiled."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found = [mutant for mutant in mutants(module) if mutant.words not in EQUIVALENT]
        died = pool.submit(fates, module, found).result()
    survivors = [mutant.words for mutant, dead in zip(found, died, strict=True) if not dead]
    return len(found) - len(survivors), survivors


def fates(module: str, found: Sequence[Mutant]) -> list[bool]:
    """Whether each mutant dies."""
    attack = Attack(module, found)
    files = [str(REPOSITORY / "tests" / "stages" / f"{test}.py") for test in TESTS[module][1]]
    os.chdir(REPOSITORY)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which a mutant sends to whoever may live
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files], plugins=[attack])
    if code or len(attack.died) < len(found):
        raise RuntimeError(f"the tests of {module} fail as it is: {said.getvalue()[-2000:]}")
    return attack.died


class Attack:
    """What pytest does in the place of running its tests once: them once, and then as often as there are mutants."""

    def __init__(self, module: str, found: Sequence[Mutant]) -> None:
        (make, self.read), _ = TESTS[module]
        self.hostile: Hostile = [(case.name, case.make(), case.reason) for case in make() if not case.heavy]
        self.found, self.died = found, []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what runs the command in a process of its own, which has no mutant in it, and what is slow."""
        items[:] = [
            item
            for item in items
            if not {"nn", "mnist"} & set(getattr(item, "fixturenames", ()))
            and not any(word in item.name for word in LEFT_OUT)
        ]

    def pytest_runtest_logstart(self) -> None:
        """In a fork, where an alarm is set: as much time again for the next test."""
        if signal.alarm(0):
            signal.alarm(WAITING)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the module as it is, then each mutant, one for each processor at a time."""
        if is_noticed(session, self):
            return True
        running: dict[int, int] = {}
        ends: dict[int, bool] = {}
        for number, mutant in enumerate(self.found):
            running[self.start(session, mutant)] = number
            if len(running) == os.cpu_count():
                ended(running, ends)
        while running:
            ended(running, ends)
        self.died = [ends[number] for number in range(len(self.found))]
        return True

    def start(self, session: pytest.Session, mutant: Mutant) -> int:
        """Try one in a fork, and give its process."""
        process = os.fork()
        if not process:
            resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
            signal.alarm(WAITING)
            noticed = True
            try:
                install(mutant)
                noticed = is_noticed(session, self)
            finally:
                os._exit(noticed)
        return process


def ended(running: dict[int, int], ends: dict[int, bool]) -> None:
    """Wait for one of the forks, and note how it ended."""
    process, status = os.wait()
    ends[running.pop(process)] = status != 0


def is_noticed(session: pytest.Session, attack: Attack) -> bool:
    """Whether a hostile file is not refused as it should be, or a test fails."""
    if not all_refused(attack):
        return True
    for item, following in pairwise([*session.items, None]):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def all_refused(attack: Attack) -> bool:
    """Whether each hostile file is still refused for its reason."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        for name, content, reason in attack.hostile:
            path = Path(folder) / "hostile"
            if name.startswith("idx"):
                path = put_among_others(path.with_name("set"), content)
            else:
                path.write_bytes(content)
            try:
                attack.read(path)
            except InputError as error:
                if re.search(reason, str(error)) is None:
                    return False
            else:
                return False
    return True


def put_among_others(folder: Path, images: bytes) -> Path:
    """A set of digits whose training images are these."""
    folder.mkdir(exist_ok=True)
    for name, blob in {**small_sets(), "train-images-idx3-ubyte": images}.items():
        (folder / name).write_bytes(blob)
    return folder


if __name__ == "__main__":
    for module in sys.argv[1:]:
        killed, survivors = measured(module)
        print(f"{module}: {of(killed, killed + len(survivors))}", *survivors, sep="\n    ", flush=True)
