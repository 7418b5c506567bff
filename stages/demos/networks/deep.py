"""Deep networks: a face as questions made of questions, and why deep networks were hard to train."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nn.stages.demos.networks.face import INPUTS, face, seen_without
from nn.stages.demos.networks.learning_speed import IMAGES, Speeds, speeds
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.data import DATA, read_digits
from nn.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nn.stages.demos.shared.wording import listed
from nn.stages.figures.figure import Curve, Figure, Panel

DEPTHS = (1, 2, 3, 4)
MOST_NEURONS, MOST_BATCHES, LARGEST_ETA = 60, 1000, 100.0


def run(
    *,
    without: Annotated[
        str, "Parts that the picture lacks: left, right, left.iris, nostrils, ..., commas between."
    ] = "left.iris",
    hidden: Annotated[int, "Neurons of each hidden layer."] = 30,
    batches: Annotated[int, "Mini-batches of 10 images to train on."] = 300,
    eta: Annotated[float, "The learning rate."] = 3.0,
    seed: Annotated[int, "Decides first weights and the order of the images."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Ask for a face question by question; then see how fast the layers of deep networks learn."""
    limits.whole("hidden", hidden, 1, MOST_NEURONS)
    limits.whole("batches", batches, 1, MOST_BATCHES)
    limits.above_zero("eta", eta, LARGEST_ETA)
    limits.seed(seed)
    seen = seen_without(without)
    network, x = face(), np.array([float(seen[name]) for name in INPUTS])
    said = {name: int(verdict[0]) for name, verdict in network.verdicts(x[None]).items()}
    digits = read_digits(data)
    trained = []
    for depth in DEPTHS:

        def advance(done: int, depth: int = depth) -> None:
            progress(f"{depth} hidden", (depth - 1) * batches + done, len(DEPTHS) * batches)

        trained.append(speeds(depth, hidden, digits, eta=eta, batches=batches, seed=seed, on_batches=advance))
    missing = [name for name in INPUTS if not seen[name]]
    return Demo(
        idea=(
            "Is there a face in the picture? Ask smaller questions: is there an eye on the left, a nose in the middle? "
            "An eye: are there a brow, lashes, an iris? Each layer answers with the answers of the layer before, until "
            "the questions are so small that pixels answer them. A network with two or more hidden layers like that is "
            "deep. Nobody sets its weights by hand for real pictures, so they must be learned; but in deep networks "
            "the layers learn at very different speeds. A layer's speed is the length of its gradient by its biases."
        ),
        tables=(network.table("The questions, each a perceptron", x), *_speed_tables(trained)),
        drawing=("What the picture shows, and the answers to the questions: ● yes   ○ no", "", *network.drawing(x)),
        findings=(
            f"Without {listed(missing)}: {_verdict(said)}" if missing else f"With every part: {_verdict(said)}",
            f"{digits}",
            *_findings(trained),
        ),
        values={
            "face": {"without": missing, "verdicts": {name: said[name] for name in said if name not in INPUTS}},
            "data": digits.as_json(),
            "seed": seed,
            "networks": [_as_json(one) for one in trained],
        },
        figure=Figure(
            (network.panel(f"A face by questions: {'yes' if said['face'] else 'no'}", x), *map(_panel, trained[1:])),
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


def _verdict(said: dict[str, int]) -> str:
    parts = [name for name in ("left eye", "right eye", "nose", "mouth", "hair") if said[name]]
    face = "a face" if said["face"] else "no face"
    return f"the network finds {listed(parts) or 'none of the parts'}, and says: {face}."


def _speed_tables(trained: list[Speeds]) -> tuple[Table, Table]:
    def rows(look: int) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            (
                one.name,
                *(f"{norm:.2g}" for norm in one.norms[look, :-1]),
                *("",) * (len(DEPTHS) - one.hidden),
                f"{one.norms[look, -1]:.2g}",
            )
            for one in trained
        )

    columns = ("network", *(f"hidden {number}" for number in DEPTHS), "output")
    batches = trained[0].batches[-1]
    return (
        Table(f"The speed of each layer at the start, over {IMAGES} images", columns, rows(0)),
        Table(f"The same after {batches} mini-batches of 10", columns, rows(-1)),
    )


def _findings(trained: list[Speeds]) -> list[str]:
    """What the speeds show, network by network: in order or not, and how far apart."""
    told = []
    for one in trained[1:]:
        start, end = one.norms[0], one.norms[-1]
        times = start[one.hidden - 1] / start[0] if start[0] else np.inf
        later = end[one.hidden - 1] / end[0] if end[0] else np.inf
        told.append(
            f"{one.name}: the last hidden layer's speed is {_times(times)} that of the first at the start, and "
            f"{_times(later)} it at the end."
        )
    ordered = all((np.diff(one.norms[0, :-1]) > 0).all() for one in trained[1:])
    if ordered:
        told.append(
            "At the start every hidden layer learns more slowly than the one behind it: the error has to come back "
            "through each layer, and is made smaller on the way. That is the vanishing gradient, one reason why deep "
            "networks were hard to train."
        )
    else:
        told.append(
            "At the start not every hidden layer learns more slowly than the one behind it in this run: the gradient "
            "need not vanish, but it is seldom of the same size in all layers."
        )
    return told


def _times(ratio: float) -> str:
    return f"{ratio:.3g} times" if np.isfinite(ratio) else "beyond all measure of"


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
