"""Measure the seconds to 97, 98, 99, 99.4, 99.5, 99.6 and 99.7 % of MNIST's test images, beside the peers.

Each run is a whole process on all processors that this program may use: start-up, reading the data artifact, training
with a validation after every epoch, and writing. The test images are read when the clock has stopped. Recipes and
networks were chosen on the validation images (docs/lab-notes.md). Programs and goals take turns within a seed, so
that a slow minute affects all of them. Results are kept in FOLDER, so an interrupted race continues.

    python benchmarks/race.py DATA FOLDER [--seeds 5] [--goals 97 98 99] [--torch PYTHON] [--figure docs/race.svg]
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from statistics import mean, median
from typing import Any

from machine import machine, print_table
from racers.clock import clock
from racers.picture import draw

from nndigits.stages.classifiers.classifier import processors
from nndigits.stages.runs import recipe

NN = Path(sys.executable).with_name("nn")
RACERS = Path(__file__).with_name("racers")
PROGRAMS = ("nn", "PyTorch", "scikit-learn")


@dataclass(frozen=True)
class Goal:
    """A test accuracy in per cent, the recipe that reaches it here, and arguments of MLPClassifier where that does.

    ``epochs`` overrides those of the recipe.
    """

    percent: float
    recipe: str
    sklearn: dict[str, Any] | None = None
    epochs: int | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of `nn train`."""
        return ("--recipe", self.recipe, *(() if self.epochs is None else ("--epochs", str(self.epochs))))


GOALS = (
    Goal(97, "sprint", {"hidden_layer_sizes": [100], "batch_size": 100, "max_iter": 6}),
    Goal(98, "sprint", {"hidden_layer_sizes": [300], "batch_size": 100, "max_iter": 15}),
    Goal(98, "improved-100"),
    Goal(99, "quick"),
    Goal(99.2, "dense"),
    Goal(99.4, "norm-16", epochs=3),
    Goal(99.5, "norm-16", epochs=4),
    Goal(99.6, "norm-5x5"),
    Goal(99.7, "voter"),
)


@dataclass(frozen=True)
class Result:
    """A finished run: seconds of the process, without its imports, and correct images of 10,000."""

    program: str
    key: str
    seed: int
    seconds: float
    without_imports: float
    validation: int
    test: int


class Race:
    """The runs of some goals and seeds, whose results are kept in a folder."""

    def __init__(self, data: Path, folder: Path, torch: Path) -> None:
        self.data, self.folder, self.torch = data, folder, torch
        self.path = folder / "results.json"
        folder.mkdir(parents=True, exist_ok=True)
        kept = json.loads(self.path.read_text()) if self.path.exists() else []
        self.results = [Result(**result) for result in kept]

    def run(self, goals: Sequence[Goal], seeds: int, programs: Sequence[str]) -> None:
        """Do all runs that have no result yet."""
        for seed in range(seeds):
            for goal in goals:
                for program in programs:
                    run = self.parameters(goal, program)
                    if run is None or self.find(program, run, seed):
                        continue
                    result = self.measure(goal, program, run, seed)
                    self.results.append(result)
                    self.path.write_text(json.dumps([asdict(result) for result in self.results], indent=1))
                    print(
                        f"{time.strftime('%H:%M:%S')} {goal.percent:g} % {program}, seed {seed}: "
                        f"{result.seconds:.2f} s, {result.test:,} of the test images",
                        flush=True,
                    )

    def parameters(self, goal: Goal, program: str) -> dict[str, Any] | None:
        """Return what a program is to train for a goal; None if it does not take part."""
        if program == "scikit-learn":
            return goal.sklearn
        run = parameters_of(goal)
        is_possible = run["cost"] == "log-likelihood" and "elastic" not in run["distort"] and self.torch.exists()
        return run if program == "nn" or is_possible else None

    def find(self, program: str, run: dict[str, Any], seed: int | None = None) -> list[Result]:
        """Return the results of a run, of one seed or of all."""
        return [
            result
            for result in self.results
            if (result.program, result.key) == (program, key(run)) and seed in (None, result.seed)
        ]

    def measure(self, goal: Goal, program: str, run: dict[str, Any], seed: int) -> Result:
        """Run a program once."""
        out = self.folder / f"{program}-{key(run)}-seed-{seed}"
        started = clock()
        if program == "nn":
            weights = out.with_suffix(".npz")
            own = ["--seed", str(seed), "--data", self.data, "-o", weights, "--no-resume", "-q"]
            call([NN, "train", *goal.flags, *own])
            seconds = without = clock() - started
            validation, test = (correct(weights, self.data, split) for split in ("validation", "test"))
        else:
            python, name = (self.torch, "pytorch.py") if program == "PyTorch" else (sys.executable, "scikit_learn.py")
            lines = call(
                [python, RACERS / name, self.data, json.dumps(run), str(seed), str(processors()), out]
            ).splitlines()
            imported, written = map(float, lines[0].split())
            seconds, without = written - started, written - imported
            validation, test = map(int, lines[1].split())
        return Result(program, key(run), seed, seconds, without, validation, test)


def parameters_of(goal: Goal) -> dict[str, Any]:
    """Return the parameters of a run for ten classes, with its layers as a line of text."""
    given = {} if goal.epochs is None else {"epochs": goal.epochs}
    run = recipe.parameters(recipe.read(goal.recipe).parameters, given)
    hidden = [f"dense {neurons} {run.activation}" for neurons in run.hidden]
    layers = run.layers or ", ".join([*hidden, "dense classes softmax"])
    return {**vars(run), "layers": layers.replace("classes", "10")}


def key(run: dict[str, Any]) -> str:
    """Return a name of the parameters, so that a changed recipe is measured again."""
    return sha256(json.dumps(run, sort_keys=True).encode()).hexdigest()[:12]


def call(command: Sequence[str | Path]) -> str:
    """Run a command and return its stdout; its failure ends the race."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {done.stderr}")
    return done.stdout


def correct(weights: Path, data: Path, split: str) -> int:
    """Return how many images of a split the weights read correctly."""
    out = weights.with_name(f"{weights.stem}-{split}.json")
    answer = json.loads(call([NN, "eval", weights, "--data", data, "--split", split, "-o", out, "--json"]))
    return int(answer["correct"])


def rows(race: Race, goals: Sequence[Goal]) -> Iterator[list[str]]:
    """Yield a row of the table for each goal and program."""
    for goal in goals:
        for program in PROGRAMS:
            run = race.parameters(goal, program)
            found = race.find(program, run) if run else []
            if not found:
                continue
            tests = [result.test / 100 for result in found]
            yield [
                f"{goal.percent:g} %",
                program,
                {"nn": f"`{' '.join(goal.flags)}`", "PyTorch": "the same"}.get(program, "MLPClassifier"),
                f"{median(result.seconds for result in found):.1f}",
                f"{median(result.without_imports for result in found):.1f}" if program != "nn" else "",
                f"{min(result.seconds for result in found):.1f} to {max(result.seconds for result in found):.1f}",
                f"{mean(tests):.2f}",
                f"{min(tests):.2f}",
                str(len(found)),
            ]


def main(arguments: list[str] | None = None) -> None:
    """Do the runs that are missing, print the table, and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--goals", type=float, nargs="+", default=[goal.percent for goal in GOALS])
    parser.add_argument("--programs", nargs="+", choices=PROGRAMS, default=PROGRAMS)
    parser.add_argument("--torch", type=Path, default=Path(".venv-bench/bin/python"))
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args(arguments)
    race = Race(options.data, options.folder, options.torch)
    race.run([goal for goal in GOALS if goal.percent in options.goals], options.seeds, options.programs)
    print(machine())
    names = [
        "goal",
        "program",
        "network",
        "seconds",
        "without imports",
        "fastest to slowest",
        "test, %",
        "worst",
        "seeds",
    ]
    print_table(names, list(rows(race, GOALS)))
    if options.figure is not None:
        draw(race.results, options.figure)


if __name__ == "__main__":
    main()
