"""The flow table of a lot-by-lot run, read from its tables: what indicators and the comparison with the balance read.

A lot is one flow: its kind says between which processes, the place where it began and the place where it ended between
which regions. What a reaction lost to a sink is a flow beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.events.chain.flowing import LOCAL, LOSSES, OWNED, flow_of
from cesim.events.chain.material import COLUMNS, COUNT, by_item, by_origin
from cesim.ledger.flows import Cell, Edges, Layouts, YearFlows
from cesim.ledger.lot_reader import SavedRows, parts_of
from cesim.ledger.lot_tables import EVENT_KINDS, SIDES
from cesim.ledger.substances import ITEMS, MATERIAL, ORIGINS, PAIRS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.ledger.flows import Table

    Whole = NDArray[np.int64]

_MOVE, _REACT = EVENT_KINDS.index("move"), EVENT_KINDS.index("react")
_SINK: Final = SIDES.index("sink")
_MG: Final = 1e9
"""Milligrams in a tonne."""


class Key(NamedTuple):
    """What tells flows apart."""

    year: int
    process_from: str
    process_to: str
    region: str
    region_to: str


@dataclass(frozen=True)
class LotFlows:
    """Flows between processes and regions.

    Attributes
    ----------
    keys
        Of each flow.
    rows : (flow, column)
        mg, in the columns of the chain.
    lots : (flow,)
        Number of lots, or of reactions.
    """

    keys: tuple[Key, ...]
    rows: Whole
    lots: Whole


def read_flows(folder: Path, first_year: int) -> LotFlows:
    """Return the flows of the run whose tables lie in a folder; its periods are months from a first year on.

    A flow is booked when its lot is born: when it leaves where it comes from.
    """
    return _Reader(SavedRows(folder), first_year).flows()


class _Reader:
    """The tables of a run, while they are being added up."""

    def __init__(self, tables: SavedRows, first_year: int) -> None:
        self.tables, self.first_year = tables, first_year
        place_of = dict(zip(self._texts("facility", "facility"), self._texts("facility", "place"), strict=True))
        self.event_kind = tables.column("event", "kind")
        facility = tables.column("event", "facility")
        self.places = sorted(set(place_of.values()))
        number = {name: n for n, name in enumerate(self.places)}
        names = tables.names["facility"]
        self.place = np.array([number[place_of[name]] for name in names])[facility]
        self.born = tables.column("lot", "event")
        self.year = tables.column("event", "period") // 12
        self.years = int(self.year.max(initial=0)) + 1
        self.marks, self.mark = self._marks()

    def _texts(self, table: str, column: str) -> list[str]:
        codes = self.tables.column(table, column)
        names = self.tables.names["facility" if column == "facility" else column]
        return [names[code] for code in codes.tolist()]

    def _marks(self) -> tuple[list[tuple[str, str, str]], Whole]:
        """Kind, grade and owner of every mark, and the mark of every lot."""
        tables = self.tables
        codes = [tables.column("lot", name) for name in ("kind", "grade", "owner")]
        sizes = [len(tables.names[name]) for name in ("kind", "grade", "owner")]
        joined = (codes[0] * sizes[1] + codes[1]) * sizes[2] + codes[2]
        found, mark = np.unique(joined, return_inverse=True)
        kinds, grades, owners = (tables.names[name] for name in ("kind", "grade", "owner"))
        marks = [
            (kinds[one // sizes[2] // sizes[1]], grades[one // sizes[2] % sizes[1]], owners[one % sizes[2]])
            for one in found.tolist()
        ]
        return marks, mark

    def flows(self) -> LotFlows:
        """Return all flows: those of lots, then those of reactions, in the order of their names."""
        groups: dict[Key, int] = {}
        of_lot = self._of_lots(groups)
        of_exchange = self._of_exchanges(groups)
        rows = np.zeros((len(groups), COLUMNS.width), dtype=np.int64)
        counts = np.zeros(len(groups), dtype=np.int64)
        names = [f"{name}_mg" for name in COLUMNS.substances] + [f"from_{name}_mg" for name in COLUMNS.origins]
        for table, group in (("lot", of_lot), ("exchange", of_exchange)):
            at = 0
            for columns in parts_of(self.tables.folder, table, names):
                own = group[at : at + len(columns[0])]
                at += len(own)
                chosen = np.flatnonzero(own >= 0)
                if not chosen.size:
                    continue
                chosen = chosen[np.argsort(own[chosen], kind="stable")]
                wanted, starts = np.unique(own[chosen], return_index=True)
                counts[wanted] += np.diff([*starts, chosen.size])
                for column, values in enumerate(columns):
                    rows[wanted, column] += np.add.reduceat(values[chosen], starts)
        order = sorted(groups)
        place = [groups[key] for key in order]
        return LotFlows(tuple(order), rows[place], counts[place])

    def _of_lots(self, groups: dict[Key, int]) -> Whole:
        """The flow of each lot, -1 for none."""
        begin = self.place[self.born]
        end = begin.copy()
        lot, event = self.tables.column("event_in", "lot"), self.tables.column("event_in", "event")
        lot, event = lot[lot >= 0], event[lot >= 0]
        last = np.full(len(begin), -1)
        np.maximum.at(last, lot, event)  # the event in which it ended, or the last move
        moved = self.tables.column("event", "facility_to")
        there = last >= 0
        place_to = self._place_to(moved)
        end[there] = np.where(self.event_kind[last[there]] == _MOVE, place_to[last[there]], self.place[last[there]])
        count = len(self.places)
        joined = ((self.mark * count + begin) * count + end) * self.years + self.year[self.born]
        found, inverse = np.unique(joined, return_inverse=True)
        flow = np.full(len(found), -1)
        for n, one in enumerate(found.tolist()):
            place, year = divmod(one, self.years)
            mark = self.marks[place // count // count]
            ends = self._ends(mark, self.places[place // count % count], self.places[place % count])
            if ends is not None:
                flow[n] = groups.setdefault(Key(self.first_year + year, *ends), len(groups))
        return flow[inverse]

    def _place_to(self, facility: Whole) -> Whole:
        place_of = dict(zip(self._texts("facility", "facility"), self._texts("facility", "place"), strict=True))
        names = self.tables.names["facility"]
        number = {name: n for n, name in enumerate(self.places)}
        return np.array([*(number[place_of[name]] for name in names), -1])[facility]

    @staticmethod
    def _ends(mark: tuple[str, str, str], begin: str, end: str) -> tuple[str, str, str, str] | None:
        kind, grade, owner = mark
        ends = flow_of(kind, grade, owner)
        if ends is None:
            return None
        if kind in LOCAL:
            return (*ends, owner, owner) if kind in OWNED else (*ends, begin, begin)
        return (*ends, owner if kind in OWNED else begin, end)

    def _of_exchanges(self, groups: dict[Key, int]) -> Whole:
        """The flow of each loss of a reaction, -1 for none."""
        tables = self.tables
        event, side = tables.column("exchange", "event"), tables.column("exchange", "side")
        account = tables.column("exchange", "account")
        born = np.full(len(self.event_kind), -1)
        reacting = self.event_kind[self.born] == _REACT
        born[self.born[reacting]] = self.mark[reacting]
        names = tables.names["account"]
        count = len(self.places)
        joined = (account * len(self.marks) + np.maximum(born[event], 0)) * count + self.place[event]
        joined = joined * self.years + self.year[event]
        found, inverse = np.unique(joined, return_inverse=True)
        flow = np.full(len(found), -1)
        for n, one in enumerate(found.tolist()):
            rest, year = divmod(one, self.years)
            kind, grade, owner = self.marks[rest // count % len(self.marks)]
            ends = LOSSES.get((kind, names[rest // count // len(self.marks)]))
            if ends is not None:
                begin, end = (text.format(grade=grade, owner=owner) for text in ends)
                place = self.places[rest % count]
                flow[n] = groups.setdefault(Key(self.first_year + year, begin, end, place, place), len(groups))
        return np.where((side == _SINK) & (born[event] >= 0), flow[inverse], -1)


def year_table(flows: LotFlows, year: int) -> Table:
    """Return the flows of a year as the table that indicators read, with one draw, t."""
    out = YearFlows(year, 1)
    edges = Edges()
    names: dict[tuple[str, str], list[int]] = {}
    for n, key in enumerate(flows.keys):
        if key.year == year:
            names.setdefault((key.process_from, key.process_to), []).append(n)
    for (process_from, process_to), places in names.items():
        origin, substance = _cells(flows, places)
        edge = edges.edge(process_from, process_to, tuple(origin), tuple(substance))
        values = (np.array([list(one.values())]) / _MG for one in (origin, substance))
        out.add(edge, *values)
    return out.flow_table(Layouts())


def _cells(flows: LotFlows, places: list[int]) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """Masses, mg, by item and origin and by item and substance, of flows between the same processes.

    A flow of several items has one origin (before the melt), one of several origins has one item (after it), so the
    two together follow from either.
    """
    origin: dict[Cell, float] = {}
    substance: dict[Cell, float] = {}
    for n in places:
        key, row = flows.keys[n], flows.rows[n]
        items, origins = by_item(row[None])[0], by_origin(row[None])[0]
        share = origins / max(1, origins.sum())
        for item, of in ((i, int(items[i])) for i in np.flatnonzero(items)):
            for k in np.flatnonzero(origins):
                cell = Cell(key.region, key.region_to, ITEMS[item], ORIGINS[k])
                origin[cell] = origin.get(cell, 0.0) + of * share[k]
        for pair in np.flatnonzero(row[:COUNT]):
            cell = Cell(key.region, key.region_to, *PAIRS[pair])
            substance[cell] = substance.get(cell, 0.0) + float(row[pair])
    return origin, substance


def flows_frame(flows: LotFlows) -> pd.DataFrame:
    """`flows`: one row a year, pair of processes and regions, item and origin, t, and how many lots went."""
    import pandas as pd

    rows = []
    for key, row, lots in zip(flows.keys, flows.rows, flows.lots.tolist(), strict=True):
        items, origins = by_item(row[None])[0], by_origin(row[None])[0]
        share = origins / max(1, int(row[:COUNT].sum()))
        rows += [
            {
                **key._asdict(), "material": MATERIAL[ITEMS[item]], "alloy": ITEMS[item], "origin": ORIGINS[origin],
                "mass_t": float(items[item] * share[origin]) / _MG, "lots": lots,
            }
            for item in np.flatnonzero(items)
            for origin in np.flatnonzero(origins)
        ]  # fmt: skip
    columns = (*Key._fields, "material", "alloy", "origin", "mass_t", "lots")
    return pd.DataFrame(rows, columns=list(columns))
