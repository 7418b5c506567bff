"""EMNIST: handwritten digits and letters (Cohen et al. 2017). Its official site serves one archive with all its sets.

The sha256 and the size of the archive are in ``url_checksums/emnist.txt`` of TensorFlow Datasets; torchvision publishes
its md5 sum. The md5 sums of the files in it are in the Python package ``mnists`` 0.3.1, ``_emnist.py``. Nobody
publishes hashes of the unpacked files. Rows and columns of the images are exchanged in the files, and the labels of the
letters start at 1.
"""

from nndigits.stages.registry.entry import KnownArchive, KnownFile, KnownSet

ARCHIVE = KnownArchive("gzip.zip", "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e", 561_753_746)

BALANCED_NAMES = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
"""As in ``emnist-balanced-mapping.txt``: small letters that look like their capitals share their class."""

PARTS = {
    "train_images": "train-images-idx3",
    "train_labels": "train-labels-idx1",
    "test_images": "test-images-idx3",
    "test_labels": "test-labels-idx1",
}


def _row(
    split: str, md5: tuple[str, str, str, str], names: tuple[str, ...], images: tuple[int, int], first_label: int = 0
) -> KnownSet:
    return KnownSet(
        name=f"emnist-{split}",
        title=f"EMNIST {split.capitalize()}",
        files={
            part: KnownFile(f"emnist-{split}-{words}-ubyte", "", 0, f"md5:{one}")
            for (part, words), one in zip(PARTS.items(), md5, strict=True)
        },
        mirrors=(
            "https://biometrics.nist.gov/cs_links/EMNIST/",
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        ),
        cache_folder="emnist",
        class_names=names,
        source="G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST, 2017; from NIST Special Database 19",
        images=images,
        licence="none stated",
        archive=ARCHIVE,
        is_transposed=True,
        first_label=first_label,
    )


EMNIST = (
    _row(
        "digits",
        (
            "d2662ecdc47895a6bbfce25de9e9a677",
            "2223fcfee618ac9c89ef20b6e48bcf9e",
            "a159b8b3bd6ab4ed4793c1cb71a2f5cc",
            "8afde66ea51d865689083ba6bb779fac",
        ),
        tuple("0123456789"),
        (240_000, 40_000),
    ),
    _row(
        "letters",
        (
            "8795078f199c478165fe18db82625747",
            "c16de4f1848ddcdddd39ab65d2a7be52",
            "382093a19703f68edac6d01b8dfdfcad",
            "d4108920cd86601ec7689a97f2de7f59",
        ),
        tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (124_800, 20_800),
        first_label=1,
    ),
    _row(
        "balanced",
        (
            "4041b0d6f15785d3fa35263901b5496b",
            "7a35cc7b2b7ee7671eddf028570fbd20",
            "6818d20fe2ce1880476f747bbc80b22b",
            "acd3694070dcbf620e36670519d4b32f",
        ),
        BALANCED_NAMES,
        (112_800, 18_800),
    ),
)
