"""Pictures as files: a demonstration's figure as PNG or SVG, the same bytes for the same figure.

Matplotlib draws them; it comes with ``pip install 'nn-digits[plot]'`` and is imported only here.
"""

import io
from pathlib import Path
from typing import Any

from nn.stages import files
from nn.stages.demos.demo import Figure, Panel
from nn.stages.errors import UsageError, WorldError

ENDINGS = (".png", ".svg")
STYLES: dict[str, dict[str, Any]] = {
    "line": {"linestyle": "-"},
    "dashed": {"linestyle": "--"},
    "points": {"linestyle": "", "marker": "o"},
}


def check_path(path: Path) -> None:
    """Refuse an ending that is not drawn, before any work is done for it."""
    if path.suffix not in ENDINGS:
        raise UsageError(f"--plot {path}: expected a file ending in {' or '.join(ENDINGS)}")
    files.check_writable(path)


def save(figure: Figure, path: Path) -> None:
    """Draw a figure into a file."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure as Canvas
    except ImportError:
        raise WorldError(f"{path}: pictures need matplotlib; install it with: pip install 'nn-digits[plot]'") from None
    check_path(path)
    columns = min(figure.columns, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    with mpl.rc_context({"svg.hashsalt": "nn", "figure.dpi": 120}):
        canvas = Canvas(figsize=(4.2 * columns, 3.4 * rows), layout="constrained")
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
        place.plot(curve.x, curve.y, label=curve.label or None, **STYLES[curve.style])
    if panel.log_x:
        place.set_xscale("log")
    if panel.log_y:
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
