"""The live figures in a real browser: each is used as a reader would, and says what it should."""

import math
from pathlib import Path
from typing import Any

import pytest

from nndigits.models.chapter.target_encodings import bit_layer

pytestmark = pytest.mark.slow

FIGURES = (
    "opening",
    "perceptron",
    "decision",
    "adder",
    "universal",
    "sigmoid",
    "change",
    "scaling",
    "bits",
    "valley",
    "steepest",
    "plane",
    "batches",
    "lens",
    "learn",
)
KEYS = (
    "perceptron.w1", "perceptron.b", "decision.weather", "decision.threshold", "adder.bits", "adder.x",
    "adder.y", "adder.block", "sigmoid.w", "sigmoid.b", "sigmoid.c", "sigmoid.x", "scaling.c",
    "scaling.network", "change.x1", "change.by", "change.network", "valley.eta", "valley.steps",
    "steepest.angle", "steepest.length",
    "batches.draws", "batches.w", "batches.b", "bits.digit", "perceptron.wanted", "decision.today",
    "scaling.inputs", "adder.style", "universal.table", "universal.input", "universal.form",
    "change.weight", "valley.function", "valley.start", "valley.kept", "batches.m", "bits.w", "bits.b",
)  # fmt: skip
HOSTILE = (
    *("NaN", "Infinity", "-1e999", "1e-320", "0", "-0", "1", "9007199254740993", "0x1f", "1,2,3", ","),
    *("", "constructor", "__proto__", "0".zfill(9000), "%00%ff", "<script>", "101010"),
)
Open = Any


def said(page: Any, figure: str) -> str:
    return str(page.locator(f"#{figure}-said").inner_text())


def preset(page: Any, figure: str, words: str) -> None:
    page.locator(f"#figure-{figure} .presets").get_by_text(words, exact=True).click()


def wait_for_address(page: Any, part: str) -> None:
    """Wait until the address has this part: it is written when nothing has changed for a moment."""
    page.wait_for_function("part => decodeURIComponent(location.hash).includes(part)", arg=part, timeout=10_000)


def drag(page: Any, handle: Any, right: float, down: float) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.locator(".grip").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def test_all_figures_are_there_and_speak_both_languages(page: Any) -> None:
    assert page.locator(".live").count() == len(FIGURES)
    english = [page.locator(f"#figure-{figure}").inner_text() for figure in FIGURES]
    page.get_by_role("button", name="中文").click()
    for figure, before in zip(FIGURES, english, strict=True):
        chinese = page.locator(f"#figure-{figure}").inner_text()
        assert figure == "opening" or "试一试" in chinese
        assert chinese != before
        assert "Try this" not in chinese


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_no_figure_is_wider_than_the_window(live_page: Path, open_page: Open, width: int) -> None:
    page = open_page(live_page, "#lang=zh", viewport={"width": width, "height": 800})
    page.locator("#figure-learn").get_by_text("第 0 轮：").wait_for()
    too_wide = """[...document.querySelectorAll(".live, .live *")].filter((one) => !one.closest(".scroll, svg")
        && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(too_wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_perceptron_is_dragged_and_reaches_fourteen_tables(page: Any) -> None:
    assert "NAND" in said(page, "perceptron")
    move = page.locator('#perceptron-plot [data-label="perceptron-move"]')
    drag(page, move, 60, -60)  # away from the ones: now all inputs are on the shaded side
    assert "always 1" in said(page, "perceptron")
    wait_for_address(page, "perceptron.b=")
    preset(page, "perceptron", "Try XOR")
    assert "More than 3 is impossible" in said(page, "perceptron")
    preset(page, "perceptron", "0.1 + 0.2 against 0.3")
    assert "always 0" in said(page, "perceptron")  # not 6e-17
    before = page.locator("#perceptron-b-value").input_value()
    move.focus()
    for _ in range(40):
        page.keyboard.press("ArrowUp")
    assert page.locator("#perceptron-b-value").input_value() == before  # less than a tenth: weights are 0.1 and 0.2
    page.keyboard.press("Shift+ArrowLeft")
    page.locator("#perceptron-b-value").fill("2.5")
    page.keyboard.press("Enter")
    wait_for_address(page, "perceptron.b=2.5")
    page.locator("#perceptron-b-value").fill("99")
    page.keyboard.press("Enter")
    assert page.locator("#figure-perceptron .outside:visible").inner_text() == "A number from -6 to 6"
    wait_for_address(page, "perceptron.b=2.5")
    page.locator("#perceptron-b-value").fill("1")
    page.keyboard.press("Enter")
    assert page.locator("#figure-perceptron .outside").inner_text() == ""


def test_the_decision_follows_its_threshold(page: Any) -> None:
    assert "so you stay. You go in 4 of 8 cases" in said(page, "decision")
    handle = page.locator("#decision-plot .handle")
    handle.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert "= 4 > 3, so you go. You go in 5 of 8 cases" in said(page, "decision")
    page.get_by_role("button", name="public transport").click()
    assert "so you stay" in said(page, "decision")
    wait_for_address(page, "decision.today=010")


@pytest.mark.parametrize("style", ["gates", "perceptrons", "merged", "neurons"])
def test_the_adder_adds_in_every_drawing(live_page: Path, open_page: Open, style: str) -> None:
    page = open_page(live_page, f"#lang=en&adder.style={style}&adder.x=0&adder.y=0")
    for x in (0, 1):
        for y in (0, 1):
            assert said(page, "adder").startswith(f"{x} + {y} = {x + y},")
            values = page.locator("#adder-wiring .node .value").all_text_contents()
            assert values == [*map(str, (x, y, 1 - x * y, 1 - x * (1 - x * y), 1 - y * (1 - x * y), x ^ y, x & y))]
            page.locator("#adder-wiring .input").nth(1).click()
        page.locator("#adder-wiring .input").nth(0).click()


def test_the_adder_of_eight_bits_has_blocks(page: Any) -> None:
    preset(page, "adder", "255 + 1: a carry through all bits")
    assert said(page, "adder").startswith("255 + 1 = 256, in binary 100000000. The circuit has 68 NAND gates")
    assert page.locator("#adder-blocks .wire.on").count() == 8
    page.locator("#adder-blocks .block").nth(3).click()
    assert "value 8" in page.locator("#adder-block").inner_text()
    page.locator("#adder-blocks .input").first.click()  # the lowest bit of x
    assert said(page, "adder").startswith("254 + 1 = 255,")
    page.locator("#adder-wiring .node").nth(3).focus()
    assert page.locator("#adder-neuron").inner_text() == "a: −2·1 − 2·0 + 3 = 1 > 0, so its output is 1."
    page.locator("#adder-bits-value").fill("2")
    page.keyboard.press("Enter")
    assert said(page, "adder").startswith("2 + 1 = 3,")


def test_a_table_of_ones_own_becomes_a_network(page: Any) -> None:
    assert "Simplified: 4, longest path 3" in said(page, "universal")
    page.get_by_role("button", name="Output for 11").click()  # 0111: OR
    assert "Simplified: 3," in said(page, "universal")
    assert "4 of 4 outputs are right. For 10 the output is 1" in said(page, "universal")
    page.locator("#universal-wiring .input").first.click()
    assert "For 00 the output is 0" in said(page, "universal")
    page.get_by_role("button", name="Run the inputs 11", exact=True).click()
    assert "For 11 the output is 1" in said(page, "universal")
    page.locator('#universal-inputs button[value="4"]').click()
    assert "16 of 16" in said(page, "universal")
    wait_for_address(page, "universal.table=0111000000000000")
    page.locator('#universal-form button[value="direct"]').click()
    assert "16 of 16" in said(page, "universal")


def test_the_sigmoid_stays_one_half_at_zero(page: Any) -> None:
    assert f"σ(1.2) = {1 / (1 + math.exp(-1.2)):.6f}" in said(page, "sigmoid")
    preset(page, "sigmoid", "z = 0: 1/2 for every c")
    assert "σ(0) = 0.5. The perceptron outputs 0. At z = 0 the sigmoid is 1/2 for every c" in said(page, "sigmoid")
    assert page.locator("#sigmoid-rows tr").last.inner_text().split() == ["100", "0", "0.5", "0", "0.5"]
    page.locator("#sigmoid-plot .handle").focus()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "sigmoid.x=0.51")


def test_a_small_change_is_predicted(page: Any) -> None:
    errors = []
    for words in ("0.1", "0.01"):
        preset(page, "change", words)
        errors.append(float(said(page, "change").split("Error: ")[1].split()[0].rstrip(".").replace("−", "-")))
    assert 75 < errors[0] / errors[1] < 135  # the square of the change, and a little of its third power
    page.locator("#change-network .parameter").first.focus()
    page.keyboard.press("Enter")
    assert "weight from x1 to hidden neuron h1" in said(page, "change")
    page.locator("#change-network .neuron.parameter").last.click()
    assert "the bias of the output neuron" in said(page, "change")
    preset(page, "change", "Another network")
    wait_for_address(page, "change.network=2")


def test_a_scaled_network_becomes_one_of_perceptrons(page: Any) -> None:
    largest = []
    for words in ("c = 1", "c = 10", "c = 100"):
        preset(page, "scaling", words)
        largest.append(float(said(page, "scaling").split("perceptron is ")[1].split(",")[0].replace("−", "-")))
        rows = page.locator("#scaling-rows tr").all_inner_texts()
    assert largest[0] > 10 * largest[1] > 1e6 * largest[2]
    page.get_by_role("button", name="x3:").click()
    wait_for_address(page, "scaling.inputs=100")
    assert page.locator("#scaling-rows tr").all_inner_texts() != rows


def test_the_ball_rolls_steps_back_and_is_dragged(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en&valley.function=parabola&valley.eta=0.25")
    page.locator("#valley-step").click()
    assert said(page, "valley").startswith("Step 1: v = 1, C = 1, ∇C = 2. The next step is −η∇C = −0.5.")
    page.locator("#valley-step").click()
    page.locator("#valley-back").click()
    assert said(page, "valley").startswith("Step 1:")
    page.locator("#valley-play").click()
    page.locator("#valley-said", has_text="Step 3").wait_for()
    page.locator("#valley-play").click()
    assert "lowest" not in said(page, "valley")
    page.locator("#valley-reset").click()
    assert "at its start" in said(page, "valley")
    drag(page, page.locator("#valley-plot .handle"), -120, 0)
    wait_for_address(page, "valley.start=")
    page.locator("#valley-plot svg").click(position={"x": 340, "y": 100})
    assert 1.5 < float(said(page, "valley").split("v = ")[1].split(",")[0]) < 2.2
    page.get_by_text("Too large: 1.05").click()
    for _ in range(5):
        page.locator("#valley-step").click()
    assert "higher than it started" in said(page, "valley")
    page.locator("#valley-keep").click()
    page.get_by_text("Good: 0.3").click()
    assert page.locator("#valley-eta").get_attribute("aria-valuetext") == "0.3"
    assert page.locator("#valley-legend span").all_inner_texts() == ["η = 0.3", "η = 1.05"]
    page.locator("#valley-function").select_option("narrow")
    wait_for_address(page, "valley.function=narrow&valley.eta=0.09")


def test_mini_batches_scatter_as_expected(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en&batches.draws=500")
    expected = {}
    for size in (1, 100):
        page.locator(f'#batches-m button[value="{size}"]').click()
        words = said(page, "batches").replace("%", "").split()
        measured, expected[size] = float(words[7]), float(words[14].strip(";"))
        assert measured == pytest.approx(expected[size], rel=0.1)
    assert expected[1] / expected[100] == pytest.approx(10, rel=0.01)
    page.locator("#batches-clear").click()
    page.locator("#batches-one").click()
    assert said(page, "batches").startswith("1 mini-batches of 100")


def test_the_bits_are_solved_by_hand(page: Any) -> None:
    assert said(page, "bits").startswith("0 of the ten digits are right")
    preset(page, "bits", "The same without biases")
    assert said(page, "bits").startswith("0 of the ten digits are right. The smallest margin is −0.05")
    for bit in (8, 4, 2, 1):
        page.get_by_label(f"Bias of bit {bit}").fill("-0.5")
    page.keyboard.press("Enter")
    assert said(page, "bits").endswith("The smallest margin is 0.45.")
    layer = bit_layer()
    link = f"bits.w={','.join(f'{w:g}' for w in layer.w.ravel())}&bits.b={','.join(f'{b:g}' for b in layer.b)}"
    wait_for_address(page, link)
    preset(page, "bits", "All zero")
    preset(page, "bits", "A solution by hand")
    assert said(page, "bits").startswith("Solved")
    page.get_by_label("Bias of bit 1", exact=True).fill("")  # no number: it is put back
    page.locator('[data-digit="7"]').click()
    assert "7, bit 1: z = 0.99·1 + 0.01·4 + (−0.5) = 0.53" in page.locator("#bits-sums").inner_text()


def test_a_link_leads_to_a_state_also_in_an_open_page(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en&sigmoid.x=0.5&valley.steps=7&valley.eta=-3&bits.w=1,2&adder.bits=99")
    assert "At z = 0" in said(page, "sigmoid")
    assert said(page, "valley").startswith("Step 7:")
    assert page.locator("#valley-eta-value").input_value() == "0.3"  # what is not valid is left out
    assert page.locator("#adder-bits-value").input_value() == "1"
    page.evaluate("location.hash = '#lang=en&sigmoid.x=0.9'")
    page.locator("#sigmoid-said", has_text="6·0.9").wait_for()
    assert "at its start" in said(page, "valley")


def test_every_preset_is_a_state(page: Any) -> None:
    count = page.locator("[data-state]").count()
    assert count > 15
    for place in range(count):
        page.locator("[data-state]").nth(place).dispatch_event("click")  # an unknown key or value is an error


def test_no_address_breaks_a_figure(live_page: Path, open_page: Open) -> None:
    for value in HOSTILE:
        page = open_page(live_page, "#lang=en&" + "&".join(f"{key}={value}" for key in KEYS))
        for figure in FIGURES:
            assert page.locator(f"#figure-{figure}").inner_text()
        assert "undefined" not in page.locator(".chapter").inner_text()
        assert "NaN" not in page.locator(".chapter").inner_text()
        page.context.close()


def test_a_perceptron_learns_what_a_line_can_do_and_never_xor(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en&perceptron.w1=0&perceptron.w2=0&perceptron.b=0&perceptron.wanted=0111")
    for _ in range(12):
        page.locator("#perceptron-learn").click()
    assert "All four outputs are as wanted" in said(page, "perceptron")
    page.locator("#perceptron-wanted").select_option("0110")
    for _ in range(30):
        page.locator("#perceptron-learn").click()
    assert "More than 3 is impossible" in said(page, "perceptron")


def test_a_step_is_turned_and_its_change_is_predicted(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en&steepest.length=0.05&steepest.angle=0")
    assert "C rises" in said(page, "steepest")
    page.locator("#steepest-along").click()
    assert "C stays nearly the same" in said(page, "steepest")
    page.locator("#steepest-against").click()
    words = said(page, "steepest")
    assert "C falls" in words
    predicted, true = (
        float(words.split(start)[1].split()[0].strip(".:").replace("−", "-")) for start in ("−1 = ", "True change: ")
    )
    assert true == pytest.approx(predicted, rel=0.06)
    drag(page, page.locator("#steepest-plot .handle"), 40, -60)
    wait_for_address(page, "steepest.angle=")


def test_a_copied_link_leads_to_the_figure_with_what_is_set(live_page: Path, open_page: Open) -> None:
    page = open_page(live_page, "#lang=en")
    preset(page, "perceptron", "OR")
    page.locator("#figure-perceptron .copy").click()
    page.get_by_text("copied").wait_for()
    fragment = page.url.partition("#")[2]
    assert "at=perceptrons.gates" in fragment
    other = open_page(live_page, f"#{fragment}")
    assert "OR" in said(other, "perceptron")
    assert 0 <= other.locator('[id="perceptrons.gates"] h3').bounding_box()["y"] < 100


def test_points_inside_a_ring_are_learned_by_four_hidden_neurons_and_not_by_one(
    live_page: Path, open_page: Open
) -> None:
    right = []
    for hidden in (1, 4):
        page = open_page(live_page, f"#lang=en&plane.hidden={hidden}")
        for _ in range(150):
            page.locator("#plane-step").dispatch_event("click")
        words = said(page, "plane")
        assert words.startswith("After 150 epochs, C = 0.")
        assert page.locator("#plane-neurons canvas").count() == hidden
        right.append(int(words.split("; ")[1].split()[0]))
    assert right[0] < 100 < 110 < right[1]
    page.locator("#plane-play").click()
    page.locator("#plane-said", has_text="After 3").wait_for()
    page.locator("#plane-reset").click()
    assert said(page, "plane").startswith("After 0 epochs")
