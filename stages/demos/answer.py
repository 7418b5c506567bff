"""Check an answer to the exercise of ``feedforward``: the outputs of the four neurons, computed by hand."""

from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.words.nouns import counted

NEURONS = ("hidden 1", "hidden 2", "hidden 3", "output")
TOLERANCE = 0.005
"""An answer may be rounded to two decimals."""


def check(answer: tuple[float, ...], z: list[float], outputs: list[float]) -> Demo:
    """Compare an answer with the outputs of the network, and explain what is wrong.

    ``z`` are the weighted sums of the four neurons. Raises UsageError if the answer has not four numbers.
    """
    limits.count("answer", answer, len(NEURONS), len(NEURONS))
    limits.numbers("answer", answer, 0, 1)
    verdicts = [_verdict(given, output) for given, output in zip(answer, outputs, strict=True)]
    wrong = [
        f"{name}: its weighted sum plus bias is z = {total:.6g}, so it outputs sigma(z) = {output:.4f}."
        for name, verdict, total, output in zip(NEURONS, verdicts, z, outputs, strict=True)
        if verdict != "right"
    ]
    return Demo(
        idea=(
            "The exercise: compute the outputs of the 2-3-1 network component by component. Here your outputs are "
            "compared with those of the matrix form, a' = sigma(w a + b). Two decimals are enough."
        ),
        tables=(
            Table(
                "Your answer",
                ("neuron", "output", "verdict"),
                tuple(
                    (name, f"{given:g}", verdict)
                    for name, given, verdict in zip(NEURONS, answer, verdicts, strict=True)
                ),
            ),
        ),
        findings=tuple(wrong) or ("All four outputs are right.",),
        values={"answer": list(answer), "verdicts": verdicts, "solved": not wrong},
        try_next=("feedforward",),
        missed=f"{counted(len(wrong), 'output')} of the answer not right" if wrong else "",
    )


def _verdict(given: float, output: float) -> str:
    if abs(given - output) <= TOLERANCE:
        return "right"
    return "too small" if given < output else "too large"
