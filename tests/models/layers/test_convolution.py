"""Convolution, pooling, dropout and flattening, each compared with a plain reference."""

import numpy as np
import pytest
from scipy.signal import correlate

from nndigits.models.layers.activation_layer import ActivationLayer
from nndigits.models.layers.activations import RELU, SIGMOID
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dropout import Dropout
from nndigits.models.layers.feature_maps import as_maps
from nndigits.models.layers.flatten import Flatten
from nndigits.models.layers.pooling import MaxPooling


def rows_of(images: np.ndarray) -> np.ndarray:
    """Images, ``(m, height, width, channels)``, as rows with a column of ones, the input of a first layer."""
    return np.column_stack([images.reshape(len(images), -1), np.ones(len(images), images.dtype)])


def images_of(maps: np.ndarray) -> np.ndarray:
    """Maps as images, ``(m, height, width, channels)``."""
    return maps.transpose(3, 0, 2, 1)


@pytest.mark.parametrize(
    ("shape", "filters", "k"),
    [((28, 28, 1), 4, 5), ((8, 8, 3), 2, 3), ((7, 11, 2), 3, 4), ((4, 9, 2), 1, 4), ((3, 5, 2), 3, 1)],
)
def test_a_convolution_is_scipys_correlation(shape, filters, k) -> None:
    rng = np.random.default_rng(0)
    height, width, channels = shape
    images, b = rng.standard_normal((6, *shape)), rng.standard_normal(filters)
    w = rng.standard_normal((filters, k, k, channels))
    layer = Convolution(w.reshape(filters, -1), b, shape)
    answer = images_of(layer.forward(rows_of(images)))
    assert answer.shape == (6, height - k + 1, width - k + 1, filters) == (6, *layer.output_shape)
    for image, maps in zip(images, answer, strict=True):
        for number in range(filters):
            wanted = correlate(image, w[number], mode="valid")[:, :, 0] + b[number]
            np.testing.assert_allclose(maps[:, :, number], wanted, atol=1e-12)


@pytest.mark.parametrize(("shape", "k"), [((8, 8, 3), 3), ((7, 11, 2), 4), ((4, 9, 2), 4), ((5, 3, 2), 2)])
def test_the_gradients_are_adjoint_to_the_forward_pass(shape, k) -> None:
    """<conv(x), e> = <x, input_gradient(e)>, and the same for the weights."""
    rng = np.random.default_rng(1)
    layer = Convolution(rng.standard_normal((3, k * k * shape[2])), np.zeros(3), shape)
    x = as_maps(rows_of(rng.standard_normal((5, *shape))), shape)
    answer = layer.forward(x, True).copy()
    error = rng.standard_normal(answer.shape)
    layer.backward(error)
    gradient = np.empty_like(layer.parameters)
    layer.gradient(gradient)
    assert np.vdot(x, layer.input_gradient()) == pytest.approx(np.vdot(answer, error))
    assert np.vdot(layer.w, gradient[:, :-1]) == pytest.approx(np.vdot(answer, error))
    np.testing.assert_allclose(gradient[:, -1], error.sum(axis=(0, 2, 3)))


@pytest.mark.parametrize(("shape", "size"), [((8, 8, 3), 2), ((7, 9, 2), 2), ((8, 11, 1), 3), ((5, 5, 2), 5)])
def test_pooling_takes_the_maximum_of_each_window_and_routes_the_gradient_there(shape, size) -> None:
    rng = np.random.default_rng(2)
    images = rng.integers(-2, 2, (4, *shape)).astype(float)  # many are equal
    layer = MaxPooling(size, shape)
    answer = images_of(layer.forward(as_maps(rows_of(images), shape), True))
    error = rng.standard_normal(answer.shape)
    layer.backward(as_maps(rows_of(error), layer.output_shape))
    back = images_of(layer.input_gradient())
    height, width, channels = layer.output_shape
    wanted = np.zeros_like(images)
    for m, row, column, channel in np.ndindex(answer.shape):
        square = images[m, row * size : (row + 1) * size, column * size : (column + 1) * size, channel]
        assert answer[m, row, column, channel] == square.max()
        of_rows = square.max(axis=0)  # the first of equal columns, and there the first of equal rows
        x = of_rows.argmax()
        y = square[:, x].argmax()
        wanted[m, row * size + y, column * size + x, channel] = error[m, row, column, channel]
    np.testing.assert_array_equal(back, wanted)
    assert (height, width, channels) == (shape[0] // size, shape[1] // size, shape[2])


@pytest.mark.parametrize("shape", [(200,), (5, 8, 3)], ids=str)
def test_dropout_zeroes_a_part_and_scales_the_rest(shape) -> None:
    layer = Dropout(0.25, shape)
    a = np.full((300, 201), 2.0) if len(shape) == 1 else np.full((5, 3, 8, 300), 2.0)
    if len(shape) == 1:
        a[:, -1] = 1
    assert np.shares_memory(layer.forward(a), a)
    np.testing.assert_array_equal(layer.forward(a), a)
    layer.begin_epoch(np.random.default_rng(0))
    output = layer.forward(a, True)
    inner = output[:, :-1] if len(shape) == 1 else output
    assert set(np.unique(inner)) == {0, 2 / 0.75}
    assert (inner == 0).mean() == pytest.approx(0.25, abs=0.01)
    if len(shape) == 1:
        assert (output[:, -1] == 1).all()
    layer.backward(np.ones(inner.shape))
    np.testing.assert_array_equal(layer.input_gradient(), inner / 2)
    first = inner.copy()
    assert not np.array_equal(first, layer.forward(a, True)[:, :-1] if len(shape) == 1 else layer.forward(a, True))
    layer.begin_epoch(np.random.default_rng(0))
    again = layer.forward(a, True)
    np.testing.assert_array_equal(first, again[:, :-1] if len(shape) == 1 else again)


def test_dropout_without_a_random_generator_is_refused() -> None:
    with pytest.raises(ValueError, match="begin_epoch"):
        Dropout(0.5, (3,)).forward(np.ones((2, 4)), True)


def test_flattened_maps_have_a_column_of_ones_and_their_gradient_has_the_shape_of_maps() -> None:
    maps = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    layer = Flatten((2, 4, 3))
    rows = layer.forward(maps)
    assert rows.shape == (5, 25)
    assert (rows[:, -1] == 1).all()
    layer.backward(rows[:, :-1])
    np.testing.assert_array_equal(layer.input_gradient(), maps)


def test_an_activation_after_pooling_equals_one_before_it() -> None:
    rng, shape = np.random.default_rng(3), (6, 6, 2)
    maps, error = rng.standard_normal((6, 2, 6, 4)), rng.standard_normal((3, 2, 3, 4))
    for activation in (RELU, SIGMOID):
        before = [ActivationLayer(activation, shape), MaxPooling(2, shape)]
        behind = [MaxPooling(2, shape), ActivationLayer(activation, (3, 3, 2))]
        answers, errors = [], []
        for layers in (before, behind):
            a, e = maps, error
            for layer in layers:
                a = layer.forward(a, True)
            for layer in reversed(layers):
                layer.backward(e)
                e = layer.input_gradient()
            answers.append(a)
            errors.append(e)
        np.testing.assert_array_equal(*answers)
        np.testing.assert_allclose(*errors, atol=1e-15)
