"""The page's own maths against Python's: preparation, layers, calibration and the vote, in Node."""

from pathlib import Path

import numpy as np
import page_scripts
import pytest
from freehand import drawings, render
from random_networks import save_random

from nndigits.models.images.digit_finder import find_digit
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.pages.networks import ACTIVATIONS

pytestmark = pytest.mark.skipif(
    page_scripts.node() is None, reason="the page's modules are run by Node, which is not here"
)

HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]
LAYERS = [
    *(f"dense 9 {name}, dense 10 softmax" for name in HIDDEN),
    "dense 10 sigmoid",
    "conv 4 5x5, max 2, relu, conv 6 3x3 tanh, flatten, dense 12 sigmoid, dense 10 sigmoid",
    "conv 3 4x4, norm, relu, max 3, flatten, norm, dropout 0.3, dense 11 softplus, norm, dense 10 softmax",
    "max 2, flatten, dense 7 leaky-relu, dense 10 softmax",
]
STROKES = [strokes for _, _, strokes in drawings(10, 1)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One network for every activation and layer, and one with a reject class."""
    folder = tmp_path_factory.mktemp("weights")
    paths = [save_random(folder / f"{number}.npz", layers) for number, layers in enumerate(LAYERS)]
    return [*paths, save_random(folder / "rejects.npz", "dense 8 relu, dense 11 softmax", rejects=True)]


def frame(height: int, width: int) -> np.ndarray:
    """Draw the box of a form, two pixels thick, some way from the edges of a picture."""
    box = np.zeros((height, width))
    box[8:-8, 8:-8] = 1
    box[10:-10, 10:-10] = 0
    return box


def two_in_a_tight_crop() -> np.ndarray:
    """Draw a 2 whose straight base reaches from edge to edge."""
    two = np.eye(40, 30)[::-1] + np.eye(40, 30, 1)[::-1]
    two[1:4, 4:-4] = two[1:14, -6:-3] = two[-4:-1] = 1
    return np.minimum(two, 1)


def pictures() -> dict[str, np.ndarray]:
    """Pictures as people have them: dark or light, noisy, ruled, large, small, empty, with several digits."""
    rng = np.random.default_rng(5)
    ink = 1 - render(STROKES[3]).astype(float) / 255
    light = np.linspace(0.6, 1, ink.shape[1])
    shadow = np.where(np.arange(ink.shape[1]) > 0.4 * ink.shape[1], 0.55, 1)
    lamp = 0.4 + 0.6 * np.outer(np.hanning(len(ink)), np.hanning(ink.shape[1]))
    noise = rng.normal(0, 0.03, ink.shape)
    ruled = np.maximum(ink, 0.5 * (np.arange(len(ink))[:, None] % 30 < 2) * np.ones_like(ink))
    shades = {
        "uneven light": light * (1 - 0.8 * ink),
        "a shadow": shadow * (0.9 - 0.7 * ink),
        "a lamp": lamp * (0.9 - 0.7 * ink),
        "chalk under a lamp": lamp * (0.2 + 0.7 * ink),
        "light on dark": 0.1 + 0.8 * ink,
        "noise": 0.9 - 0.7 * ink + noise,
        "ruled lines": 0.95 - 0.8 * ruled,
        "large": np.kron(1 - ink, np.ones((3, 4))),
        "far away": np.pad(1 - ink, ((300, 40), (20, 700)), constant_values=1),
        "several": 1 - np.hstack([ink, ink]),
        "thin": 1 - (ink > 0.99) * (np.indices(ink.shape).sum(axis=0) % 2),
        "a blot": 1 - np.pad(np.tri(20, 22, 15), 40),
        "a dash": 1 - np.pad(np.tri(9, 50, 45), 30),
        "fills its picture": 1 - ink[np.ix_(ink.any(axis=1), ink.any(axis=0))],
        "in a printed box": 1 - np.maximum(np.pad(ink, 20), frame(ink.shape[0] + 40, ink.shape[1] + 40)),
        "overexposed": np.minimum(1.25 - 0.8 * ink * light, 1),
        "brighter in the middle": (0.7 - 0.15 * ink)
        * (0.9 + 0.1 * np.outer(np.hanning(len(ink)), np.hanning(len(light)))),
        "the base of a 2": 1 - 0.8 * two_in_a_tight_crop(),
        "empty": np.ones((50, 40)),
        "black": np.zeros((30, 30)),
        "noise alone": 0.8 + 2 * noise,
        "a pixel": np.ones((1, 1)),
    }
    found = {name: np.clip(np.rint(255 * one), 0, 255).astype(np.uint8) for name, one in shades.items()}
    mnist = find_digit(found["noise"], 28, 28).image
    return {**found, "as MNIST": mnist, "not centred": np.roll(mnist, 3, axis=1), "faint": mnist // 3}


def test_the_page_reads_drawings_and_pictures_as_python_does(weights: list[Path]) -> None:
    own = pictures()
    answers = page_scripts.in_node(weights, STROKES, list(own.values()))
    names = [*(f"drawing {number}" for number in range(len(STROKES))), *own]
    every = [*map(render, STROKES), *own.values()]
    found = [find_digit(one, 28, 28) for one in every]
    pages = [*answers["drawings"], *answers["pictures"]]
    for name, python, page in zip(names, found, pages, strict=True):
        assert page["problem"] == python.problem, name
        apart = np.abs(np.reshape(page["image"], (28, 28)).astype(int) - python.image)
        assert apart.max() <= 1, name
    assert {one.problem for one in found} == {None, "none", "several"}
    same = [place for place, one in enumerate(found) if np.array_equal(one.image.ravel(), pages[place]["image"])]
    assert len(same) >= len(found) - 3
    images, read = np.array([found[place].image for place in same]), [pages[place]["read"] for place in same]
    readers = [*map(EnsemblePredictor, weights), EnsemblePredictor(weights)]
    for place, reader in enumerate(readers):
        difference, other = page_scripts.compare(reader, place, images, read)
        assert difference <= 1e-4, reader
        assert not other


def test_images_of_another_size_are_prepared_for_it(tmp_path: Path) -> None:
    weights = save_random(tmp_path / "small.npz", "dense 6 tanh, dense 10 softmax", image=(9, 8))
    answers = page_scripts.in_node([weights], STROKES[:3])
    for strokes, page in zip(STROKES, answers["drawings"], strict=False):
        np.testing.assert_array_equal(np.reshape(page["image"], (9, 8)), find_digit(render(strokes), 9, 8).image)
