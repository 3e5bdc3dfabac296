"""The proof of a lot-by-lot run, made from its tables by a path of its own: whole numbers, and no tolerance.

It knows nothing of the engine. A milligram dropped or an origin swapped in any table is found, and named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from cesim.ledger.certificate import Certificate, Check
from cesim.ledger.lot_balance import CompositionProof, Groups, Ways, compared, together, worst_of
from cesim.ledger.lot_tables import EVENT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.ledger.lot_balance import Tables

    Whole = NDArray[np.int64]

_CREATE, _SPLIT, _MERGE, _REACT, _MOVE, _RECLASSIFY, _SHIP = range(len(EVENT_KINDS))
_MANY = 2**62
_BLOCK = 2**20
"""Lots whose ways are followed at once."""
_ALLOWED = {
    _CREATE: ((0, 0), (1, 1), (1, 1), (0, 0)),
    _SPLIT: ((1, 1), (0, 0), (1, _MANY), (0, 0)),
    _MERGE: ((1, _MANY), (0, 0), (1, 1), (0, 0)),
    _REACT: ((1, 1), (0, _MANY), (1, 1), (0, _MANY)),
    _MOVE: ((0, _MANY), (0, 0), (0, _MANY), (0, 0)),
    _RECLASSIFY: ((1, 1), (0, 0), (1, 1), (0, 0)),
    _SHIP: ((1, 1), (0, 0), (0, 0), (1, 1)),
}
"""Fewest and most lots that go in, sources, lots that come out, sinks: by kind of event."""


def prove_lots(tables: Tables) -> Certificate:
    """Return the proof of a run: every check with its worst cell.

    Checks
    ------
    numbers
        Lots and events are numbered without a gap, in the order of time.
    life
        Every lot is born in one event and ends in at most one; it goes nowhere before or after, and a load that is
        taken up is the load that is set down.
    place
        Every lot is worked on where it is.
    edge
        Mass on every edge is the mass of its lot.
    event
        What goes into an event comes out of it: mass, and vehicles where they are neither made nor shipped.
    lot
        Substances add up to the mass of the lot, and so do origins.
    sides
        An event has so many lots and accounts on either side as its kind has.
    exchange
        What a reaction loses to sinks and gains from sources is on its edges.
    substance, origin
        What goes into an event comes out of it, column by column.
    account
        Sources, sinks, reclassifications and what is held are those of the lots, period by period.
    """
    return Certificate(tuple(_Proof(tables).checks()), tolerance=0.0)


class _Proof:
    """The tables of one run, while they are being checked."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        column = tables.column
        self.lot, self.birth = column("lot", "lot"), column("lot", "event")
        self.mass, self.kind = column("lot", "mass_mg"), column("event", "kind")
        self.events = len(self.kind)
        self.ends = {
            side: {
                **{name: _small(column(f"event_{side}", name)) for name in ("event", "lot", account)},
                "mass_mg": column(f"event_{side}", "mass_mg"),
            }
            for side, account in (("in", "source"), ("out", "sink"))
        }
        self.exchange = {name: column("exchange", name) for name in ("event", "side", "account")}
        self.period = column("event", "period")

    def checks(self) -> list[Check]:
        numbers = self._numbers()
        if numbers.worst > 0:  # nothing can be looked up
            return [numbers]
        checks = [numbers, self._life(), self._place(), self._edge()]
        ways = Ways(self.tables, self.mass, self.kind, self.period, self.birth, self.last, self.ends, self.exchange)
        columns = CompositionProof(ways)
        return [*checks, self._event(ways), self._sides(), *columns.checks()]

    def _numbers(self) -> Check:
        event, time = self.tables.column("event", "event"), self.tables.column("event", "time_s")
        born = self.tables.column("lot", "time_s")
        wrong = [
            _first("event", event != np.arange(len(event))),
            _first("lot", self.lot != np.arange(len(self.lot))),
            _first("event", np.diff(time, prepend=0) < 0),
            _first("event", np.diff(self.period, prepend=0) < 0),
            _first("lot", (self.birth < 0) | (self.birth >= len(event)) | (np.diff(self.birth, prepend=0) < 0)),
        ]
        if not any(wrong):
            wrong.append(_first("lot", born != time[self.birth]))
        for side, end in self.ends.items():
            outside = (end["event"] < 0) | (end["event"] >= len(event)) | (end["lot"] >= len(self.lot))
            wrong.append(_first(f"event_{side} row", outside | (np.diff(end["event"], prepend=0) < 0)))
        wrong.append(_first("exchange row", (self.exchange["event"] < 0) | (self.exchange["event"] >= len(event))))
        found = [where for where in wrong if where]
        return Check("numbers", len(event) + len(self.lot), float(len(found)), found[0] if found else "")

    def _life(self) -> Check:
        """Number of births and ends of every lot that should not be."""
        into, out = self.ends["in"], self.ends["out"]
        moving_in, moving_out = self.kind[into["event"]] == _MOVE, self.kind[out["event"]] == _MOVE
        ends = np.bincount(into["lot"][~moving_in & (into["lot"] >= 0)], minlength=len(self.lot))
        births = np.bincount(out["lot"][~moving_out & (out["lot"] >= 0)], minlength=len(self.lot))
        wrong = np.abs(births - 1) + np.maximum(ends - 1, 0)
        born = ~moving_out & (out["lot"] >= 0)
        np.add.at(wrong, out["lot"][born], self.birth[out["lot"][born]] != out["event"][born])
        last = np.full(len(self.lot), self.events)
        ending = ~moving_in & (into["lot"] >= 0)
        last[into["lot"][ending]] = into["event"][ending]
        self.last = last
        for end, moving in ((into, moving_in), (out, moving_out)):
            lot, event = end["lot"][moving], end["event"][moving]
            np.add.at(wrong, lot, (event <= self.birth[lot]) | (event >= last[lot]))
        np.add.at(wrong, *_not_unloaded(into, out, moving_in, moving_out))
        wrong += last <= self.birth
        crossed = (into["lot"] < 0) == (into["source"] < 0)
        wrong_rows = int(crossed.sum() + ((out["lot"] < 0) == (out["sink"] < 0)).sum())
        return Check("life", len(self.lot), float(wrong.max(initial=wrong_rows)), worst_of("lot", wrong))

    def _place(self) -> Check:
        """Where each lot is, event by event: born here, moved there, ended where it was."""
        facility = self.tables.column("event", "facility")
        after = np.where(self.kind == _MOVE, self.tables.column("event", "facility_to"), facility)
        blocks = range(0, max(len(self.lot), 1), _BLOCK)
        return together([self._places(facility, after, first, first + _BLOCK) for first in blocks])

    def _places(self, facility: Whole, after: Whole, first: int, last: int) -> Check:
        """The lots from a first to before a last: so many at once as memory likes."""
        ends = []
        for side in ("out", "in"):
            end = self.ends[side]
            here = (end["lot"] >= first) & (end["lot"] < last)
            ends.append((end["lot"][here], end["event"][here]))
        lots, events = (np.concatenate([end[which] for end in ends]) for which in (0, 1))
        # a row of `out` says where the lot is from now on; a row of `in` where it must have been
        leaves = np.arange(len(lots)) >= len(ends[0][0])
        order = np.lexsort((~leaves, events, lots))
        lot, event, leaving = lots[order], events[order], leaves[order]
        entered = np.maximum.accumulate(np.where(leaving, 0, np.arange(len(order)))) if len(order) else order
        wrong = leaving & ((after[event[entered]] != facility[event]) | (lot[entered] != lot))
        return Check("place", len(order), float(wrong.sum()), f"lot {lot[np.argmax(wrong)]}" if wrong.any() else "")

    def _edge(self) -> Check:
        checks = []
        for side, end in self.ends.items():
            of_lot = end["lot"] >= 0
            off = np.abs(end["mass_mg"][of_lot] - self.mass[end["lot"][of_lot]])
            checks.append(Check("edge", len(off), float(off.max(initial=0)), _row(f"event_{side}", off, of_lot)))
        return together(checks)

    def _event(self, ways: Ways) -> Check:
        total = np.zeros(self.events, dtype=np.int64)
        for sign, end in ((1, self.ends["in"]), (-1, self.ends["out"])):
            group = Groups(end["event"])
            total[group.keys] += sign * group.sums(end["mass_mg"])
        vehicles = ways.through(self.tables.column("lot", "vehicles"))
        vehicles[(self.kind == _CREATE) | (self.kind == _SHIP)] = 0
        return together([compared("event", total, "event"), compared("event", vehicles, "event")])

    def _sides(self) -> Check:
        """Lots and accounts on either side of an event, against what its kind allows."""
        count = {}
        for side, end in self.ends.items():
            of_lot = end["lot"] >= 0
            count[side] = np.bincount(end["event"][of_lot], minlength=self.events)
            count[f"{side} account"] = np.bincount(end["event"][~of_lot], minlength=self.events)
        wrong = np.zeros(self.events, dtype=np.int64)
        for kind, allowed in _ALLOWED.items():
            these = self.kind == kind
            for side, (least, most) in zip(("in", "in account", "out", "out account"), allowed, strict=True):
                here = count[side][these]
                wrong[these] += (here < least) | (here > most)
        wrong[(self.kind < 0) | (self.kind > _SHIP)] += 1
        moved = self.kind == _MOVE
        wrong[moved] += count["in"][moved] != count["out"][moved]
        wrong += (self.tables.column("event", "facility_to") >= 0) != moved
        return compared("sides", wrong, "event")


def _not_unloaded(
    into: dict[str, Whole], out: dict[str, Whole], moving_in: NDArray[np.bool_], moving_out: NDArray[np.bool_]
) -> tuple[Whole, int]:
    """Lots of loads that are taken up and not set down, or the other way round, and 1: what each of them is off by."""
    taken, put = (end["event"][moving] for end, moving in ((into, moving_in), (out, moving_out)))
    lots_in, lots_out = into["lot"][moving_in], out["lot"][moving_out]
    if np.array_equal(taken, put) and np.array_equal(lots_in, lots_out):
        return np.zeros(0, dtype=np.int64), 1
    one, other = (set(zip(*(side.tolist() for side in of), strict=True)) for of in ((taken, lots_in), (put, lots_out)))
    return np.array(sorted({lot for _, lot in one ^ other if lot >= 0}), dtype=np.int64), 1


def _small(values: Whole) -> Whole:
    """The same numbers in 32 bits where they suffice: the proof of a year must find room in memory."""
    fits = not values.size or max(abs(int(values.min())), abs(int(values.max()))) < 2**31
    return cast("Whole", values.astype(np.int32)) if fits else values


def _first(what: str, wrong: NDArray[np.bool_]) -> str:
    return f"{what} {int(np.argmax(wrong))}" if wrong.any() else ""


def _row(table: str, off: Whole, of: NDArray[np.bool_]) -> str:
    return f"{table} row {int(np.flatnonzero(of)[np.argmax(off)])}" if off.any() else ""
