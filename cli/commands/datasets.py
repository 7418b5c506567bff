"""`nn datasets`: the data sets that nn knows by name."""

from typing import TYPE_CHECKING

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.tables import Column, table

if TYPE_CHECKING:
    from nndigits.stages.available import DatasetRow


def datasets(output: Output) -> None:
    """List the data sets that nn knows by name: which are here, where the others come from, size and licence.

    `nn fetch --dataset NAME` gets one, and checks its content. Your own pictures: `nn fetch --images FOLDER`.
    """
    from nndigits.stages.available import available

    rows = available()
    output.result(rows, lambda output: _render(rows, output))


def _render(rows: "tuple[DatasetRow, ...]", output: Output) -> None:
    lines = table(
        "data set",
        "images",
        "classes",
        Column("download", rank=1),
        Column("licence", left=True, rank=2),
        Column("here", left=True),
    )
    for row in rows:
        size = f"{row.bytes / 1e6:,.0f} MB" if row.bytes else ""
        lines.add_row(row.name, f"{row.train + row.test:,}", str(len(row.classes)), size, row.licence, row.here or "no")
    output.table(lines)
    if output.quiet:
        return
    output.line()
    mnist, *_ = rows
    output.prose(f"{mnist.title} comes with nn. It is by {mnist.authors.partition(':')[0]}, under {mnist.licence}.")
    for row in rows:
        if not row.here:
            package = f", or `apt install {row.package}`" if row.package else ""
            output.prose(f"- {row.title}: {row.mirrors[0]}{package}")
    output.note("Next:", call("fetch", "--dataset", "NAME"), call("datasets", "--json"))


COMMAND = Command("datasets", datasets, "datasets --json")
