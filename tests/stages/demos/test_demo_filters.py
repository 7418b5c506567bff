"""nn demo hidden on a convolutional network: its filters, their feature maps and the windows that excite them."""

from pathlib import Path

import numpy as np
import pytest
from support import demo_json, demo_text

from nndigits.models.chapter.feature_detectors import responses, smoothness, strongest, window
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.feature_maps import as_maps
from nndigits.models.network.inputs import as_inputs
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

LAYERS = "conv 5 3x3 relu, max 2, dense 12 relu, dropout 0.2, dense 10 softmax"
LEARNED = Parameters(hidden=(), layers=LAYERS, cost="log-likelihood", init="he", eta=0.1, epochs=3)


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small convolutional network, trained briefly on the 8 x 8 digits."""
    out = tmp_path_factory.mktemp("convolutional") / "weights.npz"
    train(digits, out, LEARNED)
    return out


def test_a_filter_at_every_place_by_hand() -> None:
    image = np.array([[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]])
    filters, biases = np.array([[[1.0, -1.0], [0.0, 2.0]]]), np.array([0.5])
    # 1 - 2 + 0 + 2 + 0.5 = 1.5 at the left, and 2 - 0 + 0 + 6 + 0.5 = 8.5 at the right.
    z = responses(filters, biases, image)
    assert z.tolist() == [[[[1.5, 8.5]]]]
    largest, places = strongest(z)
    assert (largest.tolist(), places.tolist()) == ([[8.5]], [[1]])
    assert window(image[0], 1, 2).tolist() == [[2, 0], [1, 3]]


def test_responses_are_those_of_the_layer() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (4, 7, 6), np.uint8)
    layer = Convolution(rng.standard_normal((3, 9)), rng.standard_normal(3), (7, 6, 1))
    z = responses(layer.w.reshape(3, 3, 3), layer.b, images / 255)
    # Maps of a batch are (height, channels, width, samples).
    own = as_maps(layer.forward(as_inputs(images, "float64")), layer.output_shape)
    np.testing.assert_allclose(z, own.transpose(3, 1, 0, 2), atol=1e-12)


def test_smoothness_by_hand() -> None:
    same, board = np.ones((3, 3)), np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]])
    rows = np.array([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0], [1.0, 1.0, 1.0]])  # equal side by side, opposite above
    np.testing.assert_allclose(smoothness(np.array([same, 5 * board, rows, 0 * same])), [1, -1, 0, 0], atol=1e-12)
    assert smoothness(np.ones((1, 1, 1))).tolist() == [0]


def test_filters_maps_and_windows_are_those_of_the_file(weights: Path) -> None:
    found = demo_json("hidden", "--weights", str(weights), "--neurons", "0,4", "--digit", "3")
    digits, kept = read_digits(DATA), artifacts.load(weights).arrays
    filters = kept["weights_1"].reshape(5, 3, 3).astype(float)
    z = responses(filters, kept["biases_1"].astype(float), digits.test_images / 255)
    image = found["image"]["index"]
    assert digits.test_labels[image] == found["image"]["digit"] == 3
    assert found["layers"][:3] == ["conv 5 3x3", "max 2", "relu"]
    assert [one["filter"] for one in found["filters"]] == [0, 4]
    for one in found["filters"]:
        own = z[:, one["filter"]]
        np.testing.assert_allclose(one["weights"], filters[one["filter"]])
        np.testing.assert_allclose(one["map"], own[image])
        best = own.max(axis=(1, 2))
        assert sorted(best, reverse=True)[:10] == pytest.approx(best[one["top_images"]].tolist())
        for index, (row, column) in zip(one["top_images"], one["top_places"], strict=True):
            assert own[index, row, column] == pytest.approx(best[index])
        assert one["top_digits"] == digits.test_labels[one["top_images"]].tolist()
        assert one["on"] == pytest.approx(np.mean(own > 0))


def test_through_the_front_door(weights: Path) -> None:
    flags = ["--weights", str(weights), "--neurons", "1,2,3,4"]
    text = demo_text("hidden", *flags)
    assert "filter 4  in a " in text
    assert "a 0, and its feature maps" in text
    assert max(map(len, text.splitlines())) <= 100
    once, again = (demo_text("hidden", *flags, "--json", "--plot", f"{turn}.png") for turn in "ab")
    assert once == again
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
