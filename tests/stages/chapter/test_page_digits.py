"""The digits in the page: the bytes of the first images, and never more than the page can hold."""

import base64
import zlib

import numpy as np

from nndigits.stages.chapter.page_digits import MOST_BYTES, MOST_PIXELS, in_sixteen_levels, page_digits
from nndigits.stages.demos.shared.data import Digits


def made(train: int, test: int, height: int, width: int) -> Digits:
    rng = np.random.default_rng(0)

    def images(count: int) -> np.ndarray:
        return rng.integers(0, 256, (count, height, width), dtype=np.uint8)

    labels = [rng.integers(0, 10, count).astype(np.uint8) for count in (train, test)]
    return Digits("made-up", "", images(train), labels[0], images(test), labels[1])


def unpacked(data: dict[str, object]) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(str(data["bytes"]))), np.uint8)


def test_images_and_labels_are_in_the_page_one_after_the_other() -> None:
    digits = made(7, 3, 5, 4)
    data = page_digits(digits)
    assert [data[name] for name in ("height", "width", "train", "test")] == [5, 4, 7, 3]
    images = [in_sixteen_levels(one) for one in (digits.train_images, digits.test_images)]
    assert np.abs(images[0].astype(int) - digits.train_images).max() <= 8
    parts = (*images, digits.train_labels, digits.test_labels)
    np.testing.assert_array_equal(unpacked(data), np.concatenate([part.ravel() for part in parts]))
    assert page_digits(digits) == data
    many = made(5_100, 1_001, 2, 3)
    data = page_digits(many)
    assert (data["train"], data["test"]) == (3_800, 1_000), "of many images, the first"
    np.testing.assert_array_equal(unpacked(data)[-1_000:], many.test_labels[:1_000])


def test_of_large_images_and_of_those_that_do_not_compress_there_are_fewer() -> None:
    data = page_digits(made(33, 8, 300, 300))
    assert len(unpacked(data)) <= MOST_PIXELS + 4_800
    data = page_digits(made(2, 2, 1_300, 1_300))
    assert (data["train"], data["test"]) == (1, 1)
    data = page_digits(made(5_000, 1_000, 28, 28))
    assert len(str(data["bytes"])) <= MOST_BYTES * 4 / 3 + 4
    assert 500 < int(data["train"]) < 3_800
    assert 200 < int(data["test"]) < 1_000
