"""The data sets that nn knows by name: a row each, with the hashes of its files, mirrors, classes and licence.

MNIST's files are in ``stages/datasets/mnist``, with their notice. The hashes of Fashion-MNIST were computed from the
files of Debian's package, whose gzipped form differs from that of the mirrors only in the name in its header, and
agree with those that others computed from the files with the publisher's md5 sums. Nobody publishes the hashes of the
unpacked files of Kuzushiji-MNIST. Those of its gzipped files, and the sizes, are in ``url_checksums/kmnist.txt`` of
TensorFlow Datasets; the md5 sums that torchvision publishes are of the same files.

EMNIST is by Cohen et al. (2017), and its official site serves one archive with all its sets. The sha256 and the size
of the archive are in ``url_checksums/emnist.txt`` of TensorFlow Datasets; torchvision publishes its md5 sum. The md5
sums of the files in it are in the Python package ``mnists`` 0.3.1, ``_emnist.py``. Nobody publishes hashes of the
unpacked files. Rows and columns of the images are exchanged in the files, and the labels of the letters start at 1.
"""

from collections.abc import Sequence

from nndigits.stages.datasets.registry_entry import KnownArchive, KnownFile, KnownSet

PARTS = {
    "train_images": "train-images-idx3",
    "train_labels": "train-labels-idx1",
    "test_images": "t10k-images-idx3",
    "test_labels": "t10k-labels-idx1",
}
NONE = ("",) * 4


def _files(
    sha256: Sequence[str] = NONE, sizes: Sequence[int] = (0,) * 4, packed: Sequence[str] = NONE, prefix: str = ""
) -> dict[str, KnownFile]:
    """Return the four files, in the order of PARTS, given the facts of each."""
    names = [f"{prefix}{words.replace('t10k', 'test') if prefix else words}-ubyte" for words in PARTS.values()]
    return dict(zip(PARTS, map(KnownFile, names, sha256, sizes, packed), strict=True))


MNIST = KnownSet(
    name="mnist",
    title="MNIST",
    files=_files((
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    )),
    class_names=tuple("0123456789"),
    source="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits",
    images=(60_000, 10_000),
    licence="CC BY-SA 3.0",
    has_book_figures=True,
    comes_with="nn",
)  # fmt: skip

FASHION = KnownSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    files=_files((
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ), (26_421_880, 29_515, 4_422_102, 5_148)),
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    cache_folder="fashion-mnist",
    class_names=(
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ),
    source="H. Xiao, K. Rasul, R. Vollgraf (Zalando Research): Fashion-MNIST, 2017",
    images=(60_000, 10_000),
    licence="MIT",
    package="dataset-fashion-mnist",
    folders=("/usr/share/datasets/fashion-mnist",),
)  # fmt: skip

KMNIST = KnownSet(
    name="kmnist",
    title="Kuzushiji-MNIST",
    files=_files(sizes=(18_165_135, 29_497, 3_041_136, 5_120), packed=(
        "sha256:51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        "sha256:e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        "sha256:edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        "sha256:20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
    )),
    mirrors=(
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    ),
    cache_folder="kmnist",
    class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    source="T. Clanuwat et al. (ROIS-DS Center for Open Data in the Humanities): Kuzushiji-MNIST, 2018",
    images=(60_000, 10_000),
    licence="CC BY-SA 4.0",
)  # fmt: skip

DIGITS = KnownSet(
    name="digits",
    title="digits",
    files={},
    class_names=tuple("0123456789"),
    source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (UCI), as scikit-learn includes it",
    images=(1_541, 256),
    licence="CC BY 4.0",
    comes_with="scikit-learn",
)
"""The 8 x 8 digits that scikit-learn includes."""

ARCHIVE = KnownArchive("gzip.zip", "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e", 561_753_746)

BALANCED_NAMES = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
"""As in ``emnist-balanced-mapping.txt``: small letters that look like their capitals share their class."""


def _row(
    split: str, md5: tuple[str, str, str, str], names: tuple[str, ...], images: tuple[int, int], first_label: int = 0
) -> KnownSet:
    return KnownSet(
        name=f"emnist-{split}",
        title=f"EMNIST {split.capitalize()}",
        files=_files(packed=[f"md5:{one}" for one in md5], prefix=f"emnist-{split}-"),
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

KNOWN_SETS = (MNIST, FASHION, KMNIST, *EMNIST)
"""All known sets. The first one is what ``nn fetch`` takes if no other is named."""
