"""Demos of descent: gradient descent, the steepest step, and the gradient of a tiny network by hand."""

import math

import numpy as np
import pytest

from nndigits.models.chapter.test_functions import DIVERGENCE_RADIUS, TEST_FUNCTIONS, descend, random_directions
from nndigits.models.layers.dense import Dense
from nndigits.models.network.gradients import (
    central_differences,
    flat_gradient,
    gradients,
    multiplications,
    squared_lengths,
)
from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos import backprop, gradient_descent, steepest
from nndigits.stages.demos.shared.index import load
from nndigits.stages.store.errors import UsageError


@pytest.mark.parametrize("name", TEST_FUNCTIONS)
def test_gradients_and_minima_of_the_test_functions(name: str) -> None:
    valley, h = TEST_FUNCTIONS[name], 1e-6
    n = len(valley.start)
    v = np.random.default_rng(0).uniform(-2, 2, (50, n))
    slopes = np.stack([(valley.value(v + h * e) - valley.value(v - h * e)) / (2 * h) for e in np.eye(n)], axis=-1)
    np.testing.assert_allclose(valley.gradient(v), slopes, atol=1e-6)
    axis = np.linspace(-valley.reach, valley.reach, 601)
    grid = np.stack(np.meshgrid(*[axis] * n), axis=-1)
    assert valley.lowest - 1e-12 <= valley.value(grid).min() < valley.lowest + 1e-3


def test_a_parabola_by_hand() -> None:
    # C = v², so v -> v - 0.25 (2 v) = v / 2: 2, 1, 1/2, 1/4, and C is 4, 1, 1/4, 1/16.
    values = gradient_descent.run(function="parabola", rates=(0.25,), start=(2.0,), steps=3).values
    assert values["runs"][0]["path"] == [[2.0], [1.0], [0.5], [0.25]]
    assert values["runs"][0]["cost"] == [4.0, 1.0, 0.25, 0.0625]


def test_a_learning_rate_above_two_over_the_curvature_climbs() -> None:
    # In the bowl v -> (1 - 2 eta) v. eta = 0.9: factor -0.8; 1: factor -1, C stays; 1.1: factor -1.2, C times 1.44.
    demo = gradient_descent.run(function="bowl", rates=(0.9, 1.0, 1.1), start=(1.0, 0.0), steps=10)
    below, at, above = demo.values["runs"]
    assert (below["uphill"], at["uphill"], above["uphill"]) == (0, 0, 10)
    assert at["last_cost"] == at["first_cost"]
    assert above["last_cost"] == pytest.approx(1.44**10)
    assert above["verdict"] == "is higher than it started"
    assert "If eta is above 2 / 2 = 1" in demo.findings[-1]
    assert "Here this holds for 1.1" in demo.findings[-1]


@pytest.mark.parametrize(
    ("function", "eta", "start"), [("bowl", 1.0, ()), ("parabola", 1.0, (0.1,)), ("narrow", 0.1, ())]
)
def test_at_two_over_the_curvature_the_ball_bounces_for_ever(
    function: str, eta: float, start: tuple[float, ...]
) -> None:
    # v -> (1 - 2) v = -v in the direction of the largest curvature, which the next step takes back.
    demo = gradient_descent.run(function=function, rates=(eta,), start=start)
    assert demo.values["runs"][0]["verdict"] == "bounces between two places for ever"
    assert f"At exactly {eta:g} it ends equally high there, and the ball bounces for ever." in demo.findings[-1]


def test_a_ball_that_slowly_comes_to_rest_does_not_bounce_for_ever() -> None:
    # v -> -0.998 v: after 40 steps 0.998^40 = 92 % of the start, and nearer with each step.
    (near,) = gradient_descent.run(rates=(0.999,)).values["runs"]
    assert near["verdict"] == "is still on its way"
    assert gradient_descent.run(rates=(1.0,), steps=1).values["runs"][0]["verdict"] == "is still on its way"
    assert gradient_descent.run(rates=(0.5,)).values["runs"][0]["verdict"] == "is nearly at rest in the lowest place"


def test_a_ball_that_never_settles_is_not_on_its_way() -> None:
    # In two valleys the ball settles at eta = 0.2, alternates between two places at 0.3, and is chaotic at 0.4.
    verdicts = {
        run["eta"]: run["verdict"]
        for run in gradient_descent.run(function="two-valleys", rates=(0.2, 0.3, 0.4), start=(0.5,), steps=200).values[
            "runs"
        ]
    }
    assert verdicts[0.2] == "is nearly at rest, but not in the lowest place"
    assert verdicts[0.3] == "bounces between two places for ever"
    assert verdicts[0.4] == "jumps up and down, and does not come to rest"


def test_in_two_valleys_the_ball_stops_in_either_minimum() -> None:
    # dC/dv = 4 v (v² - 1) + 0.3 = 0 at about 0.96015 and -1.03558; only the second is the lowest place.
    small, middle, large = gradient_descent.run(function="two-valleys").values["runs"]
    assert small["verdict"] == "is still on its way"
    assert middle["path"][-1][0] == pytest.approx(0.96015, abs=1e-5)
    assert middle["verdict"] == "is nearly at rest, but not in the lowest place"
    assert large["path"][-1][0] == pytest.approx(-1.03558, abs=1e-5)
    assert large["verdict"] == "is nearly at rest in the lowest place"


def test_a_path_that_runs_away_ends_early() -> None:
    path = descend(TEST_FUNCTIONS["banana"], np.array([-1.0, 1.5]), 1000.0, 1000)
    assert np.abs(path[-1]).max() > DIVERGENCE_RADIUS >= np.abs(path[-2]).max()
    assert np.isfinite(TEST_FUNCTIONS["banana"].value(path)).all()
    assert gradient_descent.run(function="banana", rates=(1000.0,)).values["runs"][0]["verdict"] == "has run away"


def test_random_directions_have_length_one_and_no_preference() -> None:
    arrows = random_directions(4000, 3, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(arrows, axis=1), 1)
    # The mean of a coordinate has the standard error sqrt(1/3 / 4000) = 0.009.
    assert np.abs(arrows.mean(axis=0)).max() < 0.04


def test_the_steepest_step_by_hand() -> None:
    # C = (v1² + 20 v2²) / 2 at (-2, 0.5): nabla C = (-2, 10), of length sqrt(104). For a step of 0.01 against it the
    # bound is -0.01 sqrt(104) = -0.1019804; C bends by 0.01² / 2 x (2² + 20 x 10²) / 104 = 0.0009635 above that.
    values = steepest.run().values
    assert values["gradient"] == [-2.0, 10.0]
    assert values["bound"] == pytest.approx(-0.01 * math.sqrt(104))
    assert values["against_gradient_real"] == pytest.approx(-0.1019804 + 0.0009635, abs=1e-7)
    assert values["below_bound"] == 0
    assert values["bound"] <= values["best_linear"] < 0.999 * values["bound"]


@pytest.mark.parametrize("function", ["bowl", "narrow", "banana"])
@pytest.mark.parametrize("seed", range(2))
def test_no_direction_beats_cauchy_and_schwarz(function: str, seed: int) -> None:
    values = steepest.run(function=function, at=(0.3, -1.2), directions=2000, seed=seed).values
    assert values["below_bound"] == 0
    shares = [row["share"] for row in values["best_share_by_dimensions"]]
    assert 1 >= shares[0] > shares[1] > shares[2] > shares[3] > 0


@pytest.mark.parametrize("function", ["bowl", "narrow", "banana"])
@pytest.mark.parametrize("seed", range(2))
def test_every_line_of_the_proof_holds_in_numbers(function: str, seed: int) -> None:
    demo = steepest.run(function=function, at=(0.3, -1.2), directions=1, seed=seed, proof=True)
    numbers = demo.values["proof"]
    u, s = np.array(numbers["u"]), np.array(numbers["s"])
    assert np.linalg.norm(s) == pytest.approx(0.01)
    assert numbers["u.s"] == pytest.approx(float(u @ s))
    # Line 5: the least value of |s + t u|², against a search over t and the formula |s|² - (u.s)²/|u|².
    around = numbers["t"] + np.linspace(-1, 1, 201)[:, None] * 1e-2
    assert numbers["least"] == pytest.approx(float(np.square(s + around * u).sum(axis=1).min()))
    assert numbers["least"] == pytest.approx(float(s @ s - (u @ s) ** 2 / (u @ u)), abs=1e-15)
    assert numbers["u.s"] > numbers["bound"]
    assert u @ np.array(numbers["best_step"]) == pytest.approx(numbers["bound"])
    assert numbers["bound"] == pytest.approx(demo.values["bound"])


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


@pytest.mark.parametrize(("inputs", "target"), [((1.0, 0.5), 1.0), ((-2.0, 0.25), 0.0)])
def test_backpropagation_by_hand(inputs: tuple[float, float], target: float) -> None:
    x1, x2 = inputs
    # Forward. Hidden 1: 0.5 x1 - 1 x2 + 0.5; hidden 2: 1 x1 + 2 x2 - 1; output: 2 a1 - 1 a2 + 0.
    a1, a2 = sigmoid(0.5 * x1 - x2 + 0.5), sigmoid(x1 + 2 * x2 - 1)
    a = sigmoid(2 * a1 - a2)
    # BP1: (a - y) sigma'(z). BP2: weight to the output x delta of the output x sigma'(z).
    delta = (a - target) * a * (1 - a)
    delta1, delta2 = 2 * delta * a1 * (1 - a1), -1 * delta * a2 * (1 - a2)
    values = backprop.run(inputs=inputs, target=target).values
    assert values["cost"] == pytest.approx((a - target) ** 2 / 2)
    # BP4: dC/dw = a_in delta. BP3: dC/db = delta.
    np.testing.assert_allclose(
        values["gradient"][0], [[x1 * delta1, x2 * delta1, delta1], [x1 * delta2, x2 * delta2, delta2]]
    )
    np.testing.assert_allclose(values["gradient"][1], [[a1 * delta, a2 * delta, delta]])
    assert values["largest_difference"] < 1e-9


def test_the_error_of_measuring_falls_with_the_square_of_the_step() -> None:
    by_step = {round(math.log10(row["step"])): row["difference"] for row in backprop.run().values["difference_by_step"]}
    assert by_step[-1] / by_step[-2] == pytest.approx(100, rel=0.02)
    assert by_step[-2] / by_step[-3] == pytest.approx(100, rel=0.02)
    assert by_step[-12] > by_step[-5]


def test_gradients_of_a_batch_against_central_differences() -> None:
    rng = np.random.default_rng(3)
    network = random_network([4, 5, 3, 2], rng, "float64")
    x, y = np.column_stack([rng.standard_normal((7, 4)), np.ones(7)]), rng.random((7, 2))
    measured = central_differences(network, x, y, 1e-5)
    for nabla, slopes in zip(gradients(network, x, y)[1], measured, strict=True):
        np.testing.assert_allclose(nabla, slopes, atol=1e-8)


def test_lengths_of_single_gradients_need_no_single_gradients() -> None:
    rng = np.random.default_rng(4)
    network = random_network([3, 4, 2], rng, "float64")
    x, y = np.column_stack([rng.standard_normal((6, 3)), np.ones(6)]), rng.random((6, 2))
    network.backpropagate(x, y)
    lengths = squared_lengths(network).copy()
    singly = [np.square(flat_gradient(network, x[i : i + 1], y[i : i + 1])).sum() for i in range(6)]
    np.testing.assert_allclose(lengths, singly)


def test_products_of_the_chapters_network() -> None:
    # Forward and BP4: 2 x (30 x 785 + 10 x 31) = 47,720; BP2 from the output: 10 x 30 = 300.
    assert multiplications(random_network([784, 30, 10], np.random.default_rng(0))) == 48_020
    assert multiplications(Network([Dense(np.ones((2, 3)), np.ones(2))])) == 16  # 2 x 2 x 4


def test_the_message_names_the_parameter_and_what_was_expected() -> None:
    with pytest.raises(UsageError, match=r"^weights: expected 1 to 6 numbers with commas between, found 7$"):
        load("perceptron")(weights=(1.0,) * 7)
