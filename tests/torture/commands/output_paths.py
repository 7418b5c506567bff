"""Output paths that cannot be written, for every option: a full disk, a read-only folder, a link, the input itself."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from small import SMALL
from support import command, draw_one

from nndigits.stages.store import artifacts
from torture.harness.child import Outcome
from torture.harness.nn_command import NOBODY, nn_forked
from torture.harness.results import Result, Size, of

SECTION = "B"
SECONDS = 1.0
"""CPU time within which a path is refused; the work itself would take minutes."""

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
"""The commands, without the output path. Those of ``read`` end in .png, because it draws a plot."""

PATHS = {
    "readonly/x.npz": 1,
    "readonly/new/x.npz": 1,
    "file/x.npz": 1,
    "x" * 300 + ".npz": 1,
    "folder": 2,
    "pipe": 2,
    "zero": 2,
    "data.npz": 2,
    "again.npz": 2,
    "/dev/stdout": 2,
    "/dev/new.npz": 2,
    "/proc/self/fd/1": 2,
    "stdout": 2,
    "stdout-link": 2,
}
"""Output paths and exit codes: 1 if the system refuses to write there, 2 if the path makes no sense."""


def results(_: Size) -> Iterator[Result]:
    """One result for each kind of path."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        yield full_disk(folder)
        yield limited_files(folder)
        yield unwritable_stdout(folder)
        yield refused_early(folder)
        yield output_links(folder)
        yield permissions(folder)


def prepare(folder: Path) -> None:
    """Write the inputs, and paths of every kind."""
    artifacts.save(folder / "data.npz", *SMALL["dataset"]())
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    draw_one(folder / "data.png")
    (folder / "old").write_bytes(b"old")
    for place in ("disk", "readonly", "folder"):
        (folder / place).mkdir()
    (folder / "file").touch()
    os.mkfifo(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "stdout").symlink_to("/dev/stdout")
    (folder / "stdout-link").symlink_to("stdout")
    (folder / "again.npz").symlink_to("data.npz")
    (folder / "again.png").symlink_to("data.png")
    (folder / "readonly").chmod(0o555)
    folder.chmod(0o777)


def full_disk(folder: Path) -> Result:
    """Write to a small file system without free space, mounted for this."""
    what = "a full disk: exit 1, one line, the old file, no temporary file"
    script = ["unshare", "-rm", "sh", "-c", FULL, "sh", command()]
    try:
        done = subprocess.run(script, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        return Result(SECTION, what, f"no unshare: {error.strerror}", "all", None)
    if done.returncode == 99 or not done.stdout:
        return Result(SECTION, what, f"cannot mount: {done.stderr.strip()[:60]}", "all", None)
    code, *left = done.stdout.splitlines()
    met = code == "1" and left == ["filler", "weights.npz"] and done.stderr.count("\n") == 1
    return Result(SECTION, what, f"exit {code}, {_last_clause(done.stderr)}", "all", met)


def _last_clause(message: str) -> str:
    """Return the text after the last semicolon: what happened to the file."""
    return message.strip().rpartition("; ")[2]


def limited_files(folder: Path) -> Result:
    """Write in a process that may write at most 512 bytes to a file."""
    (folder / "limited.npz").write_bytes(b"old")
    limit = f"ulimit -f 1; exec {command()} baseline darkness --data data.npz -o limited.npz"
    done = subprocess.run(["sh", "-c", limit], cwd=folder, capture_output=True, text=True, check=False)
    met = done.returncode == 1 and done.stderr.count("\n") == 1 and (folder / "limited.npz").read_bytes() == b"old"
    what = "a file size limit (RLIMIT_FSIZE): exit 1, one line, the old file"
    return Result(SECTION, what, f"exit {done.returncode}, {_last_clause(done.stderr)}", "all", met)


def unwritable_stdout(folder: Path) -> Result:
    """Print results to a stdout that is full, closed, or a pipe whose reader has gone."""
    good = 0
    commands = ("show w.npz", "show --json w.npz", "eval --data data.npz --weights w.npz -o e.json", "recipes", "demo")
    for words in commands:
        for redirection in ("> /dev/full", ">&-", "| true"):
            shell = f"{{ {command()} {words}; echo $? >&3; }} 3> code {redirection}"
            done = subprocess.run(["sh", "-c", shell], cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
            code = (folder / "code").read_text().strip()
            errors = sum(line.startswith(("nn: ", '{"error"')) for line in done.stderr.splitlines())
            ends = (("0", 0), ("141", 0)) if redirection == "| true" else (("1", 1),)  # true may leave late, or early
            good += "Traceback" not in done.stderr and (code, errors) in ends
    total = len(commands) * 3
    what = "stdout full or closed: exit 1; left early: quiet, exit 141"
    return Result(SECTION, what, of(good, total), "all", good == total)


def refused_early(folder: Path) -> Result:
    """Run every stage with every path that cannot be written, as a user who is not root."""
    wrong: list[tuple[str, str, Outcome]] = []
    total = 0
    for stage, words in OUTPUTS.items():
        for name, code in PATHS.items():
            path = name.replace(".npz", ".png") if stage == "read" else name
            if stage == "fetch" and path in ("data.npz", "again.npz"):
                continue  # fetch reads neither of them
            total += 1
            run = nn_forked(*words, path, folder=folder, user=NOBODY)
            if run.code == code and run.is_one_line("nn: ") and run.cpu_seconds <= SECONDS:
                continue
            wrong.append((stage, path, run))
    for stage, path, run in wrong:
        print(f"    {stage} -o {path[:40]}: {run.code} after {run.cpu_seconds:.2f} s, {run.err[:200]!r}")
    what = "paths that cannot be written x every stage: refused before the work"
    return Result(SECTION, what, of(total - len(wrong), total), "all", not wrong)


def output_links(folder: Path) -> Result:
    """Write to a symbolic link: it becomes a file, and its target is unchanged."""
    good = 0
    stages = ("baseline random", "baseline darkness")
    for number, stage in enumerate(stages):
        (folder / f"link{number}").symlink_to("old")
        good += nn_forked(*OUTPUTS[stage], f"link{number}", folder=folder).code == 0
        good += (folder / "old").read_bytes() == b"old" and not (folder / f"link{number}").is_symlink()
    what = "an output that is a link: replaced, its target unchanged"
    return Result(SECTION, what, of(good, 2 * len(stages)), "all", good == 2 * len(stages))


def permissions(folder: Path) -> Result:
    """Write with several umasks to folders that do not exist."""
    found = []
    for mask in (0o022, 0o077, 0o002):
        out = folder / f"new{mask:o}" / "deep" / "d.npz"
        words = " ".join(OUTPUTS["baseline darkness"])
        subprocess.run(
            ["sh", "-c", f"umask {mask:o}; {command()} {words} {out}"], cwd=folder, capture_output=True, check=False
        )
        found.append(out.exists() and stat.S_IMODE(out.stat().st_mode) == 0o666 & ~mask)
    what = "umask 022, 077, 002 in a new folder"
    return Result(SECTION, what, of(sum(found), 3), "all", all(found))
