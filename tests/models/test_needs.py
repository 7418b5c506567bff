"""What a network needs is computed before it is made, is never less than what it takes, and stays within the limits."""

from functools import partial

import numpy as np
import pytest

from nndigits.models.arrays.limits import MOST_BYTES, MOST_PARAMETERS, check_image
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer, stand_ins
from nndigits.models.layers.registry import KINDS, MAPS
from nndigits.models.network import needs as module
from nndigits.models.network.architecture import build
from nndigits.models.network.needs import check_network, needs, samples_at_once
from nndigits.models.network.network import PIECE, Network

IMAGE = (12, 11)
ZEROS = partial(stand_ins, "float32")


def network_of(line: str, dtype: str = "float32") -> Network:
    rng = np.random.default_rng(0)
    return Network(build(line, IMAGE, random_initializer(INITIALIZERS["N(0,1/n)"], rng, dtype)))


def taken(network: Network) -> int:
    """The bytes of all arrays that the layers own after a forward and a backward pass, without parameters."""
    owners = {}
    for layer in network.layers:
        for value in vars(layer).values():
            for array in value if isinstance(value, list) else [value]:
                while isinstance(getattr(array, "base", None), np.ndarray):
                    array = array.base
                if isinstance(array, np.ndarray):
                    owners[id(array)] = array
    parameters = {id(layer.parameters) for layer in network.trainable_layers}
    return sum(array.nbytes for name, array in owners.items() if name not in parameters)


def lines() -> list[str]:
    of_each_kind = [f"conv 3 2x2, {kind.example}, dense 4 sigmoid" for kind in KINDS if MAPS in kind.input_ranks] + [
        f"dense 9 relu, {kind.example}, dense 4 sigmoid" for kind in KINDS if MAPS not in kind.input_ranks
    ]
    return [
        *of_each_kind,
        "dense 4 sigmoid",
        "max 5, dense 4 sigmoid",
        "conv 1 11x11, conv 7 1x1, dense 4 sigmoid",
        "conv 5 3x3, norm, relu, max 2, dropout 0.5, flatten, norm, dense 6 tanh, dense 4 sigmoid",
    ]


@pytest.mark.parametrize("line", lines())
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_layer_takes_more_than_was_computed(line: str, dtype: str) -> None:
    computed = needs(build(line, IMAGE, partial(stand_ins, dtype)), dtype)
    network = network_of(line, dtype)
    assert computed.parameters == sum(layer.w.nbytes + layer.b.nbytes for layer in network.trainable_layers)
    network.begin_epoch(np.random.default_rng(0))
    for samples in (1, 40):
        x = np.random.default_rng(1).uniform(0, 1, (samples, network.inputs + 1)).astype(dtype)
        network.backpropagate(x, np.zeros((samples, 4), dtype))
        small = 20_000  # masks and columns of ones, which do not grow with the layers
        assert taken(network) <= samples * computed.sample + computed.workspace + small


def test_layers_that_are_only_measured_take_no_memory() -> None:
    layers = build("conv 60000 16x16, max 497, dense 10000 relu, dense 10 sigmoid", (512, 512), ZEROS)
    assert needs(layers, "float32").parameters > 2 * 10**9
    assert all(array.strides == (0, 0) for array in (layers[0].parameters, layers[-1].parameters))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("conv 1000 3x3, max 510, dense 10 sigmoid", "MB for one image"),
        ("conv 2 200x200, max 300, dense 10 sigmoid", "multiplications for one image"),
    ],
)
def test_a_network_beyond_the_limits_is_refused(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_network(build(line, (512, 512), ZEROS), "float32")


def test_a_layer_of_more_weights_than_any_file_holds_is_refused() -> None:
    for neurons in (MOST_PARAMETERS // 400, 999_999_999):
        with pytest.raises(ValueError, match="weights, at most"):
            build(f"dense {neurons} sigmoid, dense 10 sigmoid", (28, 28), ZEROS)


@pytest.mark.parametrize(
    "line",
    ["dense 800 sigmoid, dense 10 sigmoid", "conv 32 5x5, max 2 relu, conv 64 5x5, max 2 relu, dense 10 sigmoid"],
)
@pytest.mark.parametrize("side", [28, 256])
def test_usual_networks_are_accepted(line: str, side: int) -> None:
    check_network(build(line, (side, side), ZEROS), "float32")


def test_few_images_at_once_give_the_same_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of("conv 3 3x3, max 2 relu, dense 4 sigmoid", "float64")
    images = np.random.default_rng(2).integers(0, 256, (PIECE + 5, *IMAGE), np.uint8)
    expected = network.outputs(images)
    assert samples_at_once(network.layers, "float64", PIECE) == PIECE
    computed = needs(network.layers, "float64")
    monkeypatch.setattr(module, "MOST_BYTES", computed.workspace + 7 * computed.sample)
    assert samples_at_once(network.layers, "float64", PIECE) == 7
    np.testing.assert_allclose(network.outputs(images), expected, rtol=1e-12)
    assert MOST_BYTES >= 2**29


@pytest.mark.parametrize("image", [(512, 512), (4096, 64), (1, 1), (28, 28)])
def test_accepted_images(image: tuple[int, int]) -> None:
    check_image(image)


@pytest.mark.parametrize("image", [(513, 512), (4097, 1), (0, 5), (5,), (1, 2, 3), (-4, -4), (2**70, 1)])
def test_refused_images(image: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="has images of"):
        check_image(image)
