"""Four outputs in place of ten: a layer set by hand on top of a trained network, and a network trained with four."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.chapter.target_encodings import BINARY, as_numbers, bit_layer, nearest_digit
from nn.models.network.network import Network, random_network
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.demos.shared.trained import WEIGHTS, trained_network
from nn.stages.figures.figure import Curve, Figure, Panel

HIGH, LOW, MARGIN = 0.99, 0.01, 0.45
MOST_SEEDS = 5


def run(
    *,
    seeds: Annotated[int, "How many times to train each network, from seed on."] = 3,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    epochs: Annotated[int, "How often to go through the images."] = 4,
    eta: Annotated[float, "The learning rate."] = 3.0,
    seed: Annotated[int, "The first seed."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    weights: Annotated[Path, "The trained network, made by nn train."] = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Turn ten outputs into four bits by a layer set by hand; train four outputs beside ten."""
    limits.whole("seeds", seeds, 1, MOST_SEEDS)
    training.check(hidden=hidden, epochs=epochs, eta=eta, seed=seed)
    digits = read_digits(data)
    network, whence = trained_network(weights, digits, seed=seed, progress=progress)
    by_hand = _by_hand(network, digits)
    runs = _compare(digits, hidden, epochs, eta, range(seed, seed + seeds), progress)
    return Demo(
        idea=(
            "Ten digits can be told by four bits: 6 is 0110, for 4 + 2. The exercise adds a layer of four "
            "neurons after the ten, set by hand: the weight from digit k to a bit is that bit of k, each bias is -0.5. "
            "And it asks why ten outputs are used at all: would a network with four learn as well? That is tried below."
        ),
        tables=(
            Table(
                "The layer by hand: weights from the outputs for 0 to 9",
                ("bit", *map(str, range(CLASSES)), "bias"),
                tuple((f"{8 >> place}", *map(int, row), -0.5) for place, row in enumerate(BINARY.T)),
            ),
            _by_hand_table(by_hand),
            Table(
                f"{digits.pixels}-{hidden}-10 and {digits.pixels}-{hidden}-4, {epochs} epochs at eta {eta:g}: % of the "
                "test images right",
                ("seed", "10 outputs", "4, as bits", "10 lead by", "4, nearest digit"),
                tuple(
                    (one["seed"], *(round(100 * one[name], 2) for name in ("ten", "bits", "difference", "nearest")))
                    for one in runs
                ),
            ),
        ),
        findings=(str(digits), whence, *_hand_findings(by_hand), *_trained_findings(runs)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "weights": BINARY.T.astype(int).tolist(),
            "bias": -0.5,
            "by_hand": by_hand,
            "trained": runs,
        },
        figure=_figure(runs),
        try_next=("bits --seeds 5", "bits --epochs 10 --seeds 1", "nine", "hidden"),
    )


def _by_hand(network: Network, digits: Digits) -> dict[str, Any]:
    """Put the layer on top of a trained network, and look at the test images."""
    layer = bit_layer()
    ten = network.outputs(digits.test_images)
    z = ten @ layer.w.T + layer.b
    bits = layer.forward(np.column_stack([ten, np.ones(len(ten))]))[:, :-1]
    labels = digits.test_labels.astype(int)
    clear = _clear(ten, labels)
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


def _clear(ten: Array, labels: Integers) -> Any:
    """Where the right output is above 0.99 and the others are below 0.01, as the exercise supposes."""
    right = np.eye(CLASSES, dtype=bool)[labels]
    return (ten[right] > HIGH) & (np.where(right, 0.0, ten).max(axis=1) < LOW)


def _compare(
    digits: Digits, hidden: int, epochs: int, eta: float, seeds: range, progress: Progress
) -> list[dict[str, Any]]:
    """Train both networks from each seed; the share of the test images that each reads right."""
    labels = digits.test_labels

    def look(network: Network) -> tuple[float, float]:
        """The share read right: by the largest of ten, or by bits; and by the nearest digit."""
        outputs = network.outputs(digits.test_images)
        if outputs.shape[1] == CLASSES:
            return float(np.mean(outputs.argmax(axis=1) == labels)), 0.0
        return float(np.mean(as_numbers(outputs) == labels)), float(np.mean(nearest_digit(outputs) == labels))

    runs = []
    for place, seed in enumerate(seeds):
        ten, four = (
            training.fit(
                random_network([digits.pixels, hidden, outputs], rng),
                digits,
                look,
                epochs=epochs,
                eta=eta,
                rng=rng,
                encoding=code,
                progress=progress,
                what=f"Seed {seed}, {outputs} outputs",
                part=(2 * place + half, 2 * len(seeds)),
            )
            for half, (outputs, code, rng) in enumerate(
                ((CLASSES, None, np.random.default_rng(seed)), (4, BINARY, np.random.default_rng(seed)))
            )
        )
        right = {"ten": ten[-1][0], "bits": four[-1][0], "nearest": four[-1][1]}
        by_epoch = {"ten_by_epoch": [seen[0] for seen in ten], "bits_by_epoch": [seen[0] for seen in four]}
        runs.append({"seed": seed, **right, "difference": right["ten"] - right["bits"], **by_epoch})
    return runs


def _by_hand_table(by_hand: dict[str, Any]) -> Table:
    return Table(
        f"The layer by hand after a trained network, on {by_hand['images']:,} test images",
        ("read by", "right", "no digit (10 to 15)"),
        (
            ("the ten outputs, the largest", by_hand["ten_right"], 0),
            ("the four bits, 1 above one half", by_hand["bits_right"], by_hand["no_digit"]),
            ("the four bits, the nearest digit", by_hand["nearest_right"], 0),
        ),
    )


def _hand_findings(by_hand: dict[str, Any]) -> tuple[str, ...]:
    proof = (
        f"Where the right output is above {HIGH} and the other nine below {LOW}, a bit that should be 1 has "
        f"z > {HIGH} - 0.5 = 0.49 and one that should be 0 has z < 5 x {LOW} - 0.5 = -{MARGIN}: no bit comes nearer to "
        f"0 than {MARGIN}."
    )
    clear, images = by_hand["clear"], by_hand["images"]
    if not clear:
        return proof, f"None of the {images:,} test images is as clear as that to this network."
    return proof, (
        f"{clear:,} of the {images:,} test images are as clear as that to this network. On these no bit "
        f"came nearer to 0 than {by_hand['clear_margin']:.4f}, and the four bits gave the right digit in "
        f"{by_hand['clear_right']:,}."
    )


def _trained_findings(runs: list[dict[str, Any]]) -> tuple[str, ...]:
    lead = np.array([100 * run["difference"] for run in runs])
    for_ten, for_four = int((lead > 0).sum()), int((lead < 0).sum())
    mean = f"{abs(lead.mean()):.2f} points"
    spread = f", from {lead.min():+.2f} to {lead.max():+.2f} over the seeds" if len(runs) > 1 else ""
    if abs(lead.mean()) < 1e-9:
        told = f"On the mean, ten outputs and four bits read as many images right{spread}."
    else:
        ahead, behind = ("ten outputs", "four bits") if lead.mean() > 0 else ("four bits", "ten outputs")
        told = f"On the mean, {ahead} read {mean} more of the images right than {behind}{spread}."
    return (
        f"{told} Ten were ahead in {for_ten} of {len(runs)} runs, four in {for_four}.",
        "The book's guess why ten do better: a bit has to say yes to digits that look nothing like each other, such as "
        "the last bit to 1, 3, 5, 7 and 9.",
    )


def _figure(runs: list[dict[str, Any]]) -> Figure:
    """The curves of both networks from every seed."""
    epochs = list(range(1, len(runs[0]["ten_by_epoch"]) + 1))
    curves = []
    for place, run in enumerate(runs):
        ten, four = ([100 * right for right in run[name]] for name in ("ten_by_epoch", "bits_by_epoch"))
        curves += [
            Curve(epochs, ten, "" if place else "10 outputs, full lines"),
            Curve(epochs, four, "" if place else "4 outputs, dashed", "dashed"),
        ]
    return Figure((Panel("Ten outputs and four, each seed", "epoch", "% of the test images right", tuple(curves)),))
