"""Estimate the weights of `models/strings/signs.py` from lines of training digits with drawn signs.

The marks of each line are found as `nn read` finds them, and named by what they were drawn as. A softmax is fitted to
their measurements. The rates of mistakes on lines of validation digits are printed, too.

    python benchmarks/fit_signs.py artifacts/data.npz [--lines 1500]
"""

import argparse
from itertools import accumulate
from pathlib import Path

import numpy as np
import strips
from PIL import Image, ImageDraw

from nndigits.models.images.foreground import foreground
from nndigits.models.strings.signs import SIGNS, find_marks, measurements
from nndigits.models.strings.text_lines import group_into_lines
from nndigits.stages.read import SMALLEST_SIGN
from nndigits.stages.store import artifacts

HEIGHTS, GAPS, MOST_STRAY = (28, 90), (0.08, 0.45), 0.3
"""The height of a digit in pixels; the paper between two marks, and how far digits stray up and down, in heights."""

PEN, SLANT, MOST_UNEVEN = (0.07, 0.15), (-0.15, 0.25), 0.3
STRAIGHT = 0.4
"""The share of the digits 1 and 4 that are drawn with straight strokes, as MNIST's writers seldom do."""

CAUTION = 4
"""How much more a digit taken for a sign counts than a sign taken for a digit."""

MOST_SHARED = 0.9
"""Less of a mark may be of one digit or sign, or it is left out; less of a digit is a piece."""


def main() -> None:
    """Print the weights, and the mistakes on validation digits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--lines", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    arrays = artifacts.load(options.data, "dataset").arrays
    (features, names), (others, truth) = (
        measured(arrays[f"{split}_images"], arrays[f"{split}_labels"], options.lines, np.random.default_rng(seed))
        for split, seed in (("train", options.seed), ("validation", options.seed + 1))
    )
    weights = fitted(features, names)
    for name, own in weights.items():
        print(f'    "{name}": ({", ".join(f"{weight:.1f}" for weight in own)}),')
    table = np.round(list(weights.values()), 1)
    answers = np.array(list(weights))[(others @ table.T).argmax(axis=1)]
    for name in weights:
        missed, wrong = (truth == name) & (answers != name), (truth != name) & (answers == name)
        print(f"{name:6} {np.sum(truth == name):5} missed {np.sum(missed):3} wrong {np.sum(wrong):3}")
    both = np.isin(truth, list(SIGNS)) | np.isin(answers, list(SIGNS))
    print(f"mistakes about signs: {np.mean(both & (truth != answers)):.2%} of {len(truth):,} marks")


def measured(images, labels, count, rng):
    """Return the measurements of the marks of random lines, ``(n, 11)``, and what each is."""
    features, names = [], []
    for _ in range(count):
        text = random_text(rng)
        ink, owners = line(text, images, labels, rng)
        margin = len(ink) // 3
        owners = np.pad(owners, margin, constant_values=-1)
        parts, lines = group_into_lines(foreground(strips.pictured(np.pad(ink, margin), rng), SMALLEST_SIGN))
        for own in lines:
            tall, marks = find_marks(parts, own)
            for mark in marks:
                rest = np.setdiff1d(tall, mark)
                name = truth_of(text, owners, np.isin(parts.labels, mark + 1))
                if len(rest) and name:
                    features.append(measurements(parts, mark, rest))
                    names.append(name)
    return np.array(features), np.array(names)


def truth_of(text, owners, mask):
    """Return what a mark is: a sign, ``one``, another ``digit``, a ``piece`` of one, or nothing if it is mixed."""
    shares = np.bincount(owners[mask & (owners >= 0)], minlength=len(text))
    place = int(shares.argmax())
    is_whole = shares[place] > 0.7 * np.sum(owners == place)
    if shares[place] < MOST_SHARED * shares.sum():
        return ""
    if not text[place].isdigit():
        return text[place] if is_whole else ""
    if not is_whole:
        return "piece"
    return "one" if text[place] == "1" else "digit"


def random_text(rng):
    """Return one to four numbers with signs between them, or one number without a sign."""
    numbers = ["".join(map(str, rng.integers(0, 10, rng.integers(1, 4)))) for _ in range(rng.integers(1, 5))]
    signs = [SIGNS[rng.integers(len(SIGNS))] for _ in numbers[1:]]
    return ("-" if rng.random() < 0.1 else "") + "".join(map("".join, zip(numbers, [*signs, ""], strict=True)))


def line(text, images, labels, rng):
    """Write a text. Returns its ink, ``(rows, columns)``, and the place in the text of each pixel's owner, or -1."""
    height, stray, pen, slant, uneven = (
        rng.uniform(*HEIGHTS),
        rng.uniform(0, MOST_STRAY),
        rng.uniform(*PEN),
        rng.uniform(*SLANT),
        rng.uniform(0, MOST_UNEVEN),
    )
    marks = []
    for letter in text:
        if letter.isdigit() and not (letter in "14" and rng.random() < STRAIGHT):
            image = strips.cropped(images[rng.choice(np.flatnonzero(labels == int(letter)))] / 255)
            ink = strips.scaled(image, height * np.exp(rng.normal(0, uneven)) / len(image))
            ink = strips.tight(strips.sheared(ink, slant))
            top = round((height - len(ink)) * rng.uniform(0.3, 1) + rng.normal(0, stray) * height)
        else:
            ink, top = drawn(letter, height, pen, slant, rng)
        marks.append((ink, top))
    gaps = (rng.uniform(*GAPS, len(marks)) * height).astype(int).tolist()
    lefts = list(accumulate((ink.shape[1] + gap for (ink, _), gap in zip(marks, gaps, strict=True)), initial=0))
    highest = min(top for _, top in marks)
    out = np.zeros((max(top + len(ink) for ink, top in marks) - highest, lefts[-1]))
    owners = np.full(out.shape, -1)
    for place, ((ink, top), left) in enumerate(zip(marks, lefts, strict=False)):
        window = np.s_[top - highest : top - highest + len(ink), left : left + ink.shape[1]]
        owners[window][ink > out[window]] = place
        out[window] = np.maximum(out[window], ink)
    return out, owners


def strokes(letter, rng):
    """Return the strokes of a sign or a straight digit: points, y from 0 at the top of digits to 1 at their foot."""
    u = rng.uniform
    length, tilt = u(0.25, 0.65), u(-0.06, 0.06)
    top, foot = u(-0.1, 0.1), u(0.95, 1.05)
    if letter == "1":
        return [[(u(-0.05, 0.05), top), (0, foot)]]
    if letter == "4":
        middle, stem = u(0.5, 0.7), u(0.3, 0.45)
        return [[(u(0.1, 0.35), top), (0, middle), (u(0.5, 0.65), middle)], [(stem, u(top, 0.5)), (stem, foot)]]
    if letter == "/":
        return [[(u(0.25, 0.6), u(-0.2, 0.05)), (0, u(0.98, 1.25))]]
    if letter == ",":
        top, tail = u(0.86, 1), u(0.14, 0.38)
        return [[(0, top), (0.01, top + 0.4 * tail), (-tail * u(0.2, 0.7), top + tail)]]
    if letter in ".:":
        rows = [u(0.88, 1.02)] if letter == "." else [u(0.2, 0.4), u(0.72, 0.95)]
        return [[(0, row), (u(0, 0.05), row + u(-0.02, 0.04))] for row in rows]
    rows = [u(0.36, 0.5)] if letter == "=" else [u(0.4, 0.62)]
    rows += [rows[0] + u(0.16, 0.3)] if letter == "=" else []
    found = [[(u(-0.03, 0.03), row), (length + u(-0.03, 0.03), row + tilt)] for row in rows]
    half, middle = u(0.17, 0.33), length * u(0.4, 0.6)
    return [*found, [(middle, rows[0] - half), (middle + u(-0.04, 0.04), rows[0] + half)]] if letter == "+" else found


def drawn(letter, height, pen, slant, rng):
    """Return the ink of a sign beside digits of a height, and its top below theirs, in pixels."""
    side = int(3 * height)
    image = Image.new("L", (side, side))
    width = height * pen * (rng.uniform(1, 1.5) if letter in ".:," else 1)
    for stroke in strokes(letter, rng):
        points = [(height * (1 + x + slant * (0.5 - y)), height * (1 + y)) for x, y in stroke]
        ImageDraw.Draw(image).line(points, 255, max(1, round(width)), joint="curve")
        for x, y in points:
            half = width / 2
            ImageDraw.Draw(image).ellipse([x - half, y - half, x + half, y + half], 255)
    ink = np.asarray(image) / 255
    rows = np.flatnonzero(ink.any(axis=1))
    return strips.cropped(ink), int(rows[0] - height)


def fitted(features, names):
    """Return the weights of each name: a softmax with a weak penalty."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(features[:, 1:])
    weight = np.where(np.isin(names, list(SIGNS)), 1, CAUTION)
    model = LogisticRegression(C=10, max_iter=3000).fit(scaler.transform(features[:, 1:]), names, weight)
    slopes = model.coef_ / scaler.scale_
    return {
        str(name): [bias - slope @ scaler.mean_, *slope]
        for name, bias, slope in zip(model.classes_, model.intercept_, slopes, strict=True)
    }


if __name__ == "__main__":
    main()
