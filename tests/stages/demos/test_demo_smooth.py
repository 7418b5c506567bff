"""The demonstrations of sigmoid neurons and of depth, compared with values worked by hand and with known laws."""

import math
from pathlib import Path

import numpy as np
import pytest
from support import demo_json, demo_words
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.layers.activations import STEP
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import random_network
from nndigits.stages.demos import deep, scaling
from nndigits.stages.demos.deep import INPUTS, face, inputs_without
from nndigits.stages.demos.learning_speed import bias_norms
from nndigits.stages.demos.shared.data import read_digits

# sigmoid


def test_sigmoid_compared_with_step() -> None:
    curve = {row["z"]: row for row in demo_json("sigmoid")["curve"]}
    assert (curve[0]["sigmoid"], curve[0]["step"]) == (0.5, 0)
    for z in (-10, -5, -2, -1, 1, 2, 5, 10):
        assert curve[z]["sigmoid"] == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-15)
        assert curve[z]["step"] == (z > 0)
        assert curve[z]["sigmoid"] + curve[-z]["sigmoid"] == pytest.approx(1)
    assert (curve[-1000]["sigmoid"], curve[1000]["sigmoid"]) == (0, 1)


def test_a_neuron_of_your_own() -> None:
    # 6 x 0.5 + 2 x 1 + 2 x 0.2 - 5 = 0.4; sigma(0.4) = 1 / (1 + exp(-0.4)) = 0.59868766...
    neuron = demo_json("sigmoid")["neuron"]
    assert neuron["z"] == pytest.approx(0.4)
    assert neuron["sigmoid"] == pytest.approx(0.598687660112452)
    assert neuron["step"] == 1
    assert "outputs 0.5, exactly one half. A perceptron" in demo_words(
        "sigmoid", "--weights", "1", "--bias", "0", "--inputs", "0"
    )


@pytest.mark.parametrize("z", [-37, -50, -300, -700])
def test_the_tail_of_the_sigmoid_against_exp(z: int) -> None:
    # 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z)), and exp(z) is below 1e-16 here.
    neuron = demo_json("sigmoid", "--weights", "1", "--inputs", "1", f"--bias={z - 1}")["neuron"]
    assert neuron["sigmoid"] == pytest.approx(math.exp(z), rel=1e-15)
    output = demo_json("feedforward", "--output-weights", "0,0,0", f"--output-bias={z}")
    assert output["matrices"][1][0] == output["components"][1][0] == pytest.approx(math.exp(z), rel=1e-15)
    own = demo_json("scaling", "--factors", "10", f"--bias={z / 10}", "--inputs", "0,0")["neuron"]
    assert own["table"][0]["sigmoid"] == pytest.approx(math.exp(z), rel=1e-14)


def test_an_output_near_1_is_not_called_1() -> None:
    # 1 - sigma(40) = sigma(-40) = exp(-40) = 4.248e-18.
    text = demo_words("sigmoid", "--weights", "1", "--bias", "40", "--inputs", "0")
    assert "has z = 40 and outputs 1 - 4.25e-18, above one half" in text


def test_a_neuron_on_the_threshold_by_decimals() -> None:
    neuron = demo_json("sigmoid", "--weights", "0.1,0.2", "--bias=-0.3", "--inputs", "1,1")["neuron"]
    assert (neuron["z"], neuron["sigmoid"], neuron["step"]) == (0, 0.5, 0)
    assert demo_json("scaling", "--weights", "0.1,0.2", "--bias=-0.3", "--inputs", "1,1")["neuron"]["z"] == 0
    # z = 0.1 + 0.1 - 0.3 + 0.1 t is 0 at t = 1, and above 0 only beyond.
    table = demo_json(
        "small-change", "--weights", "0.1,0.1", "--bias=-0.3", "--inputs", "1,1", "--direction", "0.1,0,0"
    )["table"]
    assert {row["size"] for row in table if row["perceptron"]} == {2}


# small-change


def test_a_direction_that_changes_nothing_is_refused_and_one_that_keeps_z_says_so() -> None:
    refused = CliRunner().invoke(app, ["demo", "small-change", "--direction", "0,0,0"])
    assert "a number other than 0" in str(refused.exception)
    for direction, inputs in (("1,-1,0", "0.5,0.5"), ("1,0,0", "0,0.5")):
        flags = ("small-change", "--inputs", inputs, f"--direction={direction}")
        assert "do not change z" in demo_words(*flags)
        assert {row["change"] for row in demo_json(*flags)["table"]} == {0}


def test_derivatives_by_hand() -> None:
    result = demo_json("small-change", "--weights", "2,-1", "--bias=-1.3", "--inputs", "0.5,0.5")
    # z = 1 - 0.5 - 1.3 = -0.8; a = sigma(-0.8); d a / d w_j = a (1 - a) x_j; d a / d b = a (1 - a).
    a = 1 / (1 + math.exp(0.8))
    assert result["output"] == pytest.approx(a)
    assert result["derivatives"] == pytest.approx({"w1": a * (1 - a) / 2, "w2": a * (1 - a) / 2, "b": a * (1 - a)})


def test_the_error_falls_with_the_square() -> None:
    errors = {row["size"]: row["error"] for row in demo_json("small-change")["table"]}
    # Taylor: the error is |sigma''(z)| dz² / 2, with dz = 2 per unit and sigma'' = a (1 - a) (1 - 2 a).
    a = 1 / (1 + math.exp(0.8))
    second = a * (1 - a) * (1 - 2 * a)
    for size in (0.01, 0.001):
        assert errors[size] == pytest.approx(second * (2 * size) ** 2 / 2, rel=0.02)
    assert "errors 100 times smaller: the error falls with the square" in demo_words("small-change")


def test_the_perceptron_jumps_where_z_crosses_0() -> None:
    # z = -0.8 + 2 t: above 0 from t = 0.4 on.
    table = demo_json("small-change")["table"]
    assert all(row["perceptron"] == (row["size"] > 0.4) for row in table)
    assert "None of these changes affects it." in demo_words("small-change", "--bias=-90")


# scaling


@pytest.mark.parametrize("seed", range(2))
def test_perceptrons_do_not_change_with_the_factor(seed: int) -> None:
    result = demo_json("scaling", "--seed", str(seed), "--factors", "0.001,0.1,1,7,1000")
    assert {row["perceptrons_changed"] for row in result["table"]} == {0}


@pytest.mark.parametrize("seed", range(2))
def test_the_difference_falls_as_exp_of_minus_c_min_z(seed: int) -> None:
    result = demo_json("scaling", "--seed", str(seed), "--factors", "20,30,40")
    for row in result["table"]:
        assert row["exp"] == pytest.approx(math.exp(-row["c"] * result["closest_to_zero"]))
        assert row["difference"] == pytest.approx(row["exp"], rel=0.05)


def test_closest_sum_against_a_loop() -> None:
    parameters = scaling.random_parameters(np.random.default_rng(3))
    least = math.inf
    for number in range(8):
        a = [number >> 2 & 1, number >> 1 & 1, number & 1]
        for w, b in parameters:
            z = [
                sum(one * other for one, other in zip(row, a, strict=True)) + bias
                for row, bias in zip(w, b, strict=True)
            ]
            least = min(least, *map(abs, z))
            a = [int(one > 0) for one in z]
    assert scaling.closest_to_zero(parameters) == least
    assert scaling.all_sums(parameters, 1.0, STEP).shape == (8, 6)


def test_at_z_0_sigma_stays_one_half_for_every_c() -> None:
    result = demo_json("scaling", "--factors", "1,1000,10000")["neuron"]
    assert (result["z"], result["perceptron"]) == (0, 0)
    assert [row["sigmoid"] for row in result["table"]] == [0.5, 0.5, 0.5]
    assert "sigma stays 0.5 for every c" in demo_words("scaling")
    other = demo_words("scaling", "--inputs", "1,0.1")
    assert "stays" not in other.split("not 0:")[1]


# feedforward


def test_feedforward_by_hand() -> None:
    told = demo_json("feedforward")

    def sigma(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    # Hidden: 0.25 - 1.5 + 0.5 = -0.75; 0.125 + 1.125 - 1 = 0.25; -0.25 + 0.75 + 0 = 0.5.
    assert told["z"][0] == [-0.75, 0.25, 0.5]
    output = sigma(sigma(-0.75) + 2 * sigma(0.25) - 2 * sigma(0.5) + 0.25)
    assert told["components"][1][0] == pytest.approx(output, abs=1e-15)
    assert told["matrices"] == told["components"]
    assert told["largest_difference"] == 0
    assert "to the last bit" in demo_words("feedforward")


# deep


def test_the_face_against_its_definition() -> None:
    network = face()
    x = np.array([[number >> place & 1 for place in range(len(INPUTS))] for number in range(2 ** len(INPUTS))], float)
    said = network.verdicts(x)
    see = dict(zip(INPUTS, x.T, strict=True))
    left = see["left.brow"] + see["left.lashes"] + see["left.iris"] >= 2
    right = see["right.brow"] + see["right.lashes"] + see["right.iris"] >= 2
    nose, mouth, hair = see["nostrils"] == 1, see["lips"] == 1, see["strands"] == 1
    most = left.astype(int) + right + nose + mouth + hair >= 4
    assert (said["face"] == ((left & right & nose & mouth) | most)).all()


@pytest.mark.parametrize(("without", "verdict"), [("", 1), ("left", 1), ("left,right", 0), ("lips, nostrils", 0)])
def test_a_face_with_parts_missing(without: str, verdict: int) -> None:
    # Without one eye four of the five parts are there; without both, or without nose and mouth, three.
    present = inputs_without(without)
    outputs = face().verdicts(np.array([[float(present[name]) for name in INPUTS]]))
    assert outputs["face"].tolist() == [verdict]


def test_speed_of_a_layer_against_central_differences() -> None:
    digits = read_digits(Path("artifacts/data.npz"))
    network = random_network([64, 4, 3, 10], np.random.default_rng(0), "float64")
    x, y = as_inputs(digits.train_images[:20], "float64"), one_hot(digits.train_labels[:20], 10, "float64")
    norms = bias_norms(network, x, y)
    step = 1e-6
    for layer, norm in zip(network.layers, norms, strict=True):
        slopes = []
        for neuron in range(layer.outputs):
            costs = []
            for change in (step, -2 * step):
                layer.b[neuron] += change
                a = network.forward(x)
                costs.append(network.cost.evaluate(a, y, np.empty_like(a)) / len(x))
            layer.b[neuron] += step
            slopes.append((costs[0] - costs[1]) / (2 * step))
        assert np.linalg.norm(slopes) == pytest.approx(norm, rel=1e-6)


def test_the_findings_of_deep_match_its_values() -> None:
    demo = deep.run(batches=20)
    networks = demo.values["networks"]
    assert [one["hidden_layers"] for one in networks] == [1, 2, 3, 4]
    assert networks[3]["network"] == "64-30-30-30-30-10"
    ordered = all((np.diff(one["speeds"][0][:-1]) > 0).all() for one in networks[1:])
    assert any("vanishing gradient problem" in finding for finding in demo.findings) == ordered
    assert demo.values == deep.run(batches=20).values
    assert demo.values != deep.run(batches=20, seed=1).values


def test_deep_reports_its_progress() -> None:
    steps: list[float] = []
    deep.run(batches=20, hidden=3, progress=lambda what, done, total: steps.append(done / (total or 1)))
    assert steps == sorted(steps)
    assert steps[-1] == 1
