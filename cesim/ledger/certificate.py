"""The mass-balance proof of a run, made from the tables by a path of its own.

It knows nothing of the engines: it reads the edges as written, adds up what enters and leaves every process in every
region, by substance and by origin, in every year and draw, compares stock levels with what flowed in and out, and
names the worst cell. Residuals are relative to the throughput of the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.processes import RECLASSIFIED, SINKS, SOURCES, kind

if TYPE_CHECKING:
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


class Auditor:
    """Checks the years of one block in order; keeps the stock levels of the year before."""

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
        nodes = self.incidence
        net = nodes.net(flows, by_origin)
        for sign, table in ((-1.0, levels), (1.0, self._before)):
            for node, amount in nodes.level(table, by_origin).items():
                net[node] = net.get(node, 0.0) + sign * amount
        scale = nodes.throughput(flows, levels, by_origin)
        if by_origin:
            net = _reclassified(net)
        names = list(net)
        none = np.zeros_like(flows.origin_by_cell[0])
        base = np.stack([scale.get((process, region), none) for process, region, _ in names])
        relative = np.abs(np.stack(list(net.values()))) / np.maximum(base, _NOTHING)
        ranked = np.where(np.isnan(relative), np.inf, relative)
        node, draw = np.unravel_index(int(np.argmax(ranked)), ranked.shape)
        process, region, what = names[int(node)]
        where = f"{process} / {region} / {what} / {year} / draw {self.first_draw + int(draw)}"
        return Check(name, relative.size, float(relative[node, draw]), where)

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


class Incidence:
    """Which column of a table leaves or enters which process; worked out once for a layout."""

    def __init__(self) -> None:
        self._known: dict[tuple[Layout, bool, str], tuple[list[Node], csr_array]] = {}
        self._matrices: dict[tuple[Layout, bool, str], csr_array] = {}

    def net(self, table: Table, by_origin: bool) -> dict[Node, Floats]:
        """What enters minus what leaves, by (process, region, origin or substance)."""
        arriving, leaving = (self._sums(table, by_origin, end) for end in ("to", "from"))
        net = dict(arriving)
        for node, amount in leaving.items():
            net[node] = net.get(node, 0.0) - amount
        return net

    def level(self, table: Table, by_origin: bool) -> dict[Node, Floats]:
        """Stock by (process, region, origin or substance)."""
        return self._sums(table, by_origin, "from")

    def throughput(self, flows: Table, levels: Table, by_origin: bool) -> dict[tuple[str, str], Floats]:
        """What enters a process in a region, or stands in it."""
        scale: dict[tuple[str, str], Floats] = {}
        for sums in (self._sums(flows, by_origin, "to"), self._sums(levels, by_origin, "from")):
            for (process, region, _), amount in sums.items():
                key = (process, region)
                scale[key] = scale[key] + np.abs(amount) if key in scale else np.abs(amount)
        return scale

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

    def _sums(self, table: Table, by_origin: bool, end: str) -> dict[Node, Floats]:
        key = (table.layout, by_origin, end)
        if key not in self._known:
            self._known[key] = _incidence(table.layout, by_origin, end)
        nodes, matrix = self._known[key]
        values = table.origin_by_cell if by_origin else table.substance_by_cell
        return dict(zip(nodes, matrix @ values, strict=True))


def _incidence(layout: Layout, by_origin: bool, end: str) -> tuple[list[Node], csr_array]:
    """The nodes at one end of the edges and the 0/1 matrix (node, column) that adds columns up to them."""
    from scipy.sparse import csr_array

    number: dict[Node, int] = {}
    rows, columns = [], []
    for position, edge in enumerate(layout.edges):
        process = edge.process_to if end == "to" else edge.process_from
        if kind(process) in SOURCES or kind(process) in SINKS:
            continue
        start, _ = layout.start(position, by_origin)
        for n, cell in enumerate(edge.by_origin if by_origin else edge.by_substance):
            node = (process, cell.region_to if end == "to" else cell.region, cell.kind)
            rows.append(number.setdefault(node, len(number)))
            columns.append(start + n)
    shape = (len(number), layout.width(by_origin))
    return list(number), csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _edge_matrix(layout: Layout, by_origin: bool) -> csr_array:
    """The 0/1 matrix (edge, column) that adds up each edge."""
    from scipy.sparse import csr_array

    counts = [len(edge.by_origin if by_origin else edge.by_substance) for edge in layout.edges]
    rows = np.repeat(np.arange(len(counts)), counts)
    return csr_array((np.ones(rows.size), (rows, np.arange(rows.size))), shape=(len(counts), rows.size))


def _edge_at(layout: Layout, column: int, by_origin: bool) -> int:
    return next(n for n in range(len(layout.edges)) if column < layout.start(n, by_origin)[1])


def _reclassified(net: dict[Node, Floats]) -> dict[Node, Floats]:
    """Where a class changes, totals must balance and only the new class may leave."""
    out: dict[Node, Floats] = {}
    for (process, region, what), value in net.items():
        if process in RECLASSIFIED:
            total = (process, region, "all origins")
            out[total] = out.get(total, 0.0) + value
            if what != RECLASSIFIED[process]:
                # more of an old class would leave than came in
                out[process, region, what] = np.minimum(value, 0.0)
        else:
            out[process, region, what] = value
    return out
