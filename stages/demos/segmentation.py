"""Segmentation of a strip of digits: cut it in many places, score the candidates, and take the best path."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Integers
from nndigits.models.images.centring import crop_to_content
from nndigits.models.images.resampling import rescale
from nndigits.models.negatives.strips import compose
from nndigits.models.strings.lattice import Lattice, NoPath
from nndigits.models.strings.segmentation import HEIGHT, TextLine, cut_line
from nndigits.stages.demos.reject_network import READER, reject_network
from nndigits.stages.demos.segmentation_candidates import Candidate, best_path_with, reading, score_candidates
from nndigits.stages.demos.shared.data import DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Given, Progress, Seed, quietly
from nndigits.stages.demos.shared.shades import WIDEST, shaded
from nndigits.stages.demos.shared.texts import Cell, Say, joined, listed, with_article
from nndigits.stages.figures.figure import Figure, Note
from nndigits.stages.store.errors import InputError

say = Say("segmentation")

SHOWN = 0.25
"""Candidates with a smaller probability are left out of the table, unless they are on the best path."""

AROUND = 2
"""The best paths with up to this many digits more or fewer are listed, too."""


class Reading(NamedTuple):
    """The best path with one number of digits: what it reads, and its score."""

    digits: int
    read: str
    score: float


def run(
    *,
    digits: Annotated[int, Given(1, 8)] = 3,
    gap: Annotated[int, Given(-6, 20)] = 0,
    weights: Path = READER,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Cut a strip of digits in many places, and find the best segmentation with a network."""
    source, rng = read_digits(data), np.random.default_rng(seed)
    chosen = rng.integers(0, len(source.test_images), digits)
    network, origin = reject_network(weights, source, rng, progress)
    line = _strip(source, chosen, gap)
    truth = "".join(str(source.test_labels[index]) for index in chosen)
    try:
        candidates, lattice = score_candidates(network, line, source.shape)
        path = dict(lattice.path())
    except NoPath as error:
        raise InputError(say("no-strokes", file=data)) from error
    best = [number for number, is_digit in path.items() if is_digit]
    readings = _readings(lattice, candidates, len(best))
    on_path = {int(end) for number in best for end in line.spans[number]}
    notes = [
        Note(float(line.columns[number].mean()), -3.0, f"{candidates[number].value}  {candidates[number].sure:.0%}")
        for number in best
    ]
    shown = [number for number, one in enumerate(candidates) if one.sure >= SHOWN or number in path]
    counts = {"shown": len(shown), "count": len(candidates), "slices": line.count}
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("of-the-candidates-made-of", **counts, least=SHOWN),
                "slices digit probability not-a-digit score on-the-best-path",
                (_row(candidates[number], path.get(number)) for number in shown),
            ),
            say.table("the-best-path-with-each", "digits read-as score", readings),
        ),
        drawing=_drawing(line, on_path),
        findings=(source.about, origin, *_findings(truth, candidates, path, readings), *_alternative(candidates, path)),
        values={
            "data": source.as_json(),
            "written": truth,
            "read": reading(candidates, best),
            "pieces": candidates,
            "best": best,
            "left_out": [number for number, is_digit in path.items() if not is_digit],
            "ways": readings,
        },
        figure=_figure(line, on_path, notes, truth),
        try_next=("segmentation --gap=-1", "segmentation --digits 5 --seed 3", "segmentation --gap 4", "nine"),
    )


def _strip(digits: Digits, chosen: Integers, gap: int) -> TextLine:
    """Compose a strip of test images side by side, and cut it into slices."""
    images = [crop_to_content(digits.test_images[index] / np.float32(255)) for index in chosen]
    scale = HEIGHT / max(map(len, images))
    images = [rescale(image, scale) for image in images]
    return cut_line(compose(images, [gap] * (len(images) - 1), [0] * len(images)).max(axis=0), HEIGHT)


def _readings(lattice: Lattice, candidates: list[Candidate], digits: int) -> list[Reading]:
    """Return the best path with each number of digits around the best one."""
    counts = range(max(1, digits - AROUND), min(lattice.max_digits, digits + AROUND) + 1)
    return [
        Reading(count, reading(candidates, lattice.digits(count)), round(float(lattice.scores[count]), 2))
        for count in counts
        if np.isfinite(lattice.scores[count])
    ]


def _row(candidate: Candidate, is_digit: bool | None) -> tuple[Cell, ...]:
    """Make a row of a candidate; ``is_digit`` is None if it is not on the best path."""
    return (
        candidate.slices,
        candidate.value,
        f"{candidate.sure:.1%}",
        f"{candidate.nothing:.1%}",
        round(candidate.left_out_adds if is_digit is False else candidate.adds, 2),
        {True: say("as-a-digit"), False: say("left-out"), None: ""}[is_digit],
    )


def _findings(
    truth: str, candidates: list[Candidate], path: dict[int, bool], readings: list[Reading]
) -> tuple[str, ...]:
    digits = [candidates[number] for number, is_digit in path.items() if is_digit]
    left_out = [candidates[number] for number, is_digit in path.items() if not is_digit]
    score = sum(one.adds for one in digits) + sum(one.left_out_adds for one in left_out)
    if not digits:
        return (say("the-best-path-leaves-out", truth=truth, score=score),)
    read = "".join(str(one.value) for one in digits)
    second = max((one for one in readings if one.digits != len(digits)), key=lambda one: one.score, default=None)
    least = min(digits, key=lambda one: one.sure)
    return (
        joined(
            say("correct" if read == truth else "incorrect", read=read, truth=truth, score=score),
            say("second", read=second.read, score=second.score) if second else "",
        ),
        say("it-leaves-out", slices=_slices(left_out)) if left_out else say("it-leaves-out-no-slice"),
        say("the-least-probable-digit-on", digit=least.value, share=least.sure),
    )


def _slices(left_out: list[Candidate]) -> str:
    one = len(left_out) == 1 and left_out[0].first == left_out[0].last
    return say("one-slice" if one else "some-slices", slices=listed(candidate.slices for candidate in left_out))


def _alternative(candidates: list[Candidate], path: dict[int, bool]) -> tuple[str, ...]:
    """Compare the path with the best one through the most probable candidate that is not among its digits."""
    others = [number for number in range(len(candidates)) if not path.get(number)]
    chosen = max(others, key=lambda number: candidates[number].sure, default=None)
    way = None if chosen is None else best_path_with(candidates, chosen)
    if chosen is None or way is None:
        return ()
    one, (read, score) = candidates[chosen], way
    digit = with_article(one.value)
    return (say("alternative", digit=digit, share=one.sure, slices=_slices([one]), read=read, score=score),)


def _drawing(line: TextLine, on_path: set[int]) -> tuple[str, ...]:
    """Draw the strip as letters, and its cuts below: ``|`` on the best path, ``.`` elsewhere; nothing if it is wide."""
    width = line.foreground.shape[1] + 1
    marks = [" "] * width
    for number, cut in enumerate(line.cuts):
        marks[int(cut[-1])] = "|" if number in on_path else "."
    return (*map(str.rstrip, shaded(line.foreground)), "".join(marks)) if width <= WIDEST else ()


def _figure(line: TextLine, on_path: set[int], notes: list[Note], title: str) -> Figure:
    """Draw the strip with every cut; those of the best path are thicker, with a note above each of its digits."""
    height = len(line.foreground)
    curves = [
        say.curve(cut - 0.5, range(height), "", "line" if number in on_path else "thin")
        for number, cut in enumerate(line.cuts)
    ]
    options = {"image": 255 * line.foreground, "notes": tuple(notes), "bare": True, "y_range": (height, -6)}
    return Figure((say.panel(say("cut", read=title), "", "", *curves, **options),), size=(8, 3.2))
