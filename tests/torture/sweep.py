"""Whatever a person can mistype, for every command and option that there is: the cases are made from the Typer app."""

import os
import random
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import typer
from support import command as installed

from nn.cli.main import app
from torture.children import Child, Ended, side_by_side
from torture.figures import Figure, Size, of
from torture.places import contents, leftovers, linked, tiny_pipeline

SECTION = "K"

CASES = {"gate": 500, "long": 10**6}
REAL = {"gate": 8, "long": 100}
SECONDS = 12  # that a case may take; a quarter of them, before it is asked to stop
MEMORY = 4 << 30
REFUSED = (1, 2, 3)

TEXTS = (
    "", " ", "-", "--", "-1", "0", "1", "2.5", "7", "1e309", "-1e309", "nan", "inf", "1e-320", "0x10", "1_000",
    "99999999999999999999", "9" * 400, "ten", "none", "usual", "1,2", "1,,2", ",", "1;2", "3 4", "None", "true",
    "ünï-中-٣", "\u202eabc", "\x1b[31mred", "two\nlines", "a" * 300, "../../x", "~", "$(x)", "%s%n", "'", '"',
    "dense 10", "conv 5 5x5", "turn", "turn nan", "turn 1e308", "elastic 1e30", "scale -3", "\udcff\udcfe",
)  # fmt: skip
FILES = (
    ".", "/", "/dev/full", "/dev/null", "/dev/zero", "fifo", "loop", "dangling", "empty", "data.npz", "weights.npz",
    "artifacts", "missing/deep/x.npz", "nothing.npz", "x.png", "x.svg", "/proc/nn/x.npz", "data.npz/x", "text.toml",
)  # fmt: skip
"""What ``sandbox`` has, and what it has not."""

TYPERS = ("--help", "--install-completion", "--show-completion")
"""Typer's own, which write to the settings of a shell that children do not have."""

Arguments = tuple[str, ...]


class Verdict(NamedTuple):
    """What is wrong with how a case ended, if anything, by the promise that it breaks."""

    arguments: Arguments
    broken: frozenset[str]
    ended: Ended


def figures(size: Size) -> Iterator[Figure]:
    """Run the cases, or some of them, and count what ends as it should."""
    everything = list(cases())
    chosen = random.Random(2).sample(everything, min(CASES[size], len(everything)))
    with tempfile.TemporaryDirectory() as place:
        base = sandbox(Path(place) / "base")
        before = contents(base)
        verdicts = list(judged(chosen, base))
        total = f"{len(verdicts):,} of {len(everything):,} cases over {len(list(commands()))} commands"
        for promise, wanted in PROMISES.items():
            bad = [verdict for verdict in verdicts if promise in verdict.broken]
            for verdict in bad[:5]:
                print(
                    f"     {promise}: {_typed(verdict.arguments)}: {verdict.ended.code}, {verdict.ended.err[-200:]!r}"
                )
            yield Figure(
                SECTION, f"mistyped, {total}: {promise}" if not bad else promise, f"{len(bad)}", wanted, not bad
            )
        yield Figure(
            SECTION,
            "files that were there, after all of them",
            "the same" if contents(base) == before else "changed",
            "the same",
            contents(base) == before,
        )
        sample = random.Random(3).sample([one for one in verdicts if one.ended.code in REFUSED], REAL[size])
        same = sum(_is_same_for_real(verdict, base) for verdict in sample)
        yield Figure(
            SECTION,
            "the installed command says the same as the forked one",
            of(same, len(sample)),
            "all",
            same == len(sample),
        )


PROMISES = {
    "a traceback": "0",
    "exit 70, or a signal": "0",
    "longer than a person waits": "0",
    "refused without a line that says why": "0",
    "refused, and wrote something": "0",
    "a raw control character on the terminal": "0",
    "a temporary file left": "0",
}


def commands(group: Any = None, path: Arguments = (), parent: Any = None) -> Iterator[tuple[Arguments, Any]]:
    """Every command with its path, groups among them."""
    group = group or typer.main.get_command(app)
    yield path, group
    if hasattr(group, "list_commands"):
        context = typer.Context(group, parent=parent)
        for name in group.list_commands(context):
            yield from commands(group.get_command(context, name), (*path, name), context)


def cases() -> Iterator[Arguments]:
    """Every command with nothing, with one argument, and with each of its options and each value; twice; valueless."""
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
    """A folder with the pipeline's files, and some things that are no files."""
    tiny_pipeline(folder)
    for name in ("data.npz", "weights.npz"):
        shutil.copy(folder / "artifacts" / name, folder / name)
    (folder / "artifacts" / "timings.csv").unlink()  # which is added to where it lies
    (folder / "empty").touch()
    (folder / "text.toml").write_text("[train]\nepochs = -3\n")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("gone")
    os.mkfifo(folder / "fifo")
    return folder


def judged(chosen: list[Arguments], base: Path) -> Iterator[Verdict]:
    """Run cases, each in a folder of its own."""
    before = contents(base)
    places: dict[int, Path] = {}

    def start(number: int, arguments: Arguments) -> Child:
        folder = linked(base, base.parent / str(number))
        child = Child(arguments, folder, before=limit, environment={"NN_MIRRORS": "http://127.0.0.1:1/"})
        places[id(child)] = folder
        return child

    starts: list[Callable[[], Child]] = [partial(start, number, arguments) for number, arguments in enumerate(chosen)]
    for child in side_by_side(starts, SECONDS):
        assert child.ended is not None
        folder = places.pop(id(child))
        yield Verdict(tuple(child.arguments), frozenset(_broken(child.ended, folder, before)), child.ended)
        shutil.rmtree(folder)


def limit() -> None:
    """Bound what a case may take, so that one that asks for too much is refused by the system and not killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))


def _broken(ended: Ended, folder: Path, before: dict[str, str]) -> Iterator[str]:
    said = ended.out + ended.err
    if "Traceback" in said or "Exception ignored" in said:
        yield "a traceback"
    if ended.hung:
        yield "longer than a person waits"
    elif ended.code not in (0, *REFUSED, 4, 5, 130):
        yield "exit 70, or a signal"
    if ended.code in REFUSED:
        lines = ended.err.strip().splitlines()
        others = [line for line in lines[:-1] if not line.startswith("http://")]  # fetch's notes about mirrors
        if not lines or not lines[-1].startswith("nn: ") or (ended.code != 1 and others):
            yield "refused without a line that says why"
        if contents(folder) != before:
            yield "refused, and wrote something"
    if any(not letter.isprintable() and letter != "\n" for letter in said):
        yield "a raw control character on the terminal"
    if leftovers(folder):
        yield "a temporary file left"


def _is_same_for_real(verdict: Verdict, base: Path) -> bool:
    folder = linked(base, base.parent / "real")
    path = f"{Path(installed()).parent}:{os.environ['PATH']}"  # in hints it calls itself by its name then
    done = subprocess.run(
        [installed(), *verdict.arguments],
        cwd=folder,
        env={
            **os.environ,
            "NN_MIRRORS": "http://127.0.0.1:1/",
            "HOME": str(folder),
            "PYTHONIOENCODING": "utf-8",
            "PATH": path,
        },
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=60,
        check=False,
    )
    is_same = (done.returncode, done.stderr) == (verdict.ended.code, verdict.ended.err)
    if not is_same:
        print(f"     not the same: {_typed(verdict.arguments)}: {done.stderr[-200:]!r}, {verdict.ended.err!r}")
    return is_same


def _typed(arguments: Arguments) -> str:
    return ascii(" ".join(word if len(word) < 30 else f"{word[:30]}..." for word in arguments))
