"""Demos on digits: a detector of 9s, four bits instead of ten outputs, weights of hidden neurons, a smooth cost."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from nndigits.models.chapter.feature_detectors import cosine_similarity, quarters
from nndigits.models.chapter.target_encodings import BINARY, NINE, as_numbers, nearest_digit
from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.network import random_network
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.datasets import loaders
from nndigits.stages.demos import bits, cost, hidden, nine, reject_network, segmentation
from nndigits.stages.demos.segmentation_candidates import Candidate, best_path_with
from nndigits.stages.demos.shared import data, training
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, quietly
from nndigits.stages.demos.shared.texts import Text
from nndigits.stages.demos.shared.trained import WEIGHTS, trained_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64-30-10, trained on scikit-learn's digits."""
    out = tmp_path_factory.mktemp("trained") / "weights.npz"
    train(digits, out, Parameters(epochs=30))
    return out


# The digits, and a network that has learned them


def test_without_an_artifact_the_digits_are_those_that_fetch_would_write(
    digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded, fetched = read_digits(DATA), read_digits(digits)
    for name in ("train_images", "train_labels", "test_images", "test_labels"):
        np.testing.assert_array_equal(getattr(embedded, name), getattr(fetched, name))
    sizes = "Data: digits, 1,285 training images and 256 test images, 8 x 8 pixels"
    assert (embedded.about, fetched.about) == (f"{sizes}, which comes with nn.", f"{sizes}, from {digits}.")
    monkeypatch.setattr(data, "loaders", loaders)
    assert read_digits(DATA).about.startswith(
        "Data: MNIST, 50,000 training images and 10,000 test images, 28 x 28 pixels"
    )


def test_data_that_is_named_must_be_there_and_be_digits(digits: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_digits(Path("other.npz"))
    artifact = artifacts.load(digits)
    meta = {**artifact.meta, "dataset": {**artifact.meta["dataset"], "classes": 47}}
    artifacts.save(tmp_path / "letters.npz", meta, artifact.arrays)
    with pytest.raises(InputError, match="has 47 classes"):
        read_digits(tmp_path / "letters.npz")


def test_weights_are_used_where_they_fit(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / WEIGHTS, Parameters(hidden=(7,), epochs=1))
    network, whence = trained_network(WEIGHTS, read_digits(DATA), seed=0, progress=quietly)
    assert whence == f"Network: 64-7-10, from {WEIGHTS}."
    kept = artifacts.load(WEIGHTS).arrays["weights_1"]
    np.testing.assert_array_equal(network.layers[0].w, kept.astype(float))


def test_weights_that_do_not_fit_are_said_not_to_and_refused_where_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (60, 5, 4), np.uint8), (np.arange(60) % 10).astype(np.uint8)
    arrays = {
        f"{part}_{what}": array
        for part in ("train", "validation", "test")
        for what, array in (("images", images), ("labels", labels))
    }
    about = {"name": "tiny", "verified": False, "classes": 10, "source": {}}
    artifacts.save(tmp_path / "tiny.npz", artifacts.describe("dataset", parameters={}, dataset=about), arrays)
    train(tmp_path / "tiny.npz", tmp_path / WEIGHTS, Parameters(hidden=(3,), epochs=1))
    network, whence = trained_network(WEIGHTS, read_digits(DATA), seed=0, progress=quietly)
    assert str(network) == "64-30-10"
    assert "trained here for 6 epochs" in whence
    assert "takes 20 pixels" in whence
    (tmp_path / WEIGHTS).rename("mine.npz")
    with pytest.raises(InputError, match=r"mine\.npz: takes 20 pixels and gives 10 outputs, the digits have 64 pixels"):
        trained_network(Path("mine.npz"), read_digits(DATA), seed=0, progress=quietly)


# Nine


def test_scores_by_hand() -> None:
    # Six images, the first two are 9s; it says yes to the first, the third and the fourth.
    scores = nine._evaluate(np.arange(6) < 2, np.array([True, False, True, True, False, False]))
    assert scores == (1, 1, 2, 2, 3 / 6, 1 / 3, 1 / 2)
    silent = nine._evaluate(np.array([True, True, False, False, False]), np.zeros(5, bool))
    assert silent == (0, 2, 0, 3, 3 / 5, None, 0.0)


def test_nine_beats_always_no_and_counts_what_it_found() -> None:
    values = nine.run().values
    labels = read_digits(DATA).test_labels
    assert values["always_no"]["accuracy"] == np.mean(labels != 9)
    judged = values["judged"]
    assert judged["found"] + judged["missed"] == np.sum(labels == 9)
    assert judged["accuracy"] > values["always_no"]["accuracy"]
    assert judged["recall"] == judged["found"] / np.sum(labels == 9)
    found = [row["found"] for row in values["by_threshold"]]
    assert found == sorted(found, reverse=True)


# Segmentation


@pytest.fixture(scope="module")
def segmented(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("segmented"))
        patch.setattr(reject_network, "MOST_TRAIN", 1_000)  # the training of every day takes seconds
        patch.setattr(reject_network, "STRIPS", 60)
        return segmentation.run(seed=0)


def test_the_best_path_is_made_of_candidates_in_order_and_has_the_highest_score(segmented: Demo) -> None:
    values = segmented.values
    chosen = [values["pieces"][number] for number in values["best"]]
    assert values["read"] == "".join(str(one["value"]) for one in chosen)
    assert all(one["last"] < other["first"] for one, other in pairwise(chosen))
    best = max(values["ways"], key=lambda way: way["score"])
    assert (best["read"], best["digits"]) == (values["read"], len(chosen))
    assert len(values["written"]) == 3


def test_the_score_of_the_best_path_is_that_of_its_digits_and_of_what_it_leaves_out(segmented: Demo) -> None:
    pieces, best, left_out = (segmented.values[name] for name in ("pieces", "best", "left_out"))
    # Together they are all slices, each once.
    spans = sorted((pieces[number]["first"], pieces[number]["last"]) for number in (*best, *left_out))
    assert all(one[1] + 1 == other[0] for one, other in pairwise(spans))
    assert (spans[0][0], spans[-1][1]) == (1, max(one["last"] for one in pieces))
    total = sum(pieces[n]["adds"] for n in best) + sum(pieces[n]["left_out_adds"] for n in left_out)
    assert total == pytest.approx(max(way["score"] for way in segmented.values["ways"]), abs=0.005)
    assert [pieces[number]["first"] for number in left_out] == [1], "the strip begins with a piece that is no digit"
    assert "It leaves out slice 1." in segmented.findings
    assert "it may leave some out as non-digits" in segmented.idea
    rows = {row[0]: row for row in segmented.tables[0].rows if row[-1]}
    assert rows["1"][-1] == "left out"
    assert sum(row[-2] for row in rows.values()) == pytest.approx(total, abs=0.03), "the table adds up"
    assert "would have to be digits" not in " ".join(segmented.findings)


def test_the_best_path_with_a_candidate_against_all_paths() -> None:
    # Three slices, every run of them a candidate, scores at random; every path by trial.
    rng = np.random.default_rng(0)
    spans = [(first, last) for first in (1, 2, 3) for last in range(first, 4)]
    candidates = [Candidate(*span, number, 0.5, 0.5, *rng.normal(size=2)) for number, span in enumerate(spans)]

    def paths(first: int) -> Iterator[list[tuple[int, bool]]]:
        if first > 3:
            yield []
        for number, one in enumerate(candidates):
            if one.first == first:
                for rest in paths(one.last + 1):
                    yield from ([(number, is_digit), *rest] for is_digit in (True, False))

    for chosen in range(len(candidates)):
        scored = [
            (
                sum(candidates[n].adds if digit else candidates[n].left_out_adds for n, digit in path),
                "".join(str(n) for n, digit in path if digit),
            )
            for path in paths(1)
            if (chosen, True) in path
        ]
        score, read = max(scored)
        assert best_path_with(candidates, chosen) == (read, pytest.approx(score))
    assert best_path_with([Candidate(2, 2, 1, 0.5, 0.5, 0.0, 0.0)], 0) is None, "nothing holds the first slice"


# Bits


def test_the_encoding_of_a_digit_is_its_binary_value() -> None:
    assert ["".join(str(int(bit)) for bit in row) for row in BINARY] == [f"{digit:04b}" for digit in range(10)]
    assert as_numbers(BINARY).tolist() == nearest_digit(BINARY).tolist() == list(range(10))
    assert as_numbers(np.array([[1.0, 1.0, 1.0, 1.0]])).tolist() == [15]
    assert nearest_digit(np.array([[1.0, 1.0, 1.0, 1.0]])).tolist() == [7]  # 0111 is the only encoding one bit away
    assert NINE.ravel().tolist() == [0] * 9 + [1]


def test_training_with_an_encoding_uses_its_rows_as_targets() -> None:
    digits = read_digits(DATA)
    one, other = (random_network([64, 5, 4], np.random.default_rng(1)) for _ in range(2))
    images, labels = digits.train_images, digits.train_labels
    order = np.random.default_rng(2).permutation(len(images))
    training.fit(
        one, digits, lambda network: None, epochs=1, eta=3.0, rng=np.random.default_rng(2), encoding=BINARY,
        progress=quietly,
    )  # fmt: skip
    for start in range(0, len(images), 10):
        chosen = order[start : start + 10]
        x, y = as_inputs(images[chosen], "float32"), BINARY[labels[chosen]].astype("float32")
        plain_trainer(other, 3.0).step(x, y, 3.0)
    for layer, same in zip(one.layers, other.layers, strict=True):
        np.testing.assert_array_equal(layer.parameters, same.parameters)


def test_clear_images_are_right_in_bits_and_trained_networks_are_compared(weights: Path) -> None:
    demo = bits.run(seeds=2, epochs=2, weights=weights)
    by_hand = demo.values["by_hand"]
    assert by_hand["images"] == 256
    assert 0 < by_hand["clear"] == by_hand["clear_right"] <= by_hand["bits_right"]
    assert by_hand["clear_margin"] > 0.45
    first, second = demo.values["trained"]
    assert (first["seed"], second["seed"]) == (0, 1)
    lead = 50 * (first["ten"] - first["bits"] + second["ten"] - second["bits"])
    assert f"{abs(lead):.2f} points" in demo.findings[-2]
    assert ("ten outputs are" in demo.findings[-2]) == (lead > 0)


# Hidden


def test_pictures_cut_and_compared_by_hand() -> None:
    image = np.arange(1.0, 10.0).reshape(3, 3)
    parts = quarters(image)
    np.testing.assert_array_equal(parts.sum(axis=0), image)
    assert [int(np.count_nonzero(part)) for part in parts] == [1, 2, 2, 4]
    # (1, 0) and (1, 1) are 45 degrees apart; (1, 0) and (0, 2) at right angles; (3, 0) points the same way as (1, 0).
    like = cosine_similarity(np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 2.0], [3.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(like, [[np.sqrt(0.5), 0, 1, 0]])


def test_the_most_exciting_images_have_the_largest_weighted_inputs() -> None:
    demo = hidden.run(neurons=(0, 29))
    digits = read_digits(DATA)
    network, _ = trained_network(WEIGHTS, digits, seed=0, progress=quietly)
    first = network.layers[0]
    z = digits.test_images.reshape(256, 64) / 255 @ first.w.T + first.b
    for row in demo.values["neurons"]:
        own = z[:, row["neuron"]]
        assert own[row["top_images"]].tolist() == pytest.approx(sorted(own, reverse=True)[:10])
        assert row["top_digits"] == digits.test_labels[row["top_images"]].tolist()
        assert row["answers_by_digit"][0] == pytest.approx(np.mean(own[digits.test_labels == 0] > 0))
    assert all(-1 <= part["likeness"] <= 1 for part in demo.values["quarters_of_0"])
    assert max(len(line) for line in demo.drawing if not isinstance(line, Text)) <= 88, "captions wrap"


# Cost


def test_a_network_whose_last_layer_has_no_slope_is_refused(digits: Path) -> None:
    train(digits, Path("softmax.npz"), Parameters(cost="log-likelihood", eta=0.1, epochs=1))
    with pytest.raises(InputError, match=r"ends in dense 10 softmax, and the quadratic cost has no slope there"):
        cost.run(weights=Path("softmax.npz"))


def test_the_cost_moves_as_its_slope_says_and_the_accuracy_by_whole_images() -> None:
    demo = cost.run()
    fine, wide = demo.values["fine"], demo.values["wide"]
    middle = len(fine) // 2
    # The central difference of neighbours in the fine sweep, 0.002 apart, is the slope up to a bit of bending.
    measured = (fine[middle + 1]["cost"] - fine[middle - 1]["cost"]) / 0.004
    assert demo.values["slope"] == pytest.approx(measured, rel=1e-4)
    assert all(np.diff([one["cost"] for one in fine]) != 0)
    assert len({one["correct"] for one in fine}) < len(fine) / 2
    jumps = int(np.count_nonzero(np.diff([one["correct"] for one in wide])))
    assert jumps > 0
    assert f"is constant in {40 - jumps} steps and jumps in {jumps}" in demo.findings[4]
    assert fine[middle] == wide[20]


def test_layers_are_counted_as_in_the_chapter(weights: Path) -> None:
    # The chapter's network of three layers: input, hidden, output. The first weights lead to the second layer.
    output, hidden = (cost.run(weights=weights, layer=layer, weight=5, images=50) for layer in (3, 2))
    assert output.values["weight"]["layer"] == 3
    assert "neuron 3 in layer 3, the output layer, of a trained network" in output.idea
    assert "neuron 3 in layer 2, the hidden layer, of a trained network" in hidden.idea
    assert cost.run(weights=weights, weight=5, images=50).values == output.values
    assert hidden.values["slope"] != output.values["slope"]
    steepest = cost.run(weights=weights, images=50).values["slope"]
    assert abs(steepest) >= abs(output.values["slope"])
    with pytest.raises(UsageError, match="the input layer has no weights; expected 2 to 3"):
        cost.run(weights=weights, layer=1)
