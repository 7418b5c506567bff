"""The report in a real browser: filters, languages, sizes and print."""

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accessibility import in_every_view, violations

from nndigits.stages.evaluate import EvalReport, evaluate
from nndigits.stages.pages.report import report
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

pytestmark = pytest.mark.slow


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
    assert page.locator("#count").text_content() == f"{count} mistakes shown, the most confident first"
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
    assert "准确率" in page.locator("#chart-accuracy").text_content()
    page.get_by_text("English").click()
    assert page.locator("h2").first.text_content() == "Learning curves"
    assert page.url.endswith("#lang=en")
    assert not any("{" in words for words in page.locator("[data-text]").all_text_contents())
    assert open_page(path, "#lang=zh").locator("h2").first.text_content() == "学习曲线"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a network with a long name on 26 classes, among them a long name and one from right to left."""
    folder = tmp_path_factory.mktemp("crowded")
    names = [*"ABCDEFGHIJKLMNOPQRSTUVWX", "a name of several words, as people give", "\u05e9\u05dc\u05d5\u05dd 12"]
    labels = np.arange(52, dtype=np.uint8) % 26
    images = np.random.default_rng(0).integers(0, 256, (52, 8, 8), dtype=np.uint8)
    arrays = {f"{part}_images": images for part in ("train", "validation", "test")}
    arrays |= {f"{part}_labels": labels for part in ("train", "validation", "test")}
    dataset = {"name": "signs", "verified": False, "classes": 26, "names": names, "source": {}}
    described = artifacts.describe("dataset", parameters={"validation": 52}, dataset=dataset)
    artifacts.save(folder / "data.npz", described, arrays)
    for name, hidden in (("weights.npz", (40,) * 14), ("small.npz", (4,))):
        train(folder / "data.npz", folder / name, Parameters(hidden=hidden, epochs=1))
        evaluate(folder / name, folder / "data.npz")
    report(folder, folder / "data.npz", folder / "report.html")
    return folder / "report.html"


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_page_is_never_wider_than_its_window(
    made: tuple[Path, EvalReport], crowded: Path, open_page: Any, width: int
) -> None:
    for path in (made[0], crowded):
        page = open_page(path, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        recall = page.locator(".matrix tr").nth(1).locator("td").last.bounding_box()
        assert recall["x"] + recall["width"] <= width, "the recall stays beside the row that is scrolled"


def test_long_names_hide_no_number_and_names_from_right_to_left_stand_alone(crowded: Path, open_page: Any) -> None:
    page = open_page(crowded, viewport={"width": 1280, "height": 800})
    accuracy = page.locator("tr.best td").nth(3)
    assert accuracy.bounding_box()["x"] + accuracy.bounding_box()["width"] < 1150, "inside the column of the text"
    assert page.locator(".matrix th[scope=row] bdi").nth(25).text_content().endswith("12")
    wider = "figures => figures.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert page.locator(".gallery figure:visible").evaluate_all(wider) == 0


def test_it_prints(made: tuple[Path, EvalReport], open_page: Any) -> None:
    page = open_page(made[0], color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".filters").first.is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_charts_and_the_map_tell_their_numbers(made: tuple[Path, EvalReport], open_page: Any) -> None:
    page = open_page(made[0], viewport={"width": 1280, "height": 800})
    first = [page.locator(one).bounding_box() for one in (".verdict", "#chart-cost", ".matrix", ".gallery")]
    assert max(box["y"] + box["height"] for box in first) <= 800, "one screen"
    page.locator("#chart-cost svg").hover()
    assert re.match(r"Epoch 0: training [\d.]+, validation [\d.]+$", page.locator("#chart-cost .reading").inner_text())
    page.locator("#chart-map svg").scroll_into_view_if_needed()
    page.locator("#chart-map .cross").first.hover(force=True)
    assert "read as" in page.locator("#chart-map .reading").inner_text()
    assert page.locator("#chart-map img").get_attribute("src").startswith("data:image/png")


@in_every_view
def test_it_is_accessible(made: tuple[Path, EvalReport], view: dict[str, Any], open_page: Any) -> None:
    page = open_page(made[0], **view)
    assert violations(page) == []
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    assert violations(page) == []
