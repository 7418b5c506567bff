"""Results of the demonstrations that were worked by hand, as their JSON and their text have them."""

import math
from typing import Any

import numpy as np
import pytest
from support import demo_exit_code, demo_json, demo_words


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


FIRST = (sigma(1) - 1) * sigma(1) * (1 - sigma(1))
"""delta of the first sample of `update`: w = (2, -1), b = -1 and x = (1, 0), so z = 1, and y = 1."""

VALUES: dict[str, dict[str, Any]] = {
    # 6 x1 + 2 x2 + 2 x3 in counting order, and minus 5.
    "perceptron --weights 6,2,2 --threshold 5": {
        "table.*.sum": [0, 2, 2, 4, 6, 8, 8, 10],
        "table.*.z": [-5, -3, -3, -1, 1, 3, 3, 5],
        "table.*.output": [0, 0, 0, 0, 1, 1, 1, 1],
        "bias": -5,
    },
    # By hand 0.1 + 0.2 = 0.3, so no sum is above 0.3. In floating-point arithmetic 0.1 + 0.2 is 0.30000000000000004.
    "perceptron --weights 0.1,0.2 --threshold 0.3": {
        "table.*.sum": [0, 0.2, 0.1, 0.3],
        "table.*.z": [-0.3, -0.1, -0.2, 0],
        "table.*.output": [0, 0, 0, 0],
    },
    "gates --weights=0.1,0.2 --bias=-0.3": {"own.outputs": [0, 0, 0, 0]},
    "decision --weights 0.1,0.2,0.4 --thresholds 0.3": {"table.*.go": [[0], [1]] * 4},
    "decision": {"table.*.sum": [0, 2, 2, 4, 6, 8, 8, 10], "table.*.go": [[0, 0]] * 3 + [[0, 1]] + [[1, 1]] * 4},
    "gates": {"gates.NAND.weights": [-2, -2], "gates.NAND.bias": 3},
    # At 1, 1: a = NAND(1, 1) = 0; b = NAND(1, 0) = 1; c = 1; s = NAND(1, 1) = 0; k = NAND(0, 0) = 1.
    "nand-adder": {
        "table.*.sum": [0, 1, 1, 0],
        "table.*.carry": [0, 0, 0, 1],
        "neurons.3": {"x1": 1, "x2": 1, "a": 0, "b": 1, "c": 1, "s": 0, "k": 1},
        "forms": ["gates", "perceptrons", "merged", "input layer"],
        "forms_agree": True,
    },
    "nand-adder --bits 8 100 55": {"adder.result": 155},
    "nand-adder 255 255 --bits 8": {"adder.result": 510},
    "nand-adder 4294967295 1": {"adder.result": 2**32},
    "nand-adder 0 0": {
        "adder": {"bits": 1, "neurons": 5, "numbers": [0, 0], "result": 0, "pairs": 4, "pairs_right": 4}
    },
    # Four NANDs are the well-known least for XOR.
    **{
        f"universal --table {table}": {"neurons_after": count}
        for table, count in {
            "0110": 4,
            "0001": 2,
            "0111": 3,
            "1110": 1,
            "0011": 0,
            "1100": 1,
            "1001": 5,
            "1000": 4,
        }.items()
    },
    # 6 x 0.5 + 2 x 1 + 2 x 0.2 - 5 = 0.4.
    "sigmoid": {"neuron.z": 0.4, "neuron.sigmoid": sigma(0.4), "neuron.step": 1},
    "sigmoid --weights 0.1,0.2 --bias=-0.3 --inputs 1,1": {"neuron.z": 0, "neuron.sigmoid": 0.5, "neuron.step": 0},
    "scaling --weights 0.1,0.2 --bias=-0.3 --inputs 1,1": {"neuron.z": 0},
    "scaling --factors 1,1000,10000": {"neuron.perceptron": 0, "neuron.table.*.sigmoid": [0.5, 0.5, 0.5]},
    "scaling --seed 1 --factors 0.001,0.1,1,7,1000": {"table.*.perceptrons_changed": [0] * 5},
    # z = 0.1 + 0.1 - 0.3 + 0.1 t is 0 at t = 1, and above 0 only beyond.
    "small-change --weights 0.1,0.1 --bias=-0.3 --inputs 1,1 --direction 0.1,0,0": {
        "table.*.perceptron": [1] + [0] * 9
    },
    "small-change --inputs 0.5,0.5 --direction=1,-1,0": {"table.*.change": [0] * 10},
    # z = 1 - 0.5 - 1.3 = -0.8; d a / d w_j = a (1 - a) x_j; d a / d b = a (1 - a).
    # z = -0.8 + 2 t is above 0 for t > 0.4.
    "small-change": {
        "output": sigma(-0.8),
        "derivatives.w1": sigma(-0.8) * sigma(0.8) / 2,
        "derivatives.w2": sigma(-0.8) * sigma(0.8) / 2,
        "derivatives.b": sigma(-0.8) * sigma(0.8),
        "table.*.perceptron": [1, 1, 1] + [0] * 7,
    },
    # Hidden: 0.25 - 1.5 + 0.5 = -0.75; 0.125 + 1.125 - 1 = 0.25; -0.25 + 0.75 + 0 = 0.5.
    "feedforward": {
        "z.0": [-0.75, 0.25, 0.5],
        "components.1.0": sigma(sigma(-0.75) + 2 * sigma(0.25) - 2 * sigma(0.5) + 0.25),
        "largest_difference": 0,
    },
    "feedforward --answer 0.32,0.56,0.62,0.61": {"solved": True},
    # 30 x 784 + 30 = 23,550 and 10 x 30 + 10 = 310.
    "architecture": {
        "parameters": 23_860,
        "layers.*.name": ["input", "hidden", "output"],
        "layers.*.weights": [0, 23_520, 300],
        "layers.*.biases": [0, 30, 10],
    },
    "calculus": {"equations": 23_860, "second_derivatives": 23_860**2},
    # sigma(2 w) = 0.3 at w = ln(0.3 / 0.7) / 2.
    "calculus --inputs 2 --targets 0.3": {
        "solutions.*.w": [math.log(0.3 / 0.7) / 2],
        "solutions.*.kind": ["minimum"],
        "solutions.*.cost": [0],
    },
    # For x = (1, 1): z = 0, a = 1/2, y = 0, delta = 1/2 x 1/4 = 1/8. With eta/m = 3/2: w1 and b move by
    # -3/2 (delta + 1/8), w2 by -3/2 x 1/8 = -3/16, to -19/16.
    "update": {
        "samples.*.delta": [FIRST, 0.125],
        "samples.1.gradient": [0.125, 0.125, 0.125],
        "after": [2 - 1.5 * (FIRST + 0.125), -1.1875, -1 - 1.5 * (FIRST + 0.125)],
    },
    # C = v², so v -> v - 0.25 (2 v) = v / 2: 2, 1, 1/2, 1/4, and C is 4, 1, 1/4, 1/16.
    "gradient-descent --function parabola --rates 0.25 --start 2 --steps 3": {
        "runs.0.path": [[2.0], [1.0], [0.5], [0.25]],
        "runs.0.cost": [4.0, 1.0, 0.25, 0.0625],
    },
    # In the bowl v -> (1 - 2 eta) v. eta = 0.9: factor -0.8; 1: factor -1, C stays; 1.1: factor -1.2, C times 1.44.
    "gradient-descent --rates 0.9,1.0,1.1 --start 1,0 --steps 10": {
        "runs.*.uphill": [0, 0, 10],
        "runs.*.last_cost": [0.64**10, 1, 1.44**10],
        "runs.2.verdict": "is higher than it started",
    },
    # v -> (1 - 2) v = -v in the direction of the largest curvature, which the next step takes back.
    **{
        f"gradient-descent {flags}": {"runs.0.verdict": "bounces between two places for ever"}
        for flags in ("--rates 1", "--function parabola --rates 1 --start 0.1", "--function narrow --rates 0.1")
    },
    # v -> -0.998 v: after 40 steps 0.998^40 = 92 % of the start, and nearer with each step.
    "gradient-descent --rates 0.999": {"runs.0.verdict": "is still on its way"},
    "gradient-descent --rates 1.0 --steps 1": {"runs.0.verdict": "is still on its way"},
    "gradient-descent --function banana --rates 1000": {"runs.0.verdict": "has run away"},
    # dC/dv = 4 v (v² - 1) + 0.3 = 0 at about 0.96015 and -1.03558; only the second is the lowest place.
    "gradient-descent --function two-valleys": {
        "runs.*.verdict": [
            "is still on its way",
            "is nearly at rest, but not in the lowest place",
            "is nearly at rest in the lowest place",
        ]
    },
    # In two valleys the ball alternates between two places at eta = 0.3, and is chaotic at 0.4.
    "gradient-descent --function two-valleys --rates 0.3,0.4 --start 0.5 --steps 200": {
        "runs.*.verdict": ["bounces between two places for ever", "jumps up and down, and does not come to rest"]
    },
    # C = (v1² + 20 v2²) / 2 at (-2, 0.5): nabla C = (-2, 10), of length sqrt(104). For a step of 0.01 against it C
    # bends by 0.01² / 2 x (2² + 20 x 10²) / 104 = 0.0009635 above the bound.
    "steepest": {
        "gradient": [-2, 10],
        "bound": -0.01 * math.sqrt(104),
        "against_gradient_real": -0.01 * math.sqrt(104) + 0.01**2 / 2 * 2004 / 104,
        "below_bound": 0,
    },
}

WORDS: dict[str, str] = {
    "perceptron --weights 0.1,0.2 --threshold 0.3": "For 11, w.x equals the threshold",
    "decision": "At threshold 5 you go in 4 of 8 cases: whenever there is good weather.",
    "decision --thresholds 5,3": "differ in 1 case: a partner who comes and public transport, and nothing else.",
    # -3, 2, 2 at threshold 1: in bad weather a partner or transport is enough; in good weather even both are not.
    "decision --weights=-3,2,2 --thresholds 1": (
        "in 3 of 8 cases: whenever there is bad weather and a partner who comes; or bad weather and public"
    ),
    "nand-adder --bits 8 100 55": "The perceptrons compute 100 + 55 = 155, which is correct.",
    "universal --table 1111": "The output is always 1: it depends on no input.",
    "universal --table 00": "NAND(x1, NOT x1) is always 1, and its NOT is always 0.",
    "universal --table 1110": "One neuron is the fewest possible",
    "perceptron-learning --table 0110": "so everything repeats and learning never ends",
    "sigmoid --weights 1 --bias 0 --inputs 0": "outputs 0.5, exactly one half. A perceptron",
    # 1 - sigma(40) = sigma(-40) = exp(-40) = 4.248e-18.
    "sigmoid --weights 1 --bias 40 --inputs 0": "has z = 40 and outputs 1 - 4.25e-18, above one half",
    "small-change --inputs 0,0.5 --direction=1,0,0": "do not change z",
    "small-change": "errors 100 times smaller: the error falls with the square",
    "small-change --bias=-90": "None of these changes affects it.",
    "scaling": "sigma stays 0.5 for every c",
    "feedforward": "to the last bit",
    # 23,860² second derivatives of 8 bytes are 4.55 GB.
    "calculus": "take 4.55 GB",
    "calculus --sizes 784,30,10": "less than solving once",
    "calculus --sizes 2,1": "size is no obstacle",
    "gradient-descent --rates 0.9,1.0,1.1": "If eta is above 2 / 2 = 1",
    "gradient-descent --rates 1.0,1.1": "Here this holds for 1.1",
    "gradient-descent --rates 1.0": "At exactly 1 it ends equally high there, and the ball bounces for ever.",
    "update --eta 0.01": "falls",
    "update --eta 100": "eta is too large",
}


def at(value: Any, path: str) -> Any:
    """The part of a document at a path such as ``table.*.sum``, the sums of all rows."""
    first, _, rest = path.partition(".")
    if first == "*":
        return [at(one, rest) for one in value]
    found = value[int(first)] if isinstance(value, list) else value[first]
    return at(found, rest) if rest else found


@pytest.mark.parametrize("command", VALUES)
def test_values(command: str) -> None:
    found = demo_json(*command.split())
    for path, expected in VALUES[command].items():
        if isinstance(expected, (bool, str, dict)) or (isinstance(expected, list) and isinstance(expected[0], str)):
            assert at(found, path) == expected
        else:
            np.testing.assert_allclose(at(found, path), expected, rtol=1e-9, atol=1e-15, err_msg=path)


@pytest.mark.parametrize("command", WORDS)
def test_words(command: str) -> None:
    assert WORDS[command] in demo_words(*command.split())


@pytest.mark.parametrize("z", [-37, -700])
def test_the_tail_of_the_sigmoid_is_that_of_exp(z: int) -> None:
    # 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z)), and exp(z) is below 1e-16 here.
    neuron = demo_json("sigmoid", "--weights", "1", "--inputs", "1", f"--bias={z - 1}")["neuron"]
    assert neuron["sigmoid"] == pytest.approx(math.exp(z), rel=1e-15)
    output = demo_json("feedforward", "--output-weights", "0,0,0", f"--output-bias={z}")
    assert output["matrices"][1][0] == output["components"][1][0] == pytest.approx(math.exp(z), rel=1e-15)
    own = demo_json("scaling", "--factors", "10", f"--bias={z / 10}", "--inputs", "0,0")["neuron"]
    assert own["table"][0]["sigmoid"] == pytest.approx(math.exp(z), rel=1e-14)


@pytest.mark.parametrize(("inputs", "target"), [((1.0, 0.5), 1.0), ((-2.0, 0.25), 0.0)])
def test_backpropagation(inputs: tuple[float, float], target: float) -> None:
    x1, x2 = inputs
    # Forward. Hidden 1: 0.5 x1 - 1 x2 + 0.5; hidden 2: 1 x1 + 2 x2 - 1; output: 2 a1 - 1 a2 + 0.
    a1, a2 = sigma(0.5 * x1 - x2 + 0.5), sigma(x1 + 2 * x2 - 1)
    a = sigma(2 * a1 - a2)
    # BP1: (a - y) sigma'(z). BP2: weight to the output x delta of the output x sigma'(z).
    delta = (a - target) * a * (1 - a)
    delta1, delta2 = 2 * delta * a1 * (1 - a1), -1 * delta * a2 * (1 - a2)
    values = demo_json("backprop", f"--inputs={x1},{x2}", "--target", str(target))
    assert values["cost"] == pytest.approx((a - target) ** 2 / 2)
    # BP4: dC/dw = a_in delta. BP3: dC/db = delta.
    hidden, output = values["gradient"]
    np.testing.assert_allclose(hidden, [[x1 * delta1, x2 * delta1, delta1], [x1 * delta2, x2 * delta2, delta2]])
    np.testing.assert_allclose(output, [[a1 * delta, a2 * delta, delta]])
    assert values["largest_difference"] < 1e-9
    by_step = {round(math.log10(row["step"])): row["difference"] for row in values["difference_by_step"]}
    assert by_step[-1] / by_step[-2] == pytest.approx(100, rel=0.02), "the error falls with the square of the step"
    assert by_step[-12] > by_step[-5]


def test_answers_are_checked_and_explained_where_they_are_wrong() -> None:
    # sigma(0.25 - 1.5 + 0.5) = 0.3208, sigma(0.125 + 1.125 - 1) = 0.5622, sigma(-0.25 + 0.75) = 0.6225;
    # sigma(0.3208 + 1.1244 - 1.2449 + 0.25) = 0.6107.
    assert demo_exit_code("feedforward", "--answer", "0.32,0.6,0.5,0.61") == 4
