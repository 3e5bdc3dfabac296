"""Where the roles of a network of handovers stand: in columns in the order of the chain, with lanes for long ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cesim.report.trace.network import Link

COLUMNS: Final = (
    ("take_back",),
    ("dismantler", "elsewhere"),
    ("shredder",),
    ("metal_supplier", "scrap_trader", "press_shop:back", "pelletiser", "recyclate_supplier", "polymer_supplier"),
    ("casthouse", "compounder"),
    ("press_shop", "elsewhere:to", ""),
)
"""Roles from left to right. What goes back up the chain starts from a second place of its giver (`:back`); other
regions, which give and take everywhere, have a place on either side."""
ABOVE: Final = ("casthouse", "press_shop")
"""Roles to which long ways go above the roles between, all others below."""
LEFT, RIGHT, TOP = 4.0, 960.0, 4.0
BAR = 9.0
"""Width of the bar of a role."""
ROOM: Final = 420.0
"""Height of all masses of the fullest column."""
SLOT: Final = 36.0
"""Least height of a role: two lines of text."""
GAP, LANE_GAP = 12.0, 5.0
THIN: Final = 1.4
"""Least width of a ribbon."""


@dataclass(frozen=True)
class Way:
    """A handover, and the places it goes through from left to right; those between are lanes."""

    link: Link
    places: tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """Where a role or a lane stands."""

    x: float
    y: float
    high: float
    mass: float
    both: float
    """Share of all that it gives and takes that both sides recorded."""
    is_lane: bool


@dataclass(frozen=True)
class Layout:
    """Places by name, ways with the height at which they leave and reach each place, and the height of it all."""

    spots: Mapping[str, Spot]
    ways: tuple[tuple[Way, tuple[tuple[float, float], ...]], ...]
    """Each way with (start, end) of each of its parts, the widest first."""
    scale: float
    """Height of a t."""
    high: float


def laid_out(links: Sequence[Link]) -> Layout | None:
    """Return the places of all roles and ways; none where nothing goes from left to right."""
    ways, order = _ways(links)
    if not ways:
        return None
    columns = [[node for node in nodes if any(node in way.places for way in ways)] for nodes in order]
    mass = _masses(ways, columns)
    scale = ROOM / max(sum(mass[node] for node in nodes) for nodes in columns)
    spots = _spots([nodes for nodes in columns if nodes], mass, scale, _both(ways))
    high = max(spot.y + max(spot.high, 0.0 if spot.is_lane else SLOT) for spot in spots.values())
    drawn = sorted(ways, key=lambda way: -way.link.mass)
    starts, ends = _levels(ways, spots, scale, out=True), _levels(ways, spots, scale, out=False)
    parts = (
        tuple((starts[way, at], ends[way, at + 1]) for at in range(len(way.places) - 1)) for way in drawn
    )  # fmt: skip
    return Layout(spots, tuple(zip(drawn, parts, strict=True)), scale, high + TOP)


def _ways(links: Sequence[Link]) -> tuple[list[Way], list[list[str]]]:
    """Return the ways with their lanes, and what stands in each column from top to bottom."""
    order = [list(nodes) for nodes in COLUMNS]
    column = {node: at for at, nodes in enumerate(COLUMNS) for node in nodes}
    above: list[list[str]] = [[] for _ in COLUMNS]
    below: list[list[str]] = [[] for _ in COLUMNS]
    ways = []
    for link in links:
        taker = "elsewhere:to" if link.taker == "elsewhere" else link.taker
        giver = link.giver
        if column[giver] >= column[taker]:
            giver = f"{giver}:back"
            column.setdefault(giver, column[taker] - 1)
            if not 0 <= column[giver] < column[taker]:
                continue
            if giver not in order[column[giver]]:
                order[column[giver]].append(giver)
        between = range(column[giver] + 1, column[taker])
        lanes = [f"{giver}>{taker}@{at}" for at in between]
        for at, lane in zip(between, lanes, strict=True):
            (above if taker in ABOVE else below)[at].append(lane)
        ways.append(Way(link, (giver, *lanes, taker)))
    return ways, [[*over, *nodes, *under] for over, nodes, under in zip(above, order, below, strict=True)]


def _masses(ways: Iterable[Way], columns: Iterable[Iterable[str]]) -> dict[str, float]:
    """Return what goes through each place: the larger of what it takes and what it gives."""
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for way in ways:
        for node in way.places[:-1]:
            out[node] = out.get(node, 0.0) + way.link.mass
        for node in way.places[1:]:
            into[node] = into.get(node, 0.0) + way.link.mass
    return {node: max(out.get(node, 0.0), into.get(node, 0.0)) for nodes in columns for node in nodes}


def _both(ways: Iterable[Way]) -> dict[str, float]:
    """Return the share of what each place gives and takes that both sides recorded."""
    told: dict[str, float] = {}
    mass: dict[str, float] = {}
    for way in ways:
        for node in way.places:
            told[node] = told.get(node, 0.0) + way.link.both
            mass[node] = mass.get(node, 0.0) + way.link.mass
    return {node: told[node] / mass[node] for node in mass}


def _spots(
    columns: Sequence[Sequence[str]], mass: Mapping[str, float], scale: float, both: Mapping[str, float]
) -> dict[str, Spot]:
    """Return the places, columns evenly apart, each in the middle of the height."""
    step = (RIGHT - LEFT) / max(len(columns) - 1, 1)
    heights = [sum(_room(node, scale * mass[node]) for node in nodes) for nodes in columns]
    spots = {}
    for at, nodes in enumerate(columns):
        y = TOP + (max(heights) - heights[at]) / 2
        for node in nodes:
            spots[node] = Spot(LEFT + at * step, y, scale * mass[node], mass[node], both[node], "@" in node)
            y += _room(node, scale * mass[node])
    return spots


def _room(node: str, high: float) -> float:
    return max(high, THIN) + LANE_GAP if "@" in node else max(high, SLOT) + GAP


def _levels(ways: Sequence[Way], spots: Mapping[str, Spot], scale: float, *, out: bool) -> dict[tuple[Way, int], float]:
    """Return at which height each way leaves (or reaches) each of its places, in the order of where it goes on."""
    found: dict[tuple[Way, int], float] = {}
    side = 1 if out else -1
    met: dict[str, list[tuple[float, int, Way]]] = {}
    for way in ways:
        for at in range(len(way.places) - 1) if out else range(1, len(way.places)):
            met.setdefault(way.places[at], []).append((spots[way.places[at + side]].y, at, way))
    by_height: Callable[[tuple[float, int, Way]], float] = lambda one: one[0]  # noqa: E731
    for node, meetings in met.items():
        level = spots[node].y
        for _, at, way in sorted(meetings, key=by_height):
            found[way, at] = level
            level += scale * way.link.mass
    return found
