"""Train scikit-learn's MLPClassifier; race.py runs this program.

    python benchmarks/racers/scikit_learn.py DATA PARAMETERS SEED THREADS OUT

The arguments and the lines of stdout are those of pytorch.py. PARAMETERS are arguments of MLPClassifier. It learns
in single precision, its faster one, and its BLAS has all threads that are given.
"""

import json
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
from clock import clock
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits


def main() -> None:
    """Train and print the two times and the two counts."""
    imported = clock()
    path, parameters, seed, threads, out = sys.argv[1:]
    with np.load(path) as arrays:
        x, y = (
            {split: arrays[f"{split}_{name}"] for split in ("train", "validation", "test")}
            for name in ("images", "labels")
        )
    x = {split: images.reshape(len(images), -1).astype(np.float32) / 255 for split, images in x.items()}
    model = MLPClassifier(random_state=int(seed), **json.loads(parameters))
    with threadpool_limits(int(threads)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the epochs are over is no surprise
        model.fit(x["train"], y["train"])
        model.predict(x["validation"])
        Path(out).write_bytes(pickle.dumps(model))
        written = clock()
        print(imported, written)
        print(*(int((model.predict(x[split]) == y[split]).sum()) for split in ("validation", "test")))


if __name__ == "__main__":
    main()
