"""The mass-balance proof of a run, made from the tables by a path of its own.

It knows nothing of the engines: it reads the edges as written, adds up what enters and leaves every process in every
region, by substance and by origin, in every year and draw, compares stock levels with what flowed in and out, and
names the worst cell. Residuals are relative to the throughput of the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.ledger.processes import RECLASSIFIED, SINKS, SOURCES, kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from cesim.ledger.flows import Layout, Table

    Floats = NDArray[np.float64]
    Node = tuple[str, str, str]

TOLERANCE = 1e-9
"""Largest residual relative to throughput with which a run is certified."""

_NOTHING = 1e-6
"""A process with less throughput than a gram a year is measured against a gram, so that zero over zero is zero."""


@dataclass(frozen=True)
class Check:
    """One law: how many cells were compared, the worst residual and where it stands."""

    name: str
    cells: int
    worst: float
    where: str

    def with_(self, other: Check) -> Check:
        """Both together."""
        worse = self if other.worst <= self.worst or np.isnan(self.worst) else other
        return Check(self.name, self.cells + other.cells, worse.worst, worse.where)


@dataclass(frozen=True)
class Certificate:
    """The proof: all checks of a run."""

    checks: tuple[Check, ...]
    tolerance: float = TOLERANCE

    @property
    def worst(self) -> Check:
        """The check that fails by most, or comes nearest to it."""
        return max(self.checks, key=lambda c: np.inf if np.isnan(c.worst) else c.worst)

    @property
    def passed(self) -> bool:
        """Whether every residual is within the tolerance (a NaN is not)."""
        return all(check.worst <= self.tolerance for check in self.checks)

    def with_(self, other: Certificate) -> Certificate:
        """Both together, check by check."""
        return Certificate(tuple(a.with_(b) for a, b in zip(self.checks, other.checks, strict=True)), self.tolerance)

    def as_dict(self) -> dict[str, object]:
        """For run.json."""
        checks = [{"name": c.name, "cells": c.cells, "worst": float(c.worst), "where": c.where} for c in self.checks]
        worst = self.worst
        return {
            "passed": self.passed, "worst": float(worst.worst), "where": worst.where, "tolerance": self.tolerance,
            "checks": checks,
        }  # fmt: skip

    @classmethod
    def of_record(cls, held: Mapping[str, Any]) -> Certificate:
        """Return the certificate that `as_dict` wrote into a run.json."""
        checks = (Check(one["name"], one["cells"], one["worst"], one["where"]) for one in held["checks"])
        return cls(tuple(checks), held["tolerance"])


class Auditor:
    """Checks the years of one block in order; keeps the stock levels of the year before.

    ``first_draw`` is the number of the draw in the first lane; -1 is the best estimate.
    """

    def __init__(self, first_draw: int = 0, incidence: Incidence | None = None) -> None:
        self.first_draw = first_draw
        self.incidence = incidence if incidence is not None else Incidence()
        self._before: Table | None = None

    def opening(self, levels: Table) -> None:
        """Take the stock levels with which the first year begins."""
        self._before = levels

    def year(self, year: int, flows: Table, levels: Table) -> Certificate:
        """Check one year against the levels of the year before."""
        if self._before is None:
            raise ValueError("the stock levels before the first year are missing")
        checks = (
            self._balance("substance", year, flows, levels, by_origin=False),
            self._balance("origin", year, flows, levels, by_origin=True),
            self._partition(year, flows, levels),
            self._not_negative(year, flows, levels),
        )
        self._before = levels
        return Certificate(checks)

    def _balance(self, name: str, year: int, flows: Table, levels: Table, by_origin: bool) -> Check:
        """In minus out minus growth, for every process and region that is no end of the system."""
        assert self._before is not None
        nodes = self.incidence.nodes(flows.layout, levels.layout, self._before.layout, by_origin)
        net = nodes.net @ _cells(flows, by_origin)
        net -= nodes.level @ _cells(levels, by_origin) - nodes.before @ _cells(self._before, by_origin)
        scale = np.abs(nodes.entering @ _cells(flows, by_origin)) + np.abs(nodes.standing @ _cells(levels, by_origin))
        relative = np.abs(net)
        if by_origin:
            # where a class changes, totals must balance and no more of an old class may leave than came in
            for node, members in nodes.changed:
                relative[members] = np.maximum(-net[members], 0.0)
                relative[node] = np.abs(net[members].sum(axis=0) + net[node])
        relative /= np.maximum(scale[nodes.place], _NOTHING)
        ranked = np.where(np.isnan(relative), np.inf, relative)
        worst, draw = np.unravel_index(int(np.argmax(ranked)), ranked.shape)
        where = f"{' / '.join(nodes.names[int(worst)])} / {year} / {self._draw(int(draw))}"
        return Check(name, relative.size, float(relative[worst, draw]), where)

    def _draw(self, lane: int) -> str:
        number = self.first_draw + lane
        return f"draw {number}" if number >= 0 else "best estimate"

    def _partition(self, year: int, *tables: Table) -> Check:
        """By origin and by substance an edge must have the same mass."""
        worst, where, count = 0.0, "", 0
        for table in tables:
            origin, substance = self.incidence.edge_totals(table)
            relative = np.abs(origin - substance) / np.maximum(np.abs(origin), _NOTHING)
            count += relative.size
            if relative.size and not relative.max() <= worst:
                edge, _ = np.unravel_index(np.argmax(np.where(np.isnan(relative), np.inf, relative)), relative.shape)
                ends = table.layout.edges[int(edge)]
                worst, where = float(relative.max()), f"{ends.process_from} -> {ends.process_to} / {year}"
        return Check("partition", count, worst, where)

    def _not_negative(self, year: int, *tables: Table) -> Check:
        """No flow and no stock may be negative."""
        worst, where, count = 0.0, "", 0
        for table in tables:
            for by_origin, values in ((True, table.origin_by_cell), (False, table.substance_by_cell)):
                count += values.size
                low = float(values.min(initial=0.0))
                if low >= -worst:
                    continue
                column, _ = np.unravel_index(int(np.argmin(values)), values.shape)
                edge = _edge_at(table.layout, int(column), by_origin)
                start, end = table.layout.start(edge, by_origin)
                throughput = max(float(np.abs(values[start:end]).sum(axis=0).max()), _NOTHING)
                if -low / throughput > worst:
                    ends = table.layout.edges[edge]
                    worst, where = -low / throughput, f"{ends.process_from} -> {ends.process_to} / {year}"
        return Check("not negative", count, worst, where)


@dataclass(frozen=True)
class Nodes:
    """The places of a balance: a node is (process, region, origin or substance)."""

    names: list[Node]
    net: csr_array
    """(node, flow cell): +1 where a flow enters, -1 where it leaves."""
    level: csr_array
    """(node, level cell) at the end of the year."""
    before: csr_array
    """(node, level cell) at the end of the year before, whose cells may stand in another order."""
    place: NDArray[np.intp]
    """(node,) its (process, region)."""
    entering: csr_array
    """(process and region, flow cell)"""
    standing: csr_array
    """(process and region, level cell)"""
    changed: list[tuple[int, NDArray[np.intp]]]
    """Where a class changes: the node of the new class and those of the others."""


class Incidence:
    """Which cell of a table leaves or enters which process; worked out once for a layout."""

    def __init__(self) -> None:
        self._known: dict[tuple[Layout, Layout, Layout, bool], Nodes] = {}
        self._matrices: dict[tuple[Layout, bool, str], csr_array] = {}

    def nodes(self, flows: Layout, levels: Layout, before: Layout, by_origin: bool) -> Nodes:
        """The nodes of these tables, always the same object."""
        key = (flows, levels, before, by_origin)
        if key not in self._known:
            self._known[key] = _nodes(flows, levels, before, by_origin)
        return self._known[key]

    def edge_totals(self, table: Table) -> tuple[Floats, Floats]:
        """Mass of each edge by its two partitions, (edge, draw)."""
        key = (table.layout, True, "edges")
        if key not in self._matrices:
            for by_origin in (True, False):
                self._matrices[table.layout, by_origin, "edges"] = _edge_matrix(table.layout, by_origin)
        return tuple(
            self._matrices[table.layout, by, "edges"] @ values
            for by, values in ((True, table.origin_by_cell), (False, table.substance_by_cell))
        )  # type: ignore[return-value]


def _cells(table: Table, by_origin: bool) -> Floats:
    return table.origin_by_cell if by_origin else table.substance_by_cell


def _nodes(flows: Layout, levels: Layout, before: Layout, by_origin: bool) -> Nodes:
    """Number the nodes and write the 0/1 matrices that add cells up to them."""
    number: dict[Node, int] = {}
    place: dict[tuple[str, str], int] = {}
    ends = {end: list(_ends(flows, by_origin, end)) for end in ("to", "from")}
    held, held_before = (list(_ends(layout, by_origin, "from")) for layout in (levels, before))
    for node, _ in (*ends["to"], *ends["from"], *held, *held_before):
        number.setdefault(node, len(number))
        place.setdefault(node[:2], len(place))
    shape = (len(number), flows.width(by_origin))
    entering = [(place[node[:2]], column) for node, column in ends["to"]]
    standing = [(place[node[:2]], column) for node, column in held]
    return Nodes(
        names=list(number),
        net=_ones([(number[n], c) for n, c in ends["to"]], shape)
        - _ones([(number[n], c) for n, c in ends["from"]], shape),
        level=_ones([(number[n], c) for n, c in held], (len(number), levels.width(by_origin))),
        before=_ones([(number[n], c) for n, c in held_before], (len(number), before.width(by_origin))),
        place=np.array([place[node[:2]] for node in number], dtype=np.intp),
        entering=_ones(entering, (len(place), flows.width(by_origin))),
        standing=_ones(standing, (len(place), levels.width(by_origin))),
        changed=_changes(number) if by_origin else [],
    )


def _ends(layout: Layout, by_origin: bool, end: str) -> Iterator[tuple[Node, int]]:
    """Yield (node, column) at one end of every edge that is no end of the system."""
    for position, edge in enumerate(layout.edges):
        process = edge.process_to if end == "to" else edge.process_from
        if kind(process) in SOURCES or kind(process) in SINKS:
            continue
        start, _ = layout.start(position, by_origin)
        for n, cell in enumerate(edge.by_origin if by_origin else edge.by_substance):
            yield (process, cell.region_to if end == "to" else cell.region, cell.kind), start + n


def _ones(entries: list[tuple[int, int]], shape: tuple[int, int]) -> csr_array:
    from scipy.sparse import csr_array

    rows, columns = np.array(entries, dtype=np.intp).reshape(-1, 2).T
    return csr_array((np.ones(rows.size), (rows, columns)), shape=shape)


def _changes(number: dict[Node, int]) -> list[tuple[int, NDArray[np.intp]]]:
    """Where a class changes: the node of what everything becomes, and the nodes of what it was."""
    out = []
    for (process, region, what), node in number.items():
        if RECLASSIFIED.get(process) == what:
            others = [n for (p, r, w), n in number.items() if (p, r) == (process, region) and w != what]
            out.append((node, np.array(others, dtype=np.intp)))
    return out


def _edge_matrix(layout: Layout, by_origin: bool) -> csr_array:
    """The 0/1 matrix (edge, column) that adds up each edge."""
    from scipy.sparse import csr_array

    counts = [len(edge.by_origin if by_origin else edge.by_substance) for edge in layout.edges]
    rows = np.repeat(np.arange(len(counts)), counts)
    return csr_array((np.ones(rows.size), (rows, np.arange(rows.size))), shape=(len(counts), rows.size))


def _edge_at(layout: Layout, column: int, by_origin: bool) -> int:
    return next(n for n in range(len(layout.edges)) if column < layout.start(n, by_origin)[1])
