"""Printing: results on stdout, everything else on stderr."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nndigits.cli.terminal.layout import Style, coloured, rows, width, wrap
from nndigits.cli.terminal.options import ARTIFACTS, DATA, WEIGHTS
from nndigits.cli.terminal.streams import drop_stdout
from nndigits.cli.terminal.tables import Table
from nndigits.stages.store.environment import USUAL_FOLDER
from nndigits.stages.words.escaping import json_text, printable, shell_program, shell_word

if TYPE_CHECKING:
    from nndigits.stages.figures.figure import Figure

Report = Any

PLAIN = str.maketrans("─═│║┌┐└┘├┤┬┴┼▶●○░·×•–…", "--||+++++++++>@o:.x*-~") | str.maketrans(
    {"²": "^2", "σ": "sigma", "√": "sqrt ", "±": "+-"}
)
"""ASCII replacements for characters that the encoding does not have."""


class Output:
    """Printer for a command's output, as its --json and --quiet require."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.picture: Path | None = None

    def result(self, report: Report, render: Callable[["Output"], None]) -> None:
        """Print the report of a stage, as one JSON document or by ``render``, and name the picture that was drawn."""
        if self.as_json:
            from nndigits.stages.store.texts import plain, to_json

            _print(to_json(plain(report)).split("\n"))
        else:
            render(self)
        if self.picture is not None:
            self.note(f"Picture:   {self.picture}")

    def will_draw(self, picture: Path | None, *read: Path | None) -> None:
        """Check, before the work, that a picture can be drawn and replaces none of the files that are read."""
        if picture is not None:
            from nndigits.stages.figures import plot

            plot.check(picture, *(path for path in read if path is not None))
            self.picture = picture

    def draw(self, figure: "Callable[[], Figure]") -> None:
        """Draw a figure into the picture that was asked for, if one was."""
        if self.picture is not None:
            from nndigits.stages.figures import plot

            plot.save(figure(), self.picture)

    def line(self, *lines: str) -> None:
        """Print lines of the result as they are; without one, an empty line."""
        _print(lines or ("",), to_stderr=self.as_json)

    def prose(self, text: str, *commands: str) -> None:
        """Print sentences of the result, wrapped between words, and commands; with --quiet, on one line."""
        self.line(*wrap(text, sys.maxsize if self.quiet else width(), commands))

    def step(self, text: str) -> None:
        """Print a line of progress that stays on the screen, such as the accuracy after an epoch."""
        if not self.quiet:
            self.line(text)

    def table(self, table: Table) -> None:
        """Print a table as part of the result, fitted to the terminal."""
        lines = table.lines(width(), None if self.as_json else sys.stdout)
        _print(lines, to_stderr=self.as_json, escaped=True)

    def pictures(self, drawn: Sequence[list[str]]) -> None:
        """Print drawn pictures side by side, as many in a row as fit, and an empty line after each row."""
        if drawn:
            self.line(*rows(drawn, width()))

    def note(self, text: str = "", *commands: str) -> None:
        """Print a hint on stderr, wrapped between words, and commands, which stay whole; without a text, a line."""
        if not self.quiet:
            _print(wrap(text, width(sys.stderr), commands), to_stderr=True)

    def warn(self, *texts: str) -> None:
        """Print sentences of a warning on stderr, wrapped between words, even with --quiet."""
        lines = [line for text in texts for line in wrap(text, width(sys.stderr))]
        _print(lines, to_stderr=True, style="warning")

    @property
    def shows_progress(self) -> bool:
        """Whether to draw a progress bar: stderr is a terminal, and --quiet is not given."""
        return not self.quiet and sys.stderr.isatty()


def fail(message: str, code: int, *commands: str) -> None:
    """Print an error on stderr, with commands to type: one line, or with --json one JSON document.

    On a terminal, it is wrapped between words.
    """
    if wants_json():
        error = {"message": "  ".join([message, *commands]), "exit_code": code}
        _print([json_text({"error": error})], to_stderr=True)
        return
    columns = width(sys.stderr) if sys.stderr.isatty() else sys.maxsize
    _print(wrap(f"nn: {message}", columns, commands), to_stderr=True, style="error")


def wants_json() -> bool:
    """Whether --json is typed: an error may come before the options are read."""
    arguments = sys.argv[1:]
    return "--json" in (arguments[: arguments.index("--")] if "--" in arguments else arguments)


def program() -> str:
    """Return what runs this program with this folder of artifacts, quoted for a shell, for hints."""
    return f"{_called()}{_folder()}"


def in_folder(message: str) -> str:
    """Return a message whose commands, such as `nn fetch`, use this folder of artifacts."""
    return message.replace("`nn ", f"`nn{_folder()} ")


def _folder() -> str:
    return "" if ARTIFACTS == USUAL_FOLDER else f" --artifacts {shell_word(ARTIFACTS)}"


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
    return shell_program(path)


def again() -> str:
    """Return the command that runs this program with the same arguments once more."""
    return " ".join([program(), *map(shell_word, sys.argv[1:])])


def call(command: str, *words: str | Path, weights: Sequence[Path] = (WEIGHTS,), data: Path = DATA) -> str:
    """Format a command line of words, quoted for a shell, for hints; default weights and data are left out."""
    files = [] if list(weights) == [WEIGHTS] else weights
    options: list[str | Path] = [] if data == DATA else ["--data", data]
    return " ".join([program(), command, *map(shell_word, (*words, *files, *options))])


def _print(lines: Sequence[str], *, to_stderr: bool = False, style: Style = "", escaped: bool = False) -> None:
    """Print lines, escaped unless they are; a style colours the first word of an error, and all of anything else."""
    stream = sys.stderr if to_stderr else sys.stdout
    safe = [_encodable(line if escaped else printable(line), stream.encoding or "ascii") for line in lines]
    if style == "error":
        name, space, message = safe[0].partition(" ")
        safe[0] = coloured(name, style, stream) + space + message
    elif style:
        safe = [coloured(line, style, stream) for line in safe]
    text = "\n".join(safe)
    if to_stderr:
        try:
            print(text, file=stream, flush=True)
        except OSError:  # a message that cannot be printed is dropped; the command goes on
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    else:
        try:
            print(text, flush=True)
        except BrokenPipeError:  # the text is lost, and the command goes on
            drop_stdout()


def _encodable(text: str, encoding: str) -> str:
    """Replace the characters that an encoding does not have."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    return text
