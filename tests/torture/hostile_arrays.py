"""Archives that are whole, and whose arrays are of a form, type or shape that nn never writes."""

from collections.abc import Iterator

import numpy as np

from torture.case import Case, case
from torture.forge import described, forged, member, npy, zipped

FORM = "another form"


def array_cases() -> Iterator[Case]:
    """All of them; each is right in everything else, its padding and its checksums included."""
    yield from not_npy()
    yield from headers()
    yield from types()
    yield from shapes()


def not_npy() -> Iterator[Case]:
    """Members that are no ``.npy`` file of version 1.0."""
    for name, content in {
        "nothing": b"",
        "text": b"hello, world",
        "a pickle": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.",
        "the magic alone": b"\x93NUMPY",
        "another magic": npy(described("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPZ\x01\x00"),
        "version 0.0": npy(described("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x00\x00"),
        "version 1.1": npy(described("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x01\x01"),
        "version 2.0": npy(described("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x02\x00"),
        "version 2.0 that claims 4 GiB of header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(118),
        "version 3.0": npy(described("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x03\x00"),
    }.items():
        yield case(f"member is {name}", "in the .npy format, version 1.0", zipped([member("a.npy", content)]))
    for name, content in {
        "no header length": b"\x93NUMPY\x01\x00",
        "a header of length 0": b"\x93NUMPY\x01\x00\x00\x00",
        "a header beyond its end": b"\x93NUMPY\x01\x00\xff\xff" + described("|u1", "(1,)").encode() + b"\n",
    }.items():
        yield case(f"member has {name}", FORM, zipped([member("a.npy", content)]))


def headers() -> Iterator[Case]:
    """Texts where a dictionary is expected: what parsers of Python have stumbled over."""
    good = described("|u1", "(1,)")
    for text in (
        "",
        "{}",
        "None",
        "---" * 200 + "1",
        "'''",
        "[" * 2000,
        "(" * 9000,
        "{[]: 1}",
        "{1: 1, 'a': 2}",
        "__import__('os').system('true')",
        "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1, }",
        "{'shape': (1,), 'fortran_order': False, 'descr': '|u1', }",
        good + "#",
        good + "\x00",
        good.replace("'", '"'),
        good.replace(" ", "\t"),
        good.replace("descr", "désc"),
        good.replace("\x7d", "\x7d\x7d"),
        good.replace(", }", "}"),
        "\n" + good,
    ):
        yield case(f"header: {text[:90]!r}", FORM, forged(text, b"\x01"))
    yield case("header: not UTF-8", FORM, forged(b"\xff\xfe" + good.encode(), b"\x01"))
    yield case("header: 65,000 spaces inside", FORM, forged(good.replace(", 'f", "," + " " * 65_000 + "'f"), b"\x01"))
    loose = zipped(
        [member("a.npy", b"\x93NUMPY\x01\x00" + len(good + "\n").to_bytes(2, "little") + good.encode() + b"\n\x01")]
    )
    yield case("header: not padded", "is damaged near byte 0", loose)
    yield case("header: other spaces", "is damaged near byte 0", forged(good.replace("(1,)", "(1, )"), b"\x01"))


def types() -> Iterator[Case]:
    """Types that NumPy reads and nn does not."""
    for descr in (
        ">f8",
        ">i4",
        "<c8",
        "<f2",
        "<i2",
        "<u2",
        "<u4",
        "<u8",
        "|i1",
        "|S0",
        "|S1",
        "|V0",
        "|V8",
        "<U0",
        "<U1",
    ):
        yield case(f"type: {descr}", f"of type .{descr[1:]}", forged(described(descr, "(1,)"), bytes(8)))
    for descr in ("|O", "<f16", "<c16", "<m8[s]", "<M8[ns]", "=f8", "f8", "float64", "<F8 ", "<i99", ""):
        yield case(f"type: {descr!r}", f"{FORM}|of type", forged(described(descr, "(1,)"), bytes(16)))
    struct = "{'descr': [('a', '<f8'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }"
    yield case("type: a record", FORM, forged(struct, bytes(16)))
    subarray = "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,), }"
    yield case("type: an array of arrays", FORM, forged(subarray, bytes(16)))


def shapes() -> Iterator[Case]:
    """Shapes that lie, overflow, or are none."""
    for shape in (
        "(-1,)",
        "(True,)",
        "(1.0,)",
        "(1e3,)",
        "(0x1,)",
        "(1_0,)",
        "1",
        "[1]",
        "None",
        "('1',)",
        "(,)",
        "((1,),)",
    ):
        yield case(f"shape: {shape}", FORM, forged(described("|u1", shape), b"\x01"))
    for shape in ("(1180591620717411303424,)", "(99999999999,)", "(1" + "0" * 4400 + ",)"):
        yield case(f"shape: {shape[:24]}", FORM, forged(described("|u1", shape), b"\x01"))
    for shape, size in {"(2,)": 1, "(1,)": 2, "()": 0, "(0,)": 1, "(9999999999, 9999999999)": 8, "(3, 4)": 11}.items():
        yield case(f"shape: {shape} on {size} bytes", "where a needs", forged(described("|u1", shape), bytes(size)))
    yield case("shape: 9 dimensions", "9 dimensions", forged(described("|u1", "(" + "1, " * 8 + "1)"), b"\x01"))
    yield case("shape: 65 dimensions", "65 dimensions", forged(described("|u1", "(" + "1, " * 64 + "1)"), b"\x01"))
    empty = "(0, 9999999999, 9999999999, 9999999999)"
    yield case("shape: nothing, impossibly long", "impossible shape", forged(described("|u1", empty)))
    fortran = np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    columns = forged(described("|u1", "(2, 3)", "True"), fortran.tobytes("F"))
    yield case("shape: column after column", FORM, columns)
    yield case("shape: order as a number", FORM, forged(described("|u1", "(1,)", "0"), b"\x01"))
