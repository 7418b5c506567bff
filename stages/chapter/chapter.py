"""The stage `chapter`: the whole chapter as one page, made of its demonstrations."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nndigits.stages.chapter.exercises import EXERCISES
from nndigits.stages.chapter.page_digits import page_digits
from nndigits.stages.chapter.prose import prose, table
from nndigits.stages.chapter.sections import BOOK, PROGRAM_WORKER, ROOMS, SECTIONS, SOLUTIONS, STILL, WORKER, complete
from nndigits.stages.chapter.shown import Shown, show
from nndigits.stages.chapter.without_hidden import WithoutHidden, train_without_hidden
from nndigits.stages.demos.shared.data import DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, quietly
from nndigits.stages.demos.shared.index import BY_NAME, load
from nndigits.stages.figures.page import assemble, check_ending, naming
from nndigits.stages.figures.page_texts import both
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError, UsageError

NETWORKS = ("weights.npz", "reader.npz")
"""Networks in the folder of results, which demonstrations use if they are there."""


@dataclass(frozen=True)
class ChapterReport:
    """The page that was written."""

    out: Path
    dataset: str
    demonstrations: int
    passed_over: list[str]
    bytes: int


def chapter(
    out: Path, *, data: Path = DATA, with_solutions: bool = True, progress: Progress = quietly
) -> ChapterReport:
    """Write the chapter as a page, complete in one file. Equal data gives equal bytes.

    Parameters
    ----------
    data
        The data artifact of the demonstrations. If it is the default and does not exist, they take MNIST.
    with_solutions
        Whether the solutions of the exercises are in the page, and the results of demonstrations that solve one.

    Raises
    ------
    UsageError
        ``out`` does not end in .html, or is the file of the data.
    InputError
        The data is unusable.
    """
    check_ending(out)
    artifacts.check_output(out, "page", data, example="chapter.html")
    digits = checked_digits(data)
    names = [name for section in complete(SECTIONS, BY_NAME) for name in section.demos]
    passed_over: list[str] = []
    shown = run(names, data, progress, passed_over)
    measured = train_without_hidden(digits)
    page = page_of(shown, digits.name, measured, digits=page_digits(digits), with_solutions=with_solutions)
    content = naming(page, {"data": files.sha256(data, hint="Fetch again")} if data.exists() else {})
    files.write(out, [content])
    return ChapterReport(out, digits.name, len(shown), passed_over, len(content))


def checked_digits(data: Path) -> Digits:
    """Read the digits; raise InputError if they, or a network of the folder, are damaged.

    Otherwise the demonstrations that use it would only be left out.
    """
    for path in (artifacts_folder() / name for name in NETWORKS):
        if path.exists():
            artifacts.load(path, "weights")
    return read_digits(data)


def run(
    names: Sequence[str], data: Path, progress: Progress = quietly, passed_over: list[str] | None = None
) -> dict[str, Shown]:
    """Run demonstrations with their defaults, and return them by name as the page shows them.

    Those that cannot run with these digits, such as one of a 6 where there is no 6, are added to ``passed_over`` with
    the reason. Without such a list, the error is raised.
    """
    shown = {}
    for number, name in enumerate(names):
        progress(f"Running {name}", number, len(names))
        demonstrate = load(name)
        given = {"data": data} if "data" in inspect.signature(demonstrate).parameters else {}
        try:
            shown[name] = as_shown(name, demonstrate(**given), data)
        except (InputError, UsageError) as error:
            if passed_over is None:
                raise
            passed_over.append(f"{name}: {error}")
    return shown


def as_shown(name: str, demo: Demo, data: Path) -> Shown:
    """Return the report of a demonstration as the page shows it; ``data`` is where its digits come from."""
    return show(BY_NAME[name], demo, lambda text: _without_folders(text, data))


def page_of(
    shown: Mapping[str, Shown],
    dataset: str,
    measured: WithoutHidden,
    *,
    digits: Mapping[str, Any] | None = None,
    with_solutions: bool = True,
    links: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Return the page with these demonstrations of a data set; others are left out.

    So are the figures that learn from digits, if there are none (``page_digits``). ``links`` are the names of files
    beside the page, with the results of each demonstration.
    """
    if not with_solutions:
        shown = {name: one.without_solution() for name, one in shown.items()}
    sections = complete(SECTIONS, shown)
    figures = {name: figure for section in sections for name, figure in section.demos.items()}
    stills = {name: one.panels for name, one in shown.items() if figures[name] == STILL and one.panels}
    return assemble(
        "chapter",
        {"withoutHidden": asdict(measured), "digits": digits, "stills": stills},
        rooms=ROOMS,
        tables=(SOLUTIONS,) if with_solutions else (),
        workers=(PROGRAM_WORKER, WORKER) if digits else (PROGRAM_WORKER,),
        sections=sections,
        exercises={section.key: EXERCISES.get(section.key, ()) for section in SECTIONS},
        measured={"inputs": measured.inputs, "epochs": measured.epochs},
        corrections=table("corrections") if with_solutions else [],
        glossary=table("glossary"),
        prose=prose,
        book=BOOK,
        stills=stills,
        places={name: f"{section.key}.{name}" for section in sections for name in section.demos},
        both=both,
        shown=shown,
        dataset=dataset,
        digits=digits,
        with_solutions=with_solutions,
        links=links,
    )


def _without_folders(text: str, data: Path) -> str:
    """Return a text in which files are named without their folders, which differ from machine to machine."""
    text = text.replace(str(data), data.name).replace(data.as_posix(), data.name)
    return text.replace(f"{artifacts_folder().as_posix()}/", "")
