"""The standard streams: closed ones, a stdout that cannot be written, and a reader of stdout that has left."""

import io
import os
import select
import sys
from contextlib import suppress
from typing import Any

from nndigits.stages.store.errors import WorldError

READER_LEFT = 141
"""The exit code when the reader of stdout has left early, as in `nn demo | head`: that of a tool that SIGPIPE ends."""


def open_streams() -> None:
    """Replace standard streams that the caller closed (``>&-``), before another file gets their descriptors.

    Printing to a replaced stdout fails, as on a full disk. Output to a replaced stderr is discarded.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(("stdin", "stdout", "stderr")):
        pass
    os.close(descriptor)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    with suppress(io.UnsupportedOperation):  # of a stream without a descriptor, in memory
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(Stdout(sys.stdout.fileno(), "wb", closefd=False)),
            sys.stdout.encoding,
            "backslashreplace",  # whoever prints, Typer too: no character can end the program
            line_buffering=sys.stdout.isatty(),
        )


class Stdout(io.FileIO):
    """The descriptor of stdout, on which an error is one of the world, whoever prints. A reader may leave."""

    def write(self, data: Any, /) -> int:
        """Write, waiting where the descriptor does not block; raises WorldError, or BrokenPipeError."""
        try:
            while (count := super().write(data)) is None:
                select.select([], [self], [])
        except BrokenPipeError:
            raise
        except OSError as error:
            raise WorldError(f"stdout: {(error.strerror or str(error)).lower()}") from None
        return count


def flush_stdout() -> None:
    """Flush stdout; raises WorldError where that fails, after which nothing is printed. A reader may have left."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
    except WorldError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def drop_stdout() -> None:
    """Send what is printed from now on to nowhere: the reader of stdout has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stdout = Nowhere()


def reader_left() -> bool:
    """Whether the reader of stdout has left; what was printed after that is lost."""
    return isinstance(sys.stdout, Nowhere)


class Nowhere(io.StringIO):
    """A stdout without a reader: what is written is lost."""

    def write(self, text: str) -> int:
        """Drop the text."""
        return len(text)
