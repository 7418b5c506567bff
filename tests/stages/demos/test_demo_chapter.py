"""Demos of the chapter's text: the layers of a network, the target of an image, and one step of the update rule."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from support import demo_exit_code, demo_json, demo_words

from nndigits.models.chapter.target_encodings import BINARY
from nndigits.models.network.network import random_network
from nndigits.stages.demos import architecture, bit_check, calculus, feedforward, hidden, target, update
from nndigits.stages.demos.shared.data import read_digits
from nndigits.stages.demos.shared.texts import Text
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

# The layers of a network


def test_the_network_of_the_chapter_has_23860_weights_and_biases() -> None:
    # 30 x 784 + 30 = 23,550 and 10 x 30 + 10 = 310.
    values = architecture.run().values
    assert values["parameters"] == 23_860
    assert [(layer["name"], layer["weights"], layer["biases"]) for layer in values["layers"]] == [
        ("input", 0, 0),
        ("hidden", 23_520, 30),
        ("output", 300, 10),
    ]


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
    assert architecture.shown(10) == list(range(10))
    assert architecture.shown(784) == [0, 1, 2, 3, 4, None, 779, 780, 781, 782, 783]
    neurons = sum(line.count("○") for line in architecture.run(sizes=(3, 4, 2)).drawing)
    assert neurons == 3 + 4 + 2
    assert not any(":" in line for line in architecture.run(sizes=(3, 4, 2)).drawing)


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


def test_the_costliest_image_says_so_and_whether_it_is_wrong(digits: Path, weights: Path) -> None:
    data = read_digits(digits)
    worst = int(target.run(data=digits, weights=weights).try_next[1].split()[-1])
    demo = target.run(image=worst, data=digits, weights=weights)
    assert demo.values["larger_costs"] == 0
    assert "None of them costs more" in demo.findings[-1]
    assert demo.values["prediction"] != data.test_labels[worst]
    assert f"wrong: the image is a {data.test_labels[worst]}" in demo.findings[3]


@pytest.mark.parametrize("digit", [0, 9])
def test_each_digit_has_its_1_at_its_own_index(digit: int, digits: Path, weights: Path) -> None:
    demo = target.run(digit=digit, data=digits, weights=weights)
    assert demo.values["target"].index(1) == digit
    assert demo.values["digit"] == digit
    assert demo.tables[0].rows[digit][1] == "1"
    assert max(map(len, demo.drawing)) <= 88


# One step of the update rule


def test_an_update_by_hand() -> None:
    # w = (2, -1), b = -1. For x = (1, 0): z = 1, a = 1/(1 + 1/e), y = 1, delta = (a - 1) a (1 - a). For x = (1, 1):
    # z = 0, a = 1/2, y = 0, delta = 1/2 x 1/4 = 1/8. With eta/m = 3/2: w1 moves by -3/2 (delta + 1/8), and so does b;
    # w2 by -3/2 x 1/8 = -3/16, to -19/16.
    values = update.run().values
    a = 1 / (1 + math.exp(-1))
    delta = (a - 1) * a * (1 - a)
    assert values["samples"][0]["delta"] == pytest.approx(delta)
    assert values["samples"][1]["gradient"] == [0.125, 0.125, 0.125]
    assert values["after"] == pytest.approx([2 - 1.5 * (delta + 0.125), -1.1875, -1 - 1.5 * (delta + 0.125)])


@pytest.mark.parametrize("seed", range(5))
def test_the_trainer_takes_the_step_that_was_computed_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs, targets = tuple(rng.uniform(-3, 3, 8).tolist()), tuple(rng.uniform(0, 1, 4).tolist())
    weights = (float(rng.normal()), float(rng.normal()))
    values = update.run(inputs=inputs, targets=targets, weights=weights, bias=0.5, eta=0.7).values
    assert values["trainer"] == pytest.approx(values["after"], rel=1e-13)
    assert values["after"] != values["before"]


def test_the_derivatives_are_those_of_the_cost() -> None:
    pairs, targets, before, h = [(1.0, 0.5), (-2.0, 1.0)], (1.0, 0.25), (0.3, -0.8, 0.1), 1e-6
    sums = update.run(inputs=(1.0, 0.5, -2.0, 1.0), targets=targets, weights=before[:2], bias=before[2]).values["sum"]
    for place in range(3):
        up, down = ([*before] for _ in range(2))
        up[place] += h
        down[place] -= h
        costs = [update.mean_cost(update.evaluate(tuple(moved), pairs, targets)) for moved in (up, down)]
        assert sums[place] / 2 == pytest.approx((costs[0] - costs[1]) / (2 * h), rel=1e-6)


def test_a_long_step_raises_the_cost_and_the_finding_says_so() -> None:
    short, long = update.run(eta=0.01), update.run(eta=100.0)
    assert short.values["cost_after"] < short.values["cost_before"]
    assert "falls" in short.findings[1]
    assert long.values["cost_after"] > long.values["cost_before"]
    assert "eta is too large" in long.findings[1]


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


def test_a_wrong_bias_is_named_with_its_digits() -> None:
    # With the bias 0.2 bit 1 is always 1: the even digits are wrong, by up to z = 0.2 + 5 x 0.01 = 0.25.
    demo = bit_check.check(ANSWER, (-0.5, -0.5, -0.5, 0.2))
    assert [digit for digit, right in enumerate(demo.values["right"]) if not right] == [0, 2, 4, 6, 8]
    assert "0, 2, 4, 6 and 8. Look at bit 1." in demo.findings[0]
    assert demo.findings[1] == "For a 0, bit 1 should be 0, so its z should be below 0; it can be 0.25."


def test_an_answer_that_is_right_only_for_exact_outputs_is_not_a_solution() -> None:
    # Weights 1 and biases -0.995: z of an exact 1 is 0.005, but an output of 0.99 gives -0.005.
    demo = bit_check.check(ANSWER, (-0.995,) * 4)
    assert not demo.values["solved"]
    assert demo.values["right"] == [True] + [False] * 9


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


def test_the_four_parts_of_a_0_are_drawn_with_the_neurons_nearest_to_them(digits: Path, weights: Path) -> None:
    demo = hidden.run(data=digits, weights=weights)
    captions = " ".join(demo.drawing)
    for part in demo.values["quarters_of_0"]:
        assert f"{part['quarter']} {part['neuron']}" in captions
    assert "together" in captions
    assert max(len(line) for line in demo.drawing if not isinstance(line, Text)) <= 88, "captions wrap"
    assert demo.figure is not None
    sheet = np.array(demo.figure.panels[2].image)
    data = read_digits(digits)
    mean = data.train_images[data.train_labels == 0].mean(axis=0)
    top_left, whole = sheet[:8, :8], sheet[9:17, 9:17]  # rows of three with a line between: 1 2 3 / 4 5
    np.testing.assert_allclose(whole, mean)
    np.testing.assert_allclose(top_left[:4, :4], mean[:4, :4])
    assert not top_left[4:].any()


# Why not calculus


def test_one_sample_has_the_solution_that_a_formula_gives() -> None:
    # sigma(2 w) = 0.3 at w = ln(0.3 / 0.7) / 2.
    demo = calculus.run(inputs=(2.0,), targets=(0.3,))
    (solution,) = demo.values["solutions"]
    assert solution["w"] == pytest.approx(math.log(0.3 / 0.7) / 2, abs=1e-9)
    assert (solution["kind"], solution["cost"]) == ("minimum", pytest.approx(0, abs=1e-18))
    assert f"{solution['w']:.6g}. With one sample there is a formula" in demo.findings[0]


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


def test_the_equations_of_the_chapters_network() -> None:
    # 23,860 weights and biases: 23,860² second derivatives of 8 bytes are 4.55 GB.
    demo = calculus.run()
    assert demo.values["equations"] == 23_860
    assert demo.values["second_derivatives"] == 23_860**2
    assert "take 4.55 GB" in demo.findings[1]
    assert "less than solving once" in demo.findings[2]
    assert "size is no obstacle" in calculus.run(sizes=(2, 1)).findings[2]


# The exercise of equation 22, checked


def test_outputs_computed_by_hand_are_checked_and_explained_where_they_are_wrong() -> None:
    # sigma(0.25 - 1.5 + 0.5) = 0.3208, sigma(0.125 + 1.125 - 1) = 0.5622, sigma(-0.25 + 0.75) = 0.6225;
    # sigma(0.3208 + 1.1244 - 1.2449 + 0.25) = 0.6107.
    assert demo_json("feedforward", "--answer", "0.32,0.56,0.62,0.61")["solved"]
    demo = feedforward.run(answer=(0.32, 0.6, 0.5, 0.61))
    assert demo.values["verdicts"] == ["right", "too large", "too small", "right"]
    assert demo.findings == (
        "hidden 2: its weighted sum plus bias is z = 0.25, so it outputs sigma(z) = 0.5622.",
        "hidden 3: its weighted sum plus bias is z = 0.5, so it outputs sigma(z) = 0.6225.",
    )
    assert demo_exit_code("feedforward", "--answer", "0.32,0.6,0.5,0.61") == 4
