"""The chapter's network written out learns to the bytes of the plain version, and only what it is gets there."""

from dataclasses import replace

import numpy as np
import pytest

from nn.models.layers.initializers import INITS, drawn
from nn.models.network.architecture import build
from nn.models.network.costs import CROSS_ENTROPY, QUADRATIC
from nn.models.network.network import Network, random_network
from nn.models.training.fused_step import is_the_chapters
from nn.models.training.loop import learn_all
from nn.models.training.mini_batches import mini_batches
from nn.models.training.optimizers import RULES
from nn.models.training.penalties import Penalties
from nn.models.training.schedules import SCHEDULES
from nn.models.training.trainer import Method, Trainer


def learn(network: Network, method: Method, plainly: bool, side: int, batch: int) -> list[float]:
    """Two epochs of 103 images; their costs."""
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, (103, side, side), dtype=np.uint8), rng.integers(0, 10, 103, dtype=np.uint8)
    trainer = Trainer(network, method, n=103, steps=2 * -(-103 // batch))
    code = np.eye(10, dtype=network.dtype)

    def epoch() -> float:
        batches = mini_batches(images, labels, code, batch, rng.permutation(103))
        if plainly:
            return learn_all(lambda x, y: trainer.step(x, y, trainer.eta), batches, 103)
        return trainer.learn(batches, 103)

    return [epoch() for _ in range(2)]


@pytest.mark.parametrize("schedule", ["constant", "linear"])
@pytest.mark.parametrize("batch", [1, 10, 200])
@pytest.mark.parametrize(("side", "hidden"), [(5, 7), (28, 30)])  # rows that are short, and rows filled up
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_learns_to_the_same_bytes(dtype: str, side: int, hidden: int, batch: int, schedule: str) -> None:
    method = Method(eta=3.0, schedule=SCHEDULES[schedule])
    plain, written_out = (random_network([side * side, hidden, 10], np.random.default_rng(0), dtype) for _ in range(2))
    costs = learn(plain, method, True, side, batch)
    assert learn(written_out, method, False, side, batch) == costs
    for one, other in zip(plain.layers, written_out.layers, strict=True):
        assert one.parameters.tobytes() == other.parameters.tobytes()


def test_an_epoch_that_is_cut_short_leaves_whole_weights() -> None:
    def stop(done: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    networks = [random_network([9, 5, 10], np.random.default_rng(0)) for _ in range(2)]
    x, y = np.ones((10, 10), np.float32), np.eye(10, dtype=np.float32)
    with pytest.raises(KeyboardInterrupt):
        Trainer(networks[0], Method(eta=3.0), n=100, steps=10).learn([(x, y)] * 10, 100, stop)
    plain = Trainer(networks[1], Method(eta=3.0), n=100, steps=10)
    for _ in range(5):
        plain.step(x, y, 3.0)
    for one, other in zip(networks[0].layers, networks[1].layers, strict=True):
        assert one.parameters.tobytes() == other.parameters.tobytes()


@pytest.mark.parametrize(
    "line",
    ["dense 10 sigmoid", "dense 5 tanh, dense 10 sigmoid", "dense 5 sigmoid, dropout 0.5, dense 10 sigmoid",
     "dense 5 sigmoid, dense 5 sigmoid, dense 10 sigmoid", "conv 2 3x3, dense 10 sigmoid"],
)  # fmt: skip
def test_other_layers_are_not_the_chapters(line: str) -> None:
    source = drawn(INITS["N(0,1)"], np.random.default_rng(0), "float32")
    assert not is_the_chapters(Network(build(line, (6, 6), source), QUADRATIC))
    assert not is_the_chapters(random_network([9, 5, 10], np.random.default_rng(0), cost=CROSS_ENTROPY))
    assert is_the_chapters(random_network([9, 5, 10], np.random.default_rng(0)))


@pytest.mark.parametrize(
    "besides",
    [{"rule": RULES["momentum"]}, {"penalties": Penalties(l2=5.0)}, {"penalties": Penalties(max_norm=1.0)},
     {"average": 0.9}],
    ids=str,
)  # fmt: skip
def test_what_else_is_asked_for_is_done(besides: dict[str, object]) -> None:
    method = replace(Method(eta=0.5), **besides)
    plain, learned, chapter = (random_network([25, 7, 10], np.random.default_rng(0)) for _ in range(3))
    learn(plain, method, True, 5, 10)
    learn(learned, method, False, 5, 10)
    learn(chapter, Method(eta=0.5), False, 5, 10)
    assert plain.last.parameters.tobytes() == learned.last.parameters.tobytes()
    if "average" not in besides:
        assert plain.last.parameters.tobytes() != chapter.last.parameters.tobytes()
