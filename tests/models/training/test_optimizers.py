"""Optimizers, penalties and weight averages, compared with their formulas and with scikit-learn's optimizers."""

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from nndigits.models.training.optimizers import OPTIMIZERS, OptimizerState
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.weight_averaging import WeightAverage

ETA, MU, SAMPLES, STEPS = 0.05, 0.8, 4, 12


class Bowl:
    """A layer whose cost is SAMPLES times a bowl around 1: nabla_w = SAMPLES stretch (w - 1)."""

    def __init__(self, seed: int = 0, dtype: str = "float64") -> None:
        rng = np.random.default_rng(seed)
        self.parameters = rng.normal(size=(3, 5)).astype(dtype)
        self.stretch = rng.uniform(0.1, 5, (3, 5)).astype(dtype)

    @property
    def w(self) -> np.ndarray:
        return self.parameters[:, :-1]

    def backward(self) -> None:
        """Compute the gradient at the current parameters."""
        self.gradient = SAMPLES * self.mean_gradient(self.parameters)

    def mean_gradient(self, w: np.ndarray) -> np.ndarray:
        return self.stretch * (w - 1)

    def accumulate_gradient(self, alpha: float, beta: float, out: np.ndarray) -> None:
        out *= beta
        out += alpha * self.gradient


def reference(optimizer: str, bowl: Bowl) -> np.ndarray:
    """The formulas of the papers, with a new array for every term."""
    w, v, s = bowl.parameters.copy(), np.zeros((3, 5)), np.zeros((3, 5))
    for t in range(1, STEPS + 1):
        g = bowl.mean_gradient(w)
        match optimizer:
            case "sgd":
                w = w - ETA * g
            case "momentum":
                v = MU * v - ETA * g
                w = w + v
            case "nesterov":
                v = MU * v - ETA * g
                w = w + MU * v - ETA * g
            case "adam":
                v = MU * v + (1 - MU) * g
                s = 0.999 * s + 0.001 * g**2
                w = w - ETA * (v / (1 - MU**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return w


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_follows_its_formula_in_place(optimizer: str, dtype: str) -> None:
    bowls, expected = [Bowl(seed, dtype) for seed in (1, 2)], [reference(optimizer, Bowl(seed)) for seed in (1, 2)]
    own = [bowl.parameters for bowl in bowls]
    state = OptimizerState(OPTIMIZERS[optimizer], bowls, MU)
    for _ in range(STEPS):
        for bowl in bowls:
            bowl.backward()
        state.step(ETA, SAMPLES)
    for memory, bowl, wanted in zip(own, bowls, expected, strict=True):
        assert memory is bowl.parameters
        assert memory.dtype == dtype
        np.testing.assert_allclose(memory, wanted, rtol=0, atol=1e-13 if dtype == "float64" else 2e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam"])
def test_optimizers_agree_with_those_of_scikit_learn(optimizer: str) -> None:
    bowl, w = Bowl(), Bowl().parameters
    if optimizer == "adam":
        theirs = AdamOptimizer([w], ETA, beta_1=MU)
    else:
        theirs = SGDOptimizer([w], ETA, momentum=0 if optimizer == "sgd" else MU, nesterov=optimizer == "nesterov")
    state = OptimizerState(OPTIMIZERS[optimizer], [bowl], MU)
    for _ in range(STEPS):
        bowl.backward()
        state.step(ETA, SAMPLES)
        theirs.update_params([w], [bowl.mean_gradient(w)])
    np.testing.assert_allclose(bowl.parameters, w, atol=1e-6)  # scikit-learn corrects Adam's epsilon as well


def test_l2_and_l1_worked_by_hand() -> None:
    """eta 0.5, n 10: L2 of 2 leaves 1 - 0.5 * 2 / 10 = 0.9 of a weight, L1 of 1 then takes 0.5 * 1 / 10 = 0.05 off."""
    bowl = Bowl()
    bowl.parameters = np.array([[1.0, -2.0, 0.0, 7.0]])
    Penalties(l2=2, l1=1).shrink([bowl], 0.5, 10)
    np.testing.assert_allclose(bowl.parameters, [[0.9 - 0.05, -1.8 + 0.05, 0, 7]], rtol=1e-15)


@pytest.mark.parametrize(("penalties", "cost"), [({"l2": 3.0}, "w²/2"), ({"l1": 3.0}, "|w|")])
def test_a_penalty_steps_along_the_slope_of_its_cost(penalties, cost: str) -> None:
    """The bias, 9, has no cost. A step of rate eta along -dC/dw, for C = lambda / n times the sum."""
    w, eta, n, h = np.array([0.7, -0.2, 1.4]), 0.1, 50, 1e-6
    bowl = Bowl()
    bowl.parameters = np.append(w, 9.0)[None]

    def of(weight: float) -> float:
        return 3.0 / n * (weight**2 / 2 if cost == "w²/2" else abs(weight))

    Penalties(**penalties).shrink([bowl], eta, n)
    slopes = [(of(weight + h) - of(weight - h)) / (2 * h) for weight in w]
    np.testing.assert_allclose(bowl.parameters[0], np.append(w - eta * np.array(slopes), 9), atol=1e-9)


def test_max_norm_scales_long_weights_and_leaves_short_ones_and_biases() -> None:
    bowl = Bowl()
    bowl.parameters = np.array([[3, 4, 10], [0.3, 0.4, 10]], "float32")
    Penalties(max_norm=1).limit([bowl])
    np.testing.assert_allclose(bowl.parameters, [[0.6, 0.8, 10], [0.3, 0.4, 10]], rtol=1e-6)
    assert bowl.parameters.dtype == "float32"


def test_no_penalty_changes_nothing() -> None:
    bowl, none = Bowl(), Penalties()
    none.shrink([bowl], 1.0, 1)
    none.limit([bowl])
    np.testing.assert_array_equal(bowl.parameters, Bowl().parameters)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_average_forgets_the_initial_weights_and_then_has_a_constant_decay(dtype: str) -> None:
    """The decay is 0.5 at most; (1 + t) / (10 + t) is less before t = 8."""
    bowl, rng = Bowl(dtype=dtype), np.random.default_rng(0)
    average, expected = WeightAverage([bowl], 0.5), bowl.parameters.astype("float64")
    for t in range(1, 13):
        bowl.parameters[...] = rng.normal(size=(3, 5))
        average.update()
        decay = (1 + t) / (10 + t) if t < 8 else 0.5
        expected = decay * expected + (1 - decay) * bowl.parameters
    np.testing.assert_allclose(average.averages[0], expected, atol=1e-6)


def test_the_average_is_swapped_into_the_layers_memory_and_back() -> None:
    bowl = Bowl()
    own, average = bowl.parameters, WeightAverage([bowl], 0.9)
    own += 1
    average.update()
    trained, averaged = own.copy(), average.averages[0].copy()

    def use_average() -> None:
        with average.in_place():
            assert bowl.parameters is own
            np.testing.assert_array_equal(own, averaged)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use_average()
    np.testing.assert_array_equal(own, trained)
    np.testing.assert_array_equal(average.averages[0], averaged)
