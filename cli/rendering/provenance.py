"""What a file was made from, as `nn show` prints it: files by name, and eight digits of each hash."""

from typing import TYPE_CHECKING

from nndigits.cli.terminal.output import Output
from nndigits.stages.datasets.known_sets import known_set

if TYPE_CHECKING:
    from nndigits.stages.inspection.folder import InputFile
    from nndigits.stages.show import ShowReport

DIGITS = 8
"""Digits of a hash that are printed; --json has all."""


def render_provenance(report: "ShowReport", output: Output) -> None:
    """Print the hash of a file, its data set, the files that it was made from, and the versions.

    Only a data artifact can be compared with a known data set. Other files state what they were made from.
    """
    made = report.made
    rows = {"sha256": (report.sha256 or "")[:DIGITS]}
    if made:
        known = known_set(made["dataset"])
        name = known.title if known else f"{made['dataset']['name']} (not a known set)"
        stated = ", as stated in this file" if known and report.kind != "dataset" else ""
        rows["data set"] = f"{name}{stated}"
        rows["made from"] = ", ".join(_input(one) for one in report.inputs)
        rows["versions"] = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    output.line()
    for name, value in rows.items():
        if value:
            output.prose(f"  {name}: {value}")


def _input(one: "InputFile") -> str:
    if one.path is None:
        return f"{one.role} {one.sha256[:DIGITS]} (not in this folder)"
    return f"{one.path.name} ({one.sha256[:DIGITS]})"
