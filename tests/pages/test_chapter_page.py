"""The page of the chapter in a real browser: contents, languages, sizes and exercises."""

import json
import math
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from accessibility import in_every_view, violations

pytestmark = pytest.mark.slow

TEXTS = json.loads(files("nndigits.pages").joinpath("chapter/texts.json").read_text(encoding="utf-8"))
PROGRAM = {
    name: TEXTS[f"ex-code-{number}-code"]["en"]
    for number, name in enumerate(("Network", "feedforward", "SGD", "updateMiniBatch"), 1)
}
ANSWERS = {
    "scaled": ({"sum": "-5", "output": "0"}, "c", "b"),
    "limit": ({"c": "12"}, {"sigmoid": "1/2", "perceptron": "0"}, "a"),
    "binary": (["2", "3", "6", "7"], {"low": "−0.99", "high": "-.05"}),
    "one-variable": ({"slope": "4", "step": "-1", "next": "2"}, "b"),
    "single": ({"twenty": "3,000", "one": "６００００"}, "b", "a"),
    "components": ({"z1": "0.5", "z2": "-0.5", "a1": "0.622", "a2": "0.378"}, "a"),
    "code": (
        {"Network": PROGRAM["Network"].replace("…", "sizes[i]")},
        {"feedforward": PROGRAM["feedforward"].replace("…", "dot(w[j], a) + bias")},
        {"SGD": PROGRAM["SGD"].replace("…", "data.slice(k, k + m)")},
        {"updateMiniBatch": PROGRAM["updateMiniBatch"].replace("…", "-eta / batch.length")},
        {"weight": "-0.7"},
    ),
    "no-hidden": ({"accuracy": "85 %"}, "c", "a"),
    "rate": ({"best": "0,5", "largest": "1"}, "a", "b"),
}


@pytest.fixture
def page(chapter_page: Path, open_page: Any) -> Any:
    return open_page(chapter_page, "#lang=en")


def fill(form: Any, answers: Any) -> None:
    for number, answer in enumerate(answers, 1):
        part = form.locator(f'[data-part="{number}"]')
        if isinstance(answer, dict):
            for name, value in answer.items():
                part.locator(f'[name="{name}"]').fill(value)
        elif isinstance(answer, str) and part.get_attribute("data-kind") == "order":
            for step in answer:
                line = part.locator(f'[data-step="{step}"]')
                while line.evaluate("line => [...line.parentElement.children].indexOf(line)") > answer.index(step):
                    line.locator('[data-move="-1"]').click()
        else:
            for option in answer:
                part.locator(f'[value="{option}"]').check()


def said(form: Any) -> list[str]:
    return [text for text in form.locator(".said").all_inner_texts() if text]


def eventually(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_readers_program_trains_and_a_wrong_one_is_told_what_it_gives(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en")
    form = page.locator("#ex-code")
    fill(form, ANSWERS["code"])
    form.get_by_role("button", name="Check").click()
    eventually(lambda: "Epoch 2: " in said(form)[-2], 60)
    form.locator("[name=feedforward]").fill(PROGRAM["feedforward"].replace("…", "dot(w[j], a)"))
    form.locator("[name=Network]").fill(PROGRAM["Network"])
    form.locator("[name=SGD]").fill(PROGRAM["SGD"].replace("…", "slice(k)"))
    form.locator("[name=updateMiniBatch]").fill("function updateMiniBatch( {")
    form.get_by_role("button", name="Check").click()
    eventually(lambda: len(said(form)) == 5)
    gap, feedforward, sgd, update, _ = said(form)
    assert gap == "The gap … is still there."
    assert feedforward == "It gives 0.5, 0.818; it should be 0.622, 0.378."
    assert "slice is not defined" in sgd
    assert "SyntaxError" in update
    page.wait_for_timeout(400)
    page.reload()
    assert form.locator("[name=updateMiniBatch]").input_value() == "function updateMiniBatch( {"


@pytest.mark.parametrize(
    ("typed", "told"),
    [("60 000", None), ("6万", None), ("60.000", "60000"), ("60'000", None), ("6 0", "write a number")],
)
def test_numbers_are_read_as_people_write_them(
    chapter_page: Path, open_page: Any, typed: str, told: str | None
) -> None:
    form = open_page(chapter_page, "#lang=en").locator("#ex-single")
    form.locator("[name=one]").fill(typed)
    form.locator("[name=twenty]").fill("3000")
    form.get_by_role("button", name="Check").click()
    assert (told or "Right") in said(form)[0]


def test_a_percent_and_a_number_with_too_few_decimals_are_told_so(page: Any) -> None:
    rate, components = page.locator("#ex-rate"), page.locator("#ex-components")
    fill(rate, ({"best": "50%", "largest": "1"},))
    fill(components, ({"z1": "0.5", "a1": "0.62", "z2": "-0.5", "a2": "0.378"},))
    for form in (rate, components):
        form.get_by_role("button", name="Check").click()
    assert "not in percent" in said(rate)[0]
    assert said(components)[0] == "a′₁: to three decimals, please."


def test_right_answers_are_right_and_stand_in_the_address(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page, "#lang=en")
    for name, answers in ANSWERS.items():
        form = page.locator(f"#ex-{name}")
        fill(form, answers)
        form.get_by_role("button", name="Check").click()
        eventually(lambda form=form, answers=answers: len(said(form)) == len(answers))
        assert all(text.startswith("Right") for text in said(form)), (name, said(form))
    kept = page.url.partition("#")[2]
    other = open_page(chapter_page, f"#{kept}")
    assert other.locator("#ex-one-variable [name=next]").input_value() == "2"
    assert other.locator('#ex-scaled [data-part="2"] [value="c"]').is_checked()
    assert said(other.locator("#ex-scaled")) == []


@in_every_view
def test_axe_finds_no_violation(live_page: Path, open_page: Any, view: dict[str, Any]) -> None:
    page = open_page(live_page, **view)
    page.locator("#learn-said", has_text="0").wait_for()
    assert violations(page) == []
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    assert violations(page) == []


def test_every_element_shows_that_it_has_the_focus(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en")
    hidden = """() => [...document.querySelectorAll("a, button, input, select, summary, [tabindex]")].filter((one) => {
        if (!one.checkVisibility()) return false;
        one.focus({ focusVisible: true });
        return document.activeElement === one && getComputedStyle(one).outlineStyle === "none";
      }).map((one) => one.outerHTML.slice(0, 80))"""
    page.keyboard.press("Tab")
    assert page.evaluate(hidden) == []


def test_a_wrong_answer_is_told_what_is_wrong_in_both_languages(page: Any) -> None:
    form = page.locator("#ex-components")
    fill(form, ({"z1": "0", "a1": "0.5", "z2": "-0.5", "a2": "word"}, "c"))
    form.get_by_role("button", name="Check").click()
    first, second = said(form)
    assert first.split("\n") == [
        "z₁: the bias is missing.",
        "a′₁: that is z. Apply σ to it.",
        "a′₂: write a number, such as 1.25.",
    ]
    assert second.startswith("The first index of w")
    assert form.locator("[name=z1]").get_attribute("aria-invalid") == "true"
    assert form.locator("[name=z2]").get_attribute("aria-invalid") == "false"
    page.get_by_text("中文").click()
    assert said(form)[0].startswith("z₁：漏了偏置。")
    form.locator("[name=z1]").fill("0.5")
    assert len(said(form)) == 1, "a changed part is not judged by its old answer"


def test_the_smallest_c_is_computed(page: Any) -> None:
    form = page.locator("#ex-limit")
    for c in (1, 11, 12, 13):
        form.locator("[name=c]").fill(str(c))
        form.get_by_role("button", name="Check").click()
        output = 1 / (1 + math.exp(-0.4 * c))
        assert said(form)[0].startswith("Right" if c == 12 else f"With c = {c} the output is {output:.4f}")


def test_a_proof_is_put_in_order_with_the_keyboard(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page, "#lang=en")
    form = page.locator("#ex-proof")

    def order() -> str:
        return "".join(form.locator("[data-step]").evaluate_all("steps => steps.map((step) => step.dataset.step)"))

    def move(step: str, by: int) -> None:
        form.locator(f'[data-step="{step}"] [data-move="{1 if by > 0 else -1}"]').focus()
        for _ in range(abs(by)):
            page.keyboard.press("Enter")

    def check() -> str:
        form.get_by_role("button", name="Check").click()
        return said(form)[0]

    assert order() == "fbeadc"
    assert "must come after it" in check()
    move("a", -3)
    move("f", 4)
    assert order() == "abedcf"
    assert check().startswith("“For this candidate")
    move("e", 1)
    assert order() == "abdecf"
    assert check() == "Right."
    move("b", 2)
    assert order() == "adebcf"
    assert check() == "Right.", "the bound and the candidate may change places"
    assert "ex-proof=a_d_e_b_c_f" in page.url
    other = open_page(chapter_page, "#ex-proof=a_d_e_b_c_f_nonsense")
    assert other.locator("#ex-proof [data-step]").first.get_attribute("data-step") == "a"


def test_a_link_of_the_contents_keeps_the_state(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page, "#lang=zh", viewport={"width": 1280, "height": 900})
    page.locator(".contents").get_by_text("感知机", exact=True).first.click()
    page.locator(".contents").get_by_text("逻辑门与异或").click()
    assert page.url.endswith("#lang=zh&at=perceptrons.gates")
    assert page.title() == "用神经网络识别手写数字"
    heading = page.locator('[id="perceptrons.gates"] h3')
    assert 0 <= heading.bounding_box()["y"] < 100
    page.wait_for_function("document.querySelector('[aria-current]')?.hash === '#perceptrons.gates'")
    other = open_page(chapter_page, "#lang=zh&at=perceptrons.gates", viewport={"width": 1280, "height": 900})
    assert 0 <= other.locator('[id="perceptrons.gates"] h3').bounding_box()["y"] < 100
    plain = open_page(chapter_page, "#descent")
    assert 0 <= plain.locator("#descent h2").bounding_box()["y"] < 100


def slide(page: Any, value: float) -> None:
    """Move the slider of the perceptron's bias, wherever the page is scrolled."""
    page.locator("#perceptron-b").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def expect(page: Any, place: str | None, bias: str, *values: str) -> None:
    """Wait until the address has this place and these values and the slider its value, which takes a moment."""
    state = "[...location.hash.slice(1).split('&').sort(), document.querySelector('#perceptron-b').value].join()"
    wanted = ",".join([*sorted([*values, *([] if place is None else [f"at={place}"])]), bias])
    page.wait_for_function(f"wanted => {state} === wanted", arg=wanted)


def expect_scrolled(page: Any, to: float) -> None:
    page.wait_for_function("to => Math.abs(scrollY - to) < 50", arg=to)


def test_links_of_the_contents_are_steps_of_the_history_and_changes_are_none(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en", viewport={"width": 1280, "height": 900})
    page.evaluate("window.same = true")
    contents, before = page.locator(".contents"), page.evaluate("history.length")
    contents.get_by_text("Perceptrons", exact=True).first.click()
    for _ in range(2):  # the second time it is the same place, which is no step
        contents.get_by_text("Logic gates, and XOR").click()
    slide(page, 2.5)
    expect(page, "perceptrons.gates", "2.5", "lang=en", "perceptron.b=2.5")
    page.evaluate("scrollBy(0, 200)")
    left_at = page.evaluate("scrollY")
    contents.get_by_text("Glossary").click()
    slide(page, -1)
    page.get_by_role("button", name="中文").click()
    latest = ("-1", "lang=zh", "perceptron.b=-1")
    expect(page, "glossary", *latest)
    assert page.evaluate("history.length") == before + 3

    page.go_back()
    expect(page, "perceptrons.gates", *latest)
    expect_scrolled(page, left_at)
    page.go_back()
    expect(page, "perceptrons", *latest)
    page.go_back()
    expect(page, None, *latest)
    expect_scrolled(page, 0)
    for _ in range(3):
        page.go_forward()
    expect(page, "glossary", *latest)
    assert page.evaluate("window.same") is True, "nothing was loaded again"
    page.reload()
    page.go_back()
    expect(page, "perceptrons.gates", *latest)


def test_an_address_that_is_typed_has_a_state_of_its_own(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en&perceptron.b=1", viewport={"width": 1280, "height": 900})
    page.locator(".contents").get_by_text("Glossary").click()
    with page.expect_event("load"):
        page.evaluate("location.hash = '#lang=en&perceptron.b=2&at=perceptrons.gates'")
    expect(page, "perceptrons.gates", "2", "lang=en", "perceptron.b=2")
    with page.expect_event("load"):
        page.go_back()
    expect(page, "glossary", "1", "lang=en", "perceptron.b=1")
    page.go_back()
    expect(page, None, "1", "lang=en", "perceptron.b=1")


def test_a_phone_scrolls_no_sideways_and_folds_the_contents(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page, "#lang=en", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    contents = page.locator(".contents")
    assert contents.get_attribute("open") is None
    contents.locator("summary").click()
    contents.get_by_text("Logic gates, and XOR").click()
    assert contents.get_attribute("open") is None
    assert 0 <= page.locator('[id="perceptrons.gates"] h3').bounding_box()["y"] < 100


def test_without_a_script_everything_can_be_read(chapter_page: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(chapter_page.as_uri())
    assert page.locator("body > *").first.inner_text().startswith("Scripts are switched off")
    assert page.locator(".contents a").first.is_visible()
    page.locator('[id="perceptrons.gates"] .numbers summary').click()
    assert page.locator('[id="perceptrons.gates"] .numbers table').first.is_visible()
    context.close()


def test_a_page_without_solutions_still_checks(chapter_page: Path, open_page: Any) -> None:
    page = open_page(chapter_page.with_name("class.html"), "#lang=en")
    assert page.get_by_text("Solution", exact=True).count() == 0
    assert page.locator("#figure-sigmoid").get_by_text("1/2 for every c").count() == 0
    form = page.locator("#ex-rate")
    fill(form, ANSWERS["rate"])
    form.get_by_role("button", name="Check").click()
    assert said(form) == ["Right."] * 3
