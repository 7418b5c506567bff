"""Measure what each technique adds: a ladder from the chapter's network, with one more technique at each rung.

Every rung is trained from several seeds and evaluated on validation and test images; nothing is chosen on the latter.
Finished runs are kept, so an interrupted ladder continues.

    python benchmarks/techniques.py DATA [FOLDER] [--seeds 3] [--picture FOLDER/techniques.svg]
"""

import argparse
import json
import os
import platform
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import mean, stdev

from ladder.picture import draw
from ladder.rungs import RUNGS, SPLITS, Row, parameters, trained

from nndigits.stages.datasets import data_artifact
from nndigits.stages.evaluate import Split, evaluate
from nndigits.stages.runs.checkpoint import is_written
from nndigits.stages.store import artifacts, files
from nndigits.stages.training import worker_memory
from nndigits.stages.workers import job_loop as workers
from nndigits.stages.workers.jobs import Job, Result
from nndigits.stages.workers.local import LocalEngine


def weights(folder: Path, number: int, seed: int) -> Path:
    """Return the path of the weights of a rung."""
    return folder / f"rung-{trained(number):02d}-seed-{seed}" / "weights.npz"


def train_all(data: Path, folder: Path, seeds: int) -> None:
    """Train the networks of all rungs from each seed, unless they exist: one on each core, the fast rungs first."""
    source = data_artifact.load_mapped(data)
    own = [(number, seed) for number in range(len(RUNGS)) if trained(number) == number for seed in range(seeds)]
    runs = [
        Job(f"{RUNGS[n].name}, seed {s}", one := parameters(n, s), weights(folder, n, s), one.epochs) for n, s in own
    ]
    missing = [run for run in runs if not is_written(run.out, run.parameters, source)]

    def on_result(run: Job, result: Result) -> None:
        print(f"{time.strftime('%H:%M:%S')} {run.name}", flush=True)
        if result.epoch_seconds:
            fastest = json.dumps({"fastest_epoch": min(result.epoch_seconds)})
            files.write(run.out.with_name("seconds.json"), [fastest.encode()])

    if missing:
        count = worker_memory.workers(None, [run.parameters for run in missing], source)
        with closing(LocalEngine(source, count)) as engine:
            workers.check(workers.run(engine, missing, on_result=on_result), "The other networks are kept")


def accuracy(data: Path, folder: Path, number: int, seeds: tuple[int, ...], split: Split) -> float:
    """Return the accuracy of a rung's network, or of the ensemble of several seeds."""
    paths = [weights(folder, number, seed) for seed in seeds]
    out = paths[0].with_name(f"rung-{number:02d}-{split}.json")
    return evaluate(paths, data, out, split=split, shifts=RUNGS[number].shifts).accuracy


def ladder(data: Path, folder: Path, seeds: int) -> list[Row]:
    """Train and evaluate all rungs."""
    train_all(data, folder, seeds)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        seed_groups = [tuple(range(seeds))], [(seed,) for seed in range(seeds)]
        runs_by_split = [
            {
                s: [pool.submit(accuracy, data, folder, number, group, s) for group in seed_groups[not rung.vote]]
                for s in SPLITS
            }
            for number, rung in enumerate(RUNGS)
        ]
        return [
            Row(
                rung,
                {s: [one.result() for one in runs_by_split[number][s]] for s in SPLITS},
                seconds(folder, number, seeds),
            )
            for number, rung in enumerate(RUNGS)
        ]


def seconds(folder: Path, number: int, seeds: int) -> float | None:
    """Return the seconds of a rung's fastest epoch; None if it trains no network of its own, or the time is unknown."""
    paths = [weights(folder, number, seed).with_name("seconds.json") for seed in range(seeds)]
    if trained(number) != number or not all(path.exists() for path in paths):
        return None
    return min(json.loads(path.read_text())["fastest_epoch"] for path in paths)


def percent(right: list[float]) -> str:
    """Format the mean and, for several values, the standard deviation."""
    spread = f" ± {100 * stdev(right):.2f}" if len(right) > 1 else ""
    return f"{100 * mean(right):.2f}{spread}"


def table(rows: list[Row]) -> str:
    """Return the ladder as a Markdown table."""
    lines = ["| | and why | validation, % | test, % | s an epoch |", "|---|---|---:|---:|---:|"]
    for row in rows:
        took = "" if row.seconds is None else f"{row.seconds:.1f}" if row.seconds > 1 else f"{row.seconds:.2f}"
        cells = row.rung.name, row.rung.why, *(percent(row.right[split]) for split in SPLITS), took
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def circumstances(data: Path, seeds: int) -> str:
    """Describe the data, the seeds, the machine, the date and the commit."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "no commit"
    name = artifacts.load(data, "dataset").meta["dataset"]["name"]
    return (
        f"{name}, seeds 0 to {seeds - 1}, mean ± standard deviation; {os.cpu_count()} cores ({platform.machine()}), a "
        f"run on each, seconds of the fastest epoch; {time.strftime('%Y-%m-%d')}, commit {commit}."
    )


def main() -> None:
    """Train the ladder, print its table and draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("artifacts/techniques"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    rows = ladder(options.data, options.folder, options.seeds)
    print(f"\n{table(rows)}\n\n{circumstances(options.data, options.seeds)}")
    draw(rows, options.picture or options.folder / "techniques.svg")


if __name__ == "__main__":
    main()
