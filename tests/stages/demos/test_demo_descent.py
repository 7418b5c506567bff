"""Demos of descent: the test functions, and the steepest step."""

import numpy as np
import pytest

from nndigits.models.chapter.test_functions import DIVERGENCE_RADIUS, TEST_FUNCTIONS, descend
from nndigits.stages.demos import gradient_descent, steepest


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


def test_a_path_that_runs_away_ends_early() -> None:
    path = descend(TEST_FUNCTIONS["banana"], np.array([-1.0, 1.5]), 1000.0, 1000)
    assert np.abs(path[-1]).max() > DIVERGENCE_RADIUS >= np.abs(path[-2]).max()
    assert np.isfinite(TEST_FUNCTIONS["banana"].value(path)).all()


def test_a_path_is_drawn_until_it_leaves_the_picture() -> None:
    # In the bowl with eta = 1.05, v -> -1.1 v: 2 x 1.1^5 is the first coordinate beyond 3.
    figure = gradient_descent.run(rates=(1.05,), start=(2.0, 0.0)).figure
    assert figure is not None
    assert figure.panels[0].curves[0].x == pytest.approx([2, -2.2, 2.42, -2.662, 2.9282])


@pytest.mark.parametrize("function", ["bowl", "narrow", "banana"])
@pytest.mark.parametrize("seed", range(2))
def test_no_direction_beats_cauchy_and_schwarz_and_every_line_of_their_proof_holds(function: str, seed: int) -> None:
    demo = steepest.run(function=function, at=(0.3, -1.2), directions=2000, seed=seed, proof=True)
    assert demo.values["below_bound"] == 0
    shares = [row["share"] for row in demo.values["best_share_by_dimensions"]]
    assert 1 >= shares[0] > shares[1] > shares[2] > shares[3] > 0
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
