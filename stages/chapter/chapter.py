"""The stage `chapter`: the whole chapter as one page, made of its demonstrations."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nn.stages.chapter.page_digits import page_digits
from nn.stages.chapter.sections import ROOMS, SECTIONS, WORKERS
from nn.stages.chapter.shown import Shown, show
from nn.stages.demos.shared.data import DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Progress, quietly
from nn.stages.demos.shared.index import BY_NAME, load
from nn.stages.demos.shared.trained import WEIGHTS
from nn.stages.html.page import assemble
from nn.stages.store import files
from nn.stages.store.environment import artifacts_folder
from nn.stages.store.errors import UsageError


@dataclass(frozen=True)
class ChapterReport:
    """The page that was written."""

    out: Path
    dataset: str
    demonstrations: int
    bytes: int


def chapter(
    out: Path, *, data: Path = DATA, with_solutions: bool = True, progress: Progress = quietly
) -> ChapterReport:
    """Write the chapter as a page, complete in one file. Equal data gives equal bytes.

    Parameters
    ----------
    data
        The data artifact of the demonstrations. If it is the default and does not exist, they take the small digits.
    with_solutions
        Whether the solutions of the exercises are in the page.

    Raises
    ------
    UsageError
        ``out`` does not end in .html, or is the file of the data.
    InputError
        The data is unusable.
    """
    if out.suffix != ".html":
        raise UsageError("expected a file ending in .html", "out", out)
    files.check_output(out, data, example="chapter.html")
    digits = read_digits(data)
    shown = run_all(data, progress)
    page = page_of(shown, digits, with_solutions=with_solutions).encode()
    files.write(out, [page])
    return ChapterReport(out, digits.name, len(shown), len(page))


def run_all(data: Path, progress: Progress = quietly) -> dict[str, Shown]:
    """Run the demonstrations of all sections with their defaults, and return them by name as the page shows them."""
    names = [name for section in SECTIONS for name in section.demos]
    shown = {}
    for number, name in enumerate(names):
        progress(name, number, len(names))
        run = load(name)
        given = {"data": data} if "data" in inspect.signature(run).parameters else {}
        shown[name] = show(BY_NAME[name], run(**given), lambda text: _without_folders(text, data))
    return shown


def page_of(shown: Mapping[str, Shown], digits: Digits, *, with_solutions: bool = True) -> str:
    """Return the page with these demonstrations, and with digits to learn; other demonstrations are left out."""
    data = page_digits(digits)
    return assemble(
        "chapter",
        {"digits": data},
        rooms=ROOMS,
        workers=WORKERS,
        sections=SECTIONS,
        shown=shown,
        dataset=digits.name,
        digits=data,
        with_solutions=with_solutions,
    )


def _without_folders(text: str, data: Path) -> str:
    """Return a text in which files are named without their folders, which differ from machine to machine."""
    for path in (data, WEIGHTS):
        text = text.replace(str(path), path.name).replace(path.as_posix(), path.name)
    return text.replace(f"{artifacts_folder().as_posix()}/", "")
