"""Every option by which a file comes in: special files, files of other kinds, and files that do not fit each other."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from small import SMALL, network_arrays
from support import write_idx

from nn.stages.datasets.known_sets import MNIST
from nn.stages.store import artifacts
from torture.door import NOBODY, Ran, at_once, files_in, nn_forked
from torture.figures import Figure, Size, of
from torture.pictures import small_pictures

SECTION = "A"

SLOW = 2.0
"""Seconds of CPU that a refusal may take: what hangs is ended by a signal, and is no refusal."""

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
        TRAINED,  # of the right kind, but only networks vote: a matter of usage
    ),
    "eval --data": (("eval", "--weights", "weights.npz", "--data", "{}", "-o", "new.json"), DATASET),
    "compare --data": (("compare", ".", "--data", "{}", "-o", "new.json"), DATASET),
    "baseline random --data": (("baseline", "random", "--data", "{}", "-o", "new.npz"), DATASET),
    "baseline darkness --data": (("baseline", "darkness", "--data", "{}", "-o", "new.npz"), DATASET),
    "baseline svm --data": (("baseline", "svm", "--data", "{}", "-o", "new.npz"), DATASET),
    "fetch --from": (("fetch", "--from", "{}", "-o", "new.npz"), ("folder",)),
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
"""The command for each option, with {} for the file, and the kinds that it takes."""

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


def figures(_: Size) -> Iterator[Figure]:
    """Special files, and files of other kinds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        unfit = list(misfits(folder))
        before = files_in(folder)
        special = [(option, file) for option in OPTIONS for file in SPECIAL if not takes(option, file)]
        yield from told(folder, special, "special files")
        kinds = [(option, f"{kind}.npz") for option in OPTIONS for kind in SMALL if not takes(option, kind)]
        kinds += [(option, file) for option in OPTIONS for file in ANY[-3:] if not takes(option, file)]
        yield from told(folder, kinds, "files of another kind")
        yield from told(folder, unfit, "files that do not fit each other")
        changed = files_in(folder).items() ^ before.items()
        what = "all of these: nothing written, nothing changed"
        yield Figure(SECTION, what, f"{len(changed)} files", "0 files", not changed)


def told(folder: Path, work: list[tuple[str, str]], what: str) -> Iterator[Figure]:
    """Give each option its file, and count those that end with 3, in one line that a terminal can show."""
    os.chmod(folder, 0o777)

    def give(one: tuple[str, str]) -> Ran:
        command = [part.format(one[1]) for part in OPTIONS[one[0]][0]]
        return nn_forked(*command, folder=folder, user=NOBODY if one[1] == "unreadable" else None)

    ran = at_once(give, work)
    missed = [
        f"{option} {file!r}: {run.code} {run.err}"
        for (option, file), run in zip(work, ran, strict=True)
        if not is_told(run)
    ]
    for line in missed:
        print("   ", line.rstrip()[:300])
    found = of(len(work) - len(missed), len(work))
    yield Figure(SECTION, f"{what} x every option: exit 3, one line", found, "all", not missed)
    slow = max(run.seconds for run in ran)
    yield Figure(SECTION, f"{what} x every option: none hangs", f"{slow:.2f} s at most", f"<= {SLOW:g} s", slow <= SLOW)


def is_told(run: Ran) -> bool:
    """Whether it ended as for an unusable input, and said so in a line of printable text."""
    return run.code == 3 and run.says("nn: ") and run.err.rstrip("\n").isprintable()


def takes(option: str, kind: str) -> bool:
    """Whether a kind of file is right for an option."""
    return kind in OPTIONS[option][1]


def prepare(folder: Path) -> None:
    """Put one of everything there."""
    for kind, small in SMALL.items():
        artifacts.save(folder / f"{kind}.npz", *small())
    meta = SMALL["weights"]()[0]
    artifacts.save_csv(folder / "table.csv", {**meta, "kind": "history"}, ["a"], [[1]])
    artifacts.save_json(folder / "figures.json", meta, {"a": 1})
    (folder / "page.html").write_text("<html>Log in</html>")
    (folder / "grey.png").write_bytes(small_pictures()["png grey"])
    (folder / "folder").mkdir()
    for ending in ("", ".toml"):
        (folder / f"empty{ending}").write_bytes(b"\xff" * len(ending))  # an empty recipe is a recipe
        (folder / f"unreadable{ending}").write_bytes((folder / "dataset.npz").read_bytes())
        (folder / f"unreadable{ending}").chmod(0)
        os.mkfifo(folder / f"pipe{ending}")
        os.mknod(folder / f"socket{ending}", 0o140600)
        for link in ("loop", "/dev/zero", "/dev/null", "dangling"):
            target = {"loop": f"loop{ending}", "dangling": "nowhere"}.get(link, link)
            (folder / f"{Path(link).name}{ending}").symlink_to(target)
    (folder / "folder.toml").mkdir()


def misfits(folder: Path) -> Iterator[tuple[str, str]]:
    """Weights that are right in themselves, and were not made for these images or these digits."""
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
