"""What nn itself writes, of every kind, is within the limits; files of extreme values are one line, never a crash."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from torture.files import values
from torture.files.forge import artifact_bytes

from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.predict import predict
from nndigits.stages.read import read
from nndigits.stages.results.show import show
from nndigits.stages.runs.recipe import recipe_of
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import ARRAY_KINDS, TEXT_KINDS
from nndigits.stages.store.npz import decode


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, bytes]]]:
    path = tmp_path_factory.mktemp("own")
    with values.sandbox(path) as files:
        yield path, files


@pytest.fixture
def folder(sandbox: tuple[Path, dict[str, bytes]], monkeypatch) -> dict[str, bytes]:
    monkeypatch.chdir(sandbox[0])
    return sandbox[1]


def forged(files: dict[str, bytes], name: str, about: dict | None = None, **values: float) -> None:
    """Write the file again with another description, and with arrays filled with a value."""
    arrays = decode(files[name])
    meta = json.loads(arrays.pop("__meta__").tobytes())
    meta["about"] |= about or {}
    filled = {array: np.full_like(arrays[array], value) for array, value in values.items()}
    Path(name).write_bytes(artifact_bytes(meta, {**arrays, **filled}))


def test_files_of_every_kind_are_read_as_they_are_written(folder: dict[str, bytes]) -> None:
    names = [name for name in folder if name.endswith((".npz", ".json", ".csv")) and name != "timings.csv"]
    assert {artifacts.load_metadata(Path(name))["kind"] for name in names} == ARRAY_KINDS.keys() | TEXT_KINDS.keys()
    for name in names:
        assert show(Path(name)).what
    for arguments in (arguments for commands in values.USES.values() for arguments in commands):
        assert not values.failure(*arguments) or "{}" in arguments
    values.restore(folder, "weights.npz")


@pytest.mark.parametrize("last", ["relu", "sigmoid", "tanh", "softmax"])
@pytest.mark.parametrize("hidden", ["relu", "sigmoid"])
def test_a_network_whose_outputs_overflow_says_so_and_the_others_are_compared(
    folder: dict[str, bytes], hidden: str, last: str
) -> None:
    weights, data = Path("weights.npz"), Path("data.npz")
    layers = {"layers": [f"dense 3 {hidden}", f"dense 3 {last}"]}
    forged(folder, "weights.npz", layers, weights_1=3e38, weights_2=3e38)
    assert all(np.isfinite(layer.spread) for layer in show(weights).layers)
    for use in (
        lambda: evaluate(weights, data, Path("out-eval.json")),
        lambda: predict([Path("digit.png")], weights),
        lambda: read(Path("digit.png"), weights),
    ):
        with pytest.raises(InputError, match=r"^weights.npz: cannot classify these images: outputs overflow"):
            use()
    report = compare(Path(), data, Path("out.json"))
    assert [why for why in report.passed_over if why.startswith("weights.npz: cannot classify")]
    assert {entry.files for entry in report.entries} >= {("random.npz",), ("darkness.npz",), ("svm.npz",)}
    values.restore(folder, "weights.npz")


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"epochs": -1}, "epochs -1: expected 1 or more"),
        ({"distort": "rotate 1000"}, "distort: rotate 1000: expected 0 to 180"),
        ({"seed": "x"}, "seed = 'x': expected a whole number"),
        ({"more": 1}, r"\[train\] has 'more', which no recipe has"),
    ],
)
def test_a_recipe_that_cannot_be_read_is_not_printed(folder, parameters: dict, reason: str) -> None:
    arrays = decode(folder["weights.npz"])
    meta = json.loads(arrays.pop("__meta__").tobytes())
    Path("odd.npz").write_bytes(artifact_bytes({**meta, "parameters": {**meta["parameters"], **parameters}}, arrays))
    with pytest.raises(InputError, match=f"^odd.npz: {reason}"):
        recipe_of(Path("odd.npz"))
    Path("odd.npz").unlink()


def test_without_test_images_every_stage_says_so(folder: dict[str, bytes]) -> None:
    arrays = decode(folder["data.npz"])
    meta = json.loads(arrays.pop("__meta__").tobytes())
    none = {name: array[:0] if name.startswith("test") else array for name, array in arrays.items()}
    Path("data.npz").write_bytes(artifact_bytes(meta, none))
    for command in values.USES["data.npz"]:
        if command[0] in ("eval", "baseline", "compare"):
            found = values.failure(*(part.format("data.npz") for part in command), must_succeed=True)
            assert found.startswith("data.npz: has no test images. "), command
    values.restore(folder, "data.npz")


@pytest.mark.parametrize(
    ("name", "value"), [("support", [1, 0]), ("support", [0, 0]), ("support", [0, 99]), ("digits", [[1, 1]])]
)
def test_pairs_that_these_images_cannot_have_are_said_and_kept(
    folder: dict[str, bytes], name: str, value: list
) -> None:
    arrays = decode(folder["part-pairs.npz"])
    meta = json.loads(arrays.pop("__meta__").tobytes())
    Path("part-pairs.npz").write_bytes(artifact_bytes(meta, {**arrays, name: np.array(value)}))
    before = Path("part-pairs.npz").read_bytes()
    command = values.USES["part-pairs.npz"][-1]
    assert values.failure(*command, must_succeed=True).startswith(
        "part-pairs.npz: holds pairs that these training images"
    )
    assert Path("part-pairs.npz").read_bytes() == before
    values.restore(folder, "part-pairs.npz")
