"""The proof of compositions: substance by substance and origin by origin, one column of the tables at a time.

A column of a year is some tens of megabytes, all of them are gigabytes: so each is read once, and nothing of it stays
but what is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.ledger.certificate import Check
from cesim.ledger.lot_tables import EVENT_KINDS, HELD, RECLASSIFICATION, SIDES, SINK, SOURCE, composition_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_CREATE, _REACT, _RECLASSIFY, _SHIP = (EVENT_KINDS.index(kind) for kind in ("create", "react", "reclassify", "ship"))


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

    def compositions(self, table: str) -> Iterator[Whole | None]:
        """Go through the columns of the compositions of a table; none stands for a column of zeros."""
        ...


class Groups:
    """Rows that belong together, to be added up group by group; the groups are found once, for all columns.

    Parameters
    ----------
    keys
        What rows of a group share.
    rows
        Which rows of a column these are; all in their order unless given.
    """

    def __init__(self, keys: Whole, rows: Whole | None = None) -> None:
        self._order = rows
        if (keys[1:] < keys[:-1]).any():
            order = np.argsort(keys, kind="stable")
            keys, self._order = keys[order], order if rows is None else rows[order]
        self._starts = np.flatnonzero(np.diff(keys, prepend=-1 if not len(keys) else int(keys[0]) - 1))
        self.keys = keys[self._starts]
        """One a group, growing."""

    def sums(self, values: Whole) -> Whole:
        """Return the sum of each group."""
        if not len(self._starts):
            return np.zeros(0, dtype=np.int64)
        return np.asarray(np.add.reduceat(values if self._order is None else values[self._order], self._starts))


class Ways:
    """Where every lot begins and ends, and what crosses the boundary inside events.

    Parameters
    ----------
    tables
        Of the run.
    mass, birth, last
        Of each lot: mg, and the events in which it begins and ends (the number of events where it does not), (lot).
    kind, period
        Of each event, (event).
    ends
        Columns of the edges: `in`, `out`.
    exchange
        Columns of the exchanges, without compositions.
    """

    def __init__(
        self,
        tables: Tables,
        mass: Whole,
        kind: Whole,
        period: Whole,
        birth: Whole,
        last: Whole,
        ends: Mapping[str, Mapping[str, Whole]],
        exchange: Mapping[str, Whole],
    ) -> None:
        self.tables, self.mass, self.kind, self.period = tables, mass, kind, period
        self.ends, self.exchange, self.events = ends, exchange, len(kind)
        ended = np.flatnonzero(last < self.events)
        self._born, self._ended = Groups(birth), Groups(last[ended], ended)

    def through(self, values: Whole) -> Whole:
        """What goes into every event less what comes out of it, of a value a lot has.

        A load goes in and comes out again, so lots that begin or end in an event are all that counts.
        """
        total = np.zeros(self.events, dtype=np.int64)
        total[self._ended.keys] = self._ended.sums(values)
        total[self._born.keys] -= self._born.sums(values)
        return total


class CompositionProof:
    """The laws of compositions: `lot`, `exchange`, `substance`, `origin` and `account`."""

    def __init__(self, ways: Ways) -> None:
        self.ways, self.tables = ways, ways.tables
        columns = composition_columns(self.tables.substances, self.tables.origins)
        self.names = [column.name.removesuffix("_mg") for column in columns]
        self.boundary = (ways.kind == _CREATE) | (ways.kind == _SHIP)
        event, side = ways.exchange["event"], ways.exchange["side"]
        self.into_event = Groups(event)
        self.lost = side == SINK
        self._accounts()
        self.by_period = Groups(ways.period)
        self.booked_exchange = Groups(self._cell(ways.period[event], side, ways.exchange["account"]))
        self.booked_boundary = {}
        for kind, of in ((_CREATE, SOURCE), (_SHIP, SINK)):
            these = np.flatnonzero(ways.kind == kind)
            self.booked_boundary[of] = Groups(self._cell(ways.period[these], of, self.account_of_event[these]), these)

    def checks(self) -> list[Check]:
        """Go through the columns."""
        many = len(self.tables.substances)
        lot_mass, exchanged = (np.zeros(len(a), dtype=np.int64) for a in (self.ways.mass, self.ways.exchange["event"]))
        lots, found = [], []
        pairs = zip(self.tables.compositions("lot"), self.tables.compositions("exchange"), strict=True)
        for number, (values, crossed) in enumerate(pairs):
            if values is not None:
                lots.append(Check("lot", len(values), float(max(0, -values.min(initial=0))), ""))
                if lots[-1].worst:
                    lots[-1] = compared("lot", np.minimum(values, 0), "lot")
                lot_mass += values
            if crossed is not None and number < many:
                exchanged += crossed
            if number in (many - 1, len(self.names) - 1):  # substances add up to the mass, and origins again
                lots.append(compared("lot", lot_mass - self.ways.mass, "lot"))
                lot_mass[:] = 0
            found.append(self._column(values, crossed, number))
        exchange = self._exchange(exchanged)
        closed = [together([_named(one, name) for one, _ in part])
                  for name, part in (("substance", found[:many]), ("origin", found[many:]))]  # fmt: skip
        return [exchange, together(lots), *closed, together([booked for _, booked in found])]

    def _exchange(self, mass: Whole) -> Check:
        """Edges of reactions with sources and sinks, against what was exchanged: how many and how much."""
        ways = self.ways
        event, side, account = (ways.exchange[name] for name in ("event", "side", "account"))
        keys, masses = [np.stack([event, side, account])[:, side != RECLASSIFICATION]], [mass[side != RECLASSIFICATION]]
        for of, name, number in (("in", "source", SOURCE), ("out", "sink", SINK)):
            end = ways.ends[of]
            here = (end["lot"] < 0) & (ways.kind[end["event"]] == _REACT)
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
        wrong = int((ways.kind[event[changed]] != _RECLASSIFY).sum() + (ways.kind[event[~changed]] != _REACT).sum())
        where = f"event {int(every[0, np.argmax(off)])}" if off.any() else ""
        return Check("exchange", len(mass), float(off.max(initial=wrong)), where or ("exchange" if wrong else ""))

    def _accounts(self) -> None:
        """Where every row of the accounts stands, and every creation, shipment and exchange."""
        column, ways = self.tables.column, self.ways
        self.written = {name: column("account", name) for name in ("period", "side", "account", "column", "mass_mg")}
        self.periods = int(max(self.written["period"].max(initial=0), ways.period.max(initial=0))) + 1
        into, out = ways.ends["in"], ways.ends["out"]
        of_event = np.full(ways.events, -1)
        created, shipped = ways.kind[into["event"]] == _CREATE, ways.kind[out["event"]] == _SHIP
        of_event[into["event"][created]] = into["source"][created]
        of_event[out["event"][shipped]] = out["sink"][shipped]
        self.account_of_event = of_event
        names = self.tables.names.get("account", ())
        self.accounts = max(len(names), *(int(a.max(initial=-1)) + 1 for a in (of_event, self.written["account"])), 1)

    def _cell(self, period: Whole, side: Whole | int, account: Whole) -> Whole:
        """Number of a cell of the accounts; without an account it is the last of its side."""
        width = self.accounts + 1
        return (period * len(SIDES) + side) * width + account % width

    def _column(self, values: Whole | None, crossed: Whole | None, number: int) -> tuple[Check, Check]:
        """One column: closed over every event, and equal to the accounts."""
        booked = np.zeros((self.periods, len(SIDES), self.accounts + 1), dtype=np.int64)
        cells, name = booked.reshape(-1), self.names[number]
        if values is None and crossed is None:
            return Check("column", self.ways.events, 0.0, ""), self._booked(booked, name, number)
        closed = self.ways.through(values) if values is not None else np.zeros(self.ways.events, dtype=np.int64)
        for side, sign in ((SOURCE, -1), (SINK, 1)):
            group = self.booked_boundary[side]
            cells[group.keys] += sign * group.sums(closed)
        held = np.zeros(self.periods, dtype=np.int64)
        held[self.by_period.keys] = -self.by_period.sums(closed)
        booked[:, HELD, -1] = np.cumsum(held)
        closed[self.boundary] = 0
        if crossed is not None:
            cells[self.booked_exchange.keys] += self.booked_exchange.sums(crossed)
            closed[self.into_event.keys] += self.into_event.sums(np.where(self.lost, -crossed, crossed))
        return compared("column", closed, f"{name}, event"), self._booked(booked, name, number)

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


def compared(law: str, off: Whole, what: str) -> Check:
    """Return the check of a law from what each cell is off by."""
    return Check(law, len(off), float(np.abs(off).max(initial=0)) if off.any() else 0.0, worst_of(what, off))


def worst_of(what: str, off: Whole) -> str:
    """Return where most is off."""
    return f"{what} {int(np.argmax(np.abs(off)))}" if off.any() else ""


def together(checks: list[Check]) -> Check:
    """Return checks of one law as one."""
    result = checks[0]
    for check in checks[1:]:
        result = result.with_(check)
    return result


def _named(check: Check, name: str) -> Check:
    return Check(name, check.cells, check.worst, check.where)
