"""The demonstrations of sigmoid neurons and of depth, compared with values worked by hand and with known laws."""

import math
from pathlib import Path

import numpy as np
import pytest
from support import demo_json

from nndigits.models.layers.activations import STEP
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import random_network
from nndigits.stages.demos import deep, scaling
from nndigits.stages.demos.deep import INPUTS, face, inputs_without
from nndigits.stages.demos.learning_speed import bias_norms
from nndigits.stages.demos.shared.data import read_digits


def test_sigmoid_compared_with_step() -> None:
    curve = {row["z"]: row for row in demo_json("sigmoid")["curve"]}
    assert (curve[0]["sigmoid"], curve[0]["step"]) == (0.5, 0)
    for z in (-10, -5, -2, -1, 1, 2, 5, 10):
        assert curve[z]["sigmoid"] == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-15)
        assert curve[z]["step"] == (z > 0)
        assert curve[z]["sigmoid"] + curve[-z]["sigmoid"] == pytest.approx(1)
    assert (curve[-1000]["sigmoid"], curve[1000]["sigmoid"]) == (0, 1)


def test_the_error_falls_with_the_square() -> None:
    errors = {row["size"]: row["error"] for row in demo_json("small-change")["table"]}
    # Taylor: the error is |sigma''(z)| dz² / 2, with dz = 2 per unit and sigma'' = a (1 - a) (1 - 2 a).
    a = 1 / (1 + math.exp(0.8))
    second = a * (1 - a) * (1 - 2 * a)
    for size in (0.01, 0.001):
        assert errors[size] == pytest.approx(second * (2 * size) ** 2 / 2, rel=0.02)


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
    steps: list[float] = []
    demo = deep.run(batches=20, progress=lambda what, done, total: steps.append(done / (total or 1)))
    assert steps == sorted(steps)
    assert steps[-1] == 1
    networks = demo.values["networks"]
    assert [one["hidden_layers"] for one in networks] == [1, 2, 3, 4]
    assert networks[3]["network"] == "64-30-30-30-30-10"
    ordered = all((np.diff(one["speeds"][0][:-1]) > 0).all() for one in networks[1:])
    assert any("vanishing gradient problem" in finding for finding in demo.findings) == ordered
    assert demo.values == deep.run(batches=20).values
    assert demo.values != deep.run(batches=20, seed=1).values
