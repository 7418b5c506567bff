"""Workers of a Dask cluster on loopback: the same bytes, dead workers and schedulers, versions, one line for each."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    try:
        for _ in range(300):
            with socket.socket() as asked:
                if not asked.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"tcp://127.0.0.1:{port}", running
    finally:
        end(running)


def worker(address: str, threads: int = 1) -> subprocess.Popen[bytes]:
    return dask("worker", address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard")


def wait_for(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler with two workers."""
    with scheduler() as (address, _):
        workers = [worker(address), worker(address)]
        try:
            wait_for(address, 2)
            yield address
        finally:
            for one in workers:
                end(one)


def test_the_bytes_are_those_of_this_machine_and_the_caller_alone_writes_them(
    cluster: str, digits: Path, tmp_path: Path
) -> None:
    sweep(digits, tmp_path / "here", PLAN, workers=1)
    report = sweep(digits, tmp_path / "there", PLAN, address=cluster)
    assert report.trained == 4
    assert all(one.where.startswith("tcp://") for one in report.trials)
    for path in (tmp_path / "here" / "trials").iterdir():
        if path.name != "timings.csv":
            assert path.read_bytes() == (tmp_path / "there" / "trials" / path.name).read_bytes(), path.name
    assert sweep(digits, tmp_path / "there", PLAN, address=cluster).trained == 0


def test_a_stopped_run_goes_on_elsewhere_from_its_checkpoint(cluster: str, digits: Path, tmp_path: Path) -> None:
    plan = Plan({"eta": [Range(0.01, 5.0, log=True)], "hidden": [(6,)], "epochs": [6]}, random=3, halving=True)
    report = sweep(digits, tmp_path / "s", plan, address=cluster)
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


def test_the_trials_of_a_dead_worker_run_elsewhere(digits: Path, tmp_path: Path) -> None:
    jobs = long_jobs(tmp_path, epochs=200)  # some seconds, of which the worker lives a part of the first
    with scheduler() as (address, _):
        workers = [worker(address), worker(address)]
        try:
            wait_for(address, 2)
            engine = ClusterEngine(address, data_artifact.load_mapped(digits))
            started = time.monotonic()

            def kill_one() -> None:
                if workers[0].poll() is None and time.monotonic() > started + 0.3:
                    end(workers[0])

            try:
                assert run(engine, jobs, on_result=lambda *_: None, on_wait=kill_one) == {}
            finally:
                engine.close()
        finally:
            for one in workers:
                end(one)
    assert workers[0].returncode == -signal.SIGKILL
    train(digits, tmp_path / "alone.npz", jobs[0].parameters)
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "alone.npz").read_bytes()


def test_a_dead_scheduler_is_one_error_and_what_is_done_stays(digits: Path, tmp_path: Path) -> None:
    with scheduler() as (address, running):
        one = worker(address)
        try:
            wait_for(address, 1)
            plan = Plan({"hidden": [(5,)], "epochs": [20]}, seeds=6)
            with pytest.raises(WorldError, match="no longer answers"):
                sweep(digits, tmp_path / "s", plan, address=address, on_trial=lambda *_: end(running))
        finally:
            end(one)
    done = list((tmp_path / "s" / "trials").glob("seed-?.npz"))
    assert 1 <= len(done) < 6
    assert sweep(digits, tmp_path / "s", plan, workers=1).trained == 6 - len(done)


def test_a_cluster_that_cannot_do_the_work_is_refused_in_one_line(digits: Path, nn: Run) -> None:
    with scheduler() as (address, _):
        done = nn("sweep", "--data", digits, "--epochs", "1", "--on", address)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "has no workers" in done.stderr
        two = worker(address, threads=2)
        try:
            wait_for(address, 1)
            done = nn("sweep", "--data", digits, "--epochs", "1", "--on", address)
        finally:
            end(two)
    assert done.returncode == 1
    assert re.search(r"has 2 threads.*--nthreads 1", done.stderr)
    assert not list(Path("artifacts/sweep/trials").glob("*.npz"))


def test_versions_are_compared_before_anything_is_sent() -> None:
    own = {"nn": "1", "numpy": "2.0", "kernel": "Haswell"}
    check_versions({"a": own, "b": {**own, "kernel": "SkylakeX"}}, own, "tcp://x:1")
    with pytest.raises(WorldError, match=r"1 worker with numpy 2\.1, where this machine has 2\.0"):
        check_versions({"a": own, "b": {**own, "numpy": "2.1"}}, own, "tcp://x:1")
    with pytest.raises(WorldError, match="nn none"):
        check_versions({"a": "no nn here"}, own, "tcp://x:1")
