"""Drawings of neurons and the wires between them, for pictures: where each stands, what it says, who hears whom."""

from collections.abc import Mapping, Sequence

from nn.stages.figures.figure import Curve, Note, Panel

Place = tuple[float, float]


def wiring_panel(
    title: str,
    places: Mapping[str, Place],
    wires: Sequence[tuple[str, str]],
    on: Mapping[str, bool],
    labels: Mapping[str, str] | None = None,
    weights: Sequence[str] = (),
) -> Panel:
    """Draw neurons as boxes, tinted where they say 1, wires between them, and the weight on each wire if given."""
    curves = tuple(
        Curve([places[one][0], places[other][0]], [places[one][1], places[other][1]], style="thin")
        for one, other in wires
    )
    boxes = tuple(
        Note(x, y, (labels or {}).get(name, name), "on" if on.get(name) else "off") for name, (x, y) in places.items()
    )
    tags = tuple(
        Note(*_along(places[one], places[other], 0.28), weight)
        for (one, other), weight in zip(wires, weights, strict=False)
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
    """Give each neuron a place: a column for each layer, spread evenly over the same height."""
    height = max(len(column) for column in columns)
    return {
        name: (float(across), (height - 1) - (height / len(column)) * (row + 0.5) + 0.5)
        for across, column in enumerate(columns)
        for row, name in enumerate(column)
    }


def _along(one: Place, other: Place, share: float) -> Place:
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
