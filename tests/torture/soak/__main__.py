"""Soak test: train, interrupt, resume, evaluate, predict and more, in random order with random faults, for an hour.

PYTHONPATH=tests python -m torture.soak --minutes 60 --seed 0

Every command is the installed one, in its own process. Its exit code, messages and folder are checked after each step,
memory and open files at the end. The last lines are a table of results.
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

from torture.harness.folders import draw_pictures
from torture.harness.results import Result, markdown
from torture.soak.faults import Step
from torture.soak.random_user import RandomUser

SECTION = "S"
GROWTH = 1.05  # limit for the memory of a command at the end, over that at the beginning


def main() -> int:
    """Run for some minutes; return 1 if something was wrong."""
    parser = argparse.ArgumentParser(description="Random commands with random faults, for a long time.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    command = f"PYTHONPATH=tests python -m torture.soak --minutes {asked.minutes:g} --seed {asked.seed}"
    with tempfile.TemporaryDirectory() as name:
        user = RandomUser(Path(name), asked.seed)
        before = _descriptors()
        _work(user, 60 * asked.minutes)
        _write_again(user)
        found = list(_results(user, before, command))
    print(markdown(found))
    return 1 if any(figure.met is False for figure in found) else 0


def _work(user: RandomUser, seconds: float) -> None:
    """Run random commands, one after the other."""
    user.run(["fetch", "-q", "--dataset", "digits"], (0,))
    user.run(["train", "-q", "--epochs", "3"], (0,))
    draw_pictures(user.folder / "pictures")
    frequent = (user.train, user.train, user.train, user.predict, user.evaluate, user.read)
    rare = (user.baseline, user.compare, user.fetch, user.damage, user.show)
    started = reported = time.monotonic()
    while time.monotonic() - started < seconds:
        user.rng.choice(frequent + rare)()
        if time.monotonic() - reported > 60:
            reported = time.monotonic()
            minutes = (reported - started) / 60
            print(f"{minutes:.0f} min: {len(user.steps)} commands, {len(user.wrong)} wrong", flush=True)


def _write_again(user: RandomUser) -> None:
    """Write every output once more without a fault, which removes temporary files of killed runs."""
    for path in sorted(user.finished):
        user.finished.pop(path)
        flags = ["--seeds", "2", "--hidden", "5", "--epochs", "3"] if path.parent.name == "seeds" else []
        user.run(["compare", "-q", *flags] if flags else ["train", "-q", "--epochs", "1", "-o", str(path)], (0,))


def _results(user: RandomUser, before: int, command: str) -> Iterator[Result]:
    """The results of all steps."""
    steps, wrong = user.steps, Counter(user.wrong)
    seconds = steps[-1].at - steps[0].at
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(step.arguments[0] for step in steps).items()))
    faults = sum(bool(step.fault) for step in steps)
    what = f"{len(steps):,} commands in {seconds / 60:.0f} minutes, {faults:,} of them with a fault ({kinds})"
    yield Result(SECTION, what, f"{len(user.wrong)} wrong {dict(wrong) or ''}", "0", not wrong, command, seconds)
    lost = wrong["lost work"] + wrong["other bytes"] + wrong["finished work changed"]
    yield Result(
        SECTION, "finished work lost, changed, or different when made again", f"{lost}", "0", not lost, command
    )
    worst = max(_growth(steps).values(), default=1.0)
    what = "memory of a command, last sixth of the time over first, worst command"
    yield Result(SECTION, what, f"{worst:.3f}", f"at most {GROWTH}", worst <= GROWTH, command)
    after = _descriptors()
    yield Result(SECTION, "files open, before and after", f"{before}, {after}", "equal", before == after, command)
    left = len(list(user.folder.rglob("*.tmp")))
    yield Result(SECTION, "temporary files left, once each output was written again", f"{left}", "0", not left, command)


def _growth(steps: list[Step]) -> dict[str, float]:
    """Return the growth of memory by command, over runs without a fault."""
    start, end = steps[0].at, steps[-1].at
    found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for step in steps:
        progress = (step.at - start) / (end - start)
        if step.code == 0 and not step.fault and not 1 / 6 < progress < 5 / 6:
            found[step.arguments[0]][progress > 0.5].append(step.peak)
    return {kind: median(late) / median(early) for kind, (early, late) in found.items() if early and late}


def _descriptors() -> int:
    """Return the number of open files of this process."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


if __name__ == "__main__":
    sys.exit(main())
