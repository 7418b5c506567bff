"""Measure how often networks take what is no digit for one: letters, signs, figures, scribbles, blots and marks.

The kinds "drawn" are those of training (`models/negatives`), drawn anew. Letters of fonts, and the figures of HELD_OUT,
were never trained on, and nothing was chosen by how they are read. The last rows count true digits that are rejected.

    python benchmarks/no_digit.py DATA WEIGHTS [WEIGHTS ...] [--pictures 300] [--seed 0] [--read] [--sheet FILE.png]
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
import numpy as np
import photos
from PIL import Image, ImageDraw, ImageFont

from nndigits.models.images.digit_finder import MIN_DIGIT_PROBABILITY, FoundDigit, find_digit
from nndigits.models.negatives import shapes
from nndigits.models.negatives.drawings import on_paper, scribble_drawn, shape_drawn
from nndigits.models.negatives.hard_negatives import pen_mark
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.own_images import pictures
from nndigits.stages.predict import UNSURE
from nndigits.stages.read import read_grey
from nndigits.stages.store import artifacts

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSerif-Italic", "DejaVuSansMono", "STIXGeneral", "cmr10")
"""Fonts that come with matplotlib."""

FONT_LETTERS = "ACEFHJKLMNPRTUVWXYacdefhkmnprtuvwx"
FONT_SIZES = 40, 160

HELD_OUT = {
    "fish": "curve 5,50 35,20 75,45 98,80 / curve 5,50 35,80 75,55 98,20 / line 98,20 98,80 / line 22,45 23,46",
    "tree": "line 45,98 45,65 / line 55,98 55,65 / curve 45,65 8,55 20,15 50,2 80,15 92,55 55,65",
    "umbrella": "curve 5,45 20,10 50,2 80,10 95,45 / line 5,45 95,45 / line 50,45 50,88 + curve 50,88 42,98 32,90",
    "note": "curve 40,85 20,75 5,88 20,98 40,85 + line 40,85 40,5 + curve 40,5 60,30 80,35",
    "cup": "line 10,15 18,95 65,95 72,15 10,15 / curve 72,30 98,35 95,65 68,70",
    "lightning": "line 60,0 20,55 50,52 35,100 85,38 52,42 60,0",
    "moon": "curve 70,5 20,15 8,55 35,95 80,90 45,70 40,35 70,5",
    "sun": "curve 50,30 30,50 50,70 70,50 50,30 / line 50,2 50,18 / line 50,82 50,98 / line 2,50 18,50",
    "anchor": "line 50,10 50,95 / line 30,28 70,28 / curve 8,65 20,90 50,97 80,90 92,65",
    "key": "curve 20,35 5,50 20,65 35,50 20,35 / line 35,50 98,50 / line 80,50 80,70 / line 95,50 95,66",
    "flag": "line 15,100 15,2 90,20 15,45",
    "flower": "curve 50,50 30,5 70,5 50,50 95,30 95,70 50,50 70,95 30,95 50,50 5,70 5,30 50,50",
    "at": "curve 65,38 45,32 35,55 50,66 65,40 / curve 65,38 64,66 85,60 88,30 50,5 12,25 10,75 50,97 85,88",
    "euro": "curve 90,12 55,2 25,30 25,70 55,98 90,88 / line 5,40 65,40 / line 5,60 62,60",
    "pound": "curve 80,15 50,2 35,30 40,65 15,98 + line 15,98 88,96 / line 15,52 68,52",
    "ren": "curve 50,2 45,50 8,98 / curve 48,35 65,70 95,98",
    "da": "line 8,35 92,35 / curve 50,2 48,50 10,98 / curve 50,45 65,75 92,98",
    "zhong": "line 15,25 85,25 85,62 15,62 15,25 / line 50,2 50,98",
    "mu": "line 8,28 92,28 / line 50,2 50,98 / line 48,32 10,75 / line 52,32 90,75",
    "tian": "line 12,10 88,10 88,92 12,92 12,10 / line 50,10 50,92 / line 12,50 88,50",
    "aleph": "line 12,5 88,95 / line 80,5 60,55 / line 20,95 38,40",
    "ya": "line 80,0 80,100 / curve 80,2 25,5 20,35 45,50 80,50 / line 50,50 18,100",
    "zhe": "line 50,0 50,100 / line 5,0 95,100 / line 95,0 5,100",
    "lira": "line 15,5 85,5 / line 15,25 85,25 / line 30,5 30,98 + curve 30,98 75,95 88,60",
}
"""Figures, signs and letters that are in no training set, each as one style of `models/negatives/shapes.py`."""


def letter(rng: np.random.Generator) -> np.ndarray:
    """Return a picture of a letter of a font, in any size, slightly turned."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    size = int(rng.integers(*FONT_SIZES))
    font = ImageFont.truetype(folder / f"{rng.choice(FONTS)}.ttf", size)
    sheet = Image.new("L", (240, 240), 0)
    ImageDraw.Draw(sheet).text((120, 120), str(rng.choice(list(FONT_LETTERS))), 255, font, "mm")
    turned = sheet.rotate(rng.uniform(-8, 8), Image.Resampling.BICUBIC)
    return on_paper(np.asarray(turned, np.float32) / 255, rng)


def of_shapes(*styles: str) -> Callable[[np.random.Generator], np.ndarray]:
    """Return a function that draws a random one of some styles."""
    return lambda rng: on_paper(shape_drawn(styles, rng), rng)


def all_styles(table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the styles of all shapes of a table."""
    return tuple(style for styles in table.values() for style in styles)


def mark(rng: np.random.Generator) -> np.ndarray:
    """Return a picture of a dot, a blot, a dash, a comma, a tick or a scribble."""
    return on_paper(np.pad(pen_mark(rng), 20), rng)


KINDS = {
    "drawn: Latin letters": of_shapes(*all_styles(shapes.LETTERS)),
    "drawn: Greek letters": of_shapes(*all_styles(shapes.GREEK)),
    "drawn: signs": of_shapes(*all_styles(shapes.SIGNS)),
    "drawn: figures": of_shapes(*all_styles(shapes.FIGURES)),
    "drawn: scribbles, blots": lambda rng: on_paper(scribble_drawn(rng), rng),
    "dots, dashes, commas, ticks": mark,
    "letters of fonts": letter,
    "held-out figures": of_shapes(*HELD_OUT.values()),
}


def drawn(count: int, seed: int) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Yield the name of each kind without digits, and its pictures."""
    for number, (name, draw) in enumerate(KINDS.items()):
        rng = np.random.default_rng([seed, number])
        yield name, [draw(rng) for _ in range(count)]


def shown(count: int, seed: int) -> Iterator[tuple[str, list[FoundDigit]]]:
    """Yield the name of each kind without digits, and its pictures as `nn predict` prepares them."""
    for name, made in drawn(count, seed):
        yield name, [find_digit(picture, 28, 28) for picture in made]


def digits(data: Path, count: int, seed: int) -> Iterator[tuple[str, list[FoundDigit]]]:
    """Yield the name of each kind of true digits, and its pictures as `nn predict` prepares them."""
    images = artifacts.load(data, "dataset").arrays["test_images"]
    yield "digits: test images", [FoundDigit(image) for image in images]
    rng = np.random.default_rng(seed)
    photographs = (np.asarray(photos.photograph(image, rng)) for image in images[:count])
    yield "digits: photographs", [find_digit(picture, 28, 28) for picture in photographs]


def main(arguments: list[str] | None = None) -> None:
    """Print a row for each kind and network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--read", action="store_true", help="by `nn read`, pictures without digits alone")
    parser.add_argument("--sheet", type=Path, help="save what is taken for a digit of every kind, a row each")
    given = parser.parse_args(arguments)
    readers = {path.name: EnsemblePredictor(path) for path in given.weights}
    if given.read:
        strips(readers, given.pictures, given.seed)
    else:
        singles(readers, given)


def strips(readers: dict[str, EnsemblePredictor], count: int, seed: int) -> None:
    """Print in how many pictures without digits `nn read` reads something, a row for each kind and network."""
    print("| kind | network | pictures | read as digits | one with 90 % and more |\n|---|---|--:|--:|--:|")
    for name, made in drawn(count, seed):
        for title, reader in readers.items():
            read = [[one.probability for line in read_grey(picture, reader).lines for one in line] for picture in made]
            sure = sum(max(found, default=0) >= UNSURE for found in read)
            print(f"| {name} | {title} | {count} | {sum(map(bool, read))} | {sure} |", flush=True)


def singles(readers: dict[str, EnsemblePredictor], given: argparse.Namespace) -> None:
    """Print what `nn predict` says of each kind, a row for each network."""
    print("| kind | network | pictures | no digit, or several | not sure | taken for a digit |")
    print("|---|---|--:|--:|--:|--:|")
    rows = []
    for name, found in (*shown(given.pictures, given.seed), *digits(given.data, given.pictures, given.seed)):
        images = np.array([one.image for one in found])
        problems = np.array([one.problem is not None for one in found])
        for title, reader in readers.items():
            classes, digit = reader.predict(images)
            rejected = problems | (digit < MIN_DIGIT_PROBABILITY)
            taken = ~rejected & (classes.max(axis=1) * digit >= UNSURE)
            unsure = (~rejected & ~taken).mean()
            print(f"| {name} | {title} | {len(found):,} | {rejected.mean():.1%} | {unsure:.1%} | {taken.mean():.1%} |")
            if not name.startswith("digits"):
                wrong = [*images[taken][:20], *np.zeros((20, 28, 28), np.uint8)][:20]
                rows.append(np.hstack(wrong))
    if given.sheet:
        pictures.save(given.sheet, 255 - np.vstack(rows))


if __name__ == "__main__":
    main()
