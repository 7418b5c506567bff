"""The thirty lines that a beginner would write to read a strip, as a baseline for `nn read`.

Otsu's threshold parts ink from paper, each connected component is a digit, and its box is scaled to 20 x 20 pixels.
"""

import numpy as np
from strips import cropped, scaled

from nndigits.models.images.components import components

SMALLEST = 0.3
"""Components lower than this share of the highest are noise."""

BOX, SIDE = 20, 28


def read(picture: np.ndarray, predictor) -> str:
    """Read the digits of a picture, ``(height, width)`` bytes, from left to right."""
    grey = picture / 255
    if np.median(grey) > 0.5:
        grey = 1 - grey
    ink = np.where(grey > otsu(grey), grey, 0)
    parts = components(ink > 0)
    heights = parts.bottom - parts.top
    if not len(heights):
        return ""
    kept = np.flatnonzero(heights > SMALLEST * heights.max())
    images = [
        boxed(np.where(parts.labels == number + 1, ink, 0)) for number in kept[np.argsort(parts.left[kept])].tolist()
    ]
    return "".join(map(str, predictor.probabilities(np.array(images)).argmax(axis=1)))


def otsu(grey: np.ndarray) -> float:
    """Return the threshold that maximises the variance between the two classes."""
    counts = np.bincount(np.rint(255 * grey).astype(int).ravel(), minlength=256)
    above = counts[::-1].cumsum()[::-1][1:]  # with a level of 1 or more, 2 or more, and so on
    sums = (counts * np.arange(256))[::-1].cumsum()[::-1][1:]
    total, size = counts @ np.arange(256), counts.sum()
    variance = (sums - above / size * total) ** 2 / np.maximum(above / size * (1 - above / size), 1e-9)
    return (variance.argmax() + 0.5) / 255


def boxed(ink: np.ndarray) -> np.ndarray:
    """Scale the ink of one digit to the box, and move its centre of mass to the middle of the image."""
    digit = cropped(ink)
    digit = scaled(digit, BOX / max(digit.shape)) / digit.max()
    image = np.zeros((SIDE, SIDE))
    at = [
        int(np.clip(round(SIDE / 2 - sums @ np.arange(len(sums)) / sums.sum() - 0.5), 0, SIDE - len(sums)))
        for sums in (digit.sum(axis=1), digit.sum(axis=0))
    ]
    image[at[0] : at[0] + digit.shape[0], at[1] : at[1] + digit.shape[1]] = digit
    return np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
