"""Measure epochs of a convolutional network in PyTorch; convolution.py runs this program in PyTorch's environment.

    echo 2 1 | .venv-bench/bin/python benchmarks/pytorch_convolution.py DATA IMAGES

A line of stdin has the threads, and 1 for channels last in memory, PyTorch's faster layout, or else 0; a line of stdout
has the seconds of one pass through the images. The network, the mini-batch and the optimizer are those of
convolution.py. The images are converted to floats and shuffled before the clock starts.
"""

import sys
import time

import numpy as np
import torch
from torch import nn


def network() -> nn.Module:
    """Return the network of convolution.py; its softmax is in the cost."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(512, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )


def seconds(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """Train on every image once, in mini-batches of a hundred; return the seconds."""
    cost_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    started = time.perf_counter()
    for start in range(0, len(x), 100):
        optimizer.zero_grad()
        cost = cost_of(model(x[start : start + 100]), y[start : start + 100])
        cost.backward()
        optimizer.step()
    return time.perf_counter() - started


def main() -> None:
    """Print the version, then the seconds for each line of stdin."""
    with np.load(sys.argv[1]) as data:
        images, labels = (data[name][: int(sys.argv[2])] for name in ("train_images", "train_labels"))
    order = torch.randperm(len(images))
    x = torch.from_numpy(images[:, None].astype("float32") / 255)[order]
    y = torch.from_numpy(labels.astype("int64"))[order]
    layouts = {"0": torch.contiguous_format, "1": torch.channels_last}
    models = {name: network().to(memory_format=layout) for name, layout in layouts.items()}
    inputs = {name: x.to(memory_format=layout) for name, layout in layouts.items()}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        threads, channels_last = line.split()
        torch.set_num_threads(int(threads))
        print(seconds(models[channels_last], inputs[channels_last], y), flush=True)


if __name__ == "__main__":
    main()
