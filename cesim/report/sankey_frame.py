"""The frame that the years of one diagram share: the scale, where each column stands, how high the picture is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.sankey_shapes import BOX, GAP, LINE, MARGIN_X, MARGIN_Y, WIDTH, Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cesim.report.sankey_columns import Columns, Pair
    from cesim.report.sankey_graph import Graph, Link

    Label = Callable[[Graph, str], tuple[str, ...]]

LEAST_HEIGHT = 600.0
BETWEEN, WAYPOINT_BETWEEN = 8.0, 7.0
LEAST_FLOW = 0.35
"""Share of the height that flows get at least; labels may make a diagram higher."""


def frame_for(columns: Columns, graphs: Sequence[Graph], label: Label) -> Frame:
    """Choose one scale and one set of columns for several years."""
    loads = [load for graph in graphs for load in _loads(columns, graph, label)]
    inner = max([LEAST_HEIGHT, *(room / (1 - LEAST_FLOW) for _, room in loads)])
    scale = min(((inner - room) / mass for mass, room in loads if mass > 0), default=1.0)
    wide: dict[Pair, float] = {}
    for graph in graphs:
        for link in graph.links:
            pair = (link.source, link.target)
            if pair in columns.back:
                wide[pair] = max(wide.get(pair, 0.0), link.mass * scale)
    xs, width = _spread(columns, wide)
    lanes = sum(w + 14 for w in wide.values()) + (24 if wide else 0)
    floor = MARGIN_Y + inner
    return Frame(columns, xs, width, floor, floor + lanes + MARGIN_Y, scale, wide)


def _spread(columns: Columns, wide: Mapping[Pair, float]) -> tuple[tuple[float, ...], float]:
    """Left edges of the columns and the width of the picture: few columns stand further apart."""
    lanes = [
        (
            sum(w + 8 for (_, b), w in wide.items() if columns.column[b] == c),
            sum(w + 8 for (a, _), w in wide.items() if columns.column[a] == c),
        )
        for c in range(len(columns.slots))
    ]
    taken = 2 * MARGIN_X + BOX * len(lanes) + sum(left + right for left, right in lanes)
    gap = max(GAP, (WIDTH - taken) / max(len(lanes) - 1, 1))
    xs, x = [], MARGIN_X
    for left, right in lanes:
        xs.append(x + left)
        x += left + BOX + right + gap
    return tuple(xs), x - gap + MARGIN_X


def _loads(columns: Columns, graph: Graph, label: Label) -> list[tuple[float, float]]:
    """Tonnes in each column, and the pixels its labels and distances take."""
    through, links = graph.throughput(), by_pair(graph)
    loads = []
    for slots in columns.slots:
        mass = room = 0.0
        for slot in slots:
            if isinstance(slot, str) and slot in through:
                mass += through[slot]
                room += BETWEEN + LINE * len(label(graph, slot)) + 2
            elif isinstance(slot, tuple) and slot[:2] in links:
                mass += links[slot[:2]].mass
                room += WAYPOINT_BETWEEN
        loads.append((mass, room))
    return loads


def by_pair(graph: Graph) -> dict[Pair, Link]:
    """Return the links of a graph by their two ends."""
    return {(link.source, link.target): link for link in graph.links}
