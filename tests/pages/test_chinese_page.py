"""The chapter's page in Chinese: no sentence that a reader sees or hears is in English."""

from pathlib import Path
from typing import Any

import pytest

ENGLISH = """
() => {
  const sentence = /([A-Za-z]{2,} ){2}[A-Za-z]{2,}/;
  const seen = (element) => element.checkVisibility() && !element.closest("code, pre, [lang=en], [translate=no]");
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    if (sentence.test(textContent) && !parentElement.closest("script, style") && seen(parentElement)) {
      found.push(textContent);
    }
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    for (const name of ["aria-label", "title", "placeholder"]) {
      if (sentence.test(element.getAttribute(name) || "")) found.push(`${name}: ${element.getAttribute(name)}`);
    }
  }
  return found;
}
"""
NAMES = ("Neural Networks and Deep Learning",)


@pytest.mark.parametrize("made", ["chapter_page", "live_page"])
def test_nothing_is_in_english(made: str, open_page: Any, request: pytest.FixtureRequest) -> None:
    page = open_page(request.getfixturevalue(made), "#lang=zh")
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    found = page.evaluate(ENGLISH)
    assert [text for text in found if not any(name in text for name in NAMES)] == []


def test_the_language_of_the_page_is_told_to_screen_readers(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page, "#lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("#glossary td[lang=en]").count() == page.locator("#glossary td[lang=zh-CN]").count() > 70
