"""`nn fetch`: get handwritten digits, or another data set of images, and split them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.options import DATA, file, image_size, out
from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.tables import Column, table
from nndigits.stages.datasets.known_sets import choices
from nndigits.stages.words.classes import are_digits, in_words
from nndigits.stages.words.nouns import counted

if TYPE_CHECKING:
    from nndigits.stages.fetch import FetchReport

    Choice = str
else:
    Choice = Literal[choices()]

SOURCES = (
    "Folder with the four IDX files, a Keras-style mnist.npz, an .npz with images and labels, EMNIST's gzip.zip, or "
    "drawings saved on the page of nn draw: a file, or a folder with a file or a folder for each person."
)
OWN = "Your own pictures, in folders named by class: apple/1.png, pear/2.jpg, prepared as by nn predict."
MORE = "Add drawings, saved on the page of nn draw, to the training images. Repeatable."

MOST_REFUSED = 10
"""Refused files that are printed."""


def fetch(
    output: Output,
    dataset: Annotated[
        Choice | None,
        typer.Option(metavar="NAME", help="A name of nn datasets.  [default: mnist, or what --from or --images holds]"),
    ] = None,
    source: Annotated[Path | None, file(SOURCES, "--from", metavar="PATH")] = None,
    mirror: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="With --dataset: URL to download from. Repeatable."),
    ] = None,
    validation: Annotated[
        int | None,
        typer.Option(
            help="Validation images, taken from the end of the training set.  [default: a sixth, 10000 of MNIST]"
        ),
    ] = None,
    split_by: Annotated[
        Literal["writer"] | None,
        typer.Option(help="With --from and drawings of several people: nobody's drawings are in two splits."),
    ] = None,
    images: Annotated[Path | None, file(OWN, metavar="FOLDER")] = None,
    size: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="With --images: height and width of the images, HxW.  [default: 28x28]"),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="With --images: only turn to grey and scale; for things that are not drawn.")
    ] = False,
    more: Annotated[list[Path] | None, file(MORE)] = None,
    out: Annotated[Path | None, out("Where to write the data set.", DATA)] = None,
) -> None:
    """Get handwritten digits, or other images, and split them into training, validation and test images.

    MNIST comes with nn. The other sets that nn datasets lists are downloaded, and kept in the user's cache.
    """
    from nndigits.stages.fetch import fetch as stage

    with bar(output, "Looking for the data set", of_bytes=images is None) as advance:
        report = stage(
            out or DATA,
            dataset=dataset,
            source=source,
            mirrors=mirror,
            validation=validation,
            more=more or (),
            split_by=split_by,
            images=images,
            size=image_size(size, "--size"),
            is_plain=plain,
            on_picture=advance,
            on_bytes=advance,
            on_note=output.note,
        )
    output.result(report, lambda output: _render(report, output))


def _render(report: "FetchReport", output: Output) -> None:
    height, width = report.image
    name = report.dataset_title
    output.prose(
        f"{name} from {report.source}: {report.train:,} training, {report.validation:,} validation and "
        f"{report.test:,} test images of {height} x {width} -> {report.out}"
    )
    if output.quiet:
        return
    if not are_digits(report.classes):
        output.prose(f"It has {in_words(report.classes)}.")
    if len(report.files) > 1:
        _render_files(report, output)
    _render_refused(report, output)
    output.note("Next:", call("train", data=report.out))


def _render_files(report: "FetchReport", output: Output) -> None:
    """Print who drew how many of the drawings, file by file."""
    lines = table(Column("file", left=True), Column("writer", left=True), "drawings", "doubles")
    for one in report.files:
        lines.add_row(str(one.path), one.writer, f"{one.drawings:,}", f"{one.doubles:,}")
    output.line()
    output.table(lines)


def _render_refused(report: "FetchReport", output: Output) -> None:
    """Print why files were refused: each of a few, and the number of the others."""
    from nndigits.stages.own_images.picture_folder import SEVERAL

    if not report.refused:
        return
    output.line()
    output.prose(f"Refused {counted(len(report.refused), 'file')}:")
    for one in report.refused[:MOST_REFUSED]:
        output.prose(f"- {one.path}: {one.why}")
    if len(report.refused) > MOST_REFUSED:
        output.prose(f"- and {len(report.refused) - MOST_REFUSED:,} more, which --json lists")
    if any(one.why == SEVERAL for one in report.refused):
        output.prose("--plain takes pictures as they are, and only scales them.")


COMMAND = Command("fetch", fetch, "fetch --dataset fashion-mnist --validation 5000")
