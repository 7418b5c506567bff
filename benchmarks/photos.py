"""How many digits are read right from photographs? Simulated: images of MNIST drawn anew, as ink on paper.

Each is turned by up to 15 degrees, made 1 to 20 times as large, put somewhere on a sheet, in ink and on paper of any
two tones, lit from one side, blurred, grained, and saved as a JPEG; the seed decides all of it. `--keep` keeps them.

    python benchmarks/photos.py DATA WEIGHTS [--split validation] [--images 1000] [--seed 0] [--keep FOLDER]
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.predict import predict
from nn.stages.store import artifacts

LARGEST, TURN = 20, 15.0


def photograph(image: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """A digit, ``(28, 28)`` with 255 for ink, as a camera would have it on a sheet of paper."""
    scale = np.exp(rng.uniform(0, np.log(LARGEST)))
    digit = Image.fromarray(image).resize([round(side * scale) for side in image.shape[::-1]], Image.BICUBIC)
    digit = digit.rotate(rng.uniform(-TURN, TURN), Image.BICUBIC, expand=True)
    left, top, right, bottom = (rng.uniform(0, 0.5, 4) * digit.width).round().astype(int).tolist()
    sheet = Image.new("L", (digit.width + left + right, digit.height + top + bottom))
    sheet.paste(digit, (left, top))
    coverage = np.asarray(sheet, np.float32) / 255
    paper, darkness = rng.uniform(0.55, 1), rng.uniform(0.45, 0.95)
    angle, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.5)
    y, x = (np.linspace(-0.5, 0.5, length) for length in coverage.shape)
    light = 1 + slope * (np.cos(angle) * y[:, None] + np.sin(angle) * x)
    lit = as_picture(paper * light * (1 - darkness * coverage))
    blurred = lit.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 0.8) * scale)))
    grain = rng.normal(0, rng.uniform(0, 0.04), coverage.shape)
    return as_picture(np.asarray(blurred) / 255 + grain)


def as_picture(grey: np.ndarray) -> Image.Image:
    """Grey from 0 to 1 as a picture; what is brighter is white."""
    return Image.fromarray(np.clip(255 * grey, 0, 255).astype(np.uint8))


def take(images: np.ndarray, folder: Path, seed: int) -> list[Path]:
    """Photograph each image into a file of a folder."""
    rng = np.random.default_rng(seed)
    paths = [folder / f"{number:05}.jpg" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        photograph(image, rng).save(path, quality=int(rng.integers(50, 95)))
    return paths


def main(arguments: list[str] | None = None) -> None:
    """Photograph, read, and print how many are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--split", default="validation")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args(arguments)
    arrays = artifacts.load(asked.data, "dataset").arrays
    images, labels = (arrays[f"{asked.split}_{what}"][: asked.images] for what in ("images", "labels"))
    clean = EnsemblePredictor(asked.weights).probabilities(images).argmax(axis=1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = predict(take(images, folder, asked.seed), asked.weights)
    answers = np.array([one.candidates[0].digit if one.candidates else -1 for one in report.predictions])
    sure = np.array([one.candidates[0].probability if one.candidates else 0.0 for one in report.predictions])
    right = answers == labels
    print(f"{report.what}; {len(labels):,} {asked.split} images, seed {asked.seed}")
    print(f"  as they are in MNIST  {(clean == labels).mean():.2%} right")
    print(f"  photographed          {right.mean():.2%} right, {sure.mean():.2%} claimed")
    troubles = [one.trouble for one in report.predictions]
    print(f"  no digit found        {troubles.count('none')}, taken for several {troubles.count('several')}")
    unsure = np.array([one.unsure for one in report.predictions])
    doubted = (unsure & ~right).sum()
    print(f"  said to be unsure     {unsure.sum()}, among them {doubted} of the {(~right).sum()} wrong ones")
    print(f"  wrong                 {' '.join(map(str, np.flatnonzero(~right)[:40]))}")


if __name__ == "__main__":
    main()
