"""`nn demo`: the ideas of the chapter, one command each. The flags come from the signatures of the demonstrations.

A demonstration's module is imported only when its command is called.
"""

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from nndigits.cli.commands import demo_flags
from nndigits.cli.commands.demo_text import MOST, Tell, demo_lines, say
from nndigits.cli.terminal.command import Command, Json, Quiet, add, own_output
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.options import Plot, out
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.tables import Column, table
from nndigits.cli.terminal.usage_errors import SuggestingGroup
from nndigits.stages.demos.shared.index import BY_NAME, DEMOS, Entry, load
from nndigits.stages.demos.shared.texts import Text, chinese
from nndigits.stages.store.errors import InputError, NNError, TargetMissed, UsageError

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo


Lang = Annotated[
    Literal["en", "zh"] | None,
    typer.Option("--lang", help="The language of the texts, English or Chinese; by default that of the terminal."),
]


def language(lang: str | None) -> Tell:
    """Return what tells texts in a language, or by default in that of the locale."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return chinese if (lang or locale).startswith("zh") else str


@contextmanager
def _errors_in(tell: Tell) -> Iterator[None]:
    """Tell the errors of a demonstration in the language of its texts."""
    try:
        yield
    except NNError as error:
        error.problem = tell(error.problem)
        raise


class DemoGroup(SuggestingGroup):
    """A group whose commands are created from the index when they are called."""

    missing = "there is no demonstration"

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the demonstration, or fail in the language of the terminal."""
        name = args[0]
        if language(None) is chinese and name not in self.list_commands(ctx) and not name.startswith("-"):
            ctx.fail(chinese(say("no-demonstration", name=name, program=program())))
        return super().resolve_command(ctx, args)

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
                [(entry.name, language(None)(entry.line)) for entry in DEMOS]
                + [("all", "run all and write them to a folder")]
            )


app = typer.Typer(
    cls=DemoGroup,
    help="Demonstrate the ideas of the chapter, one command each.",
    epilog="Example:  nn demo perceptron --weights 6,2,2 --threshold 3",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _list(context: typer.Context, lang: Lang = None, json: Json = False, quiet: Quiet = False) -> None:
    if output := own_output(context, json, quiet):
        entries = [{**entry._asdict(), "line": entry.line} for entry in DEMOS]
        output.result(entries, lambda output: _render_list(output, language(lang)))
    elif lang is not None:
        raise typer.BadParameter(f"write it behind {context.invoked_subcommand}", param_hint="--lang")


def _render_list(output: Output, tell: Tell) -> None:
    output.line(tell(say("the-ideas")), "")
    name, idea, section = (tell(say(key)) for key in ("name", "its-idea", "section"))
    lines = table(Column(name, left=True), Column(idea, left=True), Column(section, left=True, rank=1))
    for entry in DEMOS:
        lines.add_row(entry.name, tell(entry.line), tell(entry.section))
    output.table(lines)
    output.note()
    output.note(tell(say("run-one")), f"{program()} demo {DEMOS[0].name}")
    output.note(tell(say("run-all")), f"{program()} demo all --out demos")


def run_all(
    output: Output,
    out: Annotated[Path, out("Folder to write to.", metavar="FOLDER")] = Path("demos"),
    lang: Lang = None,
) -> None:
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

    tell = language(lang)
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
            with _errors_in(tell):
                demo = _run(load(entry.name), {}, output, tell)
        except (InputError, UsageError) as error:  # such as one of a 6 where there is no 6
            output.warn(tell(say("left-out", name=entry.name, why=str(error))))
            continue
        text = "\n".join(demo_lines(entry, demo, MOST, tell))
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
    output.result(written, lambda output: output.line(tell(say("written", count=len(written), folder=out, file=index))))


add(app, Command("all", run_all, "demo all --out demos"))


def _command(entry: Entry) -> Any:
    """Create the Typer command of a demonstration."""
    run = load(entry.name)

    def command(output: Output, plot: Plot = None, lang: Lang = None, **given: Any) -> None:
        tell = language(lang)
        with _errors_in(tell):
            _show(entry, run, demo_flags.read(run, given), plot, output, tell)

    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    in_locale = language(None)
    does, where = Text(str(run.__doc__), entry.line.zh), say("in-the-book", section=entry.section)
    flags, help = demo_flags.flags(entry.name, run, in_locale), f"{in_locale(does)}\n\n{in_locale(where)}"
    add(single, Command(entry.name, command, f"demo {entry.example}", flags, help=help))
    return typer.main.get_command(single)


def _show(
    entry: Entry,
    run: "Callable[..., Demo]",
    arguments: dict[str, Any],
    picture: Path | None,
    output: Output,
    tell: Tell,
) -> None:
    output.will_draw(picture, *(value for value in arguments.values() if isinstance(value, Path)))
    demo = _run(run, arguments, output, tell)
    figure = demo.figure
    if figure is not None:
        output.draw(lambda: figure)
    elif picture is not None:
        raise UsageError(say("only-text", name=entry.name), "plot")
    output.result(demo.values, lambda output: output.line(*demo_lines(entry, demo, width(), tell)))
    output.note(tell(say("try-next")), *(f"{program()} demo {command}" for command in demo.try_next))
    if demo.missed:
        raise TargetMissed(demo.missed)


def _run(run: "Callable[..., Demo]", arguments: dict[str, Any], output: Output, tell: Tell) -> "Demo":
    """Run a demonstration, with a progress bar if it reports progress."""
    if demo_flags.PROGRESS not in inspect.signature(run).parameters:
        return run(**arguments)
    with bar(output, tell(say("preparing"))) as advance:
        return run(**arguments, progress=lambda what, done, total: advance(tell(what), done, total))


COMMAND = Command("demo", app)
