"""How many digits are read right from photographs of them? Simulated: each MNIST image drawn anew, as ink on paper.

Each is turned by up to 15 degrees, scaled 1 to 20 times, put somewhere on a sheet, in ink and on paper of any two
tones, lit from one side, blurred, grained, and saved as JPEG; a seed decides all of it. `--kept FOLDER` keeps some.

    python benchmarks/photos.py DATA WEIGHTS [--split validation] [--images 1000] [--seed 0] [--kept FOLDER]
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from nn.models.image import as_mnist
from nn.models.ink import ink
from nn.stages import pictures, store
from nn.stages.reader import Reader


def photograph(image: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """A digit, ``(28, 28)`` with 255 for ink, as a camera would have it on a sheet of paper."""
    scale = np.exp(rng.uniform(0, np.log(20)))
    digit = Image.fromarray(image).resize([max(1, round(side * scale)) for side in image.shape[::-1]], Image.BICUBIC)
    digit = digit.rotate(rng.uniform(-15, 15), Image.BICUBIC, expand=True)
    margins = rng.uniform(0, 0.5, 4) * digit.width
    left, top, right, bottom = margins.round().astype(int)
    sheet = Image.new("L", (digit.width + left + right, digit.height + top + bottom))
    sheet.paste(digit, (left, top))
    coverage = np.asarray(sheet, np.float32) / 255
    paper, darkness = rng.uniform(0.55, 1), rng.uniform(0.45, 0.95)
    height, width = coverage.shape
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.5)
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    light = 1 + slope * (np.cos(angle) * y + np.sin(angle) * x)
    grey = paper * light * (1 - darkness * coverage)
    lit = Image.fromarray(np.clip(grey * 255, 0, 255).astype(np.uint8))
    blurred = lit.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 0.04) * 20 * scale)))
    grain = rng.normal(0, rng.uniform(0, 0.04), (height, width)) * 255
    return Image.fromarray(np.clip(np.asarray(blurred) + grain, 0, 255).astype(np.uint8))


def main(arguments: list[str] | None = None) -> None:
    """Photograph, read, and print how many are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--split", default="validation")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kept", type=Path)
    asked = parser.parse_args(arguments)
    arrays, reader, rng = (
        store.load(asked.data, "dataset").arrays,
        Reader(asked.weights),
        np.random.default_rng(asked.seed),
    )
    images, labels = arrays[f"{asked.split}_images"][: asked.images], arrays[f"{asked.split}_labels"][: asked.images]
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.kept or Path(temporary)
        folder.mkdir(exist_ok=True)
        seen = []
        for number, image in enumerate(images):
            path = folder / f"{number}.jpg"
            photograph(image, rng).save(path, quality=int(rng.integers(50, 95)))
            seen.append(as_mnist(ink(pictures.load(path)), *reader.image))
    if asked.kept:
        np.savez("/tmp/p_photos.npz", seen=np.array(seen), labels=labels, images=images)
    for name, read in {"as they are in MNIST": images, "photographed": np.array(seen)}.items():
        right = (reader.probabilities(read).argmax(axis=1) == labels).mean()
        print(f"{reader}, {len(labels):,} {asked.split} images {name}: {right:.2%} right")


if __name__ == "__main__":
    main()
