"""Several runs in one folder: writers with one process number, two runs with one output, files with permissions."""

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from threading import Semaphore, Thread

from small import SMALL

from nndigits.stages.store import artifacts, files
from torture.harness.child import Child, Outcome
from torture.harness.folders import warm
from torture.harness.nn_command import nn_forked
from torture.harness.results import Result, Size, of

SECTION = "B"
STEPS = 3
"""Steps of a writer: half of the bytes, the other half, and the end."""

LONG = ("train", "--data", "data.npz", "--hidden", "3", "--epochs", "100000", "--quiet", "-o")
SHORT = ("train", "--data", "data.npz", "--hidden", "3", "--epochs", "1", "--quiet", "-o")
MODES = (0o600, 0o640, 0o664, 0o444)


def results(_: Size) -> Iterator[Result]:
    """Writers of one process number, runs with one output, permissions."""
    warm()
    yield one_process_number()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        artifacts.save(folder / "data.npz", *SMALL["dataset"]())
        artifacts.save(folder / "w.npz", *SMALL["weights"]())
        yield from two_runs(folder)
        yield permissions(folder)


def one_process_number() -> Result:
    """Let two writers of one process, and so of one number, take their steps in every order."""
    orders = sorted(set(permutations("ab" * STEPS)))
    with tempfile.TemporaryDirectory() as name:
        wrong = [order for order in orders if not is_whole(Path(name), order)]
    for order in wrong[:5]:
        print("   ", "".join(order))
    what = "two writers of one process number, in every order: complete"
    return Result(SECTION, what, of(len(orders) - len(wrong), len(orders)), "all", not wrong)


def is_whole(folder: Path, order: tuple[str, ...]) -> bool:
    """Return whether both writers succeed, and the file is that of the one which ended last."""
    path = folder / "a"
    go = {writer: Semaphore(0) for writer in "ab"}
    waits = Semaphore(0)
    failed: list[BaseException] = []

    def write(writer: str) -> None:
        def chunks() -> Iterator[bytes]:
            for _ in range(STEPS - 1):
                yield writer.encode() * 100_000  # more than a buffer
                waits.release()
                go[writer].acquire()

        go[writer].acquire()
        try:
            files.write(path, chunks())
        except Exception as error:
            failed.append(error)
        waits.release()

    writers = [Thread(target=write, args=[writer], daemon=True) for writer in "ab"]
    for thread in writers:
        thread.start()
    for writer in order:
        go[writer].release()
        if not waits.acquire(timeout=10):
            return False
    whole = path.exists() and path.read_bytes() == order[-1].encode() * 100_000 * (STEPS - 1)
    return whole and not failed and os.listdir(folder) == ["a"]


def two_runs(folder: Path) -> Iterator[Result]:
    """Start a second training to the output of a first one; kill the first; train again."""
    (folder / "runs").mkdir()
    first = Child([*LONG, "runs/weights.npz"], folder)
    while not (folder / "runs" / "checkpoint.npz").exists() and not first.run_for(first.seconds + 0.01):
        pass
    told = [
        nn_forked(*SHORT, f"runs/{name}", folder=folder) for name in ("weights.npz", "weights.bin", "checkpoint.npz")
    ]
    good = sum(is_told(run, first.pid) for run in told)
    apart = nn_forked(*SHORT, "runs/apart.npz", folder=folder)
    first.send(signal.SIGKILL)
    killed = first.wait()
    what = "a second training to a file of a running one: exit 1, says who"
    met = (good, apart.code, killed.code) == (len(told), 0, -signal.SIGKILL)
    yield Result(SECTION, what, of(good, len(told)), "all", met)
    again = nn_forked(*SHORT, "runs/weights.npz", folder=folder)
    left = sorted(name for name in os.listdir(folder / "runs") if name.startswith("."))
    what = "the lock of a killed training: free, removed by the next"
    yield Result(SECTION, what, f"exit {again.code}, {len(left)} left", "exit 0, 0 left", (again.code, left) == (0, []))


def is_told(run: Outcome, holder: int) -> bool:
    """Return whether a run has ended in a line that names the process which holds its output."""
    return run.code == 1 and run.is_one_line("nn: ", "another run of nn writes it", f"process {holder} of ", "since ")


def permissions(folder: Path) -> Result:
    """Write again over files of several permissions."""
    commands = {
        "baseline random": ("baseline", "random", "--data", "data.npz", "-o", "a.npz"),
        "eval": ("eval", "--data", "data.npz", "w.npz", "-o", "a.json"),
        "eval --plot": ("eval", "--data", "data.npz", "w.npz", "-o", "b.json", "--plot", "a.png"),
        "train": (*SHORT, "a-trained.npz"),
    }
    kept = 0
    for command in commands.values():
        for mode in MODES:
            path = folder / command[-1]
            path.unlink(missing_ok=True)
            path.touch()
            path.chmod(mode)
            run = nn_forked(*command, folder=folder)
            kept += run.code == 0 and path.stat().st_size > 0 and stat.S_IMODE(path.stat().st_mode) == mode
    total = len(commands) * len(MODES)
    what = "a file that is written again keeps its permissions"
    return Result(SECTION, what, of(kept, total), "all", kept == total)
