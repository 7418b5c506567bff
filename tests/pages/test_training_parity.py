"""The network that learns in the page against nn's: gradients, and weights after an epoch, in Node."""

import numpy as np
import page_scripts
import pytest

from nndigits.models.network.costs import COSTS
from nndigits.models.network.gradients import gradients
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.stages.pages.networks import ACTIVATIONS

pytestmark = pytest.mark.skipif(
    page_scripts.node() is None, reason="the page's modules are run by Node, which is not here"
)

TRAINABLE = [name for name in ACTIVATIONS if name not in ("softmax", "step")]
HIDDEN = [(), (7,), (9, 5), (6, 8, 4)]
RUNS = 8
"""Of each cost and activation, with other sizes, images, weights, eta and mini-batches each."""


def test_gradients_and_an_epoch_are_those_of_nn() -> None:
    rng = np.random.default_rng(11)
    cases, jobs = [], []
    for cost in COSTS:
        for activation in TRAINABLE:
            for number in range(RUNS):
                images = rng.integers(0, 256, (47, 6, 5), dtype=np.uint8) * (rng.random((47, 6, 5)) < 0.5)
                labels = rng.integers(0, 10, 47).astype(np.uint8)
                batch = int(rng.choice([1, 4, 10, 47]))
                eta = float(10 ** rng.uniform(-2, -0.3))
                sizes = [30, *HIDDEN[number % len(HIDDEN)], 10]
                network = page_scripts.made_network(sizes, activation, cost, rng, 0.5)
                order = rng.permutation(47)
                jobs.append(page_scripts.job_of(network, images, labels, order, activation, eta, batch))
                cases.append((network, images, labels, order, eta, batch))
    answers = page_scripts.run_node(page_scripts.TRAIN + page_scripts.ANSWER, jobs)
    assert len(answers) == len(COSTS) * len(TRAINABLE) * RUNS
    for (network, images, labels, order, eta, batch), answer in zip(cases, answers, strict=True):
        first = order[:batch]
        x, y = as_inputs(images[first], "float64"), one_hot(labels[first], 10, "float64")
        cost, nablas = gradients(network, x, y)
        assert answer["firstCost"] == pytest.approx(cost, rel=1e-10)
        for nabla, other in zip(nablas, answer["gradient"], strict=True):
            np.testing.assert_allclose(page_scripts.decoded(other), nabla[:, :-1].T.ravel(), rtol=1e-8, atol=1e-11)
        total = page_scripts.learn_epoch(network, images, labels, order, eta, batch)
        assert answer["total"] == pytest.approx(total, rel=1e-8)
        assert page_scripts.difference(network, answer) < 1e-9
