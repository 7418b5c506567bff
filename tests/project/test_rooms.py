"""The structure of the code: cli -> stages -> models, rooms of three to fourteen files, and no circle between them."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from support import REPOSITORY, imported_files

FORBIDDEN = {
    "models": ("typer", "rich", "nndigits.cli", "nndigits.stages", "os", "sys", "pathlib", "time", "io"),
    "stages": ("typer", "rich", "nndigits.cli", "nndigits.sklearn", "sys"),
    "cli": ("numpy", "scipy", "sklearn", "matplotlib", "nndigits.models", "nndigits.sklearn", "csv"),
    "estimators": ("typer", "rich", "nndigits.cli", "os", "sys", "time", "io"),
}
FILES = [path for room in FORBIDDEN for path in sorted((REPOSITORY / room).rglob("*.py"))]


ROOMS = sorted({path.parent for path in FILES if path.name != "__init__.py"})
ONE_FILE_EACH = ("cli/commands", "models/layers")
"""Rooms that have one file for each command or layer: they grow with them."""

MOST_ARROWS = 300
"""Between all rooms, imports for type checking aside: 122 when the rooms were made, more with later ones."""


def imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_file_touches_only_what_its_room_may(path: Path) -> None:
    tree = ast.parse(path.read_text())
    room = path.relative_to(REPOSITORY).parts[0]
    wrong = {
        name for name in imports(tree) for banned in FORBIDDEN[room] if name == banned or name.startswith(banned + ".")
    }
    assert not wrong
    assert ast.get_docstring(tree), "a file opens by saying what it is for"
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    if room != "cli":
        assert not calls & {"print", "input", "exit"}
    if room == "models":
        assert "open" not in calls


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_room_has_three_to_fourteen_files_and_one_sentence(room: Path) -> None:
    most = 20 if room.relative_to(REPOSITORY).as_posix() in ONE_FILE_EACH else 14
    assert 3 <= len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= most
    opening = ast.parse((room / "__init__.py").read_text())
    if room.name != "estimators":  # it is imported by users: from nndigits.sklearn import NetworkClassifier
        assert len(opening.body) == 1, "an __init__.py holds its docstring and nothing else"
    sentence = ast.get_docstring(opening)
    assert sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_imports_between_rooms_are_few_and_never_go_round_in_a_circle() -> None:
    arrows = {
        (path.parent.relative_to(REPOSITORY), Path(file).parent)
        for path in FILES
        for file in imported_files(path)
        if path.parent != (REPOSITORY / file).parent
    }
    TopologicalSorter(
        {room: {below for above, below in arrows if above == room} for room, _ in arrows}
    ).prepare()  # raises CycleError, with the circle
    assert len(arrows) <= MOST_ARROWS


@pytest.mark.parametrize("word", ["pickle", "np.load(", "np.save", "eval(", "shell=True", "np.random.seed"])
def test_no_file_uses(word: str) -> None:
    allowed = {"pickle": {"loaders.py", "npz.py", "run.py"}}.get(word, set())  # they say why it is refused
    users = {path.name for path in FILES if word in path.read_text()}
    assert users <= allowed


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_neither_numpy_nor_rich(argument: str) -> None:
    code = (
        "import sys, atexit\n"
        "heavy = ('numpy', 'scipy', 'sklearn', 'rich', 'matplotlib')\n"
        "atexit.register(lambda: print('HEAVY', [name for name in heavy if name in sys.modules]))\n"
        f"sys.argv = ['nn', {argument!r}]\n"
        "from nndigits.cli.main import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("HEAVY []")


def test_every_library_that_is_imported_is_an_ordinary_dependency_or_an_extra() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    required = {re.split(r"[<>=]", line)[0] for line in project["dependencies"]}
    names = {name.split(".")[0] for path in FILES for name in imports(ast.parse(path.read_text()))}
    extras = {
        re.split(r"[<>=]", line)[0]
        for name, lines in project["optional-dependencies"].items()
        if name != "dev"
        for line in lines
    }
    libraries = names - set(sys.stdlib_module_names) - {"nndigits"}
    assert "matplotlib" in libraries
    assert {{"PIL": "pillow", "sklearn": "scikit-learn"}.get(name, name) for name in libraries} - extras <= required
    assert extras == {"distributed", "onnx"}


def test_matplotlib_is_imported_only_for_a_picture(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from nndigits.cli.main import main\n"
        "for line in sys.stdin.read().splitlines():\n"
        "    sys.argv = line.split()\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as end:\n"
        "        assert not end.code, line\n"
        "    print('LOADED', line, 'matplotlib' in sys.modules, flush=True)\n"
    )
    without = [
        "nn fetch --dataset digits",
        "nn train --epochs 1 --hidden 3",
        "nn eval",
        "nn show artifacts/history.csv",
        "nn show artifacts/data.npz",
        "nn baseline random",
        "nn compare",
        "nn demo perceptron",
    ]
    lines = [*without, "nn eval --plot eval.png"]
    done = subprocess.run(
        [sys.executable, "-c", code], input="\n".join(lines), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert found == [f"LOADED {line} {line not in without}" for line in lines]


def test_nothing_called_cli_or_stages_is_importable_from_elsewhere(tmp_path: Path) -> None:
    code = "import importlib.util as u; print([u.find_spec(name) for name in ('cli', 'stages', 'models')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "[None, None, None]"
