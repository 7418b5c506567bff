"""`nn demo`: the chapter's ideas, each a command; their flags are read off the functions that run them.

A demonstration's module is imported only when its command is called.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

import typer
from typer.core import TyperGroup

from nn.cli.options import Json, Quiet
from nn.cli.output import Output, program, table
from nn.cli.progress import bar
from nn.stages.demos.index import BY_NAME, DEMOS, Entry, load

if TYPE_CHECKING:
    from nn.stages.demos.demo import Demo, Table

WIDTH = 88  # columns of running text
PROGRESS = "progress"  # the parameter of a demonstration that takes its time: no flag, but a bar

Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a picture into this file, .png or .svg.")]


class DemoGroup(TyperGroup):
    """A group of commands that are made from the index when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every demonstration in the chapter's order, and `all`."""
        return [*BY_NAME, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Make the command of a demonstration."""
        entry = BY_NAME.get(cmd_name)
        return super().get_command(ctx, cmd_name) if entry is None else _command(entry)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List them for the help without importing any."""
        with formatter.section("Demonstrations"):
            formatter.write_dl([(entry.name, entry.line) for entry in DEMOS] + [("all", "write them all to a folder")])


app = typer.Typer(
    cls=DemoGroup,
    help="The ideas of the chapter, each as a command that shows it.",
    epilog="Example:  nn demo perceptron --weights 6,2,2 --threshold 3",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _list(context: typer.Context, json: Json = False) -> None:
    if context.invoked_subcommand is not None:
        return
    output = Output(as_json=json, quiet=False)
    output.result([entry._asdict() for entry in DEMOS], _render_list)


def _render_list(output: Output) -> None:
    output.line("The ideas of the chapter, in its order:\n")
    for entry in DEMOS:
        output.line(f"  {entry.name:<20} {entry.line:<66} {entry.section}")
    output.line(f"\nType one:  {program()} demo {DEMOS[0].name}")


@app.command("all", epilog="Example:  nn demo all --out demos")
def _all(
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to.")] = Path("demos"),
    quiet: Quiet = False,
) -> None:
    """Run every demonstration as it is, and write text, JSON and pictures to a folder."""
    from nn.stages import files
    from nn.stages.plot import save
    from nn.stages.reports import plain, to_json

    output = Output(as_json=False, quiet=quiet)
    for entry in DEMOS:
        demo = _run(load(entry.name), {}, output)
        files.write(out / f"{entry.name}.txt", ["\n".join(_lines(entry, demo)).encode() + b"\n"])
        files.write(out / f"{entry.name}.json", [to_json(plain(demo.values)).encode() + b"\n"])
        if demo.figure is not None:
            save(demo.figure, out / f"{entry.name}.png")
        output.step(f"{entry.name} -> {out / entry.name}.*")


def _command(entry: Entry) -> Any:
    """Make a Typer command of a demonstration: its parameters, and the options that all of them have."""
    run = load(entry.name)
    declared = {name: parameter for name, parameter in inspect.signature(run).parameters.items() if name != PROGRESS}
    own = {name: _flag(parameter) for name, parameter in declared.items()}
    kinds = {name: get_args(parameter.annotation)[0] for name, parameter in declared.items()}

    def command(plot: Path | None, json: bool, quiet: bool, **given: Any) -> None:
        arguments = {name: _parse(name, kinds[name], value) for name, value in given.items()}
        _show(entry, run, arguments, plot, Output(as_json=json, quiet=quiet))

    shared = {
        name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in (("plot", None, Plot), ("json", False, Json), ("quiet", False, Quiet))
    }
    parameters = {**own, **shared}
    command.__signature__ = inspect.Signature(list(parameters.values()))  # type: ignore[attr-defined]
    command.__annotations__ = {name: parameter.annotation for name, parameter in parameters.items()}
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command(entry.name, help=f"{run.__doc__}\n\n{entry.section}.", epilog=f"Example:  nn demo {entry.example}")(
        command
    )
    return typer.main.get_command(single)


def _flag(parameter: inspect.Parameter) -> inspect.Parameter:
    """The option of a parameter; several numbers are written with commas between them."""
    kind, note = get_args(parameter.annotation)
    several = get_origin(kind) is tuple
    positional = not isinstance(note, str)
    if positional:
        annotation: Any = Annotated[list[get_args(kind)[0]] | None, typer.Argument(help=note.help)]  # type: ignore[misc]
        default = None
    else:
        annotation = Annotated[str if several else kind, typer.Option(help=note)]
        default = ",".join(f"{number:g}" for number in parameter.default) if several else parameter.default
    return parameter.replace(annotation=annotation, default=default, kind=inspect.Parameter.KEYWORD_ONLY)


def _parse(name: str, kind: Any, value: Any) -> Any:
    """Read several numbers from one string."""
    if get_origin(kind) is not tuple:
        return value
    if not isinstance(value, str):
        return tuple(value or ())
    try:
        return tuple(get_args(kind)[0](part) for part in value.split(",") if part.strip())
    except ValueError:
        hint = f"--{name.replace('_', '-')}"
        raise typer.BadParameter(f"{value!r}: expected numbers with commas between", param_hint=hint) from None


def _show(
    entry: Entry, run: "Callable[..., Demo]", arguments: dict[str, Any], plot: Path | None, output: Output
) -> None:
    if plot is not None:
        from nn.stages.plot import check_path, save

        check_path(plot)
    demo = _run(run, arguments, output)
    if plot is not None:
        if demo.figure is None:
            raise typer.BadParameter(f"{entry.name} has no picture; its drawing is text", param_hint="--plot")
        save(demo.figure, plot)
    output.result(demo.values, lambda output: output.line("\n".join(_lines(entry, demo))))
    if plot is not None:
        output.note(f"Picture:   {plot}")
    output.note("Try next:  " + "    ".join(f"{program()} demo {command}" for command in demo.try_next))


def _run(run: "Callable[..., Demo]", arguments: dict[str, Any], output: Output) -> "Demo":
    """Run a demonstration, with a bar if it takes its time."""
    if PROGRESS not in inspect.signature(run).parameters:
        return run(**arguments)
    with bar(output) as advance:
        return run(**arguments, progress=advance)


def _lines(entry: Entry, demo: "Demo") -> list[str]:
    """A demonstration as text."""
    from textwrap import wrap

    lines = [f"{entry.name}: {entry.line} ({entry.section})", "", *wrap(demo.idea, WIDTH)]
    for figures in demo.tables:
        lines += ["", *_table_lines(figures)]
    if demo.drawing:
        lines += ["", *demo.drawing]
    return lines + [""] + [line for finding in demo.findings for line in wrap(finding, WIDTH)]


def _table_lines(figures: "Table") -> list[str]:
    from rich.console import Console

    made = table(*figures.columns)
    for row in figures.rows:
        made.add_row(*map(_cell, row))
    console = Console(width=200, highlight=False, markup=False, emoji=False, color_system=None)
    with console.capture() as captured:
        console.print(made)
    return [figures.title, *(f"  {line.rstrip()}" for line in captured.get().splitlines())]


def _cell(value: str | int | float | bool) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
