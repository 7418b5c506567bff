"""What does each technique bring? A ladder: from the chapter's network on, one more at every rung.

Every rung is trained from several seeds and read on validation and on test images; nothing is chosen on the latter.
Runs that are done are not made again, so a ladder that was interrupted goes on.

    python benchmarks/techniques.py DATA [FOLDER] [--seeds 3] [--picture FOLDER/techniques.svg]
"""

import argparse
import json
import os
import platform
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from nn.stages import files, store
from nn.stages.evaluate import Split, evaluate
from nn.stages.parameters import Parameters
from nn.stages.seeds import train_once

AFFINE = "turn 7, scale 0.08, shear 0.1, shift 0.7"
MAPS = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu"
SPLITS: tuple[Split, ...] = ("validation", "test")


@dataclass(frozen=True)
class Rung:
    """One technique more: what it changes of the rung below.

    A rung that changes nothing reads with the networks of the rung below, in another way: each image also moved by
    ``shifts`` pixels, or the networks of all seeds in a ``vote``.
    """

    name: str
    why: str
    changes: dict[str, Any] = field(default_factory=dict)
    shifts: int = 0
    vote: bool = False


RUNGS = (
    Rung("784-30-10, as in chapter 1", "where the book starts", {}),
    Rung("100 hidden neurons", "room for more features", {"hidden": (100,)}),
    Rung("cross-entropy", "bad mistakes are learned from fast", {"cost": "cross-entropy", "eta": 0.5}),
    Rung("first weights N(0, 1/n)", "no neuron starts saturated", {"init": "N(0,1/n)"}),
    Rung("L2", "small weights generalise", {"l2": 5.0}),
    Rung(
        "ReLU, softmax, log-likelihood",
        "slopes that do not vanish, outputs that are probabilities",
        {"activation": "relu", "cost": "log-likelihood", "init": "he", "eta": 0.05},
    ),
    Rung(
        "momentum, eta falling to 0",
        "large steps to get there, small ones to settle",
        {"rule": "momentum", "batch": 100, "eta": 0.1, "schedule": "linear"},
    ),
    Rung("800 hidden neurons", "room again, now that it can be used", {"hidden": (800,)}),
    Rung("affine distortion", "no image comes twice: turned, stretched, moved", {"distort": AFFINE}),
    Rung("elastic distortion", "and bent, as hands do", {"distort": f"{AFFINE}, elastic 34"}),
    Rung("averaged weights", "the noise of the last steps evens out", {"average": 0.999}),
    Rung(
        "convolutions and pooling",
        "a feature is worth finding wherever it lies",
        {"layers": f"{MAPS}, dense 10 softmax", "hidden": (), "activation": "sigmoid", "epochs": 10, "eta": 0.05},
    ),
    Rung("dropout", "no neuron relies on another", {"layers": f"{MAPS}, dropout 0.5, dense 10 softmax"}),
    Rung("nine readings of an image", "each also moved by a pixel", shifts=1),
    Rung("a vote of all seeds", "networks err on different images", shifts=1, vote=True),
)


@dataclass(frozen=True)
class Row:
    """What a rung reached: shares of right answers by split, one for each seed; seconds of its fastest epoch."""

    rung: Rung
    right: dict[Split, list[float]]
    seconds: float | None


def parameters(number: int, seed: int) -> Parameters:
    """What a rung's networks are trained with: its own changes, and all those below."""
    told: dict[str, Any] = {"seed": seed}
    for rung in RUNGS[: number + 1]:
        told |= rung.changes
    return Parameters(**told)


def trained(number: int) -> int:
    """The rung whose networks a rung reads with."""
    return max(below for below in range(number + 1) if RUNGS[below].changes or not below)


def weights(folder: Path, number: int, seed: int) -> Path:
    """Where a rung's networks lie."""
    return folder / f"rung-{trained(number):02d}-seed-{seed}" / "weights.npz"


def climb(data: Path, folder: Path, number: int, seed: int) -> None:
    """Train a rung's network from a seed, unless it is there."""
    out = weights(folder, number, seed)
    report = train_once(out, parameters(number, seed), store.load(data, "dataset"))
    if report is not None and report.epochs:
        fastest = json.dumps({"fastest_epoch": min(epoch.seconds for epoch in report.epochs)})
        files.write(out.with_name("seconds.json"), [fastest.encode()])


def read(data: Path, folder: Path, number: int, seeds: tuple[int, ...], split: Split) -> float:
    """The share of images that a rung's network reads right, or the networks of several seeds together."""
    paths = [weights(folder, number, seed) for seed in seeds]
    out = paths[0].with_name(f"rung-{number:02d}-{split}.json")
    return evaluate(paths, data, out, split=split, shifts=RUNGS[number].shifts).accuracy


def ladder(data: Path, folder: Path, seeds: int) -> list[Row]:
    """Climb it: as many runs at a time as there are cores, one thread each, the cheap rungs first."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        own = [number for number in range(len(RUNGS)) if trained(number) == number]
        runs = {
            (number, seed): pool.submit(climb, data, folder, number, seed) for number in own for seed in range(seeds)
        }
        for (number, seed), run in runs.items():
            run.result()
            print(f"{time.strftime('%H:%M:%S')} {RUNGS[number].name}, seed {seed}", flush=True)
        readers = [tuple(range(seeds))], [(seed,) for seed in range(seeds)]
        found = [
            {s: [pool.submit(read, data, folder, number, r, s) for r in readers[not rung.vote]] for s in SPLITS}
            for number, rung in enumerate(RUNGS)
        ]
        return [
            Row(rung, {s: [one.result() for one in found[number][s]] for s in SPLITS}, seconds(folder, number, seeds))
            for number, rung in enumerate(RUNGS)
        ]


def seconds(folder: Path, number: int, seeds: int) -> float | None:
    """How long a rung's fastest epoch took; None where it learned nothing of its own."""
    if trained(number) != number:
        return None
    return min(
        json.loads(weights(folder, number, seed).with_name("seconds.json").read_text())["fastest_epoch"]
        for seed in range(seeds)
    )


def percent(right: list[float]) -> str:
    """Mean and, of several, standard deviation."""
    spread = f" ± {100 * stdev(right):.2f}" if len(right) > 1 else ""
    return f"{100 * mean(right):.2f}{spread}"


def table(rows: list[Row]) -> str:
    """The ladder in Markdown."""
    lines = ["| | and why | validation, % | test, % | s an epoch |", "|---|---|---:|---:|---:|"]
    for row in rows:
        took = "" if row.seconds is None else f"{row.seconds:.1f}" if row.seconds > 1 else f"{row.seconds:.2f}"
        cells = row.rung.name, row.rung.why, *(percent(row.right[split]) for split in SPLITS), took
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def circumstances(data: Path, seeds: int) -> str:
    """On what, when, and of which commit."""
    asked = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "no commit"
    name = store.load(data, "dataset").meta["dataset"]["name"]
    return (
        f"{name}, seeds 0 to {seeds - 1}, mean ± standard deviation; {os.cpu_count()} cores ({platform.machine()}), a "
        f"run on each, seconds of the fastest epoch; {time.strftime('%Y-%m-%d')}, commit {commit}."
    )


def draw(rows: list[Row], path: Path) -> None:
    """Draw what is left wrong at each rung, on a scale where half as much is the same step everywhere."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "nn", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(9.5, 0.36 * len(rows) + 1.3), layout="constrained")
        wrong, took = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
        places = range(len(rows))
        for split, colour, lower in (("validation", "0.55", -0.14), ("test", "tab:blue", 0.14)):
            errors = [[100 * (1 - right) for right in row.right[split]] for row in rows]
            spreads = [stdev(some) if len(some) > 1 else 0 for some in errors]
            heights = [place + lower for place in places]
            wrong.errorbar(
                list(map(mean, errors)),
                heights,
                xerr=spreads,
                fmt="o",
                color=colour,
                markersize=5,
                capsize=3,
                label=split,
            )
        ticks = [0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 50]
        wrong.set(xscale="log", xlabel="read right, %", title="Accuracy, a technique more at each rung")
        wrong.set_xticks(ticks, [f"{100 - tick:g}" for tick in ticks])
        wrong.minorticks_off()
        worst = max(max(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        best = min(min(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        wrong.set_xlim(140 * worst, max(70 * best, 0.1))  # better to the right
        wrong.set_yticks(places, [row.rung.name for row in rows])
        wrong.invert_yaxis()
        wrong.legend(loc="upper right")
        timed = [(place, row.seconds) for place, row in enumerate(rows) if row.seconds is not None]
        bars = took.barh([place for place, _ in timed], [s for _, s in timed], color="tab:orange", height=0.6)
        took.bar_label(bars, fmt="%.2g", padding=3)
        took.set(xlabel="seconds", title="An epoch", xlim=(0, 1.2 * max(s for _, s in timed)))
        for axes in (wrong, took):
            axes.grid(axis="x", alpha=0.3)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date" if path.suffix == ".svg" else "Software": None})


def main() -> None:
    """Climb the ladder, print it, draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("artifacts/techniques"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--picture", type=Path)
    told = parser.parse_args()
    rows = ladder(told.data, told.folder, told.seeds)
    print(f"\n{table(rows)}\n\n{circumstances(told.data, told.seeds)}")
    draw(rows, told.picture or told.folder / "techniques.svg")


if __name__ == "__main__":
    main()
