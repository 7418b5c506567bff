"""A system without the calls of POSIX, such as Windows: every stage of the pipeline works, with the same results."""

import errno
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support import command, sha256

from nndigits.stages.evaluate import evaluate
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import files
from nndigits.stages.store.errors import WorldError
from nndigits.stages.system import atomic, locks, machine
from nndigits.stages.training.train import train

LACKING = """
import os, signal, sys

import platformdirs.unix  # libraries ask by the name of the system, which stays

for module, names in (
    (os, "O_CLOEXEC O_NOFOLLOW O_NONBLOCK fchmod fchown getegid geteuid getgid getuid pread pwrite sched_getaffinity"
         " sysconf"),
    (signal, "SIGHUP pthread_kill pthread_sigmask"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
sys.modules.update(dict.fromkeys(("fcntl", "pwd", "resource")))
"""
"""Run by Python when it starts."""

COMMANDS = (
    ("fetch", "--dataset", "digits"),
    ("train", "--epochs", "2", "--threads", "1"),
    ("eval",),
    ("sweep", "--eta", "1", "--eta", "2", "--epochs", "1", "--threads", "1", "--workers", "2"),
)


@pytest.mark.slow
def test_the_pipeline_gives_the_same_files_without_the_calls_of_posix(digits: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(LACKING)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    made = tmp_path / "artifacts"
    trial, first = made / "sweep" / "trials" / "eta-2.npz", 0
    for arguments in (*COMMANDS, COMMANDS[-1]):
        done = subprocess.run(
            [command(), *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (arguments, done.stderr)
        first = first or (trial.stat().st_mtime_ns if trial.exists() else 0)
    assert trial.stat().st_mtime_ns == first, "a sweep that is resumed does not train again"
    usual = tmp_path / "usual"
    train(digits, usual / "weights.npz", Parameters(epochs=2, threads=1))
    evaluate(usual / "weights.npz", digits, usual / "weights-eval.json")
    train(digits, usual / "eta-2.npz", Parameters(epochs=1, threads=1, eta=2.0))
    assert sha256(made / "data.npz") == sha256(digits)
    assert sha256(trial) == sha256(usual / "eta-2.npz")
    for name in ("weights.npz", "history.csv", "checkpoint.npz", "weights-eval.json", "weights-confusion.csv"):
        assert sha256(made / name) == sha256(usual / name), name


def test_a_signal_is_sent_later_without_threads_of_posix(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[int] = []
    monkeypatch.delattr(signal, "pthread_kill")
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    machine.send_later(0.01, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while not came and time.monotonic() < deadline:
        time.sleep(0.01)
    signal.signal(signal.SIGTERM, before)
    assert came == [signal.SIGTERM]


def test_a_machine_that_tells_nothing_has_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "resource", None)
    monkeypatch.setattr(machine.getpass, "getuser", lambda: (_ for _ in ()).throw(ImportError("pwd")))
    monkeypatch.delattr(machine.os, "getuid")
    monkeypatch.delattr(machine.os, "sched_getaffinity", raising=False)
    assert machine.memory() == float("inf")
    assert machine.user() == "an unknown user"
    assert machine.processors() == (os.cpu_count() or 1)
    with machine.memory_limited(1) as is_limited:
        assert not is_limited


class Msvcrt:
    """The locks of Windows: of one byte, for each open file."""

    LK_NBLCK = 2
    held = False

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        """Lock a byte, or raise what Windows does."""
        assert (mode, count, os.lseek(descriptor, 0, os.SEEK_CUR)) == (self.LK_NBLCK, 1, locks.FAR)
        if self.held:
            raise PermissionError(errno.EACCES, "Permission denied")
        self.held = True


def test_windows_locks_a_byte_behind_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "fcntl", None)
    monkeypatch.setattr(locks, "msvcrt", Msvcrt())
    with files.locked(tmp_path / "a"):
        with pytest.raises(WorldError, match=f"another run of nn writes it .process {os.getpid()}"):
            files.locked(tmp_path / "a").__enter__()
        assert os.listdir(tmp_path) == [".a.lock"]
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("attempts", [3, 1000])
def test_a_file_that_another_program_has_open_is_replaced_when_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attempts: int
) -> None:
    real, tried = os.replace, []

    def refuse(source: Path, target: Path) -> None:
        tried.append(target)
        if len(tried) >= attempts:
            return real(source, target)
        error = PermissionError(errno.EACCES, "Access is denied")
        error.winerror = 5  # type: ignore[attr-defined]
        raise error

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(atomic.os, "replace", refuse)
    monkeypatch.setattr(atomic, "PAUSE", 0.26)
    if attempts == 3:
        files.write(tmp_path / "a", [b"new"])
        assert (tmp_path / "a").read_bytes() == b"new"
        return
    with pytest.raises(WorldError, match=r"a: cannot be written \(another program has the file open\)"):
        files.write(tmp_path / "a", [b"new"])
    assert (tmp_path / "a").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]
