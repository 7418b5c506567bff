"""Files of drawings, as the page of `nn draw` saves them, damaged and forged."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from nndigits.stages.datasets import drawings
from torture.hostile.case import Case, case

STROKE = {"width": 200, "points": [10, 25, 300, 400]}


def drawing(label: Any = 1, **changed: Any) -> dict[str, Any]:
    """Return a drawing of 5 x 4 pixels."""
    return {"label": label, "picture": base64.b64encode(bytes([9] * 20)).decode(), "strokes": [STROKE], **changed}


def document(**changed: Any) -> bytes:
    """Return a file of eight drawings, with some of its values changed."""
    made = [drawing(label) for label in range(8)]
    good = {"kind": "drawings", "format": 1, "image": [5, 4], "classes": 10, "drawings": made}
    return json.dumps({**good, **changed}).encode()


def with_drawing(**changed: Any) -> bytes:
    """Return a file of one drawing, with some of its values changed."""
    return document(drawings=[drawing(**changed)])


def drawing_cases() -> Iterator[Case]:
    """Yield files that `nn fetch --from` must refuse as drawings."""
    good = document()
    for name, reason, blob in (
        ("empty", "not JSON", b""),
        ("half of it", "not JSON", good[: len(good) // 2]),
        ("no last byte", "not JSON", good[:-1]),
        ("a byte more", "not JSON", good + b"x"),
        ("twice", "not JSON", good * 2),
        ("not UTF-8", "not JSON", good.replace(b"drawings", b"\xff" * 8)),
        ("html", "not JSON", b"<!DOCTYPE html><html>Log in</html>"),
        ("a pickle", "not JSON", b"\x80\x04\x95" + bytes(20)),
        ("nested lists", "not JSON", b"[" * 200_000),
        ("nested objects", "not JSON", b'{"a":' * 200_000),
        ("nested less deeply", "nested", b"[" * 50 + b"]" * 50),
        ("a number of 5,000 digits", "not JSON", good.replace(b": 10,", b": " + b"9" * 5000 + b",")),
        ("NaN", "not JSON", document(classes=float("nan"))),
        ("infinity by overflow", "not JSON", good.replace(b"25", b"1e999")),
        ("a list", "is list", b"[]"),
        ("figures", "should have", b'{"made": {"format": 2}}'),
        ("of another kind", "kind is", document(kind="figures")),
        ("of the next format", "format is 2", document(format=2)),
        ("a key more", "should have", document(note="</script>\u2028\x1b[2J")),
        ("images without pixels", "image is 0", document(image=[0, 4])),
        ("images of 2^62 pixels", "image is", document(image=[2**31, 2**31])),
        ("no classes", "classes is 0", document(classes=0)),
        ("2^40 classes", "classes is", document(classes=2**40)),
        ("no drawings", "0 entries", document(drawings=[])),
        ("a drawing that is a number", "is int", document(drawings=[7])),
        ("a label beyond the classes", "the label 10", with_drawing(label=10)),
        ("a label of -1", "label is -1", with_drawing(label=-1)),
        ("a label that is markup", "is str", with_drawing(label="<script>")),
        ("a label that is true", "is bool", with_drawing(label=True)),
        ("a picture that is too short", "without a picture", with_drawing(picture="AAAA")),
        ("a picture that is too long", "without a picture", with_drawing(picture="A" * 32)),
        ("a picture of a megabyte", "characters", with_drawing(picture="A" * 2**20)),
        ("a picture in other letters", "cannot be printed", with_drawing(picture="\x1b[31m" * 6)),
        ("an empty picture", "without a picture", with_drawing(picture=base64.b64encode(bytes(20)).decode())),
        ("strokes that are none", "is NoneType", with_drawing(strokes=None)),
        ("a stroke without points", "0 entries", with_drawing(strokes=[{"width": 1, "points": []}])),
        ("half a point", "half a point", with_drawing(strokes=[{"width": 1, "points": [1, 2, 3]}])),
        ("points of text", "is str", with_drawing(strokes=[{"width": 1, "points": ["1", "2"]}])),
        ("a point far away", "points is 10000", with_drawing(strokes=[{"width": 1, "points": [1, 10_000]}])),
        ("a negative brush", "width is -1", with_drawing(strokes=[{"width": -1, "points": [1, 2]}])),
        ("too few drawings", "at least 7", with_drawing()),
    ):
        yield case(f"drawings: {name}", reason, blob)
    most = drawings.MOST_VALUES
    wide, long = b"[" + b"{}," * (most // 2 - 4) + b"{}]", b"[" + b"{}," * most + b"{}]"
    yield case("drawings: as many values as are read", "is list", wide)
    yield case("drawings: more values than are read", "values, at most", long)
    yield Case("drawings: more bytes than are read", "at most", lambda: bytes(drawings.MOST_BYTES + 1), heavy=True)
