"""The proof of a lot-by-lot run, made from its tables by a path of its own: whole numbers, and no tolerance.

It knows nothing of the engine. A milligram dropped or an origin swapped in any table is found, and named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from cesim.ledger.certificate import Certificate, Check
from cesim.ledger.lot_tables import EVENT_KINDS, HELD, RECLASSIFICATION, SIDES, SINK, SOURCE, composition_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

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


class Tables(Protocol):
    """Lot tables, in memory or on disk."""

    substances: tuple[str, ...]
    origins: tuple[str, ...]

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """Names by kind."""
        ...

    def column(self, table: str, name: str) -> Whole:
        """Return one column of a table."""
        ...


def prove_lots(tables: Tables) -> Certificate:
    """Return the proof of a run: every check with its worst cell.

    Checks
    ------
    numbers
        Lots and events are numbered without a gap, in the order of time.
    life
        Every lot is born in one event and ends in at most one; it goes nowhere before or after.
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
        columns = composition_columns(self.tables.substances, self.tables.origins)
        many = len(self.tables.substances)
        names = [column.name for column in columns]
        checks = [numbers, self._life(), self._place(), self._edge(), self._event(), self._sides()]
        checks += [self._exchange(names[:many]), self._lot(names[:many], names[many:])]
        self._accounts()
        found = [self._column(name, number) for number, name in enumerate(names)]
        checks += [_named(_together([one for one, _ in found[:many]]), "substance")]
        checks += [_named(_together([one for one, _ in found[many:]]), "origin")]
        return [*checks, _together([booked for _, booked in found])]

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
        wrong += last <= self.birth
        crossed = (into["lot"] < 0) == (into["source"] < 0)
        wrong_rows = int(crossed.sum() + ((out["lot"] < 0) == (out["sink"] < 0)).sum())
        return Check("life", len(self.lot), float(wrong.max(initial=wrong_rows)), _worst("lot", wrong))

    def _place(self) -> Check:
        """Where each lot is, event by event: born here, moved there, ended where it was."""
        facility = self.tables.column("event", "facility")
        after = np.where(self.kind == _MOVE, self.tables.column("event", "facility_to"), facility)
        blocks = range(0, max(len(self.lot), 1), _BLOCK)
        return _together([self._places(facility, after, first, first + _BLOCK) for first in blocks])

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
        return _together(checks)

    def _event(self) -> Check:
        total = np.zeros(self.events, dtype=np.int64)
        for sign, end in ((1, self.ends["in"]), (-1, self.ends["out"])):
            np.add.at(total, end["event"], sign * end["mass_mg"])
        vehicles = self._through(self.tables.column("lot", "vehicles"))
        vehicles[(self.kind == _CREATE) | (self.kind == _SHIP)] = 0
        return _together([_check("event", total, "event"), _check("event", vehicles, "event")])

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
        return _check("sides", wrong, "event")

    def _exchange(self, substances: list[str]) -> Check:
        """Edges of reactions with sources and sinks, against what was exchanged: how many and how much."""
        mass = np.zeros(len(self.exchange["event"]), dtype=np.int64)
        for name in substances:
            mass = mass + self.tables.column("exchange", name)
        event, side, account = (self.exchange[name] for name in ("event", "side", "account"))
        keys, masses = [np.stack([event, side, account])[:, side != RECLASSIFICATION]], [mass[side != RECLASSIFICATION]]
        for of, name, number in (("in", "source", SOURCE), ("out", "sink", SINK)):
            end = self.ends[of]
            here = (end["lot"] < 0) & (self.kind[end["event"]] == _REACT)
            keys.append(np.stack([end["event"][here], np.full(int(here.sum()), number), end[name][here]]))
            masses.append(-end["mass_mg"][here])
        every, place = np.unique(np.concatenate(keys, axis=1), axis=1, return_inverse=True)
        off = np.zeros(every.shape[1], dtype=np.int64)
        sign = np.concatenate([np.ones(len(masses[0]), dtype=np.int64), -np.ones(len(masses[1]) + len(masses[2]), int)])
        np.add.at(off, place, np.concatenate(masses))
        found = np.zeros_like(off)
        np.add.at(found, place, sign)
        off = np.abs(off) + np.abs(found)
        changed = side == RECLASSIFICATION
        wrong = int((self.kind[event[changed]] != _RECLASSIFY).sum() + (self.kind[event[~changed]] != _REACT).sum())
        where = f"event {int(every[0, np.argmax(off)])}" if off.any() else ""
        return Check("exchange", len(mass), float(off.max(initial=wrong)), where or ("exchange" if wrong else ""))

    def _lot(self, substances: list[str], origins: list[str]) -> Check:
        checks = []
        for names in (substances, origins):
            off = -self.mass
            for name in names:
                values = self.tables.column("lot", name)
                off = off + values
                checks.append(_check("lot", np.minimum(values, 0), "lot"))
            checks.append(_check("lot", off, "lot"))
        return _together(checks)

    def _through(self, values: Whole) -> Whole:
        """What goes into every event less what comes out of it, lots alone, of a value a lot has."""
        total = np.zeros(self.events, dtype=np.int64)
        for sign, end in ((1, self.ends["in"]), (-1, self.ends["out"])):
            of_lot = end["lot"] >= 0
            np.add.at(total, end["event"][of_lot], sign * values[end["lot"][of_lot]])
        return total

    def _accounts(self) -> None:
        """Where every row of the accounts stands, and every creation, shipment and exchange."""
        column = self.tables.column
        self.written = {name: column("account", name) for name in ("period", "side", "account", "column", "mass_mg")}
        self.periods = int(max(self.written["period"].max(initial=0), self.period.max(initial=0))) + 1
        into, out = self.ends["in"], self.ends["out"]
        of_event = np.full(self.events, -1)
        created, shipped = self.kind[into["event"]] == _CREATE, self.kind[out["event"]] == _SHIP
        of_event[into["event"][created]] = into["source"][created]
        of_event[out["event"][shipped]] = out["sink"][shipped]
        self.account_of_event = of_event
        names = self.tables.names.get("account", ())
        self.accounts = max(len(names), *(int(a.max(initial=-1)) + 1 for a in (of_event, self.written["account"])), 1)

    def _column(self, name: str, number: int) -> tuple[Check, Check]:
        """One column: closed over every event, and equal to the accounts."""
        lots, crossed = self.tables.column("lot", name), self.tables.column("exchange", name)
        total = self._through(lots)
        boundary = (self.kind == _CREATE) | (self.kind == _SHIP)
        booked = np.zeros((self.periods, len(SIDES), self.accounts + 1), dtype=np.int64)
        for kind, side, sign in ((_CREATE, SOURCE, -1), (_SHIP, SINK, 1)):
            these = np.flatnonzero(self.kind == kind)
            np.add.at(booked[:, side], (self.period[these], self.account_of_event[these]), sign * total[these])
        event, sides, account = self.exchange["event"], self.exchange["side"], self.exchange["account"]
        np.add.at(booked, (self.period[event], sides, account), crossed)
        closed = np.where(boundary, 0, total)
        np.add.at(closed, event, np.where(sides == SINK, -crossed, crossed))
        held = np.zeros(self.periods + 1, dtype=np.int64)
        np.add.at(held, self.period[self.birth], lots)
        ended = self.last < self.events
        np.subtract.at(held, self.period[self.last[ended]], lots[ended])
        booked[:, HELD, -1] = np.cumsum(held[:-1])
        label = name.removesuffix("_mg")
        return _check("column", closed, f"{label}, event"), self._booked(booked, label, number)

    def _booked(self, booked: Whole, name: str, number: int) -> Check:
        """Compare the accounts of a column with what was found for it."""
        rows = self.written["column"] == number
        written = {key: values[rows] for key, values in self.written.items()}
        np.subtract.at(booked, (written["period"], written["side"], written["account"]), written["mass_mg"])
        period, side, account = (int(at) for at in np.unravel_index(int(np.argmax(np.abs(booked))), booked.shape))
        off = int(np.abs(booked[period, side, account]))
        accounts = self.tables.names.get("account", ())
        whose = accounts[account] if account < len(accounts) else "lots"
        where = f"{name}, period {period}, {SIDES[side]}, {whose}" if off else ""
        return Check("account", booked.size, float(off), where)


def _small(values: Whole) -> Whole:
    """The same numbers in 32 bits where they suffice: the proof of a year must find room in memory."""
    fits = not values.size or max(abs(int(values.min())), abs(int(values.max()))) < 2**31
    return cast("Whole", values.astype(np.int32)) if fits else values


def _first(what: str, wrong: NDArray[np.bool_]) -> str:
    return f"{what} {int(np.argmax(wrong))}" if wrong.any() else ""


def _check(law: str, off: Whole, what: str) -> Check:
    return Check(law, len(off), float(np.abs(off).max(initial=0)), _worst(what, off))


def _worst(what: str, off: Whole) -> str:
    return f"{what} {int(np.argmax(np.abs(off)))}" if off.any() else ""


def _row(table: str, off: Whole, of: NDArray[np.bool_]) -> str:
    return f"{table} row {int(np.flatnonzero(of)[np.argmax(off)])}" if off.any() else ""


def _named(check: Check, name: str) -> Check:
    return Check(name, check.cells, check.worst, check.where)


def _together(checks: list[Check]) -> Check:
    result = checks[0]
    for check in checks[1:]:
        result = result.with_(check)
    return result
