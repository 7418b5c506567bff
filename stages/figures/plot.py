"""Drawing of a figure to a PNG or SVG file. Equal figures give equal bytes.

Matplotlib takes half a second to import, and is imported only when a picture is drawn. While it is imported, it would
read ``matplotlibrc`` in the current folder, ``MATPLOTLIBRC`` and ``MPLBACKEND``. Figures are drawn with its defaults
alone, and a damaged file of settings, or one of a stranger, must not stop nn.
"""

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nndigits.stages.figures import image_panels
from nndigits.stages.figures.figure import Curve, Figure, Panel, safe
from nndigits.stages.store import files
from nndigits.stages.store.artifacts import check_own
from nndigits.stages.store.errors import UsageError

ENDINGS = (".png", ".svg")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Colours that colour-blind readers can tell apart (Okabe and Ito, 2008). More curves take theirs from viridis."""
STYLES: dict[str, dict[str, Any]] = {
    "line": {"linestyle": "-"},
    "dashed": {"linestyle": "--"},
    "thin": {"linestyle": "-", "linewidth": 0.8, "color": "0.6"},
    "marked": {"linestyle": "-", "marker": "o", "markersize": 4},
    "points": {"linestyle": "", "marker": "o"},
    "hollow": {"linestyle": "", "marker": "o", "markersize": 9, "markerfacecolor": "white", "color": "black"},
    "filled": {"linestyle": "", "marker": "o", "markersize": 9, "color": "black"},
    "ring": {"linestyle": "", "marker": "o", "markersize": 8, "markerfacecolor": "none", "color": "black"},
    "interval": {"linestyle": "-", "marker": "|", "markersize": 7, "color": COLOURS[0]},
    "diamond": {"linestyle": "", "marker": "D", "markersize": 6, "color": COLOURS[1]},
}
NOTES: dict[str, dict[str, Any]] = {
    "text": {"ha": "center", "va": "center", "fontsize": 8},
    "on": {"ha": "center", "va": "center", "fontsize": 8, "bbox": {"boxstyle": "round", "fc": "gold", "ec": "black"}},
    "off": {"ha": "center", "va": "center", "fontsize": 8, "bbox": {"boxstyle": "round", "fc": "white", "ec": "black"}},
}


def check(path: Path, *others: Path) -> None:
    """Check, before the work begins, that a figure can be drawn to ``path``, and that it is none of the ``others``.

    The others are the files that the same command reads and writes.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"expected a file ending in {' or '.join(ENDINGS)}", "plot", path)
    if any(files.same_file(path, other) for other in others):
        raise UsageError("is read or written by this command; name another file", "plot", path)
    files.check_writable(path)
    check_own(path, "figure")


def save(figure: Figure, path: Path) -> None:
    """Draw a figure to a file."""
    check(path)
    with settings():
        encoded = io.BytesIO()
        maker = {"Creator": "nn", "Date": None} if path.suffix == ".svg" else {"Software": "nn figure"}
        drawn(figure).savefig(encoded, format=path.suffix[1:], metadata=maker)
    files.write(path, [encoded.getvalue()])


@contextmanager
def settings() -> Iterator[Any]:
    """Yield matplotlib with its defaults; the settings of a user's matplotlibrc would give other bytes."""
    mpl = _matplotlib()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "nn", "figure.dpi": 120})
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a letter of a file name that the font does not have
        yield mpl


@cache
def _matplotlib() -> Any:
    """Import matplotlib in the folder of its defaults, without the variables of the environment that it reads."""
    spec = find_spec("matplotlib")
    defaults = Path(spec.origin).parent / "mpl-data" if spec and spec.origin else Path()
    before = {name: os.environ.pop(name, None) for name in ("MATPLOTLIBRC", "MPLBACKEND")}
    os.environ["MPLBACKEND"] = "agg"
    try:
        with suppress(OSError), chdir(defaults):  # fails where the current folder is gone
            import_module("matplotlib")
        return import_module("matplotlib")
    finally:
        del os.environ["MPLBACKEND"]
        os.environ |= {name: value for name, value in before.items() if value is not None}


def drawn(figure: Figure) -> Any:
    """Return the figure as one of matplotlib's."""
    from matplotlib.figure import Figure as Canvas
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = min(figure.columns, len(figure.panels))
    rows = -(-len(figure.panels) // columns)
    size = (figure.size[0] * columns, figure.size[1] * rows)
    canvas = Canvas(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08))
    grid = canvas.subplots(rows, columns, squeeze=False, width_ratios=figure.widths or None)
    for axes in grid.flat[len(figure.panels) :]:
        axes.set_axis_off()
    for panel, axes in zip(figure.panels, grid.flat, strict=False):
        _draw(panel, axes, with_legend=not figure.one_legend)
    if figure.title:
        canvas.suptitle(safe(figure.title), fontsize="large")
    if figure.one_legend:
        curves = [pair for axes in grid.flat for pair in zip(*axes.get_legend_handles_labels(), strict=True)]
        named = {label: handle for handle, label in curves}
        canvas.legend(named.values(), named.keys(), loc="outside right upper", fontsize="small")
    return canvas


def _draw(panel: Panel, axes: Any, *, with_legend: bool) -> None:
    axes.set(title=safe(panel.title), xlabel=safe(panel.x_label), ylabel=safe(panel.y_label))
    axes.set_prop_cycle(color=_colours(panel.curves))
    if len(panel.heights):
        axes.contour(panel.contour_x, panel.contour_y, panel.heights, levels=15, linewidths=0.7)
    if len(panel.image):
        image_panels.draw_image(panel, axes)
    if len(panel.counts):
        image_panels.draw_counts(panel, axes)
    if panel.tiles:
        image_panels.draw_tiles(panel, axes)
    for curve in panel.curves:
        label = safe(curve.label) or None
        if curve.style == "area":
            axes.fill(curve.x, curve.y, label=label, alpha=0.2, linewidth=0)
        else:
            axes.plot(curve.x, image_panels.drawable(curve.y), label=label, **STYLES[curve.style])
    for note in panel.notes:
        axes.text(note.x, note.y, safe(note.text), **NOTES[note.style])
    _set_scales(panel, axes)
    if with_legend and any(curve.label for curve in panel.curves):
        axes.legend(fontsize="small")


def _set_scales(panel: Panel, axes: Any) -> None:
    """Set ranges, ticks and scales of the axes."""
    if panel.logit_x:
        axes.set_xscale("logit")
        axes.minorticks_off()
    if panel.x_range:
        axes.set_xlim(*panel.x_range)
    if panel.y_range:
        axes.set_ylim(*panel.y_range)
    if panel.ticks is not None:
        axes.set(xticks=panel.ticks, yticks=panel.ticks)
    if panel.x_ticks:
        axes.set_xticks([x for x, _ in panel.x_ticks], [label for _, label in panel.x_ticks])
    if panel.y_ticks:
        axes.set_yticks(range(len(panel.y_ticks)), list(map(safe, panel.y_ticks)))
    if panel.bare:
        axes.set_axis_off()
    if panel.log_x:
        axes.set_xscale("log")
    if panel.log_y and any(height > 0 for curve in panel.curves for height in curve.y):
        axes.set_yscale("log")
    if panel.equal:
        axes.set_aspect("equal")


def _colours(curves: tuple[Curve, ...]) -> list[Any]:
    """Return colours for the curves, in turn."""
    number = sum("color" not in STYLES.get(curve.style, {}) for curve in curves)
    if number <= len(COLOURS):
        return list(COLOURS)
    from matplotlib import colormaps

    return [colormaps["viridis"](0.9 * place / (number - 1)) for place in range(number)]
