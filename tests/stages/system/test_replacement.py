"""A file that is replaced keeps its permissions; writers with one process number do not disturb each other."""

import os
import stat
from pathlib import Path

import pytest

from nndigits.stages.store import files
from nndigits.stages.store.errors import WorldError
from nndigits.stages.system import atomic


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444, 0o755])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "a").chmod(mode)
    files.write(tmp_path / "a", [b"new"])
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


def test_a_private_file_is_private_while_it_is_written(tmp_path: Path) -> None:
    def chunks():
        yield b"secret"
        (temporary,) = (path for path in tmp_path.iterdir() if path.name != "a")
        modes.append(stat.S_IMODE(temporary.stat().st_mode))

    modes: list[int] = []
    (tmp_path / "a").touch(0o600)
    files.write(tmp_path / "a", chunks())
    assert modes == [0o600]


@pytest.mark.parametrize(("mode", "kept"), [(0o640, 0o600), (0o664, 0o644), (0o660, 0o600), (0o666, 0o666)])
def test_another_group_gets_no_more_than_everybody(tmp_path: Path, monkeypatch, mode: int, kept: int) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(atomic.os, "fchown", refuse)
    (tmp_path / "a").touch()
    (tmp_path / "a").chmod(mode)
    files.write(tmp_path / "a", [b"new"])
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == kept


def test_the_owner_and_the_group_are_kept_where_the_system_allows_it(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    if os.getuid():
        pytest.skip("needs root")
    os.chown(tmp_path / "a", 65534, 65533)
    files.write(tmp_path / "a", [b"new"])
    status = (tmp_path / "a").stat()
    assert (status.st_uid, status.st_gid) == (65534, 65533)


def test_permissions_that_cannot_be_given_are_no_error(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(atomic.os, "fchmod", refuse)
    (tmp_path / "a").touch()
    files.write(tmp_path / "a", [b"new"])
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    monkeypatch.delattr(atomic.os, "fchown")  # as on Windows
    files.write(tmp_path / "a", [b"newer"])
    assert (tmp_path / "a").read_bytes() == b"newer"


@pytest.mark.parametrize(("user", "is_refused"), [(4242, True), (0, False), (None, False)])
def test_another_users_file_in_a_sticky_folder_is_refused_before_the_work(
    tmp_path: Path, monkeypatch, user: int | None, is_refused: bool
) -> None:
    (tmp_path / "a").touch()
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(atomic.os, "geteuid", lambda: (tmp_path / "a").stat().st_uid if user is None else user)
    if is_refused:
        with pytest.raises(WorldError, match=r"a: cannot be written \(the file belongs to another user\)"):
            files.check_writable(tmp_path / "a")
        tmp_path.chmod(0o777)
    files.check_writable(tmp_path / "a")
