"""Run the commands in docs/chapter.md and its translations, and write their output and their pictures into the pages.

A block begins with a line `$ nn demo NAME`; the rest of it is the output of that command. Its picture is
docs/chapter/NAME.png. The digits are MNIST's: `nn fetch` takes them from NN_MNIST_DIR, or downloads them.
`--check` changes nothing and fails if a page is not current. With names of demonstrations, only their blocks are run.

    python docs/refresh.py [--check] [NAME ...]
"""

import inspect
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
PAGES = sorted(HERE.glob("chapter*.md"))
PICTURES = HERE / "chapter"
SHADES = (1.0, 0.65, 0.3)
"""Of each colour in a picture, from full to pale: edges of lines, and heat maps."""

INSTALLED = Path(sys.executable).with_name("nn")
BLOCK = re.compile(r"```\n\$ (nn [^\n]*)\n(.*?)```", re.DOTALL)


def run(command: str, program: Path = INSTALLED, folder: Path | None = None) -> str:
    """Run a command in a folder, or in an empty one, and return its stdout."""
    plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    plain.pop("NN_ARTIFACTS", None)
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [program, *shlex.split(command)[1:]],
            cwd=folder or empty,
            env=plain,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def uses_digits(name: str) -> bool:
    """Return whether a demonstration reads a data set."""
    from nndigits.stages.demos.shared.index import load

    return "data" in inspect.signature(load(name)).parameters


def refreshed(page: str, outputs: Mapping[str, str]) -> str:
    """Return the page with new output in the blocks of these commands."""
    return BLOCK.sub(
        lambda found: f"```\n$ {found[1]}\n{outputs[found[1]]}```" if found[1] in outputs else found[0], page
    )


def small(picture: Path) -> bytes:
    """Return a picture as a PNG file with the colours of the figures alone, which is a quarter of the bytes."""
    from PIL import Image

    flat = [level for colour in palette() for level in colour]
    table = Image.new("P", (1, 1))
    table.putpalette(flat + flat[:3] * (256 - len(flat) // 3))
    with Image.open(picture) as whole:
        few = whole.convert("RGB").quantize(palette=table, dither=Image.Dither.NONE)
    encoded = io.BytesIO()
    few.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def palette() -> list[tuple[int, ...]]:
    """Return the colours of the figures with their shades, and greys."""
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb

    from nndigits.stages.figures.plot import COLOURS

    signed, heights = colormaps["RdBu"], colormaps["viridis"]
    full = [to_rgb(colour) for colour in (*COLOURS, "gold")]
    full += [signed(place)[:3] for place in (0.1, 0.9)] + [heights(place / 8)[:3] for place in range(9)]
    mixed = [[1 + shade * (level - 1) for level in colour] for colour in full for shade in SHADES]
    mixed += [[grey / 15] * 3 for grey in range(16)]
    return [tuple(round(255 * level) for level in colour) for colour in mixed]


def main() -> None:
    """Refresh the pages and pictures, or check the pages."""
    check = "--check" in sys.argv
    pages = {path: path.read_text(encoding="utf-8") for path in PAGES}
    written = dict.fromkeys(found[1].split()[2] for page in pages.values() for found in BLOCK.finditer(page))
    names = [argument for argument in sys.argv[1:] if argument != "--check"] or list(written)
    outputs = {}
    with tempfile.TemporaryDirectory() as folder:
        if any(map(uses_digits, names)):
            run("nn fetch --dataset mnist --quiet", folder=Path(folder))
        for name in names:
            picture = Path(folder) / f"{name}.png"
            outputs[f"nn demo {name}"] = run(f"nn demo {name} --quiet --plot {picture.name}", folder=Path(folder))
            if not check:
                PICTURES.mkdir(exist_ok=True)
                (PICTURES / picture.name).write_bytes(small(picture))
    current = {path: refreshed(page, outputs) for path, page in pages.items()}
    if check:
        stale = [path.name for path in pages if current[path] != pages[path]]
        sys.exit(f"not current: {', '.join(stale)}. Run python docs/refresh.py" if stale else 0)
    for path, page in current.items():
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
