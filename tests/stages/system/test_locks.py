"""Locks of outputs: a second run is told who holds them, or waits; a dead holder holds nothing."""

import errno
import os
import threading
from pathlib import Path

import pytest
from small import SMALL

from nndigits.stages.store import artifacts, files
from nndigits.stages.store.errors import WorldError
from nndigits.stages.system import locks, machine
from nndigits.stages.training.train import train


def test_a_second_run_is_told_who_holds_the_output_and_since_when(tmp_path: Path) -> None:
    with files.locked(tmp_path / "a"):
        said = rf"a: another run of nn writes it \(process {os.getpid()} of .* on .*, since 20\d\d-.*\)\. Wait"
        with pytest.raises(WorldError, match=said), files.locked(tmp_path / "b", tmp_path / "a"):
            pass
        with files.locked(tmp_path / "b"):
            assert sorted(os.listdir(tmp_path)) == [".a.lock", ".b.lock"]
    assert os.listdir(tmp_path) == []


def test_who_is_asked_to_wait_waits_and_says_so_once(tmp_path: Path) -> None:
    notes: list[str] = []
    order: list[str] = []
    waits, holds = threading.Event(), threading.Event()

    def hold() -> None:
        with files.locked(tmp_path / "a"):
            holds.set()
            waits.wait(10)
            order.append("first")

    first = threading.Thread(target=hold)
    first.start()
    holds.wait(10)
    with files.locked(tmp_path / "a", on_wait=lambda note: (notes.append(note), waits.set())):
        order.append("second")
    first.join()
    assert order == ["first", "second"]
    assert len(notes) == 1
    assert notes[0].endswith("). Waiting for its end")
    assert os.listdir(tmp_path) == []


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    (tmp_path / ".a.lock").write_text(f"{locks.MARK}process 1 of root on elsewhere, since ever\n")
    with files.locked(tmp_path / "a"):
        assert f"process {os.getpid()} of " in (tmp_path / ".a.lock").read_text()
    assert os.listdir(tmp_path) == []


def test_what_a_person_put_at_its_place_stays_and_nothing_is_held(tmp_path: Path) -> None:
    (tmp_path / ".a.lock").write_bytes(b"mine")
    (tmp_path / ".b.lock").mkdir()
    os.mkfifo(tmp_path / ".c.lock")
    (tmp_path / ".d.lock").symlink_to("elsewhere")
    before = sorted(os.listdir(tmp_path))
    with files.locked(*(tmp_path / name for name in "abcd")), files.locked(*(tmp_path / name for name in "abcd")):
        pass
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / ".a.lock").read_bytes() == b"mine"


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_files_cannot_be_locked_that_is_said_and_nothing_is_held(
    tmp_path: Path, monkeypatch, number: int
) -> None:
    def fail(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(locks.fcntl, "flock", fail)
    said = f"{tmp_path}: files cannot be locked here .{os.strerror(number).lower()}"
    with pytest.warns(locks.CannotLock, match=said), files.locked(tmp_path / "a"), files.locked(tmp_path / "a"):
        assert os.listdir(tmp_path) == []


def test_a_disk_that_fails_when_the_lock_is_closed_is_no_error(tmp_path: Path, monkeypatch) -> None:
    def fail(descriptor: int) -> None:
        real(descriptor)
        raise OSError(errno.EIO, "Input/output error")

    real = locks.os.close
    with files.locked(tmp_path / "a"):
        monkeypatch.setattr(locks.os, "close", fail)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []


def test_a_lock_that_its_holder_removes_at_the_same_moment_is_not_taken_for_held(tmp_path: Path, monkeypatch) -> None:
    real = locks.try_lock
    calls: list[int] = []

    def late(descriptor: int) -> bool:
        calls.append(descriptor)
        if len(calls) == 1:
            (tmp_path / ".a.lock").unlink()
        return real(descriptor)

    monkeypatch.setattr(locks, "try_lock", late)
    with files.locked(tmp_path / "a"):
        assert len(calls) == 2
        assert os.listdir(tmp_path) == [".a.lock"]


def test_a_holder_without_a_name_or_a_machine_is_still_a_holder(tmp_path: Path, monkeypatch) -> None:
    def unknown() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(machine.getpass, "getuser", unknown)
    with files.locked(tmp_path / "a"):
        assert f" of {os.getuid()} on " in (tmp_path / ".a.lock").read_text()
        (tmp_path / ".a.lock").write_bytes(b"")  # as on a full disk
        with pytest.raises(WorldError, match=r"\(its process is not known\)"), files.locked(tmp_path / "a"):
            pass


@pytest.mark.parametrize("held", ["weights.npz", "history.csv", "checkpoint.npz"])
def test_two_trainings_do_not_share_a_file(tmp_path: Path, held: str) -> None:
    artifacts.save(tmp_path / "data.npz", *SMALL["dataset"]())
    with files.locked(tmp_path / held), pytest.raises(WorldError, match=f"{held}: another run of nn writes it"):
        train(tmp_path / "data.npz", tmp_path / "weights.npz")
    assert os.listdir(tmp_path) == ["data.npz"]
