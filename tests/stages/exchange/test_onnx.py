"""ONNX models in onnxruntime, beside `nn predict`."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_networks import save_random
from support import sha256

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.exchange import onnx_layers
from nndigits.stages.exchange.export import export
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError, UsageError

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

LAYERS = [
    "dense 9 sigmoid, dense 10 softmax",
    "conv 4 5x5, max 2, relu, conv 6 3x3 tanh, flatten, dense 12 sigmoid, dense 10 softmax",
    "conv 3 4x4, norm, relu, max 3, flatten, norm, dropout 0.3, dense 11 softplus, norm, dense 10 softmax",
    "max 2, flatten, dense 7 leaky-relu, dense 10 tanh",
    "dense 12 step, dense 10 relu",
]


def run(path: Path, images: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path.read_bytes())
    return dict(zip([one.name for one in session.get_outputs()], session.run(None, {"images": images}), strict=True))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.integers(0, 256, (300, 28, 28)) * (rng.random((300, 28, 28)) < 0.2)).astype(np.uint8)


@pytest.mark.parametrize("layers", LAYERS)
def test_every_layer_gives_the_probabilities_of_nn(layers: str, images: np.ndarray, tmp_path: Path) -> None:
    weights = save_random(tmp_path / "weights.npz", layers)
    export([weights], tmp_path / "net.onnx")
    found, expected = run(tmp_path / "net.onnx", images), EnsemblePredictor(weights).probabilities(images)
    assert set(found) == {"probabilities", "label"}
    assert np.abs(found["probabilities"] - expected).max() < 2e-5
    assert np.array_equal(found["label"], found["probabilities"].argmax(axis=1))
    assert expected.std(axis=0).max() > 1e-3  # the images differ


def test_sigmoid_outputs_agree_as_far_as_single_precision_tells(images: np.ndarray, tmp_path: Path) -> None:
    weights = save_random(tmp_path / "weights.npz", "dense 10 sigmoid")
    export([weights], tmp_path / "net.onnx")
    found, expected = run(tmp_path / "net.onnx", images), EnsemblePredictor(weights).probabilities(images)
    assert np.abs(found["probabilities"] - expected).max() < 5e-3  # an output of 0.9999 is rounded to 6e-8
    clear = np.sort(expected)[:, -1] - np.sort(expected)[:, -2] > 5e-3
    assert clear.any()
    assert np.array_equal(found["label"][clear], expected.argmax(axis=1)[clear])


def test_several_networks_vote_and_tell_what_is_no_class(images: np.ndarray, tmp_path: Path) -> None:
    paths = [
        save_random(tmp_path / "a.npz", "dense 8 relu, dense 11 softmax", rejects=True, temperature=0.7),
        save_random(tmp_path / "b.npz", "dense 10 softmax"),
    ]
    export(paths, tmp_path / "net.onnx")
    found, (expected, any_class) = run(tmp_path / "net.onnx", images), EnsemblePredictor(paths).predict(images)
    assert np.abs(found["probabilities"] - expected).max() < 1e-5
    assert np.abs(found["no_class"] - (1 - any_class)).max() < 1e-5
    assert found["no_class"].shape == (300,)


def test_the_model_says_what_it_is_and_has_the_same_bytes_again(tmp_path: Path) -> None:
    weights = save_random(tmp_path / "weights.npz", "dense 10 softmax")
    export([weights], tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    texts = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(texts["classes"]) == list("0123456789")
    assert json.loads(texts["layers"]) == [["dense 10 softmax"]]
    assert set(texts) == {"classes", "dataset", "data_sha256", "parameters", "layers", "weights_sha256", "nn"}
    first = (tmp_path / "net.onnx").read_bytes()
    export([weights], tmp_path / "net.onnx")
    assert (tmp_path / "net.onnx").read_bytes() == first


def test_weights_that_are_replaced_meanwhile_do_not_mix(images: np.ndarray, monkeypatch, tmp_path: Path) -> None:
    """The model's numbers and the sha256 that it states are of one file, which is read once."""
    weights = save_random(tmp_path / "weights.npz", "dense 9 sigmoid, dense 10 softmax")
    other = save_random(tmp_path / "other.npz", "dense 9 tanh, dense 10 softmax")
    stated, expected = sha256(weights), EnsemblePredictor(weights).probabilities(images)
    read, count = files.read, 0

    def read_and_replace(path: Path, *arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        content = read(path, *arguments, **options)
        shutil.copy(other, weights)
        return content

    monkeypatch.setattr(files, "read", read_and_replace)
    export([weights], tmp_path / "net.onnx")
    assert count == 1
    texts = {one.key: one.value for one in onnx.load(tmp_path / "net.onnx").metadata_props}
    assert json.loads(texts["weights_sha256"]) == [stated]
    assert np.abs(run(tmp_path / "net.onnx", images)["probabilities"] - expected).max() < 2e-5


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    one = save_random(tmp_path / "a.npz", "dense 10 softmax")
    other = save_random(tmp_path / "b.npz", "dense 10 softmax", image=(5, 5))
    with pytest.raises(UsageError, match=r"expected a file ending in \.onnx or \.safetensors"):
        export([one], tmp_path / "net.pt")
    with pytest.raises(UsageError, match="holds one network"):
        export([one, one], tmp_path / "net.safetensors")
    with pytest.raises(InputError, match="cannot vote"):
        export([one, other], tmp_path / "net.onnx")
    assert not list(tmp_path.glob("net*"))


def test_an_activation_without_a_counterpart_is_refused_as_a_layer_is(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delitem(onnx_layers.ACTIVATIONS, "tanh")
    weights = save_random(tmp_path / "weights.npz", "dense 3 tanh, dense 10 softmax")
    with pytest.raises(InputError, match=r"weights.npz: cannot be written as ONNX: the activation tanh has no counter"):
        export([weights], tmp_path / "network.onnx")
