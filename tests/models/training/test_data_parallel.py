"""Data-parallel training: the gradient of the whole mini-batch, and the same bytes each time."""

import threading
from contextlib import closing

import numpy as np
import pytest

from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import LOG_LIKELIHOOD
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import DataParallel, best_shard_count

LINE = "conv 4 3x3 relu, max 2, conv 3 2x2 relu, dense 8 relu, dense 3 softmax"


def network_of(line: str = LINE, dtype: str = "float64") -> Network:
    layers = build(line, (8, 8), random_initializer(INITIALIZERS["he"], np.random.default_rng(0), dtype))
    return Network(layers, LOG_LIKELIHOOD)


def batch(samples: int, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.uniform(0, 1, (samples, 64)), np.ones(samples)]).astype(dtype)
    return x, np.eye(3, dtype=dtype)[rng.integers(0, 3, samples)]


def trained(shards: int, steps: int = 5) -> bytes:
    """The parameters after some steps, with dropout and normalisation."""
    network, (x, y) = (
        network_of(LINE.replace("relu, dense 3", "relu, norm, dropout 0.5, dense 3"), "float32"),
        batch(41, "float32"),
    )
    with closing(DataParallel(network, shards)) as parallel:
        parallel.begin_epoch(np.random.default_rng(3))
        for _ in range(steps):
            parallel.backpropagate(x, y)
            for layer in parallel.trainable_layers:
                layer.accumulate_gradient(-0.01, 1.0, layer.parameters)
    return b"".join(layer.parameters.tobytes() for layer in network.trainable_layers)


@pytest.mark.parametrize("shards", [1, 2, 3, 7])
@pytest.mark.parametrize("samples", [1, 2, 20, 23])
def test_the_shards_add_up_to_the_gradient_of_the_mini_batch(shards: int, samples: int) -> None:
    network, (x, y) = network_of(), batch(samples)
    cost = network.backpropagate(x, y)
    whole = [np.empty_like(layer.parameters) for layer in network.trainable_layers]
    for layer, gradient in zip(network.trainable_layers, whole, strict=True):
        layer.gradient(gradient)
    with closing(DataParallel(network, shards)) as parallel:
        assert parallel.backpropagate(x, y) == pytest.approx(cost)
        for layer, gradient in zip(parallel.trainable_layers, whole, strict=True):
            out = np.ones_like(gradient)
            layer.accumulate_gradient(-2.0, 0.5, out)
            np.testing.assert_allclose(out, 0.5 - 2 * gradient, atol=1e-12)
        parallel.backpropagate(x, y)
        for layer, gradient in zip(parallel.trainable_layers, whole, strict=True):
            out = np.full_like(gradient, np.nan)
            layer.accumulate_gradient(1.0, 0.0, out)
            np.testing.assert_allclose(out, gradient, atol=1e-12)


@pytest.mark.parametrize("shards", [1, 2, 3])
def test_the_same_number_of_shards_gives_the_same_bytes(shards: int) -> None:
    assert trained(shards) == trained(shards)


def test_a_mini_batch_may_have_fewer_samples_than_shards() -> None:
    network = network_of()
    with closing(DataParallel(network, 4)) as parallel:
        for samples in (20, 3, 20):
            x, y = batch(samples)
            cost = parallel.backpropagate(x, y)
            assert cost == pytest.approx(network.backpropagate(x, y))


@pytest.mark.parametrize("images", [0, 1, 700])
def test_the_outputs_are_those_of_the_network(images: int) -> None:
    network = network_of()
    pictures = np.random.default_rng(2).integers(0, 256, (images, 8, 8), dtype=np.uint8)
    with closing(DataParallel(network, 3)) as parallel:
        np.testing.assert_allclose(parallel.outputs(pictures), network.outputs(pictures), atol=1e-12)


def test_replicas_share_parameters_and_nothing_else() -> None:
    network = network_of()
    x, y = batch(6)
    network.backpropagate(x, y)  # allocates buffers before the replica exists
    replica = network.replica()
    kept = network.forward(x).copy()
    answer = network.forward(x)
    replica.forward(1 - x)
    np.testing.assert_array_equal(answer, kept)
    network.trainable_layers[0].parameters[:] = 0
    assert not replica.trainable_layers[0].parameters.any()


@pytest.mark.parametrize("shard", [0, 1])
def test_an_exception_in_a_shard_reaches_the_caller_and_all_threads_end(shard: int) -> None:
    network, (x, y) = network_of(), batch(10)
    before = threading.active_count()
    with pytest.raises(FloatingPointError, match="here"), closing(DataParallel(network, 2)) as parallel:  # noqa: PT012

        def fail(*_: object) -> None:
            raise FloatingPointError("here")

        parallel.backpropagate(x, y)
        assert threading.active_count() == before + 1
        parallel.replicas[shard].layers[2].forward = fail  # type: ignore[method-assign]
        parallel.backpropagate(x, y)
    assert threading.active_count() == before


def test_the_number_of_shards_follows_from_the_work_of_a_mini_batch() -> None:
    """Threads cost more than they save if a mini-batch is little work, or if its shards have few samples."""
    parameters = random_initializer(INITIALIZERS["he"], np.random.default_rng(0), "float32")
    small = Network(build("dense 30 sigmoid, dense 10 sigmoid", (28, 28), parameters))
    wide = Network(build("dense 800 relu, dense 10 sigmoid", (28, 28), parameters))
    maps = Network(build("conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 10 sigmoid", (28, 28), parameters))
    assert [best_shard_count(small, samples, 2) for samples in (1, 10, 100, 1000)] == [1, 1, 1, 2]
    assert [best_shard_count(wide, samples, 2) for samples in (1, 10, 100, 1000)] == [1, 1, 2, 2]
    assert [best_shard_count(maps, 100, processors) for processors in (1, 2, 64)] == [1, 2, 3]
