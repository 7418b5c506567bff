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

from nn.models.images.foreground import foreground
from nn.models.strings import shape_scores
from nn.models.strings.candidate_crops import isolated_crops
from nn.models.strings.candidate_shapes import candidate_shapes
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import text_lines
from nn.models.strings.synthesis.ground_truth import ground_truth
from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.store import artifacts

KINDS = {"one": ("spaced", 1), "spaced": ("spaced", 1), "touching": ("touching", 1), "large": ("touching", 3)}
"""The spacing of each kind of strip, and how much it is enlarged. All but the first have two to eight digits."""

PENALTY = 0.5
"""The weight of the squared weights, against overfitting."""


class Example(NamedTuple):
    """A line with the digits of its composition: its candidates, the true ones and their labels, and their crops."""

    line: object
    candidates: list[int]
    labels: np.ndarray
    crops: np.ndarray


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
    print("DIGIT_WEIGHTS =", weights[: batches[0].digits], "\nNON_DIGIT_WEIGHTS =", weights[batches[0].digits :])
    for predictor in predictors:
        for kind, chosen in validation.items():
            right = sum(path(one, predictor, weights) == one.candidates for one in chosen)
            print(f"{predictor}, {kind}: {right} of {len(chosen)} validation strips have the right path", flush=True)


def examples(arrays, split, kind, count):
    """Compose strips of one kind, and return those whose digits are all candidates of one line."""
    images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    rng = np.random.default_rng([list(KINDS).index(kind), split == "train"])
    spacing, enlarged = KINDS[kind]
    found = []
    while len(found) < count:
        chosen = rng.integers(0, len(images), 1 if kind == "one" else rng.integers(2, 9))
        layers = strips.uneven_layers(images[chosen], spacing, rng, enlarged).astype(np.float32)
        lines = list(text_lines(foreground(strips.pictured(layers.max(axis=0), rng))))
        if len(lines) != 1:
            continue
        (line,) = lines
        truth = ground_truth(line, layers[(slice(None), *window(line))])
        if len(truth.digits) == len(chosen):
            found.append(Example(line, list(truth.digits.values()), labels[chosen], isolated_crops(line, 28, 28)))
    return found


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
        shapes = candidate_shapes(one.line)
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
            first, last = one.line.spans.T
            at = number, last, last - first - 1
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
    shapes = candidate_shapes(one.line)
    digit = shape_scores.digit_features(shapes, predictor.probabilities(one.crops))
    return digit, shape_scores.non_digit_features(shapes)


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
    """Return the digits of the best path with these weights, without the touching prior."""
    digit, non_digit = features(one, predictor)
    scores = digit @ weights[: digit.shape[1]], non_digit @ weights[digit.shape[1] :]
    return Lattice(one.line.spans, *scores, one.line.count).digits()


if __name__ == "__main__":
    main()
