"""`nn demo`: the ideas of the chapter, one command each. The flags come from the signatures of the demonstrations.

A demonstration's module is imported only when its command is called.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nndigits.cli.flags import demo_flags
from nndigits.cli.flags.options import Plot, out
from nndigits.cli.flags.usage_errors import SuggestingGroup
from nndigits.cli.terminal.command import Command, Json, Quiet, add, own_output
from nndigits.cli.terminal.demo_text import MOST, demo_lines
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.tables import Column, table
from nndigits.stages.demos.shared.index import BY_NAME, DEMOS, Entry, load
from nndigits.stages.store.errors import InputError, TargetMissed, UsageError

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo


class DemoGroup(SuggestingGroup):
    """A group whose commands are created from the index when they are called."""

    missing = "there is no demonstration"

    def list_commands(self, ctx: Any) -> list[str]:
        """List the demonstrations in the order of the chapter, then `all`."""
        return [*BY_NAME, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, created for a demonstration."""
        entry = BY_NAME.get(cmd_name)
        return super().get_command(ctx, cmd_name) if entry is None else _command(entry)

    def question(self, ctx: Any, name: str) -> str:
        """Suggest the closest name, or the list of all."""
        return super().question(ctx, name) or f"`{program()} demo` lists them."

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the demonstrations for the help without importing them."""
        with formatter.section("Demonstrations"):
            formatter.write_dl(
                [(entry.name, entry.line) for entry in DEMOS] + [("all", "run all and write them to a folder")]
            )


app = typer.Typer(
    cls=DemoGroup,
    help="Demonstrate the ideas of the chapter, one command each.",
    epilog="Example:  nn demo perceptron --weights 6,2,2 --threshold 3",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _list(context: typer.Context, json: Json = False, quiet: Quiet = False) -> None:
    if output := own_output(context, json, quiet):
        output.result([{**entry._asdict(), "line": entry.line} for entry in DEMOS], _render_list)


def _render_list(output: Output) -> None:
    output.line("The ideas of the chapter, in order:", "")
    lines = table(Column("name", left=True), Column("idea", left=True), Column("section", left=True, rank=1))
    for entry in DEMOS:
        lines.add_row(entry.name, entry.line, entry.section)
    output.table(lines)
    output.note()
    output.note("Run one:", f"{program()} demo {DEMOS[0].name}")
    output.note("Run all:", f"{program()} demo all --out demos")


def run_all(output: Output, out: Annotated[Path, out("Folder to write to.", metavar="FOLDER")] = Path("demos")) -> None:
    """Run every demonstration with its defaults, and write text, JSON and pictures to a folder.

    The page index.html there shows all of them, as nn chapter does, and links to the files.
    """
    from nndigits.stages.chapter import chapter
    from nndigits.stages.chapter.page_digits import page_digits
    from nndigits.stages.chapter.without_hidden import train_without_hidden
    from nndigits.stages.demos.shared.data import DATA, read_digits
    from nndigits.stages.figures import plot
    from nndigits.stages.store import artifacts, files
    from nndigits.stages.store.texts import plain, to_json

    written: list[Path] = []
    index = out / "index.html"
    files.check_writable(index)
    artifacts.check_own(index, "page")
    for entry in DEMOS:
        plot.check(out / f"{entry.name}.png")
        for ending in (".txt", ".json"):
            files.check_writable(out / f"{entry.name}{ending}")
        artifacts.check_set([out / f"{entry.name}{ending}" for ending in (".txt", ".json", ".png")], "demonstration")
    chapter.checked_digits(DATA)
    shown, links = {}, {}
    for number, entry in enumerate(DEMOS, 1):
        try:
            demo = _run(load(entry.name), {}, output)
        except (InputError, UsageError) as error:  # such as one of a 6 where there is no 6
            output.warn(f"Left out: {entry.name}: {error}")
            continue
        text = "\n".join(demo_lines(entry, demo, MOST))
        endings = [".txt", ".json", ".png"] if demo.figure is not None else [".txt", ".json"]
        files.write(out / f"{entry.name}.txt", [text.encode() + b"\n"])
        files.write(out / f"{entry.name}.json", [to_json(plain(demo.values)).encode() + b"\n"])
        if demo.figure is not None:
            plot.save(demo.figure, out / f"{entry.name}.png")
        links[entry.name] = [f"{entry.name}{ending}" for ending in endings]
        written += [out / name for name in links[entry.name]]
        shown[entry.name] = chapter.as_shown(entry.name, demo, DATA)
        output.step(f"{number:>2} of {len(DEMOS)}  {entry.name:<20} -> {out / entry.name}{{{','.join(endings)}}}")
    digits = read_digits(DATA)
    page = chapter.page_of(shown, digits.name, train_without_hidden(digits), digits=page_digits(digits), links=links)
    files.write(index, [page.encode()])
    written.append(index)
    output.result(written, lambda output: output.line(f"{len(written)} files in {out}. Open {index} in a browser."))


add(app, Command("all", run_all, "demo all --out demos"))


def _command(entry: Entry) -> Any:
    """Create the Typer command of a demonstration."""
    run = load(entry.name)

    def command(output: Output, plot: Plot = None, **given: Any) -> None:
        _show(entry, run, demo_flags.read(run, given), plot, output)

    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    help = f"{run.__doc__}\n\nIn the book: {entry.section}."
    add(single, Command(entry.name, command, f"demo {entry.example}", demo_flags.flags(run), help=help))
    return typer.main.get_command(single)


def _show(
    entry: Entry, run: "Callable[..., Demo]", arguments: dict[str, Any], picture: Path | None, output: Output
) -> None:
    output.will_draw(picture, *(value for value in arguments.values() if isinstance(value, Path)))
    demo = _run(run, arguments, output)
    if picture is not None and demo.figure is None:
        raise typer.BadParameter(f"is not available: {entry.name} draws only text", param_hint="--plot")
    output.draw(lambda: demo.figure)
    output.result(demo.values, lambda output: output.line(*demo_lines(entry, demo, width())))
    output.note("Try next:", *(f"{program()} demo {command}" for command in demo.try_next))
    if demo.missed:
        raise TargetMissed(demo.missed)


def _run(run: "Callable[..., Demo]", arguments: dict[str, Any], output: Output) -> "Demo":
    """Run a demonstration, with a progress bar if it reports progress."""
    if demo_flags.PROGRESS not in inspect.signature(run).parameters:
        return run(**arguments)
    with bar(output, "Preparing") as advance:
        return run(**arguments, progress=advance)


COMMAND = Command("demo", app)
