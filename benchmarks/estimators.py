"""NetworkClassifier beside scikit-learn's MLPClassifier, on scikit-learn's own sets and, if named, on MNIST.

    python benchmarks/estimators.py [DATA]

DATA is a data artifact of `nn fetch`. On it, both train once on the training images, and are measured on the test
images.
"""

import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nndigits.sklearn import DarknessClassifier, NetworkClassifier
from nndigits.stages.datasets import data_artifact

SETS = {"digits": load_digits, "breast cancer": load_breast_cancer, "wine": load_wine}
FOLDS = 5


def classifiers() -> dict[str, Any]:
    """Return the classifiers, with 30 hidden neurons, all samples for training, and else their usual parameters."""
    return {
        "NetworkClassifier": NetworkClassifier(
            epochs=30, eta=0.5, cost="cross-entropy", init="N(0,1/n)", validation_fraction=0
        ),
        "MLPClassifier": MLPClassifier((30,), max_iter=300, random_state=0),
        "DarknessClassifier": DarknessClassifier(),
    }


def rows(data: Path | None) -> Iterator[tuple[str, str, str, float]]:
    """Yield the set, the classifier, its accuracy as text, and the seconds that it took."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for name, load in SETS.items():
        x, y = load(return_X_y=True)
        for title, classifier in classifiers().items():
            started = time.perf_counter()
            scores = cross_val_score(make_pipeline(StandardScaler(), classifier), x, y, cv=folds)
            taken = time.perf_counter() - started
            yield name, title, f"{100 * scores.mean():.1f} ± {100 * scores.std():.1f} %", taken
    if data is not None:
        arrays = data_artifact.load(data).arrays
        train, test = (
            arrays[f"{part}_images"].reshape(len(arrays[f"{part}_images"]), -1) for part in ("train", "test")
        )
        for title, classifier in {
            "the chapter's network": NetworkClassifier(validation_fraction=0),
            "NetworkClassifier": NetworkClassifier(
                activation="relu", cost="log-likelihood", init="he", optimizer="adam", eta=0.001, validation_fraction=0
            ),  # as MLPClassifier is
            "MLPClassifier": MLPClassifier((30,), max_iter=30, batch_size=10, random_state=0),
            "DarknessClassifier": DarknessClassifier(),
        }.items():
            scale = np.float32(255) if title == "MLPClassifier" else 1
            started = time.perf_counter()
            classifier.fit(train / scale if scale != 1 else train, arrays["train_labels"])
            taken = time.perf_counter() - started
            score = classifier.score(test / scale if scale != 1 else test, arrays["test_labels"])
            yield "MNIST", title, f"{100 * score:.2f} %", taken


def main() -> None:
    """Print a Markdown table."""
    warnings.simplefilter("ignore")  # MLPClassifier warns where it has not converged
    print("| set | classifier | accuracy | seconds |\n|---|---|---:|---:|")
    for name, title, accuracy, taken in rows(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(f"| {name} | {title} | {accuracy} | {taken:.2f} |", flush=True)


if __name__ == "__main__":
    main()
