"""The page of the chapter: complete, the same bytes from the same data, in two languages, with or without solutions."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from nndigits.stages.chapter import chapter, prose, shown
from nndigits.stages.chapter.exercises import EXERCISES
from nndigits.stages.chapter.sections import ROOMS, SECTIONS, SOLUTIONS, complete
from nndigits.stages.chapter.without_hidden import WithoutHidden, train_without_hidden
from nndigits.stages.demos import reject_network
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.index import BY_NAME
from nndigits.stages.demos.shared.texts import Table, Text
from nndigits.stages.figures.figure import Curve, Figure, Panel, Tile
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError

PAGES = files("nndigits.pages")
pytestmark = pytest.mark.usefixtures("few_digits")
MEASURED = WithoutHidden(64, 30, (80.0, 90.0))
QUICK = ("gates", "scaling", "target")


class Ids(HTMLParser):
    """Collects the ids of a page and what refers to them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "xlink:href") and (value or "").startswith("#"):
                self.references.add((value or "")[1:])
            elif name in ("aria-describedby", "aria-labelledby", "for"):
                self.references.update((value or "").split())
            self.references.update(re.findall(r"url\(#([^)]+)\)", value or ""))


def texts(table: str) -> dict[str, dict[str, str]]:
    return json.loads(PAGES.joinpath(table).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made() -> dict[str, shown.Shown]:
    return chapter.run(QUICK, DATA)


def test_every_demonstration_has_a_place_and_a_title() -> None:
    assert sorted(name for section in complete(SECTIONS, BY_NAME) for name in section.demos) == sorted(BY_NAME)
    keys = texts("chapter/texts.json")
    assert {f"demo-{name}" for section in SECTIONS for name in section.demos} <= set(keys)
    for section in SECTIONS:
        assert {f"section-{section.key}", f"intro-{section.key}"} <= set(keys)


def test_a_new_demonstration_comes_after_the_one_before_it_and_is_called_by_its_name(
    made: dict[str, shown.Shown],
) -> None:
    sections = complete(SECTIONS, ["gates", "sigmoid", "bias", "scaling"])
    assert list(sections[1].demos) == ["sigmoid", "small-change", "scaling", "bias"]
    assert "bias" not in SECTIONS[1].demos
    page = chapter.page_of({"gates": made["gates"], "bias": made["scaling"]}, "digits", MEASURED)
    assert '<a href="#perceptrons.bias">bias</a>' in page


def test_no_room_repeats_a_key_of_another() -> None:
    rooms = ("shared", *ROOMS, "chapter")
    keys = [key for table in (*(f"{room}/texts.json" for room in rooms), SOLUTIONS) for key in texts(table)]
    assert len(keys) == len(set(keys))


def test_ids_are_unique_and_every_reference_leads_somewhere(made: dict[str, shown.Shown]) -> None:
    found = Ids(chapter.page_of(made, "digits", MEASURED))
    assert len(found.ids) == len(set(found.ids))
    assert found.references <= set(found.ids)
    assert len(found.references) > 20


def test_equal_data_gives_equal_bytes_wherever_it_lies(digits: Path, tmp_path: Path) -> None:
    other = tmp_path / "private-folder" / "data.npz"
    other.parent.mkdir()
    other.write_bytes(digits.read_bytes())
    first, second = (chapter.page_of(chapter.run(QUICK, path), "digits", MEASURED) for path in (digits, other))
    assert first == second
    assert "private-folder" not in second
    assert "from data.npz" in second


def test_solutions_can_be_left_out(made: dict[str, shown.Shown]) -> None:
    whole, without = (chapter.page_of(made, "digits", MEASURED, with_solutions=given) for given in (True, False))
    for versions in texts(SOLUTIONS).values():
        for version in versions.values():
            start = json.dumps(version[:30])[1:-1]
            assert start in whole
            assert start not in without
            assert version[:30] not in without
    solved, other = made["scaling"], made["gates"]
    for text in (solved.idea, solved.findings[0], solved.tables[0].title, other.findings[0]):
        assert text
        assert str(text) in whole
        assert (str(text) in without) == (text == other.findings[0])
    assert "nn demo scaling" in without
    row_of_bit_8 = "bits.w=0,0,0,0,0,0,0,0,1,1"  # in a live figure
    made = {"bits": shown.show(BY_NAME["bits"], Demo("", (), (), {}, ()), str)}
    whole, without = (chapter.page_of(made, "digits", MEASURED, with_solutions=given) for given in (True, False))
    assert (row_of_bit_8 in whole, row_of_bit_8 in without) == (True, False)


def test_every_exercise_has_a_solution_and_no_text_is_left_over() -> None:
    exercises = [one for group in EXERCISES.values() for one in group]
    assert {f"ex-{one.name}-solution" for one in exercises} == set(texts(SOLUTIONS))
    script = "".join(
        path.read_text(encoding="utf-8") for path in PAGES.joinpath("chapter").iterdir() if path.name.endswith(".js")
    )
    wanted = {"exercises", "exercises-how", "exercises-how-checked"}
    wanted |= {f"ex-{word}" for word in ("check", "hint", "solution", "up", "down")}
    wanted |= set(re.findall(r'"(ex-[\w-]+)"', script))
    for one in exercises:
        wanted |= {f"ex-{one.name}{part}" for part in ("", "-ask", "-hint")}
        for number, part in enumerate(one.parts, 1):
            key = f"ex-{one.name}-{number}"
            wanted.add(key)
            if part.kind == "code":
                wanted.add(f"{key}-code")
            elif part.kind != "several":
                wanted |= {f"{key}-{item}" for item in part.items}
            if part.kind == "choice":
                right = re.search(rf'choice\("{key}", "(\w)"\)', script)
                assert right, key
                wanted |= {f"{key}-{item}-why" for item in part.items if item != right[1]}
    assert wanted == {key for key in texts("chapter/texts.json") if key.startswith("ex")}


def test_names_from_files_are_text_in_the_page(made: dict[str, shown.Shown]) -> None:
    name = "</script><img src=x onerror=alert(1)> `<u>` \u202e \x1b[31m"
    demo = Demo(name, (Table(name, (name,), ((name,),)),), (name,), {}, (), (name,))
    hostile = shown.show(BY_NAME["gates"], demo, str)
    page = chapter.page_of({**made, "gates": hostile}, name, MEASURED)
    assert "<img" not in page
    assert "<u>" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert page.count("</script>") == 2


def test_texts_are_shown_in_both_languages_and_a_figure_is_data_with_its_images_as_addresses() -> None:
    table = Table(Text("A <title>", "标题"), ("x", "word"), ((0.123456789, True), (100, "784-30-10")))
    result = shown.show(BY_NAME["gates"], Demo("", (table,), ("95% of it",), {}, ()), str)
    assert (
        '<span class="in-en">A &lt;title&gt;</span><span class="in-zh" lang="zh-CN">标题</span>'
        in result.tables[0].title
    )
    yes = '<span class="in-en">yes</span><span class="in-zh" lang="zh-CN">是</span>'
    assert [list(map(str, row)) for row in result.tables[0].rows] == [["0.123457", yes], ["100", "784-30-10"]]
    assert list(map(str, result.findings)) == ["95\N{NO-BREAK SPACE}% of it"]
    tile = Tile(np.array([[0.0, 2.0]]), Text("a tile", "图块"))
    curve = Curve(np.array([1 / 3, np.inf]), (1, 2), Text("cost", "代价"), "dashed")
    figure = Figure((Panel(Text("Title", "标题"), curves=(curve,)), Panel("", tiles=(tile,))))
    first, second = shown.show(BY_NAME["gates"], Demo("", (), (), {}, (), figure=figure), str).panels
    assert first["title"] == {"en": "Title", "zh": "标题"}
    assert first["curves"] == [
        {"x": [0.33333, None], "y": [1, 2], "label": {"en": "cost", "zh": "代价"}, "style": "dashed"}
    ]
    assert second["pictures"][0].startswith("data:image/png;base64,")
    assert (second["captions"], second["shape"]) == ([{"en": "a tile", "zh": "图块"}], (1, 2))


def test_every_text_of_the_essay_has_a_place_and_equal_paragraphs_and_formulas_in_both_languages() -> None:
    essay = prose.table("essay")
    names = [*BY_NAME, *(section.key for section in SECTIONS)]
    assert set(essay) <= {"opening", *names, *(f"{name}-then" for name in names), *(f"{name}-end" for name in names)}
    for key, versions in essay.items():
        assert list(versions) == ["en", "zh"]
        english, chinese = (str(text).count("\n\n") for text in versions.values())
        assert english == chinese, key
        assert not re.search(r"[\\$]|<m[oi]>[{}_^]</m[oi]>", prose.prose(key)), key


@pytest.mark.parametrize(
    ("written", "mathml"),
    [
        ("ΔC ≈ 2", "<mi>Δ</mi><mi>C</mi><mo>≈</mo><mn>2</mn>"),
        (r"\frac{1}{2n}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn><mi>n</mi></mrow></mfrac>"),
        ("{a_j}^2 < b", "<msup><mrow><msub><mi>a</mi><mi>j</mi></msub></mrow><mn>2</mn></msup><mo>&lt;</mo><mi>b</mi>"),
        ('"output"', "<mtext>output</mtext>"),
    ],
)
def test_a_formula_is_mathml(written: str, mathml: str) -> None:
    assert prose.formula(written) == f"<math>{mathml}</math>"


def test_the_network_without_a_hidden_layer_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndigits.stages.chapter.without_hidden.EPOCHS", 1)
    measured = train_without_hidden(read_digits(DATA))
    assert (measured.inputs, measured.epochs, len(measured.accuracies)) == (64, 1, 3)
    assert all(10 <= accuracy <= 100 for accuracy in measured.accuracies)
    assert measured == train_without_hidden(read_digits(DATA))


def test_demonstrations_that_the_digits_do_not_allow_are_left_out(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reject_network, "STRIPS", 10)  # what it learns does not matter
    artifact = artifacts.load(digits, "dataset")
    arrays = {name: array.copy() for name, array in artifact.arrays.items()}
    for name in ("train_images", "validation_images", "test_images"):
        arrays[name][:] = 0
    arrays["test_images"], arrays["test_labels"] = arrays["test_images"][:1], np.array([5], np.uint8)
    artifacts.save(tmp_path / "blank.npz", artifact.meta, arrays)
    passed_over: list[str] = []
    names = ["gates", "target", "segmentation"]
    found = chapter.run(names, tmp_path / "blank.npz", passed_over=passed_over)
    assert list(found) == ["gates"]
    assert passed_over[0] == "target: digit 6: there is no test image of this digit"
    assert passed_over[1].startswith(f"segmentation: {tmp_path / 'blank.npz'}: its images have no strokes")


def test_damaged_weights_of_the_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chapter, "run", lambda *_: pytest.fail("ran"))
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "weights.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"weights\.npz"):
        chapter.chapter(tmp_path / "chapter.html")


def test_what_cannot_be_written_or_read_is_refused_before_anything_runs(
    tmp_path: Path, digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapter, "run", lambda *_: pytest.fail("ran"))
    with pytest.raises(UsageError, match=r"expected a file ending in \.html"):
        chapter.chapter(tmp_path / "chapter.txt")
    same = tmp_path / "data.html"
    same.write_bytes(digits.read_bytes())
    with pytest.raises(UsageError, match="both read and written by this command"):
        chapter.chapter(same, data=same)
    with pytest.raises(InputError, match="no such file"):
        chapter.chapter(tmp_path / "chapter.html", data=tmp_path / "nothing.npz")
    assert not (tmp_path / "chapter.html").exists()
