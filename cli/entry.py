"""The entry point of the installed `nn`.

Ctrl-C during the slow imports ends it without a traceback, and too little memory for them with one line. The folder of
the default paths is known before they are imported.

OpenBLAS, which NumPy and SciPy load, tries again forever or ends the program by itself where it gets no memory. So the
address space that a library takes is reserved, and released again, just before it is imported.
"""

import mmap
import os
import signal
import sys
from importlib.abc import MetaPathFinder
from typing import Any

FOLDER = "--artifacts"

NEEDED = {"numpy": 128, "scipy": 128, "sklearn": 128, "matplotlib": 64}
"""Megabytes of address space: an import takes 80, 91, 76 and 34 as measured, and the first use of a BLAS 32."""

LEFT = 64
"""Megabytes. Where fewer are left, an unexpected error is one of memory."""


def main() -> None:
    """Run the command line; during its imports, Ctrl-C ends the program silently."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # already ignored, as under nohup
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.argv[1:] = take_folder(sys.argv[1:])
    try:
        from nndigits.cli.main import main as run

        run()
    except (MemoryError, ImportError, SyntaxError) as error:
        if not (isinstance(error, MemoryError) or "map segment" in str(error) or not has_memory(LEFT)):
            raise  # a SyntaxError is one of memory where Python has none left to compile with
        # There is not even memory for the code that prints errors.
        os.write(2, b"nn: there is not enough memory to start\n")
        sys.exit(1)


def take_folder(arguments: list[str]) -> list[str]:
    """Move ``--artifacts DIR``, before or behind the command, into ``NN_ARTIFACTS``; return the other arguments.

    Without a folder, return the flag alone, which is then refused as any option without its argument.
    """
    others, rest = [], iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument == "--":
            others += [argument, *rest]
        elif name == FOLDER:
            folder = value if equals else next(rest, "")
            if not folder or (folder.startswith("-") and not equals):
                return [FOLDER]
            os.environ["NN_ARTIFACTS"] = folder
        else:
            others.append(argument)
    return others


class MemoryCheck(MetaPathFinder):
    """Finds no module, but raises MemoryError for a library that has too little memory."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Check the memory for a library."""
        if name in NEEDED and not has_memory(NEEDED[name]):
            raise MemoryError(f"{name} needs {NEEDED[name]} MB")


def check_before_imports() -> None:
    """Check the memory before each import of a large library from now on."""
    if not any(isinstance(finder, MemoryCheck) for finder in sys.meta_path):
        sys.meta_path.insert(0, MemoryCheck())


def has_memory(megabytes: int) -> bool:
    """Return whether so much memory can be reserved."""
    try:
        mmap.mmap(-1, megabytes << 20).close()
    except (OSError, MemoryError):
        return False
    return True
