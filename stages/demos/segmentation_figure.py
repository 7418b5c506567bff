"""A strip with its cuts: as letters for a terminal, and as a figure."""

import numpy as np

from nndigits.models.strings.segmentation import TextLine
from nndigits.stages.demos.shared.shades import WIDEST, shaded
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.figures.figure import Curve, Figure, Note, Panel

say = Say("segmentation")


def drawing(line: TextLine, best: list[int]) -> tuple[str, ...]:
    """Draw the strip as letters, and its cuts below: ``|`` on the best path, ``.`` elsewhere.

    ``best`` holds the candidates on the best path. The drawing is empty if the strip is too wide for a terminal.
    """
    if line.foreground.shape[1] + 1 > WIDEST:
        return ()
    on_path = _cuts_on(line, best)
    marks = [" "] * (line.foreground.shape[1] + 1)
    for number, path in enumerate(line.cuts):
        marks[int(path[-1])] = "|" if number in on_path else "."
    return (*(row.rstrip() for row in shaded(line.foreground)), "".join(marks))


def figure(line: TextLine, best: list[int], captions: list[str], title: str) -> Figure:
    """Draw the strip with every cut; those of the best path are thicker, with a caption above each of its digits."""
    rows = np.arange(len(line.foreground))
    on_path = _cuts_on(line, best)
    curves = [
        Curve((path - 0.5).tolist(), rows.tolist(), style="line" if number in on_path else "thin")
        for number, path in enumerate(line.cuts)
    ]
    notes = [
        Note(float(line.columns[number].mean()), -3.0, caption) for number, caption in zip(best, captions, strict=True)
    ]
    panel = Panel(
        say("cut", read=title),
        image=(255 * line.foreground).tolist(),
        curves=tuple(curves),
        notes=tuple(notes),
        bare=True,
        y_range=(len(line.foreground), -6),
    )
    return Figure((panel,), size=(8, 3.2))


def _cuts_on(line: TextLine, path: list[int]) -> set[int]:
    return {int(end) for number in path for end in line.spans[number]}
