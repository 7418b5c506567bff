"""The source code: banned calls, and mutation testing of the modules that read files.

Each mutant is imported in place of its module in a forked child, which runs the tests of the module up to the first
failure. A mutant on which no test fails has survived. This is not mutmut, because 8 % of its mutants survive, mostly
equivalent ones in texts, and not cosmic-ray, because that starts a process for each mutant, which takes hours.

    PYTHONPATH=tests python -m torture.source_code store/npz    # one module and its survivors
"""

import ast
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType

import pytest
from support import REPOSITORY

from torture.harness.folders import warm
from torture.harness.results import Result, Size, of
from torture.harness.run import Child, run_in_parallel

SECTION = "J"
ROOMS = ("cli", "stages", "models")

BANNED = {
    r"^\s*(import|from) (pickle|shelve|marshal|zipfile|dill)\b": (),
    r"\bjoblib\.(load|dump)|\bfrom joblib import": (),
    r"\bnp\.(load|save|savez|fromfile|memmap)\b|\.tofile\(|allow_pickle": (),
    r"(?<![.\w])(eval|exec|compile|__import__)\(": (),
    r"shell=True|os\.system\(|os\.popen\(": (),
    r"\bopen\([^)]*['\"][wax]b?\+?['\"]|\.write_(text|bytes)\(": ("stages/system/atomic.py",),
    r"\bos\.(replace|rename|unlink|remove)\(": ("stages/system/atomic.py", "stages/system/locks.py"),
}
"""Patterns that must not occur in the code, and the files in which they may."""


def results(size: Size) -> Iterator[Result]:
    """Banned calls; in the long run also the mutants of each module."""
    yield banned()
    if size == "gate":
        return
    for module in TESTS:
        killed, survivors = measure(module)
        for survivor in survivors:
            print("    survived:", survivor)
        total = killed + len(survivors)
        what = f"mutants of stages/{module}.py killed by its tests"
        yield Result(SECTION, what, of(killed, total), f"{TARGET:.0%}", killed >= TARGET * total)


def banned() -> Result:
    """Search the code for banned calls."""
    found = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for room in ROOMS
        for path in sorted((REPOSITORY / room).rglob("*.py"))
        for line in re.sub(r"``[^`]*``", "", path.read_text()).splitlines()
        for pattern, allowed in BANNED.items()
        if re.search(pattern, line) and str(path.relative_to(REPOSITORY)) not in allowed
    ]
    for line in found:
        print("   ", line)
    what = "no pickle, zipfile, np.load, eval, shell; files written by one room"
    return Result(SECTION, what, f"{len(found)} lines", "0", not found)


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
Change = Callable[[], object]


@dataclass(frozen=True)
class Mutant:
    """A module with one change: the number of the change, and the changed line."""

    module: str
    number: int
    line: str


def mutants(module: str) -> list[Mutant]:
    """Return all mutants of a module of ``stages/``."""
    lines, total = source(module).splitlines(), len(list(sites(ast.parse(source(module)))))
    found, file = [], Path(module).with_suffix(".py").name
    for number in range(total):
        node, change = list(sites(ast.parse(source(module))))[number]
        instead = f", not {ast.unparse(node)[6:]}" if isinstance(node, ast.Raise) else ""
        change()
        line = lines[node.lineno - 1]
        behind = line[node.end_col_offset :].split("  #")[0] if node.end_lineno == node.lineno else ""
        after = " ".join((ast.unparse(node) + instead).split())
        found.append(Mutant(module, number, f"{file}: {line[: node.col_offset].lstrip()}{after}{behind}"[:200]))
    return found


def tree(mutant: Mutant) -> ast.Module:
    """Return the syntax tree of a mutant."""
    whole = ast.parse(source(mutant.module))
    list(sites(whole))[mutant.number][1]()
    return ast.fix_missing_locations(whole)


def source(module: str) -> str:
    """Return the source of a module of ``stages/``, such as ``store/npz``."""
    return (REPOSITORY / "stages" / f"{module}.py").read_text()


def sites(whole: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, Change]]:
    """Yield each node that can be changed, with the function that changes it."""
    for node in list(ast.walk(whole)):
        for change in changes(node):
            yield node, change


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of one node."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                yield lambda at=at, operator=operator: node.ops.__setitem__(at, COMPARISONS[type(operator)]())
        case ast.BoolOp():
            yield lambda: setattr(node, "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.BinOp() if type(node.op) in OPERATORS and not any(map(is_text, (node.left, node.right))):
            yield lambda: setattr(node, "op", OPERATORS[type(node.op)]())
        case ast.Constant() if type(node.value) is int:
            yield lambda: setattr(node, "value", node.value + 1)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda: setattr(node, "op", ast.UAdd())
        case ast.If():
            yield lambda: setattr(node, "test", ast.Constant(False))
        case ast.Raise() if node.exc is not None:
            yield lambda: (setattr(node, "exc", ast.Name("ValueError", ast.Load())), setattr(node, "cause", None))


def is_text(node: ast.AST) -> bool:
    """Return whether a node is a text literal, whose ``+`` joins texts."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


EQUIVALENT = {
    "idx.py: return zlib.decompressobj(32)": "zlib then detects the format, and it is known to be gzip",
    'idx.py: more = "more" if found >= expected else f"{found:,}"': "they are never equal at that point",
    "texts.py: raise ValueError, not ValueError(number)": "its message is not used",
    "zip_members.py: content = stream.decompress(content, unpacked + 2)": "one byte too many is enough",
    "decoding.py: if False: from PIL.Image import Image": "only type checkers read it",
    "pictures.py: blob = file.read(MOST_BYTES + 2)": "one byte too many is enough",
    'decoding.py: white = Image.new("L", opened.size, 256)': "Pillow takes it for 255",
    "decoding.py: pixels: Bytes = np.asarray(grey.reduce(factor) if factor >= 1 else grey)": "1 changes nothing",
    "decoding.py: if False: return opened.convert('L')": "an opaque picture on white is the same picture",
}

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
    "store/patterns": ("store/test_patterns", "store/test_hostile"),
    "store/texts": ("store/test_texts", "store/test_hostile"),
    "datasets/idx": ("datasets/test_idx", "store/test_hostile", "downloads/test_download"),
    "datasets/keras": ("datasets/test_keras", "store/test_hostile", "downloads/test_download"),
    "datasets/zip_members": ("datasets/test_keras", "downloads/test_archives", "store/test_hostile"),
    "datasets/labelled_npz": ("datasets/test_labelled_npz",),
    "datasets/known_files": ("downloads/test_download", "datasets/test_known_sets"),
    "datasets/loaders": ("downloads/test_download", "datasets/test_known_sets", "store/test_hostile"),
    "classifiers/decoding": ("classifiers/test_pictures", "store/test_hostile"),
    "classifiers/pictures": ("store/test_files", "classifiers/test_pictures", "store/test_hostile"),
}
"""The tests of each module."""

HOSTILE = "torture.files.refusal"
"""What imports the hostile files. It is imported before the mutants, so that the original code makes them."""

SLOW = ("server", "mirror", "cache")
"""Words in the names of slow tests that are about none of these modules."""


def measure(module: str) -> tuple[int, list[str]]:
    """Return the number of mutants that are killed, and the changed lines of the survivors."""
    warm()
    import_module(HOSTILE)
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
