"""The perceptron learning rule: it ends if weights exist that compute the truth table, and never ends for XOR."""

from typing import Annotated, Any, NamedTuple

from nndigits.models.chapter.neurons import all_inputs, perceptron
from nndigits.models.chapter.separability import Update, contradiction, first_return, mistakes_by_epoch, train
from nndigits.stages.demos.shared.demo import Demo, Given, truth_table
from nndigits.stages.demos.shared.square import square_panel
from nndigits.stages.demos.shared.texts import Say, Table, input_bits, listed
from nndigits.stages.figures.figure import Figure

say = Say("perceptron-learning")

MOST_SHOWN = 16
XOR = "0110"
KNOWN = {"0001": " (AND)", "0111": " (OR)", "1110": " (NAND)", "1000": " (NOR)", XOR: " (XOR)", "1001": " (XNOR)"}


class Training(NamedTuple):
    """One training: the truth table, as digits and its outputs, n initial weights, a bias, and the updates."""

    table: str
    outputs: tuple[int, ...]
    w: tuple[float, ...]
    b: float
    updates: list[Update]

    @property
    def mistakes(self) -> list[tuple[int, Update]]:
        """The updates after a wrong output, each with its step, counted from 1."""
        return [(step, one) for step, one in enumerate(self.updates, 1) if one.output != one.target]


def run(
    *,
    table: str = "1110",
    eta: Annotated[float, Given(0, 1000, above=True)] = 1.0,
    start: Annotated[tuple[float, ...], Given(-1000, 1000)] = (),
    epochs: Annotated[int, Given(1, 500)] = 50,
) -> Demo:
    """Let a perceptron learn a truth table, and try XOR for comparison."""
    n = len(truth_table(table, 1, 4)).bit_length() - 1
    start = start or (0.0,) * (n + 1)
    Given(count=(n + 1, n + 1)).check("start", start)
    trainings = [_train(table, start, eta, epochs)]
    if table != XOR:
        trainings.append(_train(XOR, (0.0, 0.0, 0.0), eta, epochs))
    return Demo(
        idea=say("idea"),
        tables=tuple(_mistake_table(training) for training in trainings),
        findings=tuple(sentence for training in trainings for sentence in _outcome(training, epochs)),
        values={"eta": eta, "runs": [_as_json(training) for training in trainings]},
        figure=_figure(trainings),
        try_next=(
            "perceptron-learning --table 0110",
            "perceptron-learning --table 00010111",
            "gates",
            "gradient-descent",
        ),
    )


def _train(table: str, start: tuple[float, ...], eta: float, epochs: int) -> Training:
    w, b, outputs = start[:-1], start[-1], tuple(map(int, table))
    return Training(table, outputs, w, b, train(all_inputs(len(w)), outputs, w, b, eta=eta, epochs=epochs))


def _mistake_table(training: Training) -> Table:
    n, mistakes = len(training.w), training.mistakes
    name = training.table + KNOWN.get(training.table, "")
    key = "learning" if len(mistakes) <= MOST_SHOWN else "learning-shown"
    return say.table(
        say(key, table=name, shown=MOST_SHOWN, count=len(mistakes)),
        ("step", "epoch", "input", "output", "target", *(f"w{number}" for number in range(1, n + 1)), "b"),
        (
            (step, one.epoch, input_bits(one.row, n), one.output, one.target, *map(float, one.w), float(one.b))
            for step, one in mistakes[:MOST_SHOWN]
        ),
    )


def _outcome(training: Training, epochs: int) -> list[str]:
    """Say whether the table was learned, and why not."""
    table, n, mistakes = training.table, len(training.w), len(training.mistakes)
    if not mistakes_by_epoch(training.updates)[-1]:
        last = training.updates[-1]
        correct = int((perceptron(all_inputs(n), last.w, last.b) == training.outputs).sum())
        weights, counts = listed(f"{float(weight):.6g}" for weight in last.w), {"correct": correct, "total": 2**n}
        learned = {"epoch": last.epoch, "weights": weights, "bias": float(last.b), **counts}
        return [say("learned-after-mistakes-mistakes-mistake", table=table, mistakes=mistakes, **learned)]
    sentences = [say("not-learned-in-epochs-epochs", table=table, epochs=epochs, mistakes=mistakes)]
    returns = first_return((training.w, training.b), training.updates)
    if returns is not None:
        first, again = returns
        sentences.append(say("repeats" if first else "returns-to-start", first=first, again=again))
    proof = contradiction(training.outputs)
    if proof is None:
        return [*sentences, say("exist")]
    ones, zeros = (listed(input_bits(row, n) for row in rows) for rows in (proof.ones, proof.zeros))
    return [*sentences, say("no-perceptron-can-compute-the", table=table, ones=ones, zeros=zeros)]


def _as_json(training: Training) -> dict[str, Any]:
    last = training.updates[-1]
    return {
        "table": training.table,
        "learned": not mistakes_by_epoch(training.updates)[-1],
        "mistakes_by_epoch": mistakes_by_epoch(training.updates),
        "weights": [float(weight) for weight in last.w],
        "bias": float(last.b),
        "returns": list(first_return((training.w, training.b), training.updates) or ()) or None,
    }


def _figure(trainings: list[Training]) -> Figure:
    """Plot the mistakes by epoch and, for two inputs, the line after each of the first mistakes."""
    counts = [mistakes_by_epoch(training.updates)[:20] for training in trainings]
    curves = (
        say.curve(range(1, len(some) + 1), some, training.table, "marked")
        for some, training in zip(counts, trainings, strict=True)
    )
    panel = say.panel("mistakes-in-each-epoch", "epoch", "mistakes", *curves)
    first = trainings[0]
    if len(first.w) != 2:
        return Figure((panel,), size=(5.2, 4.0))
    numbered = list(enumerate((one for _, one in first.mistakes), 1))
    chosen = numbered if len(numbered) <= 7 else [*numbered[:6], numbered[-1]]
    squares = (
        square_panel(
            say("after-mistake", table=first.table, number=number), first.outputs, one.w.astype(float), float(one.b)
        )
        for number, one in chosen
    )
    return Figure((*squares, panel), columns=4, size=(3.3, 3.2))
