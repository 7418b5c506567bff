"""Deep networks: a face detector built from simpler questions, and why deep networks were hard to train."""

from pathlib import Path
from typing import Annotated

import numpy as np

from nndigits.stages.demos.learning_speed import IMAGES, SEEDS, Speeds, speeds, start_ratios
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, Given, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Cell, Say, Table, listed
from nndigits.stages.demos.shared.wiring import Named, NamedNetwork
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store.errors import UsageError

say = Say("deep")

EYE = ("brow", "lashes", "iris")
INPUTS = (*(f"{eye}.{part}" for eye in ("left", "right") for part in EYE), "nostrils", "lips", "teeth", "strands")

DEPTHS = (1, 2, 3, 4)
INITS = ("N(0,1)", "N(0,1/n)")

Ratios = list[tuple[str, int, float, float]]
"""How much faster the last and the second hidden layer learn than the first, by first weights and depth."""


def run(
    *,
    without: str = "left.iris",
    hidden: Annotated[int, Given(1, 60)] = 30,
    batches: Annotated[int, Given(1, 1000)] = 300,
    eta: Annotated[float, Given(0, 100, above=True)] = 3.0,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Detect a face question by question, and measure how fast the layers of deep networks learn."""
    present = inputs_without(without)
    network, x = face(), np.array([float(present[name]) for name in INPUTS])
    outputs = network.outputs(x)
    digits = read_digits(data)
    trained = []
    for depth in DEPTHS:

        def advance(done: int, depth: int = depth) -> None:
            progress(say("hidden-2", number=depth), (depth - 1) * batches + done, len(DEPTHS) * batches)

        trained.append(speeds(depth, hidden, digits, eta=eta, batches=batches, seed=seed, on_batches=advance))
    ratios = [(init, depth, *start_ratios(init, depth, hidden, digits, seed)) for init in INITS for depth in DEPTHS[1:]]
    missing = [name for name in INPUTS if not present[name]]
    ordered = all((np.diff(one.norms[0, :-1]) > 0).all() for one in trained[1:])
    heads = ("first-weights", "hidden-layers", "last-to-first", "second-to-first")
    return Demo(
        idea=say("idea"),
        tables=(
            network.table(say("the-questions-with-a-perceptron"), x),
            _speed_table(say("speed-of-each-layer-at", images=IMAGES), trained, 0),
            _speed_table(say("speed-of-each-layer-after", batches=batches), trained, -1),
            say.table(say("at-the-start", seeds=SEEDS, images=IMAGES), heads, ratios),
        ),
        drawing=network.drawing(say("parts-drawn"), x),
        findings=(
            _verdict(missing, outputs),
            digits.about,
            *map(_compared, trained[1:]),
            say("at-the-start-every-hidden" if ordered else "in-this-run-not-every"),
            _start_finding(ratios),
        ),
        values={
            "face": {
                "without": missing,
                "verdicts": {name: output for name, output in outputs.items() if name not in INPUTS},
            },
            "data": digits.as_json(),
            "seed": seed,
            "networks": [
                {"network": one.name, "hidden_layers": one.hidden, "batches": one.batches, "speeds": one.norms}
                for one in trained
            ],
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
            size=(7.0, 4.6),
        ),
        try_next=(
            "deep --without left,right",
            "deep --without left.iris,nostrils,strands",
            "deep --seed 1",
            "learning-rate",
        ),
    )


def face() -> NamedNetwork:
    """Return the network: from details of the picture to eyes, nose, mouth and hair, and from these to the face."""
    return NamedNetwork(
        say,
        INPUTS,
        (
            (
                Named("left eye", {f"left.{part}": 1 for part in EYE}, 1.5),
                Named("right eye", {f"right.{part}": 1 for part in EYE}, 1.5),
                Named("nose", {"nostrils": 1}, 0.5),
                Named("mouth", {"lips": 2, "teeth": 1}, 1.5),
                Named("hair", {"strands": 1}, 0.5),
            ),
            (
                Named("both eyes", {"left eye": 1, "right eye": 1}, 1.5),
                Named("lower half", {"nose": 1, "mouth": 1}, 1.5),
                Named("most parts", {"left eye": 1, "right eye": 1, "nose": 1, "mouth": 1, "hair": 1}, 3.5),
            ),
            (Named("face", {"both eyes": 1, "lower half": 1, "most parts": 2}, 1.5),),
        ),
    )


def inputs_without(without: str) -> dict[str, int]:
    """Return the inputs for a picture without the named parts; ``left`` and ``right`` stand for a whole eye."""
    missing = [part.strip() for part in without.split(",") if part.strip()]
    for part in missing:
        if part not in (*INPUTS, "left", "right"):
            raise UsageError(say("parts-wanted", parts=", ".join(INPUTS)), "without", part[:40])
    return {name: int(name not in missing and name.split(".")[0] not in missing) for name in INPUTS}


def _verdict(missing: list[str], outputs: dict[str, int]) -> str:
    parts = [say(name) for name in ("left eye", "right eye", "nose", "mouth", "hair") if outputs[name]]
    return say(
        "verdict" if missing else "verdict-of-all",
        missing=listed(map(say, missing)),
        parts=listed(parts) or say("no-parts"),
        face=say("a-face" if outputs["face"] else "no-face"),
    )


def _speed_table(title: str, trained: list[Speeds], measurement: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in trained:
        *hidden, last = (f"{norm:.2g}" for norm in one.norms[measurement])
        rows.append((one.name, *hidden, *("",) * (len(DEPTHS) - one.hidden), last))
    return say.table(title, ("network", *(say("hidden-2", number=number) for number in DEPTHS), "output"), rows)


def _compared(one: Speeds) -> str:
    """Compare the last hidden layer with the first, before and after training."""
    before, after = (
        norms[one.hidden - 1] / norms[0] if norms[0] else np.inf for norms in (one.norms[0], one.norms[-1])
    )
    return say("speeds", name=one.name, before=before, after=after)


def _start_finding(ratios: Ratios) -> str:
    """Say how much of the difference between layers comes from the saturated first layer."""
    last = {(init, depth): ratio for init, depth, ratio, _ in ratios}
    second = {(init, depth): ratio for init, depth, _, ratio in ratios}
    large, small = INITS
    small_ratios = listed(f"{last[small, depth]:.3g}" for depth in DEPTHS[1:])
    return say("start-finding", all=last[large, 3], first=second[large, 3], each=last[small, 2], ratios=small_ratios)


def _panel(one: Speeds) -> Panel:
    layers = [*(say("hidden-2", number=number + 1) for number in range(one.hidden)), say("output")]
    norms = np.maximum(one.norms, 1e-300).T
    return say.panel(
        say("speed-of-each-layer", name=one.name),
        "mini-batches",
        "length-of-the-gradient",
        *(say.curve(one.batches, speed, name) for name, speed in zip(layers, norms, strict=True)),
        log_y=True,
    )
