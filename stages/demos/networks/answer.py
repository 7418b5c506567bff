"""Check an answer to the exercise of ``feedforward``: the outputs of the four neurons, computed by hand."""

from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.texts import listed

NEURONS = ("hidden 1", "hidden 2", "hidden 3", "output")
TOLERANCE = 0.005
"""An answer may be rounded to two decimals."""


def check(answer: tuple[float, ...], outputs: list[float]) -> Demo:
    """Compare an answer with the outputs of the network, and show no output; both have four numbers.

    Raises UsageError if the answer has another length.
    """
    limits.count("answer", answer, len(NEURONS), len(NEURONS))
    limits.numbers("answer", answer, 0, 1)
    verdicts = [_verdict(given, output) for given, output in zip(answer, outputs, strict=True)]
    wrong = [name for name, verdict in zip(NEURONS, verdicts, strict=True) if verdict != "right"]
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
        findings=(_finding(wrong),),
        values={"answer": list(answer), "verdicts": verdicts, "solved": not wrong},
        try_next=("feedforward",),
    )


def _verdict(given: float, output: float) -> str:
    if abs(given - output) <= TOLERANCE:
        return "right"
    return "too small" if given < output else "too large"


def _finding(wrong: list[str]) -> str:
    if not wrong:
        return "All four outputs are right."
    if wrong == ["output"]:
        return (
            "The hidden neurons are right, and the output neuron is not. Its inputs are the outputs of the hidden ones."
        )
    return f"Not right: {listed(wrong)}. A neuron computes sigma of the weighted sum of its inputs plus its bias."
