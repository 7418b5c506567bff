"""An hour of train, interrupt, resume, eval, predict and the rest, in random order with random faults.

PYTHONPATH=tests python -m torture.soak --minutes 60 --seed 0

Every command is the installed one, in a process of its own. After each step its exit code, its words and its folder
are looked at; at the end, whether memory and files stayed where they were. The last lines are a table of figures.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from torture.faulty import Step
from torture.figures import Figure, markdown
from torture.person import Person, pictures

SECTION = "S"
FLAT = 1.05  # how much more memory a command may take at the end than at the beginning


def main() -> int:
    """Soak for so many minutes; give 1 where something was wrong."""
    parser = argparse.ArgumentParser(description="Random commands with random faults, for a long time.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    command = f"PYTHONPATH=tests python -m torture.soak --minutes {asked.minutes:g} --seed {asked.seed}"
    with tempfile.TemporaryDirectory() as name:
        person = Person(Path(name), asked.seed)
        before = _descriptors()
        _work(person, 60 * asked.minutes)
        _sweep_up(person)
        found = list(_figures(person, before, command))
    print(markdown(found))
    return 1 if any(figure.met is False for figure in found) else 0


def _work(person: Person, seconds: float) -> None:
    """Do one thing after the other."""
    person.run(["fetch", "-q", "--dataset", "digits"], (0,))
    person.run(["train", "-q", "--epochs", "3"], (0,))
    pictures(person.folder / "pictures")
    often = (person.train, person.train, person.train, person.predict, person.evaluate, person.read)
    seldom = (person.baseline, person.compare, person.fetch, person.damage, person.show)
    started = told = time.monotonic()
    while time.monotonic() - started < seconds:
        person.rng.choice(often + seldom)()
        if time.monotonic() - told > 60:
            told = time.monotonic()
            minutes = (told - started) / 60
            print(f"{minutes:.0f} min: {len(person.steps)} commands, {len(person.wrong)} wrong", flush=True)


def _sweep_up(person: Person) -> None:
    """Write every output once more, undisturbed: what dead runs left beside it is swept."""
    for path in sorted(person.finished):
        person.finished.pop(path)
        flags = ["--seeds", "2", "--hidden", "5", "--epochs", "3"] if path.parent.name == "seeds" else []
        person.run(["compare", "-q", *flags] if flags else ["train", "-q", "--epochs", "1", "-o", str(path)], (0,))


def _figures(person: Person, before: int, command: str) -> Iterator[Figure]:
    """What came of it."""
    steps, wrong = person.steps, Counter(person.wrong)
    seconds = steps[-1].at - steps[0].at
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(step.arguments[0] for step in steps).items()))
    faults = sum(bool(step.fault) for step in steps)
    what = f"{len(steps):,} commands in {seconds / 60:.0f} minutes, {faults:,} of them with a fault ({kinds})"
    yield Figure(SECTION, what, f"{len(person.wrong)} wrong {dict(wrong) or ''}", "0", not wrong, command, seconds)
    lost = wrong["lost work"] + wrong["other bytes"] + wrong["finished work changed"]
    yield Figure(SECTION, "finished work lost, changed, or made again otherwise", f"{lost}", "0", not lost, command)
    worst = max(_growth(steps).values(), default=1.0)
    what = "memory of a command, the last sixth of the time over the first, the worst"
    yield Figure(SECTION, what, f"{worst:.3f}", f"at most {FLAT}", worst <= FLAT, command)
    after = _descriptors()
    yield Figure(SECTION, "files open, before and after", f"{before}, {after}", "equal", before == after, command)
    left = len(list(person.folder.rglob("*.tmp")))
    yield Figure(SECTION, "temporary files left, once each output was written again", f"{left}", "0", not left, command)


def _growth(steps: list[Step]) -> dict[str, float]:
    """By command, its memory at the end as a multiple of that at the beginning; of undisturbed runs only."""
    start, end = steps[0].at, steps[-1].at
    found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for step in steps:
        progress = (step.at - start) / (end - start)
        if step.code == 0 and not step.fault and not 1 / 6 < progress < 5 / 6:
            found[step.arguments[0]][progress > 0.5].append(step.peak)
    return {kind: median(late) / median(early) for kind, (early, late) in found.items() if early and late}


def _descriptors() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


if __name__ == "__main__":
    sys.exit(main())
