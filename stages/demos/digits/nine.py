"""A network with one output that says whether an image is a 9, judged by precision and recall."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from nn.models.arrays.montage import montage
from nn.models.arrays.types import Array, Integers
from nn.models.chapter.target_encodings import NINE
from nn.models.network.metrics import confusion_matrix, precision, recall
from nn.models.network.network import random_network
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.figures.figure import Curve, Figure, Panel

Mask = npt.NDArray[np.bool_]

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
DRAWN, COLUMNS, GREY = 24, 6, 128.0


def run(
    *,
    threshold: Annotated[float, "Above this output the network says yes."] = 0.5,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    epochs: Annotated[int, "How often to go through the images."] = 6,
    batch: Annotated[int, "Images in a mini-batch."] = 10,
    eta: Annotated[float, "The learning rate."] = 3.0,
    seed: Annotated[int, "Decides the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train a network to say whether an image is a 9, and judge it."""
    limits.number("threshold", threshold, 0, 1)
    training.check(hidden=hidden, epochs=epochs, batch=batch, eta=eta, seed=seed)
    digits = read_digits(data)
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, 1], rng)
    training.fit(network, digits, str, epochs=epochs, batch=batch, eta=eta, rng=rng, encoding=NINE, progress=progress)
    outputs = network.outputs(digits.test_images)[:, 0]
    nines = (digits.test_labels == 9).astype(int)
    yes, never = _judge(nines, outputs > threshold), _judge(nines, np.zeros(len(nines), bool))
    asked = sorted({*THRESHOLDS, threshold})
    by_threshold = [(at, _judge(nines, outputs > at)) for at in asked]
    return Demo(
        idea=(
            "The chapter's first network that sees has one output: above 0.5 it says that the image is a 9. How well "
            "does it? Only about one digit in ten is a 9: always saying no is right nine times in ten and finds none. "
            "Better questions are: of its yeses, how many are 9s (precision)? Of the 9s, how many did it find (recall)?"
        ),
        tables=(
            Table(
                f"What {network} says of {len(nines):,} test images, yes above {threshold:g}",
                ("the image", "it says 9", "it says no 9"),
                (("is a 9", yes.found, yes.missed), ("is no 9", yes.false_alarms, yes.rightly_no)),
            ),
            Table(
                "Judged, beside a network that always says no",
                ("", "accuracy", "precision", "recall"),
                (("the network", *_shares(yes)), ("always no", *_shares(never))),
            ),
            Table(
                "The threshold decides between missing a 9 and crying wolf",
                ("yes above", "9s found", "9s missed", "false alarms", "precision", "recall"),
                tuple(
                    (at, verdict.found, verdict.missed, verdict.false_alarms, *_shares(verdict)[1:])
                    for at, verdict in by_threshold
                ),
            ),
        ),
        findings=(str(digits), *_findings(yes, never)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "threshold": threshold,
            "epochs": epochs,
            "eta": eta,
            "seed": seed,
            "judged": yes._asdict(),
            "always_no": never._asdict(),
            "by_threshold": [{"threshold": at, **verdict._asdict()} for at, verdict in by_threshold],
        },
        figure=_figure(outputs, nines, threshold, digits),
        try_next=("nine --threshold 0.1", "nine --epochs 1", "bits", "hidden"),
    )


class Verdict(NamedTuple):
    """What was said of the images; ``precision`` is None where there was no yes, ``recall`` where there is no 9."""

    found: int
    missed: int
    false_alarms: int
    rightly_no: int
    accuracy: float
    precision: float | None
    recall: float | None


def _judge(nines: Integers, said: Mask) -> Verdict:
    confusion = confusion_matrix(nines, said.astype(int), 2)
    (rightly_no, false_alarms), (missed, found) = confusion.tolist()
    return Verdict(
        found,
        missed,
        false_alarms,
        rightly_no,
        (found + rightly_no) / len(nines),
        float(precision(confusion)[1]) if found + false_alarms else None,
        float(recall(confusion)[1]) if found + missed else None,
    )


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.2%}"


def _shares(verdict: Verdict) -> tuple[str, ...]:
    return _percent(verdict.accuracy), _percent(verdict.precision), _percent(verdict.recall)


def _findings(yes: Verdict, never: Verdict) -> tuple[str, ...]:
    better = "more often than" if yes.accuracy > never.accuracy else "no more often than"
    accuracy, precise, found = _shares(yes)
    return (
        f"The network is right in {accuracy} of the cases, {better} always saying no, which is right in "
        f"{_percent(never.accuracy)}.",
        f"Its precision is {precise}: of {yes.found + yes.false_alarms:,} yeses, {yes.found:,} were 9s. Its recall is "
        f"{found}: of {yes.found + yes.missed:,} 9s it found {yes.found:,}.",
        "Always saying no finds no 9 and, with not one yes, has no precision at all.",
    )


def _figure(outputs: Array, nines: Integers, threshold: float, digits: Digits) -> Figure:
    """Precision and recall by threshold, and the images where the network is wrong, the surest first."""
    at = [round(0.02 * step, 2) for step in range(1, 50)]
    verdicts = [_judge(nines, outputs > place) for place in at]
    curves = tuple(
        Curve([x for x, y in zip(at, shares, strict=True) if y is not None], [y for y in shares if y is not None], name)
        for name, shares in (
            ("precision", [verdict.precision for verdict in verdicts]),
            ("recall", [verdict.recall for verdict in verdicts]),
        )
    )
    missed = np.flatnonzero((nines == 1) & (outputs <= threshold))
    alarms = np.flatnonzero((nines == 0) & (outputs > threshold))
    return Figure(
        (
            Panel("By the threshold", "yes above", "share", curves),
            *_wrong("9s that it missed", missed[np.argsort(outputs[missed], kind="stable")], digits),
            *_wrong("No 9s that it called one", alarms[np.argsort(-outputs[alarms], kind="stable")], digits),
        )
    )


def _wrong(title: str, images: Integers, digits: Digits) -> tuple[Panel, ...]:
    """A sheet of some of the images, if there are any."""
    if not len(images):
        return ()
    some = digits.test_images[images[:DRAWN]].astype(float)
    return (Panel(title, f"{len(some)} of {len(images)}", image=montage(some, COLUMNS, line=GREY).tolist()),)
