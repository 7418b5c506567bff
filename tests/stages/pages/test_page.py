"""A page: one file, with nothing from outside, that no text of a stranger can break out of."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from support import REPOSITORY

from nndigits.stages.figures.page import joined, json_for_script
from nndigits.stages.figures.page_images import grey_address, signed_address
from nndigits.stages.figures.page_texts import Writer, parse

HOSTILE = "</script><script>alert(1)</script> <!-- & \u2028 \x1b ' \" \ud800"


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)


def test_json_in_a_script_can_neither_end_it_nor_lose_a_letter() -> None:
    text = str(json_for_script({"name": HOSTILE}))
    assert not re.search(r"[<>&\u2028\x1b]", text)
    assert json.loads(text) == {"name": HOSTILE}


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        json_for_script({"accuracy": float("nan")})


def test_a_text_and_its_values_are_escaped() -> None:
    writer = Writer({"title": {"en": "Report on {dataset}", "zh": "{dataset} 的报告"}})
    element = str(writer.text("title", dataset='<b>"x"</b>'))
    parser = Elements()
    parser.feed(element)
    assert parser.names == ["span"]
    values = re.search(r'data-values="([^"]*)"', element)
    assert values is not None


TABLES = sorted((REPOSITORY / "pages").glob("*/texts.json"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.parent.name)
def test_every_text_has_both_languages_and_the_same_places_for_values(table: Path) -> None:
    for key, versions in parse(table.read_text(encoding="utf-8")).items():
        places = [sorted(re.findall(r"\{(\w+)\}", text)) for text in versions.values()]
        assert places[0] == places[1], key
        assert all(text.strip() for text in versions.values()), key


def test_a_text_without_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="the text title should have en and zh, has en"):
        parse('{"title": {"en": "Report"}}')


def test_modules_are_joined_in_the_order_of_their_imports() -> None:
    script = joined(REPOSITORY / "pages", "report/report.js")
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert script.index("function startLanguage") < script.index("startLanguage();")


def test_modules_that_use_the_same_name_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "one.js").write_text("const x = 1;\nexport const one = () => x;\nexport class Two {}\n")
    (tmp_path / "page" / "page.js").write_text('import {\n  one,\n  Two,\n} from "./one.js";\n\nconst x = one();\n')
    script = joined(tmp_path, "page/page.js")
    assert script == (
        "const page$one = (() => {\nconst x = 1;\nconst one = () => x;\nclass Two {}\nreturn { one, Two };\n})();\n\n"
        "const page$page = (() => {\nconst {\n  one,\n  Two,\n} = page$one;\n\nconst x = one();\nreturn {  };\n})();\n"
    )


def test_an_image_is_a_png_of_its_pixels() -> None:
    import io

    from PIL import Image

    grey = np.array([[0, 255], [128, 1]], np.uint8)
    _, encoded = grey_address(grey).split(",")
    np.testing.assert_array_equal(255 - np.array(Image.open(io.BytesIO(base64.b64decode(encoded)))), grey)
    _, encoded = signed_address(np.array([[-2.0, 0.0, 1.0, 9.0]]), 1.0).split(",")
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(encoded))))[0].tolist()
    assert pixels == [[178, 24, 43], [255, 255, 255], [33, 102, 172], [33, 102, 172]]


def test_the_policy_allows_this_script_alone() -> None:
    from nndigits.stages.figures.page import _policy

    digest = base64.b64encode(hashlib.sha256(b"let a;").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in _policy("let a;")
    assert "default-src 'none'" in _policy("let a;")
    assert "worker-src" not in _policy("let a;"), "default-src forbids workers"
    assert "worker-src blob:;" in _policy("let a;", has_workers=True)


def test_a_worker_is_in_the_data_with_all_that_it_imports() -> None:
    from nndigits.stages.figures.page import _joined_workers

    (script,) = _joined_workers(files("nndigits.pages"), ["learning/worker.js"]).values()
    assert script.startswith('"use strict";\n')
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert script.index("class TrainableDense") < script.index('addEventListener("message"')
    assert "document" not in script, "a worker has no document"
