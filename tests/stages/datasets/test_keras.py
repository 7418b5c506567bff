"""A Keras-style archive: what another program may have put into it, and its limits to the byte."""

import numpy as np
import pytest
from torture.files.data_sets import IMAGES, LABELS
from torture.files.forge import CENTRAL, END, LOCAL, array_npy, deflated, end_record, member, zipped

from nndigits.stages.datasets import idx, numpy_archives
from nndigits.stages.datasets.loaders import KERAS
from nndigits.stages.store.npz import FormatError

NAMES = tuple(KERAS.values())
ARRAYS = [member(f"{name}.npy", array_npy(name, LABELS, 0)) for name in NAMES]


def keras_archive(**end: int) -> bytes:
    members = [deflated(f"{name}.npy", array_npy(name, LABELS if name[0] == "y" else IMAGES, 0)) for name in NAMES]
    return zipped([member("notes.txt", b"hello"), *members], comment=b"of another program", end=end)


def test_a_keras_style_archive_may_have_other_members_and_a_comment() -> None:
    found = numpy_archives.arrays(keras_archive(), KERAS)
    assert {KERAS[key]: array.tolist() for key, array in found.items()} == {
        name: (LABELS if name[0] == "y" else IMAGES).tolist() for name in NAMES
    }
    for key, array in found.items():
        assert array.dtype == np.uint8, key


@pytest.mark.parametrize(("others", "fits"), [(60, True), (61, False)])
def test_a_keras_style_archive_has_at_most_64_members(others: int, fits: bool) -> None:
    blob = zipped([*ARRAYS, *(member(f"{number}.txt", b"") for number in range(others))])
    if fits:
        assert len(numpy_archives.arrays(blob, KERAS)) == 4
    else:
        with pytest.raises(FormatError, match="a directory of 65 entries"):
            numpy_archives.arrays(blob, KERAS)


@pytest.mark.parametrize("comment", [0, 65_535])
def test_a_comment_of_any_length_is_passed_over(comment: int) -> None:
    assert len(numpy_archives.arrays(zipped(ARRAYS, comment=b"x" * comment), KERAS)) == 4


def test_its_end_is_looked_for_no_further_back_than_a_comment_is_long() -> None:
    assert len(numpy_archives.arrays(zipped(ARRAYS) + bytes(65_535), KERAS)) == 4
    with pytest.raises(FormatError, match="no directory"):
        numpy_archives.arrays(zipped(ARRAYS) + bytes(65_536), KERAS)
    with pytest.raises(FormatError, match="has no array x_train"):
        numpy_archives.arrays(zipped([]), KERAS)


def test_a_compressed_member_is_as_long_as_its_entry_says() -> None:
    """An entry that is longer lies over the next one, as zip bombs do; Python's zipfile refuses it, too."""
    blob = keras_archive()
    entry = blob.index(CENTRAL, blob.index(CENTRAL) + 1)
    length = int.from_bytes(blob[entry + 20 : entry + 24], "little") + 1
    longer = blob[: entry + 20] + length.to_bytes(4, "little") + blob[entry + 24 :]
    with pytest.raises(FormatError, match="ends before its length"):
        numpy_archives.arrays(longer, KERAS)


def test_a_member_without_a_name_may_be_the_last() -> None:
    assert len(numpy_archives.arrays(zipped([*ARRAYS, member("", b"")]), KERAS)) == 4


def test_a_directory_that_ends_within_an_entry_is_damaged() -> None:
    blob = zipped(ARRAYS)
    directory, end = blob.index(CENTRAL), blob.index(END)
    cut = blob[:end] + CENTRAL + end_record(5, end + 4 - directory, directory)
    with pytest.raises(FormatError, match="has a damaged directory"):
        numpy_archives.arrays(cut, KERAS)


@pytest.mark.parametrize(("mark", "name"), [(LOCAL, b"x_trail.npy"), (CENTRAL, b"x_train.npy")])
def test_a_member_stands_where_its_directory_says_by_its_mark_and_its_name(mark: bytes, name: bytes) -> None:
    blob = zipped([member("x_train.npy", ARRAYS[0].content, local={"name": name}), *ARRAYS[1:]])
    with pytest.raises(FormatError, match="has no x_train where its directory says"):
        numpy_archives.arrays(mark + blob[4:], KERAS)


def test_a_long_name_is_said_by_its_beginning() -> None:
    with pytest.raises(FormatError, match=r"has 'x{40}' compressed by method 97"):
        numpy_archives.arrays(zipped([member("x" * 41, b"", method=97)]), KERAS)


def test_a_keras_style_archive_cut_anywhere_is_refused() -> None:
    blob = zipped([deflated(f"{name}.npy", array_npy(name, LABELS, 0)) for name in NAMES])
    for length in range(len(blob)):
        with pytest.raises((FormatError, idx.IdxError)):
            numpy_archives.arrays(blob[:length], KERAS)


@pytest.mark.parametrize("packed", [2**32 - 2**16, 4000])
def test_members_may_not_be_larger_than_the_file_together(packed: int) -> None:
    lying = deflated(f"{NAMES[0]}.npy", bytes(1000), central={"compressed": packed})
    with pytest.raises(FormatError, match="packed bytes, more than its own"):
        numpy_archives.arrays(zipped([lying, *ARRAYS[1:]]), KERAS)


def test_members_may_not_unfold_too_far_together() -> None:
    bombs = [deflated(f"{name}.npy", b"x", size=2**25) for name in NAMES]
    with pytest.raises(idx.IdxError, match="would unpack to 134,217,728 bytes"):
        numpy_archives.arrays(zipped(bombs), KERAS)
