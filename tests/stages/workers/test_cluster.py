"""Workers of a Dask cluster on loopback: the same bytes, dead workers and schedulers, versions, one line for each."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from dask_cluster import cluster
from support import Run

from nndigits.stages.classifiers import svm_search
from nndigits.stages.classifiers.svm_memory import Limits
from nndigits.stages.classifiers.train_svm import svm
from nndigits.stages.datasets import data_artifact
from nndigits.stages.evaluate import evaluate
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.training.job import TrainingJob, write
from nndigits.stages.training.space import Range
from nndigits.stages.training.sweep import sweep
from nndigits.stages.training.train import train
from nndigits.stages.training.trials import Plan
from nndigits.stages.workers import cluster as engine_module
from nndigits.stages.workers import cluster_connection
from nndigits.stages.workers.cluster import ClusterEngine
from nndigits.stages.workers.cluster_connection import check_workers, problem
from nndigits.stages.workers.job_loop import run
from nndigits.stages.workers.jobs import Result

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::nndigits.stages.workers.cluster_connection.ClusterNotice"),
]

pytest.importorskip("distributed")
dask = pytest.importorskip("dask")

PLAN = Plan({"hidden": [(5,), (8,)], "epochs": [2]}, seeds=2)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two workers."""
    with cluster(2) as running:
        yield running.address


def test_the_bytes_are_those_of_this_machine_and_the_caller_alone_writes_them(
    address: str, digits: Path, tmp_path: Path
) -> None:
    sweep(digits, tmp_path / "here", PLAN, workers=1)
    report = sweep(digits, tmp_path / "there", PLAN, address=address)
    assert report.trained == 4
    assert all(one.where.startswith("tcp://") for one in report.trials)
    for path in (tmp_path / "here" / "trials").iterdir():
        if path.name != "timings.csv":
            assert path.read_bytes() == (tmp_path / "there" / "trials" / path.name).read_bytes(), path.name
    assert sweep(digits, tmp_path / "there", PLAN, address=address).trained == 0


def test_a_stopped_run_goes_on_elsewhere_from_its_checkpoint(address: str, digits: Path, tmp_path: Path) -> None:
    plan = Plan({"eta": [Range(0.01, 5.0, log=True)], "hidden": [(6,)], "epochs": [6]}, random=3, halving=True)
    report = sweep(digits, tmp_path / "s", plan, address=address)
    assert sorted(one.state for one in report.trials) == ["done", "stopped", "stopped"]
    train(
        digits,
        tmp_path / "alone.npz",
        Parameters(hidden=(6,), epochs=6, eta=float(report.trials[0].values["eta"]), threads=1),
    )
    found = tmp_path / "s" / "trials" / f"{report.trials[0].name}.npz"
    assert found.read_bytes() == (tmp_path / "alone.npz").read_bytes()


def long_jobs(folder: Path, epochs: int) -> deque[TrainingJob]:
    runs = [Parameters(hidden=(30,), epochs=epochs, seed=seed, threads=1) for seed in range(3)]
    return deque(TrainingJob(f"run {one.seed}", one, folder / f"{one.seed}.npz", epochs) for one in runs)


def test_the_trials_of_a_dead_worker_run_elsewhere(digits: Path, tmp_path: Path) -> None:
    jobs = long_jobs(tmp_path, epochs=200)  # some seconds, of which the worker lives a part of the first
    with cluster(2) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:
        started = time.monotonic()

        def kill_one() -> None:
            if len(running.workers) == 2 and time.monotonic() > started + 0.3:
                running.kill_a_worker()

        def collect(job: TrainingJob, result: Result) -> None:
            write(job, result.value)

        assert run(engine, jobs, on_result=collect, on_wait=kill_one) == {}
        assert len(running.workers) == 1
    train(digits, tmp_path / "alone.npz", long_jobs(tmp_path, 200)[0].parameters)
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "alone.npz").read_bytes()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a signal that suspends a process")
def test_the_trials_of_a_suspended_worker_run_elsewhere(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three seconds instead of a minute. The worker that was the first has the data, too."""
    monkeypatch.setattr(engine_module, "BETWEEN", 0.5)
    monkeypatch.setattr(cluster_connection, "SILENT", 3.0)
    jobs, where = long_jobs(tmp_path, epochs=100), set[str]()
    with cluster(2) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:
        (holder,) = engine._client.who_has()[engine._content.key]
        pid = engine._client.run(os.getpid, workers=[holder])[holder]

        def suspend() -> None:
            if engine._given:
                os.kill(pid, signal.SIGSTOP)

        assert run(engine, jobs, on_result=lambda _, result: where.add(result.where), on_wait=suspend) == {}
        assert where == {str(one) for one in engine._problems if one != holder}
        os.kill(pid, signal.SIGCONT)
        until = time.monotonic() + 30
        while holder not in engine._usable and time.monotonic() < until:
            engine.poll()
            time.sleep(0.05)
        assert engine._usable == set(engine._problems)


def test_a_killed_worker_leaves_no_files_once_another_has_started(digits: Path, tmp_path: Path) -> None:
    killed: list[Path] = []
    with cluster(1) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:

        def kill_when_it_has_written() -> None:
            if not killed and any(path.name.endswith("checkpoint.npz") for path in running.leftovers()):
                running.kill_a_worker()
                killed.extend(running.leftovers())
                running.start_a_worker()

        assert run(engine, long_jobs(tmp_path, 50), on_result=lambda *_: None, on_wait=kill_when_it_has_written) == {}
        assert killed
        assert not running.leftovers()


def test_jobs_go_on_when_dask_has_dropped_the_copies_of_the_data(digits: Path, tmp_path: Path) -> None:
    with cluster(2) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:
        engine._client.amm.run_once()  # which Dask does every two seconds
        key = engine._content.key
        until = time.monotonic() + 10
        while len(engine._client.who_has()[key]) > 1 and time.monotonic() < until:
            time.sleep(0.05)
        (holder,) = engine._client.who_has()[key]
        pid = engine._client.run(os.getpid, workers=[holder])[holder]
        jobs = long_jobs(tmp_path, epochs=20)
        os.kill(pid, signal.SIGKILL)
        assert run(engine, jobs, on_result=lambda *_: None) == {}


def test_jobs_go_on_when_all_workers_were_replaced(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BETWEEN", 0.2)
    jobs = long_jobs(tmp_path, epochs=100)
    finished: list[str] = []
    with cluster(1) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:
        replace = deque([running.kill_a_worker, running.start_a_worker])

        def replace_it() -> None:
            """Kill the worker as soon as it has jobs, and start another, when they are taken back or before."""
            if len(replace) == 1 or (replace and engine._given):
                replace.popleft()()

        failed = run(engine, jobs, on_result=lambda job, _: finished.append(job.name), on_wait=replace_it)
    assert failed == {}
    assert sorted(finished) == ["run 0", "run 1", "run 2"]


def test_a_worker_with_other_versions_that_joins_later_gets_no_job(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BETWEEN", 0.2)
    where: set[str] = set()
    with cluster(1) as running, closing(ClusterEngine(running.address, data_artifact.load_mapped(digits))) as engine:
        first = set(engine._usable)
        running.start_a_worker(nn_version="9.9")
        running.start_a_worker(threads=2)
        running.start_a_worker()
        until = time.monotonic() + 30
        while (len(engine._problems), len(engine._usable)) != (4, 2) and time.monotonic() < until:
            engine.poll()
            time.sleep(0.05)
        assert sorted(why.split(",")[0] for why in engine._problems.values()) == ["", "", "2 threads", "nn 9.9"]
        assert engine.slots == 2 * engine_module.AHEAD
        jobs = deque([*long_jobs(tmp_path, 20), *long_jobs(tmp_path, 20)])
        assert run(engine, jobs, on_result=lambda _, result: where.add(result.where)) == {}
        assert first <= engine._usable
        assert where <= engine._usable
        with pytest.raises(WorldError, match=r"1 worker with (nn 9\.9, where|2 threads)"):
            ClusterEngine(running.address, data_artifact.load_mapped(digits))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_lost_is_one_error_and_what_is_done_stays(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Killed, or silent for five seconds, which are thirty for users."""
    monkeypatch.setattr(cluster_connection, "TO_CONNECT", 5.0)
    monkeypatch.setattr(engine_module, "TO_ANSWER", 5.0)
    monkeypatch.setattr(engine_module, "BETWEEN", 1.0)
    with cluster(1) as running:
        plan = Plan({"hidden": [(5,)], "epochs": [20]}, seeds=6)
        with pytest.raises(WorldError, match="no longer answers"):
            sweep(
                digits,
                tmp_path / "s",
                plan,
                address=running.address,
                on_trial=lambda *_: running.send_the_scheduler(number),
            )
    done = list((tmp_path / "s" / "trials").glob("seed-?.npz"))
    assert 1 <= len(done) < 6
    assert sweep(digits, tmp_path / "s", plan, workers=1).trained == 6 - len(done)


def test_a_cluster_that_cannot_do_the_work_is_refused_in_one_line(digits: Path, nn: Run) -> None:
    with cluster(0) as running:
        done = nn("sweep", "--data", digits, "--epochs", "1", "--on", running.address)
        assert (done.returncode, done.stderr.count("\n")) == (1, 2), done.stderr
        assert re.search(r"can run code as you.*\n.*has no workers", done.stderr)
        running.start_a_worker(threads=2)
        for command in (("sweep", "--epochs", "1"), ("baseline", "svm", "--search")):
            done = nn(*command, "--data", digits, "--on", running.address)
            assert done.returncode == 1
            assert re.search(r"with 2 threads.*--nthreads 1", done.stderr)
    assert not list(Path("artifacts").rglob("*.npz"))


def test_a_cluster_with_certificates_trains_and_others_are_not_let_in(
    digits: Path, tmp_path: Path, nn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    for name in ("mine", "other"):
        words = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}")
        paths = ("-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem")
        subprocess.run(["openssl", *words, *paths], check=True, capture_output=True)
    prefix = "DASK_DISTRIBUTED__COMM__TLS__"
    for variable in ("CA_FILE", *(f"{role}__CERT" for role in ("CLIENT", "SCHEDULER", "WORKER"))):
        monkeypatch.setenv(prefix + variable, str(tmp_path / "mine.pem"))
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        monkeypatch.setenv(f"{prefix}{role}__KEY", str(tmp_path / "mine.key"))
    dask.config.refresh()
    try:
        with cluster(1, "tls") as running:
            sweep = ("sweep", "--data", digits, "--hidden", "5", "--epochs", "1", "--on", running.address, "-o")
            done = nn(*sweep, tmp_path / "s")
            assert (done.returncode, "can run code" in done.stderr) == (0, False), done.stderr
            monkeypatch.setenv(f"{prefix}CA_FILE", str(tmp_path / "other.pem"))
            done = nn(*sweep, tmp_path / "t")
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    finally:
        monkeypatch.undo()
        dask.config.refresh()


def test_versions_are_compared() -> None:
    own = {"nn": "1", "numpy": "2.0", "kernel": "Haswell"}
    assert problem(1, own, own) == problem(1, {**own, "kernel": "SkylakeX"}, own) == ""
    assert problem(1, {**own, "numpy": "2.1"}, own) == "numpy 2.1, where this machine has 2.0"
    assert problem(1, ModuleNotFoundError("No module named 'nn'"), own) == "nn none, where this machine has 1"
    with pytest.raises(WorldError, match=r"2 workers with nn 0, .*Install the same"):
        check_workers({"a": "", "b": "nn 0, where", "c": "nn 0, where"}, "tcp://x:1")


def test_a_support_vector_machine_has_the_same_bytes(
    address: str, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(svm_search, "CS", (1.0, 5.0))
    monkeypatch.setattr(svm_search, "SCALES", (1.0,))
    made = []
    for folder, on in (("here", None), ("there", address)):
        found = svm_search.search(digits, tmp_path / folder / "search.csv", train_size=300, address=on)
        svm(digits, tmp_path / folder / "svm.npz", found.parameters, address=on)
        made.append([(tmp_path / folder / name).read_bytes() for name in ("search.csv", "svm.npz")])
    assert made[0] == made[1]


def test_a_kernel_that_does_not_fit_a_worker_is_the_same_line(
    address: str, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndigits.stages.classifiers.svm_memory.BASE", 512 * 2**20)
    with pytest.raises(WorldError, match=r"kernel_memory 512.*Allow more"):
        svm(digits, tmp_path / "svm.npz", limits=Limits(kernel_memory=512), address=address)


def test_a_vote_has_the_same_bytes(address: str, digits: Path, tmp_path: Path) -> None:
    weights = [tmp_path / f"{seed}.npz" for seed in range(3)]
    for seed, path in enumerate(weights):
        train(digits, path, Parameters(hidden=(5,), epochs=1, seed=seed))
    for files, shifts in ((weights, 0), (weights[:2], 1), (weights[:1], 1)):
        made = [tmp_path / "here.json", tmp_path / "there.json"]
        for out, on in zip(made, (None, address), strict=True):
            evaluate(files, digits, out, shifts=shifts, address=on)
        assert made[0].read_bytes() == made[1].read_bytes()
    with pytest.raises(UsageError, match="leave it out for one classifier"):
        evaluate(weights[:1], digits, address=address)
