"""Outputs that are no files: folders, devices, pipes, files of the system, and links to them."""

import os
from pathlib import Path

import pytest

from nndigits.stages.store import files
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.system import paths
from nndigits.stages.system.paths import forbidden_name, obstacle


@pytest.mark.parametrize(
    "path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/new.npz", "/dev/pts/x", "/sys/x"]
)
def test_a_path_of_the_system_is_found_whatever_it_leads_to(tmp_path: Path, path: str) -> None:
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "chain").symlink_to("link")
    (tmp_path / "folder").symlink_to(Path(path).parent)
    for name in (path, tmp_path / "link", tmp_path / "chain", tmp_path / "folder" / Path(path).name):
        assert obstacle(Path(name)) == "a file of the system"


def test_nothing_is_written_to_a_folder_of_the_system(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(paths, "SYSTEM", (str(tmp_path / "dev"),))  # the real one would be changed by a defect
    monkeypatch.setattr(paths, "MEMORY", "/nowhere")  # where the folder of this test may lie
    (tmp_path / "dev").mkdir()
    (tmp_path / "link").symlink_to("dev/new")
    for name in ("dev/new", "link"):
        for write in (files.check_writable, lambda path: files.write(path, [b"new"])):
            with pytest.raises(UsageError, match="is a file of the system; name a file in another folder"):
                write(tmp_path / name)
    assert os.listdir(tmp_path / "dev") == []


def test_folders_pipes_and_links_to_them_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, what in (("folder", "a folder"), ("pipe", "a device or a pipe")):
        (tmp_path / f"link-{name}").symlink_to(name)
        assert obstacle(tmp_path / name) == obstacle(tmp_path / f"link-{name}") == what
    assert obstacle(Path("/dev")) == "a folder"


def test_a_file_a_new_name_and_links_to_them_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "broken").symlink_to("nothing")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("file", "new", "link", "broken", "loop", "new/deep", "dev/new"):
        assert obstacle(tmp_path / name) == ""
        files.write(tmp_path / name, [b"new"]) if name != "new/deep" else None
    assert not (tmp_path / "nothing").exists()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="needs /dev/shm")
def test_files_in_memory_are_ordinary_files() -> None:
    assert obstacle(Path("/dev/shm/nn-test.npz")) == ""


@pytest.mark.parametrize("name", ["x" * 256, "a\0b"])
def test_a_name_that_the_system_refuses_is_an_error_before_the_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorldError, match="cannot be written"):
        files.check_writable(tmp_path / name)
    files.check_writable(tmp_path / ("x" * 255))


@pytest.mark.parametrize(
    "path", ["CON", "a/nul.npz", "com1.tar.gz", "aux .npz", "a:b", "a/b:c", "a.", "a ./b.npz", "what?.npz", "a\nb"]
)
def test_a_name_that_windows_forbids_is_refused_there_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert forbidden_name(Path(path)) == ""
    monkeypatch.setattr(paths, "IS_WINDOWS", True)
    for write in (files.check_writable, lambda path: files.write(path, [b"new"])):
        with pytest.raises(UsageError, match="Windows allows no file of the name"):
            write(Path(path))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    ["C:\\digits\\a.npz", "C:/digits/a.npz", "\\\\server\\share\\a", "..\\a", "console.npz", "com.npz", ".a", "a b"],
)
def test_a_name_that_windows_allows_is_none_it_forbids(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "IS_WINDOWS", True)
    assert forbidden_name(Path(path)) == ""
