"""MNIST and the sets of the same form: ten classes, 60,000 training and 10,000 test images of 28 x 28 pixels.

MNIST's files are in ``stages/datasets/mnist``, with their notice. The hashes of Fashion-MNIST were computed from the
files of Debian's package, whose gzipped form differs from that of the mirrors only in the name in its header, and
agree with those that others computed from the files with the publisher's md5 sums. Nobody publishes the hashes of the
unpacked files of Kuzushiji-MNIST. Those of its gzipped files, and the sizes, are in ``url_checksums/kmnist.txt`` of
TensorFlow Datasets; the md5 sums that torchvision publishes are of the same files.
"""

from nndigits.stages.registry.entry import KnownFile, KnownSet

MNIST = KnownSet(
    name="mnist",
    title="MNIST",
    files={
        "train_images": KnownFile(
            "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        ),
        "train_labels": KnownFile(
            "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        ),
        "test_images": KnownFile(
            "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        ),
        "test_labels": KnownFile(
            "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        ),
    },
    class_names=tuple("0123456789"),
    source="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits",
    images=(60_000, 10_000),
    licence="CC BY-SA 3.0",
    has_book_figures=True,
    comes_with="nn",
)

FASHION = KnownSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    files={
        "train_images": KnownFile(
            "train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 26_421_880
        ),
        "train_labels": KnownFile(
            "train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 29_515
        ),
        "test_images": KnownFile(
            "t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", 4_422_102
        ),
        "test_labels": KnownFile(
            "t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 5_148
        ),
    },
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    cache_folder="fashion-mnist",
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    source="H. Xiao, K. Rasul, R. Vollgraf (Zalando Research): Fashion-MNIST, 2017",
    images=(60_000, 10_000),
    licence="MIT",
    package="dataset-fashion-mnist",
    folders=("/usr/share/datasets/fashion-mnist",),
)

KMNIST = KnownSet(
    name="kmnist",
    title="Kuzushiji-MNIST",
    files={
        "train_images": KnownFile(
            "train-images-idx3-ubyte",
            "",
            18_165_135,
            "sha256:51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        ),
        "train_labels": KnownFile(
            "train-labels-idx1-ubyte",
            "",
            29_497,
            "sha256:e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        ),
        "test_images": KnownFile(
            "t10k-images-idx3-ubyte",
            "",
            3_041_136,
            "sha256:edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        ),
        "test_labels": KnownFile(
            "t10k-labels-idx1-ubyte",
            "",
            5_120,
            "sha256:20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        ),
    },
    mirrors=(
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    ),
    cache_folder="kmnist",
    class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    source="T. Clanuwat et al. (ROIS-DS Center for Open Data in the Humanities): Kuzushiji-MNIST, 2018",
    images=(60_000, 10_000),
    licence="CC BY-SA 4.0",
)

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
