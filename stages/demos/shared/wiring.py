"""Pictures of networks: neurons as boxes, and the wires between them."""

from collections.abc import Mapping, Sequence

from nndigits.stages.figures.figure import Curve, Note, Panel

Place = tuple[float, float]


def wiring_panel(
    title: str,
    places: Mapping[str, Place],
    wires: Sequence[tuple[str, str]],
    on: Mapping[str, bool],
    labels: Mapping[str, str] | None = None,
    weights: Sequence[str] = (),
) -> Panel:
    """Draw neurons as boxes, shaded where they are on, the wires between them, and the weight on each wire if given."""
    curves = tuple(
        Curve([places[source][0], places[target][0]], [places[source][1], places[target][1]], style="thin")
        for source, target in wires
    )
    boxes = tuple(
        Note(x, y, (labels or {}).get(name, name), "on" if on.get(name) else "off") for name, (x, y) in places.items()
    )
    tags = tuple(
        Note(*_between(places[source], places[target], 0.28), weight)
        for (source, target), weight in zip(wires, weights, strict=False)
    )
    across, up = ([place[axis] for place in places.values()] for axis in (0, 1))
    return Panel(
        title,
        curves=curves,
        notes=(*tags, *boxes),
        x_range=(min(across) - 0.6, max(across) + 0.6),
        y_range=(min(up) - 0.6, max(up) + 0.6),
        bare=True,
    )


def in_columns(columns: Sequence[Sequence[str]]) -> dict[str, Place]:
    """Return the position of each neuron: one column per layer, its neurons evenly spaced over the same height."""
    height = max(len(column) for column in columns)
    return {
        name: (float(across), (height - 1) - (height / len(column)) * (row + 0.5) + 0.5)
        for across, column in enumerate(columns)
        for row, name in enumerate(column)
    }


def _between(source: Place, target: Place, fraction: float) -> Place:
    return source[0] + fraction * (target[0] - source[0]), source[1] + fraction * (target[1] - source[1])
