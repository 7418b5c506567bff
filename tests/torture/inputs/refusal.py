"""Pass each forged data set to `nn fetch`, each forged picture to `nn predict`, each forged network to `nn import`.

Exit 3, one line, nothing written.

Pictures that are merely costly may be read, but within the same memory, and in two seconds.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from small import SMALL

from nndigits.stages.store import artifacts
from torture.harness.folders import files_in
from torture.harness.nn_command import nn, nn_forked
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of
from torture.hostile.case import Case
from torture.hostile.refusal import valid_file_megabytes
from torture.inputs.costly_pictures import COSTLY, TEXTURES
from torture.inputs.data_sets import data_set_cases, small_set
from torture.inputs.drawings import drawing_cases
from torture.inputs.networks import IMAGE, LAYERS, book_cases, safetensors_cases
from torture.inputs.own_images import FOLDERS, archive_cases, folder_cases
from torture.inputs.pictures import picture_cases

SECTION = "F"
MEGABYTES, SECONDS, DRAWING_MEGABYTES, PICTURE_MEGABYTES, PICTURE_SECONDS = 32, 1.0, 64, 150, 2.0
BOOK_MEGABYTES = 64

Put = Callable[[Case, Path], tuple[str, ...]]
"""Writes a case to a folder, and returns the command that must refuse it."""


def results(_: Size) -> Iterator[Result]:
    """Data sets, drawings, networks, pictures, then costly pictures."""
    yield from refused("data sets", list(data_set_cases()), fetch_command, MEGABYTES)
    yield from refused("archives", list(archive_cases()), fetch_command, MEGABYTES)
    yield from refused("folders of pictures", list(folder_cases()), images_command, PICTURE_MEGABYTES)
    yield from refused("drawings", list(drawing_cases()), drawings_command, DRAWING_MEGABYTES)
    yield from refused("safetensors files", list(safetensors_cases()), safetensors_command, MEGABYTES)
    yield from refused("networks of the book", list(book_cases()), book_command, BOOK_MEGABYTES)
    yield from refused("pictures", list(picture_cases()), predict_command, PICTURE_MEGABYTES)
    yield from costly()


def fetch_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Write a data set in which one file is the case; return the command that must refuse it."""
    if case.name.startswith("archive"):
        (folder / "hostile.zip").write_bytes(case.make())
        return ("fetch", "--dataset", "emnist-digits", "--from", "hostile.zip", "-o", "new.npz")
    if case.name.startswith("keras"):
        (folder / "hostile").write_bytes(case.make())
        return ("fetch", "--from", "hostile", "-o", "new.npz")
    (folder / "set").mkdir()
    for name, blob in small_set().items():
        (folder / "set" / name).write_bytes(blob)
    (folder / "set" / "train-images-idx3-ubyte").write_bytes(case.make())
    return ("fetch", "--from", "set", "-o", "new.npz")


def images_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Make a folder of pictures; return the command that must refuse it."""
    FOLDERS[case.name][1](folder / "own")
    return ("fetch", "--images", "own", "-o", "new.npz")


def drawings_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Write a file of drawings; return the command that must refuse it."""
    (folder / "hostile.json").write_bytes(case.make())
    return ("fetch", "--from", "hostile.json", "-o", "new.npz")


def safetensors_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Write a file of tensors; return the command that must refuse it."""
    (folder / "hostile.safetensors").write_bytes(case.make())
    own = () if "nn's" in case.name else ("--layers", LAYERS, "--image", IMAGE)
    return ("import", "hostile.safetensors", *own, "-o", "new.npz")


def book_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Write a network of the book's code; return the command that must refuse it."""
    (folder / "hostile.json").write_bytes(case.make())
    return ("import", "hostile.json", "-o", "new.npz")


def predict_command(case: Case, folder: Path) -> tuple[str, ...]:
    """Write the picture; return the command that must refuse it."""
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    (folder / "hostile").write_bytes(case.make())
    return ("predict", "hostile", "--weights", "w.npz")


def refused(what: str, cases: list[Case], put: Put, megabytes: float) -> Iterator[Result]:
    """Run the command on each case: four results."""
    is_picture = megabytes == PICTURE_MEGABYTES

    def attempt(case: Case) -> tuple[bool, bool, float, float]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = put(case, folder)
            before = files_in(folder)
            run = (nn if case.heavy else nn_forked)(*command, folder=folder)
            has_reason = re.search(case.reason, run.err) is not None
            is_explained = run.code == 3 and run.is_one_line("nn: ") and has_reason
            if not is_explained:
                print(f"    {case.name}: {run.code}, {run.err[:200]!r}")
            size = 0 if is_picture else sum(length for length, _ in before.values())
            return is_explained, files_in(folder) == before, (run.peak - size) / 1e6, run.cpu_seconds

    found = map_in_threads(attempt, cases)
    for promise, number in (("exit 3, one line with the reason", 0), ("nothing written", 1)):
        good = sum(bool(one[number]) for one in found)
        yield Result(SECTION, f"hostile {what}: {promise}", of(good, len(found)), "all", good == len(found))
    usual = 0.0 if is_picture else min(valid_file_megabytes(run) for run in (nn, nn_forked))
    peak = max(one[2] for one in found) - usual
    slowest = max(one[3] for one in found)
    what_memory = "memory in all" if is_picture else "memory above the file"
    found_memory, target = f"{peak:.0f} MB", f"<= {megabytes} MB"
    yield Result(SECTION, f"hostile {what}: {what_memory}", found_memory, target, peak <= megabytes)
    what_cpu, target = f"hostile {what}: CPU, start-up included", f"<= {SECONDS:g} s"
    yield Result(SECTION, what_cpu, f"{slowest:.2f} s", target, slowest <= SECONDS)


def costly() -> Iterator[Result]:
    """Read each costly picture, textures with both commands: three results."""

    def attempt(name: str) -> tuple[bool, float, float]:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            artifacts.save(folder / "w.npz", *SMALL["weights"]())
            commands = ("predict",) if name in COSTLY else ("predict", "read")
            (folder / "costly").write_bytes(COSTLY[name]() if name in COSTLY else TEXTURES[name]())
            runs = [nn(command, "costly", "--weights", "w.npz", folder=folder) for command in commands]
        is_good = all(run.code == 0 or (run.code == 3 and run.is_one_line("nn: costly")) for run in runs)
        peak, slowest = max(run.peak for run in runs) / 1e6, max(run.cpu_seconds for run in runs)
        if not is_good or peak > PICTURE_MEGABYTES or slowest > PICTURE_SECONDS:
            print(f"    {name}: {[run.code for run in runs]}, {peak:.0f} MB, {slowest:.2f} s, {runs[0].err[:200]!r}")
        return is_good, peak, slowest

    found = map_in_threads(attempt, [*COSTLY, *TEXTURES])
    good, peak, slowest = sum(one[0] for one in found), max(one[1] for one in found), max(one[2] for one in found)
    what = "costly pictures"
    yield Result(SECTION, f"{what}: read, or exit 3 and one line", of(good, len(found)), "all", good == len(found))
    memory, target = f"{peak:.0f} MB", f"<= {PICTURE_MEGABYTES} MB"
    yield Result(SECTION, f"{what}: memory in all", memory, target, peak <= PICTURE_MEGABYTES)
    cpu, target = f"{slowest:.2f} s", f"<= {PICTURE_SECONDS:g} s"
    yield Result(SECTION, f"{what}: CPU, start-up included", cpu, target, slowest <= PICTURE_SECONDS)
