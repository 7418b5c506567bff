"""Deep networks: a face detector built from simpler questions, and why deep networks were hard to train."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nndigits.stages.demos.face import INPUTS, face, inputs_without
from nndigits.stages.demos.learning_speed import IMAGES, SEEDS, Speeds, speeds, start_ratios
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("deep")

DEPTHS = (1, 2, 3, 4)
INITS = ("N(0,1)", "N(0,1/n)")
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
    ratios = [(init, depth, *start_ratios(init, depth, hidden, digits, seed)) for init in INITS for depth in DEPTHS[1:]]
    missing = [name for name in INPUTS if not present[name]]
    return Demo(
        idea=(say("idea")),
        tables=(
            network.table(say("the-questions-with-a-perceptron"), x),
            *_speed_tables(trained),
            _start_table(ratios),
        ),
        drawing=("Parts in the picture, and the outputs of the perceptrons: ● yes   ○ no", "", *network.drawing(x)),
        findings=(
            _verdict(missing, outputs),
            digits.about,
            *_findings(trained),
            _start_finding(ratios),
        ),
        values={
            "face": {
                "without": missing,
                "verdicts": {name: output for name, output in outputs.items() if name not in INPUTS},
            },
            "data": digits.as_json(),
            "seed": seed,
            "networks": [_as_json(one) for one in trained],
            "at_the_start": [
                dict(zip(("init", "hidden_layers", "last_to_first", "second_to_first"), one, strict=True))
                for one in ratios
            ],
        },
        figure=Figure(
            (
                network.panel(say("face-detected" if outputs["face"] else "no-face-detected"), x),
                *map(_panel, trained[1:]),
            ),
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


def _verdict(missing: list[str], outputs: dict[str, int]) -> str:
    parts = [say(name) for name in ("left eye", "right eye", "nose", "mouth", "hair") if outputs[name]]
    return say(
        "verdict" if missing else "verdict-of-all",
        missing=listed(map(say, missing)),
        parts=listed(parts) or say("no-parts"),
        face=say("a-face" if outputs["face"] else "no-face"),
    )


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

    columns = (say("network"), *(say("hidden-2", number=number) for number in DEPTHS), say("output"))
    batches = trained[0].batches[-1]
    return (
        Table(say("speed-of-each-layer-at", images=IMAGES), columns, rows(0)),
        Table(say("speed-of-each-layer-after", batches=batches), columns, rows(-1)),
    )


def _start_table(ratios: list[tuple[str, int, float, float]]) -> Table:
    columns = tuple(map(say, ("first-weights", "hidden-layers", "last-to-first", "second-to-first")))
    return Table(say("at-the-start", seeds=SEEDS, images=IMAGES), columns, tuple(ratios))


def _start_finding(ratios: list[tuple[str, int, float, float]]) -> str:
    """Say how much of the difference between layers comes from the saturated first layer."""
    last = {(init, depth): ratio for init, depth, ratio, _ in ratios}
    second = {(init, depth): ratio for init, depth, _, ratio in ratios}
    large, small = INITS
    small_ratios = listed(f"{last[small, depth]:.3g}" for depth in DEPTHS[1:])
    return say("start-finding", all=last[large, 3], first=second[large, 3], each=last[small, 2], ratios=small_ratios)


def _findings(trained: list[Speeds]) -> list[str]:
    """Compare the first and last hidden layers of each network, and say whether the speeds increase with depth."""
    findings: list[str] = []
    for one in trained[1:]:
        start, end = one.norms[0], one.norms[-1]
        before = start[one.hidden - 1] / start[0] if start[0] else np.inf
        after = end[one.hidden - 1] / end[0] if end[0] else np.inf
        findings.append(say("speeds", name=one.name, before=before, after=after))
    ordered = all((np.diff(one.norms[0, :-1]) > 0).all() for one in trained[1:])
    if ordered:
        findings.append(say("at-the-start-every-hidden"))
    else:
        findings.append(say("in-this-run-not-every"))
    return findings


def _as_json(one: Speeds) -> dict[str, Any]:
    return {
        "network": one.name,
        "hidden_layers": one.hidden,
        "batches": list(one.batches),
        "speeds": one.norms.tolist(),
    }


def _panel(one: Speeds) -> Panel:
    layers = [*(say("hidden-2", number=number + 1) for number in range(one.hidden)), say("output")]
    floor = 1e-300
    return Panel(
        say("speed-of-each-layer", name=one.name),
        say("mini-batches"),
        say("length-of-the-gradient"),
        tuple(
            Curve(one.batches, np.maximum(norms, floor).tolist(), name)
            for name, norms in zip(layers, one.norms.T, strict=True)
        ),
        log_y=True,
    )
