"""Files of figures, JSON and CSV: they carry the checksum of what they say, and damage is refused."""

import hashlib
import re
from pathlib import Path

import pytest
from small import DATASET, SMALL_FIGURES
from torture.files.fuzzing import figures_reader, is_refused, text_damages

from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.metadata import load_metadata, with_checksum
from nndigits.stages.store.result_files import TIMINGS, load_document, read_document, read_times


@pytest.fixture(params=SMALL_FIGURES)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    SMALL_FIGURES[request.param](path)
    return path


def test_the_checksum_is_the_sha256_of_the_file_with_zeros_in_its_place(path: Path) -> None:
    """As `sed` and `sha256sum` find it, too."""
    text = path.read_bytes()
    (digits,) = re.findall(rb'"checksum": ?"([0-9a-f]{64})"', text)
    assert hashlib.sha256(text.replace(digits, b"0" * 64)).hexdigest().encode() == digits


def test_damage_is_refused(path: Path) -> None:
    """One of every 13 damages; `make torture` tries all."""
    whole = path.read_bytes()
    assert not is_refused(figures_reader(path), whole)
    assert all(is_refused(figures_reader(path), damaged) for damaged in [*text_damages(whole)][::13])


@pytest.mark.parametrize("format", ["1", "3"])
def test_another_format_is_refused(path: Path, format: str) -> None:
    text = path.read_text().replace('"format":2', f'"format":{format}').replace('"format": 2', f'"format": {format}')
    path.write_bytes(with_checksum(text.encode()))
    with pytest.raises(InputError, match=f"has format {format}, this nn reads format 2"):
        load_metadata(path)


def test_a_file_without_its_checksum_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    for changed in (
        whole.replace(b'"checksum"', b'"checksun"'),
        re.sub(rb',\s*"checksum": ?"[0-9a-f]{64}"', b"", whole),
    ):
        assert changed != whole
        path.write_bytes(changed)
        with pytest.raises(InputError):
            load_metadata(path)


def test_a_key_of_that_name_elsewhere_changes_nothing(tmp_path: Path) -> None:
    dataset = {**DATASET, "source": {"checksum": "0" * 64}}
    meta = artifacts.describe("eval", parameters={}, dataset=dataset)
    artifacts.save_json(tmp_path / "a.json", meta, {"checksum": "0" * 64, "name": '"checksum": "'})
    artifacts.save_csv(tmp_path / "a.csv", meta, ["checksum"], [["0" * 64]])
    for name in ("a.json", "a.csv"):
        assert load_metadata(tmp_path / name) == meta
        assert is_refused(
            figures_reader(tmp_path / name), (tmp_path / name).read_bytes().replace(b"0" * 64, b"1" + b"0" * 63, 1)
        )


def test_figures_with_another_description_are_not_used_again(tmp_path: Path) -> None:
    path = tmp_path / "eval.json"
    SMALL_FIGURES[path.name](path)
    meta = load_metadata(path)
    assert read_document(path, meta) == load_document(path)[1]
    assert read_document(path, {**meta, "parameters": {"epochs": 3}}) is None


def test_bad_lines_of_times_do_not_hide_the_good_ones(tmp_path: Path) -> None:
    good = f"{'a' * 64},train,1.5\n".encode()
    (tmp_path / TIMINGS).write_bytes(
        b"\xff\xfe,train,1\n" + good + b'"\nhalf a line\na,b,c\n' + b"b,train,-1\nc,train,nan\nd,train,1e999\n"
    )
    assert read_times(tmp_path) == {("\ufffd\ufffd", "train"): 1.0, ("a" * 64, "train"): 1.5}
