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
from pathlib import Path
from statistics import mean, stdev

from ladder.picture import draw
from ladder.rungs import RUNGS, SPLITS, Row, parameters, trained

from nn.stages.comparison.seeds import train_once
from nn.stages.evaluate import Split, evaluate
from nn.stages.store import artifacts, files


def weights(folder: Path, number: int, seed: int) -> Path:
    """Where a rung's networks lie."""
    return folder / f"rung-{trained(number):02d}-seed-{seed}" / "weights.npz"


def climb(data: Path, folder: Path, number: int, seed: int) -> None:
    """Train a rung's network from a seed, unless it is there."""
    out = weights(folder, number, seed)
    report = train_once(out, parameters(number, seed), artifacts.load(data, "dataset"))
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
    """How long a rung's fastest epoch took; None where it learned nothing of its own, or that was not written down."""
    found = [weights(folder, number, seed).with_name("seconds.json") for seed in range(seeds)]
    if trained(number) != number or not all(path.exists() for path in found):
        return None
    return min(json.loads(path.read_text())["fastest_epoch"] for path in found)


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
    name = artifacts.load(data, "dataset").meta["dataset"]["name"]
    return (
        f"{name}, seeds 0 to {seeds - 1}, mean ± standard deviation; {os.cpu_count()} cores ({platform.machine()}), a "
        f"run on each, seconds of the fastest epoch; {time.strftime('%Y-%m-%d')}, commit {commit}."
    )


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
