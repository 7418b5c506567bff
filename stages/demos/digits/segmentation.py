"""Segmentation of a strip of digits: cut it in many places, score the candidates, and take the best path."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nn.models.arrays.types import Integers
from nn.models.images.centring import crop_to_content
from nn.models.images.resampling import rescale
from nn.models.network.ensemble import normalized
from nn.models.network.network import Network
from nn.models.strings.candidate_crops import crops_in_context
from nn.models.strings.candidate_scores import WITH_REJECT_CLASS, candidate_scores
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import HEIGHT, TextLine, cut_line
from nn.models.strings.synthesis.composition import compose
from nn.stages.demos.digits import segmentation_figure
from nn.stages.demos.digits.reject_network import READER, reject_network
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.data import DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nn.stages.words.nouns import with_article

SHOWN = 0.25
"""Candidates with a smaller probability are left out of the table, unless they are on the best path."""

AROUND = 2
"""The best paths with up to this many digits more or fewer are listed, too."""


class Candidate(NamedTuple):
    """A run of neighbouring slices that may be a digit.

    Attributes
    ----------
    first, last
        Its slices, counted from 1.
    value, sure
        The most probable digit, and its probability.
    nothing
        The probability of the reject class.
    adds
        What it adds to the score of a path as a digit.
    """

    first: int
    last: int
    value: int
    sure: float
    nothing: float
    adds: float


class Reading(NamedTuple):
    """The best path with one number of digits: what it reads, and its score."""

    digits: int
    read: str
    score: float


def run(
    *,
    digits: Annotated[int, "Number of digits in the strip."] = 3,
    gap: Annotated[int, "Pixels between neighbouring digits; below 0 they overlap."] = 0,
    weights: Annotated[Path, "A network with a reject class, made by `nn train --rejects 0.5`."] = READER,
    seed: Annotated[int, "Seed of the digits, and of the network if it is trained here."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Cut a strip of digits in many places, and find the best segmentation with a network."""
    limits.whole("digits", digits, 1, 8)
    limits.whole("gap", gap, -6, 20)
    limits.seed(seed)
    source = read_digits(data)
    rng = np.random.default_rng(seed)
    chosen = rng.integers(0, len(source.test_images), digits)
    network, origin = reject_network(weights, source, rng, progress)
    line = _strip(source, chosen, gap)
    truth = "".join(str(source.test_labels[index]) for index in chosen)
    candidates, lattice = _score(network, line, source.shape)
    best = lattice.digits()
    read = _read(candidates, best)
    readings = _readings(lattice, candidates, len(best))
    shown = [number for number, one in enumerate(candidates) if one.sure >= SHOWN or number in best]
    return Demo(
        idea=(
            "To read many digits, the chapter suggests cutting the strip into single digits. Try many cuts, and prefer "
            "those whose pieces the network classifies with high confidence. The network must also recognise what is "
            "not a digit: half a digit, or two at once. Dynamic programming finds the best path through the pieces "
            "without trying every path: the best path to a cut extends the best path to an earlier cut."
        ),
        tables=(
            Table(
                f"{len(shown)} of the {len(candidates)} candidates made of {line.count} slices: those with a "
                f"probability of {SHOWN:.0%} or more, and those on the best path",
                ("slices", "digit", "probability", "not a digit", "score", "on the best path"),
                tuple(_row(candidates[number], number in best) for number in shown),
            ),
            Table("The best path with each number of digits", ("digits", "read as", "score"), tuple(readings)),
        ),
        drawing=segmentation_figure.drawing(line, best),
        findings=(str(source), origin, *_findings(truth, read, candidates, best, readings)),
        values={
            "data": source.as_json(),
            "written": truth,
            "read": read,
            "pieces": [one._asdict() for one in candidates],
            "best": best,
            "ways": [reading._asdict() for reading in readings],
        },
        figure=segmentation_figure.figure(
            line, best, [f"{candidates[number].value}  {candidates[number].sure:.0%}" for number in best], truth
        ),
        try_next=("segmentation --gap=-1", "segmentation --digits 5 --seed 3", "segmentation --gap 4", "nine"),
    )


def _strip(digits: Digits, chosen: Integers, gap: int) -> TextLine:
    """Compose a strip of test images side by side, and cut it into slices."""
    images = [crop_to_content(digits.test_images[index] / np.float32(255)) for index in chosen]
    scale = HEIGHT / max(map(len, images))
    images = [rescale(image, scale) for image in images]
    return cut_line(compose(images, [gap] * (len(images) - 1), [0] * len(images)).max(axis=0), HEIGHT)


def _score(network: Network, line: TextLine, shape: tuple[int, int]) -> tuple[list[Candidate], Lattice]:
    """Classify every candidate of the line, and build the lattice of their scores."""
    probabilities = normalized(network.all_outputs(crops_in_context(line, *shape)))
    digit_scores, non_digit_scores = candidate_scores(
        line, normalized(probabilities[:, :-1]), 1 - probabilities[:, -1], WITH_REJECT_CLASS
    )
    candidates = [
        Candidate(int(first) + 1, int(last), int(one[:-1].argmax()), float(one[:-1].max()), float(one[-1]), float(adds))
        for (first, last), one, adds in zip(line.spans, probabilities, digit_scores, strict=True)
    ]
    return candidates, Lattice(line.spans, digit_scores, non_digit_scores, line.count)


def _read(candidates: list[Candidate], path: list[int]) -> str:
    return "".join(str(candidates[number].value) for number in path)


def _readings(lattice: Lattice, candidates: list[Candidate], digits: int) -> list[Reading]:
    """Return the best path with each number of digits around the best one."""
    counts = range(max(1, digits - AROUND), min(lattice.max_digits, digits + AROUND) + 1)
    return [
        Reading(count, _read(candidates, lattice.digits(count)), round(float(lattice.scores[count]), 2))
        for count in counts
        if np.isfinite(lattice.scores[count])
    ]


def _row(candidate: Candidate, on_best_path: bool) -> tuple[Cell, ...]:
    first, last = candidate.first, candidate.last
    return (
        str(first) if first == last else f"{first} to {last}",
        candidate.value,
        f"{candidate.sure:.1%}",
        f"{candidate.nothing:.1%}",
        round(candidate.adds, 2),
        "yes" if on_best_path else "",
    )


def _findings(
    truth: str, read: str, candidates: list[Candidate], best: list[int], readings: list[Reading]
) -> tuple[str, ...]:
    verdict = "which is correct" if read == truth else f"but the strip shows {truth}"
    score = next(reading.score for reading in readings if reading.read == read)
    second = max((one for one in readings if one.read != read), key=lambda one: one.score, default=None)
    runner_up = (
        f" The best path with another number of digits reads {second.read}; its score is {second.score:.1f}."
        if second
        else ""
    )
    least = min((candidates[number] for number in best), key=lambda one: one.sure)
    most = max((one for number, one in enumerate(candidates) if number not in best), key=lambda one: one.sure)
    return (
        f"The best path reads {read}, {verdict}; its score is {score:.1f}.{runner_up}",
        f"The least probable digit on the best path is the {least.value}, {least.sure:.1%}. The most probable "
        f"candidate that is not on it is {with_article(most.value)}, {most.sure:.1%}: if it were chosen, the slices "
        "around it would have to be digits, too.",
    )
