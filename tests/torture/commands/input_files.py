"""Special files, files of other kinds and files that do not match each other, for every option that reads a file."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from small import SMALL, network_arrays
from support import write_idx

from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.store import artifacts
from torture.harness.child import Outcome
from torture.harness.folders import files_in
from torture.harness.nn_command import NOBODY, nn_forked
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of
from torture.inputs.pictures import small_pictures

SECTION = "A"

SECONDS = 2.0
"""CPU time that a refusal may take. A command that hangs is killed, and does not count as refused."""

DATASET = ("dataset",)
TRAINED = ("weights", "darkness", "svm", "random")
ANY = (*SMALL, "table.csv", "page.html", "figures.json")
OPTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "show FILE": (("show", "{}"), (*SMALL, "table.csv", "figures.json")),
    "show --recipe": (("show", "{}", "--recipe"), ("weights", "checkpoint")),
    "train --data": (("train", "--epochs", "1", "--data", "{}", "-o", "new.npz"), DATASET),
    "train --find-eta --data": (("train", "--find-eta", "--data", "{}"), DATASET),
    "train --recipe": (
        ("train", "--epochs", "1", "--recipe", "./{}.toml", "--data", "dataset.npz", "-o", "new.npz"),
        ANY,
    ),
    "eval --weights": (("eval", "--weights", "{}", "--data", "dataset.npz", "-o", "new.json"), TRAINED),
    "eval --weights twice": (
        ("eval", "--weights", "weights.npz", "--weights", "{}", "--data", "dataset.npz", "-o", "new.json"),
        TRAINED,  # kinds that --weights reads; that only networks form an ensemble is a usage error
    ),
    "eval --data": (("eval", "--weights", "weights.npz", "--data", "{}", "-o", "new.json"), DATASET),
    "compare --data": (("compare", ".", "--data", "{}", "-o", "new.json"), DATASET),
    "baseline random --data": (("baseline", "random", "--data", "{}", "-o", "new.npz"), DATASET),
    "baseline darkness --data": (("baseline", "darkness", "--data", "{}", "-o", "new.npz"), DATASET),
    "baseline svm --data": (("baseline", "svm", "--data", "{}", "-o", "new.npz"), DATASET),
    "fetch --from": (("fetch", "--from", "{}", "-o", "new.npz"), ("folder",)),
    "fetch --more": (("fetch", "--dataset", "digits", "--more", "{}", "-o", "new.npz"), ()),
    "draw --weights": (("draw", "--weights", "{}", "-o", "new.html"), ("weights",)),
    "draw --data": (("draw", "--weights", "weights.npz", "--data", "{}", "-o", "new.html"), DATASET),
    "predict FILE": (("predict", "{}", "--weights", "weights.npz"), ("picture",)),
    "predict --weights": (("predict", "--index", "0", "--weights", "{}", "--data", "dataset.npz"), TRAINED),
    "predict --data": (("predict", "--index", "0", "--weights", "weights.npz", "--data", "{}"), DATASET),
    "read FILE": (("read", "{}", "--weights", "weights.npz"), ("picture",)),
    "read --weights": (("read", "grey.png", "--weights", "{}"), TRAINED),
    "demo hidden --weights": (("demo", "hidden", "--weights", "{}", "--data", "dataset.npz"), ("weights",)),
    "demo hidden --data": (("demo", "hidden", "--weights", "weights.npz", "--data", "{}"), DATASET),
    "demo cost --data": (("demo", "cost", "--weights", "weights.npz", "--data", "{}"), DATASET),
    "demo sgd --data": (("demo", "sgd", "--data", "{}"), DATASET),
}
"""The command for each option, with {} for the file, and the kinds of file that the option accepts."""

SPECIAL = (
    "missing",
    "missing/further",
    "empty",
    "pipe",
    "socket",
    "folder",
    "loop",
    "dangling",
    "zero",
    "null",
    "unreadable",
    "x" * 300,
    "new\nline",
    "escape\x1b[31m",
    "bell\x07",
    "not\udcffutf8",
    "weights.npz/inside",
)


def results(_: Size) -> Iterator[Result]:
    """Special files, files of other kinds, and files that do not match each other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        mismatched = list(make_mismatched(folder))
        before = files_in(folder)
        special = [(option, file) for option in OPTIONS for file in SPECIAL if not accepts(option, file)]
        yield from refused(folder, special, "special files")
        kinds = [(option, f"{kind}.npz") for option in OPTIONS for kind in SMALL if not accepts(option, kind)]
        kinds += [(option, file) for option in OPTIONS for file in ANY[-3:] if not accepts(option, file)]
        yield from refused(folder, kinds, "files of another kind")
        yield from refused(folder, mismatched, "files that do not match")
        changed = files_in(folder).items() ^ before.items()
        what = "all of these: nothing written, nothing changed"
        yield Result(SECTION, what, f"{len(changed)} files", "0 files", not changed)


def refused(folder: Path, work: list[tuple[str, str]], what: str) -> Iterator[Result]:
    """Run each option with its file; count the refusals, and measure the slowest."""
    os.chmod(folder, 0o777)

    def run(one: tuple[int, tuple[str, str]]) -> Outcome:
        number, (option, file) = one
        # An output for each: a second run with the same one would be refused as long as the first one holds it.
        command = [part.format(file).replace("new.", f"new-{number}.") for part in OPTIONS[option][0]]
        return nn_forked(*command, folder=folder, user=NOBODY if file == "unreadable" else None)

    runs = map_in_threads(run, list(enumerate(work)))
    missed = [
        f"{option} {file!r}: {run.code} {run.err}"
        for (option, file), run in zip(work, runs, strict=True)
        if not is_refused(run)
    ]
    for line in missed:
        print("   ", line.rstrip()[:300])
    found = of(len(work) - len(missed), len(work))
    yield Result(SECTION, f"{what} x every option: exit 3, one line", found, "all", not missed)
    slowest = max(run.cpu_seconds for run in runs)
    what = f"{what} x every option: none hangs"
    yield Result(SECTION, what, f"{slowest:.2f} s at most", f"<= {SECONDS:g} s", slowest <= SECONDS)


def is_refused(run: Outcome) -> bool:
    """Return whether a command refused its input with one line of printable text."""
    return run.code == 3 and run.is_one_line("nn: ") and run.err.rstrip("\n").isprintable()


def accepts(option: str, kind: str) -> bool:
    """Return whether an option accepts a kind of file."""
    return kind in OPTIONS[option][1]


def prepare(folder: Path) -> None:
    """Write one file of each kind."""
    for kind, small in SMALL.items():
        artifacts.save(folder / f"{kind}.npz", *small())
    meta = SMALL["weights"]()[0]
    artifacts.save_csv(folder / "table.csv", {**meta, "kind": "history"}, ["a"], [[1]])
    artifacts.save_json(folder / "figures.json", meta, {"a": 1})
    (folder / "page.html").write_text("<html>Log in</html>")
    (folder / "grey.png").write_bytes(small_pictures()["png grey"])
    (folder / "folder").mkdir()
    for ending in ("", ".toml"):
        (folder / f"empty{ending}").write_bytes(b"\xff" * len(ending))  # an empty recipe is valid
        (folder / f"unreadable{ending}").write_bytes((folder / "dataset.npz").read_bytes())
        (folder / f"unreadable{ending}").chmod(0)
        os.mkfifo(folder / f"pipe{ending}")
        os.mknod(folder / f"socket{ending}", 0o140600)
        for link in ("loop", "/dev/zero", "/dev/null", "dangling"):
            target = {"loop": f"loop{ending}", "dangling": "nowhere"}.get(link, link)
            (folder / f"{Path(link).name}{ending}").symlink_to(target)
    (folder / "folder.toml").mkdir()


def make_mismatched(folder: Path) -> Iterator[tuple[str, str]]:
    """Write valid weights for other images or other classes, and labels of another number than the images."""
    meta, _ = SMALL["weights"]()
    wide = {**network_arrays(), "weights_1": np.zeros((3, 42), np.float32)}
    artifacts.save(folder / "wide.npz", {**meta, "about": {**meta["about"], "image": [6, 7]}}, wide)
    layers = ["dense 3 sigmoid", "dense 4 sigmoid"]
    few = {**network_arrays(), "weights_2": np.zeros((4, 3), np.float32), "biases_2": np.zeros(4, np.float32)}
    artifacts.save(folder / "few.npz", {**meta, "about": {**meta["about"], "layers": layers}}, few)
    for file in ("wide.npz", "few.npz"):
        yield "eval --weights", file
        yield "eval --weights twice", file
        yield "demo hidden --weights", file
    write_idx(folder / "folder" / MNIST.file_names["train_images"], np.zeros((3, 2, 2)))
    write_idx(folder / "folder" / MNIST.file_names["train_labels"], np.zeros(2))
    yield "fetch --from", "folder"
