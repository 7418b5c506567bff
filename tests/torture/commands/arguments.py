"""Fuzz every command and option with unusual values; the cases are generated from the Typer app."""

import os
import random
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import typer

from nndigits.cli.main import app
from torture.harness.folders import contents, leftovers, link_copy, tiny_pipeline
from torture.harness.results import Result, Size
from torture.harness.run import Child, Outcome, run_in_parallel

SECTION = "K"
CASES = {"gate": 150, "long": 10**6}
SECONDS = 12  # limit for a case; after a quarter of it, the case gets SIGINT
MEMORY = 4 << 30
REFUSED = (1, 2, 3)

TEXTS = (
    "", " ", "-", "--", "-1", "0", "1", "2.5", "7", "1e309", "-1e309", "nan", "inf", "1e-320", "0x10", "1_000",
    "99999999999999999999", "9" * 400, "ten", "none", "usual", "1,2", "1,,2", ",", "1;2", "3 4", "None", "true",
    "ünï-中-٣", "\u202eabc", "\x1b[31mred", "two\nlines", "a" * 300, "../../x", "~", "$(x)", "%s%n", "'", '"',
    "dense 10", "conv 5 5x5", "rotate", "rotate nan", "rotate 1e308", "elastic 1e30", "scale -3", "\udcff\udcfe",
)  # fmt: skip

FILES = (
    ".", "/", "/dev/full", "/dev/null", "/dev/zero", "fifo", "loop", "dangling", "empty", "data.npz", "weights.npz",
    "artifacts", "missing/deep/x.npz", "nothing.npz", "x.png", "x.svg", "/proc/nn/x.npz", "data.npz/x", "text.toml",
)  # fmt: skip
"""Paths; some of them exist in the ``sandbox``."""

TYPERS = ("--help", "--install-completion", "--show-completion")
"""Typer's own options, which write to the settings of a shell that children do not have."""

Arguments = tuple[str, ...]


class Verdict(NamedTuple):
    """How a case ended, and the promises that it broke."""

    arguments: Arguments
    broken: frozenset[str]
    outcome: Outcome


def results(size: Size) -> Iterator[Result]:
    """Run all cases or a sample, and count the broken promises."""
    everything = list(cases())
    chosen = random.Random(2).sample(everything, min(CASES[size], len(everything)))
    with tempfile.TemporaryDirectory() as place:
        base = sandbox(Path(place) / "base")
        before = contents(base)
        verdicts = list(verdicts_of(chosen, base))
        total = f"{len(verdicts):,} of {len(everything):,} argument cases for {len(list(commands()))} commands"
        for promise, target in PROMISES.items():
            bad = [verdict for verdict in verdicts if promise in verdict.broken]
            for verdict in bad[:5]:
                ended = f"{verdict.outcome.code}, {verdict.outcome.err[-200:]!r}"
                print(f"     {promise}: {_typed(verdict.arguments)}: {ended}")
            yield Result(SECTION, f"{total}: {promise}" if not bad else promise, f"{len(bad)}", target, not bad)
        is_same = contents(base) == before
        yield Result(SECTION, "existing files", "unchanged" if is_same else "changed", "unchanged", is_same)


PROMISES = {
    "a traceback": "0",
    "exit 70, or a signal": "0",
    "a hang": "0",
    "refused without a reason in one line": "0",
    "refused, but wrote a file": "0",
    "a raw control character on the terminal": "0",
    "a temporary file left": "0",
}


def commands(group: Any = None, path: Arguments = (), parent: Any = None) -> Iterator[tuple[Arguments, Any]]:
    """Yield every command and group with its path."""
    group = group or typer.main.get_command(app)
    yield path, group
    if hasattr(group, "list_commands"):
        context = typer.Context(group, parent=parent)
        for name in group.list_commands(context):
            yield from commands(group.get_command(context, name), (*path, name), context)


def cases() -> Iterator[Arguments]:
    """Yield every command with no argument, one argument, and each option with each value, without one, and twice."""
    for path, command in commands():
        yield path
        yield (*path, "--no-such-option")
        yield from ((*path, value) for value in (*TEXTS, *FILES))
        for option in command.params:
            name = max(option.opts, key=len)
            if option.param_type_name == "argument" or name in TYPERS:
                continue
            yield (*path, name)
            if option.is_flag:
                yield from ((*path, f"{name}=x"), (*path, name, name))
            else:
                yield from ((*path, name, value) for value in (*TEXTS, *FILES))
                yield (*path, name, "1", name, "2")


def sandbox(folder: Path) -> Path:
    """Prepare a folder with the files of the pipeline, and with links, a pipe and invalid files."""
    tiny_pipeline(folder)
    for name in ("data.npz", "weights.npz"):
        shutil.copy(folder / "artifacts" / name, folder / name)
    (folder / "artifacts" / "timings.csv").unlink()  # commands append to it in place
    (folder / "empty").touch()
    (folder / "text.toml").write_text("[train]\nepochs = -3\n")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("gone")
    os.mkfifo(folder / "fifo")
    return folder


def verdicts_of(chosen: list[Arguments], base: Path) -> Iterator[Verdict]:
    """Run cases, each in its own folder."""
    before = contents(base)
    folders: dict[int, Path] = {}

    def start(number: int, arguments: Arguments) -> Child:
        folder = link_copy(base, base.parent / str(number))
        child = Child(arguments, folder, before=limit)
        folders[id(child)] = folder
        return child

    starts: list[Callable[[], Child]] = [partial(start, number, arguments) for number, arguments in enumerate(chosen)]
    for child in run_in_parallel(starts, SECONDS):
        assert child.outcome is not None
        folder = folders.pop(id(child))
        yield Verdict(tuple(child.arguments), frozenset(_broken(child, child.outcome, folder, before)), child.outcome)
        shutil.rmtree(folder)


def limit() -> None:
    """Limit memory and file size, so that the system refuses a case that needs too much and does not kill it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))


def _broken(child: Child, outcome: Outcome, folder: Path, before: dict[str, str]) -> Iterator[str]:
    is_pipeline = child.arguments[:1] == ["run"]  # what it has done before the stage that is refused is kept
    printed = outcome.out + outcome.err
    if "Traceback" in printed or "Exception ignored" in printed:
        yield "a traceback"
    if outcome.hung:
        yield "a hang"
    elif outcome.code not in (0, *REFUSED, 4, 5, 130):
        yield "exit 70, or a signal"
    if outcome.code in REFUSED:
        lines = outcome.err.strip().splitlines()
        others = [line for line in lines[:-1] if not line.startswith("http://")]  # notes of fetch about mirrors
        if (
            not lines
            or not lines[-1].startswith(("nn: ", '{"error": '))
            or (outcome.code != 1 and others and not is_pipeline)
        ):
            yield "refused without a reason in one line"
        if contents(folder) != before and not is_pipeline:
            yield "refused, but wrote a file"
    if any(not letter.isprintable() and letter != "\n" for letter in printed):
        yield "a raw control character on the terminal"
    if leftovers(folder):
        yield "a temporary file left"


def _typed(arguments: Arguments) -> str:
    return ascii(" ".join(word if len(word) < 30 else f"{word[:30]}..." for word in arguments))
