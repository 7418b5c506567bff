"""The estimator beside `nn train`: the same network from the same numbers, its parameters, and its artifacts."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError

from nndigits.sklearn import NetworkClassifier
from nndigits.sklearn.parameters import to_estimator
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.datasets import data_artifact
from nndigits.stages.exchange.import_network import Preparation, import_network
from nndigits.stages.fetch import fetch
from nndigits.stages.runs import recipe
from nndigits.stages.runs.network_artifacts import to_arrays
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

CHAPTER = to_estimator(Parameters())
"""The parameters of chapter 1, which are the defaults of `nn train`."""


@pytest.fixture(scope="module")
def samples() -> tuple[np.ndarray, np.ndarray]:
    x, y = load_digits(return_X_y=True)
    return (x * 15).astype(np.uint8), y


@pytest.mark.parametrize(
    "given",
    [
        {"hidden": (8,), "eta": 1.0, "l2": 0.1, "optimizer": "momentum", "distort": "rotate 5"},
        {"hidden": (8,), "eta": 0.01, "optimizer": "adam", "schedule": "cosine", "warm_up": 0.3, "average": 0.9},
        {
            "hidden": (),
            "layers": "conv 3 3x3 relu, max 2, norm, dropout 0.2, dense 10 softmax",
            "cost": "log-likelihood",
            "eta": 0.05,
        },
    ],
)
def test_it_learns_the_same_weights_as_nn_train(given: dict[str, Any], tmp_path: Path) -> None:
    data, weights = tmp_path / "data.npz", tmp_path / "weights.npz"
    fetch(data, dataset="digits", validation=0)
    train(data, weights, Parameters(epochs=2, **given))
    arrays = data_artifact.load(data).arrays
    network = NetworkClassifier(**{**CHAPTER, "epochs": 2, **given, "validation_fraction": 0}).fit(
        arrays["train_images"].reshape(len(arrays["train_images"]), -1), arrays["train_labels"]
    )
    expected = artifacts.load(weights, "weights").arrays
    found = to_arrays(network.network_)
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in found)


def test_numbers_from_0_to_1_and_bytes_are_the_same_images(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    bytes_ = NetworkClassifier(epochs=2).fit(x, y)
    numbers = NetworkClassifier(epochs=2).fit(x / 255, y)
    assert np.allclose(bytes_.predict_proba(x), numbers.predict_proba(x / 255), atol=1e-4)
    assert np.allclose(bytes_.predict_proba(x), bytes_.predict_proba(x.astype(float)), atol=1e-6)


def test_samples_are_set_aside_by_class(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=3, validation_fraction=0.2).fit(x, y)
    assert network.calibration_.images == sum(int(0.2 * count) for count in np.bincount(y))
    assert network.best_epoch_ == int(np.argmax(network.validation_scores_))
    assert network.temperature_ != 1
    assert len(network.loss_curve_) == network.n_iter_ == 3
    everything = NetworkClassifier(epochs=3, validation_fraction=0).fit(x, y)
    assert (everything.temperature_, everything.validation_scores_) == (1.0, [])


def test_a_warm_start_continues(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=2, warm_start=True).fit(x, y)
    first = network.loss_curve_[0]
    assert network.fit(x, y).loss_curve_[0] < first / 2
    assert NetworkClassifier(epochs=2).fit(x, y).fit(x, y).loss_curve_[0] == first


def test_a_warm_start_does_not_ignore_another_network(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=1, warm_start=True).fit(x, y)
    for name, value in (("hidden", (7,)), ("cost", "cross-entropy"), ("dtype", "float64")):
        other = network.set_params(**{name: value})
        with pytest.raises(ValueError, match=r"the fitted network has .* use sklearn\.base\.clone"):
            other.fit(x, y)
        network.set_params(**{name: getattr(NetworkClassifier(), name)})
    network.set_params(eta=0.5).fit(x, y)


def test_after_a_fit_that_failed_there_is_no_network(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=1, layers="dense 9 relu, dense classes softmax", cost="log-likelihood", eta=0.1)
    network.fit(x, y).predict(x)
    with pytest.raises(FloatingPointError):
        network.fit(x * 1e20, y % 3)
    with pytest.raises(NotFittedError):
        network.predict(x)


def test_partial_fit_after_fit_keeps_the_calibration(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=2).fit(x, y)
    temperature, cost = network.temperature_, network.loss_curve_[-1]
    network.partial_fit(x, y)
    assert network.temperature_ == temperature
    assert network.loss_curve_ == [pytest.approx(network.loss_curve_[0])]
    assert network.loss_curve_[0] < cost


def test_a_recipe_gives_its_parameters(samples: tuple[np.ndarray, np.ndarray]) -> None:
    network = NetworkClassifier.from_recipe("best", epochs=6, layers="dense 10 softmax", image_shape=(8, 8))
    expected = recipe.read("best").parameters
    assert {name: getattr(network, name) for name in ("eta", "momentum", "average", "cost")} == {
        name: expected[name] for name in ("eta", "momentum", "average", "cost")
    }
    assert (network.epochs, network.image_shape) == (6, (8, 8))
    assert network.fit(*samples).score(*samples) > 0.7


def test_artifacts_go_both_ways(tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    names = np.array([f"digit {label}" for label in y])
    network = NetworkClassifier(epochs=2, layers="conv 3 3x3 relu, max 2, dense 10 softmax").fit(x, names)
    network.save(tmp_path / "mine.npz")
    again = NetworkClassifier.load(tmp_path / "mine.npz")
    assert np.array_equal(again.predict_proba(x), network.predict_proba(x))
    assert again.temperature_ == network.temperature_
    assert list(again.classes_) == list(network.classes_)
    assert again.get_params()["layers"] == network.layers
    again.save(tmp_path / "again.npz")
    assert np.array_equal(NetworkClassifier.load(tmp_path / "again.npz").predict(x), network.predict(x))


def test_names_of_an_artifact_need_not_be_in_order(tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    names = np.array(["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"])
    network = NetworkClassifier(epochs=1).fit(x, y)
    network.classes_ = names  # as `nn fetch --dataset fashion-mnist` orders them
    network.save(tmp_path / "fashion.npz")
    again = NetworkClassifier.load(tmp_path / "fashion.npz")
    assert list(again.classes_) == list(names)
    again.partial_fit(x, names[y], classes=names)
    expected = NetworkClassifier.load(tmp_path / "fashion.npz")
    expected.classes_ = np.arange(10)
    assert np.array_equal(again.network_.last.w, expected.partial_fit(x, y).network_.last.w)


def test_an_imported_network_is_an_estimator(tmp_path: Path) -> None:
    document = {"sizes": [4, 2], "weights": [[[1, 0, 0, 0], [0, 1, 0, 0]]], "biases": [[[0], [0]]]}
    (tmp_path / "net.json").write_text(json.dumps({**document, "cost": "CrossEntropyCost"}))
    import_network(tmp_path / "net.json", tmp_path / "weights.npz", Preparation(image=(1, 4)))
    network = NetworkClassifier.load(tmp_path / "weights.npz")
    assert (network.image_shape, network.dtype, network.cost) == ((1, 4), "float64", "cross-entropy")
    x, y = np.array([[255, 0, 0, 0], [0, 255, 0, 0]], np.uint8), np.array([0, 1])
    assert list(network.predict(x)) == [0, 1]
    network.partial_fit(x, y)
    assert list(clone(network).fit(x, y).classes_) == [0, 1]


def test_weights_of_nn_train_are_an_estimator(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "weights.npz", Parameters(hidden=(8,), epochs=2))
    network = NetworkClassifier.load(tmp_path / "weights.npz")
    images = data_artifact.load(digits).arrays["test_images"][:5]
    expected = EnsemblePredictor(tmp_path / "weights.npz").probabilities(images)
    assert np.array_equal(network.predict_proba(images.reshape(5, -1)), expected)


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"eta": -1.0}, "eta -1: expected a positive number; the chapter takes 3.0"),
        ({"hidden": 30}, "hidden=30: expected a list of whole numbers, such as [30]"),
        ({"cost": "log-likelihod"}, "Did you mean log-likelihood?"),
        ({"image_shape": (7, 9)}, "image_shape=(7, 9): expected height * width = 64, the number of features"),
        ({"validation_fraction": 1}, "validation_fraction=1: expected 0 or more and less than 1"),
        ({"validation_fraction": "a"}, "validation_fraction='a': expected 0 or more and less than 1"),
        ({"image_shape": "8x8"}, "image_shape='8x8': expected a height and a width, such as (28, 28)"),
        ({"image_shape": (-8, -8)}, "expected a height and a width"),
        ({"image_shape": 64}, "expected a height and a width"),
        ({"keep": "all"}, "keep='all': expected 'best' or 'last'"),
        ({"layers": "conv 3 3x3, dense 9 softmax"}, "ends in dense 9 softmax, and the data has 10 classes"),
    ],
)
def test_a_wrong_parameter_is_one_clear_line(
    parameters: dict[str, object], line: str, samples: tuple[np.ndarray, np.ndarray]
) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        NetworkClassifier(**parameters).fit(*samples)
    assert line in str(error.value)


def test_unscaled_features_that_diverge_say_what_to_do(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    with pytest.raises(FloatingPointError, match=r"Try a smaller eta than 0\.003\. Scale the features"):
        NetworkClassifier(layers="dense 9 relu, dense 10 softmax", cost="log-likelihood").fit(x * 1e20, y)


def test_numbers_are_not_distorted(samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    with pytest.raises(ValueError, match="only images of bytes"):
        NetworkClassifier(distort="rotate 5").fit(x / 255, y)


def test_what_was_not_trained_on_bytes_is_not_saved(tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples
    network = NetworkClassifier(epochs=1).fit(x / 255, y)
    with pytest.raises(ValueError, match="trained on bytes"):
        network.save(tmp_path / "mine.npz")
