"""Measure epochs of PyTorch, in the environment that `make bench` installs it in; epoch.py runs this program.

    echo 30 2 10 3.0 | .venv-bench/bin/python benchmarks/pytorch.py DATA

A line of stdin has the hidden neurons, the threads, the mini-batch and the learning rate; a line of stdout has the
seconds of one epoch. The training loop is that of tutorials. All images are shuffled before the loop, so that a
mini-batch is a slice. PyTorch's cost is also a mean over the outputs; the learning rate compensates for that.
"""

import sys
import time

import numpy as np
import torch
from torch import nn


def epoch(x: torch.Tensor, y: torch.Tensor, hidden: int, size: int, eta: float) -> float:
    """Train a new network for one epoch; return the seconds."""
    outputs = y.shape[1]
    model = nn.Sequential(nn.Linear(x.shape[1], hidden), nn.Sigmoid(), nn.Linear(hidden, outputs), nn.Sigmoid())
    cost_of = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=eta * outputs / 2)
    started = time.perf_counter()
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    for start in range(0, len(x), size):
        optimizer.zero_grad()
        cost = cost_of(model(x[start : start + size]), y[start : start + size])
        cost.backward()
        optimizer.step()
    return time.perf_counter() - started


def main() -> None:
    """Print the version, then the seconds for each line of stdin."""
    with np.load(sys.argv[1]) as data:
        images, labels = data["train_images"], data["train_labels"]
    x = torch.from_numpy(images.reshape(len(images), -1).astype("float32") / 255)
    y = nn.functional.one_hot(torch.from_numpy(labels.astype("int64")), 10).float()
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        hidden, threads, size, eta = line.split()
        torch.set_num_threads(int(threads))
        print(epoch(x, y, int(hidden), int(size), float(eta)), flush=True)


if __name__ == "__main__":
    main()
