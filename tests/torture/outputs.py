"""Places where nothing can be written: full, read-only, a folder, a link, the input."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from small import SMALL
from support import command, draw_one

from nn.stages.store import artifacts
from torture.door import NOBODY, Ran, nn_forked
from torture.figures import Figure, Size, of

SECTION = "B"
SOON = 1.0
"""Seconds of CPU within which a place is refused; what is asked for would take minutes."""

FULL = """
mount -t tmpfs -o size=64k tmpfs disk && cp old disk/weights.npz || exit 99
head -c 100000 /dev/zero > disk/filler 2>/dev/null
"$1" train --data data.npz --hidden 3 --epochs 1 -o disk/weights.npz; echo $?
cmp old disk/weights.npz && ls -A disk
"""
OUTPUTS = {
    "train": ("train", "--data", "data.npz", "--hidden", "30", "--epochs", "100000", "-o"),
    "fetch": ("fetch", "--dataset", "digits", "-o"),
    "eval": ("eval", "--data", "data.npz", "--weights", "w.npz", "-o"),
    "baseline random": ("baseline", "random", "--data", "data.npz", "-o"),
    "baseline darkness": ("baseline", "darkness", "--data", "data.npz", "-o"),
    "baseline svm": ("baseline", "svm", "--data", "data.npz", "-o"),
    "compare": ("compare", ".", "--data", "data.npz", "-o"),
    "predict": ("predict", "--index", "0", "--data", "data.npz", "--weights", "w.npz", "--save-seen"),
    "read": ("read", "data.png", "--weights", "w.npz", "--plot"),
}
"""``read`` draws: its places end in .png."""

PLACES = {
    "readonly/x.npz": 1,
    "readonly/new/x.npz": 1,
    "file/x.npz": 1,
    "x" * 300 + ".npz": 1,
    "folder": 2,
    "pipe": 2,
    "zero": 2,
    "data.npz": 2,
    "again.npz": 2,
}
"""Where is to be written, and the exit code: the world's failure, or a name that makes no sense."""


def figures(_: Size) -> Iterator[Figure]:
    """A figure a kind of place."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        yield full_disk(folder)
        yield limited_files(folder)
        yield stdout(folder)
        yield refused_early(folder)
        yield linked(folder)
        yield permissions(folder)


def prepare(folder: Path) -> None:
    """Put inputs there, and places of every sort."""
    artifacts.save(folder / "data.npz", *SMALL["dataset"]())
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    draw_one(folder / "data.png")
    (folder / "old").write_bytes(b"old")
    for place in ("disk", "readonly", "folder"):
        (folder / place).mkdir()
    (folder / "file").touch()
    os.mkfifo(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "again.npz").symlink_to("data.npz")
    (folder / "again.png").symlink_to("data.png")
    (folder / "readonly").chmod(0o555)
    folder.chmod(0o777)


def full_disk(folder: Path) -> Figure:
    """A disk with no room left, mounted for this."""
    what = "a really full disk: exit 1, one line, the old file, nothing left over"
    script = ["unshare", "-rm", "sh", "-c", FULL, "sh", command()]
    try:
        done = subprocess.run(script, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        return Figure(SECTION, what, f"no unshare: {error.strerror}", "all", None)
    if done.returncode == 99 or not done.stdout:
        return Figure(SECTION, what, f"cannot mount: {done.stderr.strip()[:60]}", "all", None)
    code, *left = done.stdout.splitlines()
    met = code == "1" and left == ["filler", "weights.npz"] and done.stderr.count("\n") == 1
    return Figure(SECTION, what, f"exit {code}, {_end_of(done.stderr)}", "all", met)


def _end_of(said: str) -> str:
    """What stands behind the last semicolon: what became of the file."""
    return said.strip().rpartition("; ")[2]


def limited_files(folder: Path) -> Figure:
    """A process that may write no more than 512 bytes to a file."""
    (folder / "limited.npz").write_bytes(b"old")
    limit = f"ulimit -f 1; exec {command()} baseline darkness --data data.npz -o limited.npz"
    done = subprocess.run(["sh", "-c", limit], cwd=folder, capture_output=True, text=True, check=False)
    met = done.returncode == 1 and done.stderr.count("\n") == 1 and (folder / "limited.npz").read_bytes() == b"old"
    what = "a file that may not grow (RLIMIT_FSIZE): exit 1, one line, the old file"
    return Figure(SECTION, what, f"exit {done.returncode}, {_end_of(done.stderr)}", "all", met)


def stdout(folder: Path) -> Figure:
    """Results that cannot be printed."""
    good = 0
    commands = ("show w.npz", "show --json w.npz", "eval --data data.npz --weights w.npz -o e.json", "recipes", "demo")
    for words in commands:
        for into in ("> /dev/full", ">&-", "| true"):
            shell = f"{{ {command()} {words}; echo $? >&3; }} 3> code {into}"
            done = subprocess.run(["sh", "-c", shell], cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
            code = (folder / "code").read_text().strip()
            errors = sum(line.startswith(("nn: ", '{"error"')) for line in done.stderr.splitlines())
            ends = (("0", 0), ("141", 0)) if into == "| true" else (("1", 1),)  # true may leave late, or early
            good += "Traceback" not in done.stderr and (code, errors) in ends
    total = len(commands) * 3
    what = "stdout full or closed: exit 1; left early: quiet, exit 141"
    return Figure(SECTION, what, of(good, total), "all", good == total)


def refused_early(folder: Path) -> Figure:
    """Every place that cannot be written, for every stage, as somebody who is not root."""
    ran: list[tuple[str, str, Ran]] = []
    total = 0
    for stage, words in OUTPUTS.items():
        for name, code in PLACES.items():
            place = name.replace(".npz", ".png") if stage == "read" else name
            if stage == "fetch" and place in ("data.npz", "again.npz"):
                continue  # it reads neither
            total += 1
            run = nn_forked(*words, place, folder=folder, user=NOBODY)
            if run.code == code and run.says("nn: ") and run.seconds <= SOON:
                continue
            ran.append((stage, place, run))
    for stage, place, run in ran:
        print(f"    {stage} -o {place[:40]}: {run.code} after {run.seconds:.2f} s, {run.err[:200]!r}")
    what = "places that cannot be written, x every stage: refused before the work"
    return Figure(SECTION, what, of(total - len(ran), total), "all", not ran)


def linked(folder: Path) -> Figure:
    """An output that is a link: it becomes a file, and what it pointed to stays."""
    good = 0
    stages = ("baseline random", "baseline darkness")
    for number, stage in enumerate(stages):
        (folder / f"link{number}").symlink_to("old")
        good += nn_forked(*OUTPUTS[stage], f"link{number}", folder=folder).code == 0
        good += (folder / "old").read_bytes() == b"old" and not (folder / f"link{number}").is_symlink()
    what = "an output that is a link: replaced, its victim untouched"
    return Figure(SECTION, what, of(good, 2 * len(stages)), "all", good == 2 * len(stages))


def permissions(folder: Path) -> Figure:
    """Files have the mode that the umask leaves, and folders that are missing are made."""
    found = []
    for mask in (0o022, 0o077, 0o002):
        out = folder / f"new{mask:o}" / "deep" / "d.npz"
        words = " ".join(OUTPUTS["baseline darkness"])
        subprocess.run(
            ["sh", "-c", f"umask {mask:o}; {command()} {words} {out}"], cwd=folder, capture_output=True, check=False
        )
        found.append(out.exists() and stat.S_IMODE(out.stat().st_mode) == 0o666 & ~mask)
    what = "umask 022, 077, 002 into a folder that is not there"
    return Figure(SECTION, what, of(sum(found), 3), "all", all(found))
