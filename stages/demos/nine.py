"""A network with one output that detects 9s, evaluated by precision and recall."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.montage import montage
from nndigits.models.arrays.types import Array, Integers
from nndigits.models.chapter.target_encodings import NINE
from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Batch, Demo, Epochs, Eta, Given, Hidden, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say, joined
from nndigits.stages.figures.figure import Figure, Panel

say = Say("nine")

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
DRAWN, COLUMNS, GREY = 24, 6, 128.0

Mask = npt.NDArray[np.bool_]


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

    @property
    def percents(self) -> tuple[str, ...]:
        """Accuracy, precision and recall as texts."""
        return tuple(say("undefined") if share is None else f"{share:.2%}" for share in self[4:])


def run(
    *,
    threshold: Annotated[float, Given(0, 1)] = 0.5,
    hidden: Hidden = 30,
    epochs: Epochs = 6,
    batch: Batch = 10,
    eta: Eta = 3.0,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train a network to detect 9s, and measure its precision and recall."""
    digits, rng = read_digits(data), np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, 1], rng)
    training.fit(network, digits, str, epochs=epochs, batch=batch, eta=eta, rng=rng, encoding=NINE, progress=progress)
    outputs = network.outputs(digits.test_images)[:, 0]
    nines = digits.test_labels == 9
    own, never = _evaluate(nines, outputs > threshold), _evaluate(nines, np.zeros(len(nines), bool))
    by_threshold = [(at, _evaluate(nines, outputs > at)) for at in sorted({*THRESHOLDS, threshold})]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("confusion-matrix-of-on-count", network=network, count=len(nines), threshold=threshold),
                "the-image called-a-9 not-called-a-9",
                [(say("is-a-9"), own.found, own.missed), (say("is-not-a-9"), own.false_alarms, own.rightly_no)],
            ),
            say.table(
                "the-network-compared-with-always",
                ("", "accuracy", "precision", "recall"),
                [(say("the-network"), *own.percents), (say("always-no"), *never.percents)],
            ),
            say.table(
                "a-higher-threshold-gives-fewer",
                "threshold 9s-found 9s-missed false-alarms-2 precision recall",
                ((at, *scores[:3], *scores.percents[1:]) for at, scores in by_threshold),
            ),
        ),
        findings=(digits.about, *_findings(own, never)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "threshold": threshold,
            "epochs": epochs,
            "eta": eta,
            "seed": seed,
            "judged": own,
            "always_no": never,
            "by_threshold": [{"threshold": at, **scores._asdict()} for at, scores in by_threshold],
        },
        figure=_figure(outputs, nines, threshold, digits),
        try_next=("nine --threshold 0.1", "nine --epochs 1", "bits", "hidden"),
    )


def _evaluate(nines: Mask, predicted: Mask) -> Scores:
    found, missed = int((nines & predicted).sum()), int((nines & ~predicted).sum())
    false_alarms, rightly_no = int((predicted & ~nines).sum()), int((~nines & ~predicted).sum())
    return Scores(
        found,
        missed,
        false_alarms,
        rightly_no,
        (found + rightly_no) / len(nines),
        found / (found + false_alarms) if found + false_alarms else None,
        found / (found + missed) if found + missed else None,
    )


def _findings(network: Scores, never: Scores) -> tuple[str, ...]:
    difference = network.accuracy - never.accuracy
    accuracy, precise, found = network.percents
    called, nines = network.found + network.false_alarms, network.found + network.missed
    compared = "more-accurate" if difference > 0 else "less-accurate" if difference < 0 else "as-accurate"
    return (
        say(compared, accuracy=accuracy, never=never.percents[0]),
        joined(
            say("its-precision" if called else "no-precision", precision=precise, right=network.found, called=called),
            say("its-recall", recall=found, found=network.found, nines=nines),
        ),
        say("always-saying-no-finds-no"),
    )


def _figure(outputs: Array, nines: Mask, threshold: float, digits: Digits) -> Figure:
    """Draw precision and recall by threshold, and the most confident mistakes."""
    scores = [(at / 50, _evaluate(nines, outputs > at / 50)) for at in range(1, 50)]
    curves = []
    for name in ("precision", "recall"):
        shares = [(at, share) for at, one in scores if (share := getattr(one, name)) is not None]
        curves.append(say.curve([at for at, _ in shares], [share for _, share in shares], name))
    missed = np.flatnonzero(nines & (outputs <= threshold))
    alarms = np.flatnonzero(~nines & (outputs > threshold))
    return Figure(
        (
            say.panel("precision-and-recall", "threshold", "share", *curves),
            *_mistakes("missed-9s", missed[np.argsort(outputs[missed], kind="stable")], digits),
            *_mistakes("false-alarms", alarms[np.argsort(-outputs[alarms], kind="stable")], digits),
        ),
        columns=3,
    )


def _mistakes(title: str, images: Integers, digits: Digits) -> tuple[Panel, ...]:
    """Draw a sheet of the first images, if there are any."""
    if not len(images):
        return ()
    some = digits.test_images[images[:DRAWN]].astype(float)
    sheet = montage(some, COLUMNS, line=GREY)
    return (say.panel(title, say("of", shown=len(some), count=len(images)), "", image=sheet),)
