"""The flows of one material and year as a graph that reads from the scrapped car to the new car.

The circle is cut at the cars in use: they leave use at the left and enter it at the right, so what comes back
is what arrives at the right. Every node in between takes in what it gives out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cesim.report.sankey_groups import BACK, ENTERING, INTO_CARS, LEAVING, MELTS, place
from cesim.report.sankey_views import edges_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from cesim.report.read import RunTables
    from cesim.report.sankey_cut import Edges

CLASS_ORDER = ("primary", "new_scrap", "elv", "post_other", "chemical_bio")

THRESHOLD, THRESHOLD_OVER_ALL = 0.005, 0.01
"""Sources and sinks below this share of the widest process are gathered under "other"; all aluminium has the most."""
BALANCED = 1e-6
"""Differences below this share of the widest process are rounding."""


@dataclass(frozen=True)
class Link:
    """What flows from one node to the next, by class of origin, in tonnes."""

    source: str
    target: str
    masses: tuple[tuple[str, float], ...]

    @property
    def mass(self) -> float:
        """Tonnes over all classes."""
        return sum(mass for _, mass in self.masses)


@dataclass(frozen=True)
class Graph:
    """Links of one material in one year; `merged` counts the flows gathered in each "other" node."""

    links: tuple[Link, ...]
    merged: Mapping[str, int]
    threshold_t: float
    gathered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The nodes that each "other" node stands for."""

    def throughput(self) -> dict[str, float]:
        """Tonnes through every node: the larger of what goes in and what comes out."""
        into, out = self.sums()
        return {node: max(into.get(node, 0.0), out.get(node, 0.0)) for node in into.keys() | out.keys()}

    def sums(self) -> tuple[dict[str, float], dict[str, float]]:
        """Tonnes into and out of every node."""
        into: dict[str, float] = {}
        out: dict[str, float] = {}
        for link in self.links:
            out[link.source] = out.get(link.source, 0.0) + link.mass
            into[link.target] = into.get(link.target, 0.0) + link.mass
        return into, out


def graphs(tables: RunTables, material: str, *, only_elv: bool = False) -> dict[int, Graph]:
    """Return one graph per report year, all with the same gathering, so that years can be compared."""
    edges = {year: edges_of(tables, material, year, only_elv=only_elv) for year in tables.report_years}
    raw = {year: _close(e) for year, e in edges.items()}
    widest = max((max(_through(e).values(), default=0.0) for e in raw.values()), default=0.0)
    limit = (THRESHOLD_OVER_ALL if material == "aluminium" and not only_elv else THRESHOLD) * widest
    small_in, small_out = _small_ends(raw.values(), limit)
    return {year: _gather(e, small_in, small_out, limit) for year, e in raw.items()}


def _close(edges: Edges) -> Edges:
    """Add what stocks take up or give off, and what scrap brings into the melt, so that every node in between is level.

    The table holds one material; steel and copper that come with aluminium scrap are aluminium alloy behind the melt.
    """
    into: dict[str, dict[str, float]] = {}
    out: dict[str, dict[str, float]] = {}
    for (a, b, kind), mass in edges.items():
        out.setdefault(a, {})[kind] = out.get(a, {}).get(kind, 0.0) + mass
        into.setdefault(b, {})[kind] = into.get(b, {}).get(kind, 0.0) + mass
    closed = dict(edges)
    rounding = BALANCED * max(_through(edges).values(), default=0.0)
    for node in sorted(into.keys() & out.keys()):
        difference = sum(into[node].values()) - sum(out[node].values())
        if abs(difference) <= rounding:
            continue
        side = into[node] if difference > 0 else out[node]
        for kind, mass in side.items():
            share = abs(difference) * mass / sum(side.values())
            source = "picked_up" if node in MELTS else f"stock_from@{node}"
            key = (node, f"stock_into@{node}", kind) if difference > 0 else (source, node, kind)
            closed[key] = share
    return closed


def _through(edges: Edges) -> dict[str, float]:
    into: dict[str, float] = {}
    out: dict[str, float] = {}
    for (a, b, _), mass in edges.items():
        out[a] = out.get(a, 0.0) + mass
        into[b] = into.get(b, 0.0) + mass
    return {node: max(into.get(node, 0.0), out.get(node, 0.0)) for node in into.keys() | out.keys()}


def _small_ends(years: Iterable[Edges], limit: float) -> tuple[set[str], set[str]]:
    """Sources and sinks below the limit in every year; fewer than two are left as they are."""
    through: dict[str, float] = {}
    starts: set[str] = set()
    ends: set[str] = set()
    for edges in years:
        for node, mass in _through(edges).items():
            through[node] = max(through.get(node, 0.0), mass)
        starts |= {a for a, _, _ in edges}
        ends |= {b for _, b, _ in edges}
    small = {node for node, mass in through.items() if mass < limit} - {LEAVING, ENTERING, INTO_CARS, BACK}
    only_in, only_out = small & (starts - ends), small & (ends - starts)
    return (only_in if len(only_in) > 1 else set()), (only_out if len(only_out) > 1 else set())


def _gather(edges: Edges, small_in: Collection[str], small_out: Collection[str], limit: float) -> Graph:
    sums: dict[tuple[str, str], dict[str, float]] = {}
    merged: dict[str, set[tuple[str, str]]] = {}
    members: dict[str, set[str]] = {}
    for (a, b, kind), mass in edges.items():
        source, target = ("other_in" if a in small_in else a), ("other_out" if b in small_out else b)
        for node, was in ((source, a), (target, b)):
            if node != was:
                merged.setdefault(node, set()).add((a, b))
                members.setdefault(node, set()).add(was)
        masses = sums.setdefault((source, target), {})
        masses[kind] = masses.get(kind, 0.0) + mass
    links = tuple(
        Link(a, b, tuple((kind, masses[kind]) for kind in CLASS_ORDER if masses.get(kind, 0.0) > 0))
        for (a, b), masses in sorted(sums.items(), key=lambda item: (place(item[0][0]), item[0]))
    )
    gathered = {node: tuple(sorted(names)) for node, names in members.items()}
    return Graph(links, {node: len(flows) for node, flows in merged.items()}, limit, gathered)


def frame_of(graph: Graph) -> pd.DataFrame:
    """Return the links as a table: source, target, class, mass_t."""
    rows = [(link.source, link.target, kind, mass) for link in graph.links for kind, mass in link.masses]
    return pd.DataFrame(rows, columns=["source", "target", "class", "mass_t"])
