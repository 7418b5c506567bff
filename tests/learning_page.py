"""The chapter's page with demonstrations that report nothing, and with digits: its live figures, made at once."""

from pathlib import Path

from nn.stages.chapter.chapter import page_of
from nn.stages.chapter.page_digits import page_digits
from nn.stages.chapter.sections import SECTIONS
from nn.stages.chapter.shown import show
from nn.stages.chapter.without_hidden import WithoutHidden
from nn.stages.demos.shared.data import read_digits
from nn.stages.demos.shared.demo import Demo
from nn.stages.demos.shared.index import BY_NAME

EMPTY = Demo(idea="", tables=(), findings=(), values={}, try_next=())


def save_learning_page(path: Path, data: Path) -> Path:
    """Write the page to a file, and return its path."""
    shown = {name: show(BY_NAME[name], EMPTY, str) for section in SECTIONS for name in section.demos}
    digits = read_digits(data)
    measured = WithoutHidden(64, 30, (80.0, 90.0))
    path.write_text(page_of(shown, digits.name, measured, digits=page_digits(digits)), encoding="utf-8")
    return path
