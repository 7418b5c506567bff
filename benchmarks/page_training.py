"""Measure the network that learns in the page of `nn chapter`, in Node and in Chromium, and compare it with nn.

The table has the times of an epoch and the largest difference of a weight after one, from the same initial weights and
the same order of images in double precision.

    python benchmarks/page_training.py DATA [--images 10000] [--hidden 30] [--epochs 5]
"""

import argparse
import base64
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from page_parity import PAGES, encoded, node

from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.dense import Dense
from nndigits.models.network.costs import COSTS
from nndigits.models.network.network import Network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.datasets import data_artifact
from nndigits.stages.pages.page import joined

IN_NODE = """
const { LearningNetwork } = await import(PAGES + "/training/network.js");
const { Images, ImageRows } = await import(PAGES + "/training/rows.js");
const { Run } = await import(PAGES + "/training/run.js");
const { readFileSync, writeSync } = await import("node:fs");
const job = JSON.parse(readFileSync(0));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const numbers = (text) => new Float64Array(bytes(text).buffer);
const text = (array) => Buffer.from(array.buffer).toString("base64");
function trained({ images, labels, parameters, order, activation, cost, eta, batch }) {
  const seen = new Images(bytes(images), bytes(labels));
  const all = parameters.map(({ w, b }) => ({ w: numbers(w), b: numbers(b) }));
  const network = new LearningNetwork(all, activation, cost);
  const places = Uint32Array.from(order);
  const of = (chosen) => Uint8Array.from(chosen, (image) => seen.labels[image]);
  const first = places.subarray(0, batch);
  const firstCost = network.backpropagate(new ImageRows(seen, first), of(first));
  const gradient = network.layers.map((layer) => {
    const w = new Float64Array(layer.w.length);
    layer.rows.subtractGradient(-1, layer.delta, w, layer.outputs);
    return text(w);
  });
  let total = 0;
  for (let at = 0; at < places.length; at += batch) {
    const chosen = places.subarray(at, at + batch);
    total += network.step(new ImageRows(seen, chosen), of(chosen), eta);
  }
  return { firstCost, gradient, total, parameters: all.map(({ w, b }) => ({ w: text(w), b: text(b) })) };
}
"""

ANSWER = """
const answers = Buffer.from(JSON.stringify(job.map(trained)));
for (let at = 0; at < answers.length; ) at += writeSync(1, answers, at);
"""

TIMES = """
function times({ bytes, labels, setup, epochs, score }, clock) {
  const images = new Images(bytes, labels);
  const run = new Run(setup, images);
  const found = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const started = clock();
    do run.step(); while (run.done);
    const trained = clock();
    if (score) run.score(images);
    found.push([trained - started, clock() - trained]);
  }
  return found;
}
"""


def run_node(script: str, job: Any) -> Any:
    """Run a script in Node with a job as its input, and return what it answers."""
    whole = f"const PAGES = {json.dumps(PAGES.as_uri())};\n{script}"
    command = [str(node()), "--input-type=module", "-e", whole]
    done = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return json.loads(done.stdout)


def numbers(array: np.ndarray) -> str:
    """Return numbers in double precision in base64."""
    return base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def decoded(text: str) -> np.ndarray:
    """Return numbers from base64."""
    return np.frombuffer(base64.b64decode(text), "<f8")


def made_network(
    sizes: Sequence[int], activation: str, cost: str, rng: np.random.Generator, width: float = 1.0
) -> Network:
    """Return a network of random weights in double precision, as the page makes them from its settings."""
    last = COSTS[cost].activation or "sigmoid"
    layers = []
    for place in range(1, len(sizes)):
        name = activation if place < len(sizes) - 1 else last
        w = rng.normal(0, width, (sizes[place], sizes[place - 1]))
        layers.append(Dense(w, rng.normal(0, width, sizes[place]), ACTIVATIONS[name]))
    return Network(layers, COSTS[cost])


def job_of(
    network: Network, images: np.ndarray, labels: np.ndarray, order: np.ndarray, activation: str, eta: float, batch: int
) -> dict[str, Any]:
    """Return what the page's modules need to train this network."""
    return {
        "images": encoded(images),
        "labels": encoded(labels),
        "parameters": [{"w": numbers(layer.w.T), "b": numbers(layer.b)} for layer in network.dense],
        "order": order.tolist(),
        "activation": activation,
        "cost": network.cost.name,
        "eta": eta,
        "batch": batch,
    }


def learn_epoch(
    network: Network, images: np.ndarray, labels: np.ndarray, order: np.ndarray, eta: float, batch: int
) -> float:
    """Train for one epoch with nn; return the cost summed over the images."""
    batches = mini_batches(images, labels, np.eye(10), batch, order)
    return train_epoch(plain_trainer(network, eta), batches, len(order)) * len(order)


def difference(network: Network, answer: dict[str, Any]) -> float:
    """Return the largest difference of a weight or bias, relative to the largest weight if that is above 1."""
    apart = 0.0
    for layer, other in zip(network.dense, answer["parameters"], strict=True):
        scale = max(1.0, float(np.abs(layer.parameters).max()))
        apart = max(apart, float(np.abs(layer.w.T.ravel() - decoded(other["w"])).max()) / scale)
        apart = max(apart, float(np.abs(layer.b - decoded(other["b"])).max()) / scale)
    return apart


def in_chromium(job: dict[str, Any]) -> list[list[float]]:
    """Return the times of epochs in Chromium, in milliseconds."""
    import shutil

    from playwright.sync_api import sync_playwright

    module = joined(PAGES, "training/run.js")
    script = (
        f"(job) => {{ {module}\nconst {{ Run }} = training$run; const {{ Images }} = training$rows;\n{TIMES}"
        "const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));"
        "return times({ ...job, bytes: bytes(job.bytes), labels: bytes(job.labels) }, () => performance.now()); }"
    )
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        found: list[list[float]] = browser.new_page().evaluate(script, job)
        browser.close()
    return found


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--hidden", type=int, default=30)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--node-only", action="store_true")
    given = parser.parse_args(arguments)
    arrays = data_artifact.load(given.data).arrays
    images, labels = arrays["train_images"][: given.images], arrays["train_labels"][: given.images]
    rng = np.random.default_rng(0)
    network = made_network([images[0].size, given.hidden, 10], "sigmoid", "quadratic", rng)
    order = rng.permutation(len(images))
    job = job_of(network, images, labels, order, "sigmoid", 3.0, 10)
    (answer,) = run_node(IN_NODE + ANSWER, [job])
    learn_epoch(network, images, labels, order, 3.0, 10)
    setup = {"hidden": [given.hidden], "activation": "sigmoid", "cost": "quadratic", "init": "N(0,1)"}
    timed = {
        "bytes": encoded(images),
        "labels": encoded(labels),
        "setup": {**setup, "eta": 3.0, "batch": 10, "seed": 0},
        "epochs": given.epochs,
        "score": True,
    }
    cpu = "const clock = () => (({ user, system }) => (user + system) / 1000)(process.cpuUsage());\n"
    end = "console.log(JSON.stringify(times({ ...job, bytes: bytes(job.bytes), labels: bytes(job.labels) }, CLOCK)));"
    rows = {
        "Node": run_node(IN_NODE + TIMES + end.replace("CLOCK", "() => performance.now()"), timed),
        "Node, CPU": run_node(IN_NODE + TIMES + cpu + end.replace("CLOCK", "clock"), timed),
    }
    if not given.node_only:
        rows["Chromium"] = in_chromium(timed)
    print(
        f"{len(images):,} images of {images[0].size} pixels, {network}, {given.epochs} epochs; after one, weights "
        f"differ from nn's by at most {difference(network, answer):.1e}\n"
    )
    print("| ms | epoch | fastest | images scored | fastest |\n|---|--:|--:|--:|--:|")
    for name, times in rows.items():
        train, score = np.array(times).T
        print(f"| {name} | {np.median(train):.0f} | {train.min():.0f} | {np.median(score):.0f} | {score.min():.0f} |")


if __name__ == "__main__":
    main()
