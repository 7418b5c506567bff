"""Compare nn's support vector machine with scikit-learn's SVC(C=1, gamma="auto"): time, memory and predictions.

Each trains and classifies the test images in its own process, on as many processors as it can use. All of MNIST takes
several minutes, nearly all of them for SVC.

    python benchmarks/svm.py artifacts/data.npz [TRAIN_SIZE]
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import numpy as np


def ours(images, labels, unseen):
    """Train as in `nn baseline svm`; return the predictions."""
    from dataclasses import replace

    from threadpoolctl import threadpool_limits

    from nndigits.models.baselines import binary_svm
    from nndigits.models.baselines.svm import assemble, screening_axes
    from nndigits.stages.system.machine import processors

    parameters = {"c": 1.0, "gamma": 1 / images[0].size}
    axes = screening_axes(images)

    def fit(pair):
        first, second = (images[labels == digit] for digit in pair)
        return pair, binary_svm.fit(first, second, **parameters, axes=axes, memory=np.inf)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(processors()) as pool:
        pairs = dict(pool.map(fit, combinations(np.unique(labels).tolist(), 2)))
        machine, _ = assemble(pairs, images, labels, int(labels.max()) + 1, **parameters)
        return replace(machine, threads=processors()).outputs(unseen).argmax(axis=1)


def svc(images, labels, unseen):
    """Train scikit-learn's SVC; return the predictions."""
    from sklearn.svm import SVC

    rows, unseen = images.reshape(len(images), -1) / 255, unseen.reshape(len(unseen), -1) / 255
    return SVC(C=1, gamma="auto").fit(rows, labels).predict(unseen)


def child(which, data, size):
    """Run one of the two; write its predictions to stdout, one byte each."""
    from nndigits.stages.store import artifacts as store

    arrays = store.load(Path(data), "dataset").arrays
    predictions = which(arrays["train_images"][:size], arrays["train_labels"][:size], arrays["test_images"])
    sys.stdout.buffer.write(predictions.astype(np.uint8).tobytes())


def measure(name, data, size):
    """Run a child process; return its predictions, wall seconds, CPU seconds and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, data, size, name], stdout=subprocess.PIPE)
    predictions = np.frombuffer(process.stdout.read(), np.uint8)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed")
    wall, cpu = time.perf_counter() - started, usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return predictions, wall, cpu, peak


def main(data, size):
    """Measure both and print the comparison."""
    from nndigits.stages.store import artifacts as store

    arrays = store.load(Path(data), "dataset").arrays
    labels = arrays["test_labels"]
    train_size = min(int(size), len(arrays["train_labels"]))
    print(f"{train_size:,} training images, {len(labels):,} test images, {os.cpu_count()} processors", flush=True)
    results = {name: measure(name, data, size) for name in ("ours", "svc")}
    for name, (predictions, wall, cpu, peak) in results.items():
        right = (predictions == labels).sum()
        print(f"{name:<5} {wall:8.1f} s wall {cpu:8.1f} s CPU {peak:6.0f} MB peak   {right} right")
    (a, *fast), (b, *slow) = results.values()
    faster, less = slow[0] / fast[0], slow[1] / fast[1]
    print(f"{faster:.1f} times as fast, {less:.1f} times less CPU; the same digit on {(a == b).sum()}")


if __name__ == "__main__":
    data, size, *which = [*sys.argv[1:], *["artifacts/data.npz", "50000"][len(sys.argv) - 1 :]]
    child({"ours": ours, "svc": svc}[which[0]], data, int(size)) if which else main(data, size)
