"""The installed command, as a person and a script meet it: words, streams, exit codes, signals."""

import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from support import Run, command
from torture.files.data_sets import document
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.training.train import train

COMMANDS = [command.name for command in app.registered_commands]


@pytest.fixture(scope="session")
def artifacts(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set and weights of two epochs."""
    folder = tmp_path_factory.mktemp("artifacts")
    shutil.copy(digits, folder / "data.npz")
    train(folder / "data.npz", folder / "weights.npz", Parameters(epochs=2))
    return folder


@pytest.fixture
def pipeline(artifacts: Path, tmp_path: Path) -> Path:
    """A folder where both are what a command takes by default."""
    shutil.copytree(artifacts, tmp_path / "artifacts")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_in_an_example(name: str) -> None:
    done, short = (CliRunner().invoke(app, [name, flag]) for flag in ("--help", "-h"))
    assert (done.exit_code, done.output) == (0, short.output)
    assert done.output.rstrip().splitlines()[-1].strip().startswith(f"Example:  nn {name}")
    assert all(flag in done.output for flag in ("--json", "--quiet", "-h, --help"))


def test_what_it_says_to_type_next_is_about_the_files_that_it_made(nn: Run) -> None:
    fetched = nn("fetch", "--dataset", "digits", "-o", "my digits.npz")
    trained = nn(*_next(fetched)[0], "--epochs", 1, "-o", "my weights.npz")
    assert trained.returncode == 0, trained.stderr
    evaluated = nn(*_next(trained)[0])
    assert evaluated.returncode == 0, evaluated.stderr
    files = ["my weights.npz", "--data", "my digits.npz"]
    assert _next(trained) == [["eval", *files]]
    assert _next(evaluated) == [
        ["show", "my weights.npz"],
        ["train", "--recipe", "improved-100", "-o", "improved.npz", *files[1:]],
        ["eval", "--split", "train", *files],
    ]
    guessed = nn("baseline", "random", *files[1:], "-o", "guess.npz")
    assert _next(guessed) == [["eval", "guess.npz", *files[1:]], ["compare", ".", *files[1:]]]


@pytest.mark.slow
@pytest.mark.parametrize("place", ["before", "behind", "environment"])
def test_the_folder_of_all_defaults_is_named_once_and_hints_stay_in_it(nn: Run, tmp_path: Path, place: str) -> None:
    folder = "my runs" if place == "before" else "runs"

    def inside(*arguments: str) -> subprocess.CompletedProcess[str]:
        if place == "environment":
            return nn(*arguments, NN_ARTIFACTS=folder)
        given = ["--artifacts", folder]
        return nn(*(given if place == "before" else ()), *arguments, *(given if place == "behind" else ()))

    lost = inside("train")
    assert lost.returncode == 3
    assert f"`nn --artifacts {shlex.quote(folder)} fetch`" in lost.stderr
    steps = [
        ["fetch", "--dataset", "digits"],
        ["train", "--epochs", "1"],
        ["eval"],
        ["baseline", "darkness"],
        ["compare"],
    ]
    done = [inside(*step) for step in steps]
    assert [one.returncode for one in done] == [0] * len(done), [one.stderr for one in done]
    assert _next(done[0]) == [["--artifacts", folder, "train"]]
    assert _next(done[1]) == [["--artifacts", folder, "eval"]]
    assert os.listdir(tmp_path) == [folder]
    made = {"data.npz", "weights.npz", "weights-eval.json", "darkness.npz", "compare.md"}
    assert made <= set(os.listdir(tmp_path / folder))
    missing = re.split(r" {4}|\n +", done[-1].stderr.split("For the missing rows:")[1].strip())
    assert missing
    assert all(shlex.split(command)[1:3] == ["--artifacts", folder] for command in missing)
    assert f"from {folder}/weights.npz" in inside("demo", "bits").stdout.replace("\n", " ")
    assert nn(*_next(done[0])[0], "--epochs", "1").returncode == 0  # as printed, also without the variable


def test_the_flag_goes_before_the_variable_and_needs_a_folder(nn: Run, tmp_path: Path) -> None:
    fetch = ("fetch", "--dataset", "digits")
    assert nn("--artifacts=flag", *fetch, NN_ARTIFACTS="variable").returncode == 0
    assert os.listdir(tmp_path) == ["flag"]
    assert nn(*fetch, NN_ARTIFACTS="").returncode == 0
    assert (tmp_path / "artifacts" / "data.npz").exists()
    for given in (
        ["--artifacts"],
        ["train", "--artifacts"],
        ["--artifacts=", "train"],
        ["train", "--artifacts", "--json"],
    ):
        done = nn(*given)
        assert (done.returncode, done.stdout) == (2, "")
        assert "option '--artifacts' requires an argument" in done.stderr
    assert "extra argument (--artifacts flag)" in nn("train", "--", "--artifacts", "flag").stderr.replace("(s)", "")
    assert "--artifacts DIR" in nn("--help").stdout


def test_the_command_after_ctrl_c_stays_in_the_folder(nn: Run, pipeline: Path) -> None:
    (pipeline / "artifacts").rename(pipeline / "runs")
    running = subprocess.Popen(
        [command(), "train", "--artifacts", "runs", "--epochs", "9999", "--no-resume"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    while "Epoch 1:" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=30)
    proposed = shlex.split(errors.split("Continue with:")[1])[1:]
    assert proposed == ["--artifacts", "runs", "train", "--epochs", "9999", "--resume"]


def _next(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """The commands behind "Next:" or "Try next:", in words, without the program."""
    hint = re.split("(?:Try n|N)ext:", done.stderr)[-1].strip()
    return [shlex.split(command)[1:] for command in re.split(r" {4}|\n +", hint)]


@pytest.mark.parametrize("flags", ["", "--validation 5", "--validation 5 --more 'my drawings.json' -o 'my data.npz'"])
def test_a_set_that_is_not_found_is_one_line_with_the_flags_that_were_given(
    nn: Run, tmp_path: Path, flags: str
) -> None:
    (tmp_path / "my drawings.json").write_bytes(document())
    mirrors = ["--mirror", "http://127.0.0.1:1/", "--mirror", "http://127.0.0.1:1/x/"]
    done = nn("fetch", "--dataset", "kmnist", *shlex.split(flags), *mirrors)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "nn: Kuzushiji-MNIST was not found. Tried: the cache; 127.0.0.1:1 (connection refused). "
        f"Name a folder of its files: `nn fetch --dataset kmnist --from FOLDER{' ' * bool(flags)}{flags}`\n"
    )


@pytest.mark.parametrize("arguments", [("train", "--epochs", "1"), ("eval",), ("baseline", "darkness")], ids=" ".join)
def test_quiet_says_the_result_and_no_more(pipeline: Path, nn: Run, arguments) -> None:
    done = nn(*arguments, "--quiet")
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("show artifacts/data.npz", "images"),
        ("show artifacts/data.npz --index 7", "#7: "),
        ("show artifacts/weights.npz --recipe", "[train]"),
        ("predict --index 3 --show", "\n"),
        ("demo sigmoid", "sigma(z)"),
        ("recipes best", "[train]"),
        ("compare", "64-30-10"),
    ],
)
def test_quiet_never_drops_what_was_asked_for(pipeline: Path, nn: Run, arguments: str, words: str) -> None:
    loud, quiet = nn(*arguments.split()), nn(*arguments.split(), "--quiet")
    assert quiet.returncode == 0
    assert quiet.stderr == ""
    assert words in quiet.stdout
    assert loud.stdout.startswith(quiet.stdout.rstrip())


def test_a_missed_target_is_exit_4_and_the_verdict_is_kept(pipeline: Path, nn: Run) -> None:
    done = nn("eval", "--min-accuracy", "1", "-q")
    assert done.returncode == 4
    assert "is below --min-accuracy 1" in done.stderr
    assert (pipeline / "artifacts" / "weights-eval.json").exists()
    assert nn("eval", "--min-accuracy", "0.1", "-q").returncode == 0


@pytest.mark.parametrize(("eta", "why"), [("1e6", "saturated"), ("0.02", "slowly"), ("1e-5", "too small")])
def test_a_rate_that_does_not_learn_is_said_after_some_epochs(pipeline: Path, nn: Run, eta: str, why: str) -> None:
    done = nn("train", "--epochs", 3, "--eta", eta)
    assert done.returncode == 5
    assert why in done.stderr.split("nn:")[0]


def test_a_bug_of_ours_is_exit_70_in_one_line_and_a_traceback_on_request(tmp_path: Path) -> None:
    code = (
        "import sys, nndigits.cli.main as m\n"
        "def broken(*_): raise KeyError('x')\n"
        "m.overview = broken\n"
        "sys.argv = ['nn']\n"
        "m.main()"
    )
    for debug in ("", "1"):
        env = {**os.environ, "NN_DEBUG": debug}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
        assert done.returncode == 70
        assert "nn: this is a bug in nn: KeyError: 'x'" in done.stderr
        assert ("Traceback" in done.stderr) == bool(debug)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full here")
def test_a_full_disk_behind_stderr_takes_words_and_nothing_else(pipeline: Path) -> None:
    for arguments, code in ((["train", "--epochs", "2", "-o", "two.npz"], 0), (["eval", "none.npz"], 3)):
        with open("/dev/full", "w") as full:
            done = subprocess.run([command(), *arguments, "--json"], stdout=subprocess.PIPE, stderr=full, check=False)
        assert done.returncode == code
    assert Path("two.npz").exists()


def test_a_folder_that_is_gone_is_no_bug(tmp_path: Path) -> None:
    line = f"mkdir gone && cd gone && rmdir ../gone && exec {command()}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Next:" in done.stdout


def test_a_table_prints_in_ascii_and_nothing_in_it_acts_on_the_terminal(pipeline: Path, nn: Run) -> None:
    shutil.copy(pipeline / "artifacts" / "weights.npz", pipeline / "artifacts" / "\x1b[31mEVIL.npz")
    done = nn("compare", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "EVIL" in done.stdout
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout + (pipeline / "artifacts" / "compare.md").read_text()


@pytest.mark.parametrize(
    "arguments", [("show", "artifacts/data.npz"), ("eval", "--json"), ("train", "--help")], ids=" ".join
)
def test_a_reader_that_leaves_early_ends_it_quietly_as_it_ends_other_tools(pipeline: Path, arguments) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([command(), *arguments], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 141  # 128 + SIGPIPE
    assert not [line for line in done.stderr.splitlines() if line.startswith("nn:")]
    assert "pipe" not in done.stderr


def test_training_goes_on_when_the_reader_of_its_epochs_has_left(pipeline: Path, nn: Run) -> None:
    """`nn train | head -0` writes the weights that `nn train` would."""
    reader, writer = os.pipe()
    os.close(reader)
    line = [command(), "train", "--epochs", "2", "-o", "piped.npz"]
    done = subprocess.run(line, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr.strip().endswith("nn eval piped.npz")
    assert Path("piped.npz").read_bytes() == (pipeline / "artifacts" / "weights.npz").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [False, True])
def test_on_a_terminal_a_bar_is_drawn_and_the_cursor_comes_back(pipeline: Path, stopped: bool) -> None:
    terminal, its_end = pty.openpty()
    epochs = "100000" if stopped else "2"
    environment = {**os.environ, "TERM": "xterm"}
    del environment["_TYPER_FORCE_DISABLE_TERMINAL"]
    running = subprocess.Popen(
        [command(), "train", "--epochs", epochs, "-o", "bar.npz"],
        stdout=subprocess.PIPE,
        stderr=its_end,
        text=True,
        env=environment,
    )
    os.close(its_end)
    assert running.stdout is not None
    assert running.stdout.readline().startswith("Epoch 0:")
    if stopped:
        running.send_signal(signal.SIGTERM)
    said = b""
    with suppress(OSError):  # what a terminal says when its other end is closed
        while chunk := os.read(terminal, 2**16):
            said += chunk
    os.close(terminal)
    assert running.wait(30) == (143 if stopped else 0)
    running.stdout.close()
    assert said.rfind(b"\x1b[?25h") > said.rfind(b"\x1b[?25l") >= 0
    assert b"bug" not in said


@pytest.mark.parametrize(
    "swallow",
    [
        "call()",
        "try: call()\n    except Exception: pass",
        "try: signal.raise_signal(signal.SIGTERM)\n    except BaseException: raise ImportError('no init')",
    ],
)
def test_a_signal_is_heeded_wherever_it_comes(swallow: str) -> None:
    """Where C has called back, an error goes nowhere; a library may take any Exception, or make one of its own.

    What the program waits for next does not hold it up.
    """
    code = (
        "import ctypes, signal, sys, time, nndigits.cli.main as m\n"
        "call = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGTERM))\n"
        f"def stubborn(*_):\n    {swallow}\n    time.sleep(20)\n"
        "m.overview = stubborn\n"
        "sys.argv = ['nn']\n"
        "m.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=15)
    assert (done.returncode, done.stderr) == (143, "nn: interrupted\n")


def test_a_signal_during_the_imports_ends_it_without_a_traceback() -> None:
    code = (
        "import signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from nndigits.cli.entry import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_show_draws_in_ascii_where_blocks_do_not_print(pipeline: Path, nn: Run) -> None:
    blocks = nn("show", "artifacts/data.npz", "--index", 0)
    letters = nn("show", "artifacts/data.npz", "--index", 0, PYTHONIOENCODING="ascii")
    assert "█" in blocks.stdout
    assert letters.stdout.isascii()
    assert "*" in letters.stdout.split("test #0")[1]


def test_no_path_is_looked_at_before_it_is_read() -> None:
    groups = [app, *(group.typer_instance for group in app.registered_groups)]
    paths = []
    for callback in (one.callback for group in groups for one in group.registered_commands):
        for name, hint in get_type_hints(callback, include_extras=True).items():
            if any(kind in get_args(hint) for kind in (Path, Path | None, list[Path], list[Path] | None)):
                paths.append(f"{callback.__name__}.{name}")
                assert not get_args(hint)[-1].readable, f"{paths[-1]} needs readable=False"
    assert len(paths) > 15
