"""The pictures of `nn eval`, `nn show` and `nn compare`: what they hold, that they can be read, what is refused."""

import dataclasses
import json
import os
import re
import subprocess
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import TINY, command
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.figures import plot
from nndigits.stages.figures.accuracy_figures import comparison_figure, evaluation_figure
from nndigits.stages.figures.figure import Figure
from nndigits.stages.figures.learning_curves import learning_curves
from nndigits.stages.results import entries as book
from nndigits.stages.results.entries import Entry
from nndigits.stages.results.show_figures import figure_of, first_layer_figure
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, NNError, UsageError
from nndigits.stages.store.metadata import with_checksum
from nndigits.stages.store.result_files import read_history
from nndigits.stages.training.train import train

COLUMNS = "epoch,cost,validation_correct,validation_total,validation_cost,training_correct,training_total,eta\n"
ROWS = f"{COLUMNS}0,0.5,30,100,0.6,4,9,3.0\n1,0.25,70,100,0.3,6,9,3.0\n2,0.2,60,100,0.35,8,9,3.0\n"


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    code = done.exception.exit_code if isinstance(done.exception, NNError) else done.exit_code
    return code, done.stdout, f"{done.stderr} {done.exception}"


@pytest.fixture(scope="module")
def folder(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained network, a convolutional one and a baseline, with all that nn wrote of them."""
    place = tmp_path_factory.mktemp("figures")
    train(digits, place / "weights.npz", TINY)
    layers = "conv 3 3x3, max 2, relu, dense 10 softmax"
    train(
        digits,
        place / "conv.npz",
        Parameters(hidden=(), layers=layers, cost="log-likelihood", epochs=1, batch=40, eta=0.1),
    )
    assert run("baseline", "darkness", "-q", "--data", digits, "-o", place / "darkness.npz")[0] == 0
    evaluate(place / "weights.npz", digits, place / "eval.json")
    return place


def history(path: Path, rows: str = ROWS, epoch: int = 1) -> Path:
    """A history of three epochs, of which the second was kept."""
    dataset = {"name": "made-up", "verified": False, "classes": 10, "source": {}}
    about = {"cost": "quadratic", "epoch": epoch, "layers": ["dense 10 sigmoid"], "image": [5, 6]}
    meta = artifacts.describe("history", parameters={}, dataset=dataset, about=about)
    path.parent.mkdir(exist_ok=True)
    first_line = json.dumps({**meta, "checksum": "0" * 64})
    path.write_bytes(with_checksum(f"# {first_line}\n{rows}".encode()))
    return path


def texts_that_collide(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that overlap in the picture, and texts that leave it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    with plot.settings():
        drawn = plot.drawn(figure)
        canvas = FigureCanvasAgg(drawn)
        canvas.draw()
        not_drawn = {label for axes in drawn.axes for label in labels_out_of_sight(axes)}
        texts = [one for one in drawn.findobj(Text) if one.get_visible() and one.get_text().strip()]
        boxes = [
            (one.get_text(), one.get_window_extent(canvas.get_renderer())) for one in texts if one not in not_drawn
        ]
        width, height = canvas.get_width_height()
    beyond = [
        (text, "the edge") for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    shrunk = [(text, box.shrunk(0.95, 0.9)) for text, box in boxes]
    return beyond + [(one, two) for (one, a), (two, b) in combinations(shrunk, 2) if a.overlaps(b)]


def labels_out_of_sight(axes: Any) -> list[Any]:
    """The labels of ticks that lie beyond the range of their axis."""
    ticks = [(axis, tick) for axis in (axes.xaxis, axes.yaxis) for tick in (*axis.majorTicks, *axis.minorTicks)]
    ranges = [(tick, sorted(axis.get_view_interval())) for axis, tick in ticks]
    beyond = [tick for tick, (low, high) in ranges if not low <= tick.get_loc() <= high]
    return [label for tick in beyond for label in (tick.label1, tick.label2)]


def test_eval_draws_the_counts_and_the_labelled_mistakes(folder: Path, digits: Path, tmp_path: Path) -> None:
    report = evaluate(folder / "weights.npz", digits, tmp_path / "eval.json")
    figure = evaluation_figure(report)
    matrix, mistakes = figure.panels
    assert matrix.counts == report.confusion
    assert matrix.scale
    assert [tile.caption for tile in mistakes.tiles] == [
        f"{one.label}, read as {one.answer}\n#{one.index}" for one in report.mistakes
    ]
    assert [tile.image for tile in mistakes.tiles] == [one.picture for one in report.mistakes]
    assert f"{report.correct:,} of {report.total:,} test images" in figure.title
    assert texts_that_collide(figure) == []
    perfect = dataclasses.replace(report, mistakes=(), confusion=((5, 0), (0, 1000)), what="a long name " * 20)
    assert len(evaluation_figure(perfect).panels) == 1
    assert texts_that_collide(evaluation_figure(perfect)) == []
    many = dataclasses.replace(report, confusion=tuple(map(tuple, (1000 * np.eye(256, dtype=int)).tolist())))
    assert texts_that_collide(evaluation_figure(many)) == []


def test_curves_are_the_rows_of_the_history_and_mark_the_kept_epoch(tmp_path: Path) -> None:
    figure = learning_curves([read_history(history(tmp_path / "history.csv"))])
    cost, accuracy = figure.panels
    (costs,) = cost.curves
    assert (list(costs.x), list(costs.y), costs.label) == ([0, 1, 2], [0.5, 0.25, 0.2], "weights")
    assert cost.y_label == "cost (quadratic)"
    percent, kept = accuracy.curves
    assert list(percent.y) == pytest.approx([30, 70, 60])
    assert (list(kept.x), list(kept.y)) == ([1], pytest.approx([70]))
    assert texts_that_collide(figure) == []
    rows = ROWS.replace(",30,100", ",0,0").replace(",70,100", ",0,0").replace(",60,100", ",0,0")
    without = learning_curves([read_history(history(tmp_path / "history.csv", rows))])
    assert [panel.title for panel in without.panels] == ["Training cost"]


def test_several_histories_in_one_picture_have_names_of_their_own(tmp_path: Path) -> None:
    paths = [
        history(tmp_path / "a-history.csv"),
        history(tmp_path / "history.csv"),
        history(tmp_path / "one" / "history.csv"),
    ]
    figure = figure_of([*paths, paths[0]])
    labels = [curve.label for curve in figure.panels[0].curves]
    assert labels == ["a", f"{tmp_path.name}/weights"[:27] + "…" * (len(tmp_path.name) > 20), "one/weights"]
    many = figure_of([history(tmp_path / f"a-long-name-of-weights-{number}-history.csv") for number in range(20)])
    assert texts_that_collide(many) == []
    with plot.settings():
        lines = plot.drawn(many).axes[0].lines
    assert len({line.get_color() for line in lines}) == 20
    with pytest.raises(UsageError, match="at most 30 histories in one picture, found 31"):
        figure_of([history(tmp_path / f"{number}-history.csv") for number in range(31)])


@pytest.mark.parametrize(
    ("rows", "epoch"),
    [
        (ROWS.replace("0.25", "nan"), 1),
        (ROWS.replace("0.25", "many"), 1),
        (ROWS.replace(",70,100", ",700,100"), 1),
        (ROWS.replace(",70,100", ",70"), 1),
        (ROWS.replace(",6,9", ",10,9"), 1),
        (ROWS.replace("0.3,6", "inf,6"), 1),
        (ROWS.replace("\n1,", "\n7,"), 1),
        (ROWS.splitlines()[0] + "\n", 0),
        ("", 0),
        (ROWS, 3),
    ],
)
def test_a_damaged_history_is_refused_in_a_line(tmp_path: Path, rows: str, epoch: int) -> None:
    with pytest.raises(InputError, match=r"history.csv: (is not a history as|has rows of)"):
        read_history(history(tmp_path / "history.csv", rows, epoch))


def test_numbers_that_overflow_matplotlib_are_drawn_at_its_limit(folder: Path, tmp_path: Path) -> None:
    rows = ROWS.replace("0.25", "1e300").replace("0.2,", "-1e300,")
    plot.save(learning_curves([read_history(history(tmp_path / "history.csv", rows))]), tmp_path / "curves.png")
    artifact = artifacts.load(folder / "weights.npz")
    arrays = {name: array.astype(np.float64) for name, array in artifact.arrays.items()}
    arrays["weights_1"] = np.where(np.arange(64) % 2, 1.7e308, -1.7e308) * np.ones((5, 1))
    plot.save(first_layer_figure(dataclasses.replace(artifact, arrays=arrays)), tmp_path / "weights.png")
    assert {path.name for path in tmp_path.glob("*.png")} == {"curves.png", "weights.png"}


@pytest.mark.parametrize(
    ("layers", "shape", "title"),
    [
        ("dense 10 sigmoid", (8, 8), "10 outputs"),
        ("dense 5 sigmoid, dense 10 sigmoid", (8, 8), "5 neurons"),
        ("conv 3 3x3, max 2, relu, dense 10 sigmoid", (3, 3), "3 filters"),
        ("max 2, dense 4 sigmoid, dense 10 sigmoid", (4, 4), "4 neurons"),
        ("dense 120 sigmoid, dense 10 sigmoid", (8, 8), "neurons 0 to 99 of 120"),
    ],
)
def test_what_the_first_layer_takes_decides_the_pictures(
    digits: Path, tmp_path: Path, layers: str, shape: tuple[int, int], title: str
) -> None:
    train(digits, tmp_path / "w.npz", Parameters(hidden=(), layers=layers, epochs=1, batch=100, eta=0.1))
    artifact = artifacts.load(tmp_path / "w.npz")
    figure = first_layer_figure(artifact)
    assert figure.title == f"w.npz: weights of {title}"
    assert len(figure.panels[0].tiles) <= 100
    for tile, weights in zip(figure.panels[0].tiles, artifact.arrays["weights_1"], strict=False):
        assert np.shape(tile.image) == shape
        np.testing.assert_array_equal(np.ravel(tile.image), weights)
    assert texts_that_collide(figure) == []


def test_compare_draws_intervals_and_off_mnist_no_figure_of_the_book(folder: Path, digits: Path) -> None:
    report = compare(folder, digits, folder / "compare.json")
    figure = comparison_figure(report.entries, report.dataset_title, with_book=report.has_book_figures)
    (panel,) = figure.panels
    limits, measured = panel.curves
    ours = [entry for entry in report.entries if entry.accuracy is not None]
    assert [curve.label for curve in panel.curves] == ["95 % interval", "measured"]
    assert list(measured.x) == [entry.accuracy for entry in ours]
    np.testing.assert_array_equal(np.reshape(limits.x, (-1, 3))[:, :2], [entry.interval for entry in ours])
    assert panel.y_ticks[0].startswith("darkness: average darkness  ")
    assert texts_that_collide(figure) == []


@pytest.mark.parametrize("stage", ["evaluate", "compare"])
def test_pictures_are_drawn_before_the_json_that_make_looks_for(
    stage: str, folder: Path, digits: Path, tmp_path: Path
) -> None:
    out = tmp_path / "figures.json"

    def interrupted(report: Any) -> None:
        assert report.out == out
        raise KeyboardInterrupt

    run, read = (evaluate, folder / "weights.npz") if stage == "evaluate" else (compare, folder)
    with pytest.raises(KeyboardInterrupt):
        run(read, digits, out, before_saving=interrupted)
    assert not out.exists()


def test_compare_draws_the_books_figures_beside_ours() -> None:
    ours = Entry("784-30-10", ("weights.npz",), 1, 9507, 10_000, 0.9507, None, (0.9463, 0.9548), book=book.NETWORK_30)
    perfect = Entry("784 - conv 16 5x5 - max 2 - relu", ("c.npz",), 1, 9, 9, 1.0, None, (0.7, 1.0))
    runs = Entry("784-100-10", ("a.npz", "b.npz"), 2, 9600.5, 10_000, 0.96005, 0.001, (0.95, 0.97))
    only = Entry(book.RECORD.name, book=book.RECORD)
    figure = comparison_figure([ours, perfect, runs, only], "MNIST", with_book=True)
    (panel,) = figure.panels
    _, measured, theirs = panel.curves
    assert list(theirs.x) == [0.9542, 0.9979]
    assert [round(y) for y in theirs.y] == [0, 3]
    assert list(measured.x) == [0.9507, 0.9995, 0.96005], "a logit scale ends before 1"
    assert panel.y_ticks == (
        "weights: 784-30-10  95.07 %",
        "c: 784 - conv 16 5x5 - max 2 - relu  100.00 %",
        "784-100-10, 2 runs  96.00 %",
        "record, Wan et al. 2013",
    )
    assert texts_that_collide(figure) == []


@pytest.mark.slow
@pytest.mark.parametrize("ending", plot.ENDINGS)
def test_every_picture_is_the_same_bytes_again(folder: Path, digits: Path, tmp_path: Path, ending: str) -> None:
    commands = {
        "eval": ("eval", folder / "weights.npz", "--data", digits, "-o", tmp_path / "e.json"),
        "curves": ("show", folder / "history.csv", folder / "conv-history.csv"),
        "weights": ("show", folder / "weights.npz"),
        "compare": ("compare", folder, "--data", digits, "-o", tmp_path / "c.json"),
    }
    drawn = set()
    for name, arguments in commands.items():
        paths = [tmp_path / f"{name}-{number}{ending}" for number in range(2)]
        for path in paths:
            code, _, said = run(*arguments, "--plot", path)
            assert code == 0, said
            assert re.search(rf"Picture:\s+{re.escape(str(path))}", said)
        assert paths[0].read_bytes() == paths[1].read_bytes()
        drawn.add(paths[0].read_bytes())
    assert len(drawn) == len(commands)


@pytest.mark.parametrize("name", ["_hidden", "a$b$c", "日本", "line\nbreak", "<b>&"])
def test_names_of_files_are_drawn_literally(tmp_path: Path, name: str) -> None:
    figure = figure_of([history(tmp_path / f"{name}-history.csv"), history(tmp_path / "b-history.csv")])
    plot.save(figure, tmp_path / "curves.svg")
    with plot.settings():
        (legend,) = plot.drawn(figure).legends
    assert len(legend.texts) == 3, "both runs, and the weights kept"


def test_several_files_are_shown_in_turn(folder: Path) -> None:
    code, text, _ = run("show", folder / "history.csv", folder / "weights.npz")
    assert code == 0
    assert text.index("history.csv: history") < text.index("weights.npz: weights")
    both = json.loads(run("show", folder / "history.csv", folder / "weights.npz", "--json")[1])
    assert [one["kind"] for one in both] == ["history", "weights"]
    assert json.loads(run("show", folder / "history.csv", "--json")[1])["kind"] == "history"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (("history.csv", "weights.npz"), "weights.npz is not a history"),
        (("weights.npz", "conv.npz"), "draws one file, or several histories"),
        (("eval.json",), "`nn eval --plot`"),
        (("confusion.csv",), "holds no images"),
        (("darkness.npz",), "holds no images"),
    ],
)
def test_what_has_no_picture_is_refused(folder: Path, tmp_path: Path, files: tuple[str, ...], words: str) -> None:
    code, text, said = run("show", *(folder / name for name in files), "--plot", tmp_path / "x.png")
    assert (code, text) == (2, "")
    assert words in said
    assert not (tmp_path / "x.png").exists()


def test_a_picture_never_replaces_what_is_read_or_written(folder: Path, digits: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.png"
    weights.write_bytes((folder / "weights.npz").read_bytes())
    before = weights.read_bytes()
    read = ("eval", weights, "--data", digits, "-o", tmp_path / "e.json", "--plot", weights)
    written = ("eval", folder / "weights.npz", "--data", digits, "-o", tmp_path / "e.svg")
    for arguments in (read, ("show", weights, "--plot", weights), (*written, "--plot", tmp_path / "e.svg")):
        code, _, said = run(*arguments)
        assert (code, "is read or written by this command" in said) == (2, True)
    assert weights.read_bytes() == before
    assert not (tmp_path / "e.svg").exists()


HOSTILE: dict[str, Callable[[Path], object]] = {
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe"),
    "an unknown key": lambda path: path.write_text("foo\x1b[31mred: 1\n"),
    "other settings": lambda path: path.write_text("figure.dpi: 10\naxes.facecolor: red\n"),
    "a pipe": os.mkfifo,
}


def drawn_by_the_program(folder: Path, **environment: str) -> bytes:
    """Draw a demonstration in a folder, as the installed program does, and return the picture."""
    done = subprocess.run(
        [command(), "demo", "sigmoid", "--quiet", "--plot", "sigmoid.svg"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "sigmoid.svg").read_bytes()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The picture as it is drawn in an empty folder."""
    return drawn_by_the_program(tmp_path_factory.mktemp("empty"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_settings_of_matplotlib_in_the_current_folder_and_the_environment_are_not_read(
    tmp_path: Path, kind: str, usual: bytes
) -> None:
    HOSTILE[kind](tmp_path / "matplotlibrc")
    assert drawn_by_the_program(tmp_path, MPLBACKEND="junk", MATPLOTLIBRC="/dev/zero") == usual
