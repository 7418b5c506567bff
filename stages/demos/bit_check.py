"""Check an answer to the exercise of ``bits``: weights and biases of one's own, tried on all ten digits.

The exercise allows any output of at least 0.99 for the correct digit, and up to 0.01 for the others. z is linear in
these outputs, so its smallest and its largest value lie at the ends of those ranges. That makes the check a proof.
"""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.target_encodings import BINARY, BIT_VALUES
from nndigits.models.layers.activations import SIGMOID
from nndigits.stages.demos.shared.data import CLASSES
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, listed, with_article
from nndigits.stages.figures.figure import Figure

say = Say("bits")

BITS = 4
HIGH, LOW = 0.99, 0.01


def check(weights: tuple[float, ...], biases: tuple[float, ...]) -> Demo:
    """Try a layer on all ten digits; ``weights`` has ten numbers for each bit, the highest bit first.

    Raises UsageError if there are not 40 weights and four biases.
    """
    Given(count=(BITS * CLASSES, BITS * CLASSES)).check("bit-weights", weights)
    Given(count=(BITS, BITS)).check("bit-biases", biases)
    w, b = np.array(weights).reshape(BITS, CLASSES), np.array(biases)
    z = w @ np.where(np.eye(CLASSES) == 1, HIGH, LOW) + b[:, None]
    margins = smallest_margins(w, b)
    outputs = SIGMOID.value(z, np.empty_like(z))
    least = margins.min(axis=0)
    correct = (least > 0).tolist()
    bits = tuple(say("bit-value", value=value) for value in BIT_VALUES)
    return Demo(
        idea=say("check-idea", high=HIGH, low=LOW),
        tables=(
            say.table(
                "your-layer",
                ("bit", *map(str, range(CLASSES)), "bias"),
                (
                    (str(value), *(f"{number:g}" for number in row))
                    for value, row in zip(BIT_VALUES, np.column_stack([w, b]), strict=True)
                ),
            ),
            say.table(
                say("the-ten-digits", high=HIGH, low=LOW),
                ("digit", "bits", *bits, "as-bits", "margin", "is-right"),
                (
                    (
                        f"{digit}",
                        _as_text(BINARY[digit]),
                        *(f"{output:.4f}" for output in outputs[:, digit]),
                        _as_text(z[:, digit] > 0),
                        f"{least[digit]:+.4g}",
                        correct[digit],
                    )
                    for digit in range(CLASSES)
                ),
            ),
        ),
        findings=_findings(margins, correct),
        values={
            "bit_weights": w,
            "bit_biases": b,
            "outputs": outputs.T,
            "margins": margins.T,
            "right": correct,
            "solved": all(correct),
        },
        figure=Figure(
            tuple(
                say.panel(title, "digits-0-to-9", "", image=image, signed=True, y_ticks=bits)
                for title, image in (("your-weights", w), ("margins-red-is-wrong", margins))
            ),
            size=(4.5, 2.6),
        ),
        try_next=("bits", "target"),
        missed="" if all(correct) else say("missed", count=correct.count(False)),
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


def _as_text(bits: Array) -> str:
    return "".join(f"{int(bit)}" for bit in bits)


def _findings(margins: Array, correct: list[bool]) -> tuple[str, ...]:
    if all(correct):
        bit, digit = np.unravel_index(int(margins.argmin()), margins.shape)
        return (say("solved", margin=margins.min(), bit=BIT_VALUES[bit], digit=with_article(digit)),)
    wrong = [digit for digit, is_right in enumerate(correct) if not is_right]
    bits = [8 >> place for place in range(BITS) if margins[place].min() <= 0]
    missed = next(place for place in range(BITS) if margins[place, wrong[0]] <= 0)
    wanted = int(BINARY[wrong[0], missed])
    return (
        say("not-right", right=sum(correct), wrong=listed(wrong), count=len(bits), bits=listed(bits)),
        say(
            "should-be-1" if wanted else "should-be-0",
            digit=with_article(wrong[0]),
            bit=BIT_VALUES[missed],
            z=(1 if wanted else -1) * margins[missed, wrong[0]],
        ),
    )
