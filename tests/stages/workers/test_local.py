"""Workers on this machine: shared data, killed workers, workers that end with their parent, and counted memory."""

import os
import signal
import subprocess
from collections import deque
from contextlib import suppress
from pathlib import Path

import pytest
from support import command

from nndigits.stages.datasets import data_artifact
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError, WorldError
from nndigits.stages.training import worker_memory
from nndigits.stages.training.job import TrainingJob
from nndigits.stages.workers.job_loop import MOST_DEATHS, check, run
from nndigits.stages.workers.local import LocalEngine, mapped


@pytest.fixture
def data(digits: Path) -> Artifact:
    return data_artifact.load_mapped(digits)


def jobs(folder: Path, count: int, epochs: int = 2) -> deque[TrainingJob]:
    runs = [Parameters(hidden=(4,), epochs=epochs, seed=seed, threads=1) for seed in range(count)]
    return deque(TrainingJob(f"run {one.seed}", one, folder / f"{one.seed}.npz", epochs) for one in runs)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_mapped_data_has_the_content_of_read_data(digits: Path, data: Artifact) -> None:
    read = artifacts.load(digits, "dataset")
    assert (data.sha256, data.meta) == (read.sha256, read.meta)
    assert all((data.arrays[name] == read.arrays[name]).all() for name in read.arrays)
    assert not any(array.flags.writeable or array.flags.owndata for array in data.arrays.values())
    for damage in (b"", b"PK\x03\x04", digits.read_bytes()[:-1]):
        Path("damaged.npz").write_bytes(damage)
        with pytest.raises(InputError):
            data_artifact.load_mapped(Path("damaged.npz"))


@pytest.mark.slow
def test_a_job_that_kills_its_workers_fails_alone(data: Artifact, tmp_path: Path) -> None:
    engine = LocalEngine(data, 1)
    first, second = jobs(tmp_path, 2, 400)[0], jobs(tmp_path, 2)[1]

    killed: set[int] = set()

    def kill_while_the_first_runs() -> None:
        if (tmp_path / ".0.npz.lock").exists() and len(killed) < MOST_DEATHS:
            for pid in list(engine._pool._processes):
                killed.add(pid)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    try:
        failed = run(engine, deque([first, second]), on_result=lambda *_: None, on_wait=kill_while_the_first_runs)
    finally:
        engine.close()
    assert set(failed) == {"run 0"}
    assert f"killed {MOST_DEATHS} times" in failed["run 0"]
    assert second.out.exists()
    with pytest.raises(WorldError, match="run 0: its worker was killed"):
        check(failed, "The others are done")


@pytest.mark.parametrize("most", [8, 17])
def test_workers_that_may_open_too_few_files_are_a_line_and_leave_nothing(digits: Path, most: int) -> None:
    words = f"sweep --data {digits} --hidden 3,4 --epochs 1 --workers 2 -o swept"
    with subprocess.Popen(
        ["bash", "-c", f"ulimit -n {most}; exec {command()} {words}"], stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert running.stderr.read() == "nn: no workers can be started (too many open files)\n"
    assert running.returncode == 1
    assert not list(Path("/dev/shm").glob(f"sem.*-{running.pid}-*"))
    assert not [path for path in Path("swept").rglob("*") if path.is_file()]


def test_workers_leave_ctrl_c_to_their_parent_from_their_first_moment(data: Artifact) -> None:
    engine = LocalEngine(data, 2)
    try:
        status = [Path(f"/proc/{pid}/status").read_text() for pid in engine._pool._processes]
    finally:
        engine.close()
    blocked = [int(text.partition("SigBlk:")[2].split()[0], 16) for text in status]
    assert all(mask >> (signal.SIGINT - 1) & 1 for mask in blocked)


def test_a_worker_notices_other_data(digits: Path) -> None:
    with pytest.raises(InputError, match="was changed meanwhile"):
        mapped(digits, "0" * 64)


def test_workers_are_counted_by_memory(data: Artifact, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [Parameters(threads=1)]
    monkeypatch.setattr(worker_memory, "processors", lambda: 8)
    assert worker_memory.workers(None, runs, data) == 8
    assert worker_memory.workers(3, runs, data) == 3
    monkeypatch.setattr(worker_memory, "memory", lambda: 5 * worker_memory.BASE)
    assert worker_memory.workers(None, runs, data) == 3  # the parent and the data take one and a bit
    assert worker_memory.workers(None, [Parameters(hidden=(99_999,), threads=1)], data) == 1
    with pytest.raises(WorldError, match="take at most 3"):
        worker_memory.workers(4, runs, data)
    with pytest.raises(UsageError):
        worker_memory.workers(0, runs, data)
