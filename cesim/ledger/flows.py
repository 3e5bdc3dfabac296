"""Flows of one year, for all draws of a block: what both engines write and what indicators and certificate read.

A flow is an edge between two processes. It is written twice, by origin and by substance, because the two are
different partitions of the same mass. Its cells are fixed for a run; only the masses change from year to year and
from draw to draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]


class Cell(NamedTuple):
    """One row of the flow table: where from, where to, which item, and its origin or substance."""

    region: str
    region_to: str
    alloy: str
    kind: str


@dataclass(frozen=True, eq=False)
class Edge:
    """The fixed part of a flow: its ends and the cells of its two partitions. A level has no ``process_to``."""

    process_from: str
    process_to: str
    by_origin: tuple[Cell, ...]
    by_substance: tuple[Cell, ...]


@cache
def cells(
    regions: tuple[str, ...], items: tuple[str, ...], kinds: tuple[str, ...], regions_to: tuple[str, ...] | None = None
) -> tuple[Cell, ...]:
    """All cells of a dense (region[, region_to], item, kind) block, last axis fastest."""
    if regions_to is None:
        return tuple(Cell(r, r, i, k) for r in regions for i in items for k in kinds)
    return tuple(Cell(r, s, i, k) for r in regions for s in regions_to for i in items for k in kinds)


@cache
def paired_cells(
    regions: tuple[str, ...], pairs: tuple[tuple[str, str], ...], regions_to: tuple[str, ...] | None = None
) -> tuple[Cell, ...]:
    """All cells of a (region[, region_to], pair) block, where a pair is (item, origin or substance)."""
    if regions_to is None:
        return tuple(Cell(r, r, i, k) for r in regions for i, k in pairs)
    return tuple(Cell(r, s, i, k) for r in regions for s in regions_to for i, k in pairs)


class Edges:
    """All edges of a run, made once."""

    def __init__(self) -> None:
        self._edges: dict[tuple[object, ...], Edge] = {}

    def edge(
        self, process_from: str, process_to: str, by_origin: tuple[Cell, ...], by_substance: tuple[Cell, ...]
    ) -> Edge:
        """Return the edge with these ends and cells, always the same object."""
        # the ends of the cells tell two blocks of cells apart without looking at thousands of them every year
        key = (process_from, process_to, *(_extent(part) for part in (by_origin, by_substance)))
        found = self._edges.get(key)
        if found is None:
            found = self._edges[key] = Edge(process_from, process_to, by_origin, by_substance)
        return found


def _extent(cells_: tuple[Cell, ...]) -> tuple[object, ...]:
    return (cells_[0], cells_[-1], len(cells_)) if cells_ else ()


@dataclass(frozen=True, eq=False)
class Layout:
    """Where every cell of every edge of a year stands in its table."""

    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        for name in ("by_origin", "by_substance"):
            counts = [len(getattr(edge, name)) for edge in self.edges]
            object.__setattr__(self, f"_{name}", np.concatenate([[0], np.cumsum(counts)]))

    def start(self, position: int, by_origin: bool) -> tuple[int, int]:
        """First and one past the last column of an edge."""
        bounds: NDArray[np.int64] = getattr(self, "_by_origin" if by_origin else "_by_substance")
        return int(bounds[position]), int(bounds[position + 1])

    def width(self, by_origin: bool) -> int:
        """Number of columns."""
        return self.start(len(self.edges) - 1, by_origin)[1] if self.edges else 0


@dataclass(frozen=True)
class Table:
    """Masses of one year: ``origin`` and ``substance`` (draw, cell), t, with the layout of their columns."""

    layout: Layout
    origin: Floats
    substance: Floats

    @cached_property
    def origin_by_cell(self) -> Floats:
        """(cell, draw): what `origin` holds, cells along the first axis."""
        return np.ascontiguousarray(self.origin.T)

    @cached_property
    def substance_by_cell(self) -> Floats:
        """(cell, draw): what `origin` holds, cells along the first axis."""
        return np.ascontiguousarray(self.substance.T)


class Layouts:
    """Finds the layout of a sequence of edges again, so that what is worked out for it can be kept."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], Layout] = {}

    def of(self, edges: Sequence[Edge]) -> Layout:
        """Return the layout of these edges, always the same object."""
        key = tuple(id(edge) for edge in edges)
        if key not in self._known:
            self._known[key] = Layout(tuple(edges))
        return self._known[key]


@dataclass
class YearFlows:
    """The flows and stock levels of one year and one block of draws, as the engine writes them."""

    year: int
    draws: int
    flows: list[tuple[Edge, Floats, Floats]] = field(default_factory=list)
    levels: list[tuple[Edge, Floats, Floats]] = field(default_factory=list)

    def add(self, edge: Edge, origin: Floats, substance: Floats) -> None:
        """Write a flow; trailing axes are flattened into the edge's cells."""
        self.flows.append((edge, origin.reshape(self.draws, -1), substance.reshape(self.draws, -1)))

    def hold(self, edge: Edge, origin: Floats, substance: Floats) -> None:
        """Write a stock level at the end of the year."""
        self.levels.append((edge, origin.reshape(self.draws, -1), substance.reshape(self.draws, -1)))

    def tables(self, layouts: Layouts, paper: Paper | None = None) -> tuple[Table, Table]:
        """Flows and levels side by side, in columns; on ``paper`` the flows of the year before are overwritten."""
        return _table(self.flows, layouts, paper), _table(self.levels, layouts)

    def flow_table(self, layouts: Layouts) -> Table:
        """The flows alone."""
        return _table(self.flows, layouts)


class Paper:
    """Memory for one table, written anew every year: asking the system for it costs as much as writing the table."""

    def __init__(self) -> None:
        self._sheets: dict[bool, Floats] = {}

    def sheet(self, layout: Layout, by_origin: bool, draws: int) -> Floats:
        """Return memory (cell, draw), with whatever was written there last."""
        shape = (layout.width(by_origin), draws)
        held = self._sheets.get(by_origin)
        if held is None or held.shape != shape:
            held = self._sheets[by_origin] = np.empty(shape)
        return held


def _table(rows: Sequence[tuple[Edge, Floats, Floats]], layouts: Layouts, paper: Paper | None = None) -> Table:
    """Columns side by side; in memory a cell's draws lie together, because everything adds up cells."""
    layout = layouts.of([row[0] for row in rows])
    paper = paper or Paper()
    origin, substance = (paper.sheet(layout, by_origin, rows[0][1].shape[0]) for by_origin in (True, False))
    np.concatenate([row[1].T for row in rows], axis=0, out=origin)
    np.concatenate([row[2].T for row in rows], axis=0, out=substance)
    return Table(layout, origin.T, substance.T)


class FlowView:
    """Sums over a table by name: the one door through which indicators see a year.

    The choice of columns is worked out once for each question and used for all years and blocks.
    """

    def __init__(self) -> None:
        self._chosen: dict[tuple[object, ...], NDArray[np.intp]] = {}
        self._groups: dict[tuple[object, ...], tuple[NDArray[np.intp], csr_array]] = {}

    def mass(
        self,
        table: Table,
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
        by_origin = substance is None
        question = tuple(
            None if choice is None else frozenset(choice)
            for choice in (region, region_to, alloy, origin if by_origin else substance)
        )
        key = (table.layout, process_from, process_to, question, by_origin)
        columns = self._chosen.get(key)
        if columns is None:
            columns = self._chosen[key] = _columns(table.layout, process_from, process_to, question, by_origin)
        values = table.origin if by_origin else table.substance
        # row by row: the order of a sum must not depend on how many draws there are
        sums: Floats = np.ascontiguousarray(values[:, columns]).sum(axis=1)
        return sums

    def grouped(
        self,
        table: Table,
        process_from: str,
        process_to: str,
        by: Sequence[str],
        labels: Sequence[Sequence[str]],
        *,
        alloy: Iterable[str] | None = None,
        origin: Iterable[str] | None = None,
        substance: Iterable[str] | None = None,
    ) -> Floats:
        """Masses (*labels, draw) grouped by the named fields.

        ``by`` names fields of an edge (``process_from``, ``process_to``) or of a cell (``region``, ``region_to``,
        ``alloy``, ``kind``); ``labels`` gives the values wanted for each, other values are left out.
        """
        by_origin = substance is None
        kinds = origin if by_origin else substance
        question = (None, None, *(None if part is None else frozenset(part) for part in (alloy, kinds)))
        key = (table.layout, process_from, process_to, question, by_origin, tuple(by), tuple(map(tuple, labels)))
        chosen = self._groups.get(key)
        if chosen is None:
            columns = _columns(table.layout, process_from, process_to, question, by_origin)
            chosen = self._groups[key] = _grouping(table.layout, columns, by_origin, by, labels)
        columns, matrix = chosen
        values = table.origin_by_cell if by_origin else table.substance_by_cell
        sums = matrix @ values[columns]
        return np.asarray(sums).reshape(*(len(part) for part in labels), values.shape[1])


def _grouping(
    layout: Layout, columns: NDArray[np.intp], by_origin: bool, by: Sequence[str], labels: Sequence[Sequence[str]]
) -> tuple[NDArray[np.intp], csr_array]:
    """The columns that carry a wanted label and the 0/1 matrix that adds them up."""
    from scipy.sparse import csr_array

    positions = [{label: n for n, label in enumerate(part)} for part in labels]
    shape = tuple(len(part) for part in labels)
    starts = np.array([layout.start(n, by_origin)[0] for n in range(len(layout.edges))])
    rows, kept = [], []
    for column in columns:
        position = int(np.searchsorted(starts, column, side="right")) - 1
        edge = layout.edges[position]
        cell = (edge.by_origin if by_origin else edge.by_substance)[column - starts[position]]
        names = [getattr(edge if name.startswith("process") else cell, name) for name in by]
        if all(name in known for name, known in zip(names, positions, strict=True)):
            where = tuple(known[name] for name, known in zip(names, positions, strict=True))
            rows.append(int(np.ravel_multi_index(where, shape)))
            kept.append(column)
    matrix = csr_array((np.ones(len(rows)), (rows, range(len(rows)))), shape=(int(np.prod(shape)), len(rows)))
    return np.array(kept, dtype=np.intp), matrix


def _columns(
    layout: Layout, process_from: str, process_to: str, question: tuple[frozenset[str] | None, ...], by_origin: bool
) -> NDArray[np.intp]:
    chosen = []
    for position, edge in enumerate(layout.edges):
        if not (fnmatchcase(edge.process_from, process_from) and fnmatchcase(edge.process_to, process_to)):
            continue
        start, _ = layout.start(position, by_origin)
        for n, cell in enumerate(edge.by_origin if by_origin else edge.by_substance):
            if all(part is None or value in part for value, part in zip(cell, question, strict=True)):
                chosen.append(start + n)
    return np.array(chosen, dtype=np.intp)


def levels_table(flows: YearFlows, layouts: Layouts) -> Table:
    """The stock levels alone, for the year before the first."""
    return _table(flows.levels, layouts)
