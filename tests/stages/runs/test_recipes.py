"""Recipes: read, refused, overridden, and written by the run that they made."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from support import Run, sha256

from nndigits.stages.fetch import fetch
from nndigits.stages.runs import recipe
from nndigits.stages.runs.new_network import layers_for, new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.recipe import recipe_of
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train

UNUSUAL = Parameters(
    hidden=(7, 6),
    epochs=2,
    eta=0.1,
    seed=3,
    dtype="float64",
    activation="leaky-relu",
    cost="log-likelihood",
    init="he",
    optimizer="nesterov",
    momentum=0.85,
    schedule="one-cycle",
    warm_up=0.1,
    patience=7,
    average=0.99,
    rejects=0.05,
    drawn=0.02,
    l2=0.3,
    l1=1e-7,
    max_norm=4.0,
    label_smoothing=0.05,
)


@pytest.mark.parametrize("name", recipe.NAMES)
def test_every_recipe_that_comes_with_nn_can_be_read(name: str) -> None:
    read = recipe.read(name)
    assert read.name == name
    assert all((read.title, read.expected, read.takes, read.source))
    assert isinstance(recipe.parameters(read.parameters, {}), Parameters)


def test_no_recipe_lies_unlisted() -> None:
    assert sorted(path.stem for path in recipe.OURS.glob("*.toml")) == sorted(recipe.NAMES)


def test_the_chapters_recipe_is_what_nn_does_anyway() -> None:
    assert recipe.parameters(recipe.read("book-30").parameters, {}) == Parameters()


def test_what_is_given_goes_before_the_recipe() -> None:
    told = recipe.read("improved-100").parameters
    assert recipe.parameters(told, {"epochs": 2, "hidden": (20,)}) == replace(
        recipe.parameters(told, {}), epochs=2, hidden=(20,)
    )


def test_given_layers_set_hidden_aside() -> None:
    layers = "dense 20 relu, dense 10 softmax"
    told = {"hidden": (30,), "activation": "relu", "cost": "log-likelihood"}
    chosen = recipe.parameters(told, {"layers": layers})
    assert (chosen.layers, chosen.hidden, chosen.activation) == (layers, (), "sigmoid")
    with pytest.raises(UsageError, match="give one of the two"):
        recipe.parameters({}, {"layers": layers, "hidden": (5,)})


@pytest.mark.parametrize(("hidden", "words"), [((30,), "hidden 30"), ((), "hidden none")])
def test_hidden_does_not_make_a_hybrid_of_a_recipe_with_layers(hidden: tuple[int, ...], words: str) -> None:
    told = recipe.read("best").parameters
    with pytest.raises(UsageError, match=f"{words}: the recipe sets the layers, 'conv 16 5x5.*give layers instead"):
        recipe.parameters(told, {"hidden": hidden})
    with pytest.raises(UsageError, match="give one of the two"):
        recipe.parameters(told, {"hidden": hidden or (5,), "layers": "dense 10 softmax"})
    other = "dense 20 relu, dense 10 softmax"
    assert recipe.parameters(told, {"layers": other}).layers == other


def test_hidden_replaces_that_of_a_recipe_written_by_show(digits: Path, tmp_path: Path) -> None:
    """Such a recipe has all parameters, also empty layers."""
    train(digits, tmp_path / "weights.npz", Parameters(hidden=(5,), epochs=1))
    (tmp_path / "mine.toml").write_text(recipe_of(tmp_path / "weights.npz"))
    told = recipe.read(str(tmp_path / "mine.toml")).parameters
    assert recipe.parameters(told, {"hidden": (7,)}).hidden == (7,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[train]\nepoch = 3", r"\[train\] has 'epoch', which no recipe has. Did you mean epochs"),
        ("epochs = 3", "has 'epochs'"),
        ("train = 3", "should be a table"),
        ("title = 3", "title should be text"),
        ("[train]\nepochs = 3.5", "epochs = 3.5: expected a whole number"),
        ("[train]\nepochs = true", "epochs = True: expected a whole number"),
        ("[train]\neta = 'much'", "eta = 'much': expected a number"),
        ("[train]\nhidden = [1.5]", "expected a list of whole numbers"),
        ("[train]\ndtype = 'float16'", "expected 'float32' or 'float64'"),
        ("[train]\npatience = 'long'", "expected a whole number"),
        ("[train]\noptimizer = 'magic'", "optimizer magic: expected one of sgd"),
        ("[train]\noptimizer = 3", "optimizer = 3: expected text"),
        ("[train]\nwarm-up = 1", "warm-up 1: expected 0 or more and less than 1"),
        ("[train", "is not TOML"),
        ("\xff", "is not TOML"),
    ],
)
def test_what_no_recipe_has_is_refused_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=f"mine.toml: .*{words}") as caught:
        recipe.read(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.toml: no such file. `nn recipes` lists"):
        recipe.read("none.toml")
    with pytest.raises(InputError, match=r"recipe bset: no such recipe\. Did you mean best\? Known are book-30"):
        recipe.read("bset")


def test_weights_tell_the_recipe_that_makes_them_again(digits: Path, tmp_path: Path) -> None:
    assert all(getattr(UNUSUAL, field.name) != field.default for field in fields(Parameters) if field.name not in
               ("batch", "keep", "threads", "layers", "distort")), "or the round trip says little"  # fmt: skip
    train(digits, tmp_path / "weights.npz", UNUSUAL)
    (tmp_path / "mine.toml").write_text(recipe_of(tmp_path / "weights.npz"))
    read = recipe.read(str(tmp_path / "mine.toml"))
    assert re.fullmatch(r"\d+ of 256 validation images", read.expected)
    train(digits, tmp_path / "again" / "weights.npz", recipe.parameters(read.parameters, {}))
    assert sha256(tmp_path / "weights.npz") == sha256(tmp_path / "again" / "weights.npz")


def test_recipes_on_the_command_line(nn: Run, tmp_path: Path) -> None:
    fetch(tmp_path / "artifacts" / "data.npz", dataset="digits")
    listed = nn("recipes").stdout
    assert all(name in listed for name in recipe.NAMES)
    assert [entry["name"] for entry in json.loads(nn("recipes", "--json").stdout)] == list(recipe.NAMES)
    (tmp_path / "mine.toml").write_text(nn("recipes", "improved-100").stdout)
    assert nn("train", "--recipe", "mine.toml", "--epochs", 1, "-q").returncode == 0
    made = artifacts.load(tmp_path / "artifacts" / "weights.npz").meta["parameters"]
    assert (made["cost"], made["epochs"], made["hidden"]) == ("cross-entropy", 1, [100])
    written = nn("show", "artifacts/weights.npz", "--recipe")
    assert written.stdout == recipe_of(tmp_path / "artifacts" / "weights.npz").replace(str(tmp_path) + "/", "")
    assert nn("train", "--recipe", "nothing").returncode == 3
    assert nn("train", "--recipe", "nothing.toml").returncode == 3
    assert nn("show", "artifacts/data.npz", "--recipe").returncode == 3


@pytest.mark.parametrize("line", ["layers = 'dense 7 sigmoid'", "distort = 'rotate 1000'", "l2 = 1e308", "threads = 0"])
def test_a_wrong_value_of_a_recipe_is_the_recipes(nn: Run, digits: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "mine.toml").write_text(f"[train]\nepochs = 1\n{line}\n")
    out = tmp_path / "w.npz"
    done = nn("train", "--recipe", tmp_path / "mine.toml", "--data", digits, "-o", out)
    assert (done.returncode, done.stderr.startswith(f"nn: {tmp_path / 'mine.toml'}: {line.split()[0]}")) == (3, True)
    assert nn("train", "--recipe", tmp_path / "mine.toml", "--epochs", 0, "--data", digits, "-o", out).returncode in (
        2,
        3,
    )


def test_an_empty_recipe_is_no_recipe_and_no_recipe_is_replaced(nn: Run, digits: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\n")
    done = nn("train", "--recipe", path, "--data", digits)
    assert (done.returncode, "mine.toml: is empty" in done.stderr) == (3, True)
    path.write_text("[train]\nepochs = 1\nhidden = [3]\n")
    done = nn("train", "--recipe", path, "--data", digits, "-o", path)
    assert (done.returncode, "both read and written by this command" in done.stderr) == (2, True)
    assert path.read_text().startswith("[train]")


@pytest.mark.parametrize("rejects", [0.0, 0.5])
def test_a_recipe_ends_in_as_many_outputs_as_the_data_has_classes(rejects: float) -> None:
    layers = "dense 4 relu, dense classes softmax"
    parameters = Parameters(hidden=(), layers=layers, cost="log-likelihood", rejects=rejects)
    for classes in (3, 10, 47):
        outputs = classes + (rejects > 0)
        assert layers_for(parameters, classes) == f"dense 4 relu, dense {outputs} softmax"
        network = new_network(parameters, (3, 3), classes, np.random.default_rng(0))
        assert (network.classes, network.last.outputs) == (classes, outputs)


def test_a_folder_of_its_name_does_not_hide_a_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "best").mkdir()
    monkeypatch.chdir(tmp_path)
    assert recipe.read("best").parameters["layers"]
