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
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import Cell, Flow, Level, YearFlows

    Floats = NDArray[np.float64]

TOLERANCE = 1e-9
"""Largest residual relative to throughput with which a run is certified."""

_NOTHING = 1e-9
"""Processes with less throughput than this (t a year) are compared with it, so that zero over zero is zero."""


@dataclass(frozen=True)
class Check:
    """One law: how many cells were compared, the worst residual and where it stands."""

    name: str
    cells: int
    worst: float
    where: str

    def with_(self, other: Check) -> Check:
        """Both together."""
        worse = other if not other.worst <= self.worst else self
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
        return {
            "passed": self.passed,
            "worst": float(self.worst.worst),
            "where": self.worst.where,
            "tolerance": self.tolerance,
            "checks": [
                {"name": c.name, "cells": c.cells, "worst": float(c.worst), "where": c.where} for c in self.checks
            ],
        }


class Auditor:
    """Checks the years of one block in order; keeps the stock levels of the year before."""

    def __init__(self, first_draw: int = 0) -> None:
        self.first_draw = first_draw
        self._before: dict[tuple[str, str, str, bool], Floats] = {}
        self._sums: dict[int, tuple[Sequence[tuple[str, str, str]], object]] = {}

    def opening(self, flows: YearFlows) -> None:
        """Take the stock levels with which the first year begins."""
        self._before = self._levels(flows.levels)

    def year(self, flows: YearFlows) -> Certificate:
        """Check one year against the levels of the year before."""
        substance = self._balance(flows, by_origin=False)
        origin = self._balance(flows, by_origin=True)
        partitions = self._partitions(flows)
        negative = self._negative(flows)
        self._before = self._levels(flows.levels)
        return Certificate((substance, origin, partitions, negative))

    def _balance(self, flows: YearFlows, by_origin: bool) -> Check:
        """In minus out minus growth, for every process and region that is no end of the system."""
        net: dict[tuple[str, str, str], Floats] = {}
        throughput: dict[tuple[str, str], Floats] = {}
        for flow in flows.flows:
            self._post(flow, by_origin, net, throughput)
        growth = self._levels(flows.levels)
        for key, level in growth.items():
            process, region, what, origin = key
            if origin == by_origin:
                before = self._before.get(key, 0.0)
                _add(net, (process, region, what), before - level)
                _add(throughput, (process, region), np.abs(level))
        for key, level in self._before.items():
            if key[3] == by_origin and key not in growth:
                _add(net, key[:3], level)
        if by_origin:
            net = _reclassified(net)
        return self._worst("origin" if by_origin else "substance", flows.year, net, throughput)

    def _post(
        self,
        flow: Flow,
        by_origin: bool,
        net: dict[tuple[str, str, str], Floats],
        throughput: dict[tuple[str, str], Floats],
    ) -> None:
        """Debit where a flow leaves, credit where it arrives."""
        edge = flow.edge
        cells = edge.by_origin if by_origin else edge.by_substance
        values = flow.origin if by_origin else flow.substance
        for sign, process, end in ((-1.0, edge.process_from, "region"), (1.0, edge.process_to, "region_to")):
            if kind(process) in SOURCES or kind(process) in SINKS:
                continue
            for (region, what), total in self._grouped(cells, values, end):
                _add(net, (process, region, what), sign * total)
                if sign > 0:
                    _add(throughput, (process, region), np.abs(total))

    def _grouped(self, cells: tuple[Cell, ...], values: Floats, end: str) -> Iterable[tuple[tuple[str, str], Floats]]:
        """Sums of a flow over (region at that end, origin or substance)."""
        keys, index = _groups(cells, end)
        order, starts = index
        sums = np.add.reduceat(values[:, order], starts, axis=1) if order.size else np.zeros((values.shape[0], 0))
        return zip(keys, sums.T, strict=True)

    def _levels(self, levels: Iterable[Level]) -> dict[tuple[str, str, str, bool], Floats]:
        """Stock by process, region and origin or substance."""
        out: dict[tuple[str, str, str, bool], Floats] = {}
        for level in levels:
            edge = level.edge
            for by_origin, cells, values in (
                (True, edge.by_origin, level.origin), (False, edge.by_substance, level.substance),
            ):  # fmt: skip
                for (region, what), total in self._grouped(cells, values, "region"):
                    key = (edge.process_from, region, what, by_origin)
                    out[key] = out[key] + total if key in out else total
        return out

    def _worst(
        self,
        name: str,
        year: int,
        net: dict[tuple[str, str, str], Floats],
        throughput: dict[tuple[str, str], Floats],
    ) -> Check:
        worst, where, count = 0.0, "", 0
        for (process, region, what), residual in net.items():
            base = np.maximum(throughput.get((process, region), 0.0), _NOTHING)
            relative = np.abs(residual) / base
            count += relative.size
            draw = int(np.argmax(np.where(np.isnan(relative), np.inf, relative)))
            if not relative[draw] <= worst:
                worst = float(relative[draw])
                where = f"{process} / {region} / {what} / {year} / draw {self.first_draw + draw}"
        return Check(name, count, worst, where)

    def _partitions(self, flows: YearFlows) -> Check:
        """By origin and by substance a flow and a level must have the same mass."""
        worst, where, count = 0.0, "", 0
        for flow in (*flows.flows, *flows.levels):
            by_origin, by_substance = flow.origin.sum(axis=1), flow.substance.sum(axis=1)
            relative = np.abs(by_origin - by_substance) / np.maximum(np.abs(by_origin), _NOTHING)
            count += relative.size
            top = float(relative.max(initial=0.0))
            if not top <= worst:
                worst, where = top, f"{flow.edge.process_from} -> {flow.edge.process_to} / {flows.year}"
        return Check("partition", count, worst, where)

    def _negative(self, flows: YearFlows) -> Check:
        """No flow and no stock may be negative."""
        worst, where, count = 0.0, "", 0
        for flow in (*flows.flows, *flows.levels):
            for values in (flow.origin, flow.substance):
                count += values.size
                scale = np.maximum(np.abs(values).sum(axis=1), _NOTHING)
                below = float((-values.min(axis=1, initial=0.0) / scale).max(initial=0.0))
                if not below <= worst:
                    worst, where = below, f"{flow.edge.process_from} -> {flow.edge.process_to} / {flows.year}"
        return Check("not negative", count, worst, where)


_GROUPS: dict[tuple[int, str], tuple[tuple[Cell, ...], list[tuple[str, str]], tuple[NDArray[np.intp], NDArray[np.intp]]]] = {}


def _groups(
    cells: tuple[Cell, ...], end: str
) -> tuple[list[tuple[str, str]], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The (region, kind) groups of an edge: order of its cells and where each group starts. Edges live for a run."""
    cached = _GROUPS.get((id(cells), end))
    if cached is not None and cached[0] is cells:
        return cached[1], cached[2]
    names = [(getattr(cell, end), cell.kind) for cell in cells]
    keys = sorted(set(names))
    position = {key: n for n, key in enumerate(keys)}
    group = np.array([position[name] for name in names], dtype=np.intp)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(keys)))
    _GROUPS[id(cells), end] = (cells, keys, (order, starts))
    return keys, (order, starts)


def _add(table: dict, key: tuple[str, ...], value: Floats) -> None:  # type: ignore[type-arg]
    table[key] = table[key] + value if key in table else value


def _reclassified(net: dict[tuple[str, str, str], Floats]) -> dict[tuple[str, str, str], Floats]:
    """Where a class changes, totals must balance and only the new class may leave."""
    out: dict[tuple[str, str, str], Floats] = {}
    for (process, region, what), value in net.items():
        if process in RECLASSIFIED:
            _add(out, (process, region, "all origins"), value)
            if what != RECLASSIFIED[process]:
                # more of an old class leaves than enters
                _add(out, (process, region, what), np.minimum(value, 0.0))
        else:
            out[process, region, what] = value
    return out


