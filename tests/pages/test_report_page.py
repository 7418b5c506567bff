"""The report in a real browser: filters, languages, sizes and print."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from nndigits.stages.evaluate import EvalReport, evaluate
from nndigits.stages.pages.report import report
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.train import train


@pytest.fixture(scope="module")
def made(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EvalReport]:
    """The report of a network on the small digits, and the figures of the same network."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(digits, folder / "data.npz")
    train(folder / "data.npz", folder / "weights.npz", Parameters(hidden=(12,), epochs=1))
    figures = evaluate(folder / "weights.npz", folder / "data.npz")
    report(folder, folder / "data.npz", folder / "report.html")
    return folder / "report.html", figures


def test_filters_show_the_images_that_they_name(made: tuple[Path, EvalReport], open_page: Any) -> None:
    path, figures = made
    page = open_page(path)
    visible = page.locator(".gallery figure:visible")
    assert visible.count() == figures.total - figures.correct
    label, answer = max(
        ((row, column) for row in range(10) for column in range(10) if row != column),
        key=lambda cell: figures.confusion[cell[0]][cell[1]],
    )
    count = figures.confusion[label][answer]
    page.locator(f'.matrix [data-label-index="{label}"][data-answer-index="{answer}"]').click()
    assert visible.count() == count > 0
    assert page.locator("#count").text_content() == f"{count} mistakes shown"
    page.locator("#confidence").fill("100")
    assert visible.count() == 0
    page.locator("#all").click()
    assert visible.count() == figures.total - figures.correct
    page.locator(f'.matrix [data-label-index="{label}"][data-answer-index="{label}"]').click()
    assert visible.count() == min(8, figures.confusion[label][label])


def test_counts_and_shares(made: tuple[Path, EvalReport], open_page: Any) -> None:
    path, figures = made
    page = open_page(path)
    cell = page.locator('.matrix [data-label-index="0"][data-answer-index="0"]')
    assert cell.inner_text() == f"{figures.confusion[0][0]:,}"
    page.get_by_text("% of the row").click()
    assert cell.inner_text() == f"{100 * figures.confusion[0][0] / sum(figures.confusion[0]):.1f}"


def test_the_language_is_the_browsers_and_can_be_switched(made: tuple[Path, EvalReport], open_page: Any) -> None:
    path, _ = made
    page = open_page(path, locale="zh-CN")
    assert page.locator("h2").first.text_content() == "学习曲线"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "训练代价" in page.locator(".figure").first.text_content()
    page.get_by_text("English").click()
    assert page.locator("h2").first.text_content() == "Learning curves"
    assert page.url.endswith("#lang=en")
    assert not any("{" in words for words in page.locator("[data-text]").all_text_contents())
    assert open_page(path, "#lang=zh").locator("h2").first.text_content() == "学习曲线"


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_page_is_never_wider_than_its_window(made: tuple[Path, EvalReport], open_page: Any, width: int) -> None:
    page = open_page(made[0], viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(made: tuple[Path, EvalReport], open_page: Any) -> None:
    page = open_page(made[0], color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".filters").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
