"""Which files nn replaces although nobody named them: its own ones of the same kind, damaged or not, and no others."""

import io
from pathlib import Path

import numpy as np
import pytest
from random_networks import save_random
from small import SMALL, SMALL_FIGURES
from support import REPOSITORY

from nndigits.cli.commands.demo_text import MOST, demo_lines
from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.index import DEMOS
from nndigits.stages.exchange.export import export
from nndigits.stages.store import artifacts, metadata
from nndigits.stages.store.artifacts import check_output, check_own, check_set
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import title_of_kind
from nndigits.stages.store.result_files import TIMINGS, record_time


def write(path: Path, kind: str) -> Path:
    """Write a small file of a kind."""
    if kind in SMALL:
        artifacts.save(path, *SMALL[kind]())
    else:
        next(make for name, make in SMALL_FIGURES.items() if name.startswith(kind))(path)
    return path


def ending(kind: str) -> str:
    return ".npz" if kind in SMALL else next(Path(name).suffix for name in SMALL_FIGURES if name.startswith(kind))


KINDS = [*SMALL, *(Path(name).stem for name in SMALL_FIGURES)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_its_own_kind_is_replaced_and_one_of_another_kind_is_kept(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"x{ending(kind)}", kind)
    check_output(path, kind)
    for other in KINDS:
        if other != kind:
            with pytest.raises(
                UsageError, match=f"^{path}: is {title_of_kind(kind)}, and would be replaced by {title_of_kind(other)}"
            ):
                check_own(path, other)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_nns_while_its_beginning_and_its_kind_can_be_told(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"x{ending(kind)}", kind)
    content = path.read_bytes()
    for damaged in (content[:-1], content + b"x", content.replace(b'"format"', b'"fo')):
        path.write_bytes(damaged)
        check_own(path, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"my own notes\n",
        b"\0",
        b"# {x}\n1,2\n",
        b'{"a": 1}',
        b'{"made": "by hand"}',
        b"PK\x03\x04" + bytes(60),
        b"<html>",
    ],
)
def test_files_of_others_are_kept(tmp_path: Path, content: bytes) -> None:
    for path in (tmp_path / "x.npz", tmp_path / "x.csv"):
        path.write_bytes(content)
        for kind in (*KINDS, *metadata.MARKS):
            with pytest.raises(UsageError, match=r"Move it, or name another output$"):
                check_own(path, kind)


def test_an_archive_of_numpy_is_kept_and_an_empty_file_is_nobodys(tmp_path: Path) -> None:
    archive = io.BytesIO()
    np.savez(archive, meta=np.array('"kind":"weights"'))
    (tmp_path / "w.npz").write_bytes(archive.getvalue())
    with pytest.raises(UsageError):
        check_own(tmp_path / "w.npz", "weights")
    (tmp_path / "w.npz").write_bytes(b"")
    check_own(tmp_path / "w.npz", "weights")
    check_own(tmp_path / "none.npz", "weights")


def test_the_page_and_the_demonstrations_are_recognised(tmp_path: Path) -> None:
    demo = Demo(idea="An idea.", tables=(), findings=(), values={}, try_next=())
    for entry in DEMOS:
        text = "\n".join(demo_lines(entry, demo, MOST))
        assert metadata.claimed_kind(text.encode()) == "demonstration", text
    text, picture = tmp_path / "gates.txt", tmp_path / "gates.png"
    picture.write_bytes(b"mine")
    with pytest.raises(UsageError, match=f"^{picture}"):
        check_set([text, picture], "demonstration")
    text.write_text("\n".join(demo_lines(DEMOS[0], demo, MOST)))
    check_set([text, picture], "demonstration")
    text.unlink()
    picture.unlink()
    check_set([text, picture], "demonstration")
    page = (REPOSITORY / "pages/shared/page.html").read_bytes().replace(b"{{ policy }}", b"x" * 300)
    assert metadata.claimed_kind(page) == "page"


def test_a_model_of_onnx_is_recognised(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    export([save_random(tmp_path / "weights.npz", "dense 10 softmax")], tmp_path / "network.onnx")
    check_own(tmp_path / "network.onnx", "model")
    with pytest.raises(UsageError):
        check_own(tmp_path / "network.onnx", "weights")


def test_times_are_appended_only_to_a_log_of_nn(tmp_path: Path) -> None:
    path = tmp_path / TIMINGS
    for content in (b"my own times\n", b"a,b\n1,2\n", b"ab,train\n"):
        path.write_bytes(content)
        record_time(tmp_path, "ab" * 32, "train", 1.5)
        assert path.read_bytes() == content
    path.write_bytes(b"")
    for seconds in (1.5, 2.5):
        record_time(tmp_path, "ab" * 32, "train", seconds)
    assert path.read_text().count("\n") == 2
    path.write_bytes(path.read_bytes()[:-1])
    record_time(tmp_path, "cd" * 32, "train", 3.5)
    assert path.read_text().count("\n") == 3
