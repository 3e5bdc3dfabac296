"""Flows of one year, for all draws of a block: what both engines write and what indicators and certificate read.

A flow is an edge between two processes. It is written twice, by origin and by substance, because the two are
different partitions of the same mass. Its cells are fixed for a run; only the masses change from year to year and
from draw to draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Cell(NamedTuple):
    """One row of the flow table: where from, where to, which item, and its origin or substance."""

    region: str
    region_to: str
    alloy: str
    kind: str


@dataclass(frozen=True)
class Edge:
    """The fixed part of a flow: its ends, its material and the cells of its two partitions."""

    process_from: str
    process_to: str
    by_origin: tuple[Cell, ...]
    by_substance: tuple[Cell, ...]


@dataclass(frozen=True)
class Flow:
    """An edge with its masses in one year: ``origin`` (draw, cell) and ``substance`` (draw, cell), in t."""

    edge: Edge
    origin: Floats
    substance: Floats


@dataclass(frozen=True)
class Level:
    """A stock at the end of a year, partitioned like a flow; ``edge.process_from`` is the process that holds it."""

    edge: Edge
    origin: Floats
    substance: Floats


def cells(
    regions: Sequence[str], items: Sequence[str], kinds: Sequence[str], regions_to: Sequence[str] | None = None
) -> tuple[Cell, ...]:
    """All cells of a dense (region[, region_to], item, kind) block, last axis fastest."""
    if regions_to is None:
        return tuple(Cell(r, r, i, k) for r in regions for i in items for k in kinds)
    return tuple(Cell(r, s, i, k) for r in regions for s in regions_to for i in items for k in kinds)


def paired_cells(
    regions: Sequence[str], pairs: Sequence[tuple[str, str]], regions_to: Sequence[str] | None = None
) -> tuple[Cell, ...]:
    """All cells of a (region[, region_to], pair) block, where a pair is (item, origin or substance)."""
    if regions_to is None:
        return tuple(Cell(r, r, i, k) for r in regions for i, k in pairs)
    return tuple(Cell(r, s, i, k) for r in regions for s in regions_to for i, k in pairs)


class Edges:
    """All edges of a run, made once; a name is an edge's identity."""

    def __init__(self) -> None:
        self._edges: dict[tuple[str, str, str], Edge] = {}

    def edge(
        self,
        process_from: str,
        process_to: str,
        by_origin: tuple[Cell, ...],
        by_substance: tuple[Cell, ...],
        part: str = "",
    ) -> Edge:
        """The edge of this name; ``part`` tells apart two blocks of flows between the same processes."""
        key = (process_from, process_to, part)
        found = self._edges.get(key)
        if found is None:
            found = self._edges[key] = Edge(process_from, process_to, by_origin, by_substance)
        return found


@dataclass
class YearFlows:
    """The flows and stock levels of one year and one block of draws."""

    year: int
    draws: int
    flows: list[Flow] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

    def add(self, edge: Edge, origin: Floats, substance: Floats) -> None:
        """Write a flow; trailing axes are flattened into the edge's cells."""
        self.flows.append(Flow(edge, origin.reshape(self.draws, -1), substance.reshape(self.draws, -1)))

    def hold(self, edge: Edge, origin: Floats, substance: Floats) -> None:
        """Write a stock level at the end of the year."""
        self.levels.append(Level(edge, origin.reshape(self.draws, -1), substance.reshape(self.draws, -1)))


class FlowView:
    """Sums over flows by name, the one door through which indicators see a year.

    The choice of cells is worked out once for each question and used for all years and blocks.
    """

    def __init__(self) -> None:
        self._chosen: dict[tuple[object, ...], list[tuple[Edge, NDArray[np.intp] | None]]] = {}

    def mass(
        self,
        flows: YearFlows,
        process_from: str = "*",
        process_to: str = "*",
        *,
        region: Iterable[str] | None = None,
        region_to: Iterable[str] | None = None,
        alloy: Iterable[str] | None = None,
        origin: Iterable[str] | None = None,
        substance: Iterable[str] | None = None,
    ) -> Floats:
        """Mass (draw,) in t of all flows between the processes (``*`` matches any ending), in the cells asked for."""
        by_substance = substance is not None
        question = tuple(
            None if choice is None else frozenset(choice)
            for choice in (region, region_to, alloy, substance if by_substance else origin)
        )
        wanted = self._choice(flows, process_from, process_to, question, by_substance)
        total = np.zeros(flows.draws)
        for position, index in wanted:
            flow = flows.flows[position]
            values = flow.substance if by_substance else flow.origin
            total += values.sum(axis=1) if index is None else values[:, index].sum(axis=1)
        return total

    def _choice(
        self,
        flows: YearFlows,
        process_from: str,
        process_to: str,
        question: tuple[frozenset[str] | None, ...],
        by_substance: bool,
    ) -> list[tuple[int, NDArray[np.intp] | None]]:
        key = (len(flows.flows), process_from, process_to, question, by_substance)
        found = self._chosen.get(key)
        if found is None:
            found = []
            for position, flow in enumerate(flows.flows):
                edge = flow.edge
                if not (fnmatchcase(edge.process_from, process_from) and fnmatchcase(edge.process_to, process_to)):
                    continue
                index = _matching(edge.by_substance if by_substance else edge.by_origin, question)
                if index is None or index.size:
                    found.append((position, index))
            self._chosen[key] = found
        return found


def _matching(choice: tuple[Cell, ...], question: tuple[frozenset[str] | None, ...]) -> NDArray[np.intp] | None:
    """Positions of the cells that answer the question; None for all of them."""
    if all(part is None for part in question):
        return None
    return np.array(
        [n for n, cell in enumerate(choice) if all(p is None or v in p for v, p in zip(cell, question, strict=True))],
        dtype=np.intp,
    )
