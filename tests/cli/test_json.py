"""The JSON documents: one name for one thing, as docs/json.md lists them, and errors as JSON."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import screens
from support import REPOSITORY, Run

LINES = (
    "fetch --dataset digits -o again.npz", "fetch --images shapes -o shapes.npz", "datasets",
    "run --epochs 1", "train --epochs 1 -o one.npz", "find-eta", "eval --distort",
    "predict --index 3", "predict pictures", "read strip.png", "show artifacts/data.npz --index 3",
    "show artifacts/weights.npz", "show artifacts/weights-eval.json", "compare", "show artifacts/compare.json",
    "report", "draw", "export -o net.safetensors", "import net.safetensors -o same.npz", "show artifacts/draw.html",
    "show net.safetensors", "--version",
     "baseline", "baseline random", "baseline darkness",
    "show artifacts/darkness.npz", "status", "baseline svm --train-size 100", "recipes", "recipes fast", "demo",
    "sweep --hidden 3 --hidden 4 --seeds 2 --epochs 1", "show artifacts/sweep/sweep.json",
)  # fmt: skip
OPAQUE = ("accuracies", "verdicts", "made", "parameters", "counts", "changed", "search", "values")
"""Keys whose values have names of their own: metadata, settings, splits, versions, parameters of a sweep."""

PAGE = (REPOSITORY / "docs" / "json.md").read_text()
LISTED = {name for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("json")
    screens.make_place(folder)
    return folder


@pytest.fixture(scope="module")
def values(place: Path) -> dict[str, list[Any]]:
    """The keys of all documents, with their values."""
    values: dict[str, list[Any]] = {}
    for line in LINES:
        for key, value in _keys(json.loads(screens.run(f"nn {line} --json", 80, place).stdout)):
            values.setdefault(key, []).append(value)
    return values


@pytest.fixture(scope="module")
def found(values: dict[str, list[Any]]) -> dict[str, set[str]]:
    """The keys of all documents, with the types of their values."""
    return {
        key: {"number" if type(one) in (int, float) else type(one).__name__ for one in each} - {"NoneType"}
        for key, each in values.items()
    }


def _keys(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
        value = [item for key, item in value.items() if key not in OPAQUE]
    for item in value if isinstance(value, list) else ():
        yield from _keys(item)


def test_every_key_of_a_document_is_in_the_table(found: dict[str, set[str]]) -> None:
    assert not set(found) - LISTED
    assert {"correct", "validation_accuracy", "numbers", "what"} <= set(found)


def test_a_key_has_values_of_one_type_everywhere(found: dict[str, set[str]]) -> None:
    assert {key: types for key, types in found.items() if len(types) > 1} == {}
    assert found["parameters"] == {"dict"}, "settings, never a count"


def test_a_key_means_the_same_everywhere(values: dict[str, list[Any]], place: Path) -> None:
    assert set(values["dataset"]) <= {"digits", "shapes", "MNIST", "mnist"}, "the name of a data set"
    for key in ("path", "out", "history", "checkpoint"):
        missing = [one for one in values[key] if one is not None and not (place / one).exists()]
        assert {Path(one).name for one in missing} <= {"data.npz"}, f"{key} is a file: {missing}"
    assert all(0 <= one <= 1 for key in ("accuracy", "validation_accuracy") for one in values[key] if one is not None)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "nothing.npz"], 3, "nothing.npz: no such file"),
        (["train", "--epochs", "ten"], 2, "expected a whole number"),
        (["train", "--recipe", "bset"], 3, "no such recipe"),
        (["train", "--recipe", "bset.toml"], 3, "no such file"),
    ],
)
def test_an_error_is_one_json_document_on_stderr(nn: Run, arguments: list[str], code: int, words: str) -> None:
    done = nn(*arguments, "--json")
    assert (done.returncode, done.stdout) == (code, "")
    error = json.loads(done.stderr)["error"]
    assert error["exit_code"] == code
    assert words in error["message"]
    assert nn(*arguments).stderr == f"nn: {error['message']}\n"


def test_messages_have_no_marks_of_python(nn: Run, tmp_path: Path) -> None:
    screens.make_place(tmp_path)
    (tmp_path / "text.npz").write_text("hello")
    nn("train", "--epochs", 1, "--hidden", "none", "-o", "one.npz", "-q")
    said = nn("train", "--epochs", 1, "--resume", "-o", "one.npz").stderr
    assert "was made with hidden none, this run has 30" in said
    assert nn("show", "text.npz").stderr.startswith('nn: text.npz: is not an .npz file: it begins with "hell".')
