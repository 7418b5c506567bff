"""The scripts of the pages, run in Node, and what they should answer."""

import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.dense import Dense
from nndigits.models.network.costs import COSTS
from nndigits.models.network.network import Network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.pages import networks

PAGES = Path(__file__).resolve().parents[1] / "pages"

READ = """
const { calibrated, Network, vote } = await import(PAGES + "/draw/network.js");
const { findDigit } = await import(PAGES + "/draw/digit_finder.js");
const { Drawing } = await import(PAGES + "/draw/drawing.js");
const { readFileSync, writeSync } = await import("node:fs");
const job = JSON.parse(readFileSync(0));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const networks = job.networks.map((one) => new Network(one));
function read(image) {
  const all = networks.map((network) => {
    network.forward(image);
    return calibrated(network);
  });
  return [...all, vote(all)].map((one) => ({ classes: [...one.classes], digit: one.digit }));
}
const prepared = (grey) => findDigit(grey, ...job.image);
const answer = ({ image, problem }) => ({ image: [...image], problem, read: read(image) });
const drawings = job.drawings.map((strokes) => {
  const drawing = new Drawing();
  for (const { width, points } of strokes) {
    drawing.begin(points[0], points[1], width);
    for (let at = 2; at < points.length; at += 2) drawing.extend(points[at], points[at + 1]);
  }
  return answer(prepared(drawing.asPicture()));
});
const pictures = job.pictures.map(({ height, width, grey }) =>
  answer(prepared({ height, width, data: Float32Array.from(bytes(grey)) })));
const answers = Buffer.from(JSON.stringify({ drawings, pictures }));
for (let at = 0; at < answers.length; ) at += writeSync(1, answers, at);
"""


TRAIN = """
const { LearningNetwork } = await import(PAGES + "/learning/network.js");
const { Images, ImageRows } = await import(PAGES + "/learning/rows.js");
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


def encoded(array: np.ndarray) -> str:
    """Return bytes in base64."""
    return base64.b64encode(np.ascontiguousarray(array, np.uint8).tobytes()).decode()


def node() -> str | None:
    """Return the path of Node, or None."""
    return shutil.which("node")


def in_node(weights: Sequence[Path], strokes: Sequence[Any], pictures: Sequence[np.ndarray] = ()) -> Any:
    """Return what the page's modules answer to drawings and grey pictures."""
    loaded = networks.load(list(weights))
    job = {
        "networks": networks.exported(loaded),
        "image": loaded[0][0].about["image"],
        "drawings": list(strokes),
        "pictures": [{"height": len(one), "width": len(one[0]), "grey": encoded(one)} for one in pictures],
    }
    return run_node(READ, job)


def run_node(script: str, job: Any) -> Any:
    """Run a script in Node with a job on its standard input, and return what it answers as JSON."""
    command = [str(node()), "--input-type=module", "-e", f"const PAGES = {json.dumps(PAGES.as_uri())};\n{script}"]
    done = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return json.loads(done.stdout)


def compare(reader: EnsemblePredictor, place: int, images: np.ndarray, answers: Sequence[Any]) -> tuple[float, int]:
    """Return the largest difference of a probability, and how many answers differ, for one network or the vote."""
    classes, digit = reader.predict(images)
    found = np.array([one[place]["classes"] for one in answers])
    digits = np.array([1.0 if one[place]["digit"] is None else one[place]["digit"] for one in answers])
    largest = max(float(np.abs(found - classes).max()), float(np.abs(digits - digit).max()))
    return largest, int(np.sum(found.argmax(axis=1) != classes.argmax(axis=1)))


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
