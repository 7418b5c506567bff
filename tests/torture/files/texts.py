"""Recipes, layers and numbers of absurd size, as text: one line of error, little time and little memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from torture.harness.folders import ram_folder, tiny_pipeline
from torture.harness.results import Result, Size, of
from torture.harness.run import Outcome, nn

SECTION = "A"
MEGABYTES, SECONDS = 300, 2.0
LONG = 32_700

RECIPES = {
    "a dotted key": ".".join("a" * LONG) + " = 1\n",
    "a dotted key behind quotes": 'x = {y = """b"""", ' + ".".join("a" * LONG) + " = 1}\n",
    "a dotted header": f"[{'.'.join('a' * LONG)}]\n",
    "dotted keys in many lines": "".join(f"{'.'.join('a' * 470)}.k{number} = 1\n" for number in range(17)),
    "brackets": f"x = {'[' * LONG}{']' * LONG}\n",
    "tables in tables": f"x = {'{a = ' * 8_000}1{'}' * 8_000}\n",
    "an integer of 5,000 digits": f"[train]\nseed = {'9' * 5000}\n",
    "epochs without end": "[train]\nepochs = 1000000000000\n",
    "a long key": f"{'k' * 900} = 1\n",
    "an escape sequence": '[train]\nlayers = "\\u001b[2J"\n',
    "not a number": "[train]\neta = nan\n",
    "300 kB": "# " + "x" * 300_000,
}

NUMBERS = ("9" * 400, "9" * 5000, "-" + "9" * 4000, "1e400", "nan")
FLAGS = ("--epochs", "--batch", "--seed", "--threads", "--patience", "--eta", "--l2", "--hidden", "--momentum")

LAYERS = (
    *(f"dense {number} sigmoid" for number in NUMBERS),
    *(f"conv {number} 5x5" for number in NUMBERS),
    "conv 5 99999999999x99999999999",
    f"max {'9' * 4000}",
    f"dropout 0.{'9' * 4000}",
    ", ".join(["dense 3 sigmoid"] * 10_000),
    "," * 100_000,
)

OTHERS = (
    *(("baseline", "random", "--seed", number) for number in NUMBERS),
    *(("baseline", "svm", "--c", number) for number in (*NUMBERS, "1e300")),
    *(("show", "artifacts/data.npz", "--index", number) for number in NUMBERS),
    *(("show", "artifacts/data.npz", "--distort", f"rotate {number}") for number in NUMBERS),
    *(("eval", "--shifts", number) for number in NUMBERS),
)


def results(_: Size) -> Iterator[Result]:
    """One result for recipes, and one for arguments."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name:
        folder = tiny_pipeline(Path(name) / "here")
        outcomes = {}
        for what, text in RECIPES.items():
            (folder / "mine.toml").write_text(text)
            outcomes[what] = nn("train", "--recipe", "./mine.toml", folder=folder)
        yield _result("recipes of absurd size", outcomes, (3,))
        commands = (
            *(("train", flag, number, "--no-resume") for flag in FLAGS for number in NUMBERS),
            *(("train", "--layers", layers) for layers in LAYERS),
            *OTHERS,
        )
        tried = {f"{number}, {' '.join(one)[:60]}": nn(*one, folder=folder) for number, one in enumerate(commands)}
        yield _result("numbers and layers of absurd size", tried, (1, 2, 5))


def _result(what: str, outcomes: dict[str, Outcome], codes: tuple[int, ...]) -> Result:
    bad = [name for name, one in outcomes.items() if not _is_fine(one, codes)]
    for name in bad[:10]:
        one = outcomes[name]
        print(f"     {name}: {one.code}, {one.peak / 1e6:.0f} MB, {one.cpu_seconds:.1f} s, {one.err[-150:]!r}")
    found = of(len(outcomes) - len(bad), len(outcomes))
    return Result(SECTION, f"{what}: one line, at most {MEGABYTES} MB and {SECONDS:g} s", found, "all", not bad)


def _is_fine(one: Outcome, codes: tuple[int, ...]) -> bool:
    return one.code in codes and one.is_one_line("nn: ") and one.peak < MEGABYTES * 1e6 and one.cpu_seconds < SECONDS
