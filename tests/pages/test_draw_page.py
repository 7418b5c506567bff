"""The page to draw on in a real browser: strokes by mouse and finger, answers, undo, hidden layers, and collecting."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accessibility import in_every_view, violations
from freehand import drawings, render
from PIL import Image
from random_networks import save_random

from nndigits.stages.fetch import fetch
from nndigits.stages.pages.draw import draw
from nndigits.stages.predict import Prediction, predict
from nndigits.stages.store import artifacts

pytestmark = pytest.mark.slow

FIVE = [[(190, 60), (100, 62), (95, 130), (150, 120), (190, 160), (170, 215), (90, 215)]]
TWO_STROKES = [[(60, 60), (60, 220)], [(215, 60), (220, 220)]]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with two networks and two samples: of 28 x 28 pixels, with random weights."""
    folder = tmp_path_factory.mktemp("draw")
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 4:24, 13:16], images[1, 4:24, 8:11], images[1, 4:7, 8:20] = 255, 200, 200
    dataset = {"name": "made-up", "verified": False, "classes": 10, "source": {}}
    labels = np.array([1, 7], np.uint8)
    arrays = {f"{part}_images": images for part in ("train", "validation", "test")}
    arrays |= {f"{part}_labels": labels for part in ("train", "validation", "test")}
    artifacts.save(
        folder / "data.npz", artifacts.describe("dataset", parameters={"validation": 2}, dataset=dataset), arrays
    )
    weights = [
        save_random(folder / "a<b>.npz", "dense 8 sigmoid, dense 10 softmax", temperature=0.2),
        save_random(folder / "maps.npz", "conv 4 5x5, max 2, relu, dense 9 tanh, dense 10 sigmoid", temperature=3.0),
    ]
    return draw(weights, folder / "draw.html", data=folder / "data.npz").out


@pytest.fixture
def page(page_file: Path, open_page: Any) -> Any:
    return open_page(page_file)


def stroke(page: Any, strokes: list[list[tuple[float, float]]], steps: int = 4) -> None:
    """Draw with the mouse; points are in the units of the paper."""
    page.locator("#paper").scroll_into_view_if_needed()
    box = page.locator("#paper").bounding_box()
    scale = box["width"] / 280
    for points in strokes:
        for number, (x, y) in enumerate(points):
            page.mouse.move(box["x"] + x * scale, box["y"] + y * scale, steps=steps if number else 1)
            if number == 0:
                page.mouse.down()
        page.mouse.up()


def words(page: Any) -> list[str]:
    """What each card says."""
    return page.locator(".words").all_text_contents()


def sentence(one: Prediction) -> str:
    """What the page should say for a prediction of `nn predict`."""
    first, second = (f"{found.digit}, {100 * min(found.probability, 0.999):.1f} %" for found in one.candidates)
    return f"not sure: {first}, or {second}" if one.unsure else f"{first} (then {second})"


def bars(page: Any) -> list[str]:
    """The probabilities of the first network."""
    return page.locator(".card").first.locator(".value").all_text_contents()


def test_a_drawing_is_read_as_nn_predict_reads_it(page: Any, page_file: Path, tmp_path: Path) -> None:
    page.locator("#clear").click()
    assert words(page) == [""] * 3, "an empty paper says nothing"
    assert set(bars(page)) == {""}
    stroke(page, FIVE)
    shown = words(page)
    with page.expect_download() as download:
        page.locator("#save-picture").click()
    download.value.save_as(tmp_path / "drawing.png")
    weights = [page_file.with_name("a<b>.npz"), page_file.with_name("maps.npz")]
    for own, said in zip((weights, [weights[0]], [weights[1]]), shown, strict=True):
        (one,) = predict([tmp_path / "drawing.png"], own).predictions
        assert not one.trouble
        assert said == sentence(one)
    assert page.locator("#said").text_content().startswith(f"Vote: {shown[0]}. a<b>.npz: {shown[1]}. ")
    assert len([one for one in bars(page) if one]) == 10


def test_strokes_are_undone_and_two_digits_are_said(page: Any) -> None:
    stroke(page, TWO_STROKES[:1])
    one = words(page)
    stroke(page, TWO_STROKES[1:])
    assert words(page) == ["more than one digit"] * 3
    page.keyboard.press("Control+z")
    assert words(page) == one
    page.locator("#clear").click()
    assert words(page) == [""] * 3
    page.locator("#undo").click()
    assert words(page) == one
    collected = page.locator("#drawings button")
    for count in (1, 0, 1):
        page.locator("#undo" if count == 0 else "#labels button >> nth=1").click()
        assert collected.count() == count
        assert (words(page) == one) == (count == 0), "undo puts a labelled drawing back on the paper"
    collected.click()
    assert collected.count() == 0
    page.locator("#undo").click()
    assert collected.count() == 1


def test_a_reload_keeps_the_drawing_and_the_collection(page: Any) -> None:
    stroke(page, FIVE)
    page.locator("#labels button").nth(5).click()
    page.locator("#samples button").nth(1).click()
    stroke(page, TWO_STROKES[:1])
    shown = words(page)
    page.reload()
    assert words(page) == shown
    assert page.locator("#drawings button").count() == 1


def test_a_slow_machine_reads_when_the_hand_rests(page: Any) -> None:
    stroke(page, FIVE)
    page.evaluate("let now = 0; performance.now = () => (now += 100)")
    stroke(page, [[(60, 60), (62, 62)]])
    before = bars(page)
    for turn in ("90", "180"):
        page.locator("#turn").fill(turn)
        page.wait_for_timeout(300)
        assert bars(page) != before
        before = bars(page)


def test_a_finger_draws_and_does_not_scroll(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sizes = [page.locator("#labels button").nth(label).bounding_box() for label in range(10)]
    assert min(min(one["width"], one["height"]) for one in sizes) >= 44
    box = page.locator("#paper").bounding_box()
    touch = page.context.new_cdp_session(page)
    x, top, bottom = box["x"] + box["width"] / 2, box["y"] + 30, box["y"] + box["height"] - 30
    point = lambda y: [{"x": x, "y": y}]  # noqa: E731
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": point(bottom)})
    for y in np.linspace(bottom, top, 8):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": point(float(y))})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert all(words(page))
    assert "no digit found" not in words(page)
    assert page.evaluate("scrollY") == 0


def test_neurons_are_switched_off_and_everything_is_restored(page: Any) -> None:
    stroke(page, FIVE)
    before = bars(page)
    layer = page.locator(".layer").first
    tiles = layer.locator(".tile")
    tiles.first.focus()
    page.mouse.move(0, 0)
    for key in ("Enter", "ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert layer.locator(".about").text_content() == tiles.nth(3).get_attribute("aria-label")
    assert "Neuron 3: switched off" in layer.locator(".about").text_content()
    assert bars(page) != before
    layer.locator("summary").click()
    layer.locator("td").first.wait_for()
    assert layer.locator("td").all_text_contents().count("off") == 3
    page.locator("#turn").fill("90")
    page.locator("#noise").fill("40")
    page.locator("#restore").click()
    assert bars(page) == before
    page.locator(".inside > summary").nth(1).click()
    page.get_by_text("9 neurons").wait_for()
    assert page.locator(".inside").nth(1).locator("h3").all_text_contents() == [
        "conv 4 5x5, max 2, relu: 4 feature maps of 12 × 12",
        "dense 9 tanh: 9 neurons",
    ]


def test_samples_and_pictures_are_read(page: Any, page_file: Path, tmp_path: Path) -> None:
    page.locator("#samples button").nth(1).click()
    weights = page_file.with_name("a<b>.npz")
    picture = render(drawings(1, 3)[0][2])
    Image.fromarray(np.kron(picture, np.ones((3, 4), np.uint8))).save(tmp_path / "one.png")
    page.locator("#file").set_input_files(tmp_path / "one.png")
    (one,) = predict([tmp_path / "one.png"], weights).predictions
    page.locator(".words", has_text=sentence(one)).first.wait_for()
    (tmp_path / "text.png").write_text("no picture")
    page.locator("#file").set_input_files(tmp_path / "text.png")
    page.locator("#note", has_text="not a picture").wait_for()


def test_corrections_are_collected_and_saved_for_nn_fetch(page_file: Path, open_page: Any, tmp_path: Path) -> None:
    page = open_page(page_file, locale="zh-CN")
    assert page.locator("h1").text_content() == "写一个数字"
    page.get_by_text("English").click()
    page.locator("#labels button").nth(5).click()
    assert "no single digit" in page.locator("#note").text_content()
    for label in range(8):
        stroke(page, FIVE, steps=1)
        page.locator("#labels button").nth(label).click()
    page.locator("#drawings button").nth(7).click()
    assert page.locator("#collected").text_content() == "Drawings collected: 7. Select one to remove it."
    with page.expect_download() as download:
        page.locator("#save").click()
    download.value.save_as(tmp_path / "drawings.json")
    saved = json.loads((tmp_path / "drawings.json").read_text())["drawings"]
    assert [one["label"] for one in saved] == list(range(7))
    report = fetch(tmp_path / "data.npz", source=tmp_path / "drawings.json")
    arrays = artifacts.load(report.out, "dataset").arrays
    assert arrays["test_images"][0].tobytes() == base64.b64decode(saved[6]["picture"])
    assert np.abs(arrays["test_images"][0].astype(int).sum()) > 5000
    assert not any("{" in one for one in page.locator("[data-text]").all_text_contents())


def test_outputs_that_overflow_are_said(open_page: Any, tmp_path: Path) -> None:
    weights = save_random(tmp_path / "w.npz", "dense 4 relu, dense 10 sigmoid")
    stored = artifacts.load(weights, "weights")
    huge = {name: np.full_like(array, 3e38) for name, array in stored.arrays.items()}
    artifacts.save(tmp_path / "huge.npz", stored.meta, huge)
    page = open_page(draw([weights, tmp_path / "huge.npz"], tmp_path / "draw.html").out)
    stroke(page, FIVE, steps=1)
    overflow = "outputs overflow, because weights or biases are too large"
    assert words(page)[::2] == [overflow, overflow]
    assert words(page)[1] != overflow


def test_a_dot_is_no_digit_but_may_be_of_another_class(page_file: Path, open_page: Any, tmp_path: Path) -> None:
    dot = [[(140, 140), (141, 141)]]
    page = open_page(page_file)
    stroke(page, dot)
    assert words(page) == ["no digit found"] * 3
    dataset = {"name": "signs", "verified": False, "classes": 10, "names": list("abcdefghij"), "source": {}}
    found = artifacts.load(page_file.with_name("a<b>.npz"), "weights")
    signs = tmp_path / "signs.npz"
    artifacts.save(signs, {**found.meta, "dataset": dataset}, found.arrays)
    page = open_page(draw([signs], tmp_path / "signs.html").out)
    assert words(page) == [""]
    stroke(page, dot)
    with page.expect_download() as download:
        page.locator("#save-picture").click()
    download.value.save_as(tmp_path / "dot.png")
    (one,) = predict([tmp_path / "dot.png"], [signs]).predictions
    assert one.trouble is None
    assert one.candidates[0].name in words(page)[0]


def test_a_digit_draws_itself_once_and_a_touch_takes_the_paper(page: Any) -> None:
    page.locator("#flow path").nth(5).wait_for(state="attached")
    page.wait_for_timeout(1200)
    shown = words(page)
    assert all(shown)
    page.wait_for_timeout(300)
    assert words(page) == shown, "it is drawn once"
    stroke(page, TWO_STROKES[:1])
    page.locator("#undo").click()
    assert words(page) == [""] * 3, "the digit that drew itself is gone"
    page.reload()
    page.wait_for_timeout(300)
    assert words(page) == [""] * 3, "the paper is the reader's"


def test_a_link_holds_the_drawing(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file)
    stroke(page, FIVE)
    page.locator("#share").click()
    page.locator("#note", has_text="A link to this drawing is copied").wait_for()
    fragment = page.url[page.url.index("#") :]
    assert words(open_page(page_file, fragment)) == words(page)
    assert words(open_page(page_file, "#drawing=z.!_9"))[0] != words(page)[0], "what is no drawing is ignored"
    stroke(page, TWO_STROKES[:1])
    assert "drawing=" not in page.evaluate("location.hash")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (375, 700)])
def test_paper_neurons_and_answer_are_on_one_screen(page_file: Path, open_page: Any, width: int, height: int) -> None:
    page = open_page(page_file, viewport={"width": width, "height": height})
    stroke(page, FIVE)
    parts = ["#paper", "#seen", "#flow", "#labels", ".card >> nth=0", *([".break"] if width > 1000 else [])]
    for part in parts:
        box = page.locator(part).bounding_box()
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= height, part
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@in_every_view
def test_it_is_accessible(page_file: Path, view: dict[str, Any], open_page: Any) -> None:
    page = open_page(page_file, **view)
    assert violations(page) == []
    stroke(page, FIVE)
    page.locator("#labels button").nth(5).click()
    stroke(page, FIVE)
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    page.wait_for_timeout(300)
    assert violations(page) == []
