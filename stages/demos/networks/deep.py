"""Deep networks: a face detector built from simpler questions, and why deep networks were hard to train."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nndigits.stages.demos.networks.face import INPUTS, face, inputs_without
from nndigits.stages.demos.networks.learning_speed import IMAGES, Speeds, speeds
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.wording import listed
from nndigits.stages.figures.figure import Curve, Figure, Panel

DEPTHS = (1, 2, 3, 4)
MOST_NEURONS, MOST_BATCHES, LARGEST_ETA = 60, 1000, 100.0


def run(
    *,
    without: Annotated[
        str, "Parts missing from the picture, separated by commas: left, right, left.iris, nostrils, ..."
    ] = "left.iris",
    hidden: Annotated[int, "Neurons of each hidden layer."] = 30,
    batches: Annotated[int, "Number of mini-batches of 10 images to train on."] = 300,
    eta: Annotated[float, "The learning rate."] = 3.0,
    seed: Annotated[int, "Seed of the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Detect a face question by question, and measure how fast the layers of deep networks learn."""
    limits.whole("hidden", hidden, 1, MOST_NEURONS)
    limits.whole("batches", batches, 1, MOST_BATCHES)
    limits.above_zero("eta", eta, LARGEST_ETA)
    limits.seed(seed)
    present = inputs_without(without)
    network, x = face(), np.array([float(present[name]) for name in INPUTS])
    outputs = {name: int(verdict[0]) for name, verdict in network.verdicts(x[None]).items()}
    digits = read_digits(data)
    trained = []
    for depth in DEPTHS:

        def advance(done: int, depth: int = depth) -> None:
            progress(f"{depth} hidden", (depth - 1) * batches + done, len(DEPTHS) * batches)

        trained.append(speeds(depth, hidden, digits, eta=eta, batches=batches, seed=seed, on_batches=advance))
    missing = [name for name in INPUTS if not present[name]]
    return Demo(
        idea=(
            "Is there a face in the picture? The question divides into smaller ones: is there an eye on the left, a "
            "nose in the middle? These divide further, an eye into brow, lashes and iris, until single pixels answer "
            "them. Each layer combines the outputs of the layer before. A network with two or more hidden layers is "
            "deep. For real pictures its weights must be learned, but the layers of a deep network learn at very "
            "different speeds. The speed of a layer is the length of the gradient with respect to its biases."
        ),
        tables=(network.table("The questions, with a perceptron for each", x), *_speed_tables(trained)),
        drawing=("Parts in the picture, and the outputs of the perceptrons: ● yes   ○ no", "", *network.drawing(x)),
        findings=(
            f"Without {listed(missing)}: {_verdict(outputs)}" if missing else f"With every part: {_verdict(outputs)}",
            str(digits),
            *_findings(trained),
        ),
        values={
            "face": {
                "without": missing,
                "verdicts": {name: output for name, output in outputs.items() if name not in INPUTS},
            },
            "data": digits.as_json(),
            "seed": seed,
            "networks": [_as_json(one) for one in trained],
        },
        figure=Figure(
            (network.panel(f"Face detected: {'yes' if outputs['face'] else 'no'}", x), *map(_panel, trained[1:])),
            columns=2,
            size=(7.0, 4.6),
        ),
        try_next=(
            "deep --without left,right",
            "deep --without left.iris,nostrils,strands",
            "deep --seed 1",
            "learning-rate",
        ),
    )


def _verdict(outputs: dict[str, int]) -> str:
    parts = [name for name in ("left eye", "right eye", "nose", "mouth", "hair") if outputs[name]]
    face = "a face" if outputs["face"] else "no face"
    return f"the network detects {listed(parts) or 'none of the parts'}. Its output is: {face}."


def _speed_tables(trained: list[Speeds]) -> tuple[Table, Table]:
    def rows(measurement: int) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            (
                one.name,
                *(f"{norm:.2g}" for norm in one.norms[measurement, :-1]),
                *("",) * (len(DEPTHS) - one.hidden),
                f"{one.norms[measurement, -1]:.2g}",
            )
            for one in trained
        )

    columns = ("network", *(f"hidden {number}" for number in DEPTHS), "output")
    batches = trained[0].batches[-1]
    return (
        Table(f"Speed of each layer at the start, over {IMAGES} images", columns, rows(0)),
        Table(f"Speed of each layer after {batches} mini-batches of 10", columns, rows(-1)),
    )


def _findings(trained: list[Speeds]) -> list[str]:
    """Compare the first and last hidden layers of each network, and say whether the speeds increase with depth."""
    findings = []
    for one in trained[1:]:
        start, end = one.norms[0], one.norms[-1]
        before = start[one.hidden - 1] / start[0] if start[0] else np.inf
        after = end[one.hidden - 1] / end[0] if end[0] else np.inf
        findings.append(
            f"{one.name}: the last hidden layer learns {_times(before)} as fast as the first at the start, and "
            f"{_times(after)} as fast at the end."
        )
    ordered = all((np.diff(one.norms[0, :-1]) > 0).all() for one in trained[1:])
    if ordered:
        findings.append(
            "At the start every hidden layer learns more slowly than the next one: each layer that the error passes "
            "through on its way back makes it smaller. This is the vanishing gradient problem, one reason why deep "
            "networks were hard to train."
        )
    else:
        findings.append(
            "In this run, not every hidden layer learns more slowly than the next one at the start. The gradient need "
            "not vanish, but it rarely has the same size in all layers."
        )
    return findings


def _times(ratio: float) -> str:
    return f"{ratio:.3g} times" if np.isfinite(ratio) else "infinitely many times"


def _as_json(one: Speeds) -> dict[str, Any]:
    return {
        "network": one.name,
        "hidden_layers": one.hidden,
        "batches": list(one.batches),
        "speeds": one.norms.tolist(),
    }


def _panel(one: Speeds) -> Panel:
    layers = [*(f"hidden {number + 1}" for number in range(one.hidden)), "output"]
    floor = 1e-300
    return Panel(
        f"{one.name}: speed of each layer",
        "mini-batches",
        "length of the gradient",
        tuple(
            Curve(one.batches, np.maximum(norms, floor).tolist(), name)
            for name, norms in zip(layers, one.norms.T, strict=True)
        ),
        log_y=True,
    )
