"""Printing: results on stdout, everything else on stderr."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.cli.flags.options import ARTIFACTS, DATA, WEIGHTS
from nn.stages.store.environment import USUAL_FOLDER

if TYPE_CHECKING:
    from rich.table import Table

Report = Any

PLAIN = str.maketrans("─═│║┌┐└┘├┤┬┴┼▶●○░·×•–", "--||+++++++++>@o:.x*-") | str.maketrans(
    {"²": "^2", "σ": "sigma", "√": "sqrt ", "±": "+-"}
)
"""ASCII replacements for characters that the encoding does not have."""


class Output:
    """Printer for a command's output, as its --json and --quiet require."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def result(self, report: Report, render: Callable[["Output"], None]) -> None:
        """Print the report of a stage, as one JSON document or by ``render``."""
        from nn.stages.store.reports import plain, to_json

        if self.as_json:
            _print(to_json(plain(report)))
        else:
            render(self)

    def line(self, text: str = "") -> None:
        """Print a line of the result."""
        _print(text, to_stderr=self.as_json)

    def step(self, text: str) -> None:
        """Print a line of progress that stays on the screen, such as the accuracy after an epoch."""
        if not self.quiet:
            self.line(text)

    def table(self, table: "Table") -> None:
        """Print a table as part of the result."""
        self.line("\n".join(table_lines(table)))

    def note(self, text: str) -> None:
        """Print a hint on stderr."""
        if not self.quiet:
            _print(text, to_stderr=True)

    def warn(self, text: str) -> None:
        """Print a warning on stderr, even with --quiet."""
        _print(text, to_stderr=True)

    @property
    def shows_progress(self) -> bool:
        """Whether to draw a progress bar: stderr is a terminal, and --quiet is not given."""
        return not self.quiet and sys.stderr.isatty()


def open_streams() -> None:
    """Replace standard streams that the caller closed (``>&-``), before another file gets their descriptors.

    Printing to the replaced stdout fails, as on a full disk. Output to the replaced stderr is discarded.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(("stdin", "stdout", "stderr")):
        pass
    os.close(descriptor)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def fail(message: str) -> None:
    """Print an error on stderr, in one line."""
    _print(f"nn: {one_line(message)}", to_stderr=True)


def one_line(text: str) -> str:
    """Escape control characters and line breaks: file names may contain any character."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def program() -> str:
    """Return what runs this program with this folder of artifacts, for hints."""
    return f"{_called()}{_folder()}"


def in_folder(message: str) -> str:
    """Return a message whose commands, such as `nn fetch`, use this folder of artifacts."""
    return message.replace("`nn ", f"`nn{_folder()} ")


def _folder() -> str:
    return "" if ARTIFACTS == USUAL_FOLDER else f" --artifacts {shlex.quote(str(ARTIFACTS))}"


def _called() -> str:
    """Return the name or path that runs this program, for hints: `nn` if that is found on the PATH."""
    called = sys.argv[0]
    found = shutil.which("nn")
    try:
        if found and Path(found).resolve() == Path(called).resolve():
            return "nn"
        return os.path.relpath(called) if Path(called).is_relative_to(Path.cwd()) else called
    except OSError:  # the working directory no longer exists
        return called


def call(command: str, *files: Path, weights: Sequence[Path] = (WEIGHTS,), data: Path = DATA) -> str:
    """Format a command line with these files, for hints; default weights and data are left out."""
    words = list(map(str, files))
    if list(weights) != [WEIGHTS]:
        words += [word for path in weights for word in ("--weights", str(path))]
    if data != DATA:
        words += ["--data", str(data)]
    return " ".join([program(), command, *map(shlex.quote, words)])


def table(*columns: str) -> "Table":
    """Create a table without borders; the first column is aligned left, the others right."""
    from rich.table import Table

    new = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for number, column in enumerate(columns):
        new.add_column(column, justify="right" if number else "left", no_wrap=True)
    return new


def table_lines(table: "Table") -> list[str]:
    """Return the lines of a table."""
    from rich.console import Console

    # Wider than most terminals: a wrapped line can still be read, a truncated one cannot.
    console = Console(width=200, highlight=False, markup=False, emoji=False, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def side_by_side(blocks: Iterable[list[str]], gap: str = "  ") -> list[str]:
    """Join blocks of the same number of lines, left to right."""
    return [gap.join(parts) for parts in zip(*blocks, strict=True)]


@contextmanager
def _to_stdout() -> Iterator[None]:
    """Turn an error on stdout, such as a full disk or a closed pipe, into a WorldError."""
    from nn.stages.store.errors import WorldError

    try:
        yield
    except OSError as error:
        raise WorldError(f"stdout: {(error.strerror or str(error)).lower()}") from None


def _print(text: str, *, to_stderr: bool = False) -> None:
    safe = "\n".join(one_line(part) for part in text.split("\n"))
    stream = sys.stderr if to_stderr else sys.stdout
    encoding = stream.encoding or "ascii"
    try:
        safe.encode(encoding)
    except UnicodeEncodeError:
        safe = safe.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    if to_stderr:
        try:
            print(safe, file=stream, flush=True)
        except OSError:  # a message that cannot be printed is dropped; the command goes on
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    else:
        with _to_stdout():
            print(safe, file=stream, flush=True)
