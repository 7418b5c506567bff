"""Run the sections, print a row a figure, and end with 1 where one is not met.

PYTHONPATH=tests python -m torture                # the gate: three minutes
PYTHONPATH=tests python -m torture --long A B     # two sections, as before a release
"""

import argparse
import importlib
import os
import pkgutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import torture
from torture.figures import COLUMNS, Figure, Size, markdown

PLAIN = {"_TYPER_FORCE_DISABLE_TERMINAL": "1", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
OURS = ("NN_MNIST_DIR", "NN_MIRRORS", "NN_DEBUG", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")
WIDTHS = (2, 66, 34, 18, 9, 6)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m torture", description="Attack the project, and count what holds.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="letters; all of them if none is named")
    parser.add_argument("--long", action="store_true", help="as before a release: many more of each")
    parser.add_argument("--table", type=Path, help="write the table, as Markdown, to this file too")
    asked = parser.parse_args(arguments)
    table = asked.table and asked.table.absolute()
    chosen = [module for module in sections() if not asked.sections or module.SECTION in asked.sections]
    if unknown := set(asked.sections) - {module.SECTION for module in chosen}:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    _print_row(COLUMNS)
    with _plain_place():
        found = list(_run(chosen, "long" if asked.long else "gate"))
    if table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(markdown(found))
    missed = [figure for figure in found if figure.met is False]
    skipped = sum(figure.met is None for figure in found)
    seconds = sum(figure.seconds for figure in found)
    print(f"{len(found)} figures in {seconds:.0f} s: {len(missed)} not met, {skipped} could not be tried here")
    return 1 if missed or not found else 0


def sections() -> list[ModuleType]:
    """The modules that have figures, by their letters."""
    names = [module.name for module in pkgutil.iter_modules(torture.__path__) if module.name != "__main__"]
    modules = [importlib.import_module(f"torture.{name}") for name in names]
    return sorted((module for module in modules if hasattr(module, "figures")), key=lambda module: module.SECTION)


def _run(modules: Sequence[ModuleType], size: Size) -> Iterator[Figure]:
    """Run one module after the other; one that breaks is a figure that is not met."""
    for module in modules:
        command = f"PYTHONPATH=tests python -m torture {'--long ' if size == 'long' else ''}{module.SECTION}"
        started = time.perf_counter()
        for figure in _guarded(module, size):
            now = time.perf_counter()
            whole = replace(figure, command=figure.command or command, seconds=figure.seconds or now - started)
            _print_row(whole.cells)
            yield whole
            started = time.perf_counter()


def _guarded(module: ModuleType, size: Size) -> Iterator[Figure]:
    try:
        yield from module.figures(size)
    except Exception as error:
        traceback.print_exc()
        what = f"{module.__name__} runs to its end"
        yield Figure(module.SECTION, what, f"{type(error).__name__}: {error}"[:60], "no error", met=False)


@contextmanager
def _plain_place() -> Iterator[None]:
    """A folder of its own, an empty cache, no colours, and none of the settings of the person who runs this."""
    before, here = dict(os.environ), os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for name in OURS:
            os.environ.pop(name, None)
        os.environ.update(PLAIN, XDG_CACHE_HOME=f"{folder}/cache", HOME=folder)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


def _print_row(cells: Sequence[str]) -> None:
    print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
