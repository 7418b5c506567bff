"""Data augmentation: compared with SciPy's interpolation and smoothed noise, and reproducible by the seed."""

import numpy as np
import pytest
from scipy.ndimage import affine_transform, gaussian_filter, map_coordinates, shift

from nndigits.models.augmentation import affine
from nndigits.models.augmentation.distort import PIECE, Distorter, sample_positions
from nndigits.models.augmentation.elastic import displacements
from nndigits.models.augmentation.interpolation import BilinearSampler
from nndigits.models.augmentation.shifts import shifted
from nndigits.models.augmentation.specification import Distortion, default_distortion, parse_distortion
from nndigits.models.network.inputs import as_inputs

NOTHING = Distortion(0, 0, 0, 0)
ALL = Distortion(elastic=34)


def noise(m: int = 6, height: int = 28, width: int = 28) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (m, height, width), np.uint8)


def distorted(images: np.ndarray, distortion: Distortion, seed: int = 0) -> np.ndarray:
    out = np.full((len(images), images.shape[1] * images.shape[2] + 1), np.nan, np.float32)
    return Distorter(images.shape[1:], distortion, np.random.default_rng(seed)).fill(images, out)


@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (5, 9)])
def test_interpolation_agrees_with_scipy_to_a_grey_level(shape) -> None:
    images = noise(6, *shape)
    sampler, out = BilinearSampler(6, *shape), np.empty((6, shape[0] * shape[1]), np.float32)
    sample_positions(sampler.positions, shape, Distortion(30, 0.3, 0.5, 4, 40), np.random.default_rng(2))
    positions = sampler.positions.copy()
    sampler.sample(images, out)
    for image, y, x, found in zip(images / 255, *positions, out, strict=True):
        # with a border of zeros, so that SciPy fades into zeros too
        expected = map_coordinates(np.pad(image, 1), [y + 1, x + 1], order=1)
        np.testing.assert_allclose(found, expected, atol=1 / 255)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_distortion_leaves_images_unchanged(dtype) -> None:
    images = noise(PIECE + 1, 7, 10)
    out = np.empty((len(images), 71), dtype)
    Distorter((7, 10), NOTHING, np.random.default_rng(0)).fill(images, out)
    np.testing.assert_array_equal(out, as_inputs(images, dtype))


def test_affine_distortion_is_the_matrix_that_was_drawn() -> None:
    image = noise(1, 9, 9)
    coefficients = affine.random_affine(1, (9, 9), Distortion(), np.random.default_rng(5))[:, 0].astype(float)
    sampler, out = BilinearSampler(1, 9, 9), np.empty((1, 81), np.float32)
    sample_positions(sampler.positions, (9, 9), Distortion(), np.random.default_rng(5))
    sampler.sample(image, out)
    matrix, middle = coefficients[:, :2], np.array([5, 5])  # of the image with a border of zeros
    offset = coefficients[:, 2] + 1 - matrix @ middle
    expected = affine_transform(np.pad(image[0] / 255, 1), matrix, offset, order=1)[1:-1, 1:-1]
    np.testing.assert_allclose(out[0], expected.ravel(), atol=1 / 255)


@pytest.mark.parametrize(
    ("distortion", "expected"),
    [
        (Distortion(90, 0, 0, 0), lambda c: np.hypot(*c[:, :2].T) - 1),  # the rows of a rotation have length 1,
        (Distortion(90, 0, 0, 0), lambda c: c[0, 0] - c[1, 1]),  # and it is the same both ways
        (Distortion(0, 0, 0.5, 0), lambda c: c[0] - [1, 0, 4.5]),  # shear leaves the rows where they are
        (Distortion(0, 0.2, 0, 0), lambda c: [c[0, 1], c[1, 0]]),  # scaling does not mix the axes
    ],
    ids=["rotation keeps lengths", "rotation", "shear", "scale"],
)
def test_each_part_does_what_its_name_says(distortion, expected) -> None:
    coefficients = affine.random_affine(50, (10, 10), distortion, np.random.default_rng(0))
    for one in coefficients.transpose(1, 0, 2):
        np.testing.assert_allclose(expected(one), 0, atol=1e-6)


def test_parts_are_drawn_evenly_up_to_their_limits() -> None:
    rotated, scaled, sheared, translated = (
        affine.random_affine(20_000, (10, 10), distortion, np.random.default_rng(0))
        for distortion in map(parse_distortion, ("rotate 10", "scale 0.1", "shear 0.2", "translate 3"))
    )
    degrees = np.degrees(np.arctan2(rotated[1, :, 0], rotated[0, :, 0]))
    drawn = {10: degrees, 0.1: scaled[0, :, 0] - 1, 0.2: sheared[1, :, 0], 3: translated[1, :, 2] - 4.5}
    for most, values in drawn.items():
        assert 0.99 * most < np.abs(values).max() <= most * (1 + 1e-5)
        assert abs(values.mean()) < 0.03 * most
        assert np.abs(values).mean() == pytest.approx(most / 2, rel=0.02)


@pytest.mark.parametrize(("shape", "alpha", "sigma"), [((28, 28), 34, 4), ((8, 8), 5, 1.5), ((12, 20), 60, 9)])
def test_elastic_fields_have_the_spread_and_smoothness_of_smoothed_noise(shape, alpha, sigma) -> None:
    fields = displacements(4000, shape, alpha, sigma, np.random.default_rng(0)).reshape(-1, *shape)
    spread = alpha / (sigma * np.sqrt(12 * np.pi))
    np.testing.assert_allclose(fields.std(axis=0), spread, rtol=0.06)  # at the edge as in the middle
    np.testing.assert_allclose(fields.mean(axis=0), 0, atol=0.06 * spread)
    large = np.random.default_rng(1).uniform(-1, 1, (500, 500))
    simard = alpha * gaussian_filter(large, sigma, mode="wrap")
    assert simard.std() == pytest.approx(spread, rel=0.1)
    for apart in (1, 3, 6):
        alike = np.mean(fields[:, :, 0] * fields[:, :, apart]) / spread**2
        assert alike == pytest.approx(np.exp(-(apart**2) / (4 * sigma**2)), abs=0.04)
        smoothed = np.mean(simard * np.roll(simard, apart, axis=1)) / simard.var()
        assert alike == pytest.approx(smoothed, abs=0.1)


def test_the_seed_decides() -> None:
    images = noise(3 * PIECE + 7, 8, 8)
    one = distorted(images, ALL)
    assert one.tobytes() == distorted(images, ALL).tobytes()
    assert one.tobytes() != distorted(images, ALL, seed=1).tobytes()
    assert len(np.unique(distorted(np.repeat(images[:1], 3 * PIECE, axis=0), ALL), axis=0)) == 3 * PIECE
    np.testing.assert_array_equal(one[:, -1], 1)
    assert one.min() >= 0
    assert one.max() <= 1


def test_pixels_outside_an_image_are_zero() -> None:
    images = np.full((50, 4, 4), 255, np.uint8)
    far = distorted(images, Distortion(0, 0, 0, 1000))[:, :-1]
    assert far.mean() < 0.05


def test_images_are_shifted_by_whole_pixels() -> None:
    images = noise(2, 5, 4)
    for dy, dx in ((0, 0), (1, 0), (0, -1), (-2, 3), (5, 0), (-9, 9)):
        np.testing.assert_array_equal(shifted(images, dy, dx), shift(images, (0, dy, dx), order=0))


@pytest.mark.parametrize(
    "text",
    [
        "rotate 10, scale 0.1, shear 0.15, translate 1.5, elastic 34",
        "elastic 20.5, sigma 3",
        "translate 0.0001",
        "none",
    ],
)
def test_a_text_is_read_and_written(text) -> None:
    assert str(parse_distortion(text)) == text


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (8, 8), (28, 28), (5000, 9000), (60_000, 60_000)])
def test_the_default_distortion_scales_with_the_image(size) -> None:
    usual = default_distortion(*size)
    assert parse_distortion(str(usual)) == usual
    if min(size) in (8, 28, 5000):
        assert usual.translate / min(size) == pytest.approx(1.5 / 28, abs=0.001)
        moved_by = usual.elastic / usual.sigma
        assert moved_by / min(size) == pytest.approx(6 / 28, rel=0.02) or usual.elastic == 10_000


def test_an_empty_batch_is_distorted() -> None:
    assert distorted(noise(0), ALL).shape == (0, 785)


def test_what_a_text_does_not_name_is_left_out() -> None:
    assert parse_distortion(" translate 2 ,rotate 5") == Distortion(5, 0, 0, 2)
    assert parse_distortion("rotate 0") == NOTHING


def test_a_distortion_is_written_as_it_is_read() -> None:
    assert parse_distortion(str(Distortion(elastic=34))) == ALL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected one of rotate, scale,"), ("spin 3", "'spin 3': expected one of rotate"),
        ("rotate", "'rotate 10'"),
        ("rotate 10 scale 2", "expected one of"), ("rotate x", "rotate x: expected a number"),
        ("rotate 3, rotate 4", "twice"),
        ("rotate -1", "rotate -1: expected 0 to 180 (degrees)"), ("scale 1", "0 to 0.9"), ("translate nan", "(pixels)"),
        ("elastic inf", "0 to 10000"), ("elastic 34, sigma 0", "sigma 0: expected 0.5 to 1000"), ("rotate 3,", "''"),
    ],
)  # fmt: skip
def test_senseless_texts_are_refused_in_one_line(text, words) -> None:
    with pytest.raises(ValueError, match=r"expected|twice") as refusal:
        parse_distortion(text)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
