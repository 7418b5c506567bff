"""Pass each hostile file to a command that reads it: exit 3, one line with the reason, little memory and time.

Nothing is written. Pictures that are merely costly may be read, but within the same memory, and in two seconds. The
tests of `make test` refuse the small cases in their own process, so the gate passes on every fourth of those.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from small import SMALL

from nndigits.stages.store import artifacts
from torture.files import containers, contents
from torture.files.costly import TRAININGS, costly_cases, good_files, large_data
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

Put = Callable[[Path], Sequence[str]]
"""Writes a hostile file to a folder, and returns the command that must refuse it."""


@dataclass(frozen=True)
class Attempt:
    """A hostile file: its name, the reason of the refusal, and what writes it."""

    name: str
    reason: str
    put: Put


def results(size: Size) -> Iterator[Result]:
    """Three results for each kind of file: how it is refused, the memory and the time."""
    everything = [*enumerate(containers.cases()), *((0, case) for case in contents.cases())]
    hostile = [
        attempt(partial(artifact, COMMANDS[number % len(COMMANDS)]), case) for number, case in sampled(everything, size)
    ]
    yield from refused("artifacts", hostile, parts=("nn: hostile.npz: ", "`nn "))
    costly = [
        Attempt(f"{case.name} ({command[0]})", case.reason, partial(written, case.file, case.write, command))
        for case in costly_cases()
        for command in case.commands
    ]
    yield from refused("costly files", costly)
    trainings = [Attempt(" ".join(flags)[:40], "", partial(training, flags)) for flags in TRAININGS]
    yield from refused("costly trainings", trainings, code=2, parts=("nn: --",))
    sets = [case for _, case in sampled(list(enumerate(data_set_cases())), size)]
    yield from refused("data sets", [attempt(data_set, case) for case in sets])
    yield from refused("archives", [attempt(archive, case) for case in archive_cases()])
    own = [Attempt(name, reason, partial(pictures_of, make)) for name, reason, make in folders()]
    yield from refused("folders of pictures", own, PICTURE_MEGABYTES, in_all=True)
    yield from refused("drawings", [attempt(drawings, case) for case in drawing_cases()], 64)
    yield from refused("safetensors files", [attempt(safetensors, case) for case in safetensors_cases()])
    yield from refused("networks of the book", [attempt(book, case) for case in book_cases()], 64)
    pictures = [case for _, case in sampled(list(enumerate(picture_cases())), size)]
    yield from refused("pictures", [attempt(picture, case) for case in pictures], PICTURE_MEGABYTES, in_all=True)
    yield from costly_pictures()


def attempt(put: Callable[[Case, Path], Sequence[str]], case: Case) -> Attempt:
    """Return the attempt that writes a case with ``put``."""
    return Attempt(case.name, case.reason, partial(put, case))


def sampled(cases: list[tuple[int, Case]], size: Size) -> list[tuple[int, Case]]:
    """Return all cases, or in the gate some of those that `make test` refuses, too."""
    return [one for at, one in enumerate(cases) if size == "long" or one[1].heavy or at % GATE == 0]


def written(name: str, write: Callable[[Path], object], command: Sequence[str], folder: Path) -> Sequence[str]:
    """Write a file among good ones; return the command with its name."""
    good_files(folder)
    write(folder / name)
    return [part.format(name) for part in command]


def artifact(command: Sequence[str], case: Case, folder: Path) -> Sequence[str]:
    """Write an artifact; return the command that must refuse it."""
    return written("hostile.npz", lambda path: path.write_bytes(case.make()), command, folder)


def training(flags: Sequence[str], folder: Path) -> Sequence[str]:
    """Write large images; return the training that must be refused."""
    artifacts.save(folder / "large.npz", *large_data((4, 512, 512)))
    return ("train", "--data", "large.npz", "-o", "w.npz", *flags)


def data_set(case: Case, folder: Path) -> Sequence[str]:
    """Write an archive, or a data set in which one file is the case."""
    if case.name.startswith("keras"):
        return _file(case, folder, "hostile", "fetch", "--from", "hostile")
    (folder / "set").mkdir()
    for name, blob in small_set().items():
        (folder / "set" / name).write_bytes(blob)
    (folder / "set" / "train-images-idx3-ubyte").write_bytes(case.make())
    return ("fetch", "--from", "set", "-o", "new.npz")


def archive(case: Case, folder: Path) -> Sequence[str]:
    """Write an archive of EMNIST's form, or of NumPy."""
    if case.name.startswith("keras"):
        return data_set(case, folder)
    return _file(case, folder, "hostile.zip", "fetch", "--dataset", "emnist-digits", "--from", "hostile.zip")


def pictures_of(make: Callable[[Path], None], folder: Path) -> Sequence[str]:
    """Make a folder of pictures."""
    make(folder / "own")
    return ("fetch", "--images", "own", "-o", "new.npz")


def drawings(case: Case, folder: Path) -> Sequence[str]:
    """Write a file of drawings."""
    return _file(case, folder, "hostile.json", "fetch", "--from", "hostile.json")


def safetensors(case: Case, folder: Path) -> Sequence[str]:
    """Write a file of tensors."""
    own = () if "nn's" in case.name else ("--layers", LAYERS, "--image", IMAGE)
    return _file(case, folder, "hostile.safetensors", "import", "hostile.safetensors", *own)


def book(case: Case, folder: Path) -> Sequence[str]:
    """Write a network of the book's code."""
    return _file(case, folder, "hostile.json", "import", "hostile.json")


def picture(case: Case, folder: Path) -> Sequence[str]:
    """Write a picture, and weights."""
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    return _file(case, folder, "hostile", "predict", "hostile", "--weights", "w.npz")[:-2]


def _file(case: Case, folder: Path, name: str, *command: str) -> Sequence[str]:
    (folder / name).write_bytes(case.make())
    return (*command, "-o", "new.npz")


def refused(
    what: str,
    attempts: list[Attempt],
    megabytes: float = MEGABYTES,
    *,
    in_all: bool = False,
    code: int = 3,
    parts: tuple[str, ...] = ("nn: ",),
) -> Iterator[Result]:
    """Run the command of each: one result for the refusals, one for memory and one for time."""

    def refuse(one: Attempt) -> tuple[str, float, float]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = one.put(folder)
            before = files_in(folder)
            on_disk = sum(
                min(path.stat().st_size, 512 * path.stat().st_blocks) for path in folder.rglob("*") if path.is_file()
            )
            run = nn(*command, folder=folder)
            is_explained = run.code == code and run.is_one_line(*parts) and re.search(one.reason, run.err)
            wrong = "" if is_explained and files_in(folder) == before else f"{one.name}: {run.code}, {run.err[:200]!r}"
            return wrong, (run.peak - (0 if in_all else on_disk)) / 1e6, run.cpu_seconds

    found = map_in_threads(refuse, attempts)
    wrong = [one[0] for one in found if one[0]]
    what = f"hostile {what}"
    yield all_of(SECTION, f"{what}: exit {code}, one line, nothing written", len(found) - len(wrong), len(found), wrong)
    usual = 0.0 if in_all else valid_file_megabytes()
    attack = f"{what}: memory {'in all' if in_all else 'above the file'}"
    yield at_most(SECTION, attack, max(one[1] for one in found) - usual, "MB", megabytes)
    yield at_most(SECTION, f"{what}: CPU", max(one[2] for one in found), "s", SECONDS)


def valid_file_megabytes() -> float:
    """Return the peak memory of `nn show` of a valid file."""
    with tempfile.TemporaryDirectory() as folder:
        artifacts.save(Path(folder) / "good.npz", *SMALL["dataset"]())
        return nn("show", "good.npz", folder=Path(folder)).peak / 1e6


def costly_pictures() -> Iterator[Result]:
    """Read each costly picture, textures with both commands: three results."""

    def read(name: str) -> tuple[str, float, float]:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            artifacts.save(folder / "w.npz", *SMALL["weights"]())
            commands = ("predict",) if name in COSTLY else ("predict", "read")
            (folder / "costly").write_bytes({**COSTLY, **TEXTURES}[name]())
            runs = [nn(command, "costly", "--weights", "w.npz", folder=folder) for command in commands]
        is_good = all(run.code == 0 or (run.code == 3 and run.is_one_line("nn: costly")) for run in runs)
        wrong = "" if is_good else f"{name}: {[run.code for run in runs]}, {runs[0].err[:200]!r}"
        return wrong, max(run.peak for run in runs) / 1e6, max(run.cpu_seconds for run in runs)

    found = map_in_threads(read, list(chain(COSTLY, TEXTURES)))
    wrong = [one[0] for one in found if one[0]]
    what = "costly pictures"
    yield all_of(SECTION, f"{what}: read, or exit 3 and one line", len(found) - len(wrong), len(found), wrong)
    yield at_most(SECTION, f"{what}: memory in all", max(one[1] for one in found), "MB", PICTURE_MEGABYTES)
    yield at_most(SECTION, f"{what}: CPU", max(one[2] for one in found), "s", PICTURE_SECONDS)
