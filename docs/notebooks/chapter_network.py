# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # The chapter's network, step by step
#
# Open this file as a notebook: `pip install jupytext notebook`, then `jupyter notebook` and "Open with: Notebook".
#
# It uses MNIST, which comes with nn.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from nndigits import fetch
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import random_network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.datasets.data_artifact import load

data = Path("data.npz")
fetch(data)
arrays = load(data).arrays
images, labels = arrays["train_images"], arrays["train_labels"]
test_images, test_labels = arrays["test_images"], arrays["test_labels"]
images.shape

# %% [markdown]
# ## An image is a row of numbers
#
# Each pixel is a byte, 0 for white and 255 for black. The network takes numbers from 0 to 1, and a 1 behind them,
# whose weights are the biases.

# %%
figure, axes = plt.subplots(1, 10, figsize=(10, 1.3))
for axis, image, label in zip(axes, images, labels):
    axis.imshow(image, cmap="gray_r")
    axis.set_title(label)
    axis.axis("off")

x = as_inputs(images[:1], "float32")
x.min(), x.max(), x[0, images[0].size]

# %% [markdown]
# ## A network of random weights guesses
#
# There are as many inputs as pixels, 30 hidden neurons, and 10 outputs, one for each digit. Weights and biases are
# drawn from a normal distribution. About one image in ten is right.

# %%
rng = np.random.default_rng(0)
network = random_network([images[0].size, 30, 10], rng)
print(network)
print(network.forward(x).round(3))
f"{count_correct(network.outputs(test_images), test_labels)} of {len(test_labels)} right"

# %% [markdown]
# ## What a single image asks for
#
# The cost compares the outputs with the target y(x): 1 for the true digit, and 0 elsewhere. The gradient says for each
# weight how the cost changes with it. A small step against it makes the cost smaller.

# %%
y = one_hot(labels[:1], 10, "float32")
before = network.backpropagate(x, y)
last = network.last
gradient = np.empty_like(last.parameters)
last.gradient(gradient)
last.parameters -= 0.1 * gradient
after = network.backpropagate(x, y)
predicted = -0.1 * (gradient**2).sum()
print(f"cost {before:.4f} -> {after:.4f}; the gradient predicts a change of {predicted:.4f}")

# %% [markdown]
# ## Stochastic gradient descent
#
# Ten images at a time give an estimate of the gradient. After each mini-batch comes a small step, of learning rate 3.0.

# %%
trainer = plain_trainer(network, eta=3.0)
costs, accuracies = [], []
for _ in range(10):
    batches = mini_batches(images, labels, np.eye(10, dtype="float32"), 10, rng.permutation(len(images)))
    costs.append(train_epoch(trainer, batches, len(images)))
    accuracies.append(count_correct(network.outputs(test_images), test_labels) / len(test_labels))

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.plot(costs)
left.set(title="cost of the training images", xlabel="epoch")
right.plot(accuracies)
right.set(title="accuracy on the test images", xlabel="epoch")
accuracies[-1]

# %% [markdown]
# ## What the hidden neurons look at
#
# The weights of a hidden neuron, one for each pixel: red pixels speak for its output, blue ones against.

# %%
figure, axes = plt.subplots(3, 10, figsize=(10, 3.2))
for axis, weights in zip(axes.flat, network.layers[0].w):
    reach = abs(weights).max()
    axis.imshow(weights.reshape(images.shape[1:]), cmap="coolwarm", vmin=-reach, vmax=reach)
    axis.axis("off")

# %% [markdown]
# ## Its mistakes

# %%
outputs = network.outputs(test_images)
wrong = np.flatnonzero(outputs.argmax(axis=1) != test_labels)[:10]
figure, axes = plt.subplots(1, 10, figsize=(10, 1.5))
for axis, index in zip(axes, wrong):
    axis.imshow(test_images[index], cmap="gray_r")
    axis.set_title(f"{test_labels[index]} as {outputs[index].argmax()}", fontsize=8)
for axis in axes:
    axis.axis("off")
