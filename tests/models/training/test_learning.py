"""The maths of training: worked by hand, and compared with the book's own loop and with central differences."""

import numpy as np
import pytest

from nndigits.models.layers.activations import ACTIVATIONS, SIGMOID, SOFTMAX, STEP, no_slope
from nndigits.models.layers.dense import Dense
from nndigits.models.network.costs import COSTS, QUADRATIC
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer


def with_ones(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x, np.ones(len(x), x.dtype)])


def epoch(network: Network, images, labels, size: int, eta: float, rng, progress=None) -> float:
    """One epoch as the chapter trains."""
    targets = np.eye(network.last.outputs, dtype=network.dtype)
    batches = mini_batches(images, labels, targets, size, rng.permutation(len(images)))
    return train_epoch(plain_trainer(network, eta), batches, len(images), progress)


def test_sigmoid_never_overflows_and_is_a_half_at_zero() -> None:
    z = np.array([-1e4, -1.0, 0.0, 1.0, 1e4])
    a = SIGMOID.value(z, np.empty_like(z))
    np.testing.assert_allclose(a, [0, 1 / (1 + np.e), 0.5, np.e / (1 + np.e), 1], atol=1e-15)


@pytest.mark.parametrize("activation", [one for one in ACTIVATIONS.values() if one.derivative is not no_slope], ids=str)
def test_derivative_of_each_activation_is_the_slope(activation) -> None:
    z, step = np.linspace(-4, 4, 40), 1e-5  # without 0, where some have a corner
    up, down, here = (activation.value(z + d, np.empty_like(z)) for d in (step, -step, 0))
    slope = activation.derivative(here, np.empty_like(z))
    np.testing.assert_allclose(slope, (up - down) / (2 * step), atol=1e-9)


def test_softmax_gives_probabilities_and_never_overflows() -> None:
    z = np.array([[0.0, np.log(3)], [1e4, 1e4], [-1e4, 1e4]])
    np.testing.assert_allclose(SOFTMAX.value(z, np.empty_like(z)), [[0.25, 0.75], [0.5, 0.5], [0, 1]], atol=1e-15)


def test_a_step_activation_is_a_perceptron_and_cannot_be_trained() -> None:
    z = np.array([-1.0, 0.0, 1e-9])
    assert STEP.value(z, np.empty_like(z)).tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match="no slope"):
        STEP.derivative(z, z)


@pytest.mark.parametrize("cost", COSTS.values(), ids=str)
def test_derivative_of_each_cost_is_the_slope(cost) -> None:
    """With respect to the outputs, or to the weighted inputs of the activation that the cost is made for."""
    rng, step = np.random.default_rng(0), 1e-6
    z, y = rng.uniform(-2, 2, (3, 4)), np.eye(4)[rng.integers(0, 4, 3)]

    def outputs(z: np.ndarray) -> np.ndarray:
        return ACTIVATIONS[cost.activation].value(z, np.empty_like(z)) if cost.activation else z

    derivative = np.empty_like(z)
    cost.evaluate(outputs(z), y, derivative)
    for place in np.ndindex(z.shape):
        change = np.zeros_like(z)
        change[place] = step
        rise = cost.evaluate(outputs(z + change), y, np.empty_like(z)) - cost.evaluate(
            outputs(z - change), y, np.empty_like(z)
        )
        assert derivative[place] == pytest.approx(rise / (2 * step), abs=1e-6)


@pytest.mark.parametrize("cost", [cost for cost in COSTS.values() if cost.activation], ids=str)
def test_a_saturated_output_costs_much_but_not_everything(cost) -> None:
    a, y = np.array([[0, 1]], np.float32), np.array([[1, 0]], np.float32)
    assert 10 < cost.evaluate(a, y, np.empty_like(a)) < 100


def test_one_step_worked_by_hand() -> None:
    """One neuron, w = 0, b = 0, x = 1, y = 1, eta = 8.

    a = sigma(0) = 1/2; C = (1/2 - 1)² / 2 = 1/8; delta = (a - y) a (1 - a) = -1/2 * 1/4 = -1/8.
    w = 0 - 8 * (-1/8) * 1 = 1, and b the same.
    """
    network = Network([Dense(np.zeros((1, 1)), np.zeros(1))])
    cost = plain_trainer(network, 8.0).step(np.array([[1.0, 1.0]]), np.array([[1.0]]), 8.0)
    assert cost == pytest.approx(1 / 8)
    assert network.layers[0].parameters.tolist() == [[1.0, 1.0]]


def book_feedforward(weights, biases, x):
    """Feedforward for one sample as the book writes it (chapter 1)."""
    for w, b in zip(weights, biases, strict=True):
        x = 1 / (1 + np.exp(-(w @ x + b)))
    return x


def book_gradients(weights, biases, x, y):
    """Backpropagation for one sample as the book writes it (chapter 2), columns and all."""
    activation, activations = x[:, None], [x[:, None]]
    for w, b in zip(weights, biases, strict=True):
        activation = 1 / (1 + np.exp(-(w @ activation + b[:, None])))
        activations.append(activation)
    delta = (activations[-1] - y[:, None]) * activations[-1] * (1 - activations[-1])
    nabla = [(delta @ activations[-2].T, delta[:, 0])]
    for layer in range(2, len(weights) + 1):
        a = activations[-layer]
        delta = (weights[-layer + 1].T @ delta) * a * (1 - a)
        nabla.insert(0, (delta @ activations[-layer - 1].T, delta[:, 0]))
    return nabla


@pytest.mark.parametrize("sizes", [[12, 10], [12, 7, 10], [12, 7, 5, 10]], ids=str)
def test_an_epoch_equals_the_books_loop_over_single_samples(sizes) -> None:
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (53, 3, 4), dtype=np.uint8)  # 53: the last mini-batch is short
    labels = rng.integers(0, 10, 53, dtype=np.uint8)
    network = random_network(sizes, np.random.default_rng(5), "float64")
    weights, biases = (
        [np.array(part) for part in parts]
        for parts in zip(*((layer.w, layer.b) for layer in network.layers), strict=True)
    )

    mean_cost = epoch(network, images, labels, 10, 3.0, np.random.default_rng(7))

    order, cost = np.random.default_rng(7).permutation(53), 0.0
    for start in range(0, 53, 10):
        chosen = order[start : start + 10]
        sums = [(np.zeros_like(w), np.zeros_like(b)) for w, b in zip(weights, biases, strict=True)]
        for k in chosen:
            x, y = images[k].ravel() / 255, np.eye(10)[labels[k]]
            cost += ((book_feedforward(weights, biases, x) - y) ** 2).sum() / 2
            nabla = book_gradients(weights, biases, x, y)
            sums = [(sw + w, sb + b) for (sw, sb), (w, b) in zip(sums, nabla, strict=True)]
        weights = [w - 3.0 / len(chosen) * nw for w, (nw, _) in zip(weights, sums, strict=True)]
        biases = [b - 3.0 / len(chosen) * nb for b, (_, nb) in zip(biases, sums, strict=True)]
    assert mean_cost == pytest.approx(cost / 53, abs=1e-10)
    for layer, w, b in zip(network.layers, weights, biases, strict=True):
        np.testing.assert_allclose(layer.w, w, rtol=0, atol=1e-10)
        np.testing.assert_allclose(layer.b, b, rtol=0, atol=1e-10)


def test_every_parameter_steps_along_the_central_difference() -> None:
    rng = np.random.default_rng(11)
    network = random_network([6, 5, 4, 3], rng, "float64")
    x, y = with_ones(rng.uniform(0, 1, (8, 6))), np.eye(3)[rng.integers(0, 3, 8)]

    def total_cost() -> float:
        return QUADRATIC.evaluate(network.forward(x), y, np.empty((8, 3)))

    before = [layer.parameters.copy() for layer in network.layers]
    slopes = []
    for layer in network.layers:
        slope = np.empty_like(layer.parameters)
        for place in np.ndindex(slope.shape):
            kept = layer.parameters[place]
            layer.parameters[place] = kept + 1e-5
            up = total_cost()
            layer.parameters[place] = kept - 1e-5
            slope[place] = (up - total_cost()) / 2e-5
            layer.parameters[place] = kept
        slopes.append(slope)
    plain_trainer(network, 8.0).step(x, y, 8.0)  # the mean of 8 samples, times 8
    for layer, start, slope in zip(network.layers, before, slopes, strict=True):
        np.testing.assert_allclose(start - layer.parameters, slope, atol=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_step_is_taken_in_the_parameters_own_memory(dtype) -> None:
    """BLAS works on a copy if a type or a layout does not suit it; then the parameters would not change."""
    network = random_network([4, 3, 2], np.random.default_rng(0), dtype)
    before = [layer.parameters.copy() for layer in network.layers]
    plain_trainer(network, 0.5).step(with_ones(np.ones((5, 4), dtype)), np.ones((5, 2), dtype), 0.5)
    for layer, start in zip(network.layers, before, strict=True):
        assert layer.parameters.dtype == dtype
        assert not np.array_equal(layer.parameters, start)


def test_mini_batches_hold_every_image_once_in_the_given_order() -> None:
    images = np.arange(23, dtype=np.uint8).reshape(23, 1, 1)
    labels = np.arange(23) % 10
    order = np.random.default_rng(0).permutation(23)
    batches = [(x.copy(), y.copy()) for x, y in mini_batches(images, labels, np.eye(10), 5, order)]
    assert [len(x) for x, _ in batches] == [5, 5, 5, 5, 3]
    x, y = (np.concatenate(part) for part in zip(*batches, strict=True))
    np.testing.assert_allclose(x[:, 0] * 255, order)
    assert (x[:, 1] == 1).all()
    assert (y == one_hot(labels[order], 10, "float64")).all()


def test_pixels_become_numbers_from_zero_to_one() -> None:
    assert as_inputs(np.array([[[0, 51, 255]]], np.uint8), "float64").tolist() == [[0, 0.2, 1, 1]]


def test_a_target_of_six_has_its_one_in_the_seventh_place() -> None:
    assert one_hot(np.array([6]), 10, "float64").tolist() == [[0, 0, 0, 0, 0, 0, 1, 0, 0, 0]]


def test_outputs_do_not_depend_on_how_many_images_are_taken_at_once() -> None:
    rng = np.random.default_rng(0)
    network = random_network([4, 3, 2], rng, "float64")
    images = rng.integers(0, 256, (2500, 2, 2), dtype=np.uint8)
    np.testing.assert_allclose(network.outputs(images)[2400:], network.outputs(images[2400:]), atol=1e-12)
    assert network.outputs(images[:0]).shape == (0, 2)


def test_the_text_of_a_network() -> None:
    network = random_network([784, 30, 10], np.random.default_rng(0))
    assert str(network) == "784-30-10"
    assert repr(network) == "784 - dense 30 sigmoid - dense 10 sigmoid"
    assert [layer.size for layer in network.trainable_layers] == [30 * 785, 10 * 31]


def test_one_seed_starts_the_same_network_in_either_precision() -> None:
    single, double = (random_network([5, 4], np.random.default_rng(0), dtype) for dtype in ("float32", "float64"))
    np.testing.assert_array_equal(single.layers[0].parameters, double.layers[0].parameters.astype("float32"))


def test_progress_is_reported_and_an_exception_ends_the_epoch() -> None:
    network = random_network([1, 2], np.random.default_rng(0))
    images, labels, seen = np.zeros((30, 1, 1), np.uint8), np.zeros(30, int), []

    def stop(done: int) -> None:
        seen.append(done)
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        epoch(network, images, labels, 10, 1.0, np.random.default_rng(0), stop)
    assert seen == [10, 20]


def test_progress_is_reported_a_hundred_times_an_epoch() -> None:
    network = random_network([1, 2], np.random.default_rng(0))
    images, labels, seen = np.zeros((1000, 1, 1), np.uint8), np.zeros(1000, int), []
    epoch(network, images, labels, 2, 1.0, np.random.default_rng(0), seen.append)
    assert 95 <= len(seen) <= 101


def test_count_correct_takes_the_largest_output() -> None:
    assert count_correct(np.array([[0.1, 0.9], [0.8, 0.7], [0.2, 0.1]]), np.array([1, 1, 0])) == 2
