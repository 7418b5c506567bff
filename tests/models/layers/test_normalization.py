"""Batch normalisation: the paper's equations, and the moving averages for prediction."""

from contextlib import closing

import numpy as np
import pytest

from nndigits.models.layers.base import Layer
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.layers.normalization import AVERAGING_RATE, EPSILON, BatchNormalization
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import LOG_LIKELIHOOD
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import DataParallel
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.trainer import Trainer, TrainingConfig

MAPS, ROWS = (5, 4, 3), (6,)


def layer_of(shape) -> BatchNormalization:
    layer = BatchNormalization.of(
        shape, random_initializer(INITIALIZERS["N(0,1)"], np.random.default_rng(0), "float64")
    )
    rng = np.random.default_rng(1)
    layer.parameters[:, 0], layer.parameters[:, 3] = rng.uniform(0.5, 2, shape[-1]), rng.standard_normal(shape[-1])
    return layer


def batch(shape, samples: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """The inputs of a layer, and the same by channel, ``(channels, numbers)``, from the same memory."""
    rng = np.random.default_rng(2)
    if len(shape) == 1:
        a = np.ones((samples, shape[0] + 1))
        a[:, :-1] = 3 + 2 * rng.standard_normal((samples, shape[0]))
        return a, by_channel(a[:, :-1])
    height, width, channels = shape
    a = 3 + 2 * rng.standard_normal((height, channels, width, samples))
    return a, by_channel(a)


def by_channel(a: np.ndarray) -> np.ndarray:
    return a.T if a.ndim == 2 else a.swapaxes(0, 1).reshape(a.shape[1], -1)


def inner(a: np.ndarray) -> np.ndarray:
    return by_channel(a[:, :-1] if a.ndim == 2 else a)


@pytest.mark.parametrize("shape", [MAPS, ROWS], ids=str)
def test_training_uses_the_mean_and_variance_of_the_mini_batch(shape) -> None:
    layer = layer_of(shape)
    gamma, _, _, beta = layer.parameters.T.copy()
    a, z = batch(shape)
    mean, variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
    normalised = (z - mean) / np.sqrt(variance + EPSILON)
    output = layer.forward(a, True)
    np.testing.assert_allclose(inner(output), gamma[:, None] * normalised + beta[:, None])
    if len(shape) == 1:
        assert (output[:, -1] == 1).all()
    error = np.random.default_rng(3).standard_normal(output[:, :-1].shape if len(shape) == 1 else output.shape)
    layer.backward(error)
    gradient = np.empty_like(layer.parameters)
    layer.gradient(gradient)
    by_y = by_channel(error)
    np.testing.assert_allclose(gradient[:, 0], (by_y * normalised).sum(axis=1))
    np.testing.assert_allclose(gradient[:, 3], by_y.sum(axis=1))
    assert not gradient[:, 1:3].any()
    by_normalised = by_y * gamma[:, None]  # from here on as in the paper, section 3
    by_variance = (by_normalised * (z - mean)).sum(axis=1, keepdims=True) * -0.5 * (variance + EPSILON) ** -1.5
    by_mean = -by_normalised.sum(axis=1, keepdims=True) / np.sqrt(variance + EPSILON)
    by_z = by_normalised / np.sqrt(variance + EPSILON) + (2 * by_variance * (z - mean) + by_mean) / z.shape[1]
    np.testing.assert_allclose(by_channel(layer.input_gradient()), by_z, atol=1e-12)


@pytest.mark.parametrize("shape", [MAPS, ROWS], ids=str)
def test_prediction_uses_the_moving_averages(shape) -> None:
    layer = layer_of(shape)
    a, z = batch(shape)
    gamma, _, _, beta = layer.parameters.T.copy()
    layer.forward(a, True)
    _, mean, variance, _ = layer.parameters.T
    np.testing.assert_allclose(mean, AVERAGING_RATE * z.mean(axis=1))
    np.testing.assert_allclose(variance, 1 + AVERAGING_RATE * (z.var(axis=1) - 1))
    before = layer.parameters.copy()
    wanted = gamma[:, None] * (z - mean[:, None]) / np.sqrt(variance[:, None] + EPSILON) + beta[:, None]
    np.testing.assert_allclose(inner(layer.forward(a)), wanted)
    np.testing.assert_array_equal(layer.parameters, before)  # prediction changes nothing


def test_a_new_layer_is_the_identity_and_constant_inputs_stay_finite() -> None:
    layer = BatchNormalization.of(MAPS, random_initializer(INITIALIZERS["N(0,1)"], np.random.default_rng(0), "float32"))
    a = batch(MAPS)[0].astype("float32")
    np.testing.assert_allclose(layer.forward(a), a, rtol=1e-5)
    constant = np.full_like(a, 1000.1)
    assert np.abs(layer.forward(constant, True)).max() < 200
    layer.backward(np.ones_like(a))
    assert np.isfinite(layer.input_gradient()).all()


def network_of(line: str) -> tuple[list[Layer], Network]:
    layers = build(line, (5, 5), random_initializer(INITIALIZERS["he"], np.random.default_rng(0), "float64"))
    return layers, Network(layers, LOG_LIKELIHOOD)


def test_the_first_shard_of_a_mini_batch_updates_the_averages() -> None:
    layers, network = network_of("conv 3 3x3, norm relu, dense 2 softmax")
    x = np.column_stack([np.random.default_rng(1).uniform(0, 1, (9, 25)), np.ones(9)])
    y = np.eye(2)[np.arange(9) % 2]
    alone = Network([layer.replica() for layer in layers], LOG_LIKELIHOOD)
    kept = [layer.parameters.copy() for layer in network.trainable_layers]
    alone.layers[1]._updates_averages = True
    alone.forward(x[:4], True)
    wanted = alone.trainable_layers[1].parameters.copy()
    for layer, parameters in zip(network.trainable_layers, kept, strict=True):
        layer.parameters[...] = parameters
    with closing(DataParallel(network, 2)) as together:
        together.backpropagate(x, y)
    np.testing.assert_array_equal(network.trainable_layers[1].parameters, wanted)


def test_penalties_do_not_apply() -> None:
    layers, network = network_of("conv 3 3x3, norm relu, dense 2 softmax")
    penalties = Penalties(l2=1.0, l1=1.0, max_norm=0.1)
    trainer = Trainer(network, TrainingConfig(1.0, penalties=penalties), n=100, steps=1)
    x, y = np.column_stack([np.zeros((4, 25)), np.ones(4)]), np.eye(2)[[0, 0, 1, 1]]
    train_epoch(trainer, [(x, y)], 4)  # all images are equal, so the gradient of gamma is 0
    assert (layers[1].parameters[:, 0] == 1).all()
    assert (np.linalg.norm(layers[0].parameters[:, :-1], axis=1) < 0.101).all()
