"""Mutation testing of the modules that read files: does a test fail for each mutant?

Each mutant is imported in place of its module in a forked child, which runs the tests of the module up to the first
failure. A mutant on which no test fails has survived.

This is not mutmut, because 8 % of its mutants survive, mostly equivalent ones in texts. It is not cosmic-ray, because
that starts a process for each of some thousand mutants, which takes hours.

    PYTHONPATH=tests python -m torture.source_code.mutation_testing store/npz    # one module and its survivors
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType

import pytest
from support import REPOSITORY

from torture.harness.child import Child, run_in_parallel
from torture.harness.folders import warm
from torture.harness.results import Result, Size, of
from torture.source_code.equivalent import EQUIVALENT
from torture.source_code.operators import Mutant, mutants, tree

SECTION = "J"
TARGET = 0.95
SECONDS = 240
"""Limit for the tests of a mutant, which is interrupted after a quarter of it; a mutant that hangs is killed."""

TESTS = {
    "store/npz": ("store/test_npz", "store/test_hostile"),
    "store/artifacts": ("store/test_artifacts", "store/test_files", "store/test_hostile"),
    "store/metadata": ("store/test_artifacts", "store/test_files", "store/test_hostile"),
    "store/schema": ("store/test_artifacts", "store/test_files", "store/test_hostile"),
    "store/kinds": ("store/test_artifacts", "store/test_files", "store/test_hostile"),
    "store/baseline_kinds": ("store/test_artifacts", "store/test_files", "store/test_hostile"),
    "store/files": ("store/test_files", "store/test_artifacts", "store/test_hostile"),
    "parsing/patterns": ("parsing/test_patterns", "store/test_hostile"),
    "parsing/json_text": ("parsing/test_texts", "store/test_hostile"),
    "parsing/csv_text": ("parsing/test_texts",),
    "parsing/toml_text": ("parsing/test_texts",),
    "datasets/idx": ("datasets/test_idx", "store/test_hostile", "downloads/test_download"),
    "datasets/keras": ("datasets/test_keras", "store/test_hostile", "downloads/test_download"),
    "datasets/zip_members": ("datasets/test_keras", "downloads/test_archives", "store/test_hostile"),
    "datasets/labelled_npz": ("datasets/test_labelled_npz",),
    "datasets/known_files": ("downloads/test_download", "datasets/test_known_sets"),
    "datasets/loaders": ("downloads/test_download", "datasets/test_known_sets", "store/test_hostile"),
    "classifiers/decoding": ("store/test_files", "classifiers/test_pictures", "store/test_hostile"),
    "classifiers/pictures": ("store/test_files", "classifiers/test_pictures", "store/test_hostile"),
}
"""The tests of each module."""

HOSTILE = ("torture.hostile.corpus", "torture.inputs.refusal")
"""Modules that make the hostile files. They are imported before the mutants, so that the original code makes them."""

SLOW = ("server", "mirror", "cache")
"""Words in the names of slow tests that are about none of these modules."""


def results(size: Size) -> Iterator[Result]:
    """In the long run: one result for each module."""
    if size == "gate":
        return
    for module in TESTS:
        killed, survivors = measure(module)
        for survivor in survivors:
            print("    survived:", survivor)
        total = killed + len(survivors)
        what = f"mutants of stages/{module}.py killed by its tests"
        yield Result(SECTION, what, of(killed, total), f"{TARGET:.0%}", killed >= TARGET * total)


def measure(module: str) -> tuple[int, list[str]]:
    """Return the number of mutants that are killed, and the changed lines of the survivors."""
    warm()
    for name in HOSTILE:
        import_module(name)
    found = [mutant for mutant in mutants(module) if mutant.line not in EQUIVALENT]
    with tempfile.TemporaryDirectory() as folder:
        unchanged = Child([], Path(folder), main=partial(run_tests, module)).wait(SECONDS)
        if unchanged.code:
            raise RuntimeError(f"the tests of {module} fail without a mutant: {unchanged.out[-2000:]}")
        starts = [
            partial(Child, [mutant.line], Path(folder), main=partial(run_tests, module, mutant)) for mutant in found
        ]
        survivors = [
            child.arguments[0]
            for child in run_in_parallel(starts, SECONDS, os.cpu_count() or 1)
            if child.outcome is not None and not child.outcome.code
        ]
    return len(found) - len(survivors), survivors


def run_tests(module: str, mutant: Mutant | None = None) -> None:
    """Import the project again, with the mutant in place of its module, and exit with pytest's code."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a mutant of `os.kill(pid, 0)` sends it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("nndigits", "support", "small")]:
        del sys.modules[name]
    if mutant is not None:
        sys.meta_path.insert(0, MutantFinder(mutant))
    tests = [str(REPOSITORY / "tests" / "stages" / f"{test}.py") for test in TESTS[module]]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(REPOSITORY)]
    configuration = str(REPOSITORY / "pyproject.toml")
    sys.exit(int(pytest.main([*options, "-c", configuration, *tests], plugins=[Selection()])))


class MutantFinder:
    """An import hook that finds a mutant under the name of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant, self.name = mutant, f"nndigits.stages.{mutant.module.replace('/', '.')}"

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        """Return the mutant's spec, or None for all other modules."""
        file = str(REPOSITORY / "stages" / f"{self.mutant.module}.py")
        return spec_from_loader(name, MutantLoader(name, file, self.mutant)) if name == self.name else None


class MutantLoader(SourceFileLoader):
    """Compile a mutant instead of its file."""

    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, name: str) -> CodeType:
        """Return the mutant's code."""
        return compile(tree(self.mutant), self.path, "exec")


class Selection:
    """A pytest plugin that leaves out slow tests, and tests that run the command in another process."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that can notice a mutant."""
        items[:] = [
            item
            for item in items
            if not {"nn", "mnist"} & set(getattr(item, "fixturenames", ()))
            and not any(word in item.name for word in SLOW)
        ]


if __name__ == "__main__":
    for module in sys.argv[1:]:
        killed, survivors = measure(module)
        print(f"{module}: {of(killed, killed + len(survivors))}", *survivors, sep="\n    ", flush=True)
