"""The command `nn`: its commands, and the one place where an error becomes a line and an exit code.

Each command imports its stage when it runs, so that help is fast. BLAS is limited to one thread before NumPy loads it,
so that it starts no threads that nn does not use.
"""

import os
import sys
import warnings
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from nndigits.cli import commands
from nndigits.cli.entry import LEFT, check_before_imports, has_memory
from nndigits.cli.groups import GROUPS, MainGroup, overview
from nndigits.cli.terminal import completion, signals, streams, usage_errors
from nndigits.cli.terminal.command import Command, add
from nndigits.cli.terminal.output import fail, in_folder, wants_json
from nndigits.cli.terminal.typer_command import flag_of
from nndigits.stages.store.errors import (
    Diverged,
    Interrupted,
    NNError,
    UsageError,
    WorldError,
    is_of_the_machine,
    is_out_of_memory,
)
from nndigits.stages.words.escaping import json_text, printable

BUG = 70

app = typer.Typer(
    name="nn",
    cls=MainGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a perceptron to a network that reads handwritten digits, in stages that each write a file.",
    epilog="Example:  nn run --hidden 100",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _commands() -> list[Command]:
    """Return the COMMAND of each file in the room of commands that has one."""
    names = [name.removesuffix(".py") for name in os.listdir(commands.__path__[0]) if name.endswith(".py")]
    modules = (import_module(f"{commands.__name__}.{name}") for name in names if name != "__init__")
    known = [module.COMMAND for module in modules if hasattr(module, "COMMAND")]
    order = [name for group in GROUPS.values() for name in group]
    return sorted(known, key=lambda one: (order.index(one.name) if one.name in order else len(order), one.name))


COMMANDS = {one.name: one for one in _commands()}
for _command in COMMANDS.values():
    add(app, _command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from nndigits import __version__

        typer.echo(json_text({"version": __version__}) if wants_json() else f"nn {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
    artifacts: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the default data, weights and results, for every command; also NN_ARTIFACTS.  "
            "[default: artifacts]",
        ),
    ] = None,
) -> None:
    if artifacts is not None:
        raise typer.BadParameter("is read by entry.py; from Python, set NN_ARTIFACTS before nn is imported")
    if context.invoked_subcommand is None:
        overview(COMMANDS["status"].run)


def main() -> NoReturn:
    """Run the command line; end with one of the exit codes of ``stages/store/errors.py``, or 70 for a bug of ours."""
    code = BUG
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if not sys.warnoptions:  # results are checked where they are used; a warning of NumPy says nothing to a user
        warnings.simplefilter("ignore", RuntimeWarning)
    warnings.formatwarning = lambda message, *_, **__: f"nn: {printable(str(message))}\n"
    streams.open_streams()
    check_before_imports()
    try:
        signals.raise_on_signals()
        try:
            code = app(prog_name="nn", standalone_mode=False) or 0
        except Exception:
            signals.raise_if_stopped()
            raise
        finally:
            signals.end_on_signals()
    except usage_errors.Mistyped as error:
        code = _explain(error, usage_errors.explain(error), UsageError.exit_code)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.__context__, BrokenPipeError):  # Typer has printed a help text, and its reader has left
            streams.drop_stdout()
            code = 0
    except NNError as error:
        blamed = not isinstance(error, WorldError) and is_out_of_memory(error)
        code = _too_little_memory(error) if blamed else _explain(error, error.message(flag_of), error.exit_code)
    except Interrupted as error:
        code = _explain(error, str(error), error.exit_code, *filter(None, [error.command]))
    except FloatingPointError as error:
        code = _explain(error, f"{error}; train with a smaller eta", Diverged.exit_code)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        if is_out_of_memory(error) or not has_memory(LEFT):
            code = _too_little_memory(error)
        elif not _has_folder():
            code = _explain(error, "the folder that nn was started in is gone", WorldError.exit_code)
        elif is_of_the_machine(error):
            code = _explain(error, what.partition("] ")[2] or what, WorldError.exit_code)
        elif completion.is_asked_for():
            code = _explain(error, f"completion: {what}. `nn --show-completion` prints what a shell needs", 1)
        else:
            code = _explain(error, f"this is a bug in nn: {what}. Set NN_DEBUG=1 to see where", BUG)
    code = _flushed(code)
    signals.over()
    sys.exit(code)


def _explain(error: BaseException, message: str, code: int, *commands: str) -> int:
    if os.environ.get("NN_DEBUG"):
        import traceback

        traceback.print_exception(error)
    fail(in_folder(message), code, *commands)
    return code


def _has_folder() -> bool:
    """Return whether the working directory still exists."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def _too_little_memory(error: BaseException) -> int:
    message = "there is not enough memory for this; free some, or take fewer or smaller images or layers"
    return _explain(error, message, WorldError.exit_code)


def _flushed(code: int) -> int:
    """Flush stdout and return the exit code; a full disk behind stdout is an error, a reader that has left is none."""
    try:
        streams.flush_stdout()
    except WorldError as error:
        return code or _explain(error, str(error), error.exit_code)  # an earlier error has been printed
    return code or (streams.READER_LEFT if streams.reader_left() else 0)
