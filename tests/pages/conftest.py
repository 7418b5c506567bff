"""A real browser for the tests of pages, and a page in it that must make no request and no error."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nndigits.stages.chapter import chapter
from nndigits.stages.chapter.page_digits import page_digits
from nndigits.stages.chapter.sections import SECTIONS
from nndigits.stages.chapter.shown import show
from nndigits.stages.chapter.without_hidden import WithoutHidden
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.index import BY_NAME

NAMES = ("chromium", "chromium-headless-shell", "google-chrome")
WHERE = "set NN_BROWSER, or `apt install chromium-headless-shell`, or `playwright install chromium-headless-shell`"

Open = Callable[..., Any]
QUICK = ("perceptron", "gates", "nand-adder", "sigmoid", "scaling", "steepest", "update", "feedforward")
"""Demonstrations that need no training."""

MEASURED = WithoutHidden(64, 30, (64.0, 86.0, 90.0))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium, once for each process of tests. Without one the tests are skipped, except in CI."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("NN_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    with playwright.sync_playwright() as started:
        if path is None and not Path(started.chromium.executable_path).exists():
            if os.environ.get("CI"):
                pytest.fail(f"there is no browser in CI: {WHERE}")
            pytest.skip(f"there is no browser: {WHERE}")
        running = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Open a page's file; at the end, it must have made no request and no error."""
    problems: list[str] = []
    contexts = []

    def opened(path: Path, fragment: str = "", **context: Any) -> Any:
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if _outside(request.url, path) else None)
        page.goto(path.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture(scope="session")
def chapter_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the chapter, with the demonstrations that are quick."""
    folder = tmp_path_factory.mktemp("chapter")
    shown = chapter.run(QUICK, DATA)
    for name, with_solutions in (("chapter", True), ("class", False)):
        page = chapter.page_of(shown, "digits", MEASURED, with_solutions=with_solutions)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder / "chapter.html"


@pytest.fixture(scope="session")
def live_page(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Path:
    """The page of the chapter with all live figures: its demonstrations report nothing, so it is made at once."""
    empty = Demo(idea="", tables=(), findings=(), values={}, try_next=())
    shown = {name: show(BY_NAME[name], empty, str) for section in SECTIONS for name in section.demos}
    path = tmp_path_factory.mktemp("live") / "chapter.html"
    page = chapter.page_of(shown, "digits", MEASURED, digits=page_digits(read_digits(digits)))
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def page(live_page: Path, open_page: Open) -> Any:
    """The chapter with all live figures, open in English."""
    return open_page(live_page, "#lang=en")


def _outside(address: str, path: Path) -> bool:
    return not address.startswith(("data:", "blob:")) and address.split("#")[0] != path.as_uri()
