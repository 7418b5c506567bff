"""The network that learns in the page, and the lens, in a real browser: buttons, links, keyboard, languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from nndigits.stages.datasets import data_artifact

pytestmark = pytest.mark.slow


def reached(page: Any, epoch: int) -> str:
    """Wait for the end of an epoch, and return what is said then."""
    said = page.locator("#learn-said", has_text=re.compile(rf"Epoch {epoch}:"))
    said.wait_for()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return str(said.text_content())


def percent(said: str) -> list[float]:
    return [float(number) for number in re.findall(r"([\d.]+) %", said)]


def run_to(page: Any, epoch: int) -> str:
    page.select_option("#learn-pace", "full")
    page.fill("#learn-stop", str(epoch))
    page.press("#learn-stop", "Enter")
    page.click("#learn-play")
    page.locator("#learn-play", has_text="Play").wait_for()
    return reached(page, epoch)


def test_it_learns_stops_at_an_epoch_and_goes_back_to_the_start(page: Any) -> None:
    first = reached(page, 0)
    assert all(share < 30 for share in percent(first))
    test, train = percent(run_to(page, 12))
    assert train > 80
    assert test > 70
    wrong, total = re.findall(r"\d+", page.locator("#learn-wrong").text_content())[:2]
    assert int(wrong) == round(int(total) * (1 - test / 100))
    assert page.locator("#learn-mistakes button:visible").count() == min(18, int(wrong))
    assert page.locator("#learn-chart-accuracy path.curve").get_attribute("d").count("L") == 12
    assert not page.locator("#learn-before").is_visible()
    page.click("#learn-reset")
    assert reached(page, 0) == first
    page.locator("#learn-before").wait_for()
    assert page.locator("#learn-chart-accuracy path.dashed").get_attribute("d").count("L") == 12


def test_digits_that_are_never_read_are_named(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en&learn.hidden=1")
    assert "No image is read as" not in reached(page, 0)
    assert re.search(r"No image is read as \d, \d.*Try another seed", run_to(page, 6))


def test_one_mini_batch_and_one_epoch(live_page: Path, open_page: Any, digits: Path) -> None:
    images = len(data_artifact.load(digits).arrays["train_images"])
    page = open_page(live_page, "#lang=en&learn.batch=100")
    reached(page, 0)
    for number in (1, 2):
        page.click("#learn-batch-step")
        page.locator("#figure-learn").get_by_text(
            f"After mini-batch {number} of {-(-images // 100)} in epoch 1:"
        ).wait_for()
    page.click("#learn-epoch-step")
    reached(page, 1)
    page.click("#learn-epoch-step")
    reached(page, 2)


def test_a_link_leads_to_the_same_network_at_the_same_epoch(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en")
    reached(page, 0)
    page.select_option("#learn-cost", "cross-entropy")
    page.select_option("#learn-activation", "tanh")
    page.select_option("#learn-init", "N(0,1/n)")
    page.click("#learn-more")
    page.locator("#learn-sizes input").nth(1).fill("12")
    page.locator("#learn-sizes input").nth(1).press("Enter")
    page.fill("#learn-eta-value", "0.2")
    page.press("#learn-eta-value", "Enter")
    said = run_to(page, 5)
    page.wait_for_timeout(400)  # the address is written after a pause
    fragment = page.url.partition("#")[2]
    assert "learn.hidden=30%2C12" in fragment
    other = open_page(live_page, f"#{fragment}")
    assert reached(other, 5) == said
    assert other.locator("#learn-which").text_content() == page.locator("#learn-which").text_content()


def test_eta_changes_at_once_and_other_settings_begin_again(page: Any) -> None:
    run_to(page, 3)
    page.fill("#learn-eta-value", "0.5")
    page.press("#learn-eta-value", "Enter")
    assert "Epoch 3:" in page.locator("#learn-said").text_content()
    page.click("#learn-epoch-step")
    reached(page, 4)
    page.wait_for_timeout(400)
    assert "learn.at=4" not in page.url, "a link cannot lead to a run whose eta has changed on the way"
    page.fill("#learn-seed", "7")
    page.press("#learn-seed", "Enter")
    reached(page, 0)


def test_a_training_that_diverges_says_so(live_page: Path, open_page: Any) -> None:
    page = open_page(
        live_page,
        "#lang=en&learn.activation=leaky-relu&learn.cost=log-likelihood&learn.eta=1000&learn.hidden=30,30&learn.pace=full",
    )
    reached(page, 0)
    page.click("#learn-play")
    page.locator("#figure-learn").get_by_text("The training has diverged").wait_for()


def test_the_page_answers_while_it_trains(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en&learn.hidden=100,100,100&learn.stop=1000&learn.pace=full")
    reached(page, 0)
    page.click("#learn-play")
    page.locator("#learn-play", has_text="Pause").wait_for()
    gaps = page.evaluate(
        """() => new Promise((done) => {
          const times = [];
          const tick = () => {
            times.push(performance.now());
            if (times.length < 60) setTimeout(tick);
            else done(times.slice(1).map((time, place) => time - times[place]));
          };
          tick();
        })"""
    )
    assert sorted(gaps)[30] < 200, "a timer of 4 ms: an epoch on the same thread takes longer than this"
    assert len(page.workers) == 1
    page.click("#learn-play")
    page.locator("#learn-play", has_text="Play").wait_for()


def test_neurons_are_selected_by_the_keyboard(page: Any) -> None:
    reached(page, 0)
    page.locator("#learn-network").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    which = page.locator("#learn-which").text_content()
    assert int(re.findall(r"Neuron (\d+)", which)[0]) > 1
    assert page.locator("#learn-bars li").count() == 10
    page.get_by_role("button", name="what learning has changed").click()
    assert "Its bias has changed by 0" in page.locator("#learn-which").text_content()


def test_the_lens_shows_the_neuron_at_the_pointer_and_keeps_the_selected_one(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en&lens.layer=2&lens.neuron=4")
    title = page.locator("#lens-neuron")
    assert title.text_content() == "Output neuron of the digit 4"
    node = page.locator('#lens-drawing [data-layer="0"][data-neuron="6"]')
    node.hover()
    assert title.text_content() == "Neuron 6 of hidden layer 1"
    assert page.locator("#lens-backward").inner_text().count("BP") == 2
    page.locator("#lens-said").hover()
    assert title.text_content() == "Output neuron of the digit 4"
    node.hover()
    node.click()
    page.locator("#lens-said").hover()
    assert title.text_content() == "Neuron 6 of hidden layer 1"
    page.locator("#lens-drawing").focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert title.text_content() == "Output neuron of the digit 4"
    page.locator("#lens-weights").focus()
    page.keyboard.press("ArrowRight")
    assert re.fullmatch(r"Its weight from neuron \d+ of the layer before", page.locator("#lens-weight").text_content())


def test_updates_of_the_lens_lower_the_cost_and_are_taken_back(live_page: Path, open_page: Any) -> None:
    page = open_page(live_page, "#lang=en&lens.eta=0.1")
    said = page.locator("#lens-said")

    def cost() -> float:
        return float(re.findall(r"C = ([\d.]+\d)", said.text_content())[0])

    start = cost()
    rows = page.locator("#lens-all td:nth-child(2)").all_text_contents()
    predicted, true = (float(row.rpartition("= ")[2].replace("−", "-")) for row in rows)
    assert predicted == pytest.approx(true, rel=0.1)
    page.click("#lens-step")
    assert cost() == pytest.approx(start + true, abs=2e-3)
    page.click("#lens-back")
    assert cost() == start


def test_a_mistake_is_looked_at_through_the_lens(page: Any) -> None:
    run_to(page, 2)
    mistake = page.locator("#learn-mistakes button").first
    label, answer = re.findall(r"\d", mistake.get_attribute("aria-label"))[:2]
    mistake.click()
    assert page.locator("#lens-said").text_content().startswith(f"A {label}, read as {answer},")
    assert page.locator("#lens-network [aria-pressed=true]").get_attribute("value") == "learned"


def test_an_address_that_makes_no_sense_changes_nothing(live_page: Path, open_page: Any) -> None:
    plain = open_page(live_page, "#lang=en")
    absurd = (
        "learn.hidden=1e9,2.5&learn.hidden=30,30,30,30&learn.eta=-1&learn.batch=0&learn.seed=1e99&learn.cost=hinge"
        "&learn.activation=step&learn.init=N&learn.stop=x&learn.at=-5&learn.pace=slow&lens.layer=9&lens.steps=999"
        "&lens.eta=NaN&lens.network=<b>&lens.view=constructor"
    )
    page = open_page(live_page, f"#lang=en&{absurd}")
    assert reached(page, 0) == reached(plain, 0)
    ids = ("lens-said", "lens-neuron", "lens-weight", "lens-all", "learn-which")
    assert [page.locator(f"#{id_}").text_content() for id_ in ids] == [
        plain.locator(f"#{id_}").text_content() for id_ in ids
    ]
    far = open_page(live_page, "#lang=en&lens.image=9999&lens.neuron=9999&lens.input=99999999&lens.layer=4")
    assert far.locator("#lens-neuron").text_content() == "Output neuron of the digit 9"
