"""Names of files, folders, data sets and classes that would forge lines, control the terminal, or run from a hint."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from small import SMALL
from support import seven

from nndigits.stages.own_images import pictures
from nndigits.stages.store import artifacts
from torture.harness.folders import ram_folder, tiny_pipeline
from torture.harness.results import Result, Size
from torture.harness.run import Outcome, run

SECTION = "K"
FORGED = "FORGED"
"""How a line would begin that a name has forged."""

TOGETHER = f"x; touch PWNED; #$(id)`id`|<b>&'\"\\ \x1b[31m\x7f\u202e\u3164\r\u2028  \n{FORGED}"

NAMES = (
    TOGETHER,
    "caf\udce9",
    "-rf",
    "y" * 240,
    f"two\n{FORGED}: 7, 99.9 %",
    "\x1b]0;title\x07\x1b[2J",
    "\u202egnp.nevse\u2066",
    "<script>alert(1)</script>".replace("/", "\\"),
    "`touch PWNED`",
    "$(touch PWNED)",
    "a|b|c",
    "'\"",
    "two  spaces ",
    "$x$ _y_ *z* [a](b) &lt;",
    "\u3164\ufe0f\u200b",
    "*?[!~",
)
"""The first two are the gate: nearly everything in one name, and bytes that are not UTF-8."""

COMMANDS = (
    "fetch --from DIR/idx -o DIR/FILE.npz",
    "fetch --from DIR/none -o DIR/FILE.npz",
    "train --epochs 1 --hidden 3 --data DIR/FILE.npz -o DIR/w-FILE.npz",
    "find-eta --hidden 3 --data DIR/FILE.npz --plot DIR/FILE.svg",
    "eval DIR/w-FILE.npz --data DIR/FILE.npz --plot DIR/FILE.png",
    "eval DIR/w-FILE.npz DIR/w-FILE.npz --data DIR/FILE.npz -o DIR/FILE.json",
    "baseline svm --data DIR/FILE.npz -o DIR/s-FILE.npz",
    "compare DIR --data DIR/FILE.npz -o DIR/c-FILE.json --plot DIR/FILE.svg",
    "status DIR",
    "show DIR",
    "show DIR/FILE.npz",
    "show DIR/w-FILE.npz --plot DIR/FILE.png",
    "show DIR/c-FILE.json",
    "show DIR/timings.csv",
    "show DIR/w-FILE-history.csv --plot DIR/FILE.svg",
    "show DIR/none.npz",
    "recipes DIR/FILE.toml",
    "predict DIR/one.png DIR/several-FILE.png DIR/broken-FILE.png --weights DIR/w-FILE.npz --save-seen DIR/FILE.png",
    "predict DIR/pictures-FILE --weights DIR/w-FILE.npz --show",
    "predict --index 0 --weights DIR/w-FILE.npz --data DIR/FILE.npz",
    "read DIR/several-FILE.png --weights DIR/w-FILE.npz --plot DIR/FILE.svg",
    "demo hidden --weights DIR/w-FILE.npz --data DIR/FILE.npz --plot DIR/FILE.png",
    "FILE",
    "train --optimizer FILE",
)
"""DIR is a folder of the name, FILE the name; they come one after the other, and later ones read what earlier wrote."""

STORED = (
    "show DIR/data.npz",
    "eval DIR/weights.npz --data DIR/data.npz",
    "compare DIR --data DIR/data.npz -o DIR/compare.json",
    "show DIR/compare.json",
    "show DIR/weights-eval.json",
    "show DIR/table.csv",
    "status DIR",
    "predict --index 0 --weights DIR/weights.npz --data DIR/data.npz",
    "fetch --dataset digits -o DIR/data.npz",
)
"""Commands that print names which an artifact holds."""


def results(size: Size) -> Iterator[Result]:
    """Run all commands with each name, and count the broken promises."""
    names = NAMES[:2] if size == "gate" else NAMES
    broken: list[str] = []
    total = 0
    with tempfile.TemporaryDirectory(dir=ram_folder()) as place:
        base = tiny_pipeline(Path(place) / "base")
        for name in names:
            for what in (*broken_by_paths(name, base, Path(place)), *broken_by_stored(name, Path(place))):
                total += 1
                broken += what
    for line in broken[:20]:
        print(f"     {line}")
    yield Result(
        SECTION, f"{total:,} commands with hostile names: every output safe", f"{len(broken)} broken", "0", not broken
    )


def broken_by_paths(name: str, base: Path, place: Path) -> Iterator[list[str]]:
    """Yield the broken promises of each command where ``name`` is the name of files and folders."""
    here = Path(tempfile.mkdtemp(dir=place))
    file = name
    while len(os.fsencode(file)) > 255 - len("w--validation-shifts-1-eval.json.123456.probe.tmp"):
        file = file[:-1]
    folder = here / name
    shutil.copytree(base / "mine", folder / "idx")
    (folder / f"{file}.toml").write_text('title = "\u202e"\n[train]\nepochs = 0\n')
    (folder / f"pictures-{file}").mkdir()
    drawn = (255 * (1 - seven())).astype("uint8")
    pictures.save(folder / "one.png", drawn)
    for path in (folder / f"several-{file}.png", folder / f"pictures-{file}" / f"several-{file}.png"):
        pictures.save(path, np.hstack([drawn] * 3))
    (folder / f"broken-{file}.png").write_bytes(b"%PDF")
    for line in COMMANDS:
        for flags in ([], ["--json"]):
            words = [_filled(word, name, file) for word in line.split()]
            yield _broken([*words, *flags], here, line)
    for table in folder.glob("*.md"):
        yield [f"{name!r}: {problem}" for problem in _broken_markdown(table.read_bytes().decode(errors="replace"))]
    if (here / "PWNED").exists():
        yield [f"{name!r}: PWNED"]


def _filled(word: str, name: str, file: str) -> str:
    """Put the name into a word of a command; a path that begins with a dash gets ``./``, as people must type it."""
    word = word.replace("DIR", name).replace("FILE", file)
    return f"./{word}" if word.startswith("-") and not word.startswith(("--", "-o")) else word


def broken_by_stored(name: str, place: Path) -> Iterator[list[str]]:
    """Yield the broken promises of each command that prints a name stored in an artifact."""
    here = Path(tempfile.mkdtemp(dir=place))
    folder = here / "d"
    folder.mkdir()
    names = [f"{name[:38]}{digit}" for digit in range(10)]
    dataset = {**SMALL["dataset"]()[0]["dataset"], "name": name, "names": names}
    made: dict[str, Any] = {}
    for kind, file in (("dataset", "data"), ("weights", "weights")):
        meta, arrays = SMALL[kind]()
        meta = {**meta, "dataset": dataset}
        if kind == "weights":
            meta["inputs"] = {"data": made["data"]}
        try:
            made[file] = artifacts.save(folder / f"{file}.npz", meta, arrays)
        except (UnicodeError, artifacts.SchemaError):  # such a name is refused before it is written
            return
    meta = artifacts.describe("eval", parameters={"split": "test", "shifts": 0}, dataset=dataset)
    meta["inputs"] = made
    readable = name.encode(errors="replace").decode()
    figures = {"what": name, "correct": 1, "total": 3}
    artifacts.save_json(folder / "weights-eval.json", meta, figures)
    artifacts.save_csv(folder / "table.csv", {**meta, "kind": "confusion"}, [readable, "b"], [[readable, 1]])
    for line in STORED:
        for flags in ([], ["--json"]):
            yield _broken([*line.replace("DIR", "d").split(), *flags], here, line)
    for table in folder.glob("*.md"):
        yield [f"{name!r}: {problem}" for problem in _broken_markdown(table.read_bytes().decode(errors="replace"))]


def _broken(words: list[str], here: Path, line: str) -> list[str]:
    """Run a command, and return the promises that it broke."""
    outcome = run(words, here, environment={"COLUMNS": "100000"})
    return [f"{line} {ascii(words)[:150]}: {problem}" for problem in _problems(outcome, words, here)]


def _problems(outcome: Outcome, words: list[str], here: Path) -> Iterator[str]:
    if outcome.code not in (0, 1, 2, 3):
        yield f"exit {outcome.code}: {outcome.err[-200:]}"
    printed = outcome.out + outcome.err
    if any(not letter.isprintable() or letter in "\u3164\ufe0f" for letter in printed.replace("\n", "")):
        yield f"raw character: {ascii(printed)[:300]}"
    if any(line.lstrip().startswith(FORGED) for line in printed.splitlines()):
        yield "a forged line"
    if "--json" in words and outcome.out:
        json.loads(outcome.out)  # an error in it ends the section
    errors = [json.loads(line)["error"]["message"] for line in outcome.err.splitlines() if line.startswith('{"error"')]
    for command in suggested("\n".join(errors) or printed):
        yield from _broken_command(command, here)


def suggested(printed: str) -> list[str]:
    """Return the commands that a text suggests: behind two spaces after a colon, or between backticks."""
    found = []
    for line in printed.splitlines():
        _, colon, commands = line.partition(":  ")
        found += [part.strip() for part in commands.split("    ")] if colon and line[:1].isalpha() else []
        found += re.findall(r"`(nn [^`]*)`", line)
    return [command for command in found if re.match(r"\S*nn ", command)]


def _broken_command(command: str, here: Path) -> Iterator[str]:
    """Split a command as a shell does; what looks like a path must lead to something, or to a folder that exists."""
    split = subprocess.run(
        ["bash", "-c", f"nn() {{ printf '%s\\0' \"$@\"; }}; {command}"], cwd=here, capture_output=True, check=False
    )
    words = [os.fsdecode(word) for word in split.stdout.split(b"\0")]
    if split.returncode or split.stderr:
        yield f"bash refuses {command!r}: {split.stderr!r}"
    for word in words:
        inside = os.path.dirname(word)
        if inside not in ("", "artifacts", "N(0,1") and not os.path.isdir(here / inside):
            yield f"{command!r}: {word!r} is no path"


def _broken_markdown(page: str) -> Iterator[str]:
    """Yield what is wrong with a page of one table: each row has ten cells, and nothing is markup or invisible."""
    for line in page.splitlines():
        bare = re.sub(r"\\.", "", line)
        if not line.isprintable() or re.search(r"[<>`*\[\]&$\u3164\ufe0f]", bare):
            yield f"markup in {line[:200]!r}"
        if line.startswith("|") and bare.count("|") != 11:
            yield f"cells of {line[:200]!r}"
        if line.startswith(FORGED):
            yield "a forged line"
