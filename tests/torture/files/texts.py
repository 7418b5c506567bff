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

LAYERS = (
    *(f"dense {number} sigmoid" for number in ("9" * 5000, "-" + "9" * 4000, "1e400", "nan")),
    "conv 5 99999999999x99999999999",
    f"max {'9' * 4000}",
    f"dropout 0.{'9' * 4000}",
    ", ".join(["dense 3 sigmoid"] * 10_000),
    "," * 100_000,
)
OTHERS = (
    *(("train", "--layers", layers) for layers in LAYERS),
    *(("train", flag, "9" * 5000, "--no-resume") for flag in ("--epochs", "--batch", "--threads", "--eta", "--hidden")),
    ("baseline", "svm", "--c", "9" * 5000),
    ("show", "artifacts/data.npz", "--distort", f"rotate {'9' * 5000}"),
)
"""Numbers and layers; the other absurd arguments are those of ``commands/arguments.py``."""


def results(_: Size) -> Iterator[Result]:
    """One result for recipes, and one for arguments."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name:
        folder = tiny_pipeline(Path(name) / "here")
        outcomes = {}
        for what, text in RECIPES.items():
            (folder / "mine.toml").write_text(text)
            outcomes[what] = nn("train", "--recipe", "./mine.toml", folder=folder)
        yield _result("recipes of absurd size", outcomes, (3,))
        tried = {f"{number}, {' '.join(one)[:60]}": nn(*one, folder=folder) for number, one in enumerate(OTHERS)}
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
