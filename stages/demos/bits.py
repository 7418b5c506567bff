"""Four binary outputs instead of ten: a layer with weights set by hand, and a network trained with four outputs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.chapter.target_encodings import BINARY, as_numbers, bit_layer, nearest_digit
from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos.bit_check import HIGH, LOW, check
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Epochs, Eta, Given, Hidden, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.demos.shared.trained import WEIGHTS, trained_network
from nndigits.stages.figures.figure import Figure

say = Say("bits")

MARGIN = 0.45


def run(
    *,
    seeds: Annotated[int, Given(1, 5)] = 3,
    hidden: Hidden = 30,
    epochs: Epochs = 4,
    eta: Eta = 3.0,
    seed: Seed = 0,
    data: Path = DATA,
    weights: Path = WEIGHTS,
    bit_weights: Annotated[tuple[float, ...], Given(-1e6, 1e6)] = (),
    bit_biases: Annotated[tuple[float, ...], Given(-1e6, 1e6)] = (),
    progress: Progress = quietly,
) -> Demo:
    """Convert ten outputs to four bits with a layer set by hand. Then train networks with ten and four outputs."""
    if bit_weights or bit_biases:
        return check(bit_weights, bit_biases)
    digits = read_digits(data)
    network, origin = trained_network(weights, digits, seed=seed, progress=progress)
    by_hand = _evaluate_bit_layer(network, digits)
    parts = iter((part, 2 * seeds) for part in range(2 * seeds))
    how = {"epochs": epochs, "eta": eta, "progress": progress}
    runs = [_compare(digits, hidden, one, parts, **how) for one in range(seed, seed + seeds)]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                "the-layer-set-by-hand-2",
                ("bit", *map(str, range(CLASSES)), "bias"),
                ((f"{8 >> place}", *map(int, row), -0.5) for place, row in enumerate(BINARY.T)),
            ),
            say.table(
                say("the-layer-set-by-hand", count=by_hand["images"]),
                "prediction correct not-a-digit-10-to",
                (
                    (say("largest-of-the-ten-outputs"), by_hand["ten_right"], 0),
                    (say("four-bits-each-1-above"), by_hand["bits_right"], by_hand["no_digit"]),
                    (say("digit-nearest-to-the-four"), by_hand["nearest_right"], 0),
                ),
            ),
            say.table(
                say("trained", pixels=digits.pixels, hidden=hidden, epochs=epochs, eta=eta),
                "seed 10-outputs 4-bits difference 4-bits-nearest-digit",
                (
                    (one["seed"], *(round(100 * one[name], 2) for name in ("ten", "bits", "difference", "nearest")))
                    for one in runs
                ),
            ),
        ),
        findings=(
            digits.about,
            origin,
            say("proof", high=HIGH, low=LOW, margin=MARGIN),
            say(
                "this-networks-outputs-are-that" if by_hand["clear"] else "this-networks-outputs-are-that-2", **by_hand
            ),
            _compared(runs),
            say("the-books-explanation-for-ten"),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "weights": BINARY.T.astype(int),
            "bias": -0.5,
            "by_hand": by_hand,
            "trained": runs,
        },
        figure=_figure(runs),
        try_next=("bits --seeds 5", "bits --epochs 10 --seeds 1", "nine", "hidden"),
    )


def _evaluate_bit_layer(network: Network, digits: Digits) -> dict[str, Any]:
    """Add the layer to a trained network, and evaluate both on the test images.

    An image is clear if its correct output is above 0.99 and the others below 0.01, as the exercise assumes.
    """
    layer = bit_layer()
    ten = network.outputs(digits.test_images)
    z = ten @ layer.w.T + layer.b
    bits = layer.forward(np.column_stack([ten, np.ones(len(ten))]))[:, :-1]
    labels = digits.test_labels.astype(int)
    correct = np.eye(CLASSES, dtype=bool)[labels]
    clear = (ten[correct] > HIGH) & (np.where(correct, 0.0, ten).max(axis=1) < LOW)
    margins = np.where(BINARY[labels] == 1, z, -z).min(axis=1)
    number = as_numbers(bits)
    return {
        "images": len(labels),
        "ten_right": int((ten.argmax(axis=1) == labels).sum()),
        "bits_right": int((number == labels).sum()),
        "no_digit": int((number > 9).sum()),
        "nearest_right": int((nearest_digit(bits) == labels).sum()),
        "clear": int(clear.sum()),
        "clear_right": int((number[clear] == labels[clear]).sum()),
        "clear_margin": float(margins[clear].min()) if clear.any() else None,
    }


def _compare(digits: Digits, hidden: int, seed: int, parts: Iterator[tuple[int, int]], **how: Any) -> dict[str, Any]:
    """Train a network with ten outputs and one with four from a seed, and measure their test accuracy by epoch."""

    def largest(outputs: Array) -> Integers:
        largest: Integers = outputs.argmax(axis=1)
        return largest

    by_epoch: list[Any] = []
    for encoding, decoders in ((np.eye(CLASSES), [largest]), (BINARY, [as_numbers, nearest_digit])):
        rng, outputs = np.random.default_rng(seed), encoding.shape[1]
        network = random_network([digits.pixels, hidden, outputs], rng)

        def accuracies(network: Network, decoders: Any = decoders) -> list[float]:
            found = network.outputs(digits.test_images)
            return [float(np.mean(decode(found) == digits.test_labels)) for decode in decoders]

        what = say("run", seed=seed, outputs=outputs)
        measured = training.fit(
            network, digits, accuracies, rng=rng, encoding=encoding, what=what, part=next(parts), **how
        )
        by_epoch += zip(*measured, strict=True)
    ten, bits, nearest = by_epoch
    return {
        "seed": seed,
        "ten": ten[-1],
        "bits": bits[-1],
        "nearest": nearest[-1],
        "difference": ten[-1] - bits[-1],
        "ten_by_epoch": ten,
        "bits_by_epoch": bits,
    }


def _compared(runs: list[dict[str, Any]]) -> str:
    lead = np.array([100 * run["difference"] for run in runs])
    mean, several = lead.mean(), len(runs) > 1
    return say(
        "on-average" if several else "in-this-run",
        compared=say("equal" if abs(mean) < 1e-9 else "ten-better" if mean > 0 else "four-better", points=abs(mean)),
        spread=say("spread", low=lead.min(), high=lead.max()) if several else "",
        ten=int((lead > 0).sum()),
        four=int((lead < 0).sum()),
        runs=len(runs),
    )


def _figure(runs: list[dict[str, Any]]) -> Figure:
    """Draw the test accuracy of both networks after each epoch, for each seed."""
    curves = []
    for index, run in enumerate(runs):
        ten, four = (100 * np.array(run[name]) for name in ("ten_by_epoch", "bits_by_epoch"))
        epochs = range(1, len(ten) + 1)
        curves.append(say.curve(epochs, ten, "" if index else "10-outputs-full-lines"))
        curves.append(say.curve(epochs, four, "" if index else "4-outputs-dashed", "dashed"))
    return Figure((say.panel("ten-and-four-outputs-each", "epoch", "test-accuracy", *curves),))
