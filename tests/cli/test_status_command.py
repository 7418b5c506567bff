"""`nn status`, and `nn` alone: what they print, and that what they say to type next runs as it is printed."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import Run

from nndigits.cli.groups import GROUPS
from nndigits.cli.main import app
from nndigits.stages.fetch import fetch
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.training.train import train


def next_of(shown: str) -> list[str]:
    """The words of the command behind "Next:", without the program."""
    (command,) = re.findall(r"^(?:.*Try n|N)ext:\s+(.*?)(?:    |$)", shown, re.MULTILINE)
    return shlex.split(command)[1:]


def test_from_nothing_to_all_is_fresh_by_typing_what_it_says(nn: Run, tmp_path: Path) -> None:
    steps = []
    for _ in range(8):
        shown = nn("status")
        assert (shown.returncode, shown.stderr) == (0, "")
        words = next_of(shown.stdout)
        steps.append(words[0])
        words += {"fetch": ["--dataset", "digits"], "train": ["--epochs", "2"]}.get(words[0], [])
        done = nn(*words)
        assert done.returncode == 0, (words, done.stderr)
        if words[0] == "eval":
            assert nn("baseline", "darkness", "-q").returncode == 0
        if words[0] == "show":
            break
    assert steps == ["fetch", "train", "eval", "compare", "show"]
    assert "All is fresh." in nn("status").stdout


def test_alone_it_prints_the_same_report_and_every_command(nn: Run, digits: Path, tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    shutil.copy(digits, tmp_path / "artifacts")
    alone, report = nn(), nn("status")
    assert report.stdout.strip() in alone.stdout
    assert "digits; nothing is evaluated yet" in report.stdout
    listed = re.findall(r"^  nn ([\w-]+)", alone.stdout, re.MULTILINE)
    assert sorted(listed) == sorted(name for group in GROUPS.values() for name in group)
    assert set(listed) <= {one.name for one in [*app.registered_commands, *app.registered_groups]}


def test_the_last_accuracy_is_the_headline_and_quiet_prints_only_that(nn: Run) -> None:
    for arguments in (["fetch", "--dataset", "digits"], ["train", "--epochs", "2"], ["eval"]):
        assert nn(*arguments, "-q").returncode == 0
    accuracy = json.loads((Path("artifacts") / "weights-eval.json").read_text())["accuracy"]
    quiet = nn("status", "--quiet")
    assert " ".join(quiet.stdout.split()) == (
        f"artifacts: digits. Leading network: {256 * accuracy:.0f} of 256 test images, "
        f"{100 * accuracy:.2f} %, by weights.npz (64-30-10)"
    )
    document = json.loads(nn("status", "--json").stdout)
    assert document["leader"]["accuracy"] == accuracy
    assert {file["state"] for file in document["states"]} == {"fresh"}
    assert nn("status", "--check", "-q").returncode == 0
    nn("train", "--epochs", "1", "-q")
    assert nn("status", "--check", "-q").returncode == 1
    shown = nn("status").stdout
    assert re.search(r"^  weights-eval.json +stale +of other weights than weights.npz$", shown, re.MULTILINE)
    assert "all figures are stale" in shown
    assert next_of(shown) == ["eval"]


def test_another_folder_and_how_to_go_on_in_it(nn: Run, digits: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my files"
    folder.mkdir()
    shutil.copy(digits, folder / "data.npz")

    class Stopped(Exception):
        pass

    def stop(report: object) -> None:
        raise Stopped

    unusual = Parameters(
        hidden=(6, 5), epochs=3, l2=0.5, distort="rotate 5", momentum=0.8, optimizer="momentum", eta=0.1
    )
    with pytest.raises(Stopped):
        train(folder / "data.npz", folder / "wide.npz", unusual, on_epoch=stop)
    shown = nn("status", "my files").stdout
    assert "1 of 3 epochs done" in shown
    done = nn(*next_of(shown))
    assert done.returncode == 0, done.stderr
    straight = tmp_path / "straight.npz"
    train(folder / "data.npz", straight, unusual)
    assert (folder / "wide.npz").read_bytes() == straight.read_bytes()


def test_it_reads_no_more_of_mnist_than_its_hash(mnist: Path, tmp_path: Path) -> None:
    """Of data that other files name, 55 MB: no array is decoded."""
    fast = Parameters(hidden=(), epochs=1, batch=100)
    (tmp_path / "artifacts").mkdir()
    shutil.copy(mnist, tmp_path / "artifacts")
    train(tmp_path / "artifacts" / "data.npz", tmp_path / "artifacts" / "weights.npz", fast)
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from nndigits.stages.results.status import status\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "report = status(Path('artifacts'))\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(grown, *{file.state for file in report.states})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    grown, *states = done.stdout.split()
    assert states == ["fresh"]
    assert int(grown) < 20_000  # kilobytes


def test_it_takes_the_first_set_of_another_name(nn: Run, tmp_path: Path) -> None:
    fetch(tmp_path / "artifacts" / "small.npz", dataset="digits")
    shown = nn("status").stdout
    assert next_of(shown) == ["train", "--data", "artifacts/small.npz"]
