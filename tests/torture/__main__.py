"""Run sections of attacks, print a row for each result, and exit with 1 if a target is missed.

PYTHONPATH=tests python -m torture                # the gate: two minutes and a half
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
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, repeat
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import torture
from torture.harness.results import COLUMNS, Result, Size, markdown
from torture.harness.run import PLAIN, SETTINGS

WIDTHS = (2, 66, 34, 18, 9, 6)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen sections; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m torture", description="Attack the project, and measure what holds."
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="letters; all sections by default")
    parser.add_argument("--long", action="store_true", help="as before a release: many more attacks of each kind")
    parser.add_argument("--workers", type=int, default=1, help="modules at the same time")
    parser.add_argument("--table", type=Path, help="also write the table, as Markdown, to this file")
    options = parser.parse_args(arguments)
    table = options.table and options.table.absolute()
    chosen = [module for module in sections() if not options.sections or module.SECTION in options.sections]
    if unknown := set(options.sections) - {module.SECTION for module in chosen}:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    _print_row(COLUMNS)
    started, size = time.perf_counter(), "long" if options.long else "gate"
    if options.workers > 1:
        alone = importlib.import_module("torture.__main__")._run_alone  # by the name that a new process can import
        with ProcessPoolExecutor(options.workers, get_context("spawn"), max_tasks_per_child=1) as pool:
            names = [module.__name__ for module in chosen]
            results = [*chain.from_iterable(pool.map(alone, names, repeat(size)))]
    else:
        results = _run(chosen, size)
    if table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(markdown(results))
    missed = [result for result in results if result.met is False]
    skipped = sum(result.met is None for result in results)
    seconds = time.perf_counter() - started
    print(f"{len(results)} targets in {seconds:.0f} s: {len(missed)} missed, {skipped} not tried")
    for result in missed:
        print(f"missed: {result.section}  {result.attack}: {result.found}, target {result.target}")
    return 1 if missed or not results else 0


def sections() -> list[ModuleType]:
    """Return the modules of all sections, sorted by letter."""
    names = [module.name for module in pkgutil.walk_packages(torture.__path__, "torture.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    return sorted((module for module in modules if hasattr(module, "SECTION")), key=lambda module: module.SECTION)


def _run_alone(name: str, size: Size) -> list[Result]:
    """Run a module in a process of its own."""
    return _run([importlib.import_module(name)], size)


def _run(modules: Sequence[ModuleType], size: Size) -> list[Result]:
    """Run one module after the other."""
    with _plain_environment():
        return list(_results(modules, size))


def _results(modules: Sequence[ModuleType], size: Size) -> Iterator[Result]:
    """Yield the results of the modules, and print each."""
    for module in modules:
        command = f"PYTHONPATH=tests python -m torture {'--long ' if size == 'long' else ''}{module.SECTION}"
        started = time.perf_counter()
        for result in _guarded(module, size):
            now = time.perf_counter()
            timed = replace(result, command=result.command or command, seconds=result.seconds or now - started)
            _print_row(timed.cells)
            yield timed
            started = time.perf_counter()


def _guarded(module: ModuleType, size: Size) -> Iterator[Result]:
    """Yield the results of a module; an exception in it is a target that is missed."""
    try:
        yield from module.results(size)
    except Exception as error:
        traceback.print_exc()
        attack = f"{module.__name__} runs to its end"
        yield Result(module.SECTION, attack, f"{type(error).__name__}: {error}"[:60], "no error", met=False)


@contextmanager
def _plain_environment() -> Iterator[None]:
    """Use a temporary folder, an empty cache, no colours, and no settings of the user who runs this."""
    before, here = dict(os.environ), os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for name in SETTINGS:
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
