"""Pass each hostile file to a command that reads it: exit 3, one line with the reason, little memory and time.

Nothing is written. Pictures that are merely costly may be read, but within the same memory, and in two seconds. The
tests of `make test` refuse the small cases in their own process, so the gate passes on every fourth of those.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from small import SMALL

from nndigits.stages.store import artifacts
from torture.files import containers, contents
from torture.files.costly import FETCH, TRAININGS, Costly, costly_cases, good_files, large_data
from torture.files.data_sets import archive_cases, data_set_cases, drawing_cases, folders, small_set
from torture.files.forge import Case
from torture.files.networks import IMAGE, LAYERS, book_cases, safetensors_cases
from torture.files.pictures import COSTLY, TEXTURES, picture_cases
from torture.harness.folders import files_in
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import map_in_threads, nn

SECTION = "A"
MEGABYTES, SECONDS = 32, 1.0
"""Limits for a refusal: memory beyond the file's size and what `nn show` of a valid file needs, and CPU time."""

PICTURE_MEGABYTES, PICTURE_SECONDS = 180, 8.0
"""Limits for a picture: memory in all."""

GATE = 4
"""In the gate, every n-th of the cases that `make test` refuses, too, and all that are heavy."""

COMMANDS = (
    ("show", "{}"),
    ("train", "--data", "{}", "-o", "w.npz"),
    ("eval", "{}", "--data", "good-dataset.npz", "-o", "e.json"),
    ("eval", "good-weights.npz", "--data", "{}", "-o", "e.json"),
    ("baseline", "darkness", "--data", "{}", "-o", "d.npz"),
)
"""Commands that read an artifact."""

IMPORT = ("import", "{}", "-o", "new.npz")


def results(size: Size) -> Iterator[Result]:
    """Three results for each kind of file: how it is refused, the memory and the time."""
    everything = [*enumerate(containers.cases()), *((0, case) for case in contents.cases())]
    hostile = [of_bytes(case, *COMMANDS[number % len(COMMANDS)]) for number, case in sampled(everything, size)]
    yield from refused("artifacts", hostile, parts=("nn: hostile.npz: ", "`nn "))
    yield from refused("costly files", list(costly_cases()))
    train = ("train", "--data", "{}", "-o", "w.npz")
    trainings = [Costly(" ".join(flags)[:40], "", _large, ((*train, *flags),)) for flags in TRAININGS]
    yield from refused("costly trainings", trainings, code=2, parts=("nn: --",))
    sets = [case for _, case in sampled(list(enumerate(data_set_cases())), size)]
    yield from refused("data sets", list(map(data_set, sets)))
    yield from refused("archives", list(map(archive, archive_cases())))
    own = [Costly(*one, (("fetch", "--images", "{}", "-o", "new.npz"),), "own") for one in folders()]
    yield from refused("folders of pictures", own, PICTURE_MEGABYTES, in_all=True)
    drawings = [of_bytes(case, *FETCH, file="hostile.json") for case in drawing_cases()]
    yield from refused("drawings", drawings, 64)
    yield from refused("safetensors files", list(map(safetensors, safetensors_cases())))
    books = [of_bytes(case, *IMPORT, file="hostile.json") for case in book_cases()]
    yield from refused("networks of the book", books, 64)
    predict = ("predict", "{}", "--weights", "good-weights.npz")
    pictures = [of_bytes(case, *predict) for _, case in sampled(list(enumerate(picture_cases())), size)]
    yield from refused("pictures", pictures, PICTURE_MEGABYTES, in_all=True)
    yield from costly_pictures()


def sampled(cases: list[tuple[int, Case]], size: Size) -> list[tuple[int, Case]]:
    """Return all cases, or in the gate some of those that `make test` refuses, too."""
    return [one for at, one in enumerate(cases) if size == "long" or one[1].heavy or at % GATE == 0]


def of_bytes(case: Case, *command: str, file: str = "hostile.npz") -> Costly:
    """Return the file of a case with the command that must refuse it."""
    return Costly(case.name, case.reason, lambda path: path.write_bytes(case.make()), (command,), file)


def data_set(case: Case) -> Costly:
    """Return an archive of NumPy, or a data set in which one file is the case."""
    if case.name.startswith("keras"):
        return of_bytes(case, *FETCH)

    def write(folder: Path) -> None:
        folder.mkdir()
        for name, blob in {**small_set(), "train-images-idx3-ubyte": case.make()}.items():
            (folder / name).write_bytes(blob)

    return Costly(case.name, case.reason, write, (FETCH,), "set")


def archive(case: Case) -> Costly:
    """Return an archive of EMNIST's form, or of NumPy."""
    is_emnist = not case.name.startswith("keras")
    return of_bytes(case, *FETCH, "--dataset", "emnist-digits", file="hostile.zip") if is_emnist else data_set(case)


def safetensors(case: Case) -> Costly:
    """Return a file of tensors."""
    own = () if "nn's" in case.name else ("--layers", LAYERS, "--image", IMAGE)
    return of_bytes(case, *IMPORT, *own, file="hostile.safetensors")


def _large(path: Path) -> None:
    artifacts.save(path, *large_data((4, 512, 512)))


def refused(
    what: str,
    files: list[Costly],
    megabytes: float = MEGABYTES,
    *,
    in_all: bool = False,
    code: int = 3,
    parts: tuple[str, ...] = ("nn: ",),
) -> Iterator[Result]:
    """Run the commands of each file: one result for the refusals, one for memory and one for time."""

    def refuse(attempt: tuple[Costly, Sequence[str]]) -> tuple[str, float, float]:
        one, command = attempt
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            good_files(folder)
            one.write(folder / one.file)
            before = files_in(folder)
            on_disk = sum(
                min(path.stat().st_size, 512 * path.stat().st_blocks) for path in folder.rglob("*") if path.is_file()
            )
            run = nn(*(part.format(one.file) for part in command), folder=folder)
            is_explained = run.code == code and run.is_one_line(*parts) and re.search(one.reason, run.err)
            is_good = is_explained and files_in(folder) == before
            wrong = "" if is_good else f"{one.name} ({command[0]}): {run.code}, {run.err[:200]!r}"
            return wrong, (run.peak - (0 if in_all else on_disk)) / 1e6 - usual, run.cpu_seconds

    usual = 0.0 if in_all else valid_file_megabytes()
    found = map_in_threads(refuse, [(one, command) for one in files for command in one.commands])
    attack = f"exit {code}, one line, nothing written"
    where = "in all" if in_all else "above the file"
    yield from measured(f"hostile {what}", attack, found, where, megabytes, SECONDS)


def measured(
    what: str, attack: str, found: list[tuple[str, float, float]], where: str, megabytes: float, seconds: float
) -> Iterator[Result]:
    """Yield three results of what is wrong, the megabytes and the CPU seconds of each run."""
    wrong = [one[0] for one in found if one[0]]
    yield all_of(SECTION, f"{what}: {attack}", len(found) - len(wrong), len(found), wrong)
    yield at_most(SECTION, f"{what}: memory {where}", max(one[1] for one in found), "MB", megabytes)
    yield at_most(SECTION, f"{what}: CPU", max(one[2] for one in found), "s", seconds)


def valid_file_megabytes() -> float:
    """Return the peak memory of `nn show` of a valid file."""
    with tempfile.TemporaryDirectory() as folder:
        artifacts.save(Path(folder) / "good.npz", *SMALL["dataset"]())
        return nn("show", "good.npz", folder=Path(folder)).peak / 1e6


def costly_pictures() -> Iterator[Result]:
    """Read each costly picture, textures with both commands: three results."""
    every: dict[str, Callable[[], bytes]] = {**COSTLY, **TEXTURES}

    def read(name: str) -> tuple[str, float, float]:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            good_files(folder)
            commands = ("predict",) if name in COSTLY else ("predict", "read")
            (folder / "costly").write_bytes(every[name]())
            runs = [nn(command, "costly", "--weights", "good-weights.npz", folder=folder) for command in commands]
        is_good = all(run.code == 0 or (run.code == 3 and run.is_one_line("nn: costly")) for run in runs)
        wrong = "" if is_good else f"{name}: {[run.code for run in runs]}, {runs[0].err[:200]!r}"
        return wrong, max(run.peak for run in runs) / 1e6, max(run.cpu_seconds for run in runs)

    found = map_in_threads(read, every)
    attack = "read, or exit 3 and one line"
    yield from measured("costly pictures", attack, found, "in all", PICTURE_MEGABYTES, PICTURE_SECONDS)
