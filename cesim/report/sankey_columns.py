"""Which column and which place in it each node gets, and the waypoints of links that skip columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cesim.report.sankey_groups import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.report.sankey_graph import Graph

SWEEPS = 24

Slot = str | tuple[str, str, int]
"""A node, or the waypoint (source, target, column) of a link that skips that column."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Columns:
    """Slots by column, top to bottom. A link that is not in `chains` is a back-flow."""

    slots: tuple[tuple[Slot, ...], ...]
    column: Mapping[str, int]
    chains: Mapping[Pair, tuple[Slot, ...]]
    """Every forward link with the slots it passes, ends included."""
    back: tuple[Pair, ...]


def arrange(graphs: Iterable[Graph]) -> Columns:
    """Arrange the union of several years, so that a node keeps its place from year to year."""
    weights: dict[Pair, float] = {}
    for graph in graphs:
        for link in graph.links:
            weights[link.source, link.target] = weights.get((link.source, link.target), 0.0) + link.mass
    column, back = _columns(list(weights))
    chains: dict[Pair, tuple[Slot, ...]] = {}
    for a, b in weights:
        if (a, b) not in back:
            chains[a, b] = (a, *((a, b, c) for c in range(column[a] + 1, column[b])), b)
    slots = _ordered(column, chains, weights)
    return Columns(slots, column, chains, tuple(sorted(back)))


def _columns(pairs: list[Pair]) -> tuple[dict[str, int], set[Pair]]:
    """Longest path from the left; a source stands just before what it feeds first."""
    nodes = sorted({n for pair in pairs for n in pair}, key=lambda n: (place(n), n))
    fed, feeds = {b for _, b in pairs}, {a for a, _ in pairs}
    inner = {n for n in nodes if n in fed and n in feeds}
    back = {(a, b) for a, b in pairs if a in inner and b in inner and place(b) <= place(a)}
    column: dict[str, int] = {}
    for node in nodes:
        if node in inner:
            before = [column.get(a, 0) for a, b in pairs if b == node and (a, b) not in back]
            column[node] = max(before, default=0) + 1
    for node in nodes:
        if node not in inner and node in feeds:
            column[node] = min(column.get(b, 1) for a, b in pairs if a == node) - 1
    for node in nodes:
        if node not in inner and node not in feeds:
            column[node] = max(column[a] for a, b in pairs if b == node) + 1
    for node in nodes:
        ends = [column[b] for a, b in pairs if a == node]
        if node not in inner and ends:
            column[node] = min(ends) - 1
    return column, back


def _ordered(
    column: Mapping[str, int], chains: Mapping[Pair, tuple[Slot, ...]], weights: Mapping[Pair, float]
) -> tuple[tuple[Slot, ...], ...]:
    """Order each column by the weighted mean place of its neighbours, sweeping to and fro; keep the best seen."""
    columns: list[list[Slot]] = [[] for _ in range(max(column.values(), default=0) + 1)]
    for node in sorted(column, key=lambda n: (place(n), n)):
        columns[column[node]].append(node)
    steps: list[tuple[int, Slot, Slot, float]] = []
    for pair, chain in chains.items():
        for slot in chain[1:-1]:
            columns[slot[2] if isinstance(slot, tuple) else 0].append(slot)
        start = column[chain[0]] if isinstance(chain[0], str) else 0
        steps += [(start + i, a, b, weights[pair]) for i, (a, b) in enumerate(pairwise(chain))]
    best, fewest = [list(c) for c in columns], _crossing(columns, steps)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for index in range(len(columns)) if forward else range(len(columns) - 1, -1, -1):
            _sort_by_neighbours(columns, index, steps, before=forward)
        crossing = _crossing(columns, steps)
        if crossing < fewest:
            best, fewest = [list(c) for c in columns], crossing
    return tuple(tuple(c) for c in best)


def _sort_by_neighbours(
    columns: list[list[Slot]], index: int, steps: list[tuple[int, Slot, Slot, float]], *, before: bool
) -> None:
    here = {slot: i / max(len(columns[index]), 1) for i, slot in enumerate(columns[index])}
    beside = index - 1 if before else index + 1
    if not 0 <= beside < len(columns):
        return
    where = {slot: (i + 0.5) / len(columns[beside]) for i, slot in enumerate(columns[beside])}
    pull: dict[Slot, tuple[float, float]] = {}
    for c, a, b, weight in steps:
        mine, other = (b, a) if before else (a, b)
        if c == (index - 1 if before else index):
            total, mass = pull.get(mine, (0.0, 0.0))
            pull[mine] = (total + weight * where[other], mass + weight)
    columns[index].sort(key=lambda s: pull[s][0] / pull[s][1] if s in pull else here[s])


def _crossing(columns: list[list[Slot]], steps: list[tuple[int, Slot, Slot, float]]) -> float:
    """Return the mass that crosses other mass, summed over the gaps."""
    rank = {slot: i for column in columns for i, slot in enumerate(column)}
    total = 0.0
    for i, (c, a, b, weight) in enumerate(steps):
        for d, p, q, other in steps[i + 1 :]:
            if c == d and (rank[a] - rank[p]) * (rank[b] - rank[q]) < 0:
                total += min(weight, other)
    return total
