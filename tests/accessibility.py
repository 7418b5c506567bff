"""Axe-core, the checker of accessibility, run in a page of a real browser. `make check-pages` installs it from npm."""

import os
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[1] / ".page-tools" / "node_modules" / "axe-core" / "axe.min.js"

in_every_view = pytest.mark.parametrize(
    "view",
    [
        pytest.param({"locale": locale, "color_scheme": scheme, "viewport": size}, id=f"{locale}-{size['width']}")
        for locale, scheme, size in (
            ("en", "light", {"width": 1280, "height": 800}),
            ("en", "dark", {"width": 375, "height": 700}),
            ("zh-CN", "dark", {"width": 1280, "height": 800}),
            ("zh-CN", "light", {"width": 375, "height": 700}),
        )
    ],
)
"""Run a test in both languages and at both widths, light and dark: ``open_page(path, **view)``."""

FIND = """
async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}
"""


def violations(page: Any) -> list[str]:
    """Return what axe-core finds in the present state of a page: the rule that is broken, and the element."""
    if not AXE.exists():
        if os.environ.get("CI"):
            pytest.fail("axe-core is not installed in CI: `make check-pages`")
        pytest.skip("axe-core is not installed: `make check-pages`")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(FIND)
    return found
