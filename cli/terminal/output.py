"""Printing: results on stdout, everything else on stderr."""

import io
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nn.cli.flags.options import ARTIFACTS, DATA, WEIGHTS
from nn.cli.terminal.colour import Style, coloured
from nn.cli.terminal.layout import one_line, rows, width, wrap
from nn.cli.terminal.tables import Table
from nn.stages.store.environment import USUAL_FOLDER

Report = Any

READER_LEFT = 141
"""The exit code when the reader of stdout has left early, as in `nn demo | head`: that of a tool that SIGPIPE ends."""

PLAIN = str.maketrans("─═│║┌┐└┘├┤┬┴┼▶●○░·×•–…", "--||+++++++++>@o:.x*-~") | str.maketrans(
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
        """Print a line of the result as it is."""
        _print(text, to_stderr=self.as_json)

    def prose(self, text: str) -> None:
        """Print sentences of the result, wrapped between words; with --quiet, on one line for a script."""
        if self.quiet:
            self.line(text)
        else:
            self._lines(wrap(text, width()))

    def step(self, text: str) -> None:
        """Print a line of progress that stays on the screen, such as the accuracy after an epoch."""
        if not self.quiet:
            self.line(text)

    def table(self, table: Table) -> None:
        """Print a table as part of the result, fitted to the terminal."""
        self._lines(table.lines(width(), None if self.as_json else sys.stdout), escaped=True)

    def pictures(self, drawn: Sequence[list[str]]) -> None:
        """Print drawn pictures side by side, as many in a row as fit, and an empty line after each row."""
        self._lines(rows(drawn, width()))

    def note(self, text: str) -> None:
        """Print a hint on stderr, wrapped between words; commands stand after two spaces and stay whole."""
        if not self.quiet:
            _print("\n".join(wrap(text, width(sys.stderr))), to_stderr=True)

    def warn(self, text: str) -> None:
        """Print a warning on stderr, even with --quiet."""
        _print("\n".join(wrap(text, width(sys.stderr))), to_stderr=True, style="warning")

    def _lines(self, lines: Sequence[str], *, escaped: bool = False) -> None:
        if lines:
            _print("\n".join(lines), to_stderr=self.as_json, escaped=escaped)

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


def fail(message: str, code: int) -> None:
    """Print an error on stderr: one line, or with --json one JSON document; on a terminal, wrapped between words."""
    if wants_json():
        import json

        _print(json.dumps({"error": {"message": message, "exit_code": code}}), to_stderr=True)
        return
    line = f"nn: {one_line(message)}"
    lines = wrap(line, width(sys.stderr)) if sys.stderr.isatty() else [line]
    _print("\n".join(lines), to_stderr=True, style="error")


def wants_json() -> bool:
    """Whether --json is typed: an error may come before the options are read."""
    arguments = sys.argv[1:]
    return "--json" in (arguments[: arguments.index("--")] if "--" in arguments else arguments)


def reader_left() -> bool:
    """Whether the reader of stdout has left; what was printed after that is lost."""
    return isinstance(sys.stdout, Nowhere)


def program() -> str:
    """Return what runs this program with this folder of artifacts, quoted for a shell, for hints."""
    return f"{_called()}{_folder()}"


def in_folder(message: str) -> str:
    """Return a message whose commands, such as `nn fetch`, use this folder of artifacts."""
    return message.replace("`nn ", f"`nn{_folder()} ")


def _folder() -> str:
    return "" if ARTIFACTS == USUAL_FOLDER else f" --artifacts {shlex.quote(str(ARTIFACTS))}"


def _called() -> str:
    """Return the name or path that runs this program, quoted: `nn` if that is found on the PATH."""
    called = sys.argv[0]
    found = shutil.which("nn")
    try:
        if found and Path(found).resolve() == Path(called).resolve():
            return "nn"
        path = os.path.relpath(called) if Path(called).is_relative_to(Path.cwd()) else called
    except OSError:  # the working directory no longer exists
        path = called
    return shlex.quote(path)


def call(command: str, *words: str | Path, weights: Sequence[Path] = (WEIGHTS,), data: Path = DATA) -> str:
    """Format a command line of words, quoted for a shell, for hints; default weights and data are left out."""
    files = [] if list(weights) == [WEIGHTS] else weights
    options: list[str | Path] = [] if data == DATA else ["--data", data]
    return " ".join([program(), command, *(shlex.quote(_word(word)) for word in (*words, *files, *options))])


def _word(word: str | Path) -> str:
    """Return a word of a command line; a path that begins with a dash, other than standard input, is no option."""
    return f"./{word}" if isinstance(word, Path) and str(word).startswith("-") and str(word) != "-" else str(word)


def _print(text: str, *, to_stderr: bool = False, style: Style = "", escaped: bool = False) -> None:
    """Print text; a style colours the first word of an error, and every line of anything else."""
    safe = text if escaped else "\n".join(one_line(part) for part in text.split("\n"))
    stream = sys.stderr if to_stderr else sys.stdout
    encoding = stream.encoding or "ascii"
    try:
        safe.encode(encoding)
    except UnicodeEncodeError:
        safe = safe.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    if style == "error":
        name, space, message = safe.partition(" ")
        safe = coloured(name, style, stream) + space + message
    elif style:
        safe = "\n".join(coloured(line, style, stream) for line in safe.split("\n"))
    if to_stderr:
        try:
            print(safe, file=stream, flush=True)
        except OSError:  # a message that cannot be printed is dropped; the command goes on
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    else:
        _print_result(safe)


def _print_result(text: str) -> None:
    """Print on stdout. If its reader has left, the text is lost and the command goes on; a full disk is an error."""
    from nn.stages.store.errors import WorldError

    try:
        print(text, flush=True)
    except BrokenPipeError:
        drop_stdout()
    except OSError as error:
        raise WorldError(f"stdout: {(error.strerror or str(error)).lower()}") from None


def drop_stdout() -> None:
    """Send what is printed from now on to nowhere: the reader of stdout has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stdout = Nowhere()


class Nowhere(io.StringIO):
    """A stdout without a reader: what is written is lost."""

    def write(self, text: str) -> int:
        """Drop the text."""
        return len(text)
