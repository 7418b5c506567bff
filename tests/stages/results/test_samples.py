"""`nn show --distort` and `--plot`: images of a data set as a person looks at them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.results.show import show
from nndigits.stages.results.show_figures import VERSIONS
from nndigits.stages.store.errors import NNError

WIDTH = 8 + 2
"""Columns in a terminal of a digit and the gap behind it."""


def run(*arguments):
    done = CliRunner().invoke(app, ["show", *map(str, arguments)])
    code = done.exception.exit_code if isinstance(done.exception, NNError) else done.exit_code
    return code, done.stdout, str(done.exception)


def test_each_image_stands_before_its_distorted_versions(digits: Path) -> None:
    code, text, _ = run(digits, "--distort", "rotate 20, translate 1", "--index", 3, "--index", 5)
    assert code == 0
    drawn = text.split("Distortion: rotate 20, translate 1 (seed 0)")[1].split("test #")[1:]
    _, plain, _ = run(digits, "--index", 3)
    alone = plain.split("test #")[1].splitlines()[1:5]
    for number, block in zip((3, 5), drawn, strict=True):
        caption, *lines = block.splitlines()
        assert caption.startswith(f"{number}: ")
        lines = [line.ljust(WIDTH * 20) for line in lines[:4]]
        # the caption of the first is wider than the picture; the versions stand behind it
        starts = range(13, 13 + WIDTH * VERSIONS, WIDTH)
        versions = ["\n".join(line[start : start + 8] for line in lines) for start in starts]
        assert len(set(versions)) == VERSIONS
        if number == 3:
            assert [line[:8].rstrip() for line in lines] == alone


@pytest.mark.parametrize("order", [("--distort", "FILE"), ("FILE", "--distort"), ("FILE", "--distort", "--seed", "0")])
def test_distort_alone_takes_one_that_fits_the_size(digits: Path, order) -> None:
    arguments = [digits if argument == "FILE" else argument for argument in order]
    code, text, _ = run(*arguments, "--json")
    assert code == 0
    report = json.loads(text)
    assert report["distortion"] == "rotate 10, scale 0.1, shear 0.15, translate 0.43, elastic 1.96, sigma 1.14"
    assert report["seed"] == 0
    assert len(report["digits"]) == 8


def test_mnists_usual_distortion_is_the_one_of_the_help(mnist: Path) -> None:
    usual = show(mnist, distort="usual").distortion
    assert usual == "rotate 10, scale 0.1, shear 0.15, translate 1.5, elastic 24"
    assert usual in " ".join(CliRunner().invoke(app, ["show", "--help"]).output.split())


def test_seed_decides_the_versions(digits: Path) -> None:
    first, again, other = (show(digits, distort="usual", seed=seed).digits for seed in (1, 1, 2))
    assert first == again
    assert [one.picture for one in first] == [one.picture for one in other]
    assert all(one.distorted != two.distorted for one, two in zip(first, other, strict=True))
    (still,) = show(digits, distort="none", indices=(4,)).digits
    assert set(still.distorted) == {still.picture}


@pytest.mark.parametrize("name", ["digits.png", "digits.svg"])
def test_plot_draws_the_same_picture_again(digits: Path, tmp_path: Path, name: str) -> None:
    for folder in ("a", "b"):
        assert run(digits, "--distort", "--plot", tmp_path / folder / name)[0] == 0
    drawn = (tmp_path / "a" / name).read_bytes()
    assert drawn == (tmp_path / "b" / name).read_bytes()
    assert run(digits, "--plot", tmp_path / name)[0] == 0
    assert drawn != (tmp_path / name).read_bytes()


def test_the_figure_has_a_row_for_each_image(digits: Path) -> None:
    (panel,) = show(digits, distort="usual", indices=(0, 1, 2)).figure.panels
    assert (len(panel.image), len(panel.image[0])) == (3 * 9 - 1, (1 + VERSIONS) * 9 - 1)
    (plain,) = show(digits, indices=(0, 1, 2)).figure.panels
    assert (len(plain.image), len(plain.image[0])) == (8, 3 * 9 - 1)
