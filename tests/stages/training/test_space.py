"""The combinations of a sweep: grids, drawn numbers, names of trials, halving, and which differences are noise."""

import numpy as np
import pytest

from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import UsageError
from nndigits.stages.training import halving
from nndigits.stages.training.differences import compare_with_best, holm, p_value
from nndigits.stages.training.space import Range, draw, grid
from nndigits.stages.training.trials import MOST_TRIALS, Plan


def test_a_grid_has_every_combination_once_the_last_parameter_changing_fastest() -> None:
    found = grid({"hidden": [(30,), (100,)], "eta": [1.0, 3.0, 1.0]})
    assert found == [{"hidden": h, "eta": eta} for h in ((30,), (100,)) for eta in (1.0, 3.0)]


def test_drawn_numbers_are_in_their_range_short_and_the_same_for_a_seed() -> None:
    choices = {"eta": [Range(0.05, 2.0, log=True)], "l2": [Range(0.0, 10.0)], "batch": [Range(5, 20, whole=True)]}
    drawn = draw(choices, 200, np.random.default_rng(0))
    assert drawn == draw(choices, 200, np.random.default_rng(0))
    assert drawn != draw(choices, 200, np.random.default_rng(1))
    etas = [one["eta"] for one in drawn]
    assert all(0.05 <= eta <= 2 and len(f"{eta:g}".replace(".", "").lstrip("0")) <= 3 for eta in etas)
    assert 80 < sum(eta < 0.316 for eta in etas) < 120  # half of them lie below the geometric mean
    assert {type(one["batch"]) for one in drawn} == {int}
    assert {one["batch"] for one in drawn} == set(range(5, 21))


def test_a_range_of_hidden_neurons_is_one_of_hidden_layers() -> None:
    drawn = draw({"hidden": [Range(5, 8, whole=True)]}, 4, np.random.default_rng(0))
    assert sorted(one["hidden"] for one in drawn) == [(5,), (6,), (7,), (8,)]


def test_a_space_that_is_too_small_or_needs_a_draw_is_refused() -> None:
    with pytest.raises(UsageError, match="only 2 combinations"):
        draw({"eta": [1.0, 2.0]}, 3, np.random.default_rng(0))
    with pytest.raises(UsageError, match="found only"):
        draw({"eta": [Range(1.0, 1.01)]}, 50, np.random.default_rng(0))
    with pytest.raises(UsageError, match="say how many with random"):
        grid({"eta": [Range(1.0, 2.0)]})
    with pytest.raises(UsageError, match="from a lower to a higher"):
        Range(2.0, 1.0)
    with pytest.raises(UsageError, match="begins above 0"):
        Range(0.0, 1.0, log=True)
    with pytest.raises(UsageError, match=f"at most {MOST_TRIALS:,}"):
        Plan({"eta": [Range(1.0, 9.0)]}, seeds=1000, random=10).trials()


def test_a_trial_is_a_run_of_nn_train_on_one_thread_named_after_what_differs() -> None:
    trials = Plan({"hidden": [(30,), (100, 30)], "epochs": [2], "init": ["N(0,1)", "he"]}, seeds=2).trials()
    assert [one.name for one in trials][:3] == [
        "hidden-30-init-no1-seed-0",
        "hidden-30-init-no1-seed-1",
        "hidden-30-init-he-seed-0",
    ]
    assert trials[-1].parameters == Parameters(hidden=(100, 30), epochs=2, init="he", seed=1, threads=1)
    assert len({one.name for one in trials}) == 8


def test_a_recipe_is_overridden_and_its_seeds_are_counted_from_the_given_one() -> None:
    plan = Plan({"eta": [0.5], "seed": [7]}, {"eta": 2.0, "cost": "cross-entropy", "threads": 2}, seeds=3)
    trials = plan.trials()
    assert [one.name for one in trials] == ["seed-7", "seed-8", "seed-9"]
    assert {(one.parameters.eta, one.parameters.cost, one.parameters.threads) for one in trials} == {
        (0.5, "cross-entropy", 2)
    }
    for wrong in ({"seeds": 0}, {"choices": {"seed": [1, 2]}, "seeds": 2}, {"choices": {"eta": [-1.0]}}):
        with pytest.raises(UsageError):
            Plan(**wrong).trials()
    with pytest.raises(UsageError, match="same for all"):
        Plan({"epochs": [2, 4]}, halving=True).trials()


def test_halving_keeps_a_third_and_the_last_rung_is_the_whole_run() -> None:
    assert halving.rungs(27, 27) == [1, 3, 9, 27]
    assert halving.rungs(27, 9) == [3, 9, 27]
    assert halving.rungs(1, 100) == [1]
    assert halving.survivors({0: [5, 7], 1: [9, 1], 2: [6, 6], 3: [2, 2], 4: [6, 6], 5: [0, 0]}) == [0, 2]
    assert halving.survivors({3: [1], 8: [1]}) == [3]
    assert (halving.score([3, 9, 5], "best"), halving.score([3, 9, 5], "last"), halving.score([], "best")) == (9, 5, -1)


def test_the_paired_test_agrees_with_scipy() -> None:
    from scipy.stats import ttest_rel

    best, other = {0: 9500, 1: 9520, 2: 9490, 3: 9555}, {0: 9480, 1: 9490, 2: 9495, 3: 9510}
    expected = ttest_rel(list(best.values()), list(other.values())).pvalue
    assert p_value(best, other, 10_000) == pytest.approx(expected)
    assert p_value(best, {9: 1}, 10_000) == 1.0  # no seed in common
    assert p_value({0: 5, 1: 6}, {0: 4, 1: 5}, 10) == 0.0  # the same difference from every seed
    assert p_value({0: 5, 1: 6}, {0: 5, 1: 6}, 10) == 1.0


def test_one_seed_is_judged_by_the_sampling_error_of_the_images() -> None:
    assert p_value({0: 9500}, {0: 9500}, 10_000) == 1.0
    assert p_value({0: 9500}, {0: 9480}, 10_000) == pytest.approx(0.513, abs=0.01)  # two standard errors are 62 images
    assert p_value({0: 9500}, {0: 9400}, 10_000) < 0.01
    assert p_value({0: 10}, {0: 10}, 10) == 1.0


def test_many_comparisons_are_corrected() -> None:
    assert holm([0.03, 0.04, 0.9]) == pytest.approx([0.09, 0.09, 0.9])
    one = compare_with_best([{0: 9500}, {0: 9430}], 10_000)
    assert one == ["best", "worse"]
    many = compare_with_best([{0: 9500}, *[{0: 9430}] * 40], 10_000)
    assert set(many[1:]) == {"not told apart"}


def test_equal_combinations_are_rarely_called_worse() -> None:
    """Of 200 sweeps with 8 combinations that are all alike, few call any of them worse than the one that won."""
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(200):
        scores = [dict(enumerate(rng.binomial(10_000, 0.95, 5).tolist())) for _ in range(8)]
        scores.sort(key=lambda one: -sum(one.values()))
        false += "worse" in compare_with_best(scores, 10_000)
    assert false <= 30
