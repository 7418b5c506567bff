"""Run the benchmarks and put the tables that they print into docs/speed.md, between their marks there.

    python benchmarks/page.py artifacts/data.npz [--torch PYTHON]

The prose of the page and the README's table name figures too: read them again afterwards.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speed.md"
MARK = re.compile(r"(<!-- benchmarks/(\w+)\.py -->\n).*?(<!-- end -->)", re.DOTALL)


def run(name: str) -> str:
    """Run a benchmark, show what it prints, and give it."""
    data, *torch = sys.argv[1:]
    flags = {"epoch": torch, "growth": ["--figure", PAGE.with_name("growth.svg")]}.get(name, [])
    command = [sys.executable, Path(__file__).with_name(f"{name}.py"), data, *flags]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(said, flush=True)
    return said


def refreshed(page: str, run: Callable[[str], str] = run) -> str:
    """The page with the tables of each benchmark made anew; what else they print stays out of it."""

    def tables(found: re.Match[str]) -> str:
        lines = [line for line in run(found[2]).splitlines() if not line or line.startswith("|")]
        return found[1] + "\n".join(lines).strip("\n") + "\n" + found[3]

    return MARK.sub(tables, page)


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text()))
