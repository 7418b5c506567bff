"""How a run learns: every rule with every schedule resumed to the same bytes, and what makes no sense refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import EVERYTHING, TINY, sha256

from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.costs import COSTS
from nndigits.models.network.network import random_network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.schedules import SCHEDULES
from nndigits.models.training.trainer import Trainer, TrainingConfig
from nndigits.stages.fetch import fetch
from nndigits.stages.runs.epochs import run_on
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.setup import epoch_batches
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, Interrupted, UsageError
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A third of scikit-learn's digits: enough to go on from one epoch to the next."""
    out = tmp_path_factory.mktemp("small") / "data.npz"
    fetch(out, dataset="digits")
    data = artifacts.load(out)
    part = {name: array[:300] for name, array in data.arrays.items()}
    artifacts.save(out, data.meta, part)
    return out


LEARNED = {f"{rule}, {schedule}": {"optimizer": rule, "schedule": schedule, **EVERYTHING}
           for rule in OPTIMIZERS for schedule in SCHEDULES}  # fmt: skip
MAPS = {
    "hidden": (), "activation": "sigmoid", "eta": 0.01, "init": "he", "average": 0.9, "l2": 0.5, "max_norm": 2.0,
    "layers": "conv 3 3x3 relu, max 2x2, norm, dense 12 relu, dropout 0.3, dense 10 softmax",
}  # fmt: skip
LEARNED |= {f"maps, {rule}, threads {threads}": {**MAPS, "optimizer": rule, "threads": threads}
            for rule in ("momentum", "nesterov", "adam") for threads in (1, 2)}  # fmt: skip
LEARNED |= {"double precision": {"dtype": "float64", "hidden": (5, 4), "batch": 7}, "rejects": {"rejects": 0.05}}


@pytest.mark.parametrize("name", LEARNED)
def test_a_run_resumed_after_each_epoch_ends_in_the_same_bytes(small: Path, tmp_path: Path, name: str) -> None:
    more = {"patience": 1} if LEARNED[name].get("schedule") == "halve" else {}
    parameters = replace(TINY, **LEARNED[name], **more)
    train(small, tmp_path / "whole" / "weights.npz", parameters)
    out = tmp_path / "cut" / "weights.npz"
    for stop_in in (0, 1, 2):

        def stop(epoch: int, total: int, done: int, last: int = stop_in) -> None:
            if epoch == last and done > total / 2:
                raise Interrupted(2)

        with pytest.raises(Interrupted):
            train(small, out, parameters, resume=stop_in > 1, on_images=stop)
        assert not out.exists()
    report = train(small, out, parameters, resume=True)
    assert [epoch.epoch for epoch in report.epochs] == list(range(2, parameters.epochs))
    for name in ("weights.npz", "history.csv", "checkpoint.npz"):
        assert sha256(tmp_path / "whole" / name) == sha256(tmp_path / "cut" / name)


def test_layers_are_written_out_as_they_are_built(small: Path, tmp_path: Path) -> None:
    report = train(small, tmp_path / "weights.npz", replace(TINY, **MAPS, epochs=1))
    assert artifacts.load(report.out).about["layers"] == [
        "conv 3 3x3", "max 2", "relu", "norm", "flatten", "dense 12 relu", "dropout 0.3", "dense 10 softmax",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layers", "cost", "reason"),
    [
        ("dense 10 softmax", "quadratic", "dense 10 softmax with cost quadratic: softmax is for the last layer"),
        ("dense 10 sigmoid", "log-likelihood", "is for a last layer of softmax, this network ends in dense 10 sigmoid"),
        ("dense 10 relu", "cross-entropy", "is for a last layer of sigmoid"),
        ("dense 5 softmax, dense 10 softmax", "log-likelihood", "dense 5 softmax with"),
        ("dense 5 step, dense 10 sigmoid", "quadratic", "no slope to learn by"),
        ("conv 2 3x3 step, dense 10 sigmoid", "quadratic", "no slope to learn by"),
        ("dense 9 sigmoid", "quadratic", "the data has 10 classes: end in dense 10"),
        ("conv 2 3x3", "quadratic", "cannot be the last layer"),
        ("conv 2 9x9, dense 10 sigmoid", "quadratic", "do not fit into maps of 8 x 8"),
        ("magic 10", "quadratic", 'layer "magic 10": unknown'),
    ],
)
def test_layers_that_cannot_learn_are_refused_with_the_reason(
    small: Path, tmp_path: Path, layers, cost, reason
) -> None:
    with pytest.raises(UsageError, match=reason):
        train(small, tmp_path / "weights.npz", Parameters(hidden=(), layers=layers, cost=cost))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sizes", [{"batch": 1}, {"batch": 3, "threads": 2}], ids=str)
def test_a_norm_that_would_see_one_sample_at_a_time_is_refused(small: Path, tmp_path: Path, sizes) -> None:
    learned = Parameters(hidden=(), epochs=1, layers="dense 5 tanh, norm, dense 10 sigmoid", **sizes)
    with pytest.raises(UsageError, match="norm compares samples"):
        train(small, tmp_path / "weights.npz", learned)
    on_maps = replace(learned, layers="conv 2 3x3, norm, relu, dense 10 sigmoid")
    train(small, tmp_path / "weights.npz", on_maps)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_parts_side_by_side_learn_the_same_but_for_rounding(small: Path, tmp_path: Path, rule: str) -> None:
    parameters = replace(TINY, optimizer=rule, dtype="float64", l2=0.5, average=0.9, eta=0.01, epochs=1)
    arrays = []
    for threads in (1, 3):
        out = tmp_path / f"{threads}.npz"
        train(small, out, replace(parameters, threads=threads))
        arrays.append(artifacts.load(out).arrays)
    for name, array in arrays[0].items():
        np.testing.assert_allclose(array, arrays[1][name], rtol=0, atol=1e-9)


def test_the_short_form_is_the_chapters_network() -> None:
    for hidden in ((), (5,), (7, 5)):
        network = new_network(Parameters(hidden=hidden), (8, 8), 10, np.random.default_rng(3))
        other = random_network([64, *hidden, 10], np.random.default_rng(3))
        for one, same in zip(network.dense, other.dense, strict=True):
            assert repr(one) == repr(same)
            np.testing.assert_array_equal(one.parameters, same.parameters)


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": "adam"}, {"momentum": 0.8}, {"schedule": "linear"}, {"warm_up": 0.2}, {"patience": 2},
        {"average": 0.9}, {"l2": 1.0}, {"l1": 1.0}, {"max_norm": 1.0}, {"activation": "relu"}, {"init": "he"},
        {"cost": "quadratic"}, {"distort": "usual"}, {"hidden": (7,)}, {"epochs": 2}, {"batch": 11}, {"eta": 0.2},
        {"seed": 1}, {"dtype": "float64"}, {"keep": "last"}, {"threads": 2}, {"label_smoothing": 0.1},
    ],
    ids=str,
)  # fmt: skip
def test_another_method_is_not_resumed_and_gives_other_weights(small: Path, tmp_path: Path, change) -> None:
    parameters = replace(TINY, optimizer="momentum")
    out = tmp_path / "weights.npz"
    train(small, out, parameters)
    before = sha256(tmp_path / "checkpoint.npz")
    with pytest.raises(InputError, match=f"was made with {next(iter(change))} "):
        train(small, out, replace(parameters, **change), resume=True)
    assert sha256(tmp_path / "checkpoint.npz") == before
    if not change.keys() & {"patience", "epochs", "keep", "threads"}:
        train(small, tmp_path / "other.npz", replace(parameters, **change))
        one, other = (artifacts.load(path).arrays["weights_1"] for path in (out, tmp_path / "other.npz"))
        assert not np.array_equal(one, other)


def test_label_smoothing_spreads_a_tenth_of_each_target_over_all_outputs(small: Path) -> None:
    """0.9 of 1 and a tenth of 0.1 for the true digit: 0.91, and 0.01 for each of the nine others."""
    data = artifacts.load(small)
    run = run_on(data, replace(TINY, label_smoothing=0.1))
    images, labels = data.arrays["train_images"][:1], np.array([3])
    ((_, y),) = epoch_batches(run.parameters, run.trainer, images, labels, run.rng)
    np.testing.assert_allclose(y, [[0.01, 0.01, 0.01, 0.91, *[0.01] * 6]], rtol=1e-6)


def test_a_checkpoint_with_the_state_of_another_optimizer_is_refused(small: Path, tmp_path: Path) -> None:
    train(small, tmp_path / "weights.npz", replace(TINY, optimizer="momentum"))
    train(small, tmp_path / "adam.npz", replace(TINY, optimizer="adam"))
    momentum, adam = (artifacts.load(tmp_path / name) for name in ("checkpoint.npz", "adam-checkpoint.npz"))
    artifacts.save(momentum.path, {**adam.meta, "parameters": momentum.meta["parameters"]}, adam.arrays)
    with pytest.raises(InputError, match="state of another optimizer"):
        train(small, tmp_path / "weights.npz", replace(TINY, optimizer="momentum"), resume=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"activation": "softmax"}, "softmax is for the last layer"),
        ({"activation": "step"}, "no slope to learn by"),
        ({"activation": "magic"}, "expected one of sigmoid, tanh"),
        ({"momentum": 0.9}, "^momentum 0.9: optimizer sgd has none"),
        ({"optimizer": "nesterov", "momentum": 0.0}, "choose sgd"),
        ({"momentum": 1.0, "optimizer": "adam"}, "less than 1"),
        ({"schedule": "halve"}, "^schedule halve: needs patience"),
        ({"patience": 0}, "expected 1 or more"),
        ({"l2": -1.0}, "expected 0 for none"),
        ({"max_norm": float("nan")}, "expected 0 for none"),
        ({"average": 1.0}, "less than 1"),
        ({"warm_up": 1.0}, "^warm_up 1: "),
        ({"layers": "dense 10 sigmoid"}, "give one of the two"),
        ({"layers": "dense 10 sigmoid", "hidden": (), "activation": "tanh"}, "write it behind each layer"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_the_reason(change, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        Parameters(**change)


def test_patience_needs_validation_images(idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder, validation=0)
    with pytest.raises(UsageError, match="there are none"):
        train(tmp_path / "data.npz", tmp_path / "weights.npz", Parameters(patience=3))


def test_an_l2_that_takes_more_than_all_of_a_weight_is_refused(small: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="every step would take"):
        train(small, tmp_path / "weights.npz", replace(TINY, l2=1e5))


def test_early_stopping_waits_for_its_patience_and_keeps_the_best(small: Path, tmp_path: Path) -> None:
    report = train(small, tmp_path / "weights.npz", replace(TINY, epochs=200, eta=0.5, patience=3))
    correct = [epoch.validation_correct for epoch in report.epochs]
    assert len(correct) < 200
    assert report.kept_epoch == correct.index(max(correct)) == len(correct) - 4
    assert train(small, report.out, report.parameters, resume=True).epochs == ()


def test_halving_ends_when_eta_is_a_thousandth(small: Path, tmp_path: Path) -> None:
    stuck = replace(TINY, epochs=30, eta=1e-9, schedule="halve", patience=1)
    report = train(small, tmp_path / "weights.npz", stuck)
    assert len(report.epochs) == 11  # the first is a new best; each of the ten that follow halves
    assert report.kept_epoch == 0, "the earlier of equals is kept"


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name not in ("softmax", "step")])
def test_every_activation_learns_by_every_cost(small: Path, tmp_path: Path, activation: str, cost: str) -> None:
    parameters = Parameters(
        (20,), epochs=10, eta=1.0 if cost == "quadratic" else 0.2, cost=cost, activation=activation, init="he"
    )
    report = train(small, tmp_path / "weights.npz", parameters)
    assert report.validation_correct / report.validation_total > 0.7
    last = COSTS[cost].activation or "sigmoid"
    assert artifacts.load(report.out).about["layers"] == [f"dense 20 {activation}", f"dense 10 {last}"]


@pytest.mark.parametrize("init", INITIALIZERS)
def test_first_weights_are_as_large_as_they_should_be(init: str) -> None:
    w, b = random_initializer(INITIALIZERS[init], np.random.default_rng(0), "float64")(300, 400)
    spread = {"N(0,1)": 1, "N(0,1/n)": 1 / 20, "he": (2 / 400) ** 0.5}[init]
    assert w.std() == pytest.approx(spread, rel=0.01)
    assert b.std() == pytest.approx(0 if init == "he" else 1, abs=0.1)


def test_one_step_of_everything_worked_by_hand() -> None:
    """Two neurons, sigmoid and cross-entropy, x = 0.5, y = 0.

    The first has w = 2, b = 0: z = 1, delta = sigma(1) = 0.731059.
    Of 10 steps the first is at progress 0.05; linear from 1 gives eta = 0.2 * 0.95 = 0.19. L2 of 5 on n = 10 leaves
    1 - 0.19 * 5 / 10 = 0.905 of w. The velocity is -0.19 * delta * (x, 1) = (-0.0694506, -0.1389011), so w = 1.81 -
    0.0694506 = 1.7405494, cut to 1.5 by max-norm, and b = -0.1389011. The average keeps 2 / 11 of where it began.
    The second, w = 1, b = -0.5, has z = 0 and delta = 1/2: w = 0.905 - 0.0475 = 0.8575, which is left as it is, and
    b = -0.595. The costs are ln(1 + e) and ln 2.
    """
    network = random_network([1, 2], np.random.default_rng(0), "float64", COSTS["cross-entropy"])
    network.last.parameters[...] = [[2.0, 0.0], [1.0, -0.5]]
    method = TrainingConfig(
        eta=0.2,
        optimizer=OPTIMIZERS["momentum"],
        schedule=SCHEDULES["linear"],
        penalties=Penalties(5, 0, 1.5),
        average=0.99,
    )
    trainer = Trainer(network, method, n=10, steps=10)
    assert trainer.eta == pytest.approx(0.19)
    assert train_epoch(trainer, [(np.array([[0.5, 1.0]]), np.zeros((1, 2)))], 1) == pytest.approx(1.313262 + 0.693147)
    np.testing.assert_allclose(network.last.parameters, [[1.5, -0.1389011], [0.8575, -0.595]], atol=1e-7)
    velocity = [[-0.0694506, -0.1389011], [-0.0475, -0.095]]
    np.testing.assert_allclose(trainer.state()["velocity"][0], velocity, atol=1e-7)
    with trainer.averaged():
        expected = [[(2 * 2 + 9 * 1.5) / 11, 9 / 11 * -0.1389011], [(2 + 9 * 0.8575) / 11, (2 * -0.5 - 9 * 0.595) / 11]]
        np.testing.assert_allclose(network.last.parameters, expected, atol=1e-7)
    trainer.halvings = 2
    assert trainer.eta == pytest.approx(0.2 * 0.85 / 4)
