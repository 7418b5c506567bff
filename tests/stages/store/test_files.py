"""Files read whole and written whole: what the system refuses becomes one line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small import DATASET, SMALL

from nndigits.stages.own_images import decoding, pictures
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import load_metadata
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.system import machine


@pytest.mark.parametrize("kind", SMALL)
def test_every_kind_is_saved_and_loaded_mapped_and_unpacked(kind: str, tmp_path: Path) -> None:
    meta, arrays = SMALL[kind]()
    path, saved = tmp_path / "a.npz", {name: array.tobytes() for name, array in arrays.items()}
    sha256 = artifacts.save(path, meta, arrays)
    unpacked = artifacts.unpack(path, path.read_bytes(), kind)
    for read in (artifacts.load(path, kind), artifacts.load_mapped(path, kind), unpacked):
        assert (read.kind, read.meta, read.about, read.sha256) == (kind, meta, meta["about"], sha256)
        assert {name: array.tobytes() for name, array in read.arrays.items()} == saved


def test_an_empty_file_is_not_mapped(tmp_path: Path) -> None:
    (tmp_path / "a.npz").touch()
    with pytest.raises(InputError, match=r"a\.npz: has 0 bytes, 1 to"):
        artifacts.load_mapped(tmp_path / "a.npz", "weights")


def test_names_of_classes_are_short_together(tmp_path: Path) -> None:
    meta, arrays = SMALL["dataset"]()
    names = [f"{number:040}" for number in range(110)]
    with pytest.raises(ValueError, match="4,400 characters together, at most 4,096 are read"):
        artifacts.save(
            tmp_path / "a.npz", {**meta, "dataset": {**meta["dataset"], "classes": 110, "names": names}}, arrays
        )


def test_a_file_is_read_up_to_its_limit_and_no_further(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.read(tmp_path / "a", hint="", limit=3, starts_with=b"ab") == b"abc"
    with pytest.raises(InputError, match=r"a: has 3 bytes, at most 2 are read\. Mend it"):
        files.read(tmp_path / "a", hint="Mend it", limit=2)


@pytest.mark.parametrize("read", [files.read, files.sha256, lambda path, hint: files.read_start(path, 9, hint=hint)])
def test_a_sparse_file_is_refused_before_it_is_read(read: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PK")
    os.truncate(tmp_path / "a", files.ALWAYS_ALLOWED)
    read(tmp_path / "a", hint="")
    os.truncate(tmp_path / "a", files.ALWAYS_ALLOWED + 1)
    with pytest.raises(InputError, match=r"is sparse: of its 16,777,217 bytes, \d,\d+ are on the disk\. Mend it"):
        read(tmp_path / "a", hint="Mend it")


def test_figures_of_too_many_values_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" + "[]," * 200_000 + "0]")
    with pytest.raises(InputError, match="holds about 400,001 values, at most 262,144 are read"):
        load_metadata(tmp_path / "a.json")


def test_an_output_is_not_the_input_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    (tmp_path / "link").symlink_to("data")
    for name in ("data", "link", "x/../data"):
        with pytest.raises(UsageError, match="both read and written by this command"):
            artifacts.check_output(tmp_path / name, "weights", tmp_path / "data")
    artifacts.check_output(tmp_path / "other", "weights", tmp_path / "data")
    assert not (tmp_path / "other").exists()


def test_figures_say_what_made_them(tmp_path: Path) -> None:
    meta = artifacts.describe("eval", parameters={}, dataset=DATASET)
    artifacts.save_csv(tmp_path / "a.csv", meta, ["epoch", "cost"], [[0, 0.5]])
    assert load_metadata(tmp_path / "a.csv") == meta
    assert (tmp_path / "a.csv").read_text().splitlines()[1:] == ["epoch,cost", "0,0.5"]
    document = artifacts.save_json(tmp_path / "a.json", meta, {"accuracy": 0.5})
    assert document == {"accuracy": 0.5, "made": meta}
    assert load_metadata(tmp_path / "a.json") == meta


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "epoch,cost\n", "does not begin with"),
        ("a.csv", "# hello\n", "not JSON"),
        ("a.csv", "# []\n", "should be dict"),
        ("a.csv", '# {"a": 1}\n', "not a file of figures made by nn"),
        ("a.csv", "", "not a file of figures made by nn"),
        ("a.json", "[]", "should be dict"),
        ("a.json", "{}", "should be dict"),
        ("a.json", '{"made": {"kind": "eval"}}', "has format None"),
        ("a.json", '{"made": 1e999}', "too large"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.json", "x" * (2**22 + 1), "at most 4,194,304"),
    ],
)
def test_figures_that_are_not_ours_are_refused(tmp_path: Path, name: str, text: str, reason: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=reason):
        load_metadata(tmp_path / name)


@pytest.mark.parametrize(("length", "reason"), [(0, "is empty"), (2**24, "is not a picture"), (2**24 + 1, "has more")])
def test_standard_input_is_read_to_a_limit(tmp_path: Path, monkeypatch, length: int, reason: str) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"x" * length)
    monkeypatch.setattr(pictures, "open", lambda number, *_, **__: {0: path}[number].open("rb"), raising=False)
    with pytest.raises(InputError, match=reason):
        pictures.load(pictures.STANDARD_INPUT)


def test_memory_that_runs_out_is_not_the_pictures_fault(tmp_path: Path, monkeypatch) -> None:
    from torture.files.pictures import small_pictures

    def fail(*_arguments) -> None:
        raise MemoryError

    (tmp_path / "a.png").write_bytes(small_pictures()["png grey"])
    assert pictures.in_folder(tmp_path) == (tmp_path / "a.png",)
    monkeypatch.setattr(decoding, "_grey", fail)
    monkeypatch.setattr(machine, "MEMORY_IN_USE", Path("/none"))  # no limit of nn's own
    with pytest.raises(MemoryError):
        pictures.load(tmp_path / "a.png")
    (tmp_path / "a.png").unlink()
    with pytest.raises(InputError, match="holds no pictures"):
        pictures.in_folder(tmp_path)


def test_a_missing_file_has_one_of_its_name_a_folder_below_suggested(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "weights.npz").touch()
    with pytest.raises(InputError, match=r"no such file\. Did you mean .*artifacts/weights\.npz\?"):
        files.read(tmp_path / "weights.npz", hint="")


def test_a_file_that_may_not_be_read_is_not_blamed_for_being_missing(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match=r"cannot be opened \(permission denied\). Change its permissions$"):
        files.read(tmp_path / "data.npz", hint="Make one with `nn fetch`")
