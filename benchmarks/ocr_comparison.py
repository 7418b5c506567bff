"""Compare `nn read` with other OCR programs on the same generated pictures of MNIST's test digits.

Nothing was fitted on these pictures. A picture counts if everything on it is read. Spaces do not matter, and letters
that look like digits count as these.

    python -m venv ocr && ocr/bin/pip install rapidocr_onnxruntime pytesseract easyocr
    python benchmarks/ocr_comparison.py artifacts/data.npz --python ocr/bin/python [--pictures 36] [--strips 200]

Tesseract itself is a package of the system (`apt-get install tesseract-ocr`). What is not installed is left out.
"""

import argparse
import json
import re
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import baseline_strips
import matplotlib
import numpy as np
import strips
from ocr_engines import ENGINES, SIGNS
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from nndigits import __version__
from nndigits.stages.read import read_all
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import PRETRAINED

HEIGHT, MARGIN = 44, 22
"""Pixels of a digit's height, and around a line."""

STROKES = {
    " ": (),
    "+": ((0.15, 0.5, 0.75, 0.5), (0.45, 0.2, 0.45, 0.8)),
    "=": ((0.1, 0.38, 0.65, 0.38), (0.1, 0.64, 0.65, 0.64)),
    ":": ((0.2, 0.3, 0.22, 0.31), (0.2, 0.75, 0.22, 0.76)),
    "/": ((0.45, 0.0, 0.1, 1.0),),
}
"""The strokes of signs, x, y to x, y, as shares of a digit's height."""


class Writer:
    """Writes with random test images, each digit by another hand. ``rng`` decides on everything."""

    def __init__(self, arrays: dict[str, np.ndarray], seed: list[int], *, crosses: bool = False) -> None:
        self.images, self.labels = arrays["test_images"], arrays["test_labels"]
        self.rng, self.crosses = np.random.default_rng(seed), crosses

    def number(self, digits: int) -> str:
        """Return random digits."""
        return "".join(map(str, self.rng.integers(0, 10, digits)))

    def shape(self, letter: str, pen: float) -> np.ndarray:
        """Return the ink of a digit or a sign. A larger ``pen`` has thinner strokes."""
        if letter in STROKES:
            ink, strokes = np.zeros((HEIGHT, HEIGHT * 3 // 4)), STROKES[letter]
        else:
            image = self.images[self.rng.choice(np.flatnonzero(self.labels == int(letter)))]
            ink = baseline_strips.written(image / 255, HEIGHT * np.exp(self.rng.normal(0, 0.1)), pen, self.rng)
            strokes = [(0.9 * ink.shape[1] / HEIGHT, 0.1, 0.1, 0.9)] if letter == "0" and self.crosses else []
        for stroke in strokes:
            sheet = Image.new("L", ink.shape[::-1])
            ImageDraw.Draw(sheet).line((np.array(stroke) * HEIGHT + self.rng.normal(0, 1.5, 4)).tolist(), 255, 4)
            ink = np.maximum(ink, np.asarray(sheet) / 255)
        return ink

    def line(self, text: str, pen: float = 0.45, cell: int = 0) -> np.ndarray:
        """Return the ink of a line, 0 to 1, with a margin; in cells of a width, if that is given."""
        shapes = [self.shape(letter, pen)[:, : cell or None] for letter in text]
        widths = [shape.shape[1] for shape in shapes]
        gaps = HEIGHT * self.rng.uniform(0.12, 0.4, len(shapes))
        lefts = [cell * number + (cell - width) // 2 for number, width in enumerate(widths)]
        if not cell:
            lefts = np.cumsum([0, *(widths + gaps)[:-1]]).astype(int).tolist()
        ink = np.zeros((HEIGHT * 3 // 2, max(cell * len(text), lefts[-1] + widths[-1])))
        for shape, left in zip(shapes, lefts, strict=True):
            bottom = len(ink) - int(self.rng.integers(0, 5))
            here = ink[max(0, bottom - len(shape)) : bottom, left : left + shape.shape[1]]
            np.maximum(here, shape[-len(here) :], out=here)
        return np.pad(ink, MARGIN)


def photographed(ink, rng, pen=0.2, paper=0.92, noise=0.015):
    """Return a slightly blurred and noisy picture of ink, 0 to 1."""
    grey = paper + ndimage.gaussian_filter(ink, rng.uniform(0.4, 0.9)) * (pen - paper)
    return grey + rng.normal(0, noise, ink.shape)


def grained(ink, rng, size, least):
    """Return ink with gaps of a size in pixels; ``least`` is the intensity in a gap."""
    noise = ndimage.gaussian_filter(rng.normal(0, 1, ink.shape), size)
    return ink * np.clip(0.8 + noise / noise.std() / 2, least, 1)


def digits(writer, form="{5}", thin=0.45, grain=(), tool=None, lines=False, **tones):
    """A line in some form: numbers of as many random digits, and signs; with a pen, on paper that may be lined."""
    text = re.sub(r"\{(\d)\}", lambda number: writer.number(int(number[1])), form)
    ink = writer.line(text, thin)
    if tool is not None:
        ink = ndimage.grey_dilation(ink, footprint=tool)
    if grain:
        ink = grained(ink, writer.rng, *grain)
    if lines:
        ink[HEIGHT // 6 :: HEIGHT + 14] = np.maximum(ink[HEIGHT // 6 :: HEIGHT + 14], 0.35)
    return photographed(ink, writer.rng, **tones), text


def perspective(writer):
    """Digits on paper that the camera does not face."""
    grey, text = digits(writer)
    height, width = grey.shape
    corners = np.array([[0, 0], [0, height], [width, height], [width, 0]])
    corners = corners + writer.rng.uniform(-0.12, 0.12, (4, 2)) * height
    picture = Image.fromarray(in_bytes(grey))
    mode = Image.Transform.QUAD, corners.ravel().tolist(), Image.Resampling.BICUBIC
    return np.asarray(picture.transform(picture.size, *mode, fillcolor=230)) / 255, text


def shadowed(writer):
    """Digits with a shadow across the paper, its edge sharp or soft."""
    grey, text = digits(writer)
    rng, (height, width) = writer.rng, grey.shape
    rows, columns = np.mgrid[:height, :width]
    angle = rng.uniform(-0.6, 0.6)
    distance = (columns - rng.uniform(0.25, 0.75) * width) * np.cos(angle) + (rows - height / 2) * np.sin(angle)
    covered = np.clip(0.5 + rng.choice([-1, 1]) * distance / (width * rng.uniform(0.005, 0.05)), 0, 1)
    return grey * (1 - rng.uniform(0.35, 0.55) * covered), text


def fraction(writer):
    """A fraction, with a slash, or with a bar between two digits above each other."""
    text = "{}/{}".format(*writer.rng.integers(1, 10, 2))
    if writer.rng.random() < 0.5:
        return photographed(writer.line(text), writer.rng), text
    above, below = (writer.line(letter, cell=2 * HEIGHT)[MARGIN // 2 : -MARGIN // 2] for letter in text[::2])
    above[-4:, 2 * MARGIN : -2 * MARGIN] = 1
    return photographed(np.pad(np.vstack([above, below]), 10), writer.rng), text


def form(writer, kind):
    """Six digits in a comb or in boxes, which may have a printed label."""
    text, cell = writer.number(6), round(HEIGHT * 1.15)
    ink = writer.line(text, cell=cell)
    bottom, right = len(ink) - MARGIN + 4, ink.shape[1] - MARGIN
    top = bottom - (12 if kind == "comb" else HEIGHT + 20)
    for column in range(MARGIN, right + 1, cell):
        ink[top:bottom, column - 1 : column + 1] = 0.8
    for row in (bottom,) if kind == "comb" else (top, bottom):
        ink[row - 1 : row + 1, MARGIN:right] = 0.8
    if kind == "labels":
        label = writer.rng.choice(["Postcode", "Account number", "Date of birth", "Member"])
        ink = np.vstack([printed(str(label), 18, ink.shape[1]), ink])
    return photographed(ink, writer.rng), text


def table(writer, is_ruled):
    """Three rows of three numbers of two digits."""
    rows = [[writer.number(2) for _ in range(3)] for _ in range(3)]
    ink = np.vstack([np.hstack([writer.line(f" {number} ", cell=HEIGHT) for number in row]) for row in rows])
    for length, along in zip(ink.shape, (ink, ink.T), strict=True):
        if is_ruled:
            for edge in range(0, length + 1, length // 3):
                along[max(0, edge - 1) : edge + 1] = 0.8
    return photographed(np.pad(ink, 10), writer.rng), "\n".join(map(" ".join, rows))


def printed(text, size, width):
    """Return the ink of printed text, with a margin."""
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
    sheet = Image.new("L", (width, 2 * size))
    ImageDraw.Draw(sheet).text((size // 2, size), text, 255, ImageFont.truetype(path, size), "lm")
    return np.asarray(sheet) / 255


def stamp(writer):
    """Printed digits of a rubber stamp, slightly turned, with gaps."""
    text, rng = writer.number(6), writer.rng
    ink = ndimage.rotate(np.pad(printed(text, HEIGHT, 6 * HEIGHT), 10), rng.uniform(-4, 4), order=1)
    return photographed(grained(np.clip(ink, 0, 1), rng, 1.5, 0.1), rng, 0.35), text


def strip(writer, spacing):
    """A strip of `strips.py`."""
    made = strips.strip(writer.images, writer.labels, spacing, writer.rng)
    return made.picture / 255, made.text


def with_crossed_zeros(writer):
    """Digits of which each 0 is crossed."""
    writer.crosses = True
    return digits(writer, "{2}0{2}")


STRIPS = {f"five digits, {spacing}": partial(strip, spacing=spacing) for spacing in list(strips.SPACINGS)[:4]}

ROWS = {
    **STRIPS,
    "ballpoint": partial(digits, thin=0.7, pen=0.35),
    "lined paper": partial(digits, thin=0.5, lines=True),
    "pencil": partial(digits, thin=0.6, grain=(0.8, 0.3), pen=0.5),
    "chalk": partial(digits, thin=0.35, grain=(1.2, 0.25), pen=0.85, paper=0.2, noise=0.03),
    "phone number": partial(digits, form="0{3} {6}"),
    "perspective": perspective,
    "a shadow across the paper": shadowed,
    "fractions": fraction,
    "sums": partial(digits, form="{2}+{2}={2}"),
    "times": partial(digits, form="1{1}:{2}"),
    "form: comb": partial(form, kind="comb"),
    "form: boxes": partial(form, kind="boxes"),
    "form: boxes with a printed label": partial(form, kind="labels"),
    "table": partial(table, is_ruled=False),
    "ruled table": partial(table, is_ruled=True),
    "rubber stamp": stamp,
    "crossed 0": with_crossed_zeros,
    "thick marker": partial(digits, thin=0.5, tool=np.hypot(*np.mgrid[-3:4, -3:4]) < 3.5),
    "flat brush": partial(digits, thin=0.5, tool=np.eye(9)),
}
"""What is drawn, as a grey picture, 0 to 1, and the truth."""


ALIKE = str.maketrans("OoDQlI|iZzSsGbBgqy", "000011112255668994")


def plain(text, letters=""):
    """Return what was read without empty lines, and without words that have other letters than digits and these."""
    lines = (
        re.findall(rf"(?<!\S)[\d{re.escape(letters)}]+(?!\S)", line.translate(ALIKE)) for line in text.splitlines()
    )
    return "\n".join("".join(words) for words in lines if words)


def is_right(kind, text, truth):
    """Return whether a text is the truth. Without signs in the truth, those that were read do not matter."""
    if kind == "fractions":  # one above the other, with the bar or without
        return re.sub(r"\n(-\n)?", "/", plain(text, SIGNS)) == truth
    if set(SIGNS) & set(truth):
        return plain(text, SIGNS) == truth
    return plain(re.sub(f"[{re.escape(SIGNS)}]", " ", text)) == plain(truth)


def in_bytes(grey):
    """Convert values from 0 to 1 to bytes."""
    return np.rint(255 * np.clip(grey, 0, 1)).astype(np.uint8)


def save(folder, options):
    """Write the pictures of all rows to a folder; return the row and the truth of each file."""
    arrays, truths = artifacts.load(options.data, "dataset").arrays, {}
    for number, (kind, draw) in enumerate(ROWS.items()):
        if kind in (options.only or ROWS):
            for index in range(options.strips if kind in STRIPS else options.pictures):
                grey, truth = draw(Writer(arrays, [options.seed, number, index]))
                name = f"{number:02}-{index:03}.png"
                Image.fromarray(in_bytes(grey)).save(folder / name)
                truths[name] = kind, truth
    return truths


def read_by_nn(folder, truths, weights):
    """Return the text of each picture; signs are asked for where there are some."""
    texts = {}
    for signs in (False, True):
        names = [name for name, (_, truth) in truths.items() if bool(set(truth) & set(SIGNS)) == signs]
        texts |= {one.path.name: one.text for one in read_all([folder / name for name in names], weights, signs=signs)}
    return texts


def read_by(engine, folder, pythons):
    """Return the version, settings and texts of an engine, by the first interpreter that has it, or None."""
    for python in pythons:
        command = [python, Path(__file__).with_name("ocr_engines.py"), engine, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout.splitlines()[-1])
    return None


def main() -> None:
    """Print the programs with their versions and settings, and a row for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, nargs="+", default=[PRETRAINED])
    parser.add_argument("--python", nargs="*", default=[], help="interpreters whose environments have the programs")
    parser.add_argument("--pictures", type=int, default=36)
    parser.add_argument("--strips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=ROWS, metavar="ROW")
    parser.add_argument("--keep", type=Path, help="a folder for the pictures and for what was read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        truths = save(folder, options)
        print(f"nn {__version__}: {', '.join(map(str, options.weights))}, --signs where there are some")
        columns = {"nn": read_by_nn(folder, truths, options.weights)}
        for engine in ENGINES:
            if found := read_by(engine, folder, options.python):
                columns[engine] = found["texts"]
            print(f"{engine} {found['version']}: {found['settings']}" if found else f"{engine} is not installed")
        if options.keep:
            (folder / "read.json").write_text(json.dumps({"truths": truths, "read": columns}, indent=1))
    print(f"\n| exact, % | n | {' | '.join(columns)} |\n|---|---:|{'---:|' * len(columns)}")
    for kind in dict.fromkeys(kind for kind, _ in truths.values()):
        of_kind = {name: truth for name, (own, truth) in truths.items() if own == kind}
        shares = (
            np.mean([is_right(kind, texts[name], truth) for name, truth in of_kind.items()])
            for texts in columns.values()
        )
        print(f"| {kind} | {len(of_kind)} | {' | '.join(f'{100 * share:.0f}' for share in shares)} |")


if __name__ == "__main__":
    main()
