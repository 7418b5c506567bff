"""Valid archives whose arrays have a header, type or shape that nn never writes."""

from collections.abc import Iterator

import numpy as np

from torture.hostile.case import Case, case
from torture.hostile.forge import member, npy, npy_header, one_array, zipped

FORM = "another form"


def array_cases() -> Iterator[Case]:
    """Yield all of these cases. Everything else in them is right, padding and checksums included."""
    yield from not_npy()
    yield from headers()
    yield from types()
    yield from shapes()


def not_npy() -> Iterator[Case]:
    """Yield members that are no ``.npy`` file of version 1.0."""
    for name, content in {
        "nothing": b"",
        "text": b"hello, world",
        "a pickle": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01.",
        "the magic alone": b"\x93NUMPY",
        "another magic": npy(npy_header("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPZ\x01\x00"),
        "version 0.0": npy(npy_header("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x00\x00"),
        "version 1.1": npy(npy_header("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x01\x01"),
        "version 2.0": npy(npy_header("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x02\x00"),
        "version 2.0 that claims 4 GiB of header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(118),
        "version 3.0": npy(npy_header("|u1", "(1,)"), b"\x01", magic=b"\x93NUMPY\x03\x00"),
    }.items():
        yield case(f"member is {name}", "in the .npy format, version 1.0", zipped([member("a.npy", content)]))
    for name, content in {
        "no header length": b"\x93NUMPY\x01\x00",
        "a header of length 0": b"\x93NUMPY\x01\x00\x00\x00",
        "a header beyond its end": b"\x93NUMPY\x01\x00\xff\xff" + npy_header("|u1", "(1,)").encode() + b"\n",
    }.items():
        yield case(f"member has {name}", FORM, zipped([member("a.npy", content)]))


def headers() -> Iterator[Case]:
    """Yield ``.npy`` headers that are not the dictionary nn writes, among them inputs that broke Python's parsers."""
    good = npy_header("|u1", "(1,)")
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
        yield case(f"header: {text[:90]!r}", FORM, one_array(text, b"\x01"))
    yield case("header: not UTF-8", FORM, one_array(b"\xff\xfe" + good.encode(), b"\x01"))
    yield case(
        "header: 65,000 spaces inside", FORM, one_array(good.replace(", 'f", "," + " " * 65_000 + "'f"), b"\x01")
    )
    loose = zipped(
        [member("a.npy", b"\x93NUMPY\x01\x00" + len(good + "\n").to_bytes(2, "little") + good.encode() + b"\n\x01")]
    )
    yield case("header: not padded", "is damaged near byte 0", loose)
    yield case("header: other spaces", "is damaged near byte 0", one_array(good.replace("(1,)", "(1, )"), b"\x01"))


def types() -> Iterator[Case]:
    """Yield arrays of types that NumPy reads and nn does not."""
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
        yield case(f"type: {descr}", f"of type .{descr[1:]}", one_array(npy_header(descr, "(1,)"), bytes(8)))
    for descr in ("|O", "<f16", "<c16", "<m8[s]", "<M8[ns]", "=f8", "f8", "float64", "<F8 ", "<i99", ""):
        yield case(f"type: {descr!r}", f"{FORM}|of type", one_array(npy_header(descr, "(1,)"), bytes(16)))
    struct = "{'descr': [('a', '<f8'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }"
    yield case("type: a record", FORM, one_array(struct, bytes(16)))
    subarray = "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,), }"
    yield case("type: an array of arrays", FORM, one_array(subarray, bytes(16)))


def shapes() -> Iterator[Case]:
    """Yield arrays whose shape overflows, is no shape, or does not match the data."""
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
        yield case(f"shape: {shape}", FORM, one_array(npy_header("|u1", shape), b"\x01"))
    for shape in ("(1180591620717411303424,)", "(99999999999,)", "(1" + "0" * 4400 + ",)"):
        yield case(f"shape: {shape[:24]}", FORM, one_array(npy_header("|u1", shape), b"\x01"))
    for shape, size in {"(2,)": 1, "(1,)": 2, "()": 0, "(0,)": 1, "(9999999999, 9999999999)": 8, "(3, 4)": 11}.items():
        yield case(f"shape: {shape} on {size} bytes", "where a needs", one_array(npy_header("|u1", shape), bytes(size)))
    yield case("shape: 9 dimensions", "9 dimensions", one_array(npy_header("|u1", "(" + "1, " * 8 + "1)"), b"\x01"))
    yield case("shape: 65 dimensions", "65 dimensions", one_array(npy_header("|u1", "(" + "1, " * 64 + "1)"), b"\x01"))
    empty = "(0, 9999999999, 9999999999, 9999999999)"
    yield case("shape: nothing, impossibly long", "impossible shape", one_array(npy_header("|u1", empty)))
    fortran = np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    columns = one_array(npy_header("|u1", "(2, 3)", "True"), fortran.tobytes("F"))
    yield case("shape: column after column", FORM, columns)
    yield case("shape: order as a number", FORM, one_array(npy_header("|u1", "(1,)", "0"), b"\x01"))
