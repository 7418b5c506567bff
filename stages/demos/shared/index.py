"""The demonstrations, in the order of the book.

A demonstration is two files: a module with a function ``run``, whose parameters become the flags of its command, and
beside it a table with its texts, its section and place in the book, and an example of the command.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.resources import files
from typing import Any, NamedTuple, cast

from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.texts import Say, Text, table


class Entry(NamedTuple):
    """One demonstration: its command, its section in the book, and an example of the command."""

    name: str
    section: Text
    example: str

    @property
    def line(self) -> Text:
        """What it shows, in one sentence."""
        return Say(self.name)("line")


def _entries() -> tuple[Entry, ...]:
    found = (path.name for path in files("nndigits.stages.demos").iterdir())
    names = [name.removesuffix(".json").replace("_", "-") for name in found if name.endswith(".json")]
    names.sort(key=lambda name: list(table(name)["place"]))
    return tuple(Entry(name, Say(name)("section"), str(table(name)["example"])) for name in names)


DEMOS = _entries()
BY_NAME = {entry.name: entry for entry in DEMOS}


def source(name: str) -> str:
    """Return the module of a demonstration, by its name in the package."""
    return f"stages.demos.{name.replace('-', '_')}"


def load(name: str) -> Callable[..., Demo]:
    """Import a demonstration and return its function ``run``, which then checks its arguments.

    BLAS uses one thread while it runs, because the last bits of trained weights depend on the number of threads.
    """
    run = import_module(f"nndigits.{source(name)}").run

    @wraps(run)
    def with_one_thread(**arguments: Any) -> Demo:
        from threadpoolctl import threadpool_limits

        for parameter, value in arguments.items():
            for given in getattr(run.__annotations__.get(parameter), "__metadata__", ()):
                given.check(parameter, value)
        with threadpool_limits(1, "blas"):
            return cast(Demo, run(**arguments))

    return with_one_thread
