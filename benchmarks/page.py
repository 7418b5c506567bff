"""Run the benchmarks and write their tables into docs/speed.md, between the marks there.

    python benchmarks/page.py artifacts/data.npz [--torch PYTHON]

The prose of that page and the README also name figures. Check them afterwards.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speed.md"
MARK = re.compile(r"(<!-- benchmarks/(\w+)\.py -->\n).*?(<!-- end -->)", re.DOTALL)


def run(name: str) -> str:
    """Run a benchmark, show its output and return it."""
    data, *torch = sys.argv[1:]
    flags = torch if name == "epoch" else []
    command = [sys.executable, Path(__file__).with_name(f"{name}.py"), data, *flags]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(output, flush=True)
    return output


def refreshed(page: str, run: Callable[[str], str] = run) -> str:
    """Return the page with new tables from each benchmark. Only the tables of their output are used."""

    def tables(match: re.Match[str]) -> str:
        lines = [line for line in run(match[2]).splitlines() if not line or line.startswith("|")]
        return match[1] + "\n".join(lines).strip("\n") + "\n" + match[3]

    return MARK.sub(tables, page)


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text()))
