"""The demonstrations of perceptrons and logic, compared with values worked by hand; their proofs are checked."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from support import demo_json, demo_words

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
from nndigits.models.chapter.perceptron import all_inputs, perceptron, weighted_sums
from nndigits.models.chapter.separability import contradiction, first_return, mistakes_by_epoch, smallest_weights, train

# perceptron


def test_perceptron_by_hand() -> None:
    result = demo_json("perceptron", "--weights", "6,2,2", "--threshold", "5")
    # 6 x1 + 2 x2 + 2 x3 in counting order, and minus 5.
    assert [row["sum"] for row in result["table"]] == [0, 2, 2, 4, 6, 8, 8, 10]
    assert [row["z"] for row in result["table"]] == [-5, -3, -3, -1, 1, 3, 3, 5]
    assert [row["output"] for row in result["table"]] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert result["bias"] == -5


def test_decimals_on_the_threshold_do_not_round_above_it() -> None:
    # By hand 0.1 + 0.2 = 0.3, so no sum is above 0.3. In floating-point arithmetic 0.1 + 0.2 is 0.30000000000000004.
    table = demo_json("perceptron", "--weights", "0.1,0.2", "--threshold", "0.3")["table"]
    assert [row["sum"] for row in table] == [0, 0.2, 0.1, 0.3]
    assert [row["z"] for row in table] == [-0.3, -0.1, -0.2, 0]
    assert [row["output"] for row in table] == [0, 0, 0, 0]
    assert "For 11, w.x equals the threshold" in demo_words("perceptron", "--weights", "0.1,0.2", "--threshold", "0.3")
    assert demo_json("gates", "--weights=0.1,0.2", "--bias=-0.3")["own"]["function"] == "always 0"
    cases = demo_json("decision", "--weights", "0.1,0.2,0.4", "--thresholds", "0.3")["table"]
    assert [row["go"] for row in cases] == [[0], [1], [0], [1], [0], [1], [0], [1]]


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


# decision and layers


def test_decision_at_thresholds_5_and_3() -> None:
    result = demo_json("decision")
    for row in result["table"]:
        assert row["sum"] == 6 * row["weather"] + 2 * row["partner"] + 2 * row["transport"]
        assert row["go"] == [row["weather"], row["weather"] or (row["partner"] and row["transport"])]
    text = demo_words("decision")
    assert "At threshold 5 you go in 4 of 8 cases: whenever there is good weather." in text
    assert "differ in 1 case: a partner who comes and public transport, and nothing else." in text


def test_with_a_negative_weight_a_no_is_a_reason_to_go() -> None:
    # -3, 2, 2 at threshold 1: in bad weather a partner or transport is enough; in good weather even both are not.
    text = demo_words("decision", "--weights=-3,2,2", "--thresholds", "1")
    assert "in 3 of 8 cases: whenever there is bad weather and a partner who comes; or bad weather and public" in text


def test_layers_over_all_inputs_against_a_logical_formula() -> None:
    goes = 0
    for sun, partner, bus, car, tired in product((0, 1), repeat=5):
        goes += (sun or partner) and (bus or car) and (partner or not tired)
    assert demo_json("layers")["yes_over_all_inputs"]["go"] == goes == 15


# gates


def test_gates_are_their_truth_tables() -> None:
    gates = demo_json("gates")["gates"]
    x = all_inputs(2)
    computed = {
        name: perceptron(x[:, : len(one["weights"])], np.array(one["weights"]), one["bias"])
        for name, one in gates.items()
    }
    assert computed["AND"].tolist() == [0, 0, 0, 1]
    assert computed["OR"].tolist() == [0, 1, 1, 1]
    assert computed["NAND"].tolist() == [1, 1, 1, 0]
    assert perceptron(all_inputs(1), np.array(gates["NOT"]["weights"]), gates["NOT"]["bias"]).tolist() == [1, 0]
    assert (gates["NAND"]["weights"], gates["NAND"]["bias"]) == ([-2, -2], 3)


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


# nand-adder


def test_half_adder_table_at_the_top_of_the_json() -> None:
    result = demo_json("nand-adder")
    assert result["table"] == [
        {"x1": 0, "x2": 0, "sum": 0, "carry": 0},
        {"x1": 0, "x2": 1, "sum": 1, "carry": 0},
        {"x1": 1, "x2": 0, "sum": 1, "carry": 0},
        {"x1": 1, "x2": 1, "sum": 0, "carry": 1},
    ]
    # By hand at 1, 1: a = NAND(1, 1) = 0; b = NAND(1, 0) = 1; c = 1; s = NAND(1, 1) = 0; k = NAND(0, 0) = 1.
    assert result["neurons"][3] == {"x1": 1, "x2": 1, "a": 0, "b": 1, "c": 1, "s": 0, "k": 1}
    assert result["forms"] == ["gates", "perceptrons", "merged", "input layer"]
    assert result["forms_agree"] is True


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


def test_two_numbers_are_added() -> None:
    assert demo_json("nand-adder", "--bits", "8", "100", "55")["adder"]["result"] == 155
    assert demo_json("nand-adder", "255", "255", "--bits", "8")["adder"]["result"] == 510
    assert demo_json("nand-adder", "4294967295", "1")["adder"]["result"] == 2**32
    assert demo_json("nand-adder", "0", "0")["adder"] == {
        "bits": 1, "neurons": 5, "numbers": [0, 0], "result": 0, "pairs": 4, "pairs_right": 4,
    }  # fmt: skip
    assert "The perceptrons compute 100 + 55 = 155, which is correct." in demo_words(
        "nand-adder", "--bits", "8", "100", "55"
    )


# universal


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


def test_counts_worked_by_hand() -> None:
    # XOR written out: NOT x2, AND (NAND, NOT) for 10 and the same for 01: 3 + 3; OR is NOT, NOT, NAND: 9 in all.
    # Four NANDs are the well-known least for XOR.
    assert (len(direct_circuit((0, 1, 1, 0)).neurons), len(simplified((0, 1, 1, 0)).neurons)) == (9, 4)
    counts = {"0001": 2, "0111": 3, "1110": 1, "0011": 0, "1100": 1, "1001": 5, "1000": 4}
    assert {table: demo_json("universal", "--table", table)["neurons_after"] for table in counts} == counts


def test_universal_json_names_the_network() -> None:
    result = demo_json("universal", "--table", "0110")
    assert result["right_before"] == result["right_after"] == result["of"] == 4
    values = {"x1": 1, "x2": 0}
    for neuron in result["network"]:  # computed from the network in the JSON
        values[neuron["neuron"]] = 1 - min(values[name] for name in neuron["nand_of"])
    assert values[result["output"]] == 1


@pytest.mark.parametrize(
    ("table", "neurons", "words"),
    [
        ("1111", 2, "The output is always 1: it depends on no input."),
        ("00", 3, "NAND(x1, NOT x1) is always 1, and its NOT is always 0."),
        ("1110", 1, "One neuron is the fewest possible"),
    ],
)
def test_a_network_that_is_proved_minimal_is_not_called_unproved(table: str, neurons: int, words: str) -> None:
    text = demo_words("universal", "--table", table)
    assert words in text
    assert "not proved minimal" not in text
    assert "no neuron for a constant" not in text
    n = len(table).bit_length() - 1
    # Every smaller circuit of NANDs, by trial: none of them computes the table.
    assert demo_json("universal", "--table", table)["neurons_after"] == neurons
    signals_of = {tuple(tuple(column) for column in all_inputs(n).T.astype(int).tolist())}
    for _ in range(neurons):
        assert not any(tuple(map(int, table)) in signals for signals in signals_of)
        signals_of = {
            (*signals, tuple(1 - (a & b) for a, b in zip(one, other, strict=True)))
            for signals in signals_of
            for one, other in product(signals, repeat=2)
        }
    assert any(tuple(map(int, table)) in signals for signals in signals_of)


# perceptron-learning


def test_first_mistakes_by_hand() -> None:
    # From 0, 0, 0 on AND: the output is 0 for 00, 01, 10, correct, and for 11, wrong: w = (1, 1), b = 1.
    updates = train(all_inputs(2), np.array([0, 0, 0, 1]), np.zeros(2), 0.0, eta=1.0, epochs=1)
    assert [update.output for update in updates] == [0, 0, 0, 0]
    assert (updates[-1].w.tolist(), updates[-1].b) == ([1, 1], 1)


@pytest.mark.parametrize("table", ["".join(bits) for bits in product("01", repeat=4)])
def test_the_rule_learns_exactly_the_separable_tables(table: str) -> None:
    result = demo_json("perceptron-learning", "--table", table)["runs"][0]
    assert result["learned"] == (table not in ("0110", "1001"))
    if result["learned"]:
        wanted = [int(sign) for sign in table]
        assert perceptron(all_inputs(2), np.array(result["weights"]), result["bias"]).tolist() == wanted
        assert result["mistakes_by_epoch"][-1] == 0


@pytest.mark.parametrize("table", ["1110", "11111110", "0111", "0001", "00010111"])
@pytest.mark.parametrize("eta", ["0.1", "0.3", "0.7", "1e-9", "333.3"])
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
    text = demo_words("perceptron-learning", "--table", "0110")
    assert "0110: not learned in 50 epochs" in text
    assert "so everything repeats and learning never ends" in text
    updates = train(all_inputs(2), np.array([0, 1, 1, 0]), np.zeros(2), 0.0, eta=1.0, epochs=10)
    once, again = first_return((np.zeros(2), 0.0), updates) or (0, 0)
    ends = {update.epoch: [*update.w.tolist(), update.b] for update in updates}
    assert ends[once] == ends[again]
    assert all(count > 0 for count in mistakes_by_epoch(updates))
