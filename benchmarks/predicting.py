"""Measure `nn predict` as a whole process, for one picture and for a folder of a thousand.

The pictures are those of photos.py. The fastest of several runs counts, because other programs only add time.

    python benchmarks/predicting.py DATA WEIGHTS
"""

import argparse
import tempfile
from pathlib import Path

from machine import machine, print_table
from photos import take
from process import NN, run

from nndigits.stages.store import artifacts


def main(arguments: list[str] | None = None) -> None:
    """Simulate photographs, run the processes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    images = artifacts.load(options.data, "dataset").arrays["validation_images"][: options.images]
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        one, *_ = take(images, folder, seed=0)
        for name, what, pictures in (("one picture", one, 1), (f"a folder of {len(images):,}", folder, len(images))):
            runs = [run((NN, "predict", what, "--weights", options.weights, "-q")) for _ in range(options.rounds)]
            wall, cpu, peak = (min(figures) for figures in zip(*runs, strict=True))
            rows.append([name, f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}", f"{pictures / wall:.0f}"])
    print(f"{machine()}; least of {options.rounds}")
    print_table(["nn predict", "wall, s", "CPU, s", "peak, MB", "pictures a second"], rows)


if __name__ == "__main__":
    main()
