"""Demos of the chapter's text: the layers of a network, the target of an image, and one step of the update rule."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from support import demo_exit_code, demo_words

from nndigits.models.chapter.target_encodings import BINARY
from nndigits.models.network.network import random_network
from nndigits.stages.demos import architecture, bit_check, calculus, target, update
from nndigits.stages.demos.shared.data import read_digits
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

# The layers of a network


@pytest.mark.parametrize("sizes", [(3, 1), (5, 4, 3, 2), (64, 30, 30, 10)])
def test_the_count_is_that_of_the_arrays(sizes: tuple[int, ...]) -> None:
    arrays = [layer.w.size + layer.b.size for layer in random_network(sizes, np.random.default_rng(0)).dense]
    layers = architecture.run(sizes=sizes).values["layers"][1:]
    assert [layer["weights"] + layer["biases"] for layer in layers] == arrays


@pytest.mark.parametrize("layers", [2, 5, 8])
def test_any_number_of_layers_fits_a_terminal(layers: int) -> None:
    demo = architecture.run(sizes=(784, *[30] * (layers - 2), 10))
    assert max(map(len, demo.drawing)) <= 88
    assert demo.drawing[0].split()[0] == "input"
    assert max(line.count("○") for line in demo.drawing) == layers


def test_small_layers_are_drawn_in_full_and_large_ones_with_an_ellipsis() -> None:
    assert architecture.shown(784) == [0, 1, 2, 3, 4, None, 779, 780, 781, 782, 783]
    drawn = "".join(architecture.run(sizes=(3, 10, 2)).drawing)
    assert (drawn.count("○"), drawn.count(":")) == (3 + 10 + 2, 0)


# The target of an image


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64-30-10, trained briefly on scikit-learn's digits."""
    out = tmp_path_factory.mktemp("trained") / "weights.npz"
    train(digits, out, Parameters(epochs=3))
    return out


def test_output_and_cost_are_those_of_the_network(digits: Path, weights: Path) -> None:
    network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
    data = read_digits(digits)
    a = network.outputs(data.test_images)[7]
    y = np.eye(10)[data.test_labels[7]]
    values = target.run(image=7, data=digits, weights=weights).values
    assert values["output"] == pytest.approx(a.tolist(), abs=1e-5)
    assert values["cost"] == pytest.approx(0.5 * float(((y - a) ** 2).sum()), abs=1e-5)
    assert values["digit"] == data.test_labels[7]
    assert values["prediction"] == a.argmax()


@pytest.mark.parametrize("digit", [0, 9])
def test_each_digit_has_its_1_at_its_own_index(digit: int, digits: Path, weights: Path) -> None:
    demo = target.run(digit=digit, data=digits, weights=weights)
    assert demo.values["target"].index(1) == digit
    assert demo.values["digit"] == digit
    assert demo.tables[0].rows[digit][1] == "1"
    assert max(map(len, demo.drawing)) <= 88


# One step of the update rule


@pytest.mark.parametrize("seed", range(5))
def test_the_trainer_takes_the_step_that_was_computed_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs, targets = tuple(rng.uniform(-3, 3, 8).tolist()), tuple(rng.uniform(0, 1, 4).tolist())
    weights = (float(rng.normal()), float(rng.normal()))
    values = update.run(inputs=inputs, targets=targets, weights=weights, bias=0.5, eta=0.7).values
    assert values["trainer"] == pytest.approx(values["after"], rel=1e-13)
    assert values["after"] != values["before"]


def test_the_derivatives_are_those_of_the_cost() -> None:
    x, y = np.array([[1.0, 0.5, 1.0], [-2.0, 1.0, 1.0]]), np.array([1.0, 0.25])
    before, h = np.array([0.3, -0.8, 0.1]), 1e-6
    for change, total in zip(h * np.eye(3), sum(update.evaluate(before, x, y).gradients), strict=True):
        up, down = (update.evaluate(before + sign * change, x, y).costs.mean() for sign in (1, -1))
        assert total / 2 == pytest.approx((up - down) / (2 * h), rel=1e-6)


# The exercise of the four bits, checked

ANSWER = tuple(BINARY.T.ravel().tolist())
BIASES = (-0.5,) * 4


def test_the_solution_of_the_book_is_right_with_the_margin_that_was_proved() -> None:
    # A bit that should be 1 has z > 0.99 - 0.5 = 0.49; one that should be 0 has z < 5 (0.01) - 0.5 = -0.45.
    demo = bit_check.check(ANSWER, BIASES)
    assert demo.values["solved"]
    margins = np.array(demo.values["margins"])
    assert margins.min() == pytest.approx(0.45)
    assert margins[BINARY == 1].min() == pytest.approx(0.49)
    assert demo.findings[0].startswith("Solved")
    # Weights 1 and biases -0.995: z of an exact 1 is 0.005, but an output of 0.99 gives -0.005.
    assert bit_check.check(ANSWER, (-0.995,) * 4).values["right"] == [True] + [False] * 9
    # With the bias 0.2 bit 1 is always 1: the even digits are wrong, by up to z = 0.2 + 5 x 0.01 = 0.25.
    wrong = bit_check.check(ANSWER, (-0.5, -0.5, -0.5, 0.2))
    assert "0, 2, 4, 6 and 8. Look at bit 1." in wrong.findings[0]
    assert wrong.findings[1] == "For a 0, bit 1 should be 0, so its z should be below 0; it can be 0.25."


def test_the_margins_bound_every_output_that_the_exercise_allows() -> None:
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(4, 10)), rng.normal(size=4)
    margins = bit_check.smallest_margins(w, b)
    reached = np.full((4, 10), np.inf)
    ends = np.array(list(product((0, 1), repeat=10)))  # every corner of the ranges
    for digit in range(10):
        outputs = 0.01 * ends
        outputs[:, digit] = 0.99 + outputs[:, digit]
        z = outputs @ w.T + b
        reached[:, digit] = np.where(BINARY[digit] == 1, z, -z).min(axis=0)
    np.testing.assert_allclose(margins, reached, atol=1e-12)


def test_an_answer_is_checked_without_training_and_its_size_is_checked() -> None:
    weights = ",".join(f"{weight:g}" for weight in ANSWER)
    text = demo_words("bits", "--bit-weights", weights, "--bit-biases=-.5,-.5,-.5,-.5")
    assert "Solved: all ten digits are right" in text
    assert "trained here" not in text
    assert demo_exit_code("bits", "--bit-weights", weights, "--bit-biases=-9,9,1e5,1") == 4
    assert demo_exit_code("bits", "--bit-weights", weights) == 2
    assert demo_exit_code("bits", "--bit-biases", "1,2,3,4") == 2
    assert demo_exit_code("bits", "--bit-weights", "1,2", "--bit-biases", "1,2,3,4") == 2


# The four parts of a 0


# Why not calculus


def test_two_samples_can_have_two_minima_and_a_maximum_between_them() -> None:
    x, y = np.array([1.0, -4.0]), np.array([0.9, 0.9])
    found = calculus.solutions(x, y)
    assert [solution.kind for solution in found] == ["minimum", "maximum", "minimum"]
    for solution in found:
        near = calculus.cost(solution.w + np.array([-1e-3, 0, 1e-3]), x, y)
        assert (near.argmin() if solution.kind == "minimum" else near.argmax()) == 1
    lowest = min(found, key=lambda solution: solution.cost)
    said = calculus.run(inputs=(1.0, -4.0), targets=(0.9, 0.9)).findings[0]
    assert f"2 of them are minima; the lowest is at w = {lowest.w:.6g}" in said


def test_the_slope_is_the_derivative_of_the_cost() -> None:
    x, y, w, h = np.array([1.5, -0.5, 2.0]), np.array([0.2, 0.7, 0.9]), np.linspace(-3, 3, 13), 1e-6
    measured = (calculus.cost(w + h, x, y) - calculus.cost(w - h, x, y)) / (2 * h)
    np.testing.assert_allclose(calculus.slope(w, x, y), measured, atol=1e-9)


# The exercise of equation 22, checked
