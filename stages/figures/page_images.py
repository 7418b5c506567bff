"""Small images in a page itself, as the addresses of PNG files."""

import base64
import io

import numpy as np

from nndigits.models.arrays.types import Array, Bytes

RED, BLUE = (178, 24, 43), (33, 102, 172)
"""The ends of the colours of signed numbers; 0 is white."""


def grey_address(image: Bytes) -> str:
    """Return the address of an image of grey values, ``(height, width)``, drawn dark on light."""
    return _address(255 - image)


def signed_address(image: Array, reach: float) -> str:
    """Return the address of an image of numbers, ``(height, width)``: red from ``-reach`` to white at 0, then blue."""
    scaled = np.clip(image / (reach or 1.0), -1, 1)[..., None]
    colours = np.where(scaled < 0, RED, BLUE)
    return _address(np.rint(255 + np.abs(scaled) * (colours - 255)).astype(np.uint8))


def _address(pixels: Bytes) -> str:
    from PIL import Image

    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG")
    return f"data:image/png;base64,{base64.b64encode(encoded.getvalue()).decode()}"
