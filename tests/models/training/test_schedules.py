"""Learning-rate schedules, early stopping and the learning-rate range test."""

import math
from collections.abc import Callable
from itertools import repeat

import numpy as np
import pytest

from nndigits.models.training import learning_rate_range
from nndigits.models.training.schedules import (
    SCHEDULES,
    constant,
    cosine,
    epochs_without_best,
    factor,
    halvings,
    linear,
    one_cycle,
)


@pytest.mark.parametrize("name", SCHEDULES)
def test_factors_are_from_zero_to_one_and_reach_one(name: str) -> None:
    factors = [SCHEDULES[name](place / 1000) for place in range(1001)]
    assert min(factors) >= 0
    assert max(factors) == pytest.approx(1)


@pytest.mark.parametrize("schedule", [linear, cosine, one_cycle])
def test_falling_schedules_end_at_zero_without_a_jump(schedule) -> None:
    factors = np.array([schedule(place / 1000) for place in range(1001)])
    assert factors[-1] == pytest.approx(0, abs=1e-15)
    assert np.abs(np.diff(factors)).max() < 0.01


def test_schedules_worked_by_hand() -> None:
    assert (constant(0.3), linear(0.3)) == (1, 0.7)
    assert [cosine(p) for p in (0, 1 / 3, 1 / 2)] == pytest.approx([1, 3 / 4, 1 / 2])
    assert [one_cycle(p) for p in (0, 0.15, 0.3, 0.65)] == pytest.approx([0.04, 0.52, 1, 1 / 2])


def test_warm_up_rises_from_zero_and_the_schedule_follows() -> None:
    assert [factor(constant, p, 0.1) for p in (0, 0.05, 0.1, 1)] == pytest.approx([0, 0.5, 1, 1])
    assert [factor(linear, p, 0.1) for p in (0.05, 0.1, 0.55)] == pytest.approx([0.5, 1, 0.5])
    assert factor(linear, 0.0) == 1


@pytest.mark.parametrize(
    ("correct", "patience", "count"),
    [
        ([], 1, 0),
        ([5, 6, 7], 1, 0),
        ([5, 5], 1, 1),  # an equal is no new best
        ([5, 4, 6, 5, 4, 3], 3, 1),
        ([9, 1, 1, 1, 1, 1], 2, 2),  # the count restarts after a halving
        ([0] * 11, 1, 10),
    ],
)
def test_eta_is_halved_after_epochs_without_a_new_best(correct, patience: int, count: int) -> None:
    assert halvings(correct, patience) == count


def test_epochs_since_the_best_count_from_the_first_of_equals() -> None:
    assert [epochs_without_best(c) for c in ([], [3], [3, 4], [4, 4, 4], [4, 5, 1, 2])] == [0, 0, 0, 2, 2]


def valley(eta: float) -> float:
    """A cost that falls most steeply by log eta at eta = 0.1, is lowest near 1, and diverges beyond."""
    return 1 / (1 + (eta / 0.1) ** 2) + (eta / 10) ** 4


def sweep(cost: Callable[[float], float], low: float, high: float, steps: int) -> learning_rate_range.Curve:
    """A range test in which the cost of two samples depends on eta alone."""
    batches = repeat((np.zeros((2, 1)), np.zeros((2, 1))))
    return learning_rate_range.range_test(lambda x, y, eta: len(x) * cost(eta), batches, low, high, steps)


def test_the_range_test_proposes_the_steepest_eta_and_a_tenth_of_the_minimum() -> None:
    tried = []

    def cost(eta: float) -> float:
        tried.append(eta)
        return valley(eta)

    curve = sweep(cost, 1e-4, 1e4, 800)
    np.testing.assert_allclose(np.diff(np.log(tried)), math.log(1e8) / 799)
    assert tried[-1] < 1e3, "it ends where the cost diverges"
    # Smoothing over 20 mini-batches sees everything about 20 of 800 steps late: a factor of 1e8^(20/800) = 1.6.
    assert 0.1 / 1.2 < learning_rate_range.steepest(curve) < 0.1 * 2
    least = min((10**x for x in np.linspace(-1, 1, 400)), key=valley)
    assert least / 10 / 1.2 < learning_rate_range.tenth_of_minimum(curve) < least / 10 * 2


def test_smoothing_is_a_mean_from_the_start() -> None:
    curve = sweep(lambda eta: 3.0, 0.1, 1.0, 5)
    np.testing.assert_allclose(curve.costs, 3)
    np.testing.assert_allclose(curve.etas, np.geomspace(0.1, 1, 5))


def test_a_cost_that_never_falls_gives_no_proposal() -> None:
    assert learning_rate_range.steepest(sweep(lambda eta: 3.0 + eta, 0.1, 1.0, 100)) is None
    assert learning_rate_range.tenth_of_minimum(learning_rate_range.Curve([], [])) is None


def test_the_range_test_ends_where_the_cost_is_not_finite() -> None:
    assert len(sweep(lambda eta: math.nan if eta > 0.5 else 1.0, 0.1, 1.0, 11).etas) <= 10
