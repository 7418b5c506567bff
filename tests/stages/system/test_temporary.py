"""Temporary files: each writer has its own, and what a killed one left is removed."""

import errno
import os
import time
from pathlib import Path

import pytest

from nndigits.stages.store import files
from nndigits.stages.system import atomic, locks
from nndigits.stages.system.atomic import remove_leftovers, temporary_file

LEFT = ".nn-0123456789abcdef.tmp"


def test_a_file_that_is_written_is_no_leftover_even_when_it_is_closed(tmp_path: Path) -> None:
    with temporary_file(tmp_path) as (path, file):
        remove_leftovers(tmp_path)
        assert path.exists()
        file.close()
        remove_leftovers(tmp_path)
        assert path.exists()


def test_a_file_that_nobody_writes_is_removed_by_a_write_of_any_name(tmp_path: Path) -> None:
    (tmp_path / LEFT).touch()
    files.write(tmp_path / "a", [b"new"])
    (tmp_path / LEFT).touch()
    files.check_writable(tmp_path / "b")
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize(
    "name", [".a.²3.tmp", ".a.1.tmp", ".nn-0123.tmp", f"x{LEFT}", f"{LEFT}x", ".nn-0123456789abcdeF.tmp", "\udcff.tmp"]
)
def test_no_name_in_the_folder_stops_a_write_and_a_persons_file_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    files.write(tmp_path / "a", [b"new"])
    assert sorted(os.listdir(tmp_path)) == sorted(["a", name])


def test_a_folder_a_link_or_a_pipe_of_such_a_name_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    (tmp_path / LEFT).symlink_to("mine")
    (tmp_path / LEFT.replace("0", "1")).mkdir()
    os.mkfifo(tmp_path / LEFT.replace("0", "2"))
    before = sorted(os.listdir(tmp_path))
    remove_leftovers(tmp_path)
    assert sorted(os.listdir(tmp_path)) == before


def test_where_files_cannot_be_locked_a_leftover_is_a_file_that_is_a_day_old(tmp_path: Path, monkeypatch) -> None:
    def fail(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks.fcntl, "flock", fail)
    files.write(tmp_path / "a", [b"new"])
    (tmp_path / LEFT).touch()
    remove_leftovers(tmp_path)
    assert (tmp_path / LEFT).exists()
    day_old = time.time() - atomic.OLD - 1
    os.utime(tmp_path / LEFT, (day_old, day_old))
    remove_leftovers(tmp_path)
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_that_was_taken_for_a_leftover_before_its_lock_gets_another_name(tmp_path: Path, monkeypatch) -> None:
    real = atomic.try_lock
    taken: list[str] = []

    def late(descriptor: int) -> bool:
        if not taken:
            taken.extend(os.listdir(tmp_path))
            (tmp_path / taken[0]).unlink()  # as another process does in this moment
        return real(descriptor)

    monkeypatch.setattr(atomic, "try_lock", late)
    files.write(tmp_path / "a", [b"new"])
    assert (tmp_path / "a").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_whose_files_are_always_taken_is_an_error_not_a_loop(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(atomic, "try_lock", lambda descriptor: False)
    with pytest.raises(OSError, match="other processes remove"), temporary_file(tmp_path):
        pass
