"""Estimate the constants of `models/strings/shape_scores.py` from strips of training images.

Each strip is cut, and the path of its true digits is found from how it was composed. The weights maximise the mean
log-probability of the true path among all paths through the lattice, over all strips and networks: the likelihood of a
semi-Markov conditional random field. The shares of validation strips whose path is right are printed, too.

    python benchmarks/fit_shape_scores.py artifacts/data.npz artifacts/weights.npz artifacts/best.npz [--strips 400]
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import strips
from scipy.optimize import minimize
from sloping_strips import sloping_layers

from nndigits.models.images.foreground import foreground
from nndigits.models.negatives.hard_negatives import compose_strip
from nndigits.models.negatives.strips import ground_truth
from nndigits.models.strings import shape_scores
from nndigits.models.strings.crops import isolated_crops
from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.segmentation import cut_into_lines
from nndigits.models.strings.text_lines import group_into_lines
from nndigits.models.strings.touching_prior import TOUCHING_RATES, log_touching, with_touching_rate
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.store import artifacts


def three_times_larger(images, spacing, rng):
    """Return the layers of an uneven strip, three times larger."""
    return strips.uneven_layers(images, spacing, rng, 3)


def mixed_layers(images, _, rng):
    """Return the layers of a strip as reject classes are trained on, with gaps of all kinds."""
    return compose_strip(images, rng)


KINDS = {
    "one": (strips.uneven_layers, "spaced"),
    "uneven, spaced": (strips.uneven_layers, "spaced"),
    "uneven, touching": (strips.uneven_layers, "touching"),
    "uneven, overlapping": (strips.uneven_layers, "overlapping by 2"),
    "large, touching": (three_times_larger, "touching"),
    "sloping, spaced": (sloping_layers, "spaced"),
    "sloping, touching": (sloping_layers, "touching"),
    "mixed": (mixed_layers, ""),
}
"""The generator and the spacing of each kind of strip. All but the first have two to eight digits."""

MARKED = 0.4
"""The share of strips of several digits that have commas, points or dashes between them."""

PENALTY = 0.5
"""The weight of the squared weights, against overfitting."""


class Example(NamedTuple):
    """A line with the digits of its composition: its candidates, the true ones and their labels, and their crops."""

    line: object
    candidates: list[int]
    labels: np.ndarray
    crops: np.ndarray

    def sum(self, of_candidates):
        """Return the sum of a value of each candidate over the true digits."""
        return of_candidates[self.candidates].sum()


def main() -> None:
    """Print the constants, and the shares of validation strips with the right path."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+", help="networks without a reject class")
    parser.add_argument("--strips", type=int, default=400, help="of each kind")
    options = parser.parse_args()
    arrays = artifacts.load(options.data, "dataset").arrays
    train, validation = (
        {kind: examples(arrays, split, kind, count) for kind in KINDS}
        for split, count in (("train", options.strips), ("validation", options.strips // 2))
    )
    every = [one for kind in train.values() for one in kind]
    means, deviations = log_aspects(every)
    shape_scores.LOG_ASPECT_MEANS, shape_scores.LOG_ASPECT_DEVIATIONS = tuple(means), tuple(deviations)
    print("LOG_ASPECT_MEANS =", means, "\nLOG_ASPECT_DEVIATIONS =", deviations)
    predictors = [EnsemblePredictor(path) for path in options.weights]
    batches = [Batch(every, predictor) for predictor in predictors]
    weights = fitted(batches)
    print("DIGIT_WEIGHTS =", weights[: batches[0].digits], "\nNON_DIGIT_SCORE =", weights[batches[0].digits :])
    for predictor in predictors:
        for kind, chosen in validation.items():
            right = sum(path(one, predictor, weights) == one.candidates for one in chosen)
            print(f"{predictor}, {kind}: {right} of {len(chosen)} validation strips have the right path", flush=True)


def examples(arrays, split, kind, count):
    """Compose strips of one kind, and return those whose digits are all candidates of one line."""
    images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    rng = np.random.default_rng([list(KINDS).index(kind), split == "train"])
    compose, spacing = KINDS[kind]
    found = []
    while len(found) < count:
        chosen = rng.integers(0, len(images), 1 if kind == "one" else rng.integers(2, 9))
        layers = compose(images[chosen], spacing, rng).astype(np.float32)
        marked = kind != "one" and rng.random() < MARKED
        layers, is_digit = with_marks(layers, rng) if marked else (layers, [True] * len(layers))
        strokes = foreground(strips.pictured(layers.max(axis=0), rng))
        lines = list(cut_into_lines(strokes, *group_into_lines(strokes)))
        if len(lines) != 1:
            continue
        (line,) = lines
        truth = ground_truth(line, layers[(slice(None), *window(line))]).digits
        if len(truth) == len(layers):
            digits = [truth[number] for number in np.flatnonzero(is_digit).tolist()]
            found.append(Example(line, digits, labels[chosen], isolated_crops(line, 28, 28)))
    return found


def with_marks(layers, rng):
    """Return the layers, and one more behind some digits: a mark, for which the digits behind it make room.

    Also return which of the layers are digits.
    """
    height = int(np.median([len(strips.cropped(layer)) for layer in layers]))
    is_digit = [True] * len(layers)
    for place in sorted(rng.choice(len(layers), min(len(layers), rng.integers(1, 4)), replace=False), reverse=True):
        mark, drop = strips.mark(height, rng)
        rows, columns = np.nonzero(layers[place] > strips.FAINT)
        before, behind = (rng.uniform(0.08, 0.25, 2) * height).astype(int)
        room = before + mark.shape[1] + behind
        layers = np.pad(layers, ((0, 0), (0, 0), (0, room)))
        layers[place + 1 :] = np.roll(layers[place + 1 :], room, axis=2)
        left, top = columns.max() + 1 + before, int(np.clip(rows.max() - drop, 0, len(layers[0]) - len(mark)))
        layers = np.insert(layers, place + 1, 0, axis=0)
        layers[place + 1, top : top + len(mark), left : left + mark.shape[1]] = mark
        is_digit.insert(place + 1, False)
    return layers, is_digit


def window(line):
    """Return the rows and columns of the picture that a line was cut from."""
    x, y = map(int, line.corner)
    rows, columns = line.foreground.shape
    unsheared = columns - int(np.ceil(line.row_offsets.max(initial=0)))
    return slice(y, y + round(rows / line.scale)), slice(x, x + round(unsheared / line.scale))


def log_aspects(found):
    """Return the mean and the standard deviation of ln(width / height) for each digit."""
    aspects = [[] for _ in range(10)]
    for one in found:
        shapes = shape_scores.candidate_shapes(one.line)
        for candidate, label in zip(one.candidates, one.labels, strict=True):
            aspects[label].append(np.log(shapes.widths[candidate] / shapes.heights[candidate]))
    return [round(float(np.mean(own)), 2) for own in aspects], [round(float(np.std(own)), 2) for own in aspects]


class Batch:
    """The features of many lines as arrays ``(lines, ends, lengths, features)``, for one network.

    ``possible`` and ``true`` tell which candidates exist, and which may be on a true path: first as digits, then as
    non-digits, ``(2, lines, ends, lengths)``.
    """

    def __init__(self, found, predictor):
        self.counts = np.array([one.line.count for one in found])
        longest = max(int((one.line.spans[:, 1] - one.line.spans[:, 0]).max()) for one in found)
        shape = len(found), self.counts.max() + 1, longest
        self.possible, self.true = np.zeros((2, *shape), bool), np.zeros((2, *shape), bool)
        for number, one in enumerate(found):
            digit, non_digit = features(one, predictor)
            if not number:
                self.digits = digit.shape[1]
                self.features = [np.zeros((*shape, own.shape[1]), np.float32) for own in (digit, non_digit)]
                self.touching = np.zeros(shape, np.float32)
            first, last = one.line.spans.T
            at = number, last, last - first - 1
            self.touching[at] = max((log_touching(one.line, rate) for rate in TOUCHING_RATES), key=one.sum)
            self.features[0][at], self.features[1][at] = digit, non_digit
            self.possible[:, *at] = True
            is_digit = np.isin(np.arange(len(first)), one.candidates)
            overlaps = np.zeros(len(first), bool)
            for candidate in one.candidates:
                overlaps |= (first < last[candidate]) & (last > first[candidate])
            self.true[0][at], self.true[1][at] = is_digit, ~overlaps

    def loss(self, weights):
        """Return minus the sum of the log-probabilities of the true paths, and its gradient."""
        scores = [own @ part for own, part in zip(self.features, np.split(weights, [self.digits]), strict=True)]
        scores[0] = scores[0] + self.touching
        every, expected = self.sums(scores, self.possible)
        true, found = self.sums(scores, self.true)
        gradient = [
            np.einsum("nzl,nzlf->f", more - less, own)
            for more, less, own in zip(expected, found, self.features, strict=True)
        ]
        return every - true, np.concatenate(gradient)

    def sums(self, scores, allowed):
        """Return the sum over lines of the log of the sum over paths, and the probability of each candidate."""
        digit, non_digit = (np.where(mask, own, -np.inf) for own, mask in zip(scores, allowed, strict=True))
        both = np.logaddexp(digit, non_digit)
        lines, ends, lengths = both.shape
        forward, backward = np.full((lines, ends), -np.inf), np.full((lines, ends), -np.inf)
        forward[:, 0] = 0
        for end in range(1, ends):
            longest = min(end, lengths)
            forward[:, end] = log_sum(forward[:, end - longest : end][:, ::-1] + both[:, end, :longest])
        backward[np.arange(lines), self.counts] = 0
        for start in range(ends - 2, -1, -1):
            own = np.arange(min(ends - 1 - start, lengths))
            after = log_sum(backward[:, start + 1 + own] + both[:, start + 1 + own, own])
            backward[:, start] = np.logaddexp(backward[:, start], after)
        total = forward[np.arange(lines), self.counts]
        starts = np.arange(ends)[:, None] - np.arange(lengths) - 1
        before = np.where(starts >= 0, forward[:, np.maximum(starts, 0)], -np.inf)
        around = before + backward[:, :, None] - total[:, None, None]
        return total.sum(), (np.exp(around + digit), np.exp(around + non_digit))


def features(one, predictor):
    """Return the features of a line's candidates as digits and as non-digits."""
    shapes = shape_scores.candidate_shapes(one.line)
    digit = shape_scores.digit_features(shapes, predictor.probabilities(one.crops))
    return digit, np.ones((len(digit), 1))


def log_sum(values):
    """Return the logarithm of the sum of exponentials along the last axis; minus infinity for a sum of 0."""
    most = values.max(axis=1, keepdims=True)
    most = np.where(np.isfinite(most), most, 0)
    with np.errstate(divide="ignore"):
        return most[:, 0] + np.log(np.exp(values - most).sum(axis=1))


def fitted(batches):
    """Return the weights of least loss, rounded to two digits."""

    def total(weights):
        losses, gradients = zip(*(batch.loss(weights) for batch in batches), strict=True)
        return sum(losses) + PENALTY * weights @ weights, sum(gradients) + 2 * PENALTY * weights

    start = np.zeros(sum(own.shape[-1] for own in batches[0].features))
    found = minimize(total, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return [round(float(weight), 2) for weight in found.x]


def path(one, predictor, weights):
    """Return the digits of the best path with these weights."""
    digit, non_digit = features(one, predictor)
    digit_scores, non_digit_scores = digit @ weights[: digit.shape[1]], non_digit @ weights[digit.shape[1] :]
    scores = with_touching_rate(one.line, digit_scores, non_digit_scores), non_digit_scores
    return Lattice(one.line.spans, *scores, one.line.count).digits()


if __name__ == "__main__":
    main()
