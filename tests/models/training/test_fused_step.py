"""The fused step ends in the same bytes as the visible step, and is used only where it is supported."""

from dataclasses import replace

import numpy as np
import pytest

from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import CROSS_ENTROPY, QUADRATIC
from nndigits.models.network.network import Network, random_network
from nndigits.models.training.fused_step import is_supported
from nndigits.models.training.loop import take_steps, train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.schedules import SCHEDULES
from nndigits.models.training.trainer import Trainer, TrainingConfig, plain_trainer


def learn(network: Network, config: TrainingConfig, plain: bool, side: int, batch: int) -> list[float]:
    """Train two epochs of 103 images; return their costs."""
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, (103, side, side), dtype=np.uint8), rng.integers(0, 10, 103, dtype=np.uint8)
    trainer = Trainer(network, config, n=103, steps=2 * -(-103 // batch))
    encoding = np.eye(10, dtype=network.dtype)

    def epoch() -> float:
        batches = mini_batches(images, labels, encoding, batch, rng.permutation(103))
        if plain:
            return sum(cost for cost, _ in take_steps(trainer.step, batches, lambda: trainer.eta)) / 103
        return train_epoch(trainer, batches, 103)

    return [epoch() for _ in range(2)]


@pytest.mark.parametrize("schedule", ["constant", "linear"])
@pytest.mark.parametrize("batch", [1, 10, 200])
@pytest.mark.parametrize(("side", "hidden"), [(5, 7), (28, 30)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_training_ends_in_the_same_bytes(dtype: str, side: int, hidden: int, batch: int, schedule: str) -> None:
    config = TrainingConfig(eta=3.0, schedule=SCHEDULES[schedule])
    plain, fused = (random_network([side * side, hidden, 10], np.random.default_rng(0), dtype) for _ in range(2))
    costs = learn(plain, config, True, side, batch)
    assert learn(fused, config, False, side, batch) == costs
    for one, other in zip(plain.layers, fused.layers, strict=True):
        assert one.parameters.tobytes() == other.parameters.tobytes()


def test_an_epoch_that_is_cut_short_leaves_whole_weights() -> None:
    def stop(done: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    networks = [random_network([9, 5, 10], np.random.default_rng(0)) for _ in range(2)]
    x, y = np.ones((10, 10), np.float32), np.eye(10, dtype=np.float32)
    with pytest.raises(KeyboardInterrupt):
        train_epoch(plain_trainer(networks[0], 3.0), [(x, y)] * 10, 100, stop)
    plain = plain_trainer(networks[1], 3.0)
    for _ in range(5):
        plain.step(x, y, 3.0)
    for one, other in zip(networks[0].layers, networks[1].layers, strict=True):
        assert one.parameters.tobytes() == other.parameters.tobytes()


@pytest.mark.parametrize(
    "line",
    ["dense 10 sigmoid", "dense 5 tanh, dense 10 sigmoid", "dense 5 sigmoid, dropout 0.5, dense 10 sigmoid",
     "dense 5 sigmoid, dense 5 sigmoid, dense 10 sigmoid", "conv 2 3x3, dense 10 sigmoid"],
)  # fmt: skip
def test_other_networks_are_not_supported(line: str) -> None:
    source = random_initializer(INITIALIZERS["N(0,1)"], np.random.default_rng(0), "float32")
    assert not is_supported(Network(build(line, (6, 6), source), QUADRATIC))
    assert not is_supported(random_network([9, 5, 10], np.random.default_rng(0), cost=CROSS_ENTROPY))
    assert is_supported(random_network([9, 5, 10], np.random.default_rng(0)))


@pytest.mark.parametrize(
    "besides",
    [{"optimizer": OPTIMIZERS["momentum"]}, {"penalties": Penalties(l2=5.0)}, {"penalties": Penalties(max_norm=1.0)},
     {"average": 0.9}],
    ids=str,
)  # fmt: skip
def test_other_configurations_use_the_plain_step(besides: dict[str, object]) -> None:
    config = replace(TrainingConfig(eta=0.5), **besides)
    plain, trained, chapter = (random_network([25, 7, 10], np.random.default_rng(0)) for _ in range(3))
    learn(plain, config, True, 5, 10)
    learn(trained, config, False, 5, 10)
    learn(chapter, TrainingConfig(eta=0.5), False, 5, 10)
    assert plain.last.parameters.tobytes() == trained.last.parameters.tobytes()
    if "average" not in besides:
        assert plain.last.parameters.tobytes() != chapter.last.parameters.tobytes()
