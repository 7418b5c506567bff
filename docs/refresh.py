"""Run the commands in docs/chapter.md and write their output below them.

A block begins with a line `$ nn ...`; the rest of it is the output of that command. There is no data set in its folder,
so it uses scikit-learn's small digits. `--check` changes nothing and fails if the page is not current. With names of
demonstrations, only their blocks are run.

    python docs/refresh.py [--check] [NAME ...]
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

PAGE = Path(__file__).with_name("chapter.md")
INSTALLED = Path(sys.executable).with_name("nn")
BLOCK = re.compile(r"```\n\$ (nn [^\n]*)\n(.*?)```", re.DOTALL)


def run(command: str, program: Path = INSTALLED) -> str:
    """Run a command in an empty folder and return its stdout."""
    plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [program, *shlex.split(command)[1:]], cwd=folder, env=plain, capture_output=True, text=True, check=True
        )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def refreshed(page: str, commands: Collection[str]) -> str:
    """Return the page with new output in the blocks of these commands."""
    return BLOCK.sub(lambda found: f"```\n$ {found[1]}\n{run(found[1])}```" if found[1] in commands else found[0], page)


def main() -> None:
    """Refresh the page, or check it."""
    page = PAGE.read_text()
    names = [argument for argument in sys.argv[1:] if argument != "--check"]
    commands = [f"nn demo {name}" for name in names] or [found[1] for found in BLOCK.finditer(page)]
    current = refreshed(page, commands)
    if "--check" in sys.argv:
        sys.exit("docs/chapter.md is not current: run python docs/refresh.py" if current != page else 0)
    PAGE.write_text(current)


if __name__ == "__main__":
    main()
