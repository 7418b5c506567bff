"""Paths for every option: special files, files of another kind, outputs that cannot be written, files that must stay.

An input that is none is refused in one line, and an output that cannot be, before the work. What
nobody named, or what the command reads, is never replaced, and what lies in a folder does not decide who reads.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from small import SMALL, network_arrays
from support import draw_one, write_idx

from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.store import artifacts
from torture.files import values
from torture.files.pictures import small_pictures
from torture.harness.folders import files_in
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import NOBODY, Outcome, map_in_threads, nn

SECTION = "B"
SECONDS = 1.0
"""CPU time that a refusal may take; the work itself would take minutes. What hangs is killed, and not refused."""

DATASET = ("dataset",)
TRAINED = ("weights", "darkness", "svm", "random")
OTHER_KINDS = ("table.csv", "page.html", "figures.json")
OPTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "show FILE": (("show", "{}"), (*SMALL, "table.csv", "figures.json")),
    "show --recipe": (("show", "{}", "--recipe"), ("weights", "checkpoint")),
    "train --data": (("train", "--epochs", "1", "--data", "{}", "-o", "new.npz"), DATASET),
    "train --recipe": (
        ("train", "--epochs", "1", "--recipe", "./{}.toml", "--data", "dataset.npz", "-o", "new.npz"),
        (*SMALL, *OTHER_KINDS),
    ),
    "eval": (("eval", "{}", "--data", "dataset.npz", "-o", "new.json"), TRAINED),
    "eval twice": (
        ("eval", "weights.npz", "{}", "--data", "dataset.npz", "-o", "new.json"),
        TRAINED,  # kinds that --weights reads; that only networks form an ensemble is a usage error
    ),
    "eval --data": (("eval", "weights.npz", "--data", "{}", "-o", "new.json"), DATASET),
    "compare --data": (("compare", ".", "--data", "{}", "-o", "new.json"), DATASET),
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
    "report --data": (("report", ".", "--data", "{}", "-o", "new.html"), DATASET),
    "chapter --data": (("chapter", "--data", "{}", "-o", "new.html"), DATASET),
    "demo hidden --weights": (("demo", "hidden", "--weights", "{}", "--data", "dataset.npz"), ("weights",)),
    "demo sgd --data": (("demo", "sgd", "--data", "{}"), DATASET),
}
"""The command for each option, with {} for the file, and the kinds of file that the option accepts."""

SPECIAL = (
    "missing", "missing/further", "empty", "pipe", "socket", "folder", "loop", "dangling", "zero", "null", "unreadable",
    "x" * 300, "new\nline", "escape\x1b[31m", "not\udcffutf8", "weights.npz/inside", "forged.npz",
)  # fmt: skip
"""Files that no option accepts; the last says that it holds MNIST, and has other images."""

GATE = 3
"""In the gate, every n-th special file for each option, another for each."""

OUTPUTS = {
    "train": ("train", "--data", "data.npz", "--hidden", "30", "--epochs", "100000", "-o"),
    "fetch": ("fetch", "--dataset", "digits", "-o"),
    "eval": ("eval", "w.npz", "--data", "data.npz", "-o"),
    "baseline random": ("baseline", "random", "--data", "data.npz", "-o"),
    "baseline svm": ("baseline", "svm", "--data", "data.npz", "-o"),
    "compare": ("compare", ".", "--data", "data.npz", "-o"),
    "predict": ("predict", "--index", "0", "--data", "data.npz", "--weights", "w.npz", "--save-seen"),
    "read": ("read", "data.png", "--weights", "w.npz", "--plot"),
}
"""The commands, without the output path."""

ENDINGS = {"read": ".png", "eval": ".json", "compare": ".json"}
"""What the outputs of a command end in, where that is not .npz."""

PATHS = {
    "readonly/x.npz": 1,
    "readonly/new/x.npz": 1,
    "file/x.npz": 2,
    "x" * 300 + ".npz": 1,
    "folder": 2,
    "pipe": 2,
    "zero": 2,
    "data.npz": 2,
    "again.npz": 2,
    "/dev/stdout": 2,
    "/dev/new.npz": 2,
    "/proc/self/fd/1": 2,
    "stdout-link": 2,
}
"""Output paths and exit codes: 1 if the system refuses to write there, 2 if the path makes no sense."""

DATA = ("--data", "data.npz")
TRAIN = ("train", *DATA, "--epochs", "1", "--hidden", "3")
SEEDS = ("compare", ".", *DATA, "--seeds", "1", "--hidden", "3", "--epochs", "1", "-o", "other.json")
SWEEP = ("sweep", *DATA, "--hidden", "3", "--epochs", "1", "--workers", "1", "-o", "x")
COMPANIONS = {
    "x-history.csv": (*TRAIN, "-o", "x.npz"),
    "x-checkpoint.npz": (*TRAIN, "-o", "x.npz"),
    "weights-validation-eval.json": ("eval", "weights.npz", *DATA, "--split", "validation"),
    "weights-validation-confusion.csv": ("eval", "weights.npz", *DATA, "--split", "validation"),
    "x-pairs.npz": ("baseline", "svm", *DATA, "-o", "x.npz"),
    "x-search.csv": ("baseline", "svm", *DATA, "--search", "-o", "x.npz"),
    "x.md": ("compare", ".", *DATA, "-o", "x.json"),
    "part-eval.json": ("compare", ".", *DATA, "-o", "other.json"),
    "seeds/hidden-3-seed-0.npz": SEEDS,
    "seeds/hidden-3-seed-0-history.csv": SEEDS,
    "x/sweep.json": SWEEP,
    "x/trials/seed-0-history.csv": SWEEP,
    "report.html": ("report", "."),
    "network.onnx": ("export", "weights.npz"),
    "artifacts/draw.html": ("draw", "--weights", "weights.npz"),
    "artifacts/chapter.html": ("chapter", *DATA),
    "artifacts/data.npz": ("fetch", "--dataset", "digits"),
    "artifacts/weights.npz": TRAIN,
    "artifacts/random.npz": ("baseline", "random", *DATA),
    "artifacts/svm-tuned.npz": ("baseline", "svm", *DATA, "--tuned"),
    "compare.json": ("compare", ".", *DATA),
    "demos/sigmoid.json": ("demo", "all"),
    "demos/sigmoid.png": ("demo", "all"),
    "demos/index.html": ("demo", "all"),
}
"""Files that a command writes or removes without their name on its command line."""

LINKS = {"x/trials": SWEEP, "seeds": SEEDS}
"""Folders inside an output, in whose place is a link to a folder elsewhere."""

READ = {
    ("compare", ".", *DATA, "-o"): ("data.npz", "weights.npz", "svm.npz", "weights-eval.json", "timings.csv"),
    (*TRAIN, "--recipe", "./mine.toml", "-o"): ("data.npz", "mine.toml"),
    ("find-eta", *DATA, "--recipe", "./mine.toml", "--plot"): ("mine.toml",),
    ("eval", "weights.npz", "deep.npz", *DATA, "-o"): ("data.npz", "weights.npz", "deep.npz"),
    ("fetch", "--from", "mnist.npz", "-o"): ("mnist.npz",),
    ("predict", "digit.png", "--weights", "weights.npz", "--save-seen"): ("digit.png", "weights.npz"),
    ("read", "digit.png", "--weights", "weights.npz", "--plot"): ("digit.png",),
    ("show", "data.npz", "--plot"): ("data.npz",),
    ("report", ".", "--weights", "weights.npz", "-o"): ("data.npz", "weights.npz"),
    ("draw", "--weights", "weights.npz", *DATA, "-o"): ("data.npz", "weights.npz"),
    ("import", "net.json", "-o"): ("net.json",),
    ("chapter", *DATA, "-o"): ("data.npz",),
    ("fetch", "--dataset", "digits", "--more", "drawings.json", "-o"): ("drawings.json",),
}
"""Commands without their output, and the files that they read."""


def results(size: Size) -> Iterator[Result]:
    """Inputs, outputs, and files that stay."""
    with tempfile.TemporaryDirectory() as name:
        yield from inputs(Path(name), size)
    with tempfile.TemporaryDirectory() as name:
        prepare_outputs(Path(name))
        yield refused_early(Path(name))
    with tempfile.TemporaryDirectory() as name, values.sandbox(Path(name)):
        folder = Path(name)
        (folder / "part.npz").write_bytes((folder / "darkness.npz").read_bytes())
        (folder / "deep.npz").write_bytes((folder / "weights.npz").read_bytes())
        (folder / "mnist.npz").write_bytes(numpy_archive())
        (folder / "mine.toml").write_text("[train]\nhidden = [3]\n")
        (folder / "drawings.json").write_text("[]")
        (folder / "net.json").write_text("{}")
        yield linked_folders(folder)
        yield companions(folder)
        yield outputs_that_are_read(folder)


def inputs(folder: Path, size: Size) -> Iterator[Result]:
    """Give each option special files, files of another kind, and files that do not match each other."""
    prepare_inputs(folder)
    work = [(option, file) for option in OPTIONS for file in SPECIAL if not accepts(option, file)]
    work = [one for at, one in enumerate(work) if size == "long" or at % GATE == 0]
    work += [(option, f"{kind}.npz") for option in OPTIONS for kind in SMALL if not accepts(option, kind)]
    work += [(option, file) for option in OPTIONS for file in OTHER_KINDS if not accepts(option, file)]
    work += [
        (option, file) for file in ("wide.npz", "few.npz") for option in ("eval", "eval twice", "demo hidden --weights")
    ]
    work += [("fetch --from", "folder")]
    before = files_in(folder)

    def run(one: tuple[int, tuple[str, str]]) -> Outcome:
        number, (option, file) = one
        # An output for each: a second run with the same one would be refused as long as the first one holds it.
        words = [part.format(file).replace("new.", f"new-{number}.") for part in OPTIONS[option][0]]
        return nn(*words, folder=folder, user=NOBODY if file == "unreadable" else None)

    runs = map_in_threads(run, list(enumerate(work)))
    wrong = [
        f"{option} {file[:40]!r}: {run.code} {run.err[:200]!r}"
        for (option, file), run in zip(work, runs, strict=True)
        if run.code != 3 or not run.is_one_line("nn: ") or not run.err.rstrip("\n").isprintable()
    ]
    what = "special files, other kinds and what does not match x every option: exit 3, one line"
    yield all_of(SECTION, what, len(work) - len(wrong), len(work), wrong)
    yield at_most(SECTION, "the same: CPU", max(run.cpu_seconds for run in runs), "s", SECONDS)
    changed = files_in(folder).items() ^ before.items()
    yield Result(SECTION, "the same: nothing written, nothing changed", f"{len(changed)} files", "0 files", not changed)


def accepts(option: str, kind: str) -> bool:
    """Return whether an option accepts a kind of file."""
    return kind in OPTIONS[option][1]


def prepare_inputs(folder: Path) -> None:
    """Write one file of each kind, special ones, and valid ones that do not match each other."""
    for kind, small in SMALL.items():
        artifacts.save(folder / f"{kind}.npz", *small())
    meta, arrays = SMALL["dataset"]()
    claim = {"name": "mnist", "verified": True, "classes": 10, "source": MNIST.sha256}
    artifacts.save(folder / "forged.npz", {**meta, "dataset": claim}, arrays)
    meta, _ = SMALL["weights"]()
    artifacts.save_csv(folder / "table.csv", {**meta, "kind": "history"}, ["a"], [[1]])
    artifacts.save_json(folder / "figures.json", meta, {"a": 1})
    (folder / "page.html").write_text("<html>Log in</html>")
    (folder / "grey.png").write_bytes(small_pictures()["png grey"])
    for ending in ("", ".toml"):
        (folder / f"folder{ending}").mkdir()
        (folder / f"empty{ending}").write_bytes(b"\xff" * len(ending))  # an empty recipe is valid
        (folder / f"unreadable{ending}").write_bytes((folder / "dataset.npz").read_bytes())
        (folder / f"unreadable{ending}").chmod(0)
        os.mkfifo(folder / f"pipe{ending}")
        os.mknod(folder / f"socket{ending}", 0o140600)
        for link in ("loop", "/dev/zero", "/dev/null", "dangling"):
            target = {"loop": f"loop{ending}", "dangling": "nowhere"}.get(link, link)
            (folder / f"{Path(link).name}{ending}").symlink_to(target)
    wide = {**network_arrays(), "weights_1": np.zeros((3, 42), np.float32)}
    artifacts.save(folder / "wide.npz", {**meta, "about": {**meta["about"], "image": [6, 7]}}, wide)
    layers = ["dense 3 sigmoid", "dense 4 sigmoid"]
    few = {**network_arrays(), "weights_2": np.zeros((4, 3), np.float32), "biases_2": np.zeros(4, np.float32)}
    artifacts.save(folder / "few.npz", {**meta, "about": {**meta["about"], "layers": layers}}, few)
    write_idx(folder / "folder" / MNIST.file_names["train_images"], np.zeros((3, 2, 2)))
    write_idx(folder / "folder" / MNIST.file_names["train_labels"], np.zeros(2))
    folder.chmod(0o777)


def prepare_outputs(folder: Path) -> None:
    """Write the inputs, and paths of every kind."""
    artifacts.save(folder / "data.npz", *SMALL["dataset"]())
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    draw_one(folder / "data.png")
    for place in ("readonly", "folder"):
        (folder / place).mkdir()
    (folder / "file").touch()
    os.mkfifo(folder / "pipe")
    links = {"zero": "/dev/zero", "stdout": "/dev/stdout", "stdout-link": "stdout", "again.npz": "data.npz"}
    for name, target in {**links, "again.png": "data.png"}.items():
        (folder / name).symlink_to(target)
    (folder / "readonly").chmod(0o555)
    folder.chmod(0o777)


def refused_early(folder: Path) -> Result:
    """Run every stage with every path that cannot be written, as a user who is not root."""
    wrong: list[str] = []
    total = 0
    for stage, words in OUTPUTS.items():
        for name, code in PATHS.items():
            ending = ENDINGS.get(stage, ".npz") if code == 1 or stage == "read" else ".npz"
            path = name.replace(".npz", ending)
            if stage == "fetch" and path in ("data.npz", "again.npz"):
                continue  # fetch reads neither of them
            total += 1
            run = nn(*words, path, folder=folder, user=NOBODY)
            if run.code != code or not run.is_one_line("nn: ") or run.cpu_seconds > SECONDS:
                wrong.append(f"{stage} -o {path[:40]}: {run.code} after {run.cpu_seconds:.2f} s, {run.err[:200]!r}")
    what = "paths that cannot be written x every stage: refused before the work"
    return all_of(SECTION, what, total - len(wrong), total, wrong)


def companions(folder: Path) -> Result:
    """Put a text, an archive of NumPy, and a file of nn of another kind at the place of each companion."""
    contents = (b"my own notes\n", numpy_archive(), (folder / "part-pairs.npz").read_bytes())
    wrong: list[str] = []
    total = 0
    for name, words in COMPANIONS.items():
        for content in contents:
            if name == "x-pairs.npz" and content == contents[2]:
                continue  # it is of that kind
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            wrong, total = wrong + unkept(folder, *words, about=name), total + 1
            path.unlink(missing_ok=True)
    what = "other files at the place of unnamed outputs: kept, exit 2"
    return all_of(SECTION, what, total - len(wrong), total, wrong)


def linked_folders(folder: Path) -> Result:
    """Put a link in place of each folder that a command makes inside its output."""
    wrong: list[str] = []
    (folder / "elsewhere").mkdir()
    for name, words in LINKS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(folder / "elsewhere")
        wrong += unkept(folder, *words, about=name)
        (folder / name).unlink()
    what = "a link in place of a folder inside an output: nothing written, exit 2"
    return all_of(SECTION, what, len(LINKS) - len(wrong), len(LINKS), wrong)


def outputs_that_are_read(folder: Path) -> Result:
    """Name each file that a command reads as its output."""
    cases = [(*words, name) for words, names in READ.items() for name in names]
    wrong = [line for words in cases for line in unkept(folder, *words)]
    what = "an output that the command reads: kept, exit 2"
    return all_of(SECTION, what, len(cases) - len(wrong), len(cases), wrong)


def unkept(folder: Path, *words: str, about: str = "") -> list[str]:
    """Return what is wrong, unless a command ends with 2 and one line, and changes no file."""
    before = files_in(folder)
    run = nn(*words, folder=folder)
    is_kept = files_in(folder) == before and run.code == 2 and run.is_one_line("nn: ") and about in run.err
    return [] if is_kept else [f"{about} nn {' '.join(words)}: {run.code}, {run.err[:200]!r}"]


def numpy_archive() -> bytes:
    """Return an archive that NumPy wrote."""
    archive = io.BytesIO()
    np.savez(archive, weights=np.arange(3.0))
    return archive.getvalue()
