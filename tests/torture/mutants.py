"""The readers with one thing in them changed, again and again: do the tests notice?

A mutant has another comparison, another number, ``and`` for ``or``, a refusal left out. The tests of the module run on
each, in a fork, and stop at the first that fails; a mutant on which none fails has survived.

    PYTHONPATH=tests python -m torture.mutants npz            # one module, its survivors as lines
"""

import ast
import copy
import importlib
import io
import os
import re
import signal
import sys
import tempfile
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from support import REPOSITORY

from torture.door import memory
from torture.figures import Figure, Size, of

SECTION = "J"
WANTED = 0.95
PATIENCE = 60
"""Seconds after which a mutant counts as noticed: it hangs."""

ARTIFACTS, SETS, PICTURES = "artifacts", "sets of digits", "pictures"
TESTS = {
    "npz": (ARTIFACTS, ("test_npz",)),
    "store": (ARTIFACTS, ("test_store", "test_files")),
    "schema": (ARTIFACTS, ("test_store", "test_files")),
    "kinds": (ARTIFACTS, ("test_store", "test_files")),
    "baseline_kinds": (ARTIFACTS, ("test_store", "test_files")),
    "files": (ARTIFACTS, ("test_files", "test_store")),
    "idx": (SETS, ("test_idx", "test_sources")),
    "keras": (SETS, ("test_idx", "test_sources")),
    "readers": (SETS, ("test_sources",)),
    "pictures": (PICTURES, ("test_files", "test_pictures")),
}
"""Of each module: which hostile files are tried first, and the tests that run if all of them are refused."""

QUICK = "not server and not mirror and not cache and not refused_with_the_reason"
HEAVY = ("numpy", "pytest", "scipy.linalg.blas", "sklearn.datasets", "threadpoolctl", "PIL.Image", "typer.testing")
hostile: list[tuple[bytes, str]] = []
"""What the mutants of a process are tried on: bytes, and the reason for which they are refused."""

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.Mod: ast.Mult}

EQUIVALENT = {
    "idx.py: 31 -> 32": "zlib finds out by itself that it is gzip, which has been looked at before",
    "idx.py: 16 -> 17": "how much is unpacked at once changes the time alone",
    "idx.py: 4 -> 5": "more of the stream than its header is unpacked, and passed over",
    "idx.py: found > expected -> found >= expected": "they are never equal there",
}
"""Mutants that no test can tell from the original, and why."""


@dataclass(frozen=True)
class Mutant:
    """One change: the module, which change of it, and how it reads."""

    module: str
    number: int
    words: str


def figures(size: Size) -> Iterator[Figure]:
    """In the long run: a figure a module."""
    if size == "gate":
        return
    for module in TESTS:
        found = [mutant for mutant in mutants(module) if mutant.words not in EQUIVALENT]
        survivors = [mutant for mutant, died in zip(found, fates(module, found), strict=True) if not died]
        for survivor in survivors:
            print("    survived:", survivor.words)
        killed = len(found) - len(survivors)
        met = killed >= WANTED * len(found)
        yield Figure(
            SECTION, f"mutants of stages/{module}.py noticed by its tests", of(killed, len(found)), f"{WANTED:.0%}", met
        )


def mutants(module: str) -> list[Mutant]:
    """All mutants of a module."""
    return [Mutant(module, number, f"{module}.py: {words}") for number, (words, _) in enumerate(changed(module))]


def changed(module: str) -> Iterator[tuple[str, ast.Module]]:
    """Each change of a module: how it reads, and the whole tree with it."""
    original = ast.parse((REPOSITORY / "stages" / f"{module}.py").read_text())
    for place, node in enumerate(ast.walk(original)):
        for number in range(len(list(changes(node)))):
            tree = copy.deepcopy(original)
            target = list(ast.walk(tree))[place]
            before = ast.unparse(target)
            for step, apply in enumerate(changes(target)):
                if step == number:
                    apply()
                    break
            yield " ".join(f"{before} -> {ast.unparse(target)}".split())[:160], ast.fix_missing_locations(tree)


def changes(node: ast.AST) -> Iterator[object]:
    """What can be changed in a node, as functions that do it."""
    if isinstance(node, ast.Compare):
        for position, operator in enumerate(node.ops):
            yield lambda position=position, operator=operator: node.ops.__setitem__(
                position, COMPARISONS[type(operator)]()
            )
    elif isinstance(node, ast.BoolOp):
        yield lambda: setattr(node, "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not isinstance(node.left, ast.JoinedStr):
        if not any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right)):
            yield lambda: setattr(node, "op", OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield lambda: setattr(node, "value", node.value + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda: setattr(node, "op", ast.UAdd())
    elif isinstance(node, ast.If):
        yield lambda: setattr(node, "test", ast.Constant(False))
    elif isinstance(node, ast.Raise) and node.exc is not None:
        yield lambda: (setattr(node, "exc", ast.Name("ValueError", ast.Load())), setattr(node, "cause", None))


def fates(module: str, found: list[Mutant]) -> list[bool]:
    """Whether each mutant dies."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), prepare, (TESTS[module][0],)) as pool:
        return list(pool.map(dies, found))


def prepare(sort: str) -> None:
    """Have the hostile files ready, made in a process of their own: this one must not know the modules yet."""
    for name in HEAVY:
        importlib.import_module(name)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        hostile.extend(pool.submit(made, sort).result())


def made(sort: str) -> list[tuple[bytes, str]]:
    """The hostile files of a sort."""
    from torture import hostile
    from torture.foreign import input_cases
    from torture.pictures import picture_cases

    cases = {ARTIFACTS: hostile.cases, SETS: input_cases, PICTURES: picture_cases}[sort]()
    return [(case.name.encode() + b"\n" + case.make(), case.reason) for case in cases if not case.heavy]


def dies(mutant: Mutant) -> bool:
    """Whether anything fails on the mutant."""
    process = os.fork()
    if not process:
        signal.alarm(PATIENCE)
        code = 1
        try:
            install(mutant)
            sort, tests = TESTS[mutant.module]
            code = int(not all_refused(sort)) or fails(tests)
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status) != 0


def install(mutant: Mutant) -> None:
    """Put the mutant in the place of its module."""
    tree = next(tree for number, (_, tree) in enumerate(changed(mutant.module)) if number == mutant.number)
    name = f"nn.stages.{mutant.module}"
    loader = importlib.util.find_spec(name).loader.__class__
    path = str(REPOSITORY / "stages" / f"{mutant.module}.py")
    loader.get_code = replaced(loader.get_code, name, compile(tree, path, "exec"))


def all_refused(sort: str) -> bool:
    """Whether each hostile file is still refused for its reason."""
    from nn.stages import pictures, readers, show
    from nn.stages.errors import InputError

    read = {ARTIFACTS: show.show, SETS: readers.from_path, PICTURES: pictures.load}[sort]
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        for blob, reason in hostile:
            path = Path(folder) / "hostile"
            name, content = blob.split(b"\n", 1)
            if name.startswith(b"idx"):
                path = put_among_others(path.with_name("set"), content)
            else:
                path.write_bytes(content)
            try:
                read(path)
            except InputError as error:
                if re.search(reason, str(error)) is None:
                    return False
            else:
                return False
    return True


def put_among_others(folder: Path, images: bytes) -> Path:
    """A set of digits whose training images are these."""
    from torture.foreign import small_sets

    folder.mkdir(exist_ok=True)
    for name, blob in {**small_sets(), "train-images-idx3-ubyte": images}.items():
        (folder / name).write_bytes(blob)
    return folder


def fails(tests: Sequence[str]) -> int:
    """Whether one of the tests fails, as an exit code."""
    import pytest

    os.chdir(REPOSITORY)
    files = [str(REPOSITORY / "tests" / f"{test}.py") for test in tests]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", QUICK, *files]))


def replaced(get_code: object, name: str, code: types.CodeType) -> object:
    """A loader's ``get_code`` that gives the mutant for this one module."""
    return lambda loader, fullname: code if fullname == name else get_code(loader, fullname)


if __name__ == "__main__":
    for module in sys.argv[1:]:
        found = [mutant for mutant in mutants(module) if mutant.words not in EQUIVALENT]
        ends = fates(module, found)
        print(module, of(sum(ends), len(found)))
        for one, died in zip(found, ends, strict=True):
            if not died:
                print("   ", one.words)
