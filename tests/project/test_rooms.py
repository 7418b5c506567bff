"""The structure of the code: cli -> stages -> models, rooms of a few files, and no circle between them."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
from support import REPOSITORY, imported_files

FORBIDDEN = {
    "models": ("typer", "rich", "nndigits.cli", "nndigits.stages", "os", "sys", "pathlib", "time", "io"),
    "stages": ("typer", "rich", "nndigits.cli", "nndigits.sklearn", "sys"),
    "cli": ("numpy", "scipy", "sklearn", "matplotlib", "nndigits.models", "nndigits.sklearn", "csv"),
    "estimators": ("typer", "rich", "nndigits.cli", "os", "sys", "time", "io"),
}
TREES = {path: ast.parse(path.read_text()) for room in FORBIDDEN for path in sorted((REPOSITORY / room).rglob("*.py"))}
ROOMS = sorted({path.parent for path in TREES if path.name != "__init__.py"})
ONE_FILE_EACH = ("cli/commands", "models/layers", "stages/demos")
"""Rooms that have one file for each command, layer or demonstration: they grow with them."""

MOST_FILES = 14
MOST_ARROWS = 156
"""Between all rooms, imports for type checking aside."""


def imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def calls(tree: ast.AST) -> set[str]:
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def room_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).parts[0]


def test_a_file_imports_only_what_its_room_may() -> None:
    wrong = [
        (str(path.relative_to(REPOSITORY)), name)
        for path, tree in TREES.items()
        for name in imports(tree)
        for banned in FORBIDDEN[room_of(path)]
        if name == banned or name.startswith(banned + ".")
    ]
    assert wrong == []


def test_only_the_command_line_prints_and_no_model_opens_a_file() -> None:
    banned = {"stages": {"print", "input", "exit"}, "models": {"print", "input", "exit", "open"}, "cli": set()}
    wrong = {path: found for path, tree in TREES.items() if (found := calls(tree) & banned.get(room_of(path), set()))}
    assert wrong == {}


def test_a_file_opens_by_saying_what_it_is_for_and_a_room_has_few() -> None:
    assert [path for path, tree in TREES.items() if not ast.get_docstring(tree)] == []
    files = {room: [path for path in room.glob("*.py") if path.name != "__init__.py"] for room in ROOMS}
    crowded = {room.relative_to(REPOSITORY).as_posix() for room, found in files.items() if len(found) > MOST_FILES}
    assert crowded <= set(ONE_FILE_EACH)


def test_every_folder_of_code_is_installed_as_a_part_of_the_package() -> None:
    for room in ROOMS:
        name = ".".join(room.relative_to(REPOSITORY).parts).replace("estimators", "sklearn")
        assert Path(str(import_module(f"nndigits.{name}").__file__)).resolve().parent == room


def test_imports_between_rooms_are_few_and_never_go_round_in_a_circle() -> None:
    arrows = {
        (path.parent.relative_to(REPOSITORY), Path(file).parent)
        for path in TREES
        for file in imported_files(path)
        if path.parent != (REPOSITORY / file).parent
    }
    TopologicalSorter(
        {room: {below for above, below in arrows if above == room} for room, _ in arrows}
    ).prepare()  # raises CycleError, with the circle
    assert len(arrows) <= MOST_ARROWS


def test_no_file_runs_or_unpickles_what_it_reads_or_sets_the_global_seed() -> None:
    banned = ("pickle.", "np.load(", "np.save", "eval(", "shell=True", "np.random.seed")
    users = [(path.name, word) for path in TREES for word in banned if word in path.read_text()]
    assert users == []


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
    names = {name.split(".")[0] for tree in TREES.values() for name in imports(tree)}
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


@pytest.mark.slow
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
    code = "import importlib.util as u; print([u.find_spec(name) for name in ('cli', 'stages', 'models', 'nn')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "[None, None, None, None]"


def test_the_public_names_import_from_one_place_and_when_they_are_used(tmp_path: Path) -> None:
    (tmp_path / "nn.py").write_text("a pupil's own file, which must not matter")
    code = (
        "import sys, nndigits\n"
        "assert 'numpy' not in sys.modules\n"
        "print(nndigits.__version__, *(getattr(nndigits, name).__name__ for name in nndigits.PUBLIC))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "train evaluate" in done.stdout
    assert "NetworkClassifier" in done.stdout
