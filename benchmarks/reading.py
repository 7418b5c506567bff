"""How well `nn read` reads strips, by how close the digits stand, beside what the network's single digits allow.

Run as `python benchmarks/reading.py artifacts/data.npz artifacts/reader.npz [--split validation] [--strips 1000]`. The
strips are composed of the split's images (`strips.py`); the ceiling for k digits is p^k, for the share p of the split's
single images that the network reads right as they are.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import strips

from nn.models.network.metrics import count_correct
from nn.models.strings.synthesis.pen_marks import pen_mark
from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.read import read_grey
from nn.stages.store import artifacts

DIGITS = 5


def main() -> None:
    """Print a row for each spacing, then what becomes of marks, and the time for ten digits."""
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("weights", type=Path, nargs="+", help="several vote")
    options.add_argument("--split", default="test")
    options.add_argument("--strips", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", nargs="*", default=list(strips.SPACINGS))
    options.add_argument("--known", action="store_true", help="tell the reader how many digits there are")
    chosen = options.parse_args()
    arrays = artifacts.load(chosen.data, "dataset").arrays
    images, labels = arrays[f"{chosen.split}_images"], arrays[f"{chosen.split}_labels"]
    reader = EnsemblePredictor(chosen.weights)
    p = count_correct(reader.probabilities(images), labels) / len(labels)
    print(f"{reader}: {p:.2%} of {len(labels):,} single {chosen.split} images; ceiling for {DIGITS}: {p**DIGITS:.2%}")
    print("| spacing | strips | exact | below the ceiling | digits right | number of digits right |")
    print("|---|---:|---:|---:|---:|---:|")
    for spacing in chosen.only:
        exact, digits, counts = measure(images, labels, spacing, reader, chosen)
        spread = 1.96 * math.sqrt(exact * (1 - exact) / chosen.strips)
        print(
            f"| {spacing} | {chosen.strips} | {exact:.1%} ± {spread:.1%} "
            f"| {100 * (p**DIGITS - exact):.1f} | {digits:.2%} | {counts:.1%} |",
            flush=True,
        )
    marks(reader, chosen.seed)
    commas(images, labels, reader, chosen.seed)
    speed(images, labels, reader, chosen.seed)


def measure(images, labels, spacing, reader, chosen):
    """The shares of strips that are read exactly, of digits that are right, and of strips with the right number."""
    rng = np.random.default_rng([chosen.seed, list(strips.SPACINGS).index(spacing)])
    exact = wrong = counts = 0
    for _ in range(chosen.strips):
        strip = strips.strip(images, labels, spacing, rng, DIGITS)
        found = text_of(strip.picture, reader, DIGITS if chosen.known else None)
        exact += found == strip.text
        counts += len(found) == DIGITS
        wrong += distance(found, strip.text)
    return exact / chosen.strips, 1 - wrong / (DIGITS * chosen.strips), counts / chosen.strips


def text_of(picture, reader, length=None):
    """What is read, all lines one behind another."""
    written, _ = read_grey(picture, reader, length=length)
    return "".join(str(digit.digit) for line in written for digit in line)


def distance(found, text):
    """How many digits must be put in, left out or changed to make one of the other (Levenshtein)."""
    row = list(range(len(text) + 1))
    for number, letter in enumerate(found, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(text, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != other))
    return row[-1]


def marks(reader, seed, count=500):
    """How many dots, blots, dashes and scribbles, alone on a paper, turn into digits."""
    rng = np.random.default_rng([seed, 100])
    taken = sum(bool(text_of(strips.pictured(np.pad(pen_mark(rng), 20), rng), reader)) for _ in range(count))
    print(f"{taken} of {count} marks that are no digit were taken for one")


def commas(images, labels, reader, seed, count=200):
    """How many strips of four digits with two commas are read exactly, and how many with a digit too many."""
    rng = np.random.default_rng([seed, 102])
    exact = more = 0
    for _ in range(count):
        strip = strips.strip(images, labels, "spaced", rng, 4, commas=2)
        found = text_of(strip.picture, reader)
        exact += found == strip.text
        more += len(found) > 4
    print(f"of {count} strips of 4 digits and 2 commas, {exact} were read exactly, {more} with a digit too many")


def speed(images, labels, reader, seed, repeats=20):
    """The median and the most time in which a strip of ten touching digits is read, ink to text."""
    rng = np.random.default_rng([seed, 101])
    seconds = []
    for _ in range(repeats):
        picture = strips.strip(images, labels, "touching", rng, 10).picture
        started = time.process_time()
        text_of(picture, reader)
        seconds.append(time.process_time() - started)
    print(f"ten digits, CPU seconds: median {np.median(seconds):.3f}, most {max(seconds):.3f}")


if __name__ == "__main__":
    main()
