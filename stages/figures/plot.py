"""Pictures as files: a demonstration's figure as PNG or SVG, the same bytes for the same figure.

Matplotlib draws them; it is an extra (``plot``), and imported only here.
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
    """Refuse what cannot be drawn or written, before any work is done for it."""
    if path.suffix not in ENDINGS:
        raise UsageError(f"expected a file ending in {' or '.join(ENDINGS)}", "plot", path)
    if find_spec("matplotlib") is None:
        raise WorldError(f"{path}: pictures need matplotlib; install it beside nn with: pip install matplotlib")
    files.check_writable(path)


def save(figure: Figure, path: Path) -> None:
    """Draw a figure into a file."""
    check(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    columns = min(figure.columns, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    with mpl.rc_context({"svg.hashsalt": "nn", "figure.dpi": 120}):
        canvas = Canvas(figsize=(figure.size[0] * columns, figure.size[1] * rows), layout="constrained")
        axes = canvas.subplots(rows, columns, squeeze=False)
        for place in axes.flat[len(figure.panels) :]:
            place.set_axis_off()
        for panel, place in zip(figure.panels, axes.flat, strict=False):
            _draw(panel, place)
        drawn = io.BytesIO()
        canvas.savefig(drawn, format=path.suffix[1:], metadata={"Date" if path.suffix == ".svg" else "Software": None})
    files.write(path, [drawn.getvalue()])


def _draw(panel: Panel, place: Any) -> None:
    place.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label)
    if len(panel.heights):
        place.contour(panel.contour_x, panel.contour_y, panel.heights, levels=15, linewidths=0.7)
    if len(panel.image):
        _draw_image(panel, place)
    for curve in panel.curves:
        if curve.style == "area":
            place.fill(curve.x, curve.y, label=curve.label or None, alpha=0.2, linewidth=0)
        else:
            place.plot(curve.x, curve.y, label=curve.label or None, **STYLES[curve.style])
    for note in panel.notes:
        place.text(note.x, note.y, note.text, **NOTES[note.style])
    if panel.x_range:
        place.set_xlim(*panel.x_range)
    if panel.y_range:
        place.set_ylim(*panel.y_range)
    if panel.ticks is not None:
        place.set(xticks=panel.ticks, yticks=panel.ticks)
    if panel.y_ticks:
        place.set_yticks(range(len(panel.y_ticks)), panel.y_ticks)
    if panel.bare:
        place.set_axis_off()
    if panel.log_x:
        place.set_xscale("log")
    if panel.log_y and any(height > 0 for curve in panel.curves for height in curve.y):
        place.set_yscale("log")
    if panel.equal:
        place.set_aspect("equal")
    if any(curve.label for curve in panel.curves):
        place.legend(fontsize="small")


def _draw_image(panel: Panel, place: Any) -> None:
    """An image: grey, or where it is signed, red below zero and blue above."""
    if panel.signed:
        reach = max(abs(number) for row in panel.image for number in row) or 1.0
        place.imshow(panel.image, cmap="RdBu", vmin=-reach, vmax=reach)
    else:
        place.imshow(panel.image, cmap="gray_r")
    place.set_xticks([])
    place.set_yticks([])
