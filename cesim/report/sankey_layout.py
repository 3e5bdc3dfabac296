"""Geometry of a Sankey diagram: boxes, ribbons and labels in pixels.

Forward ribbons cross a gap between two columns and pass a column in a slot of their own; back-flows leave to the
right, go down in the gap, return in a lane below all boxes and come up in the gap before their target. So no
ribbon is ever behind a box it does not belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cesim.report.sankey_columns import Columns, Pair, Slot
    from cesim.report.sankey_graph import Graph, Link

BOX, GAP, MARGIN_X, MARGIN_Y = 12.0, 78.0, 42.0, 10.0
INNER_HEIGHT = 600.0
BETWEEN, WAYPOINT_BETWEEN = 8.0, 7.0
LINE = 12.0
ROUNDS = 60


@dataclass(frozen=True)
class Box:
    """A node: its rectangle, the lines of its label above it."""

    node: str
    x: float
    y: float
    height: float
    mass: float
    label: tuple[str, ...]


@dataclass(frozen=True)
class Ribbon:
    """One class of one link: a closed outline."""

    link: Link
    kind: str
    mass: float
    path: str


@dataclass(frozen=True)
class Tag:
    """Tonnes written on a wide ribbon."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """One diagram, ready to be written."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]
    tags: tuple[Tag, ...]
    per_tonne: float


@dataclass(frozen=True)
class Frame:
    """What all years of one material share: columns, scale, x of each column, labels."""

    columns: Columns
    x: tuple[float, ...]
    width: float
    height: float
    per_tonne: float
    back_wide: Mapping[Pair, float]


def frame_for(columns: Columns, graphs: Sequence[Graph], label: Callable[[Graph, str], tuple[str, ...]]) -> Frame:
    """Choose one scale and one set of columns for several years."""
    scale = min((_largest_scale(columns, graph, label) for graph in graphs), default=1.0)
    wide: dict[Pair, float] = {}
    for graph in graphs:
        for link in graph.links:
            pair = (link.source, link.target)
            if pair in columns.back:
                wide[pair] = max(wide.get(pair, 0.0), link.mass * scale)
    xs, x = [], MARGIN_X
    for c in range(len(columns.slots)):
        x += sum(w + 8 for (_, b), w in wide.items() if columns.column[b] == c)
        xs.append(x)
        x += BOX + GAP + sum(w + 8 for (a, _), w in wide.items() if columns.column[a] == c)
    lanes = sum(w + 14 for w in wide.values()) + (24 if wide else 0)
    height = 2 * MARGIN_Y + INNER_HEIGHT + lanes
    return Frame(columns, tuple(xs), xs[-1] + BOX + MARGIN_X, height, scale, wide)


def _largest_scale(columns: Columns, graph: Graph, label: Callable[[Graph, str], tuple[str, ...]]) -> float:
    through, links = graph.throughput(), _by_pair(graph)
    scale = float("inf")
    for slots in columns.slots:
        mass = room = 0.0
        for slot in slots:
            if isinstance(slot, str) and slot in through:
                mass += through[slot]
                room += BETWEEN + LINE * len(label(graph, slot)) + 2
            elif isinstance(slot, tuple) and slot[:2] in links:
                mass += links[slot[:2]].mass
                room += WAYPOINT_BETWEEN
        if mass > 0:
            scale = min(scale, max(INNER_HEIGHT - room, 60.0) / mass)
    return scale


def _by_pair(graph: Graph) -> dict[Pair, Link]:
    return {(link.source, link.target): link for link in graph.links}


@dataclass
class _Seat:
    """A slot while its place is being found; `head` is the room its label takes above it."""

    slot: Slot
    height: float
    head: float
    y: float = 0.0


def draw(frame: Frame, graph: Graph, label: Callable[[Graph, str], tuple[str, ...]], tag: Callable[[float], str]) -> Drawing:
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
    middles: list[tuple[float, float, float, float]] = []
    floor = MARGIN_Y + INNER_HEIGHT
    turns = _turns(frame, floor)
    for link in graph.links:
        pair = (link.source, link.target)
        start, end = ports_out[pair], ports_in[pair]
        if pair in frame.back_wide:
            ribbons += _bent(frame, link, start, end, turns[pair])
            continue
        chain = frame.columns.chains[pair]
        ribbons += _straight(frame, link, chain, start, end, place)
        first = frame.x[frame.columns.column[link.source]] + BOX
        after = chain[1]
        y1 = place[after].y if isinstance(after, tuple) else end
        middles.append((first + GAP / 2, (start + y1) / 2 + link.mass * frame.per_tonne / 2, link.mass, GAP))
    tags = _tags(frame, boxes, middles, tag)
    return Drawing(frame.width, frame.height, boxes, tuple(ribbons), tags, frame.per_tonne)


def _seats(frame: Frame, graph: Graph, label: Callable[[Graph, str], tuple[str, ...]]) -> list[list[_Seat]]:
    through, links = graph.throughput(), _by_pair(graph)
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
    links = _by_pair(graph)
    pulls: dict[Slot, list[tuple[_Seat, float]]] = {slot: [] for slot in place}
    for pair, chain in frame.columns.chains.items():
        if pair in links:
            for a, b in zip(chain, chain[1:], strict=False):
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
            _unstack(column)


def _unstack(column: list[_Seat]) -> None:
    """Push slots apart, down first and up again from the floor."""
    y = MARGIN_Y
    for seat in column:
        seat.y = max(seat.y, y + seat.head)
        y = seat.y + seat.height
    floor = MARGIN_Y + INNER_HEIGHT
    for seat in reversed(column):
        seat.y = min(seat.y, floor - seat.height)
        floor = seat.y - seat.head


def _ports(
    frame: Frame, graph: Graph, place: Mapping[Slot, _Seat]
) -> tuple[dict[Pair, float], dict[Pair, float]]:
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


def _straight(
    frame: Frame, link: Link, chain: Sequence[Slot], start: float, end: float, place: Mapping[Slot, _Seat]
) -> list[Ribbon]:
    """One outline per class: curves in the gaps, level bands in the waypoints."""
    column = frame.columns.column
    knots = [(frame.x[column[link.source]] + BOX, start)]
    for slot in chain[1:-1]:
        x, y = frame.x[slot[2] if isinstance(slot, tuple) else 0], place[slot].y
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
    for index, (a, b) in enumerate(zip(knots, knots[1:], strict=False)):
        middle = (a[0] + b[0]) / 2
        parts.append(f"C{_p((middle, a[1]))} {_p((middle, b[1]))} {_p(b)}" if index % 2 == 0 else f"L{_p(b)}")
    return "".join(parts)


def _p(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.2f}"


@dataclass(frozen=True)
class _Turn:
    """Middle lines of a back-flow: x where it goes down, y of its lane, x where it comes up, radius."""

    down: float
    lane: float
    up: float
    radius: float


def _turns(frame: Frame, floor: float) -> dict[Pair, _Turn]:
    turns = {}
    right: dict[int, float] = {}
    left: dict[int, float] = {}
    lane = floor + 16
    for pair, wide in sorted(frame.back_wide.items(), key=lambda item: item[1]):
        a, b = frame.columns.column[pair[0]], frame.columns.column[pair[1]]
        radius = wide / 2 + 3
        down = frame.x[a] + BOX + right.get(a, 0.0) + 3 + radius
        up = frame.x[b] - left.get(b, 0.0) - 3 - radius
        turns[pair] = _Turn(down, lane + wide / 2, up, radius)
        right[a] = right.get(a, 0.0) + wide + 8
        left[b] = left.get(b, 0.0) + wide + 8
        lane += wide + 14
    return turns


def _bent(frame: Frame, link: Link, start: float, end: float, turn: _Turn) -> list[Ribbon]:
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


def _loop(x0: float, y0: float, x1: float, y1: float, turn: _Turn, o: float) -> list[tuple[float, float, float]]:
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
    for a, b in zip(points, points[1:], strict=False):
        radius = b[2] if sweep else a[2]
        parts.append(f"A{radius:.2f},{radius:.2f} 0 0 {sweep} {_p(b[:2])}" if radius else f"L{_p(b[:2])}")
    return "".join(parts)


def label_box(box: Box) -> tuple[float, float, float, float]:
    """Rectangle (x0, y0, x1, y1) the label of a box may fill."""
    middle = box.x + BOX / 2
    half = (GAP + BOX - 2) / 2
    return middle - half, box.y - 2 - LINE * len(box.label), middle + half, box.y - 2


def _tags(
    frame: Frame, boxes: Sequence[Box], middles: Sequence[tuple[float, float, float, float]], tag: Callable[[float], str]
) -> tuple[Tag, ...]:
    """Write tonnes on ribbons wide enough, where no label or other tag stands."""
    taken = [label_box(box) for box in boxes]
    tags = []
    for x, y, mass, _ in sorted(middles, key=lambda item: -item[2]):
        if mass * frame.per_tonne < LINE + 1:
            continue
        text = tag(mass)
        half = 3.2 * len(text)
        area = (x - half, y - LINE / 2, x + half, y + LINE / 2)
        if all(area[2] <= t[0] or t[2] <= area[0] or area[3] <= t[1] or t[3] <= area[1] for t in taken):
            taken.append(area)
            tags.append(Tag(x, y, text))
    return tuple(tags)
