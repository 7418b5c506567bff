"""A network with one output that detects 9s, evaluated by precision and recall."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.montage import montage
from nndigits.models.arrays.types import Array, Integers
from nndigits.models.chapter.target_encodings import NINE
from nndigits.models.network.metrics import confusion_matrix, precision, recall
from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared import limits, training
from nndigits.stages.demos.shared.data import DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("nine")

Mask = npt.NDArray[np.bool_]

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
DRAWN, COLUMNS, GREY = 24, 6, 128.0


def run(
    *,
    threshold: Annotated[float, "An image with an output above this is called a 9."] = 0.5,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    epochs: Annotated[int, "Training epochs."] = 6,
    batch: Annotated[int, "Images in a mini-batch."] = 10,
    eta: Annotated[float, "The learning rate."] = 3.0,
    seed: Annotated[int, "Seed of the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train a network to detect 9s, and measure its precision and recall."""
    limits.number("threshold", threshold, 0, 1)
    training.check(hidden=hidden, epochs=epochs, batch=batch, eta=eta, seed=seed)
    digits = read_digits(data)
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, 1], rng)
    training.fit(network, digits, str, epochs=epochs, batch=batch, eta=eta, rng=rng, encoding=NINE, progress=progress)
    outputs = network.outputs(digits.test_images)[:, 0]
    nines = (digits.test_labels == 9).astype(int)
    network_scores, never_scores = _evaluate(nines, outputs > threshold), _evaluate(nines, np.zeros(len(nines), bool))
    by_threshold = [(at, _evaluate(nines, outputs > at)) for at in sorted({*THRESHOLDS, threshold})]
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("confusion-matrix-of-on-count", network=network, count=len(nines), threshold=threshold),
                (say("the-image"), say("called-a-9"), say("not-called-a-9")),
                (
                    (say("is-a-9"), network_scores.found, network_scores.missed),
                    (say("is-not-a-9"), network_scores.false_alarms, network_scores.rightly_no),
                ),
            ),
            Table(
                say("the-network-compared-with-always"),
                ("", say("accuracy"), say("precision"), say("recall")),
                ((say("the-network"), *_percents(network_scores)), (say("always-no"), *_percents(never_scores))),
            ),
            Table(
                say("a-higher-threshold-gives-fewer"),
                (
                    say("threshold"),
                    say("9s-found"),
                    say("9s-missed"),
                    say("false-alarms-2"),
                    say("precision"),
                    say("recall"),
                ),
                tuple(
                    (at, scores.found, scores.missed, scores.false_alarms, *_percents(scores)[1:])
                    for at, scores in by_threshold
                ),
            ),
        ),
        findings=(digits.about, *_findings(network_scores, never_scores)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "threshold": threshold,
            "epochs": epochs,
            "eta": eta,
            "seed": seed,
            "judged": network_scores._asdict(),
            "always_no": never_scores._asdict(),
            "by_threshold": [{"threshold": at, **scores._asdict()} for at, scores in by_threshold],
        },
        figure=_figure(outputs, nines, threshold, digits),
        try_next=("nine --threshold 0.1", "nine --epochs 1", "bits", "hidden"),
    )


class Scores(NamedTuple):
    """Counts and metrics of a detector of 9s.

    ``precision`` is None if the detector never says yes, ``recall`` if there is no 9.
    """

    found: int
    missed: int
    false_alarms: int
    rightly_no: int
    accuracy: float
    precision: float | None
    recall: float | None


def _evaluate(nines: Integers, predicted: Mask) -> Scores:
    confusion = confusion_matrix(nines, predicted.astype(int), 2)
    (rightly_no, false_alarms), (missed, found) = confusion.tolist()
    return Scores(
        found,
        missed,
        false_alarms,
        rightly_no,
        (found + rightly_no) / len(nines),
        float(precision(confusion)[1]) if found + false_alarms else None,
        float(recall(confusion)[1]) if found + missed else None,
    )


def _percent(share: float | None) -> str:
    return say("undefined") if share is None else f"{share:.2%}"


def _percents(scores: Scores) -> tuple[str, ...]:
    return _percent(scores.accuracy), _percent(scores.precision), _percent(scores.recall)


def _findings(network: Scores, never: Scores) -> tuple[str, ...]:
    difference = network.accuracy - never.accuracy
    accuracy, precise, found = _percents(network)
    called = network.found + network.false_alarms
    return (
        say(
            "more-accurate" if difference > 0 else "less-accurate" if difference < 0 else "as-accurate",
            accuracy=accuracy,
            never=_percent(never.accuracy),
        ),
        joined(
            (
                say(
                    "its-precision" if called else "no-precision", precision=precise, right=network.found, called=called
                ),
                say("its-recall", recall=found, found=network.found, nines=network.found + network.missed),
            )
        ),
        say("always-saying-no-finds-no"),
    )


def _figure(outputs: Array, nines: Integers, threshold: float, digits: Digits) -> Figure:
    """Draw precision and recall by threshold, and the most confident mistakes."""
    thresholds = [round(0.02 * step, 2) for step in range(1, 50)]
    scores = [_evaluate(nines, outputs > at) for at in thresholds]
    curves = tuple(
        Curve(
            [at for at, share in zip(thresholds, shares, strict=True) if share is not None],
            [share for share in shares if share is not None],
            name,
        )
        for name, shares in (
            (say("precision"), [one.precision for one in scores]),
            (say("recall"), [one.recall for one in scores]),
        )
    )
    missed = np.flatnonzero((nines == 1) & (outputs <= threshold))
    alarms = np.flatnonzero((nines == 0) & (outputs > threshold))
    return Figure(
        (
            Panel(say("precision-and-recall"), say("threshold"), say("share"), curves),
            *_mistakes(say("missed-9s"), missed[np.argsort(outputs[missed], kind="stable")], digits),
            *_mistakes(say("false-alarms"), alarms[np.argsort(-outputs[alarms], kind="stable")], digits),
        )
    )


def _mistakes(title: str, images: Integers, digits: Digits) -> tuple[Panel, ...]:
    """Draw a sheet of the first images, if there are any."""
    if not len(images):
        return ()
    some = digits.test_images[images[:DRAWN]].astype(float)
    return (
        Panel(title, say("of", shown=len(some), count=len(images)), image=montage(some, COLUMNS, line=GREY).tolist()),
    )
