"""Measure the accuracy of `nn read` on strips of digits, for several spacings.

The strips are composed of a split's images (`strips.py`). The ceiling for k digits is p^k, where p is the accuracy of
the network on the single images.

    python benchmarks/reading.py artifacts/data.npz artifacts/reader.npz [--split validation] [--strips 1000]
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import strips

from nndigits.models.negatives.hard_negatives import pen_mark
from nndigits.models.network.metrics import count_correct
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.read import read_grey
from nndigits.stages.store import artifacts

DIGITS = 5


def main() -> None:
    """Print a row for each spacing, then the results for pen marks and commas, and the time for ten digits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+", help="several form an ensemble")
    parser.add_argument("--split", default="test")
    parser.add_argument("--strips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=list(strips.SPACINGS))
    parser.add_argument("--known", action="store_true", help="give the number of digits, as `nn read --digits`")
    options = parser.parse_args()
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays[f"{options.split}_images"], arrays[f"{options.split}_labels"]
    predictor = EnsemblePredictor(options.weights)
    p = count_correct(predictor.probabilities(images), labels) / len(labels)
    print(
        f"{predictor}: {p:.2%} of {len(labels):,} single {options.split} images; ceiling for {DIGITS}: {p**DIGITS:.2%}"
    )
    print("| spacing | strips | exact | below the ceiling | digits right | number of digits right |")
    print("|---|---:|---:|---:|---:|---:|")
    for spacing in options.only:
        exact, digits, counts = measure(images, labels, spacing, predictor, options)
        spread = 1.96 * math.sqrt(exact * (1 - exact) / options.strips)
        print(
            f"| {spacing} | {options.strips} | {exact:.1%} ± {spread:.1%} "
            f"| {100 * (p**DIGITS - exact):.1f} | {digits:.2%} | {counts:.1%} |",
            flush=True,
        )
    marks(predictor, options.seed)
    commas(images, labels, predictor, options.seed)
    speed(images, labels, predictor, options.seed)


def measure(images, labels, spacing, predictor, options):
    """Return the fractions of strips read exactly, of digits that are right, and of strips with the right length."""
    rng = np.random.default_rng([options.seed, list(strips.SPACINGS).index(spacing)])
    exact = wrong = counts = 0
    for _ in range(options.strips):
        strip = strips.strip(images, labels, spacing, rng, DIGITS)
        read = text_of(strip.picture, predictor, DIGITS if options.known else None)
        exact += read == strip.text
        counts += len(read) == DIGITS
        wrong += distance(read, strip.text)
    return exact / options.strips, 1 - wrong / (DIGITS * options.strips), counts / options.strips


def text_of(picture, predictor, length=None):
    """Return the digits that are read, with all lines joined."""
    lines = read_grey(picture, predictor, length=length).lines
    return "".join(str(digit.digit) for line in lines for digit in line)


def distance(read, text):
    """Return the Levenshtein distance: the least number of digits to insert, delete or change."""
    row = list(range(len(text) + 1))
    for number, letter in enumerate(read, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(text, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != other))
    return row[-1]


def marks(predictor, seed, count=500):
    """Count the dots, blots, dashes and scribbles, alone on a sheet, that are read as digits."""
    rng = np.random.default_rng([seed, 100])
    accepted = sum(bool(text_of(strips.pictured(np.pad(pen_mark(rng), 20), rng), predictor)) for _ in range(count))
    print(f"{accepted} of {count} pen marks were read as digits")


def commas(images, labels, predictor, seed, count=200):
    """Count the strips of four digits with two commas that are read exactly, and those with extra digits."""
    rng = np.random.default_rng([seed, 102])
    exact = more = 0
    for _ in range(count):
        strip = strips.strip(images, labels, "spaced", rng, 4, commas=2)
        read = text_of(strip.picture, predictor)
        exact += read == strip.text
        more += len(read) > 4
    print(f"of {count} strips of 4 digits and 2 commas, {exact} were read exactly, {more} with too many digits")


def speed(images, labels, predictor, seed, repeats=20):
    """Print the median and maximum CPU seconds of reading a strip of ten touching digits."""
    rng = np.random.default_rng([seed, 101])
    seconds = []
    for _ in range(repeats):
        picture = strips.strip(images, labels, "touching", rng, 10).picture
        started = time.process_time()
        text_of(picture, predictor)
        seconds.append(time.process_time() - started)
    print(f"ten digits, CPU seconds: median {np.median(seconds):.3f}, maximum {max(seconds):.3f}")


if __name__ == "__main__":
    main()
