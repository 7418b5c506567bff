"""Networks of other programs: safetensors, states of PyTorch and Keras, and the book's JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from random_networks import save_random

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.exchange.export import export
from nndigits.stages.exchange.import_network import Preparation, import_network
from nndigits.stages.results.show import show
from nndigits.stages.runs.network_artifacts import from_artifact
from nndigits.stages.runs.recipe import parameters_of, recipe_of
from nndigits.stages.store import artifacts, safetensors
from nndigits.stages.store.errors import InputError, UsageError

LINE = "conv 4 5x5 relu, max 2, norm, flatten, dense 6 tanh, dense 10 softmax"
STORED = "conv 4 5x5, max 2, relu, norm, flatten, dense 6 tanh, dense 10 softmax"
"""The same network, as nn writes it."""


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)


@pytest.fixture
def tensors() -> dict[str, np.ndarray]:
    """A network of LINE as PyTorch names and orders its tensors."""
    rng = np.random.default_rng(1)
    shapes = {
        "features.0.weight": (4, 1, 5, 5), "features.0.bias": (4,),
        "features.3.weight": (4,), "features.3.bias": (4,),
        "features.3.running_mean": (4,), "features.3.running_var": (4,),
        "classifier.1.weight": (6, 4 * 12 * 12), "classifier.1.bias": (6,),
        "classifier.10.weight": (10, 6), "classifier.10.bias": (10,),
    }  # fmt: skip
    found = {name: rng.normal(0, 0.1, shape).astype(np.float32) for name, shape in shapes.items()}
    found["features.3.running_var"] **= 2
    return found


def outputs_by_hand(tensors: dict[str, np.ndarray], images: np.ndarray) -> np.ndarray:
    """The same network as PyTorch defines its layers, one number at a time where that is short."""
    x = images[:, None] / 255
    w, b = tensors["features.0.weight"], tensors["features.0.bias"]
    windows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(2, 3))
    z = np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None]
    a = np.maximum(z, 0).reshape(len(x), 4, 12, 2, 12, 2).max(axis=(3, 5))
    gamma, beta, mean, variance = (
        tensors[f"features.3.{name}"][:, None, None] for name in ("weight", "bias", "running_mean", "running_var")
    )
    a = (a - mean) / np.sqrt(variance + 1e-5) * gamma + beta
    a = np.tanh(a.reshape(len(x), -1) @ tensors["classifier.1.weight"].T + tensors["classifier.1.bias"])
    z = a @ tensors["classifier.10.weight"].T + tensors["classifier.10.bias"]
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def write(path: Path, tensors: dict[str, np.ndarray]) -> Path:
    path.write_bytes(b"".join(map(bytes, safetensors.encode(tensors, {}))))
    return path


def outputs(weights: Path, images: np.ndarray) -> np.ndarray:
    return from_artifact(artifacts.load(weights, "weights")).outputs(images)


def test_what_nn_exported_becomes_the_same_file(tmp_path: Path) -> None:
    weights = save_random(tmp_path / "weights.npz", LINE)
    export([weights], tmp_path / "net.safetensors")
    report = import_network(tmp_path / "net.safetensors", tmp_path / "again.npz")
    assert report.exported
    assert (tmp_path / "again.npz").read_bytes() == weights.read_bytes()


def test_the_library_safetensors_reads_and_writes_the_same(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    library = pytest.importorskip("safetensors.numpy")
    path = write(tmp_path / "ours.safetensors", tensors)
    read = library.load_file(path)
    assert {name: array.tolist() for name, array in read.items()} == {
        name: array.tolist() for name, array in tensors.items()
    }
    library.save_file(tensors, tmp_path / "theirs.safetensors", {"made": "elsewhere"})
    arrays, texts = safetensors.decode((tmp_path / "theirs.safetensors").read_bytes())
    assert texts == {"made": "elsewhere"}
    assert all(np.array_equal(arrays[name], tensors[name]) for name in tensors)


def test_a_state_of_pytorch(tmp_path: Path, tensors: dict[str, np.ndarray], images: np.ndarray) -> None:
    tensors["features.3.num_batches_tracked"] = np.array(7)
    path = write(tmp_path / "torch.safetensors", tensors)
    import_network(path, tmp_path / "weights.npz", Preparation(LINE))
    assert np.allclose(outputs(tmp_path / "weights.npz", images), outputs_by_hand(tensors, images), atol=1e-5)
    assert EnsemblePredictor(tmp_path / "weights.npz").probabilities(images).shape == (5, 10)


def test_a_state_of_keras(tmp_path: Path, tensors: dict[str, np.ndarray], images: np.ndarray) -> None:
    flat = tensors["classifier.1.weight"].reshape(6, 4, 12, 12)
    keras = {
        "sequential/conv2d/kernel": tensors["features.0.weight"].transpose(2, 3, 1, 0),
        "sequential/conv2d/bias": tensors["features.0.bias"],
        "sequential/norm/gamma": tensors["features.3.weight"],
        "sequential/norm/beta": tensors["features.3.bias"],
        "sequential/norm/moving_mean": tensors["features.3.running_mean"],
        "sequential/norm/moving_variance": tensors["features.3.running_var"] + np.float32(1e-5 - 1e-3),
        "sequential/dense/kernel": flat.transpose(2, 3, 1, 0).reshape(-1, 6),
        "sequential/dense/bias": tensors["classifier.1.bias"],
        "sequential/dense_1/kernel": tensors["classifier.10.weight"].T,
        "sequential/dense_1/bias": tensors["classifier.10.bias"],
    }
    path = write(tmp_path / "keras.safetensors", keras)
    import_network(path, tmp_path / "weights.npz", Preparation(LINE))
    assert np.allclose(outputs(tmp_path / "weights.npz", images), outputs_by_hand(tensors, images), atol=1e-4)


def test_inputs_that_were_standardised(tmp_path: Path, tensors: dict[str, np.ndarray], images: np.ndarray) -> None:
    path = write(tmp_path / "torch.safetensors", tensors)
    import_network(path, tmp_path / "weights.npz", Preparation(LINE, mean=0.1307, deviation=0.3081))
    standardised = (images / 255 - 0.1307) / 0.3081 * 255
    expected = outputs_by_hand(tensors, standardised)
    assert np.allclose(outputs(tmp_path / "weights.npz", images), expected, atol=1e-5)


def test_a_mean_that_cannot_be_taken_into_the_weights(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = write(tmp_path / "net.safetensors", {"weight": rng.normal(size=(10, 784)).astype(np.float32)})
    norm = {f"0.{name}": np.ones(784, np.float32) for name in ("weight", "bias", "running_mean", "running_var")}
    last = write(tmp_path / "norm.safetensors", {**norm, "1.weight": rng.normal(size=(10, 784)).astype(np.float32)})
    state = write(tmp_path / "state.safetensors", {"num_batches_tracked": np.zeros(1, np.int64)})
    for source, preparation, line in (
        (path, Preparation("dense 10 softmax", mean=float("nan")), "mean nan: expected a number"),
        (path, Preparation("dense 10 softmax", deviation=float("inf")), "std inf: expected a positive number"),
        (path, Preparation("dense 10 softmax", deviation=1e-300), "of the first layer that are not finite"),
        (path, Preparation("dense 10 softmax", mean=1e300), "of the first layer that are not finite"),
        (state, Preparation("max 2"), "layers max 2: have no weights"),
        (path, Preparation("dense 10 softmax", image=(0, 28)), "image: has images of [0, 28]"),
        (last, Preparation("flatten, norm, dense 10 softmax", mean=0.5), "a first layer that normalizes"),
    ):
        with pytest.raises(UsageError) as error:
            import_network(source, tmp_path / "weights.npz", preparation)
        assert line in error.value.message(str)
    import_network(last, tmp_path / "weights.npz", Preparation("flatten, norm, dense 10 softmax"))


def test_names_with_digits_that_are_no_numbers(tmp_path: Path) -> None:
    tensors = {f"layer²{number}.weight": np.ones((10, 10), np.float32) * number for number in (10, 9)}
    tensors["layer²1.weight"] = np.zeros((10, 784), np.float32)
    path = write(tmp_path / "net.safetensors", tensors)
    import_network(path, tmp_path / "weights.npz", Preparation("dense 10 relu, dense 10 relu, dense 10 softmax"))
    arrays = artifacts.load(tmp_path / "weights.npz").arrays
    assert [arrays[f"weights_{number}"][0, 0] for number in (1, 2, 3)] == [0, 9, 10]


def test_what_a_file_says_itself_is_not_given(tmp_path: Path) -> None:
    export([save_random(tmp_path / "weights.npz", LINE)], tmp_path / "net.safetensors")
    with pytest.raises(UsageError, match="describes its network itself"):
        import_network(tmp_path / "net.safetensors", tmp_path / "again.npz", Preparation(mean=0.5))


def test_imported_weights_are_parameters_of_a_run(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    import_network(write(tmp_path / "net.safetensors", tensors), tmp_path / "weights.npz", Preparation(LINE))
    parameters = parameters_of(artifacts.load(tmp_path / "weights.npz"))
    assert (parameters.layers, parameters.hidden) == (STORED, ())
    assert (parameters.cost, parameters.dtype) == ("log-likelihood", "float32")


def test_the_json_of_the_book(tmp_path: Path, images: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    w = [rng.normal(size=(3, 784)), rng.normal(size=(10, 3))]
    b = [rng.normal(size=(3, 1)), rng.normal(size=(10, 1))]
    document = {
        "sizes": [784, 3, 10],
        "weights": [one.tolist() for one in w],
        "biases": [one.tolist() for one in b],
        "cost": "CrossEntropyCost",
    }
    (tmp_path / "book.json").write_text(json.dumps(document))
    import_network(tmp_path / "book.json", tmp_path / "weights.npz")
    a = images.reshape(5, 784).T / 255
    for matrix, bias in zip(w, b, strict=True):  # the book's feedforward
        a = 1 / (1 + np.exp(-(matrix @ a + bias)))
    assert np.allclose(outputs(tmp_path / "weights.npz", images), a.T, atol=1e-12)
    assert artifacts.load(tmp_path / "weights.npz").about["cost"] == "cross-entropy"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda tensors: [tensors.pop(f"classifier.10.{name}") for name in ("weight", "bias")],
            "has no tensors for layer 4, dense 10 softmax",
        ),
        (lambda tensors: tensors.pop("classifier.10.weight"), "has no weights for classifier.10"),
        (lambda tensors: tensors.update({"act.alpha": np.zeros(6)}), "has act.alpha, which no layer of nn has"),
        (
            lambda tensors: tensors.update({f"more{mark}weight": np.zeros(3, np.float32) for mark in "./"}),
            "has two tensors for the weight of more",
        ),
        (lambda tensors: tensors.update({"more.weight": np.zeros(3, np.float32)}), "that no layer takes: more"),
        (lambda tensors: tensors.update({"classifier.1.bias": np.zeros(9, np.float32)}), "do not fit dense 6 tanh"),
        (lambda tensors: tensors.update({"classifier.1.bias": np.zeros(6, np.int64)}), "a type that is not real"),
        (lambda tensors: tensors.update({"classifier.1.bias": np.zeros(6)}), "expected one type in all layers"),
    ],
)
def test_a_state_that_does_not_fit(
    change: Callable[[dict[str, np.ndarray]], object], line: str, tmp_path: Path, tensors: dict[str, np.ndarray]
) -> None:
    change(tensors)
    path = write(tmp_path / "net.safetensors", tensors)
    with pytest.raises(InputError) as error:
        import_network(path, tmp_path / "weights.npz", Preparation(LINE))
    assert line in str(error.value)
    assert not (tmp_path / "weights.npz").exists()


def test_a_leaky_relu_has_another_slope_elsewhere(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    path = write(tmp_path / "net.safetensors", tensors)
    with pytest.raises(UsageError, match=r"the slope 0.0156 here, 0.01 in PyTorch and 0.3 in Keras"):
        import_network(path, tmp_path / "weights.npz", Preparation(LINE.replace("tanh", "leaky-relu")))


def test_it_is_said_which_tensors_each_layer_takes_and_that_the_training_is_unknown(
    tmp_path: Path, tensors: dict[str, np.ndarray]
) -> None:
    path, out = write(tmp_path / "net.safetensors", tensors), tmp_path / "weights.npz"
    taken = import_network(path, out, Preparation(LINE)).taken
    assert len(taken) == 4
    assert taken[-1] == "classifier.10"
    assert show(out).words[-1] == "Imported from another program. How it was trained is unknown."
    with pytest.raises(InputError, match="how it was trained is unknown"):
        recipe_of(out)


def test_layers_are_asked_for_with_the_shapes_that_there_are(tmp_path: Path, tensors: dict[str, np.ndarray]) -> None:
    path = write(tmp_path / "net.safetensors", tensors)
    with pytest.raises(UsageError, match=r"is needed for the tensors features\.0\.weight \(4, 1, 5, 5\)"):
        import_network(path, tmp_path / "weights.npz")


def test_images_of_one_row_are_shown(tmp_path: Path) -> None:
    write(tmp_path / "net.safetensors", {"weight": np.ones((10, 784), np.float32)})
    import_network(tmp_path / "net.safetensors", tmp_path / "w.npz", Preparation("dense 10 softmax", image=(1, 784)))
    assert len(show(tmp_path / "w.npz").pictures[0][0]) == 784
