"""Demos of mini-batches: the gradient of a mini-batch, mini-batch sizes, and the learning rate."""

from pathlib import Path

import numpy as np
import pytest

from nndigits.models.network.gradients import flat_gradient
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import random_network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos import batch_sizes, learning_rate, online, sgd
from nndigits.stages.demos.shared.data import read_digits
from nndigits.stages.demos.shared.demo import Demo


def test_the_spread_is_that_of_single_gradients(tmp_path: Path) -> None:
    values = sgd.run(sizes=(1,), draws=2, hidden=4).values
    digits = read_digits(Path("artifacts/data.npz"))
    network = random_network([64, 4, 10], np.random.default_rng(0), "float64")
    x, y = as_inputs(digits.train_images, "float64"), one_hot(digits.train_labels, 10, "float64")
    single = np.array([flat_gradient(network, x[i : i + 1], y[i : i + 1]) for i in range(len(x))])
    full = single.mean(axis=0)
    assert values["gradient_length"] == pytest.approx(np.linalg.norm(full))
    assert values["spread_of_one"] == pytest.approx(np.sqrt(np.square(single - full).sum(axis=1).mean()))


def test_the_error_of_a_mini_batch_falls_as_predicted() -> None:
    demo = sgd.run(sizes=(1, 4, 16, 64, 256), draws=200)
    rows = {row["m"]: row for row in demo.values["batches"]}
    for m, row in rows.items():
        assert row["predicted"] == pytest.approx(rows[1]["predicted"] / np.sqrt(m))
        # The mean of 200 squares: their spread is about 10 % or less of it, so its root is within 15 % or so.
        assert row["measured"] == pytest.approx(row["predicted"], rel=0.2)
    assert demo.values["slope"] == pytest.approx(-0.5, abs=0.03)
    angles = [row["angle"] for row in rows.values()]
    assert angles == sorted(angles, reverse=True)


def test_the_cost_of_a_mini_batch() -> None:
    # 64-30-10: an image takes 2 (30 x 65 + 10 x 31) + 10 x 30 = 4,820 products; 10 of 1,285 images is 1 in 128.5.
    demo = sgd.run(sizes=(10,), draws=2)
    assert demo.values["batches"][0]["products"] == 48_200
    assert demo.values["slope"] is None
    assert "costs 10 / 1,285 of the full gradient, 128 times less" in " ".join(demo.findings)


def test_steps_are_those_of_an_epoch() -> None:
    digits = read_digits(Path("artifacts/data.npz"))
    ours, theirs = (random_network([64, 5, 10], np.random.default_rng(1)) for _ in range(2))
    images, labels, rng = digits.train_images, digits.train_labels, np.random.default_rng(2)
    batches = mini_batches(images, labels, np.eye(10, dtype="float32"), 10, rng.permutation(len(images)))
    train_epoch(plain_trainer(theirs, 3.0), batches, len(images))
    steps = batch_sizes.steps(ours, digits, 10, 3.0, np.random.default_rng(2))
    seen = [next(steps) for _ in range(129)]  # 128 mini-batches of 10, and the last one of 5
    assert seen[-2:] == [(128, 1280), (129, 1285)]
    for one, other in zip(ours.layers, theirs.layers, strict=True):
        np.testing.assert_array_equal(one.parameters, other.parameters)


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("raced"))
        return online.run(sizes=(1, 10, 100), epochs=2, updates=1000)


def test_sizes_are_compared_after_the_same_images_and_the_same_updates(raced: Demo) -> None:
    # 2 epochs of 1,285 images: 2,570 steps of one; 2 x 129 of ten; 2 x 13 of a hundred.
    one, ten, hundred = raced.values["sizes"]
    for size, taken in ((one, 2570), (ten, 258), (hundred, 26)):
        assert size["by_images"][-1]["images"] == 2570
        assert size["by_images"][-1]["updates"] == taken
        assert size["by_updates"][-1]["updates"] == 1000
        assert [one["updates"] for one in size["by_updates"]] == list(range(100, 1001, 100))
    assert one["by_updates"][-1]["images"] == 1000


def test_which_size_is_best_depends_on_the_learning_rate(raced: Demo) -> None:
    # The weights move by eta / m for each image: ones want a small eta, larger mini-batches a larger one.
    accuracy = {(one["eta"], one["size"]): one["accuracy"] for one in raced.values["grid"]["accuracy"]}
    assert set(accuracy) == {(eta, size) for eta in (0.3, 1, 3, 10, 30) for size in (1, 10, 100)}
    assert accuracy[0.3, 1] > accuracy[0.3, 10] > accuracy[0.3, 100]
    assert accuracy[10, 10] > accuracy[10, 1]
    assert accuracy[3, 10] == raced.values["sizes"][1]["by_images"][-1]["accuracy"], "the same training at the same eta"
    assert raced.values["grid"]["images"] == 2570
    text = " ".join(raced.findings)
    for size in (1, 10, 100):
        best = max(accuracy[eta, size] for eta in (0.3, 1, 3, 10, 30))
        assert f"{size} reaches {best:.1%} at" in text
    assert "At eta = 3, after the same images" in text
    assert "at the same eta an image in a mini-batch of one moves the weights ten times as far" in raced.idea


def test_the_findings_of_a_grid() -> None:
    grid = batch_sizes.RateGrid((0.3, 3.0, 30.0), (1, 10), 100, [[0.93, 0.88], [0.80, 0.94], [0.1, 0.2]])
    assert grid.findings() == (
        "The best size depends on eta. The most accurate are mini-batches of 1 at eta 0.3; and mini-batches of 10 at "
        "eta 3. A comparison at a single eta says as much about that eta as about the sizes.",
        "Each size at its own best eta: 1 reaches 93.0% at 0.3 and 10 reaches 94.0% at 3.",
    )
    one_best = grid._replace(accuracies=[[0.93, 0.88], [0.95, 0.94], [0.1, 0.2]])
    assert one_best.findings()[0] == "The most accurate are mini-batches of 1 at eta 0.3 and 3."
    assert grid._replace(accuracies=[[0.1, 0.2]] * 3).findings()[0] == ""
    nothing = online.run(sizes=(10,), epochs=1, updates=50, rates=())
    assert len(nothing.tables) == 2
    assert nothing.values["grid"]["accuracy"] == []


def test_three_learning_rates() -> None:
    demo = learning_rate.run()
    small, middle, large = demo.values["runs"]
    assert small["epochs"][0] == middle["epochs"][0] == large["epochs"][0]
    last = [run["epochs"][-1] for run in (small, middle, large)]
    assert last[1]["accuracy"] > 0.85
    assert max(last[0]["accuracy"], last[2]["accuracy"]) < 0.3
    assert last[0]["cost"] < small["epochs"][0]["cost"]
    assert last[2]["stuck"] > 0.5 > last[1]["stuck"]
    assert "in the right direction, but slowly" in demo.findings[1]
    assert "are stuck" in demo.findings[3]
    assert demo.findings[4] == "Of these rates, eta = 3 has the highest accuracy after 6 epochs."
