"""Train a network of nn's recipes in PyTorch; race.py runs this program in PyTorch's environment.

    .venv-bench/bin/python benchmarks/racers/pytorch.py DATA PARAMETERS SEED THREADS OUT

DATA is a data artifact of nn and PARAMETERS a JSON document of the parameters of a run. Layers, first weights,
mini-batch, cost, optimizer, schedule, weight decay, averaged weights, distortion and a validation after every epoch
are the same. Random numbers are PyTorch's, and batch normalisation has PyTorch's epsilon and momentum.

A line of stdout says when the imports are done, the next when the weights are written, in seconds since the system
started; the last has the correct validation and test images, which are counted after that.
"""

import copy
import json
import math
import re
import sys
from collections.abc import Iterator

import numpy as np
import torch
from clock import clock
from torch import nn
from torch.nn import functional

PIXELS = 28
AMOUNTS = ("rotate", "scale", "shear", "translate")


def network(line: str) -> nn.Sequential:
    """Return the layers of nn's line of text, for images of 28 x 28; softmax is in the cost."""
    layers: list[nn.Module] = []
    shape: tuple[int, ...] = (1, PIXELS, PIXELS)
    for word in [text for part in line.split(",") for text in _layers(part.split())]:
        kind, *sizes = word.split()
        if kind == "dense" and len(shape) == 3:
            layers.append(nn.Flatten())
            shape = (math.prod(shape),)
        if kind == "conv":
            k = int(sizes[1].split("x")[0])
            layers.append(nn.Conv2d(shape[0], int(sizes[0]), k))
            shape = int(sizes[0]), shape[1] - k + 1, shape[2] - k + 1
        elif kind == "max":
            size = int(sizes[0].split("x")[0])
            layers.append(nn.MaxPool2d(size))
            shape = shape[0], shape[1] // size, shape[2] // size
        elif kind == "norm":
            layers.append(nn.BatchNorm2d(shape[0]) if len(shape) == 3 else nn.BatchNorm1d(shape[0]))
        elif kind == "dropout":
            layers.append(nn.Dropout(float(sizes[0])))
        elif kind == "dense":
            layers.append(nn.Linear(shape[0], int(sizes[0])))
            shape = (int(sizes[0]),)
        else:
            layers.append({"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "softmax": nn.Identity}[kind]())
    for layer in layers:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            fan_in = layer.weight[0].numel()
            nn.init.normal_(layer.weight, std=math.sqrt(2 / fan_in))
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


def _layers(words: list[str]) -> list[str]:
    """Return a layer and the activation that follows it as two texts."""
    if len(words) > 1 and words[-1] in ("relu", "sigmoid", "tanh", "softmax"):
        return [" ".join(words[:-1]), words[-1]]
    return [" ".join(words)]


def factor(schedule: str, warm_up: float, progress: float) -> float:
    """Return nn's factor on eta (models/training/schedules.py)."""
    if progress < warm_up:
        return progress / warm_up
    progress = (progress - warm_up) / (1 - warm_up)
    if schedule == "linear":
        return 1 - progress
    if schedule == "one-cycle":
        if progress < 0.3:
            return 0.04 + 0.96 * (1 - math.cos(math.pi * progress / 0.3)) / 2
        return (1 + math.cos(math.pi * (progress - 0.3) / 0.7)) / 2
    return 1.0


def distorted(x: torch.Tensor, most: dict[str, float]) -> torch.Tensor:
    """Rotate, scale, shear and translate each image at random, as models/augmentation/affine.py does."""
    angle, taller, wider, shear, down, right = 2 * torch.rand(6, len(x)) - 1
    angle = torch.deg2rad(angle * most["rotate"])
    cos, sin, shear = torch.cos(angle), torch.sin(angle), shear * most["shear"]
    taller, wider = 1 + most["scale"] * taller, 1 + most["scale"] * wider
    step = 2 * most["translate"] / PIXELS  # grid_sample measures an image from -1 to 1
    across = torch.stack([cos * wider, (sin + cos * shear) * taller, step * right], dim=1)
    below = torch.stack([-sin * wider, (cos - sin * shear) * taller, step * down], dim=1)
    grid = functional.affine_grid(torch.stack([across, below], dim=1), list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, align_corners=False)


def mini_batches(x: torch.Tensor, y: torch.Tensor, run: dict) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield the mini-batches of an epoch, in a random order, distorted as the run says."""
    amounts = dict.fromkeys(AMOUNTS, 0.0)
    amounts |= {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+)", run["distort"])}
    for chosen in torch.randperm(len(x)).split(run["batch"]):
        images = x[chosen].float().div_(255)
        yield distorted(images, amounts) if any(amounts.values()) else images, y[chosen]


def train(model: nn.Module, data: dict[str, torch.Tensor], run: dict, layout: torch.memory_format) -> nn.Module:
    """Train as the run says, and count the correct validation images after each epoch; return the trained network."""
    x, y = data["train_images"], data["train_labels"]
    momentum = 0.9 if run["optimizer"] != "sgd" else 0.0
    weights = [layer.weight for layer in model if isinstance(layer, nn.Conv2d | nn.Linear)]
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=momentum, nesterov=run["optimizer"] == "nesterov")
    average = copy.deepcopy(model) if run["average"] else None
    cost_of = nn.CrossEntropyLoss(label_smoothing=run["label_smoothing"])
    step, steps = 0, run["epochs"] * -(-len(x) // run["batch"])
    for _ in range(run["epochs"]):
        model.train()
        for images, labels in mini_batches(x, y, run):
            eta = run["eta"] * factor(run["schedule"], run["warm_up"], (step + 0.5) / steps)
            optimizer.param_groups[0]["lr"] = eta
            optimizer.zero_grad()
            cost_of(model(images.contiguous(memory_format=layout)), labels).backward()
            with torch.no_grad():
                if run["l2"]:
                    torch._foreach_mul_(weights, 1 - eta * run["l2"] / len(x))
                optimizer.step()
                step += 1
                if average is not None:
                    share = 1 - min(run["average"], (1 + step) / (10 + step))
                    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), share)
        if average is not None:
            for old, new in zip(average.buffers(), model.buffers(), strict=True):
                old.copy_(new)
        correct(average or model, data, "validation", layout)
    return average or model


@torch.no_grad()
def correct(model: nn.Module, data: dict[str, torch.Tensor], split: str, layout: torch.memory_format) -> int:
    """Return how many images of a split the network reads correctly."""
    model.eval()
    pieces = zip(data[f"{split}_images"].split(500), data[f"{split}_labels"].split(500), strict=True)
    return sum(
        int((model(x.float().div_(255).contiguous(memory_format=layout)).argmax(1) == y).sum()) for x, y in pieces
    )


def main() -> None:
    """Train and print the two times and the two counts."""
    imported = clock()
    path, parameters, seed, threads, out = sys.argv[1:]
    run = json.loads(parameters)
    torch.set_num_threads(int(threads))
    torch.manual_seed(int(seed))
    with np.load(path) as arrays:
        data = {
            name: torch.from_numpy(arrays[name]) for name in arrays.files if name.split("_")[-1] in ("images", "labels")
        }
    for name in data:
        data[name] = data[name][:, None] if name.endswith("images") else data[name].long()
    layout = torch.channels_last if "conv" in run["layers"] else torch.contiguous_format
    model = train(network(run["layers"]).to(memory_format=layout), data, run, layout)
    torch.save(model.state_dict(), out)
    written = clock()
    print(imported, written)
    print(*(correct(model, data, split, layout) for split in ("validation", "test")))


if __name__ == "__main__":
    main()
