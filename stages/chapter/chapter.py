"""The stage `chapter`: the whole chapter as one page, made of its demonstrations."""

from dataclasses import dataclass
from pathlib import Path

from nn.stages.chapter.sections import ROOMS, SECTIONS
from nn.stages.demos.shared.demo import Progress, quietly
from nn.stages.demos.shared.index import BY_NAME, MODULES, load
from nn.stages.html.page import assemble, trusted
from nn.stages.store import files
from nn.stages.store.errors import UsageError


@dataclass(frozen=True)
class ChapterReport:
    """The page that was written."""

    out: Path
    demonstrations: int
    bytes: int


def chapter(out: Path, *, progress: Progress = quietly) -> ChapterReport:
    """Write the chapter as a page, complete in one file. Equal data gives equal bytes.

    Raises
    ------
    UsageError
        ``out`` does not end in .html.
    """
    from nn.stages.figures.plot import svg

    if out.suffix != ".html":
        raise UsageError("expected a file ending in .html", "out", out)
    files.check_output(out, example="chapter.html")
    names = [name for section in SECTIONS for name in section.demos]
    shown = {}
    for number, name in enumerate(names):
        progress(name, number, len(names))
        demo = load(name)()
        shown[name] = {
            "entry": BY_NAME[name],
            "demo": demo,
            "figure": None if demo.figure is None else trusted(svg(demo.figure)),
            "source": MODULES[name].removeprefix("nn.").replace(".", "/") + ".py",
        }
    page = assemble("chapter", {}, rooms=ROOMS, sections=SECTIONS, shown=shown).encode()
    files.write(out, [page])
    return ChapterReport(out, len(names), len(page))
