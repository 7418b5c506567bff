"""Check the code without an attack: banned calls, lint, files left open, branch coverage."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from support import REPOSITORY

from torture.harness.results import Result, Size

SECTION = "J"
ROOMS = ("cli", "stages", "models")
BANNED = {
    r"^\s*(import|from) (pickle|shelve|marshal|zipfile|dill)\b": (),
    r"\bjoblib\.(load|dump)|\bfrom joblib import": (),
    r"\bnp\.(load|save|savez|fromfile|memmap)\b|\.tofile\(|allow_pickle": (),
    r"(?<![.\w])(eval|exec|compile|__import__)\(": (),
    r"shell=True|os\.system\(|os\.popen\(": (),
    r"\bopen\([^)]*['\"][wax]b?\+?['\"]|\.write_(text|bytes)\(": ("stages/disk/temporary.py",),
    r"\bos\.(replace|rename|unlink|remove)\(": tuple(
        f"stages/disk/{name}.py" for name in ("temporary", "replacement", "locks")
    ),
}
"""Patterns that must not occur in the code, and the files in which they may."""

READERS = (
    *(f"store/{name}" for name in ("npz", "artifacts", "schema", "kinds", "baseline_kinds", "files")),
    *(f"datasets/{name}" for name in ("idx", "keras", "loaders")),
    *(f"parsing/{name}" for name in ("patterns", "json_text", "csv_text", "toml_text")),
    "classifiers/pictures",
)
"""The modules of ``stages/`` that read files."""

TESTS = (
    "store", "datasets", "own_images", "downloads", "registry", "parsing", "disk", "picture_formats",
    "classifiers/test_pictures.py",
)  # fmt: skip
"""Their tests, in ``tests/stages``."""

PIPELINE = """
import sys
from nndigits.cli.entry import main
for words in (
    "fetch --dataset digits -o data.npz",
    "train --data data.npz --epochs 1 -o weights.npz",
    "train --data data.npz --epochs 1 -o weights.npz --resume",
    "eval --data data.npz weights.npz -o eval.json",
    "predict --index 0 --data data.npz --weights weights.npz",
    "baseline darkness --data data.npz -o darkness.npz",
    "compare . --data data.npz -o compare.json",
    "show weights.npz",
    "show nothing.npz",
):
    sys.argv = ["nn", *words.split()]
    try:
        main()
    except SystemExit as end:
        if end.code != 3 * words.endswith("nothing.npz"):
            raise RuntimeError(words) from None
"""


def results(_: Size) -> Iterator[Result]:
    """Banned calls, lint, resources, coverage."""
    yield banned()
    yield lint()
    yield resources()
    yield coverage()


def banned() -> Result:
    """Search the code for banned calls."""
    found = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for room in ROOMS
        for path in sorted((REPOSITORY / room).rglob("*.py"))
        for line in re.sub(r"``[^`]*``", "", path.read_text()).splitlines()
        for pattern, allowed in BANNED.items()
        if re.search(pattern, line) and str(path.relative_to(REPOSITORY)) not in allowed
    ]
    for line in found:
        print("   ", line)
    what = "no pickle, zipfile, np.load, eval, shell; files written by one room"
    return Result(SECTION, what, f"{len(found)} lines", "0", not found)


def lint() -> Result:
    """Run bandit's rules with ruff, and count the exceptions."""
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run([ruff, "check", "--select", "S", *ROOMS], cwd=REPOSITORY, capture_output=True, check=False)
    code = "\n".join(path.read_text() for room in ROOMS for path in (REPOSITORY / room).rglob("*.py"))
    excused = len(re.findall(r"# noqa: S", code))
    clean = done.returncode == 0
    found = f"{'clean' if clean else 'not clean'}, {excused} excused"
    return Result(SECTION, "bandit's rules (ruff S)", found, "clean", clean)


def resources() -> Result:
    """Run the pipeline in one process with warnings as errors, which reports files left open."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-X", "dev", "-W", "error", "-c", PIPELINE]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    problems = [line for line in done.stderr.splitlines() if "Warning" in line or "Error" in line]
    for line in problems:
        print("   ", line)
    what = "the pipeline with -X dev -W error: warnings, files left open"
    return Result(
        SECTION, what, f"{len(problems)}, exit {done.returncode}", "0, exit 0", not problems and not done.returncode
    )


def coverage() -> Result:
    """Measure the branch coverage of the modules that read files, by their own tests."""
    what = f"branch coverage of {len(READERS)} modules that read files"
    if importlib.util.find_spec("coverage") is None:
        return Result(SECTION, what, "coverage is not installed", "100 %", None)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COVERAGE_FILE": f"{folder}/data"}
        run = [sys.executable, "-m", "coverage"]
        only = "--include=" + ",".join(f"stages/{reader}.py" for reader in READERS)
        pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        tests = [f"tests/stages/{test}" for test in TESTS]
        command = [*run, "run", "--branch", only, *pytest, *tests]
        passed = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, check=False)
        report = f"{folder}/report.json"
        subprocess.run([*run, "json", "-q", "-o", report], cwd=REPOSITORY, env=environment, check=True)
        totals = json.loads(Path(report).read_text())["totals"]
    met = totals["percent_covered"] == 100 and passed.returncode == 0
    found = f"{totals['percent_covered']:.2f} %, {totals['missing_branches']} branches missed"
    return Result(SECTION, what, found, "100 %", met)
