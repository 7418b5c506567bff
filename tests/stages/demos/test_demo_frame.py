"""What all demonstrations have in common: the list, help, pictures, two languages, and `nn demo all`."""

import inspect
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter
from typing import Any, get_origin

import numpy as np
import pytest
from support import demo_exit_code
from typer.testing import CliRunner

from nndigits.cli.commands import demo as command
from nndigits.cli.main import app
from nndigits.cli.terminal.layout import cell_width
from nndigits.cli.terminal.output import Output
from nndigits.stages.demos import reject_network
from nndigits.stages.demos.shared.demo import Given
from nndigits.stages.demos.shared.index import BY_NAME, DEMOS, load
from nndigits.stages.demos.shared.texts import Say, Text, cell_text, listed, table, weighted_sum
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError

SHORT: dict[str, dict[str, Any]] = {
    "nine": {"epochs": 1},
    "bits": {"epochs": 1, "seeds": 1},
    "cost": {"images": 100},
    "sgd": {"sizes": (1, 10), "draws": 3},
    "online": {"epochs": 1, "updates": 50, "sizes": (10, 100), "rates": (1.0, 3.0)},
    "learning-rate": {"epochs": 1},
    "deep": {"batches": 20, "hidden": 5},
}
"""Settings that make the training short; what is said is the same, with other numbers."""

QUICK = [name for name in BY_NAME if name not in SHORT and name not in ("segmentation", "hidden", "target")]
"""Those that neither train nor need data."""

OTHERWISE: list[tuple[str, dict[str, Any]]] = [
    ("perceptron", {"weights": (1.0, 1.0), "threshold": 1.0}),
    ("decision", {"thresholds": (3.0, 5.0, 9.0, 11.0)}),
    ("decision", {"weights": (-6.0, 2.0, 2.0)}),
    ("layers", {"inputs": (0, 0, 0, 0, 0)}),
    ("gates", {"weights": (1.0, -1.0), "bias": 0.0}),
    ("nand-adder", {"bits": 7, "numbers": (3, 4), "neurons": True}),
    ("universal", {"table": "0000"}),
    ("universal", {"table": "1110"}),
    ("universal", {"table": "01"}),
    ("universal", {"table": "0110100110010110" * 4}),
    ("perceptron-learning", {"table": "1001", "start": (1.0, 1.0, 1.0)}),
    ("scaling", {"factors": (0.01, 0.1), "inputs": (1.0, 0.5)}),
    ("small-change", {"weights": (100.0, 100.0), "inputs": (1.0, 1.0)}),
    ("small-change", {"direction": (1.0, -1.0, 0.0)}),
    ("architecture", {"sizes": (4096, 15, 1)}),
    ("architecture", {"sizes": (784, 30, 30, 10)}),
    ("architecture", {"sizes": (4, 3)}),
    ("calculus", {"inputs": (1.0,), "targets": (0.0,)}),
    ("calculus", {"inputs": (1.0,), "targets": (0.9,)}),
    ("gradient-descent", {"function": "two-valleys"}),
    ("gradient-descent", {"rates": (0.9, 1.0, 1.1)}),
    ("steepest", {"length": 1.0, "proof": True}),
    ("update", {"eta": 100.0}),
    ("online", {"epochs": 1, "updates": 10, "sizes": (10,), "rates": (), "seconds": 0.01}),
]
"""Demonstrations with other settings, which say something else."""

WORD = re.compile(r"[A-Za-z]{3,}")
SAME = {"AND", "NOT", "NAND", "XOR", "NOR", "XNOR", "min", "exp", "MNIST"}
"""Words that are the same in Chinese."""

IN_CHINESE = SAME | {"MLP", "RNN", "epoch", "sigmoid", "mini", "batch", "demo", "gates", "deep", "online", "seconds"}
IN_CHINESE |= {"train", "fetch", "artifacts", "data", "reader", "weights", "npz", "digits", "JSON"}
"""Names, commands, files, and terms that stand in brackets after the Chinese one."""


@pytest.fixture(scope="module", autouse=True)
def _short_training() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reject_network, "MOST_TRAIN", 300)
        patch.setattr(reject_network, "STRIPS", 20)
        yield


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["demo", *arguments])


def flags(name: str) -> list[str]:
    given = SHORT.get(name, {}).items()
    return [f"--{flag}={','.join(map(str, value)) if isinstance(value, tuple) else value}" for flag, value in given]


# The list, help and output


def test_the_list_has_a_line_for_each_in_the_order_of_the_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = run().stdout.splitlines()
    places = [next(number for number, line in enumerate(lines) if line.startswith(f"{entry.name} ")) for entry in DEMOS]
    assert places == sorted(places)
    for entry, place in zip(DEMOS, places, strict=True):
        assert entry.line in lines[place]
        assert entry.section in lines[place]
    assert [(one["name"], one["line"]) for one in json.loads(run("--json").stdout)] == [(e.name, e.line) for e in DEMOS]


def test_a_mistyped_name_suggests_the_near_one() -> None:
    result = run("percptron")
    assert result.exit_code == 2
    assert "Did you mean perceptron?" in result.output
    assert "lists them" in run("quux").output


@pytest.mark.parametrize("entry", DEMOS, ids=lambda entry: entry.name)
def test_every_demonstration_has_help_with_its_place_and_an_example(entry: Any) -> None:
    result = run(entry.name, "--help")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert f"nn demo {entry.example}" in said
    assert entry.section in said


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_NAME)
def test_it_says_and_draws_the_same_twice_in_100_columns(name: str, tmp_path: Path) -> None:
    text = run(name, *flags(name)).stdout
    assert text.startswith(f"{name}: ")
    assert max(map(len, text.splitlines())) <= 100
    once, again = (run(name, *flags(name), "--json", "--plot", str(tmp_path / f"{turn}.svg")) for turn in "ab")
    assert once.stdout == again.stdout
    values = json.loads(once.stdout)
    if "data" in values:
        assert values["data"] == {"name": "digits", "train": 1285, "test": 256, "image": [8, 8]}
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_examples_and_what_to_try_next_run(name: str) -> None:
    assert run(*BY_NAME[name].example.split()).exit_code == 0
    tried = load(name)().try_next
    assert tried
    for words in map(str.split, tried):
        if words[0] in QUICK:
            assert run(*words).exit_code == 0, words


def wrong_arguments(name: str) -> Iterator[dict[str, Any]]:
    """Yield for each parameter with limits numbers that it does not take."""
    for parameter in inspect.signature(load(name)).parameters.values():
        kind = getattr(parameter.annotation, "__origin__", None)
        given = getattr(parameter.annotation, "__metadata__", [None])[0]
        if given is not None and given.count:
            yield {parameter.name: (1,) * 99}
        if given is not None and given.least is not None:
            wrong = float("nan") if kind in (float, tuple[float, ...]) else given.least - 1
            several = get_origin(kind) is tuple
            yield {parameter.name: (wrong,) * max(1, given.count[0] if given.count else 1) if several else wrong}


@pytest.mark.parametrize("name", BY_NAME)
def test_wrong_numbers_are_refused_in_one_line_of_either_language(name: str) -> None:
    for arguments in wrong_arguments(name):
        with pytest.raises(UsageError) as error:
            load(name)(**arguments)
        assert error.value.parameter in arguments
        assert re.search("[\u4e00-\u9fff]", error.value.problem.zh)  # type: ignore[attr-defined]
        assert "\n" not in str(error.value)


def test_limits_include_their_ends_and_above_leaves_out_the_lower_one() -> None:
    Given(0, 1).check("x", (0.0, 1.0))
    Given(0, 1, above=True).check("x", (1e-9, 1.0))
    with pytest.raises(UsageError, match="expected a number above 0, at most 1"):
        Given(0, 1, above=True).check("x", 0.0)


@pytest.mark.parametrize(
    "line",
    [
        "universal --table=0120",
        "deep --without=chin",
        "gradient-descent --function=hill",
        "steepest --at=0,0",
        "small-change --direction=0,0,0",
        "layers --inputs=0,1,2,0,1",
        "update --targets=1",
        "perceptron --weights=x",
        "cost --layer=1",
        "sgd --draws=200 --sizes=1000",
        "online --updates=20000 --sizes=1000",
        "sgd --seed=x",
    ],
)
def test_a_wrong_flag_ends_with_2_and_prints_no_result(line: str) -> None:
    assert demo_exit_code(*line.split()) == 2
    assert run(*line.split()).stdout == ""


@pytest.mark.parametrize("name", ["nine --data", "segmentation --weights", "bits --weights", "target --weights"])
def test_a_file_that_is_not_there_is_refused(name: str) -> None:
    assert demo_exit_code(*name.split(), "nowhere.npz") == 3


# Two languages


def said(part: Any) -> Iterator[str]:
    """Yield what a demonstration says on a page, in its figure too."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in ("values", "try_next", "drawing", "style"):
                yield from said(getattr(part, field.name))
    elif isinstance(part, tuple | list):
        for one in part[:200]:
            yield from said(cell_text(one) if isinstance(one, bool) else one)


@pytest.mark.parametrize(
    ("name", "settings"), [*((name, SHORT.get(name, {})) for name in BY_NAME), *OTHERWISE], ids=str
)
def test_every_text_has_a_chinese_version(name: str, settings: dict[str, Any]) -> None:
    for text in (BY_NAME[name].line, *said(load(name)(**settings))):
        if set(WORD.findall(text)) - SAME:  # the others are numbers and formulas
            assert isinstance(text, Text), text
            assert not set(WORD.findall(text.zh)) - IN_CHINESE, f"a word that is not in IN_CHINESE: {text.zh}"


@pytest.mark.parametrize("name", ["shared", *BY_NAME])
def test_both_languages_have_the_same_places(name: str) -> None:
    def places(text: str) -> set[str]:
        return {place for _, place, _, _ in Formatter().parse(text) if place is not None}

    for key, versions in table(name).items():
        if key in ("place", "example"):
            continue
        assert list(versions) == ["en", "zh"], key
        assert places(versions["zh"]) <= places(versions["en"]), key


def test_a_text_is_put_together_in_both_languages() -> None:
    say = Say("decision")
    both = say("both", some=listed([say("has-weather"), say("has-partner")]), last=say("no-transport"))
    assert both == "good weather and a partner who comes and no public transport"
    assert both.zh == "天气好和同伴一起去，并且没有公共交通"
    assert [say("differ", one=1, other=n, count=n) for n in (2,)] == ["Thresholds 1 and 2 differ in 2 cases."]
    assert Say("online")("test-accuracy-in-during-epochs", epochs=1).startswith("Test accuracy in % during 1 epoch,")
    assert weighted_sum((6, -2, 1), ("x1", "x2", "x3"), -5) == "6 x1 - 2 x2 + x3 - 5"
    assert weighted_sum((-1, 0.5), ("x1", "x2")) == "-x1 + 0.5 x2"


def test_the_locale_chooses_chinese_and_a_flag_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    english = run("decision").stdout
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    chinese = run("decision")
    assert "书中：第 1 章，感知机。" in chinese.stdout
    assert "接着试试" in chinese.stderr
    assert max(map(cell_width, chinese.stdout.splitlines())) <= 100
    assert not set(WORD.findall(chinese.stdout)) - {"decision"}
    assert run("decision", "--lang", "en").stdout == english
    assert json.loads(run("decision", "--json").stdout) == json.loads(run("decision", "--json", "--lang", "en").stdout)
    assert run("--lang", "zh", "decision").exit_code != 0
    assert "感知机" in run().stdout


# Pictures


def test_drawings_have_plain_signs_where_lines_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", ascii_only)
    Output(as_json=False, quiet=False).line("┌─┐ ● x² σ ± 1 – ü")
    assert ascii_only.buffer.getvalue() == b"+-+ @ x^2 sigma +- 1 - ?\n"


# nn demo all


def test_all_writes_text_json_and_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "DEMOS", tuple(BY_NAME[name] for name in ("perceptron", "decision")))
    result = run("all", "--out", str(tmp_path / "demos"))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 3, "a line each, and how many files there are"
    written = {path.name for path in (tmp_path / "demos").iterdir()}
    files = {f"{name}.{ending}" for name in ("perceptron", "decision") for ending in ("txt", "json", "png")}
    assert written == files | {"index.html"}
    index = (tmp_path / "demos" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<a href="(\w+\.\w+)">', index)) == files
    assert len(re.findall('<article class="demo"', index)) == 2
    assert (tmp_path / "demos" / "decision.txt").read_text(encoding="utf-8") == run("decision").stdout
    assert (tmp_path / "demos" / "decision.json").read_text(encoding="utf-8") == run("decision", "--json").stdout


def test_all_leaves_out_what_the_digits_do_not_allow(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "DEMOS", tuple(BY_NAME[name] for name in ("perceptron", "target")))
    whole = artifacts.load(digits, "dataset")
    keep = {name: whole.arrays[f"{name}_labels"] != 6 for name in ("train", "validation", "test")}
    arrays = {name: array[keep[name.partition("_")[0]]] for name, array in whole.arrays.items()}
    (tmp_path / "artifacts").mkdir()
    artifacts.save(
        tmp_path / "artifacts" / "data.npz", whole.meta, {k: np.ascontiguousarray(a) for k, a in arrays.items()}
    )
    result = run("all", "--out", str(tmp_path / "demos"))
    assert result.exit_code == 0
    assert "Left out: target: digit 6: there is no test image of this digit" in result.stderr
    assert not list((tmp_path / "demos").glob("target*"))
    (tmp_path / "artifacts" / "weights.npz").write_bytes(b"PK")
    assert isinstance(run("all", "--out", str(tmp_path / "others")).exception, InputError)
    assert not list((tmp_path / "others").iterdir())
