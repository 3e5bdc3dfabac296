"""Geometry of a Sankey diagram: boxes, ribbons and labels in pixels.

Forward ribbons cross a gap between two columns and pass a column in a slot of their own; back-flows leave to the
right, go down in the gap, return in a lane below all boxes and come up in the gap before their target. So no
ribbon is ever behind a box it does not belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cesim.report.sankey_frame import BETWEEN, WAYPOINT_BETWEEN, by_pair
from cesim.report.sankey_ribbons import bent, straight, turns
from cesim.report.sankey_shapes import BOX, LINE, MARGIN_Y, Box, Drawing, Frame, Ribbon, Tag, label_box

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cesim.report.sankey_columns import Pair, Slot
    from cesim.report.sankey_frame import Label
    from cesim.report.sankey_graph import Graph, Link


ROUNDS = 60


@dataclass
class _Seat:
    """A slot while its place is being found; `head` is the room its label takes above it."""

    slot: Slot
    height: float
    head: float
    y: float = 0.0


def draw(frame: Frame, graph: Graph, label: Label, tag: Callable[[float], str]) -> Drawing:
    """Lay out one year."""
    seats = _seats(frame, graph, label)
    _relax(frame, graph, seats)
    place = {seat.slot: seat for column in seats for seat in column}
    through = graph.throughput()
    boxes = tuple(
        Box(s, frame.x[frame.columns.column[s]], seat.y, seat.height, through[s], label(graph, s))
        for s, seat in place.items()
        if isinstance(s, str)
    )
    ports_out, ports_in = _ports(frame, graph, place)
    ribbons: list[Ribbon] = []
    middles: list[tuple[float, float, float]] = []
    bends = turns(frame)
    for link in graph.links:
        pair = (link.source, link.target)
        start, end = ports_out[pair], ports_in[pair]
        if pair in frame.back_wide:
            ribbons += bent(frame, link, start, end, bends[pair])
            continue
        chain = frame.columns.chains[pair]
        ribbons += straight(frame, link, chain, start, end, {slot: seat.y for slot, seat in place.items()})
        after = chain[1]
        column = frame.columns.column[link.source]
        middle = (frame.x[column] + BOX + frame.x[column + 1]) / 2
        y1 = place[after].y if isinstance(after, tuple) else end
        middles.append((middle, (start + y1) / 2 + link.mass * frame.per_tonne / 2, link.mass))
    tags = _tags(frame, boxes, middles, tag)
    highest = min([label_box(box)[1] for box in boxes] + [seat.y for seat in place.values()])
    return Drawing(frame.width, highest - MARGIN_Y, frame.height, boxes, tuple(ribbons), tags, frame.per_tonne)


def _seats(frame: Frame, graph: Graph, label: Label) -> list[list[_Seat]]:
    through, links = graph.throughput(), by_pair(graph)
    seats = []
    for slots in frame.columns.slots:
        column = []
        for slot in slots:
            if isinstance(slot, str) and slot in through:
                head = BETWEEN + LINE * len(label(graph, slot)) + 2
                column.append(_Seat(slot, through[slot] * frame.per_tonne, head))
            elif isinstance(slot, tuple) and slot[:2] in links:
                column.append(_Seat(slot, links[slot[:2]].mass * frame.per_tonne, WAYPOINT_BETWEEN))
        y = MARGIN_Y
        for seat in column:
            seat.y = y + seat.head
            y = seat.y + seat.height
        seats.append(column)
    return seats


def _relax(frame: Frame, graph: Graph, seats: list[list[_Seat]]) -> None:
    """Move slots towards what they are joined to, keeping order and distance."""
    place = {seat.slot: seat for column in seats for seat in column}
    links = by_pair(graph)
    pulls: dict[Slot, list[tuple[_Seat, float]]] = {slot: [] for slot in place}
    for pair, chain in frame.columns.chains.items():
        if pair in links:
            for a, b in pairwise(chain):
                pulls[a].append((place[b], links[pair].mass))
                pulls[b].append((place[a], links[pair].mass))
    for step in range(ROUNDS):
        ease = 0.9 * (1 - step / ROUNDS) + 0.1
        for column in seats if step % 2 else reversed(seats):
            for seat in column:
                near = pulls[seat.slot]
                weight = sum(mass for _, mass in near)
                if weight > 0:
                    wish = sum((s.y + s.height / 2) * mass for s, mass in near) / weight - seat.height / 2
                    seat.y += (wish - seat.y) * ease
            _unstack(column, frame.floor)


def _unstack(column: list[_Seat], floor: float) -> None:
    """Push slots apart, down first and up again from the floor."""
    y = MARGIN_Y
    for seat in column:
        seat.y = max(seat.y, y + seat.head)
        y = seat.y + seat.height
    for seat in reversed(column):
        seat.y = min(seat.y, floor - seat.height)
        floor = seat.y - seat.head


def _ports(frame: Frame, graph: Graph, place: Mapping[Slot, _Seat]) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Top of each link at its source and at its target: in the order of where they go, back-flows lowest."""
    out: dict[Pair, float] = {}
    into: dict[Pair, float] = {}
    used_out: dict[str, float] = {}
    used_in: dict[str, float] = {}

    def height(link: Link, end: int) -> float:
        pair = (link.source, link.target)
        if pair in frame.back_wide:
            return float("inf")
        chain = frame.columns.chains[pair]
        seat = place[chain[1] if end == 0 else chain[-2]]
        return seat.y + seat.height / 2

    for link in sorted(graph.links, key=lambda item: height(item, 0)):
        pair = (link.source, link.target)
        out[pair] = place[link.source].y + used_out.get(link.source, 0.0)
        used_out[link.source] = used_out.get(link.source, 0.0) + link.mass * frame.per_tonne
    for link in sorted(graph.links, key=lambda item: height(item, 1)):
        pair = (link.source, link.target)
        into[pair] = place[link.target].y + used_in.get(link.target, 0.0)
        used_in[link.target] = used_in.get(link.target, 0.0) + link.mass * frame.per_tonne
    return out, into


def _tags(
    frame: Frame,
    boxes: Sequence[Box],
    middles: Sequence[tuple[float, float, float]],
    tag: Callable[[float], str],
) -> tuple[Tag, ...]:
    """Write tonnes on ribbons wide enough, where no label or other tag stands."""
    taken = [label_box(box) for box in boxes]
    tags = []
    for x, y, mass in sorted(middles, key=lambda item: -item[2]):
        if mass * frame.per_tonne < LINE + 1:
            continue
        text = tag(mass)
        half = 3.2 * len(text)
        area = (x - half, y - LINE / 2, x + half, y + LINE / 2)
        if all(area[2] <= t[0] or t[2] <= area[0] or area[3] <= t[1] or t[3] <= area[1] for t in taken):
            taken.append(area)
            tags.append(Tag(x, y, text))
    return tuple(tags)
