"""The numbers of the lens against nn's backpropagation: z, a, delta, derivatives, and what an update does, in Node."""

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
HIDDEN = [(), (15,), (9, 5), (6, 8, 4)]
IMAGES = 16
"""Of each cost and activation, each in a network of its own."""

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
    for cost in COSTS:
        for activation in TRAINABLE:
            for number in range(IMAGES):
                image = rng.integers(0, 256, (6, 5), dtype=np.uint8)
                label, eta = int(rng.integers(10)), float(10 ** rng.uniform(-3, 0))
                sizes = [30, *HIDDEN[number % len(HIDDEN)], 10]
                network = page_scripts.made_network(sizes, activation, cost, rng, 0.5)
                order = np.zeros(1, int)
                jobs.append(
                    page_scripts.job_of(network, image[None], np.array([label]), order, activation, eta, batch=1)
                )
                cases.append((network, image, label, eta))
    answers = page_scripts.run_node(SCRIPT + page_scripts.ANSWER, jobs)
    assert len(answers) == len(COSTS) * len(TRAINABLE) * IMAGES
    for case, answer in zip(cases, answers, strict=True):
        check(*case, answer)
