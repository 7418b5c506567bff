"""Measure the accuracy of `nn predict` on simulated photographs of MNIST digits.

Each image is rotated by up to 15 degrees, scaled 1 to 20 times, placed at random on a sheet with two random tones, lit
from one side, blurred, made noisy, and saved as a JPEG. The seed determines everything. `--keep` keeps the files.

    python benchmarks/photos.py DATA WEIGHTS [--split validation] [--images 1000] [--seed 0] [--keep FOLDER]
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.predict import predict
from nndigits.stages.store import artifacts

LARGEST, ROTATE = 20, 15.0


def photograph(image: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Simulate a photograph of a digit, ``(28, 28)`` with 255 for ink, on a sheet of paper."""
    scale = np.exp(rng.uniform(0, np.log(LARGEST)))
    digit = Image.fromarray(image).resize([round(side * scale) for side in image.shape[::-1]], Image.BICUBIC)
    digit = digit.rotate(rng.uniform(-ROTATE, ROTATE), Image.BICUBIC, expand=True)
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
    """Convert grey values from 0 to 1 to a picture; larger values are white."""
    return Image.fromarray(np.clip(255 * grey, 0, 255).astype(np.uint8))


def take(images: np.ndarray, folder: Path, seed: int) -> list[Path]:
    """Write a simulated photograph of each image to a folder; return the paths."""
    rng = np.random.default_rng(seed)
    paths = [folder / f"{number:05}.jpg" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        photograph(image, rng).save(path, quality=int(rng.integers(50, 95)))
    return paths


def main(arguments: list[str] | None = None) -> None:
    """Simulate photographs, classify them, and print the accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--split", default="validation")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = (arrays[f"{options.split}_{what}"][: options.images] for what in ("images", "labels"))
    clean = EnsemblePredictor(options.weights).probabilities(images).argmax(axis=1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        report = predict(take(images, folder, options.seed), options.weights)
    predictions = np.array([one.candidates[0].digit if one.candidates else -1 for one in report.predictions])
    confidence = np.array([one.candidates[0].probability if one.candidates else 0.0 for one in report.predictions])
    is_right = predictions == labels
    print(f"{report.what}; {len(labels):,} {options.split} images, seed {options.seed}")
    print(f"  as they are in MNIST  {(clean == labels).mean():.2%} right")
    print(f"  photographed          {is_right.mean():.2%} right, mean probability {confidence.mean():.2%}")
    troubles = [one.trouble for one in report.predictions]
    print(f"  no digit found        {troubles.count('none')}, taken for several {troubles.count('several')}")
    is_unsure = np.array([one.unsure for one in report.predictions])
    doubted = (is_unsure & ~is_right).sum()
    print(f"  unsure                {is_unsure.sum()}, among them {doubted} of the {(~is_right).sum()} wrong ones")
    print(f"  wrong                 {' '.join(map(str, np.flatnonzero(~is_right)[:40]))}")


if __name__ == "__main__":
    main()
