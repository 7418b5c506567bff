"""Drawing of a figure to a PNG or SVG file. Equal figures give equal bytes.

Matplotlib is an optional dependency (the extra ``plot``) and is imported only here.
"""

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nn.stages.figures.figure import Figure, Panel
from nn.stages.store import files
from nn.stages.store.errors import UsageError, WorldError

ENDINGS = (".png", ".svg")
STYLES: dict[str, dict[str, Any]] = {
    "line": {"linestyle": "-"},
    "dashed": {"linestyle": "--"},
    "thin": {"linestyle": "-", "linewidth": 0.8, "color": "0.6"},
    "marked": {"linestyle": "-", "marker": "o", "markersize": 4},
    "points": {"linestyle": "", "marker": "o"},
    "hollow": {"linestyle": "", "marker": "o", "markersize": 9, "markerfacecolor": "white", "color": "black"},
    "filled": {"linestyle": "", "marker": "o", "markersize": 9, "color": "black"},
}
NOTES: dict[str, dict[str, Any]] = {
    "text": {"ha": "center", "va": "center", "fontsize": 8},
    "on": {"ha": "center", "va": "center", "fontsize": 8, "bbox": {"boxstyle": "round", "fc": "gold", "ec": "black"}},
    "off": {"ha": "center", "va": "center", "fontsize": 8, "bbox": {"boxstyle": "round", "fc": "white", "ec": "black"}},
}


def check(path: Path) -> None:
    """Check, before the work begins, that a figure can be drawn to ``path``."""
    if path.suffix not in ENDINGS:
        raise UsageError(f"expected a file ending in {' or '.join(ENDINGS)}", "plot", path)
    if find_spec("matplotlib") is None:
        raise WorldError(f"{path}: pictures need matplotlib; install it beside nn with: pip install matplotlib")
    files.check_writable(path)


def save(figure: Figure, path: Path) -> None:
    """Draw a figure to a file."""
    check(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    columns = min(figure.columns, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    with mpl.rc_context({"svg.hashsalt": "nn", "figure.dpi": 120}):
        canvas = Canvas(figsize=(figure.size[0] * columns, figure.size[1] * rows), layout="constrained")
        grid = canvas.subplots(rows, columns, squeeze=False)
        for axes in grid.flat[len(figure.panels) :]:
            axes.set_axis_off()
        for panel, axes in zip(figure.panels, grid.flat, strict=False):
            _draw(panel, axes)
        encoded = io.BytesIO()
        metadata = {"Date" if path.suffix == ".svg" else "Software": None}
        canvas.savefig(encoded, format=path.suffix[1:], metadata=metadata)
    files.write(path, [encoded.getvalue()])


def _draw(panel: Panel, axes: Any) -> None:
    axes.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label)
    if len(panel.heights):
        axes.contour(panel.contour_x, panel.contour_y, panel.heights, levels=15, linewidths=0.7)
    if len(panel.image):
        _draw_image(panel, axes)
    for curve in panel.curves:
        if curve.style == "area":
            axes.fill(curve.x, curve.y, label=curve.label or None, alpha=0.2, linewidth=0)
        else:
            axes.plot(curve.x, curve.y, label=curve.label or None, **STYLES[curve.style])
    for note in panel.notes:
        axes.text(note.x, note.y, note.text, **NOTES[note.style])
    if panel.x_range:
        axes.set_xlim(*panel.x_range)
    if panel.y_range:
        axes.set_ylim(*panel.y_range)
    if panel.ticks is not None:
        axes.set(xticks=panel.ticks, yticks=panel.ticks)
    if panel.y_ticks:
        axes.set_yticks(range(len(panel.y_ticks)), panel.y_ticks)
    if panel.bare:
        axes.set_axis_off()
    if panel.log_x:
        axes.set_xscale("log")
    if panel.log_y and any(height > 0 for curve in panel.curves for height in curve.y):
        axes.set_yscale("log")
    if panel.equal:
        axes.set_aspect("equal")
    if any(curve.label for curve in panel.curves):
        axes.legend(fontsize="small")


def _draw_image(panel: Panel, axes: Any) -> None:
    """Draw an image in grey; a signed one in red below zero and blue above."""
    if panel.signed:
        reach = max(abs(number) for row in panel.image for number in row) or 1.0
        axes.imshow(panel.image, cmap="RdBu", vmin=-reach, vmax=reach)
    else:
        axes.imshow(panel.image, cmap="gray_r")
    axes.set_xticks([])
    axes.set_yticks([])
