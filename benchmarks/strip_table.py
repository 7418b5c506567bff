"""Compare `nn read` with the accuracy of its network on single digits, and with a beginner's thirty lines.

Each row is a kind of strip: a generator (`strips.py`, or `baseline_strips.py`, on which nothing was tuned), a spacing
and a number of digits. The ceiling is p^k, where p is the accuracy on the images of the k digits before composition.

    python benchmarks/strip_table.py artifacts/data.npz artifacts/best.npz [--split validation] [--strips 300]
"""

import argparse
from pathlib import Path

import baseline_strips
import beginner
import numpy as np
import strips

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.read import read_grey
from nndigits.stages.store import artifacts


def three_times_larger(images, spacing, rng):
    """Return the ink of an uneven strip, three times larger."""
    return strips.uneven_ink(images, spacing, rng, 3)


GENERATORS = {
    "uneven": (strips.uneven_ink, strips.pictured),
    "uneven, large": (three_times_larger, strips.pictured),
    "even": (strips.even_ink, strips.pictured),
    "on a baseline": (baseline_strips.baseline_ink, baseline_strips.photographed),
}
"""How digits are composed, and how their ink becomes a picture."""

LENGTHS = 1, 2, 3, 5, 8, 12

ROWS = [
    *(("uneven", "spaced", length, 1) for length in LENGTHS),
    ("uneven", "spaced", 5, 3),
    ("uneven", "touching", 5, 1),
    ("uneven, large", "touching", 5, 1),
    ("uneven", "overlapping by 2", 5, 1),
    ("uneven", "overlapping by 4", 5, 1),
    ("even", "spaced", 5, 1),
    ("even", "touching", 5, 1),
    ("even", "overlapping by 2", 5, 1),
    *(("on a baseline", "spaced", length, 1) for length in LENGTHS),
    ("on a baseline", "spaced", 5, 3),
    ("on a baseline", "touching", 5, 1),
    ("on a baseline", "overlapping", 5, 1),
]
"""The generator, the spacing, the digits in a line and the number of lines."""


def main() -> None:
    """Print a row for each kind of strip: the percentages that are read exactly."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+", help="several form an ensemble")
    parser.add_argument("--split", default="test")
    parser.add_argument("--strips", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=list(GENERATORS))
    options = parser.parse_args()
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays[f"{options.split}_images"], arrays[f"{options.split}_labels"]
    predictor = EnsemblePredictor(options.weights)
    right = predictor.probabilities(images).argmax(axis=1) == labels
    print("| strips | digits | nn read | right number | thirty lines | ceiling |\n|---|---:|---:|---:|---:|---:|")
    for number, (generator, spacing, length, lines) in enumerate(ROWS):
        if generator not in options.only:
            continue
        rng = np.random.default_rng([options.seed, number])
        exact, counts, simple, single = [], [], [], []
        for _ in range(options.strips):
            chosen = rng.integers(0, len(images), (lines, length))
            picture, text = pictured(images[chosen], generator, spacing, rng), written(labels[chosen])
            read = "\n".join("".join(str(one.digit) for one in line) for line in read_grey(picture, predictor).lines)
            exact.append(read == text)
            counts.append([*map(len, read.split())] == [length] * lines)
            simple.append(lines == 1 and beginner.read(picture, predictor) == text)
            single.append(right[chosen].mean())
        ceiling = np.mean(single) ** (length * lines)
        print(
            f"| {generator}, {spacing} | {f'{lines} x ' if lines > 1 else ''}{length} | {np.mean(exact):.1%} "
            f"| {np.mean(counts):.1%} | {f'{np.mean(simple):.1%}' if lines == 1 else ''} | {ceiling:.1%} |",
            flush=True,
        )


def pictured(images, generator, spacing, rng):
    """Compose images, ``(lines, digits, height, width)`` bytes, and return the picture."""
    compose, render = GENERATORS[generator]
    inks = [compose(line, spacing, rng) for line in images]
    return render(strips.page_ink(inks, rng) if len(inks) > 1 else inks[0], rng)


def written(labels):
    """Return the text of labels, ``(lines, digits)``."""
    return "\n".join("".join(map(str, line)) for line in labels)


if __name__ == "__main__":
    main()
