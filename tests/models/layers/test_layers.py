"""Every kind of layer in the registry: its gradients are compared with central differences."""

import numpy as np
import pytest

from nndigits.models.layers.dropout import Dropout
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.layers.registry import KINDS, MAPS, ROWS, Kind
from nndigits.models.network.architecture import build, line_of
from nndigits.models.network.costs import COSTS, QUADRATIC
from nndigits.models.network.network import Network, random_network

IMAGE = (7, 6)
ALL = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu, dropout 0.5, dense 10 softmax"


def network_of(line: str, image: tuple[int, int] = IMAGE, cost=QUADRATIC, seed: int = 0) -> Network:
    parameters = random_initializer(INITIALIZERS["N(0,1/n)"], np.random.default_rng(seed), "float64")
    return Network(build(line, image, parameters), cost)


def batch(network: Network, samples: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.uniform(0, 1, (samples, network.inputs)), np.ones(samples)])
    return x, np.eye(network.last.outputs)[rng.integers(0, network.last.outputs, samples)]


def assert_gradients_are_central_differences(network: Network) -> None:
    x, y = batch(network)

    def cost() -> float:
        network.begin_epoch(np.random.default_rng(2))  # the same random numbers each time
        a = network.forward(x, training=True)
        return network.cost.evaluate(a, y, np.empty_like(a))

    network.begin_epoch(np.random.default_rng(2))
    backpropagated = network.backpropagate(x, y)
    gradients = [np.empty_like(layer.parameters) for layer in network.trainable_layers]
    for layer, found in zip(network.trainable_layers, gradients, strict=True):
        layer.gradient(found)
    assert backpropagated == pytest.approx(cost())
    for layer, found in zip(network.trainable_layers, gradients, strict=True):
        assert np.abs(found).max() > 0
        for place in np.ndindex(found.shape):
            kept = layer.parameters[place]
            layer.parameters[place] = kept + 1e-5
            up = cost()
            layer.parameters[place] = kept - 1e-5
            slope = (up - cost()) / 2e-5
            layer.parameters[place] = kept
            assert found[place] == pytest.approx(slope, abs=1e-8), (layer, place)


CHAINS = [
    (kind, input_rank, before)
    for kind in KINDS
    for input_rank, before in ((ROWS, "dense 6 tanh"), (MAPS, "conv 3 2x2"))
    if input_rank in kind.input_ranks
]


@pytest.mark.parametrize(("kind", "input_rank", "before"), CHAINS, ids=lambda value: getattr(value, "example", value))
def test_each_kind_of_layer_in_the_midst_of_others(kind: Kind, input_rank: int, before: str) -> None:
    example = kind.example.replace("5x5", "3x3")  # the images are small
    assert_gradients_are_central_differences(network_of(f"{before}, {example}, dense 3 sigmoid"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.example)
def test_each_kind_of_layer_as_the_first(kind: Kind) -> None:
    example = kind.example.replace("5x5", "3x3")
    assert_gradients_are_central_differences(network_of(f"{example}, dense 4 tanh, dense 3 sigmoid"))


@pytest.mark.parametrize(
    "line",
    [
        "conv 2 2x2 tanh, max 2, conv 3 2x2 softplus, dense 5 sigmoid, dropout 0.4, dense 3 sigmoid",
        "conv 2 4x4 leaky-relu, max 3, dense 3 sigmoid",
        "conv 2 3x3, conv 2 3x3, conv 2 2x2 relu, dense 3 sigmoid",
        "conv 3 3x3, norm relu, max 2, conv 2 2x2, norm relu, dense 5 tanh, norm, dense 3 sigmoid",
        "max 2, conv 2 1x1 relu, dropout 0.3, flatten, dense 3 sigmoid",
    ],
)
def test_layers_in_chains(line: str) -> None:
    assert_gradients_are_central_differences(network_of(line))


@pytest.mark.parametrize("cost", COSTS.values(), ids=str)
def test_each_cost_behind_a_convolution(cost) -> None:
    last = cost.activation or "sigmoid"
    assert_gradients_are_central_differences(network_of(f"conv 2 3x3 relu, max 2, dense 3 {last}", cost=cost))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.example)
def test_a_layer_prints_the_words_that_it_is_made_of(kind: Kind) -> None:
    layers = build(
        f"{kind.example}, dense 3 sigmoid",
        (9, 9),
        random_initializer(INITIALIZERS["he"], np.random.default_rng(0), "float32"),
    )
    assert repr(layers[0]) == kind.example


@pytest.mark.parametrize("rate", [0, 0.00001, 0.5, 0.1234567, 0.9999999])
def test_a_dropout_prints_a_rate_that_can_be_read_again(rate: float) -> None:
    words = repr(Dropout(rate, (9,)))
    (again, _) = build(
        f"{words}, dense 3 sigmoid", (3, 3), random_initializer(INITIALIZERS["he"], np.random.default_rng(0), "float32")
    )
    assert again.rate == rate


@pytest.mark.parametrize("image", [(28, 28), (40, 31)])
def test_the_line_of_layers_builds_the_same_layers(image) -> None:
    layers = network_of(ALL, image).layers
    assert line_of(layers) == (
        "conv 16 5x5, max 2, relu, conv 32 5x5, max 2, relu, flatten, dense 128 relu, dropout 0.5, dense 10 softmax"
    )
    assert line_of(network_of(line_of(layers), image).layers) == line_of(layers)


def test_the_shapes_follow_from_the_images() -> None:
    shapes = [layer.output_shape for layer in network_of(ALL, (28, 28)).layers]
    assert shapes[:3] == [(24, 24, 16), (12, 12, 16), (12, 12, 16)]
    assert shapes[3:] == [(8, 8, 32), (4, 4, 32), (4, 4, 32), (512,), (128,), (128,), (10,)]


def test_dense_layers_alone_need_no_flattening_and_start_like_the_chapters_network() -> None:
    parameters = random_initializer(INITIALIZERS["N(0,1)"], np.random.default_rng(4), "float32")
    network = Network(build("dense 5 sigmoid, dense 3 sigmoid", (4, 4), parameters))
    chapters = random_network([16, 5, 3], np.random.default_rng(4))
    assert repr(network) == repr(chapters)
    for layer, wanted in zip(network.trainable_layers, chapters.trainable_layers, strict=True):
        np.testing.assert_array_equal(layer.parameters, wanted.parameters)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "unknown; expected one of dense"),
        ("cnv 3 5x5, dense 3 relu", '"cnv 3 5x5": unknown; expected one of dense NEURONS ACTIVATION; conv FILTERS KxK'),
        ("conv 3, dense 3 relu", '"conv 3": expected conv FILTERS KxK'),
        ("conv 3 5x4, dense 3 relu", "expected conv FILTERS KxK"),
        ("conv 0 5x5, dense 3 relu", "expected conv FILTERS KxK"),
        ("dense 30", '"dense 30": expected dense NEURONS ACTIVATION, where ACTIVATION is one of sigmoid, '),
        ("dropout 1.5, dense 3 relu", '"dropout 1.5": expected dropout RATE$'),
        ("conv 3 8x8, dense 3 relu", "filters of 8 x 8 do not fit into maps of 7 x 6"),
        ("max 7, dense 3 relu", "windows of 7 x 7 do not fit into maps of 7 x 6"),
        ("max 1, dense 3 relu", "windows of 1 x 1 change nothing"),
        ("dense 30 relu, max 2", '"max 2": expected maps as input, got 30 numbers'),
        ("conv 2 3x3 softmax, dense 3 relu", '"softmax": .* last dense layer'),
        ("conv 2 3x3", "cannot be the last layer"),
    ],
)
def test_a_line_that_makes_no_network_is_refused_in_one_line(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        network_of(line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "weights", "biases"), [("N(0,1)", 1, 1), ("N(0,1/n)", 0.05, 1), ("he", 0.0707, 0)])
def test_initial_weights_have_the_standard_deviation_of_their_name(name: str, weights: float, biases: float) -> None:
    w, b = random_initializer(INITIALIZERS[name], np.random.default_rng(0), "float64")(500, 400)
    assert w.std() == pytest.approx(weights, rel=0.01)
    assert b.std() == pytest.approx(biases, rel=0.1)
