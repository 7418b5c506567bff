# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # One's own digits
#
# From a picture to a prediction: how a photograph becomes an image like those of MNIST, and what a network predicts.
# Put your own pictures, as PNG files, into the folder `pictures`. If it has none, the notebook draws three.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw

folder = Path("pictures")
folder.mkdir(exist_ok=True)


def draw(name, strokes, width=14, ink=60, paper=200):
    """Draw lines on grey paper, darker on the right, as a lamp on the left would have it."""
    picture = Image.new("L", (220, 260), paper)
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        pen.line(stroke, fill=ink, width=width, joint="curve")
    light = np.linspace(1, 0.7, 220)
    Image.fromarray((np.asarray(picture) * light).astype(np.uint8)).save(folder / name)


if not list(folder.glob("*.png")):
    draw("one.png", [[(115, 50), (105, 210)]])
    draw("seven.png", [[(50, 70), (160, 60), (90, 210)]])
    draw("four.png", [[(70, 50), (60, 130), (150, 125)], [(140, 60), (130, 215)]])
pictures = sorted(folder.glob("*.png"))

# %% [markdown]
# ## What the network sees
#
# The background is estimated and divided away, the strokes are made as thick as those of MNIST, and the digit is
# scaled to 20 x 20 and centred by mass in 28 x 28.

# %%
from nndigits.models.images.digit_finder import find_digit

found = {path.name: find_digit(np.asarray(Image.open(path).convert("L")), 28, 28) for path in pictures}
figure, axes = plt.subplots(2, len(pictures), figsize=(2.2 * len(pictures), 4.6))
for column, path in zip(axes.T, pictures):
    column[0].imshow(Image.open(path), cmap="gray", vmin=0, vmax=255)
    column[1].imshow(found[path.name].image, cmap="gray_r")
    column[0].set_title(path.name)
    for axis in column:
        axis.axis("off")

# %% [markdown]
# ## What the network predicts
#
# `predict` reads pictures with the network that comes with nn. It was trained on MNIST, and knows what is no digit.

# %%
from nndigits import predict

for prediction in predict(pictures).predictions:
    for candidate in prediction.candidates:
        print(prediction.name, candidate.digit, f"{candidate.probability:.1%}", "not sure" if prediction.unsure else "")

# %% [markdown]
# ## A network of one's own
#
# The recipe `sprint` trains a small convolutional network on MNIST in seconds.

# %%
from nndigits import NetworkClassifier, fetch
from nndigits.stages.datasets.data_artifact import load

data = Path("data.npz")
fetch(data)
arrays = load(data).arrays
images, test_images = (arrays[f"{split}_images"].reshape(-1, 28 * 28) for split in ("train", "test"))
network = NetworkClassifier.from_recipe("sprint").fit(images, arrays["train_labels"])
print(f"{network.score(test_images, arrays['test_labels']):.1%} of the test images are right")

# %% [markdown]
# `save` writes weights that `nn show`, `nn predict` and `nn draw` read.

# %%
network.save("own.npz")

for prediction in predict(pictures, Path("own.npz")).predictions:
    first = prediction.candidates[0]
    print(prediction.name, first.digit, f"{first.probability:.0%}", "not sure" if prediction.unsure else "")
