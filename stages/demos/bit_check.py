"""Check an answer to the exercise of ``bits``: weights and biases of one's own, tried on all ten digits.

The exercise allows any output of at least 0.99 for the correct digit, and up to 0.01 for the others. z is linear in
these outputs, so its smallest and its largest value lie at the ends of those ranges. That makes the check a proof.
"""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.target_encodings import BINARY, BIT_VALUES
from nndigits.models.layers.activations import SIGMOID
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import CLASSES
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.texts import listed, with_article
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.words.nouns import counted

BITS = 4
LARGEST = 1e6
HIGH, LOW = 0.99, 0.01


def check(weights: tuple[float, ...], biases: tuple[float, ...]) -> Demo:
    """Try a layer on all ten digits; ``weights`` has ten numbers for each bit, the highest bit first.

    Raises UsageError if there are not 40 weights and four biases.
    """
    limits.count("bit-weights", weights, BITS * CLASSES, BITS * CLASSES)
    limits.numbers("bit-weights", weights, -LARGEST, LARGEST)
    limits.count("bit-biases", biases, BITS, BITS)
    limits.numbers("bit-biases", biases, -LARGEST, LARGEST)
    w, b = np.array(weights).reshape(BITS, CLASSES), np.array(biases)
    z = w @ np.where(np.eye(CLASSES) == 1, HIGH, LOW) + b[:, None]
    margins = smallest_margins(w, b)
    outputs = SIGMOID.value(z, np.empty_like(z))
    found, correct = z.T > 0, [bool(own.min() > 0) for own in margins.T]
    return Demo(
        idea=(
            "The exercise: find weights and biases for a layer of four neurons after the ten outputs, so that the four "
            f"are the bits of the digit. The output of the correct digit is at least {HIGH}, and every other output is "
            f"less than {LOW}. A bit is 1 if its output is above 0.5, so if z is above 0. Here your layer is tried on "
            "all ten digits. The margin is how far z stays on the right side of 0, for the bit and the outputs for "
            "which it is least; with a margin above 0, the digit is right for all outputs that the exercise allows."
        ),
        tables=(
            Table(
                "Your layer: weights from the outputs for 0 to 9",
                ("bit", *map(str, range(CLASSES)), "bias"),
                tuple(
                    (f"{value}", *(f"{weight:g}" for weight in row), f"{bias:g}")
                    for value, row, bias in zip(BIT_VALUES.tolist(), w.tolist(), b.tolist(), strict=True)
                ),
            ),
            Table(
                f"The ten digits: outputs of the four bits where the correct output is {HIGH} and the others are {LOW}",
                ("digit", "bits", *(f"bit {value}" for value in BIT_VALUES.tolist()), "as bits", "margin", "right"),
                tuple(_row(digit, outputs[:, digit], found[digit], margins[:, digit]) for digit in range(CLASSES)),
            ),
        ),
        findings=_findings(margins, correct),
        values={
            "bit_weights": w.tolist(),
            "bit_biases": b.tolist(),
            "outputs": outputs.T.tolist(),
            "margins": margins.T.tolist(),
            "right": correct,
            "solved": all(correct),
        },
        figure=_figure(w, margins),
        try_next=("bits", "target"),
        missed="" if all(correct) else f"{counted(correct.count(False), 'digit')} not right for all allowed outputs",
    )


def smallest_margins(w: Array, b: Array) -> Array:
    """Return the least distance of z from 0 on the right side, for each bit and digit, ``(4, 10)``; below 0 if wrong.

    The output of the digit is from 0.99 to 1, the others are from 0 to 0.01.
    """
    wanted = np.where(BINARY.T == 1, 1.0, -1.0)[:, :, None]
    signed = wanted * w[:, None, :]
    own = np.eye(CLASSES, dtype=bool)
    least = np.where(own, np.minimum(signed * HIGH, signed), np.minimum(signed * LOW, 0.0))
    margins: Array = least.sum(axis=2) + wanted[:, :, 0] * b[:, None]
    return margins


def _row(digit: int, outputs: Array, found: Array, margins: Array) -> tuple[Cell, ...]:
    return (
        f"{digit}",
        _as_text(BINARY[digit]),
        *(f"{output:.4f}" for output in outputs.tolist()),
        _as_text(found),
        f"{margins.min():+.4g}",
        bool(margins.min() > 0),
    )


def _as_text(bits: Array) -> str:
    return "".join(f"{int(bit)}" for bit in bits)


def _findings(margins: Array, correct: list[bool]) -> tuple[str, ...]:
    right = sum(correct)
    if right == CLASSES:
        bit, digit = np.unravel_index(int(margins.argmin()), margins.shape)
        return (
            f"Solved: all ten digits are right, for all outputs that the exercise allows. The smallest margin is "
            f"{margins.min():.4g}, of bit {BIT_VALUES[bit]} for {with_article(digit)}.",
        )
    wrong = [digit for digit, is_right in enumerate(correct) if not is_right]
    bits = [8 >> place for place in range(BITS) if margins[place].min() <= 0]
    missed = next(place for place in range(BITS) if margins[place, wrong[0]] <= 0)
    wanted = int(BINARY[wrong[0], missed])
    return (
        f"{right} of the ten digits {'is' if right == 1 else 'are'} right. Not right for all allowed outputs: "
        f"{listed(wrong)}. Look at {'bit' if len(bits) == 1 else 'bits'} {listed(bits)}.",
        f"For {with_article(wrong[0])}, bit {BIT_VALUES[missed]} should be {wanted}, so its z should be "
        f"{'above' if wanted else 'below'} 0; it can be {(1 if wanted else -1) * margins[missed, wrong[0]]:.4g}.",
    )


def _figure(w: Array, margins: Array) -> Figure:
    """Draw the weights, and the margin of every bit for every digit."""
    labels = tuple(f"bit {value}" for value in BIT_VALUES.tolist())
    return Figure(
        (
            Panel("Your weights", "digits 0 to 9", image=w.tolist(), signed=True, y_ticks=labels),
            Panel("Margins: red is wrong", "digits 0 to 9", image=margins.tolist(), signed=True, y_ticks=labels),
        ),
        columns=2,
        size=(4.5, 2.6),
    )
