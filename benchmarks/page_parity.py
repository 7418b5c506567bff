"""Compare the page of `nn draw` with `nn predict`: the same images and drawings through both, the page's in Node.

Test images go through the networks of both, drawings through ink, preparation and networks. The table has
how far the probabilities are apart at most, and the page's times without the painting of the screen.

    python benchmarks/page_parity.py DATA WEIGHTS... [--images 1000] [--drawings 300] [--seed 0]
"""

import argparse
import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from freehand import drawings, render

from nndigits.models.images.digit_finder import FoundDigit, find_digit
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.pages import networks
from nndigits.stages.store import artifacts

PAGES = Path(__file__).resolve().parents[1] / "pages"

SCRIPT = """
const { Network } = await import(PAGES + "/network/network.js");
const { calibrated } = await import(PAGES + "/network/calibration.js");
const { vote } = await import(PAGES + "/network/ensemble.js");
const { findDigit } = await import(PAGES + "/images/digit_finder.js");
const { Drawing } = await import(PAGES + "/draw/drawing.js");
const { readFileSync, writeSync } = await import("node:fs");
const job = JSON.parse(readFileSync(0));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const networks = job.networks.map((one) => new Network(one));
const times = { preparation: [], networks: networks.map(() => []) };
function timed(list, work) {
  const started = performance.now();
  const result = work();
  list.push(performance.now() - started);
  return result;
}
function read(image) {
  const all = networks.map((network, place) => timed(times.networks[place], () => {
    network.forward(image);
    return calibrated(network);
  }));
  return [...all, vote(all)].map((one) => ({ classes: [...one.classes], digit: one.digit }));
}
const prepared = (grey) => timed(times.preparation, () => findDigit(grey, ...job.image));
const answer = ({ image, problem }) => ({ image: [...image], problem, read: read(image) });
const images = job.images.map((text) => read(bytes(text)));
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
const answers = Buffer.from(JSON.stringify({ images, drawings, pictures, times }));
for (let at = 0; at < answers.length; ) at += writeSync(1, answers, at);
"""


def encoded(array: np.ndarray) -> str:
    """Return bytes in base64."""
    return base64.b64encode(np.ascontiguousarray(array, np.uint8).tobytes()).decode()


def node() -> str | None:
    """Return the path of Node, or None."""
    return shutil.which("node")


def in_node(
    weights: Sequence[Path], images: np.ndarray, strokes: Sequence[Any] = (), pictures: Sequence[np.ndarray] = ()
) -> Any:
    """Return what the page's modules answer to images, ``(n, h, w)``, drawings and grey pictures."""
    loaded = networks.load(list(weights))
    job = {
        "networks": networks.exported(loaded),
        "image": loaded[0][0].about["image"],
        "images": [encoded(image) for image in images],
        "drawings": list(strokes),
        "pictures": [{"height": len(one), "width": len(one[0]), "grey": encoded(one)} for one in pictures],
    }
    return run_node(SCRIPT, job)


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


def own_difference(reader: EnsemblePredictor, images: np.ndarray) -> float:
    """Return how far Python's probabilities of images one by one are from those of all together."""
    single = np.concatenate([reader.probabilities(images[place : place + 1]) for place in range(len(images))])
    return float(np.abs(single - reader.probabilities(images)).max())


def main(arguments: list[str] | None = None) -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--drawings", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    images = artifacts.load(given.data, "dataset").arrays["test_images"][: given.images]
    strokes = [lines for _, _, lines in drawings(given.drawings, given.seed)]
    found: list[FoundDigit] = [find_digit(render(lines), *images.shape[1:]) for lines in strokes]
    seen = np.array([one.image for one in found])
    answers = in_node(given.weights, images, strokes)
    pages = np.array([one["image"] for one in answers["drawings"]]).reshape(seen.shape)
    apart = np.abs(pages.astype(int) - seen).reshape(len(seen), -1).max(axis=1)
    problems = sum(one.problem != other["problem"] for one, other in zip(found, answers["drawings"], strict=True))
    milliseconds = np.median(answers["times"]["preparation"])
    print(
        f"{len(seen)} drawings prepared, {milliseconds:.1f} ms each: {np.sum(apart == 0)} with equal bytes, "
        f"{np.sum(apart <= 1)} within 1 grey level, at most {apart.max()} apart; {problems} other problems found\n"
    )
    heads = ("network", "images", "apart", "other answers", "drawings", "apart", "other answers", "Python apart", "ms")
    print(f"| {' | '.join(heads)} |\n|---{'|--:' * (len(heads) - 1)}|")
    readers = [(path.name, EnsemblePredictor(path)) for path in given.weights]
    for place, (name, reader) in enumerate([*readers, ("vote", EnsemblePredictor(given.weights))]):
        on_images = compare(reader, place, images, answers["images"])
        on_drawings = compare(reader, place, seen, [one["read"] for one in answers["drawings"]])
        took = answers["times"]["networks"][place] if place < len(readers) else []
        cells = (
            *(name, len(images), f"{on_images[0]:.1e}", on_images[1]),
            *(len(seen), f"{on_drawings[0]:.1e}", on_drawings[1]),
            *(f"{own_difference(reader, seen):.1e}", f"{np.median(took):.2f}" if took else ""),
        )
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
