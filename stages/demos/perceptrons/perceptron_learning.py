"""The perceptron rule: weights found by mistakes alone where there are any, and no end where there are none."""

from typing import Annotated, Any

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs, perceptron
from nn.models.chapter.perceptron_learning import Update, first_return, mistakes_by_epoch, train
from nn.models.chapter.separability import contradiction
from nn.stages.demos.perceptrons.square import square_panel
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.wording import counted, listed, truth_table
from nn.stages.figures.figure import Curve, Figure, Panel

MOST_INPUTS, MOST_EPOCHS, LARGEST, MOST_SHOWN = 4, 500, 1000.0, 16
XOR = "0110"
KNOWN = {"0001": " (AND)", "0111": " (OR)", "1110": " (NAND)", "1000": " (NOR)", XOR: " (XOR)", "1001": " (XNOR)"}


def run(
    *,
    table: Annotated[str, "The answers wanted for 00, 01, 10, 11 (or for the inputs of 1, 3 or 4 bits)."] = "1110",
    eta: Annotated[float, "How much a mistake changes the weights."] = 1.0,
    start: Annotated[tuple[float, ...], "Weights and bias to begin with; all 0 if empty."] = (),
    epochs: Annotated[int, "Give up after going through the inputs this often."] = 50,
) -> Demo:
    """Let a perceptron learn a truth table, and XOR beside it."""
    wanted = truth_table(table, 1, MOST_INPUTS)
    n = len(wanted).bit_length() - 1
    limits.above_zero("eta", eta, LARGEST)
    begin = start or (0.0,) * (n + 1)
    limits.count("start", begin, n + 1, n + 1)
    for number in begin:
        limits.number("start", number, -LARGEST, LARGEST)
    limits.whole("epochs", epochs, 1, MOST_EPOCHS)
    first = np.array(begin[:-1]), begin[-1]
    told = train(all_inputs(n), np.array(wanted), *first, eta=eta, epochs=epochs)
    origin = np.zeros(2), 0.0
    others = (
        [] if table == XOR else train(all_inputs(2), np.array(truth_table(XOR, 2, 2)), *origin, eta=eta, epochs=epochs)
    )
    return Demo(
        idea=(
            "Weights can be found by mistakes. Show the inputs one after the other; once through them all is an epoch. "
            "After a right answer change nothing. After a wrong one, w -> w + eta (wanted - answer) x and "
            "b -> b + eta (wanted - answer): the sum for this input moves towards the right side of 0. If any weights "
            "do the table, this ends, which is a theorem; if none do, it never does."
        ),
        tables=(
            _steps(f"Learning {table}{KNOWN.get(table, '')}: the mistakes, and the weights after each", told, n),
            *((_steps("Learning 0110 (XOR) by the same rule", others, 2),) if others else ()),
        ),
        findings=(*_outcome(table, told, first, epochs), *(_outcome(XOR, others, origin, epochs) if others else ())),
        values={
            "eta": eta,
            "runs": [
                _as_json(name, one, begun) for name, one, begun in ((table, told, first), (XOR, others, origin)) if one
            ],
        },
        figure=_figure(table, wanted, told, first, others),
        try_next=(
            "perceptron-learning --table 0110",
            "perceptron-learning --table 00010111",
            "gates",
            "gradient-descent",
        ),
    )


def _is_learned(told: list[Update]) -> bool:
    return not mistakes_by_epoch(told)[-1]


def _steps(title: str, told: list[Update], n: int) -> Table:
    wrong = [(number, lesson) for number, lesson in enumerate(told, 1) if lesson.output != lesson.target]
    rows = tuple(
        (number, lesson.epoch, _input(lesson.row, n), lesson.output, lesson.target, *lesson.w.tolist(), float(lesson.b))
        for number, lesson in wrong[:MOST_SHOWN]
    )
    more = f" (the first {MOST_SHOWN} of {len(wrong)})" if len(wrong) > MOST_SHOWN else ""
    weights = tuple(f"w{number}" for number in range(1, n + 1))
    return Table(title + more, ("step", "epoch", "input", "answer", "wanted", *weights, "b"), rows)


def _input(row: int, n: int) -> str:
    return f"{row:0{n}b}"


def _outcome(table: str, told: list[Update], first: tuple[Array, float], epochs: int) -> list[str]:
    """What became of one training, and why."""
    wrong = sum(mistakes_by_epoch(told))
    if _is_learned(told):
        last = told[-1]
        w = listed(f"{weight:.6g}" for weight in last.w)
        n = len(last.w)
        right = int((perceptron(all_inputs(n), last.w, last.b) == [int(sign) for sign in table]).sum())
        return [
            f"{table}: learned after {counted(wrong, 'mistake')}; epoch {last.epoch} is without any. Weights {w} and "
            f"bias {last.b:.6g} answer {right} of {counted(2**n, 'input')} right."
        ]
    said = [f"{table}: not learned in {counted(epochs, 'epoch')}, {counted(wrong, 'mistake')} so far."]
    again = first_return(first, told)
    if again is not None:
        when = "at the start" if again[0] == 0 else f"after epoch {again[0]}"
        said.append(
            f"After epoch {again[1]} the weights are exactly what they were {when}: from there all repeats, so it "
            "circles for ever."
        )
    proof = contradiction([int(sign) for sign in table])
    if proof is not None:
        n = len(first[0])
        ones, zeros = (" and ".join(_input(row, n) for row in rows) for rows in (proof.ones, proof.zeros))
        said.append(
            f"No perceptron can do {table}: {ones} should give 1 and {zeros} should give 0, yet both pairs have the "
            "same sum (nn demo gates says why that forbids it)."
        )
    else:
        said.append("There are weights that do it: with more epochs the rule must find some.")
    return said


def _as_json(table: str, told: list[Update], first: tuple[Array, float]) -> dict[str, Any]:
    return {
        "table": table,
        "learned": _is_learned(told),
        "mistakes_by_epoch": mistakes_by_epoch(told),
        "weights": told[-1].w.tolist(),
        "bias": float(told[-1].b),
        "returns": list(first_return(first, told) or ()) or None,
    }


def _figure(
    table: str, wanted: tuple[int, ...], told: list[Update], first: tuple[Array, float], others: list[Update]
) -> Figure:
    """Mistakes by epoch; and for two inputs the line after each of the first mistakes."""
    curves = []
    for name, one in ((table, told), (XOR, others)):
        counts = mistakes_by_epoch(one)[:20] if one else []
        if counts:
            curves.append(Curve(list(range(1, len(counts) + 1)), counts, name, "marked"))
    mistakes = Panel("Mistakes in each epoch", "epoch", "mistakes", tuple(curves))
    if len(first[0]) != 2:
        return Figure((mistakes,), size=(5.2, 4.0))
    wrong = [lesson for lesson in told if lesson.output != lesson.target]
    chosen = wrong if len(wrong) <= 7 else [*wrong[:6], wrong[-1]]
    squares = [
        square_panel(f"{table}, after mistake {wrong.index(lesson) + 1}", wanted, lesson.w, lesson.b)
        for lesson in chosen
    ]
    return Figure((*squares, mistakes), columns=4, size=(3.3, 3.2))
