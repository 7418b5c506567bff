"""A strip of digits that touch, cut in many places: how the pieces score, and which way through them wins."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.images.centring import crop_to_content
from nn.models.images.resampling import rescale
from nn.models.network.ensemble import normalized
from nn.models.network.network import Network
from nn.models.strings.candidate_crops import crops_in_context
from nn.models.strings.candidate_scores import WITH_REJECT_CLASS, candidate_scores
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import HEIGHT, TextLine, cut_line
from nn.models.strings.synthesis.composition import compose
from nn.models.strings.synthesis.negatives import labelled_crops
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nn.stages.demos.shared.shades import LINE, shaded
from nn.stages.figures.figure import Curve, Figure, Note, Panel
from nn.stages.runs import network_artifacts
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError

READER = Path("artifacts/reader.npz")
"""Where `nn train --recipe reader` is told to leave its weights; this file may be missing."""

FEW, HIDDEN, EPOCHS, ETA = 5_000, 60, 20, 1.0
STRIPS = 300
"""Without it, a small network learns from so many images and strips."""

SHOWN = 0.25
"""Candidates that are a digit with less probability are left out of the table."""

AROUND = 2
"""Ways with so many digits more or fewer are told, too."""


class Piece(NamedTuple):
    """A candidate: its slices from 1, what it would be, how probable that and "no digit" are, and what it adds."""

    first: int
    last: int
    value: int
    sure: float
    nothing: float
    adds: float


def run(
    *,
    digits: Annotated[int, "How many digits the strip has."] = 3,
    gap: Annotated[int, "Pixels between them; below zero they overlap."] = 0,
    weights: Annotated[Path, "A network that knows what is no digit, made by nn train --rejects."] = READER,
    seed: Annotated[int, "Decides the digits, and the network if it is trained here."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Cut a strip of digits in many places, and let a network choose."""
    limits.whole("digits", digits, 1, 8)
    limits.whole("gap", gap, -6, 20)
    limits.seed(seed)
    source = read_digits(data)
    rng = np.random.default_rng(seed)
    chosen = rng.integers(0, len(source.test_images), digits)
    network, whence = _network(weights, source, rng, progress)
    line, text = _strip(source, chosen, gap), "".join(str(source.test_labels[index]) for index in chosen)
    answers = normalized(network.all_outputs(crops_in_context(line, *source.shape)))
    digit = 1 - answers[:, -1]
    as_digit, as_nothing = candidate_scores(line, normalized(answers[:, :-1]), digit, WITH_REJECT_CLASS)
    lattice = Lattice(line.spans, as_digit, as_nothing, line.count)
    pieces = [
        Piece(int(first) + 1, int(last), int(one[:-1].argmax()), float(one[:-1].max()), float(one[-1]), float(adds))
        for (first, last), one, adds in zip(line.spans, answers, as_digit, strict=True)
    ]
    best = lattice.digits()
    ways = _ways(lattice, pieces, len(best))
    return Demo(
        idea=(
            "To read many digits, the chapter says, cut the strip into single ones; and to cut it well, try many cuts "
            "and trust the one whose pieces the network is sure of. For that it has to know what is no digit: half of "
            "one, two at once. The surest way through all the pieces is found without trying every one: the best up "
            "to a cut goes on from the best up to an earlier one."
        ),
        tables=(
            Table(
                f"The pieces of {line.count} slices that may be a digit, of {len(pieces)} in all",
                ("slices", "read as", "sure", "no digit", "adds", "on the best way"),
                tuple(
                    _row(piece, number in best)
                    for number, piece in enumerate(pieces)
                    if piece.sure >= SHOWN or number in best
                ),
            ),
            Table("The best way with each number of digits", ("digits", "read as", "score"), ways),
        ),
        drawing=_drawing(line, best),
        findings=(str(source), whence, *_findings(text, pieces, best, ways)),
        values={
            "data": source.as_json(),
            "written": text,
            "read": "".join(str(pieces[number].value) for number in best),
            "pieces": [piece._asdict() for piece in pieces],
            "best": best,
            "ways": [dict(zip(("digits", "read", "score"), way, strict=True)) for way in ways],
        },
        figure=_figure(line, pieces, best, text),
        try_next=("segmentation --gap=-1", "segmentation --digits 5 --seed 3", "segmentation --gap 4", "nine"),
    )


def _network(weights: Path, digits: Digits, rng: np.random.Generator, progress: Progress) -> tuple[Network, str]:
    """A network that knows what is no digit: the one in the file, or one that learns it here."""
    if weights != READER or weights.exists():
        network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
        if network.has_reject_class and network.classes == CLASSES and network.inputs == digits.pixels:
            return network, f"Network: {network}, from {weights}."
        if weights != READER:
            raise InputError(f"{weights}: does not know what is no digit, or takes other images; train with --rejects")
    few = replace(digits, train_images=digits.train_images[:FEW], train_labels=digits.train_labels[:FEW])
    images, labels = labelled_crops(
        few.train_images, few.train_labels, CLASSES, STRIPS, rng, lambda done: progress("Cutting strips", done, STRIPS)
    )
    more = replace(
        few,
        train_images=np.concatenate([few.train_images, images]),
        train_labels=np.concatenate([few.train_labels, labels]),
    )
    network = network_artifacts.new_network(
        Parameters(hidden=(HIDDEN,), init="N(0,1/n)", rejects=1.0), digits.shape, CLASSES, rng
    )
    code: Array = np.eye(CLASSES + 1)
    training.fit(network, more, str, epochs=EPOCHS, eta=ETA, rng=rng, encoding=code, progress=progress)
    why = f"there is no {READER.as_posix()} that fits"
    return network, f"Network: {network}, trained here on {len(few.train_images):,} images and {STRIPS} strips ({why})."


def _strip(digits: Digits, chosen: Integers, gap: int) -> TextLine:
    """Test images written side by side, and cut."""
    inks = [crop_to_content(digits.test_images[index] / np.float32(255)) for index in chosen]
    larger = HEIGHT / max(map(len, inks))
    inks = [rescale(ink, larger) for ink in inks]
    return cut_line(compose(inks, [gap] * (len(inks) - 1), [0] * len(inks)).max(axis=0), HEIGHT)


def _ways(lattice: Lattice, pieces: list[Piece], digits: int) -> tuple[tuple[Cell, ...], ...]:
    """Number of digits, what they are read as, and the score, for numbers around the best one."""
    told = range(max(1, digits - AROUND), min(lattice.max_digits, digits + AROUND) + 1)
    return tuple(
        (
            number,
            "".join(str(pieces[piece].value) for piece in lattice.digits(number)),
            round(float(lattice.scores[number]), 2),
        )
        for number in told
        if np.isfinite(lattice.scores[number])
    )


def _row(piece: Piece, is_best: bool) -> tuple[Cell, ...]:
    slices = str(piece.first) if piece.first == piece.last else f"{piece.first} to {piece.last}"
    return (
        slices,
        piece.value,
        f"{piece.sure:.1%}",
        f"{piece.nothing:.1%}",
        round(piece.adds, 2),
        "yes" if is_best else "",
    )


def _drawing(line: TextLine, best: list[int]) -> tuple[str, ...]:
    """The strip, and below it where it is cut: ``|`` on the best way, ``.`` elsewhere."""
    if line.foreground.shape[1] + 1 > LINE:
        return ()
    taken = {int(end) for number in best for end in line.spans[number]}
    marks = [" "] * (line.foreground.shape[1] + 1)
    for number, path in enumerate(line.cuts):
        marks[int(path[-1])] = "|" if number in taken else "."
    return (*(row.rstrip() for row in shaded(line.foreground)), "".join(marks))


def _findings(text: str, pieces: list[Piece], best: list[int], ways: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    read = "".join(str(pieces[number].value) for number in best)
    verdict = "as it was written" if read == text else f"but {text} was written"
    least = min((pieces[number] for number in best), key=lambda piece: piece.sure)
    surest = max((piece for number, piece in enumerate(pieces) if number not in best), key=lambda piece: piece.sure)
    second = max((way for way in ways if way[1] != read), key=lambda way: float(way[2]), default=None)
    behind = (
        f"; the next best, with another number of digits, {second[1]}, has {float(second[2]):.1f}" if second else ""
    )
    score = next(float(way[2]) for way in ways if way[1] == read)
    return (
        f"The best way reads {read}, {verdict}; its score is {score:.1f}{behind}.",
        f"Its least sure piece is the {least.value}, {least.sure:.1%}. The surest piece that is not on it would be a "
        f"{surest.value}, {surest.sure:.1%}: what is left beside it would have to be digits, too.",
    )


def _figure(line: TextLine, pieces: list[Piece], best: list[int], text: str) -> Figure:
    """The strip with every cut, those of the best way drawn thicker, and what stands between them."""
    rows = np.arange(len(line.foreground))
    taken = {int(end) for number in best for end in line.spans[number]}
    curves = [
        Curve((path - 0.5).tolist(), rows.tolist(), style="line" if number in taken else "thin")
        for number, path in enumerate(line.cuts)
    ]
    notes = [
        Note(float(line.columns[number].mean()), -3.0, f"{pieces[number].value}  {pieces[number].sure:.0%}")
        for number in best
    ]
    shown = (255 * line.foreground).tolist()
    panel = Panel(
        f"{text}, cut",
        image=shown,
        curves=tuple(curves),
        notes=tuple(notes),
        bare=True,
        y_range=(len(line.foreground), -6),
    )
    return Figure((panel,), size=(8, 3.2))
