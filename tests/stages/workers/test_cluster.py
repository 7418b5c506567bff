"""Workers of a Dask cluster on loopback: the same bytes, dead workers and schedulers, versions, one line for each."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support import Run

from nn.stages.datasets import data_artifact
from nn.stages.runs.parameters import Parameters
from nn.stages.store.errors import WorldError
from nn.stages.sweep.space import Range
from nn.stages.sweep.sweep import sweep
from nn.stages.sweep.trials import Plan
from nn.stages.train import train
from nn.stages.workers import cluster as engines
from nn.stages.workers.cluster import ClusterEngine, check_versions
from nn.stages.workers.jobs import Job
from nn.stages.workers.run import run

pytest.importorskip("distributed")

PLAN = Plan({"hidden": [(5,), (8,)], "epochs": [2]}, seeds=2)


def dask(*words: str) -> subprocess.Popen[bytes]:
    """Start `dask` in a process group of its own."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("dask"), *words],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Cluster:
    """A scheduler and its workers, which a test may kill: the next one replaces only those that are dead."""

    def __init__(self) -> None:
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def with_workers(self, count: int, threads: int = 1) -> str:
        """Return the address of a scheduler with so many workers."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.close()
            self._start_scheduler()
        self.workers = [one for one in self.workers if one.poll() is None]
        while len(self.workers) > count:
            end(self.workers.pop())
        while len(self.workers) < count:
            self.workers.append(
                dask("worker", self.address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard")
            )
        self._wait_for(count)
        return self.address

    def close(self) -> None:
        for one in (*self.workers, *filter(None, [self.scheduler])):
            end(one)
        self.workers = []

    def _start_scheduler(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        for _ in range(300):
            with socket.socket() as asked:
                if not asked.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)

    def _wait_for(self, count: int) -> None:
        """Wait until the scheduler knows these workers, and no longer those that have ended."""
        from distributed import Client

        deadline = time.monotonic() + 60
        with Client(self.address, set_as_default=False) as client:
            while (known := len(client.scheduler_info(n_workers=-1)["workers"])) != count:
                assert time.monotonic() < deadline, f"{known} workers, expected {count}"
                time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One cluster for all tests: its processes take seconds to start."""
    started = Cluster()
    yield started
    started.close()


def test_a_cluster_that_cannot_do_the_work_is_refused_in_one_line(cluster: Cluster, digits: Path, nn: Run) -> None:
    address = cluster.with_workers(0)
    done = nn("sweep", "--data", digits, "--epochs", "1", "--on", address)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "has no workers" in done.stderr
    cluster.with_workers(1, threads=2)
    done = nn("sweep", "--data", digits, "--epochs", "1", "--on", address)
    cluster.with_workers(0)
    assert done.returncode == 1
    assert re.search(r"has 2 threads.*--nthreads 1", done.stderr)
    assert not list(Path("artifacts/sweep/trials").glob("*.npz"))


def test_the_bytes_are_those_of_this_machine_and_the_caller_alone_writes_them(
    cluster: Cluster, digits: Path, tmp_path: Path
) -> None:
    address = cluster.with_workers(2)
    sweep(digits, tmp_path / "here", PLAN, workers=1)
    report = sweep(digits, tmp_path / "there", PLAN, address=address)
    assert report.trained == 4
    assert all(one.where.startswith("tcp://") for one in report.trials)
    for path in (tmp_path / "here" / "trials").iterdir():
        if path.name != "timings.csv":
            assert path.read_bytes() == (tmp_path / "there" / "trials" / path.name).read_bytes(), path.name
    assert sweep(digits, tmp_path / "there", PLAN, address=address).trained == 0


def test_a_stopped_run_goes_on_elsewhere_from_its_checkpoint(cluster: Cluster, digits: Path, tmp_path: Path) -> None:
    plan = Plan({"eta": [Range(0.01, 5.0, log=True)], "hidden": [(6,)], "epochs": [6]}, random=3, halving=True)
    report = sweep(digits, tmp_path / "s", plan, address=cluster.with_workers(2))
    assert sorted(one.state for one in report.trials) == ["done", "stopped", "stopped"]
    train(
        digits,
        tmp_path / "alone.npz",
        Parameters(hidden=(6,), epochs=6, eta=float(report.trials[0].values["eta"]), threads=1),
    )
    found = tmp_path / "s" / "trials" / f"{report.trials[0].name}.npz"
    assert found.read_bytes() == (tmp_path / "alone.npz").read_bytes()


def long_jobs(folder: Path, epochs: int) -> list[Job]:
    return [
        Job(
            f"run {seed}", Parameters(hidden=(30,), epochs=epochs, seed=seed, threads=1), folder / f"{seed}.npz", epochs
        )
        for seed in range(3)
    ]


def test_the_trials_of_a_dead_worker_run_elsewhere(cluster: Cluster, digits: Path, tmp_path: Path) -> None:
    jobs = long_jobs(tmp_path, epochs=100)  # a second or more, of which the worker lives a part
    engine = ClusterEngine(cluster.with_workers(2), data_artifact.load_mapped(digits))
    killed = cluster.workers[0]
    started = time.monotonic()

    def kill_one() -> None:
        if killed.poll() is None and time.monotonic() > started + 0.3:
            end(killed)

    try:
        assert run(engine, jobs, on_result=lambda *_: None, on_wait=kill_one) == {}
    finally:
        engine.close()
    assert killed.returncode == -signal.SIGKILL
    train(digits, tmp_path / "alone.npz", jobs[0].parameters)
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "alone.npz").read_bytes()


def test_a_dead_scheduler_is_one_error_and_what_is_done_stays(
    cluster: Cluster, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five seconds instead of ten; how long it takes is measured by the torture suite."""
    plan = Plan({"hidden": [(5,)], "epochs": [20]}, seeds=6)
    address = cluster.with_workers(1)
    monkeypatch.setattr(engines, "TO_CONNECT", 5.0)
    with pytest.raises(WorldError, match="no longer answers"):
        sweep(digits, tmp_path / "s", plan, address=address, on_trial=lambda *_: end(cluster.scheduler))
    done = list((tmp_path / "s" / "trials").glob("seed-?.npz"))
    assert 1 <= len(done) < 6
    assert sweep(digits, tmp_path / "s", plan, workers=1).trained == 6 - len(done)


def test_versions_are_compared_before_anything_is_sent() -> None:
    own = {"nn": "1", "numpy": "2.0", "kernel": "Haswell"}
    check_versions({"a": own, "b": {**own, "kernel": "SkylakeX"}}, own, "tcp://x:1")
    with pytest.raises(WorldError, match=r"1 worker with numpy 2\.1, where this machine has 2\.0"):
        check_versions({"a": own, "b": {**own, "numpy": "2.1"}}, own, "tcp://x:1")
    with pytest.raises(WorldError, match="nn none"):
        check_versions({"a": "no nn here"}, own, "tcp://x:1")
