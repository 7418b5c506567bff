"""What the registry holds of a data set: its files, where they come from, and what their content means."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFile:
    """One IDX file of a known set.

    Attributes
    ----------
    name
        The usual file name, without ``.gz``.
    sha256
        The hash of the unpacked content; empty if no source publishes it.
    size
        The number of bytes that the mirrors serve, gzipped; 0 if there is no mirror, or no source publishes it.
    packed
        Where the hash of the content is not known: that of the gzipped file as it is published, ``sha256:...`` or
        ``md5:...``.
    """

    name: str
    sha256: str
    size: int = 0
    packed: str = ""

    @property
    def hash(self) -> str:
        """The hash that is known: of the content, or else of the gzipped file."""
        return self.sha256 or self.packed


@dataclass(frozen=True)
class KnownArchive:
    """A zip archive that holds the gzipped files of several sets, with its hash and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class KnownSet:
    """A data set whose content is known.

    Attributes
    ----------
    name
        The name in artifacts and for ``nn fetch --dataset``.
    title
        The name in messages.
    files
        The four files: ``train_images``, ``train_labels``, ``test_images`` and ``test_labels``. None for a set that
        comes with a library.
    mirrors
        Addresses that serve the gzipped files, or the archive, in the order in which they are tried.
    cache_folder
        The folder of downloads inside the cache.
    class_names
        One name for each label, from 0.
    source
        Authors and licence.
    images
        The numbers of training and test images.
    licence
        The name of the licence.
    has_book_figures
        Whether the book's accuracies are measured on this set.
    archive
        The archive that the mirrors serve, if they do not serve single files.
    is_transposed
        Whether rows and columns of the images are exchanged in the files.
    first_label
        The label of the first class in the files.
    comes_with
        What has the files in it, nn or a library. Such a set has no mirrors and is never in the cache.
    package, folders
        A Debian package with the files, and where it puts them.
    """

    name: str
    title: str
    files: Mapping[str, KnownFile]
    class_names: tuple[str, ...]
    source: str
    mirrors: tuple[str, ...] = ()
    cache_folder: str = ""
    images: tuple[int, int] = (0, 0)
    licence: str = ""
    has_book_figures: bool = False
    archive: KnownArchive | None = None
    is_transposed: bool = False
    first_label: int = 0
    comes_with: str = ""
    package: str = ""
    folders: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)

    @property
    def file_names(self) -> dict[str, str]:
        """The usual name of each file."""
        return {part: file.name for part, file in self.files.items()}

    @property
    def sha256(self) -> dict[str, str]:
        """The hash of the content of each file."""
        return {part: file.sha256 for part, file in self.files.items()}

    @property
    def has_content_hashes(self) -> bool:
        """Whether the content of every file can be checked, wherever it is."""
        return bool(self.files) and all(self.sha256.values())

    @property
    def download_size(self) -> int:
        """The number of bytes to download."""
        return self.archive.size if self.archive else sum(file.size for file in self.files.values())

    @property
    def largest_download(self) -> int:
        """The most bytes to accept for one file: a fifth above the largest, rounded up to a million."""
        return -(-12 * max(file.size for file in self.files.values()) // 10**7) * 10**6
