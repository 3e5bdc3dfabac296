"""The flow table of a lot-by-lot run, read from its tables: what indicators and the comparison with the balance read.

A lot is one flow: its kind says between which processes, the place where it began and the place where it ended between
which regions. What a reaction lost to a sink is a flow beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.flowing import LOCAL, LOSSES, OWNED, flow_of
from cesim.events.chain.material import COLUMNS
from cesim.ledger.lot_reader import SavedRows
from cesim.ledger.lot_tables import EVENT_KINDS, SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_MOVE, _REACT = EVENT_KINDS.index("move"), EVENT_KINDS.index("react")
_SINK: Final = SIDES.index("sink")


@dataclass(frozen=True)
class LotFlows:
    """Flows between processes and regions.

    Attributes
    ----------
    keys
        Process from, process to, region from, region to of each flow.
    rows : (flow, column)
        mg, in the columns of the chain.
    lots : (flow,)
        Number of lots, or of reactions.
    """

    keys: tuple[tuple[str, str, str, str], ...]
    rows: Whole
    lots: Whole


def read_flows(folder: Path) -> LotFlows:
    """Return the flows of the run whose tables lie in a folder."""
    return _Reader(SavedRows(folder)).flows()


class _Reader:
    """The tables of a run, while they are being added up."""

    def __init__(self, tables: SavedRows) -> None:
        self.tables = tables
        place_of = dict(zip(self._texts("facility", "facility"), self._texts("facility", "place"), strict=True))
        self.event_kind = tables.column("event", "kind")
        facility = tables.column("event", "facility")
        self.places = sorted(set(place_of.values()))
        number = {name: n for n, name in enumerate(self.places)}
        names = tables.names["facility"]
        self.place = np.array([number[place_of[name]] for name in names])[facility]
        self.born = tables.column("lot", "event")
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
        groups: dict[tuple[str, str, str, str], int] = {}
        of_lot = self._of_lots(groups)
        of_exchange = self._of_exchanges(groups)
        rows = np.zeros((len(groups), COLUMNS.width), dtype=np.int64)
        counts = np.zeros(len(groups), dtype=np.int64)
        names = [f"{name}_mg" for name in COLUMNS.substances] + [f"from_{name}_mg" for name in COLUMNS.origins]
        for table, group in (("lot", of_lot), ("exchange", of_exchange)):
            chosen = np.flatnonzero(group >= 0)
            chosen = chosen[np.argsort(group[chosen], kind="stable")]
            if not chosen.size:
                continue
            wanted, starts = np.unique(group[chosen], return_index=True)
            counts[wanted] += np.diff([*starts, chosen.size])
            for column, name in enumerate(names):
                rows[wanted, column] += np.add.reduceat(self.tables.column(table, name)[chosen], starts)
        order = sorted(groups)
        place = [groups[key] for key in order]
        return LotFlows(tuple(order), rows[place], counts[place])

    def _of_lots(self, groups: dict[tuple[str, str, str, str], int]) -> Whole:
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
        joined = (self.mark * count + begin) * count + end
        found, inverse = np.unique(joined, return_inverse=True)
        flow = np.full(len(found), -1)
        for n, one in enumerate(found.tolist()):
            mark = self.marks[one // count // count]
            key = self._key(mark, self.places[one // count % count], self.places[one % count])
            if key is not None:
                flow[n] = groups.setdefault(key, len(groups))
        return flow[inverse]

    def _place_to(self, facility: Whole) -> Whole:
        place_of = dict(zip(self._texts("facility", "facility"), self._texts("facility", "place"), strict=True))
        names = self.tables.names["facility"]
        number = {name: n for n, name in enumerate(self.places)}
        return np.array([*(number[place_of[name]] for name in names), -1])[facility]

    @staticmethod
    def _key(mark: tuple[str, str, str], begin: str, end: str) -> tuple[str, str, str, str] | None:
        kind, grade, owner = mark
        ends = flow_of(kind, grade, owner)
        if ends is None:
            return None
        if kind in LOCAL:
            return (*ends, owner, owner) if kind in OWNED else (*ends, begin, begin)
        return (*ends, owner if kind in OWNED else begin, end)

    def _of_exchanges(self, groups: dict[tuple[str, str, str, str], int]) -> Whole:
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
        found, inverse = np.unique(joined, return_inverse=True)
        flow = np.full(len(found), -1)
        for n, one in enumerate(found.tolist()):
            kind, grade, owner = self.marks[one // count % len(self.marks)]
            ends = LOSSES.get((kind, names[one // count // len(self.marks)]))
            if ends is not None:
                begin, end = (text.format(grade=grade, owner=owner) for text in ends)
                place = self.places[one % count]
                flow[n] = groups.setdefault((begin, end, place, place), len(groups))
        return np.where((side == _SINK) & (born[event] >= 0), flow[inverse], -1)


def by_key(flows: LotFlows) -> Mapping[tuple[str, str, str, str], Whole]:
    """Return compositions by flow."""
    return dict(zip(flows.keys, flows.rows, strict=True))
