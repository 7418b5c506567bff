"""The network that learns in the page, and the lens, against nn's: gradients, weights after an epoch, every number of
the backward pass, and what an update does, in Node."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import page_scripts
import pytest

from nndigits.models.network.costs import COSTS
from nndigits.models.network.gradients import gradients
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import Network
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.pages.networks import ACTIVATIONS

pytestmark = pytest.mark.skipif(
    page_scripts.node() is None, reason="the page's modules are run by Node, which is not here"
)

TRAINABLE = [name for name in ACTIVATIONS if name not in ("softmax", "step")]
RUNS = 8
"""Of each cost and activation, with other sizes, images, weights, eta and mini-batches each."""

SCRIPT = """
const { LensNetwork } = await import(PAGES + "/learning/lens_network.js");
const { readFileSync, writeSync } = await import("node:fs");
const job = JSON.parse(readFileSync(0));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const numbers = (text) => new Float64Array(bytes(text).buffer);
function trained({ images, labels, parameters, activation, cost, eta }) {
  const all = parameters.map(({ w, b }) => ({ w: numbers(w), b: numbers(b) }));
  const x = Float64Array.from(bytes(images), (byte) => byte / 255);
  const lens = new LensNetwork(all, activation, cost, x, bytes(labels)[0]);
  const layers = lens.layers.map(({ z, a, delta }) => ({ z: [...z], a: [...a], delta: [...delta] }));
  const { squaredGradient } = lens;
  const last = lens.layers.at(-1);
  const place = last.b.length + 3;
  const change = -eta * last.inputs[1] * last.delta[3];
  const one = lens.costAfterChange(last.w, place, change);
  const all_ = lens.costAfterUpdate(eta);
  const before = lens.cost;
  lens.update(eta, 1);
  return { cost: before, layers, squaredGradient, change, one, all: all_, updated: lens.cost };
}
"""


def networks(rng: np.random.Generator) -> Iterator[tuple[Network, str]]:
    """Yield networks of 30 inputs, from none to three hidden layers, with their activation."""
    for cost in COSTS:
        for activation in TRAINABLE:
            for number in range(RUNS):
                sizes = [30, *((), (7,), (9, 5), (6, 8, 4))[number % 4], 10]
                yield page_scripts.made_network(sizes, activation, cost, rng, 0.5), activation


def test_gradients_and_an_epoch_are_those_of_nn() -> None:
    rng = np.random.default_rng(11)
    cases, jobs = [], []
    for network, activation in networks(rng):
        images = rng.integers(0, 256, (47, 6, 5), dtype=np.uint8) * (rng.random((47, 6, 5)) < 0.5)
        labels, order = rng.integers(0, 10, 47).astype(np.uint8), rng.permutation(47)
        batch, eta = int(rng.choice([1, 4, 10, 47])), float(10 ** rng.uniform(-2, -0.3))
        jobs.append(page_scripts.job_of(network, images, labels, order, activation, eta, batch))
        cases.append((network, images, labels, order, eta, batch))
    answers = page_scripts.run_node(page_scripts.TRAIN + page_scripts.ANSWER, jobs)
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


def cost_of(network: Network, x: np.ndarray, y: np.ndarray) -> float:
    a = network.forward(x)
    return network.cost.evaluate(a, y, np.empty_like(a))


def check(network: Network, image: np.ndarray, label: int, eta: float, answer: dict[str, Any]) -> None:
    x, y = as_inputs(image[None], "float64"), one_hot(np.array([label]), 10, "float64")
    cost, nablas = gradients(network, x, y)
    assert answer["cost"] == pytest.approx(cost, rel=1e-10)
    a = x[0, : network.inputs]
    for layer, found in zip(network.dense, answer["layers"], strict=True):
        np.testing.assert_allclose(found["z"], layer.w @ a + layer.b, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found["a"], layer.a[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found["delta"], layer.delta[0], rtol=1e-8, atol=1e-12)
        a = layer.a[0].copy()
    assert answer["squaredGradient"] == pytest.approx(sum(float(np.square(one).sum()) for one in nablas), rel=1e-8)
    assert answer["change"] == pytest.approx(-eta * nablas[-1][3, 1], rel=1e-8, abs=1e-12)
    weights = network.last.w
    weights[3, 1] += answer["change"]
    assert answer["one"] == pytest.approx(cost_of(network, x, y), rel=1e-9)
    weights[3, 1] -= answer["change"]
    plain_trainer(network, eta).step(x, y, eta)
    assert answer["all"] == answer["updated"]
    assert answer["all"] == pytest.approx(cost_of(network, x, y), rel=1e-7, abs=1e-12)


def test_the_numbers_of_the_lens_are_those_of_nn() -> None:
    rng = np.random.default_rng(3)
    cases, jobs = [], []
    for network, activation in networks(rng):
        image = rng.integers(0, 256, (6, 5), dtype=np.uint8)
        label, eta = int(rng.integers(10)), float(10 ** rng.uniform(-3, 0))
        jobs.append(
            page_scripts.job_of(network, image[None], np.array([label]), np.zeros(1, int), activation, eta, batch=1)
        )
        cases.append((network, image, label, eta))
    answers = page_scripts.run_node(SCRIPT + page_scripts.ANSWER, jobs)
    for case, answer in zip(cases, answers, strict=True):
        check(*case, answer)
