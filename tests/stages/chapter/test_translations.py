"""Every text of every demonstration on the chapter's page has a Chinese version: a changed sentence fails here."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from nndigits.stages.chapter import shown
from nndigits.stages.chapter.chapter import chapter, run
from nndigits.stages.chapter.translations import translate
from nndigits.stages.datasets import data_artifact
from nndigits.stages.demos.digits import reject_network
from nndigits.stages.demos.shared import data
from nndigits.stages.demos.shared.demo import sentence
from nndigits.stages.demos.shared.index import BY_NAME, load

WORD = re.compile(r"[A-Za-z]{3,}")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]\d+)?")
SAME = {"AND", "NOT", "NAND", "XOR", "NOR", "XNOR", "min", "exp", "mnist"}
"""Words that are the same in Chinese."""

IN_CHINESE = SAME | {"MNIST", "MLP", "RNN", "epoch", "sigmoid", "mini", "batch", "scikit", "learn", "digits"}
IN_CHINESE |= {"demo", "gates", "deep", "online", "seconds", "fetch", "train", "data", "reader", "weights", "npz"}
"""Names, commands, files, and terms that stand in brackets after the Chinese one."""

Texts = dict[str, set[str]]


@contextmanager
def noted() -> Iterator[Texts]:
    """Collect what each demonstration says on a page, after short training: it says the same, with other numbers."""
    texts: Texts = {name: set() for name in BY_NAME}

    def note(name: str, english: str) -> str | None:
        texts[name].add(english)
        return translate(name, english)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown, "translate", note)
        patch.setattr(data, "MOST_TRAIN", 10_000)
        patch.setattr(data_artifact, "load", cache(data_artifact.load))
        patch.setattr(reject_network, "MOST_TRAIN", 1_000)
        patch.setattr(reject_network, "STRIPS", 60)
        yield texts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """What the whole page of the small digits says."""
    folder = tmp_path_factory.mktemp("whole")
    with noted() as texts, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        report = chapter(folder / "chapter.html")
    assert (report.dataset, report.demonstrations, report.passed_over) == ("digits", len(BY_NAME), [])
    return texts


@pytest.mark.parametrize("name", BY_NAME)
def test_every_text_has_a_chinese_version(name: str, whole: Texts) -> None:
    check(whole[name], name)


@pytest.mark.slow
def test_every_text_about_digits_has_a_chinese_version_on_mnist(mnist: Path) -> None:
    """The other demonstrations say the same whatever the digits are."""
    names = [name for name in BY_NAME if "data" in inspect.signature(load(name)).parameters]
    with noted() as texts:
        run(names, mnist)
    for name in names:
        check(texts[name], name)


def check(texts: set[str], name: str) -> None:
    assert texts
    for english in texts:
        if not set(WORD.findall(english)) - SAME:
            continue  # numbers and formulas
        chinese = translate(name, english)
        assert chinese, f"stages/chapter/chinese has no version of: {english}"
        assert not set(WORD.findall(chinese)) - IN_CHINESE, chinese
        assert not Counter(NUMBER.findall(english)) - Counter(NUMBER.findall(chinese)), (english, chinese)


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("deep", "Without nose: the network detects left eye and hair.", "缺少鼻子时：网络检测到左眼和头发。"),
        (
            "deep",
            "Without nose: the network detects hair. Its output is: no face.",
            "缺少鼻子时：网络检测到头发。输出：没有人脸。",
        ),
        ("decision", "At threshold 1 you always go.", "阈值为 1 时，无论如何都去。"),
        ("gates", "It cannot compute XOR or XNOR.", "它实现不了 XOR 或 XNOR。"),
        ("gates", "This sentence is new.", None),
        ("nine", "784-30-1", None),
    ],
)
def test_lists_and_sentences_are_put_together(name: str, english: str, chinese: str | None) -> None:
    assert translate(name, english) == chinese


OTHERWISE = (
    ("perceptron", {"weights": (1.0, 1.0), "threshold": 1.0}),
    ("decision", {"thresholds": (3.0, 5.0, 9.0, 11.0)}),
    ("decision", {"weights": (-6.0, 2.0, 2.0)}),
    ("layers", {"inputs": (0, 0, 0, 0, 0)}),
    ("gates", {"weights": (1.0, -1.0), "bias": 0.0}),
    ("universal", {"table": "0000"}),
    ("universal", {"table": "1110"}),
    ("universal", {"table": "01"}),
    ("perceptron-learning", {"table": "1001", "start": (1.0, 1.0, 1.0)}),
    ("architecture", {"sizes": (4096, 15, 1)}),
    ("architecture", {"sizes": (784, 30, 30, 10)}),
    ("architecture", {"sizes": (4, 3)}),
    ("calculus", {"inputs": (1.0,), "targets": (0.0,)}),
    ("calculus", {"inputs": (1.0,), "targets": (0.9,)}),
    ("gradient-descent", {"function": "two-valleys"}),
    ("gradient-descent", {"rates": (0.9, 1.0, 1.1)}),
    ("steepest", {"length": 1.0}),
    ("update", {"eta": 100.0}),
)
"""Demonstrations with other settings, which say something else; none of them trains."""


@pytest.mark.parametrize(("name", "settings"), OTHERWISE, ids=str)
def test_what_it_says_at_other_settings_has_a_chinese_version(name: str, settings: dict[str, object]) -> None:
    demo = load(name)(**settings)
    check({sentence(text) for text in (demo.idea, *demo.findings, *(table.title for table in demo.tables))}, name)
