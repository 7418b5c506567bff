"""The demonstrations of perceptrons and logic, compared with values worked by hand; their proofs are checked."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from support import demo_json

from nndigits.models.chapter.circuit import (
    fixed_point_signals,
    gate_signals,
    half_adder,
    merge_wires,
    outputs,
    ripple_carry_adder,
    signals,
)
from nndigits.models.chapter.nand_compiler import direct_circuit, simplified
from nndigits.models.chapter.neurons import all_inputs, perceptron, weighted_sums
from nndigits.models.chapter.separability import contradiction, first_return, mistakes_by_epoch, smallest_weights, train


def test_sums_are_exact_for_decimals_of_any_size() -> None:
    rng = np.random.default_rng(0)
    x = all_inputs(4)
    for places in (0, 1, 5, 12):
        whole, bias = rng.integers(-9, 10, 4), int(rng.integers(-9, 10))
        decimals = [float(f"{number}e-{places}") for number in (*whole, bias)]
        assert (perceptron(x, decimals[:4], decimals[4]) == (x @ whole + bias > 0)).all()
        assert weighted_sums(x, decimals[:4], decimals[4]).tolist() == [
            float(f"{int(number)}e-{places}") for number in x @ whole + bias
        ]
    assert perceptron([[1.0, 1.0]], [1e300, 1e-300], -1e300).tolist() == [1]
    with pytest.raises(ValueError, match="nan"):
        perceptron([[1.0]], [float("nan")], 0.0)


def test_layers_over_all_inputs_against_a_logical_formula() -> None:
    goes = 0
    for sun, partner, bus, car, tired in product((0, 1), repeat=5):
        goes += (sun or partner) and (bus or car) and (partner or not tired)
    assert demo_json("layers")["yes_over_all_inputs"]["go"] == goes == 15


def test_14_of_16_functions_are_separable_and_each_result_has_a_proof() -> None:
    result = demo_json("gates")["functions"]
    assert len(result) == 16
    assert [one["function"] for one in result if not one["separable"]] == ["XOR", "XNOR"]
    x = all_inputs(2)
    for one in result:
        if one["separable"]:
            assert perceptron(x, np.array(one["weights"]), one["bias"]).tolist() == one["outputs"]
        else:
            ones, zeros = one["proof"]["ones"], one["proof"]["zeros"]
            assert [one["outputs"][row] for row in (*ones, *zeros)] == [1, 1, 0, 0]
            assert (x[ones].sum(axis=0) == x[zeros].sum(axis=0)).all()


def test_104_tables_of_three_inputs_are_separable_and_the_others_have_a_contradiction() -> None:
    # 104 threshold functions of three variables: a known count (OEIS A000609: 2, 4, 14, 104, 1882).
    found = 0
    for table in product((0, 1), repeat=8):
        weights = smallest_weights(table)
        assert (weights is None) == (contradiction(table) is not None)
        if weights is not None:
            assert perceptron(all_inputs(3), weights.w, weights.b).tolist() == list(table)
            found += 1
    assert found == 104


def test_the_four_forms_are_different_computations_with_the_same_signals() -> None:
    x, plain, merged = all_inputs(2), half_adder(), half_adder(merged=True)
    assert plain.neurons[-1].weights == (-2, -2)
    assert merged.neurons[-1].weights == (-4,)
    expected = signals(plain, x)
    for form in (
        gate_signals(plain, x),
        signals(merged, x),
        fixed_point_signals(merged, x),
        fixed_point_signals(plain, x),
    ):
        assert (form == expected).all()


@pytest.mark.parametrize("bits", range(1, 7))
def test_ripple_carry_adder_adds_every_pair(bits: int) -> None:
    circuit = ripple_carry_adder(bits)
    assert len(circuit.neurons) == 9 * bits - 4
    x, counts = all_inputs(2 * bits), 2 ** np.arange(bits + 1)
    sums = outputs(circuit, x) @ counts
    assert (sums == x[:, :bits] @ counts[:-1] + x[:, bits:] @ counts[:-1]).all()
    assert (outputs(merge_wires(circuit), x) @ counts == sums).all()
    result = demo_json("nand-adder", "--bits", str(bits))["adder"]
    assert result["pairs"] == result["pairs_right"] == 4**bits


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_table_of_one_to_three_inputs_is_computed(n: int) -> None:
    x = all_inputs(n)
    for table in product((0, 1), repeat=2**n):
        before, after = direct_circuit(table), simplified(table)
        for circuit in (before, after):
            assert outputs(circuit, x)[:, 0].tolist() == list(table)
            assert {(neuron.weights, neuron.bias) for neuron in circuit.neurons} <= {((-2, -2), 3)}
        assert len(after.neurons) <= len(before.neurons)


def test_universal_json_names_the_network() -> None:
    result = demo_json("universal", "--table", "0110")
    assert result["right_before"] == result["right_after"] == result["of"] == 4
    values = {"x1": 1, "x2": 0}
    for neuron in result["network"]:  # computed from the network in the JSON
        values[neuron["neuron"]] = 1 - min(values[name] for name in neuron["nand_of"])
    assert values[result["output"]] == 1


@pytest.mark.parametrize("table", ["".join(bits) for bits in product("01", repeat=4)])
def test_the_rule_learns_exactly_the_separable_tables(table: str) -> None:
    result = demo_json("perceptron-learning", "--table", table)["runs"][0]
    assert result["learned"] == (table not in ("0110", "1001"))
    if result["learned"]:
        wanted = [int(sign) for sign in table]
        assert perceptron(all_inputs(2), np.array(result["weights"]), result["bias"]).tolist() == wanted
        assert result["mistakes_by_epoch"][-1] == 0


@pytest.mark.parametrize(("table", "eta"), [("1110", "0.1"), ("11111110", "1e-9"), ("00010111", "333.3")])
def test_learning_with_any_eta_makes_the_same_mistakes_as_with_1(table: str, eta: str) -> None:
    # From weights of 0, eta multiplies every weight: no sign of a sum depends on it. By hand, with whole numbers:
    n = len(table).bit_length() - 1
    inputs, w, b, mistakes = list(product((0, 1), repeat=n)), [0] * n, 0, []
    while not mistakes or mistakes[-1]:
        mistakes.append(0)
        for x, target in zip(inputs, map(int, table), strict=True):
            error = target - (sum(one * other for one, other in zip(w, x, strict=True)) + b > 0)
            w, b = [weight + error * one for weight, one in zip(w, x, strict=True)], b + error
            mistakes[-1] += abs(error)
    result = demo_json("perceptron-learning", "--table", table, "--eta", eta)["runs"][0]
    assert result["mistakes_by_epoch"] == mistakes
    assert result["learned"] is True
    assert result["weights"] == [float(Fraction(eta) * weight) for weight in w]
    assert result["bias"] == float(Fraction(eta) * b)


def test_xor_returns_to_the_same_weights() -> None:
    updates = train(all_inputs(2), np.array([0, 1, 1, 0]), np.zeros(2), 0.0, eta=1.0, epochs=10)
    once, again = first_return((np.zeros(2), 0.0), updates) or (0, 0)
    ends = {update.epoch: [*update.w.tolist(), update.b] for update in updates}
    assert ends[once] == ends[again]
    assert all(count > 0 for count in mistakes_by_epoch(updates))
