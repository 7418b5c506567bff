"""Pictures of all sorts become grey, and whatever is not a picture becomes one line."""

import io
import resource
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from nndigits.stages.figures import plot
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.own_images import decoding, pictures
from nndigits.stages.own_images.decoding import MOST_HEAVY, MOST_LAYERED, MOST_PIXELS, CostlyPicture
from nndigits.stages.store.errors import InputError
from nndigits.stages.system import machine

GREY = np.add.outer(np.arange(30) * 6, np.arange(20) * 3).astype(np.uint8)  # 30 rows, 20 columns, no two edges alike


def saved(path: Path, image: Image.Image, **options) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.pgm", "a.gif", "a.webp", "misnamed.txt"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format_is_read_as_grey(tmp_path: Path, name: str, mode: str) -> None:
    options = {"lossless": True, "format": "WEBP"} if name == "a.webp" else {"format": "PNG"} if "txt" in name else {}
    path = saved(tmp_path / name, Image.fromarray(GREY).convert(mode), **options)
    np.testing.assert_allclose(pictures.load(path).astype(int), GREY, atol=1)


def test_a_jpeg_is_nearly_the_same(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.fromarray(GREY).convert("RGB"), quality=95)
    np.testing.assert_allclose(pictures.load(path).astype(int), GREY, atol=8)


def test_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    deep = GREY.astype(np.uint16) * 257
    for name in ("a.png", "a.pgm"):
        np.testing.assert_array_equal(pictures.load(saved(tmp_path / name, Image.fromarray(deep))), GREY)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    layered = np.zeros((4, 4, 4), np.uint8)  # black, and nothing of it to be seen
    layered[1, 2, 3] = 255
    expected = np.full((4, 4), 255)
    expected[1, 2] = 0
    np.testing.assert_array_equal(pictures.load(saved(tmp_path / "a.png", Image.fromarray(layered))), expected)
    palette = Image.fromarray((expected == 0).astype(np.uint8) * 7, "L").convert("P")
    path = saved(tmp_path / "b.gif", palette, transparency=0)
    assert pictures.load(path)[0, 0] == 255
    assert pictures.load(saved(tmp_path / "c.png", Image.fromarray(GREY), transparency=0))[0, 0] == 255


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
@pytest.mark.parametrize("is_xmp", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(tmp_path: Path, orientation: int, is_xmp: bool, name: str) -> None:
    exif, texts = Image.Exif(), PngImagePlugin.PngInfo()
    xmp = f'<x tiff:Orientation="{orientation}">'
    texts.add_itxt("XML:com.adobe.xmp", xmp)
    exif[decoding.ORIENTATION] = orientation
    options = ({"pnginfo": texts} if name == "a.png" else {"xmp": xmp.encode()}) if is_xmp else {"exif": exif}
    path = saved(tmp_path / name, Image.fromarray(GREY), **options, lossless=True)
    with Image.open(path) as opened:
        expected = np.asarray(ImageOps.exif_transpose(opened).convert("L"))
    assert expected.shape == (GREY.shape if orientation < 5 else GREY.shape[::-1])
    np.testing.assert_array_equal(pictures.load(path), expected)


def test_only_the_first_frame_is_read(tmp_path: Path) -> None:
    first, second = Image.fromarray(GREY), Image.fromarray(255 - GREY)
    path = saved(tmp_path / "a.gif", first, save_all=True, append_images=[second])
    np.testing.assert_allclose(pictures.load(path).astype(int), GREY, atol=1)


def test_a_large_picture_is_made_smaller_by_a_whole_factor(tmp_path: Path) -> None:
    large = Image.new("L", (900, 301), 77)
    for name in ("a.png", "a.jpg"):
        grey = pictures.load(saved(tmp_path / name, large), side=400)
        assert max(grey.shape) <= 400
        assert abs(grey.shape[1] / grey.shape[0] - 900 / 301) < 0.1
        assert abs(int(grey[50, 50]) - 77) <= 1


@pytest.mark.parametrize(("width", "kept"), [(1600, 1600), (1601, 800)])
def test_sixteen_hundred_pixels_are_kept_on_a_side(tmp_path: Path, width: int, kept: int) -> None:
    assert abs(pictures.load(saved(tmp_path / "a.png", Image.new("L", (width, 4), 77))).shape[1] - kept) <= 1


@pytest.mark.parametrize(
    ("image", "options", "words"),
    [
        (Image.new("L", (4097, 1)), {"format": "PNG"}, "has 4,097 x 1 pixels; at most 4,096 on a side and 12,500,000"),
        (Image.new("L", (2237, 2237)), {"format": "WEBP", "lossless": True, "method": 0}, "and 5,000,000 in all"),
    ],
)
def test_how_large_a_picture_may_be(tmp_path: Path, image: Image.Image, options, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pictures.load(saved(tmp_path / "a", image, **options))
    assert pictures.load(saved(tmp_path / "b.png", Image.new("L", (4096, 1)))).shape == (1, 1366)


@pytest.mark.parametrize(
    ("mode", "options", "most"),
    [
        ("L", {"format": "PNG"}, MOST_PIXELS),
        ("RGB", {"format": "JPEG"}, MOST_PIXELS),
        ("RGBA", {"format": "PNG"}, MOST_LAYERED),
        ("P", {"format": "PNG", "transparency": 3}, MOST_LAYERED),
        ("P", {"format": "GIF", "transparency": 3}, MOST_LAYERED),
        ("P", {"format": "GIF"}, MOST_PIXELS),
        ("CMYK", {"format": "JPEG"}, MOST_LAYERED),
        ("L", {"format": "JPEG", "progressive": True}, MOST_LAYERED),
        ("CMYK", {"format": "JPEG", "progressive": True}, MOST_HEAVY),
        ("RGB", {"format": "WEBP"}, MOST_HEAVY),
    ],
)
def test_what_takes_more_memory_may_have_fewer_pixels(tmp_path: Path, monkeypatch, mode: str, options, most) -> None:
    path = saved(tmp_path / "a", Image.fromarray(GREY).convert(mode), **options)
    with Image.open(path) as opened:
        assert decoding._most_pixels(opened) == most
    monkeypatch.setattr(decoding, "_most_pixels", lambda _: GREY.size)
    assert pictures.load(path).shape == GREY.shape
    monkeypatch.setattr(decoding, "_most_pixels", lambda _: GREY.size - 1)
    with pytest.raises(InputError, match="at most 4,096 on a side and 599 in all"):
        pictures.load(path)


def test_a_progressive_jpeg_is_as_large_as_it_is_whole(tmp_path: Path) -> None:
    large = Image.new("L", (4104, 4104), 77)
    assert pictures.load(saved(tmp_path / "a.jpg", large), side=513).shape == (513, 513)
    with pytest.raises(InputError, match="has 4,104 x 4,104 pixels; at most 4,096 on a side"):
        pictures.load(saved(tmp_path / "b.jpg", large, progressive=True), side=513)
    with pytest.raises(InputError, match="has 11,000 x 11,000 pixels; at most 65,536 on a side and 120,000,000 in all"):
        pictures.load(resized_jpeg(tmp_path / "c.jpg", 11_000, 11_000))


def resized_jpeg(path: Path, width: int, height: int, image: Image.Image | None = None, **options) -> Path:
    """A JPEG whose header gives another size than it has."""
    blob = bytearray(saved(path, image or Image.new("L", (20, 30), 77), **options).read_bytes())
    at = blob.index(b"\xff\xc2" if "progressive" in options else b"\xff\xc0") + 5
    blob[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    path.write_bytes(blob)
    return path


def test_a_jpeg_of_many_scans_is_refused(tmp_path: Path) -> None:
    blob = saved(tmp_path / "a.jpg", Image.fromarray(GREY), progressive=True).read_bytes()
    scan, more = blob[blob.rindex(b"\xff\xda") : -2], 64 - blob.count(b"\xff\xda")
    (tmp_path / "a.jpg").write_bytes(blob[:-2] + scan * more + blob[-2:])
    assert pictures.load(tmp_path / "a.jpg").shape == GREY.shape
    (tmp_path / "a.jpg").write_bytes(blob[:-2] + scan * (more + 1) + blob[-2:])
    with pytest.raises(InputError, match=r"a\.jpg: has more than 64 scans, and is not read\. Save it again"):
        pictures.load(tmp_path / "a.jpg")


def test_numbers_with_many_comments_are_read_quickly(tmp_path: Path) -> None:
    values = b"# a comment 1 2\n".join(b"%d\n" % value for value in [*range(256)] * 400)
    (tmp_path / "a.pgm").write_bytes(b"P2\n# size\n256 400\n255\n" + values)
    started = time.process_time()
    assert (pictures.load(tmp_path / "a.pgm") == np.arange(256)).all()
    assert time.process_time() - started < 2


LIMITS = resource.getrlimit(resource.RLIMIT_AS)


def test_more_memory_than_the_limit_is_refused_and_the_limit_is_lifted_again() -> None:
    with pytest.raises(CostlyPicture, match="needs more than 32 MB of memory"), decoding.at_most(2**25):
        np.ones(2**32, np.uint8)  # more than can lie free in this process
    assert resource.getrlimit(resource.RLIMIT_AS) == LIMITS
    with decoding.at_most(2**27):
        np.ones(2**26, np.uint8)


def test_a_stricter_limit_stays_and_elsewhere_there_is_none(monkeypatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1, 2))
    monkeypatch.setattr(resource, "setrlimit", pytest.fail)
    with decoding.at_most(2**25):
        pass
    monkeypatch.setattr(machine, "MEMORY_IN_USE", Path("/none"))
    with decoding.at_most(1):
        np.ones(2**24, np.uint8)


def test_what_a_decoder_says_is_cut_to_a_line(tmp_path: Path, monkeypatch) -> None:
    def fail(*_arguments) -> None:
        raise ValueError("X" * 81 + "\nmore")

    path = saved(tmp_path / "a.png", Image.fromarray(GREY))
    monkeypatch.setattr(decoding, "_grey", fail)
    with pytest.raises(InputError, match=r"is a damaged picture \(x{80}\)\. nn reads"):
        pictures.load(path)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    pictures.save(tmp_path / "new" / "a.png", GREY)
    np.testing.assert_array_equal(pictures.load(tmp_path / "new" / "a.png"), GREY)


def test_damaged_pictures_are_lines_or_pictures(tmp_path: Path) -> None:
    rng, path = np.random.default_rng(0), tmp_path / "a"
    for options in ({"format": "PNG"}, {"format": "JPEG"}, {"format": "GIF"}, {"format": "BMP"}, {"format": "WEBP"}):
        whole = io.BytesIO()
        Image.fromarray(GREY).save(whole, **options)
        for _ in range(60):
            damaged = bytearray(whole.getvalue())
            for place in rng.integers(0, len(damaged), 3):
                damaged[place] = rng.integers(256)
            path.write_bytes(damaged[: rng.integers(1, len(damaged) + 1)] if rng.random() < 0.3 else damaged)
            with suppress(InputError):  # and nothing else
                assert pictures.load(path).dtype == np.uint8


def test_a_folders_pictures_are_found_by_name(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in pictures.in_folder(tmp_path)] == ["a.jpg", "b.PNG"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no pictures"):
        pictures.in_folder(tmp_path / "empty")
    with pytest.raises(InputError, match="none: cannot be read"):
        pictures.in_folder(tmp_path / "none")


def test_a_figure_of_nn_in_a_folder_is_not_read_as_a_picture(tmp_path: Path) -> None:
    plot.save(Figure((Panel("costs", curves=(Curve((0, 1), (1, 0)),)),)), tmp_path / "eval.png")
    with pytest.raises(InputError, match="holds only figures of nn"):
        pictures.in_folder(tmp_path)
    pictures.save(tmp_path / "seen.png", GREY)
    assert pictures.in_folder(tmp_path) == (tmp_path / "seen.png",)
