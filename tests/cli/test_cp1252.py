"""Streams in the encoding of Windows: no screen ends in an error, and what cp1252 lacks is replaced."""

import os
import subprocess
from pathlib import Path

from support import command

COMMANDS = {
    ("fetch", "--dataset", "digits"): "",
    ("train", "--epochs", "1"): "",
    ("eval",): "",
    ("read", "example-page"): "",
    ("demo",): "",
    ("demo", "hidden"): "",
    ("demo", "perceptron", "--lang", "zh"): "perceptron?",
    ("show", "\u6570\u5b57.npz"): "nn: ??.npz: no such file",
    ("fetch", "--from", "C:\\digits"): "nn: C:\\digits: no such file",
    ("fetch", "--mirror", "C:\\digits"): "C:\\digits is a path on a drive",
}
"""Commands, and what each prints."""


def test_every_screen_can_be_written_in_cp1252(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    for arguments, expected in COMMANDS.items():
        done = subprocess.run(
            [command(), *arguments], cwd=tmp_path, env=environment, capture_output=True, encoding="cp1252", check=False
        )
        printed = done.stdout + done.stderr
        assert (done.returncode == 0) == ("nn: " not in printed), (arguments, printed)
        assert "Traceback" not in printed, arguments
        assert expected in printed, (arguments, printed)
