"""Outlines of ribbons: forward through gaps and waypoints, back through a lane below all boxes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cesim.report.sankey_shapes import BOX, Ribbon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.report.sankey_columns import Pair, Slot
    from cesim.report.sankey_graph import Link
    from cesim.report.sankey_shapes import Frame


def straight(
    frame: Frame, link: Link, chain: Sequence[Slot], start: float, end: float, tops: Mapping[Slot, float]
) -> list[Ribbon]:
    """One outline per class: curves in the gaps, level bands in the waypoints."""
    column = frame.columns.column
    knots = [(frame.x[column[link.source]] + BOX, start)]
    for slot in chain[1:-1]:
        x, y = frame.x[slot[2] if isinstance(slot, tuple) else 0], tops[slot]
        knots += [(x, y), (x + BOX, y)]
    knots.append((frame.x[column[link.target]], end))
    ribbons, offset = [], 0.0
    for kind, mass in link.masses:
        thick = mass * frame.per_tonne
        top = [(x, y + offset) for x, y in knots]
        low = [(x, y + offset + thick) for x, y in reversed(knots)]
        path = f"M{_p(top[0])}{_curves(top)}L{_p(low[0])}{_curves(low)}Z"
        ribbons.append(Ribbon(link, kind, mass, path))
        offset += thick
    return ribbons


def _curves(knots: Sequence[tuple[float, float]]) -> str:
    parts = []
    for index, (a, b) in enumerate(pairwise(knots)):
        middle = (a[0] + b[0]) / 2
        parts.append(f"C{_p((middle, a[1]))} {_p((middle, b[1]))} {_p(b)}" if index % 2 == 0 else f"L{_p(b)}")
    return "".join(parts)


def _p(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.2f}"


@dataclass(frozen=True)
class Turn:
    """Middle lines of a back-flow: x where it goes down, y of its lane, x where it comes up, radius."""

    down: float
    lane: float
    up: float
    radius: float


def turns(frame: Frame) -> dict[Pair, Turn]:
    """Give each back-flow a lane of its own below the boxes, the narrowest nearest to them."""
    found = {}
    right: dict[int, float] = {}
    left: dict[int, float] = {}
    lane = frame.floor + 16
    for pair, wide in sorted(frame.back_wide.items(), key=lambda item: item[1]):
        a, b = frame.columns.column[pair[0]], frame.columns.column[pair[1]]
        radius = wide / 2 + 3
        down = frame.x[a] + BOX + right.get(a, 0.0) + 3 + radius
        up = frame.x[b] - left.get(b, 0.0) - 3 - radius
        found[pair] = Turn(down, lane + wide / 2, up, radius)
        right[a] = right.get(a, 0.0) + wide + 8
        left[b] = left.get(b, 0.0) + wide + 8
        lane += wide + 14
    return found


def bent(frame: Frame, link: Link, start: float, end: float, turn: Turn) -> list[Ribbon]:
    """One outline per class: out to the right, down, back, up, in from the left."""
    half = link.mass * frame.per_tonne / 2
    x0 = frame.x[frame.columns.column[link.source]] + BOX
    x1 = frame.x[frame.columns.column[link.target]]
    ribbons, offset = [], half
    for kind, mass in link.masses:
        thick = mass * frame.per_tonne
        outer = _loop(x0, start + half, x1, end + half, turn, offset)
        inner = _loop(x0, start + half, x1, end + half, turn, offset - thick)
        path = "M" + _walk(outer, 1) + "L" + _walk(list(reversed(inner)), 0) + "Z"
        ribbons.append(Ribbon(link, kind, mass, path))
        offset -= thick
    return ribbons


def _loop(x0: float, y0: float, x1: float, y1: float, turn: Turn, o: float) -> list[tuple[float, float, float]]:
    """Corner points (x, y, radius of the arc that joins it to its neighbour) of a line `o` outside the middle."""
    r = turn.radius
    return [
        (x0, y0 - o, 0.0),
        (turn.down - r, y0 - o, 0.0),
        (turn.down + o, y0 + r, r + o),
        (turn.down + o, turn.lane - r, 0.0),
        (turn.down - r, turn.lane + o, r + o),
        (turn.up + r, turn.lane + o, 0.0),
        (turn.up - o, turn.lane - r, r + o),
        (turn.up - o, y1 + r, 0.0),
        (turn.up + r, y1 - o, r + o),
        (x1, y1 - o, 0.0),
    ]


def _walk(points: list[tuple[float, float, float]], sweep: int) -> str:
    parts = [_p(points[0][:2])]
    for a, b in pairwise(points):
        radius = b[2] if sweep else a[2]
        parts.append(f"A{radius:.2f},{radius:.2f} 0 0 {sweep} {_p(b[:2])}" if radius else f"L{_p(b[:2])}")
    return "".join(parts)
