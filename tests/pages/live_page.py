"""The chapter's page with demonstrations that report nothing: its live figures, made at once."""

from pathlib import Path

from nn.stages.chapter.chapter import page_of
from nn.stages.chapter.sections import SECTIONS
from nn.stages.chapter.shown import show
from nn.stages.demos.shared.demo import Demo
from nn.stages.demos.shared.index import BY_NAME

EMPTY = Demo(idea="", tables=(), findings=(), values={}, try_next=())


def save_live_page(path: Path) -> Path:
    """Write the page to a file, and return its path."""
    shown = {name: show(BY_NAME[name], EMPTY, str) for section in SECTIONS for name in section.demos}
    path.write_text(page_of(shown, "no digits"), encoding="utf-8")
    return path
