"""The maths of the live figures against Python's: perceptrons, circuits, sigmoids, descent, mini-batches and bits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import page_scripts
import pytest

from nndigits.models.chapter import circuit as circuits
from nndigits.models.chapter.nand_compiler import direct_circuit, simplified
from nndigits.models.chapter.neurons import all_inputs, perceptron, weighted_sums
from nndigits.models.chapter.target_encodings import BINARY, bit_layer
from nndigits.models.chapter.test_functions import TEST_FUNCTIONS, descend
from nndigits.models.layers.activations import PRECISE_SIGMOID, SIGMOID, STEP
from nndigits.models.network.gradients import flat_gradient, squared_lengths
from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos import scaling
from nndigits.stages.demos.bit_check import HIGH, LOW, smallest_margins
from nndigits.stages.demos.gradient_descent import _outcome
from nndigits.stages.demos.shared.square import edge

pytestmark = pytest.mark.skipif(
    page_scripts.node() is None, reason="the page's modules are run by Node, which is not here"
)

CLOSE = 1e-12
VERDICTS = {
    "has run away": "diverged",
    "bounces between two places for ever": "bounces",
    "is higher than it started": "higher",
    "jumps up and down, and does not come to rest": "jumps",
    "is still on its way": "moving",
    "is nearly at rest, but not in the lowest place": "stuck",
    "is nearly at rest in the lowest place": "lowest",
}


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(24)


def in_page(module: str, names: str, answer: str, jobs: Any) -> Any:
    """Return what an expression with names of a module answers to each job ``one``."""
    script = f"""
const {{ {names} }} = await import(PAGES + "/{module}");
const {{ readFileSync }} = await import("node:fs");
console.log(JSON.stringify(JSON.parse(readFileSync(0)).map((one) => ({answer}))));
"""
    return page_scripts.run_node(script, jobs)


def test_perceptrons_are_equal_and_exact(rng: np.random.Generator) -> None:
    # Numbers with few decimals: sums are often exactly 0, where a rounding error would change the output.
    jobs = []
    for _ in range(600):
        n = int(rng.integers(1, 6))
        places = int(rng.integers(0, 4))
        numbers = np.round(rng.integers(-30, 31, 2 * n) / 10.0**places, places).tolist()
        b = float(np.round(rng.choice([-np.dot(numbers[:n], numbers[n:]), rng.normal()]), 8))
        jobs.append([numbers[:n], numbers[n:], b])
    jobs += [[[1e21], [1.0], -1e21], [[5e-324], [1.0], 0.0], [[0.1, 0.2], [1.0, 1.0], -0.3], [[1e-7], [3.0], -3e-7]]
    found = in_page(
        "figures/weighted_sum.js", "perceptron, weightedSum", "[perceptron(...one), weightedSum(...one)]", jobs
    )
    expected = [[float(perceptron([x], w, b)[0]), float(weighted_sums([x], w, b)[0])] for x, w, b in jobs]
    assert found == expected
    assert sum(z == 0 for _, z in expected) > 50


def test_the_separating_line_is_where_the_figure_of_python_has_it(rng: np.random.Generator) -> None:
    jobs = [[rng.normal(0, 3, 2).tolist(), float(rng.normal(0, 3))] for _ in range(300)]
    answer = "[sideAbove(...one), lineEnds(...one)]"
    for (w, b), (side, line) in zip(
        jobs, in_page("figures/weighted_sum.js", "sideAbove, lineEnds", answer, jobs), strict=True
    ):
        np.testing.assert_allclose(np.reshape(side, (-1, 2)), edge(np.array(w), b, corners=True), atol=CLOSE)
        np.testing.assert_allclose(np.reshape(line, (-1, 2)), edge(np.array(w), b, corners=False), atol=CLOSE)


def as_circuit(one: Any) -> circuits.Circuit:
    neurons = tuple(
        circuits.Neuron(tuple(neuron["sources"]), tuple(map(float, neuron["weights"])), float(neuron["bias"]))
        for neuron in one["neurons"]
    )
    return circuits.Circuit(one["inputs"], neurons, tuple(one["outputs"]))


def test_every_gate_and_adder_is_the_same_circuit() -> None:
    (found,) = in_page("figures/circuits.js", "GATES", "GATES", [0])
    assert {name: (tuple(gate["weights"]), gate["bias"]) for name, gate in found.items()} == circuits.GATES
    adders = in_page("figures/circuits.js", "halfAdder, rippleCarryAdder", "rippleCarryAdder(one)", list(range(1, 9)))
    assert [*map(as_circuit, adders)] == [circuits.ripple_carry_adder(bits) for bits in range(1, 9)]
    halves = in_page("figures/circuits.js", "halfAdder", "halfAdder(one)", [False, True])
    assert [*map(as_circuit, halves)] == [circuits.half_adder(), circuits.half_adder(merged=True)]
    (full,) = in_page("figures/circuits.js", "fullAdder", "fullAdder()", [0])
    sums = circuits.outputs(as_circuit(full), all_inputs(3)) @ [1, 2]
    np.testing.assert_array_equal(sums, all_inputs(3).sum(axis=1))


def test_signals_are_equal_in_all_three_ways(rng: np.random.Generator) -> None:
    jobs = []
    for _ in range(120):
        bits = int(rng.integers(1, 9))
        jobs.append({"bits": bits, "x": rng.integers(0, 2, 2 * bits).tolist()})
    ways_of_page = "signals, gateSignals, fixedPointSignals"
    answer = f"[{ways_of_page}].map((way) => way(rippleCarryAdder(one.bits), one.x))"
    answers = in_page("figures/circuits.js", f"{ways_of_page}, rippleCarryAdder", answer, jobs)
    for job, found in zip(jobs, answers, strict=True):
        circuit, x = circuits.ripple_carry_adder(job["bits"]), np.array([job["x"]], float)
        ways = (circuits.signals, circuits.gate_signals, circuits.fixed_point_signals)
        np.testing.assert_array_equal(found, [way(circuit, x)[0] for way in ways])


def truth_tables(rng: np.random.Generator) -> list[list[int]]:
    """Return all tables of two and three inputs, and some of four."""
    small = [[index >> row & 1 for row in range(rows)] for rows in (4, 8) for index in range(2**rows)]
    return small + rng.integers(0, 2, (200, 16)).tolist()


def test_truth_tables_compile_to_the_same_networks(rng: np.random.Generator) -> None:
    tables = truth_tables(rng)
    answer = "[directCircuit(one), simplified(one)]"
    found = in_page("figures/nand_compiler.js", "directCircuit, simplified", answer, tables)
    assert len(tables) == 472
    for table, (direct, simple) in zip(tables, found, strict=True):
        assert as_circuit(direct) == direct_circuit(table)
        assert as_circuit(simple) == simplified(table)


def test_sigmoids_agree_over_the_whole_range(rng: np.random.Generator) -> None:
    z = np.concatenate([rng.normal(0, 5, 400), rng.normal(0, 300, 100), [0.0, -0.0, 700.0, -745.0]])
    found = in_page("figures/small_network.js", "sigmoid, step", "[sigmoid(one), step(one)]", z.tolist())
    expected = PRECISE_SIGMOID.value(z, np.empty_like(z))
    np.testing.assert_allclose([a for a, _ in found], expected, rtol=1e-14)
    np.testing.assert_array_equal([b for _, b in found], z > 0)


def small_network(rng: np.random.Generator) -> tuple[Network, list[dict[str, Any]]]:
    """Return a network 2-3-1 with weights of one decimal, and the same for the page."""
    network = random_network([2, 3, 1], rng, "float64")
    layers = []
    for layer in network.dense:
        layer.w[:] = np.round(rng.uniform(-3, 3, layer.w.shape), 1)
        layer.b[:] = np.round(rng.uniform(-3, 3, layer.b.shape), 1)
        layers.append({"w": layer.w.tolist(), "b": layer.b.tolist()})
    return network, layers


def test_the_gradient_of_the_output_is_that_of_backpropagation(rng: np.random.Generator) -> None:
    networks = [small_network(rng) for _ in range(300)]
    inputs = np.round(rng.uniform(0, 1, (300, 2)), 1)
    jobs = [[layers, x] for (_, layers), x in zip(networks, inputs.tolist(), strict=True)]
    answer = "[sigmoidActivations(...one), outputGradient(...one), perceptronActivations(...one)]"
    names = "sigmoidActivations, outputGradient, perceptronActivations"
    found = in_page("figures/small_network.js", names, answer, jobs)
    for (network, layers), x, (activations, gradient, hard) in zip(networks, inputs, found, strict=True):
        padded = np.array([[*x, 1.0]])
        a = np.array(network.forward(padded))
        np.testing.assert_allclose(activations[-1], a[0], rtol=CLOSE)
        # The quadratic cost with y = a - 1 has the gradient of a itself.
        flat = flat_gradient(network, padded, a - 1)
        own = [np.column_stack([layer["w"], layer["b"]]).ravel() for layer in gradient]
        np.testing.assert_allclose(np.concatenate(own), flat, rtol=1e-9, atol=1e-15)
        signals: Sequence[float] = x.tolist()
        for layer, outputs in zip(layers, hard[1:], strict=True):
            signals = [float(perceptron([signals], w, b)[0]) for w, b in zip(layer["w"], layer["b"], strict=True)]
            assert outputs == signals


def test_a_scaled_network_differs_from_perceptrons_as_in_the_demonstration(rng: np.random.Generator) -> None:
    jobs, networks = [], []
    for _ in range(200):
        parameters = scaling.random_parameters(rng)
        networks.append(parameters)
        layers = [{"w": w.tolist(), "b": b.tolist()} for w, b in parameters]
        jobs.append([layers, float(10 ** rng.uniform(-1, 2))])
    answer = "[largestDifference(...one), closestToZero(one[0])]"
    found = in_page("figures/small_network.js", "largestDifference, closestToZero", answer, jobs)
    for parameters, (_, c), (difference, closest) in zip(networks, jobs, found, strict=True):
        hard = scaling.all_sums(parameters, 1.0, STEP) > 0
        expected = scaling._largest_difference(scaling.all_sums(parameters, c, PRECISE_SIGMOID), hard)
        np.testing.assert_allclose(difference, expected, rtol=1e-9)
        assert closest == scaling.closest_to_zero(parameters)


def test_the_ball_takes_the_same_path_and_gets_the_same_verdict(rng: np.random.Generator) -> None:
    jobs = []
    for name, valley in TEST_FUNCTIONS.items():
        for place in range(80):
            eta, start = float(10 ** rng.uniform(-3, 0.3)), rng.uniform(-1, 1, len(valley.start)) * valley.reach
            if place < 3:
                eta, start = valley.etas[place], np.array(valley.start)
            jobs.append({"name": name, "start": start.tolist(), "eta": eta, "steps": int(rng.integers(1, 120))})
    jobs.append({"name": "bowl", "start": [1.0, 0.5], "eta": 1.0, "steps": 9})
    answer = """((valley, path = descend(valley, one.start, one.eta, one.steps)) =>
      ({ path, cost: path.map(valley.value), verdict: outcome(valley, path) }))(TEST_FUNCTIONS[one.name])"""
    answers = in_page("figures/test_functions.js", "TEST_FUNCTIONS, descend, outcome", answer, jobs)
    verdicts = set()
    for job, found in zip(jobs, answers, strict=True):
        valley = TEST_FUNCTIONS[job["name"]]
        path = descend(valley, np.array(job["start"]), job["eta"], job["steps"])
        np.testing.assert_array_equal(
            np.array(found["path"], float), path
        )  # the same arithmetic in the same order: no difference
        np.testing.assert_array_equal(np.array(found["cost"], float), valley.value(path))
        assert found["verdict"] == VERDICTS[_outcome(valley, path)["verdict"]]
        verdicts.add(found["verdict"])
    assert verdicts == set(VERDICTS.values())


def test_the_test_functions_are_described_alike() -> None:
    (found,) = in_page("figures/test_functions.js", "TEST_FUNCTIONS", "TEST_FUNCTIONS", [0])
    for name, valley in TEST_FUNCTIONS.items():
        page = found[name]
        assert (tuple(page["start"]), tuple(page["etas"])) == (valley.start, valley.etas)
        assert (page["lowest"], page["reach"]) == (valley.lowest, valley.reach)


def test_mini_batches_have_the_gradient_of_the_network(rng: np.random.Generator) -> None:
    jobs = []
    for _ in range(30):
        w, b = rng.normal(0, 2, 2).tolist()
        x, y = rng.normal(0, 1, 40).tolist(), rng.integers(0, 2, 40).tolist()
        batches = rng.integers(0, 40, (15, 8)).tolist()
        jobs.append({"w": w, "b": b, "x": x, "y": y, "batches": batches})
    script = """
const { meanGradient, spreadOfOne, errorOf, angleOf } = await import(PAGES + "/figures/batch_gradient.js");
const { readFileSync } = await import("node:fs");
function run({ w, b, x, y, batches }) {
  const examples = x.map((value, place) => ({ x: value, y: y[place] }));
  const full = meanGradient(w, b, examples);
  const estimates = batches.map((batch) => meanGradient(w, b, batch.map((place) => examples[place])));
  const [error, angle] = [errorOf(estimates, full), angleOf(estimates, full)];
  return { full, estimates, spread: spreadOfOne(w, b, examples), error, angle };
}
console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(run)));
"""
    network = random_network([1, 1], rng, "float64")
    (layer,) = network.dense
    for job, found in zip(jobs, page_scripts.run_node(script, jobs), strict=True):
        layer.w[:], layer.b[:] = job["w"], job["b"]
        x, y = np.column_stack([job["x"], np.ones(40)]), np.array(job["y"], float)[:, None]
        full = flat_gradient(network, x, y) / len(x)
        length = np.linalg.norm(full)
        spread = np.sqrt(squared_lengths(network).mean() - full @ full) / length
        estimates = [flat_gradient(network, x[batch], y[batch]) / len(batch) for batch in job["batches"]]
        error = np.sqrt(np.mean([np.sum((one - full) ** 2) for one in estimates])) / length
        cosines = [one @ full / (length * np.linalg.norm(one)) for one in estimates]
        np.testing.assert_allclose(found["full"], full, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found["estimates"], estimates, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found["spread"], spread, rtol=1e-9)
        np.testing.assert_allclose(found["error"], error, rtol=1e-9)
        np.testing.assert_allclose(found["angle"], np.degrees(np.arccos(np.clip(cosines, -1, 1))).mean(), rtol=1e-6)


def test_the_four_bits_have_the_margins_of_the_exercise(rng: np.random.Generator) -> None:
    jobs = [[rng.normal(0, 3, (4, 10)).tolist(), rng.normal(0, 3, 4).tolist()] for _ in range(300)]
    layer = bit_layer()
    jobs.append([layer.w.tolist(), layer.b.tolist()])
    found = in_page(
        "figures/bit_layer.js", "bitOutputs, smallestMargins", "[bitOutputs(...one), smallestMargins(...one)]", jobs
    )
    for (w, b), (outputs, margins) in zip(jobs, found, strict=True):
        z = np.array(w) @ np.where(np.eye(10) == 1, HIGH, LOW) + np.array(b)[:, None]
        np.testing.assert_allclose(outputs, SIGMOID.value(z, np.empty_like(z)), rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(margins, smallest_margins(np.array(w), np.array(b)), atol=CLOSE)
    assert np.min(found[-1][1]) == pytest.approx(0.45)
    (bits,) = in_page("figures/bit_layer.js", "BITS", "BITS", [0])
    np.testing.assert_array_equal(bits, BINARY.T)
