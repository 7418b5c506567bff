"""What a person sees: results on stdout, everything else on stderr."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.cli.flags.options import DATA, WEIGHTS

if TYPE_CHECKING:
    from rich.table import Table

Report = Any

PLAIN = str.maketrans("─═│║┌┐└┘├┤┬┴┼▶●○░·×•–", "--||+++++++++>@o:.x*-") | str.maketrans(
    {"²": "^2", "σ": "sigma", "√": "sqrt ", "±": "+-"}
)
"""What stands for a letter or a line where it does not print."""


class Output:
    """Where a command's words go, by its --json and --quiet."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def result(self, report: Report, render: Callable[["Output"], None]) -> None:
        """Print a stage's report: as one JSON document, or as ``render`` tells it."""
        from nn.stages.store.reports import plain, to_json

        if self.as_json:
            _print(to_json(plain(report)))
        else:
            render(self)

    def line(self, text: str = "") -> None:
        """Print a line of the result."""
        _print(text, to_stderr=self.as_json)

    def step(self, text: str) -> None:
        """Print a line of what is happening that is worth keeping, such as an epoch's figures."""
        if not self.quiet:
            self.line(text)

    def table(self, table: "Table") -> None:
        """Print a table of the result."""
        self.line("\n".join(table_lines(table)))

    def note(self, text: str) -> None:
        """Say something helpful on stderr."""
        if not self.quiet:
            _print(text, to_stderr=True)

    def warn(self, text: str) -> None:
        """Say on stderr what must not be missed."""
        _print(text, to_stderr=True)

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar is wanted and can be drawn."""
        return not self.quiet and sys.stderr.isatty()


def open_streams() -> None:
    """Stand in for what the caller closed (``>&-``), before a file can take its number.

    What is printed to a stdout that is not there fails, as on a full disk; what is said on stderr goes nowhere.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(("stdin", "stdout", "stderr")):
        pass
    os.close(descriptor)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def fail(message: str) -> None:
    """Say on stderr, in one line, what went wrong."""
    _print(f"nn: {one_line(message)}", to_stderr=True)


def one_line(text: str) -> str:
    """Write what a terminal might act on, or would break the line, as an escape: file names come from anywhere."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def program() -> str:
    """How the reader can call nn again, for hints: by its name where that finds it."""
    called = sys.argv[0]
    found = shutil.which("nn")
    try:
        if found and Path(found).resolve() == Path(called).resolve():
            return "nn"
        return os.path.relpath(called) if Path(called).is_relative_to(Path.cwd()) else called
    except OSError:  # the folder where we are is there no more
        return called


def call(command: str, *files: Path, weights: Sequence[Path] = (WEIGHTS,), data: Path = DATA) -> str:
    """How to call a command with these files, for hints: weights and data that it takes by itself are not named."""
    words = list(map(str, files))
    if list(weights) != [WEIGHTS]:
        words += [word for path in weights for word in ("--weights", str(path))]
    if data != DATA:
        words += ["--data", str(data)]
    return " ".join([program(), command, *map(shlex.quote, words)])


def table(*columns: str) -> "Table":
    """Make a plain table, narrow enough for 80 columns: names to the left, numbers to the right."""
    from rich.table import Table

    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", no_wrap=True)
    return made


def table_lines(table: "Table") -> list[str]:
    """A table as text."""
    from rich.console import Console

    # Wider than most terminals: a line that wraps can be read, one that is cut can not.
    console = Console(width=200, highlight=False, markup=False, emoji=False, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def side_by_side(blocks: Iterable[list[str]], gap: str = "  ") -> list[str]:
    """Lay blocks of equally many lines next to each other."""
    return [gap.join(parts) for parts in zip(*blocks, strict=True)]


@contextmanager
def _to_stdout() -> Iterator[None]:
    """Turn a failing stdout into an error of the world: a full disk, a pipe that was closed."""
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
        except OSError:  # what cannot be said is not, and nothing else is wrong
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    else:
        with _to_stdout():
            print(safe, file=stream, flush=True)
