"""The truth as a ledger: what happened to the lots of a run, as entries of those who handled them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.ledger.lot_reader import SavedRows
from cesim.ledger.lot_tables import EVENT_KINDS, RECLASSIFICATION
from cesim.ledger.substances import ORIGINS
from cesim.run.trace.words import ACTORS, CONVERSIONS, MAKES, OWN_SCRAP, SUPPLIERS, step_of
from cesim.trace.classes import CLASSES
from cesim.trace.classes import OWN_SCRAP as OWN_CLASS
from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_CREATE, _MOVE, _SHIP, _REACT = (EVENT_KINDS.index(kind) for kind in ("create", "move", "ship", "react"))
_SUPPLY, _SHIPPING, _RECEIVING = (STEPS.index(step) for step in ("supply", "shipping", "receiving"))
_NOBODY: Final = -1


def truth_of(folder: Path) -> Entries:
    """Return the truth of a run, read from its lot tables.

    Works that stand together are one actor; hauliers are none: a lot goes from the works that gave it to the works that
    took it, which both weigh it. Who sells metal or polymer is an actor too, so that it has records of its own.

    Parameters
    ----------
    folder
        Where the tables `lot`, `event` and the others lie.
    """
    return _Truth(SavedRows(folder)).entries()


@dataclass(frozen=True)
class _Part:
    """Some entries: of each its place in the order, its columns, and its lots."""

    order: Whole
    step: Whole
    actor: Whole
    partner: Whole
    event: Whole
    """Event of the run."""
    made: bool
    """Whether the lots of the event are its own; a handover has those that were moved."""


class _Truth:
    """The tables of a run, while entries are made of them."""

    def __init__(self, tables: SavedRows) -> None:
        self.tables = tables
        self.kind = tables.column("event", "kind")
        self.time_s = tables.column("event", "time_s")
        self.facility = tables.column("event", "facility")
        self.facility_to = tables.column("event", "facility_to")
        self.lot_kind = tables.column("lot", "kind")
        self.born = tables.column("lot", "event")
        self.edges_in = {name: tables.column("event_in", name) for name in ("event", "lot", "source", "mass_mg")}
        self.edges_out = {name: tables.column("event_out", name) for name in ("event", "lot", "sink", "mass_mg")}
        self.accounts = list(tables.names["account"])
        self.kinds = list(tables.names["kind"])
        self._name_actors()

    def _name_actors(self) -> None:
        """Give every facility its actor (-1 for hauliers), and every source its supplier (-1 for none)."""
        tables = self.tables
        codes = [tables.column("facility", name) for name in ("facility", "kind", "place")]
        names, kinds, places = (tables.names[name] for name in ("facility", "facility_kind", "place"))
        self.facility_kind = [""] * len(names)
        number: dict[Actor, int] = {}
        self.actor_of = np.full(len(names) + 1, _NOBODY)  # the last for a facility that is none
        for code, kind, place in zip(*(one.tolist() for one in codes), strict=True):
            self.facility_kind[code] = kinds[kind]
            if kinds[kind] in ACTORS:
                word, role = ACTORS[kinds[kind]]
                actor = Actor(f"{word} {places[place]}".strip(), role, places[place])
                self.actor_of[code] = number.setdefault(actor, len(number))
        self.supplier_of = np.full(len(self.accounts) + 1, _NOBODY)
        for code, account in enumerate(self.accounts):
            if account in SUPPLIERS:
                self.supplier_of[code] = number.setdefault(SUPPLIERS[account], len(number))
        self.elsewhere = number.setdefault(SUPPLIERS["from_elsewhere"], len(number))
        self.actors = tuple(number)

    def entries(self) -> Entries:
        """Put all entries together, in the order of the events they come from."""
        self._first_edges()
        parts = [self._transformations(), *self._supplies(), *self._handovers(), *self._ends()]
        order = np.concatenate([part.order for part in parts])
        rank = np.argsort(order, kind="stable")
        event = np.concatenate([part.event for part in parts])[rank]
        made = np.concatenate([np.full(len(part.event), part.made) for part in parts])[rank]
        step, actor, partner = (
            np.concatenate([getattr(part, name) for part in parts])[rank] for name in ("step", "actor", "partner")
        )
        sold = (step == _SUPPLY) & (self.supplier_of[self.source[event]] >= 0)
        handed = ~made & (self.kind[event] == _CREATE)  # what a supplier sold was made in the event that hands it over
        ins = _chosen(_joined(self.lots_in, self.lots_out), event + handed * len(self.kind), np.ones(len(event), bool))
        outs = _chosen(self.lots_out, event, made)
        sources = self._sources(event, made)
        gained = np.concatenate([[0], np.cumsum(sources.mass_mg)])[sources.start]
        loss = np.where(made, ins.sums() + np.diff(gained) - outs.sums(), 0)
        relabel = np.where(made, self.relabels()[event], _NOBODY)
        lots = self._lots()
        return Entries(
            Names(self.actors, tuple(self.kinds), tuple(self.tables.names["grade"]), CLASSES), lots, step,
            actor, partner, self.time_s[event], ins, outs, sources, loss, relabel, self.inside[event] & made & ~sold,
        )  # fmt: skip

    def _first_edges(self) -> None:
        """Sort edges by event, and find of each event the first kind that went in and came out."""
        count = len(self.kind)
        self.lots_in = _by_event(self.edges_in, count)
        self.lots_out = _by_event(self.edges_out, count)
        source = self.edges_in["source"] >= 0
        self.source = np.full(count, _NOBODY)
        self.source[self.edges_in["event"][source]] = self.edges_in["source"][source]
        sink = self.edges_out["sink"] >= 0
        self.sink = np.full(count, _NOBODY)
        self.sink[self.edges_out["event"][sink]] = self.edges_out["sink"][sink]
        self.out_kind = np.full(count, _NOBODY)
        self.out_kind[self.born] = self.lot_kind  # the last lot born: kinds of one event say the same step
        self.in_kind = np.full(count, _NOBODY)
        lot, event = self.edges_in["lot"], self.edges_in["event"]
        self.in_kind[event[lot >= 0]] = self.lot_kind[lot[lot >= 0]]
        self.step, self.inside = self._steps()

    def _steps(self) -> tuple[Whole, NDArray[np.bool_]]:
        """Step of each event that makes lots, and whether it stays inside the works."""
        sizes = (len(self.facility_kind), len(self.kinds) + 1, len(self.kinds) + 1)
        joined = ((self.kind * sizes[0] + self.facility) * sizes[1] + self.in_kind + 1) * sizes[2] + self.out_kind + 1
        found, inverse = np.unique(joined, return_inverse=True)
        steps = np.full(len(found), _NOBODY)
        inside = np.zeros(len(found), dtype=bool)
        for n, one in enumerate(found.tolist()):
            rest, out = divmod(one, sizes[2])
            rest, into = divmod(rest, sizes[1])
            kind, facility = divmod(rest, sizes[0])
            if kind not in (_MOVE, _SHIP):
                words = [self.kinds[k - 1] if k else "" for k in (into, out)]
                step, inside[n] = step_of(EVENT_KINDS[kind], self.facility_kind[facility], *words)
                steps[n] = STEPS.index(step)
        return steps[inverse], inside[inverse]

    def _lots(self) -> Lots:
        column = self.tables.column
        return Lots(self.lot_kind, column("lot", "grade"), column("lot", "mass_mg"))

    def _transformations(self) -> _Part:
        """All events that make lots, but those in which a supplier sells."""
        supplied = (self.kind == _CREATE) & (self.supplier_of[self.source] >= 0)
        event = np.flatnonzero(~np.isin(self.kind, (_MOVE, _SHIP)) & ~supplied)
        actor = self.actor_of[self.facility[event]]
        stocked = (self.kind[event] == _CREATE) & (self.actor_of[self.facility[event]] == _NOBODY)
        actor[stocked] = self.elsewhere
        return _Part(4 * event, self.step[event], actor, np.full(len(event), _NOBODY), event, made=True)

    def _supplies(self) -> list[_Part]:
        """What suppliers sell: their own entry, and the handover to the works at which the lot turns up."""
        event = np.flatnonzero((self.kind == _CREATE) & (self.supplier_of[self.source] >= 0))
        seller, buyer = self.supplier_of[self.source[event]], self.actor_of[self.facility[event]]
        step = np.full(len(event), _SUPPLY)
        nobody = np.full(len(event), _NOBODY)
        sold = _Part(4 * event, step, seller, nobody, event, made=True)
        given = np.flatnonzero((buyer >= 0) & (buyer != seller))
        event, seller, buyer = event[given], seller[given], buyer[given]
        shipped = _Part(4 * event + 1, np.full(len(event), _SHIPPING), seller, buyer, event, made=False)
        taken = _Part(4 * event + 2, np.full(len(event), _RECEIVING), buyer, seller, event, made=False)
        return [sold, shipped, taken]

    def _handovers(self) -> list[_Part]:
        """Moves between actors. A haulier stands between two of them: it takes and gives, and both weigh."""
        event = np.flatnonzero(self.kind == _MOVE)
        giver, taker = self.actor_of[self.facility[event]], self.actor_of[self.facility_to[event]]
        lot = self.lots_in.lot[self.lots_in.start[event]]
        from_haulier, to_haulier = giver == _NOBODY, taker == _NOBODY
        gave = np.full(len(self.born), _NOBODY)
        gave[self._moved(event[to_haulier])] = np.repeat(giver[to_haulier], self._count(event[to_haulier]))
        took = np.full(len(self.born), _NOBODY)
        took[self._moved(event[from_haulier])] = np.repeat(taker[from_haulier], self._count(event[from_haulier]))
        giver = np.where(from_haulier, gave[lot], giver)
        taker = np.where(to_haulier, took[lot], taker)
        between = giver != taker
        ships = between & ~from_haulier & (giver >= 0)
        takes = between & ~to_haulier & (taker >= 0)
        return [
            _Part(4 * event[some] + at, np.full(int(some.sum()), step), one[some], two[some], event[some], made=False)
            for some, at, step, one, two in (
                (ships, 0, _SHIPPING, giver, taker), (takes, 1, _RECEIVING, taker, giver),
            )
        ]  # fmt: skip

    def _moved(self, event: Whole) -> Whole:
        """All lots that go in some events."""
        return _take(self.lots_in, event)[0]

    def _count(self, event: Whole) -> Whole:
        return np.asarray(self.lots_in.start[event + 1] - self.lots_in.start[event])

    def _ends(self) -> list[_Part]:
        """Lots that leave: built in, sold, disposed of, or sent to other regions, which take them in."""
        event = np.flatnonzero(self.kind == _SHIP)
        actor = self.actor_of[self.facility[event]]
        step = np.array([STEPS.index(MAKES.get(name, "disposal")) for name in self.accounts])[self.sink[event]]
        away = step == _SHIPPING
        there = np.full(len(event), self.elsewhere)
        gone = _Part(4 * event, step, actor, np.where(away, there, _NOBODY), event, made=False)
        step = np.full(int(away.sum()), _RECEIVING)
        return [gone, _Part(4 * event[away] + 1, step, there[away], actor[away], event[away], made=False)]

    def _sources(self, event: Whole, made: NDArray[np.bool_]) -> Sources:
        """What came in from sources by origin: what the lots born of it carry. Conversions are no sources."""
        ends = [n for n, name in enumerate(self.accounts) if name in CONVERSIONS]
        gained = (self.source >= 0) & ~np.isin(self.source, ends)
        own = np.flatnonzero(made & gained[event])
        number = np.full(len(self.kind), _NOBODY)
        number[event[own]] = own
        entry_of_lot = number[self.born]
        lots = np.flatnonzero(entry_of_lot >= 0)
        entry, origin, mass = [], [], []
        for place, name in enumerate(ORIGINS):
            for column in self._origin_columns(name):
                masses = self.tables.column("lot", column)[lots]
                some = np.flatnonzero(masses)
                entry.append(entry_of_lot[lots[some]])
                mass.append(masses[some])
                origin.append(np.where(np.isin(self.lot_kind[lots[some]], self._own_scrap()), len(ORIGINS), place))
        entries = np.concatenate(entry)
        order = np.argsort(entries, kind="stable")
        start = np.searchsorted(entries[order], np.arange(len(event) + 1))
        return Sources(start, np.concatenate(origin)[order], np.concatenate(mass)[order])

    def _own_scrap(self) -> list[int]:
        return [n for n, kind in enumerate(self.kinds) if kind in OWN_SCRAP]

    def _origin_columns(self, origin: str) -> list[str]:
        """Columns of lots that hold an origin: one of its own, and one a family of it that is told apart."""
        return [f"from_{name}_mg" for name in self.tables.origins if name == origin or name.startswith(f"{origin}_6")]

    def relabels(self) -> Whole:
        """Class that an event gives to all that leaves it, whatever went in."""
        out = np.full(len(self.kind), _NOBODY)
        side, event = self.tables.column("exchange", "side"), self.tables.column("exchange", "event")
        out[event[side == RECLASSIFICATION]] = ORIGINS.index("pre_auto")
        own = np.isin(self.in_kind, self._own_scrap()) & (self.kind == _REACT)
        out[own] = CLASSES.index(OWN_CLASS)
        return out


def _by_event(columns: dict[str, Whole], count: int) -> Edges:
    """Edges that are lots, by event."""
    lots = columns["lot"] >= 0
    event = columns["event"][lots]
    order = np.argsort(event, kind="stable")
    start = np.searchsorted(event[order], np.arange(count + 1))
    return Edges(start, columns["lot"][lots][order], columns["mass_mg"][lots][order])


def _joined(first: Edges, second: Edges) -> Edges:
    """Edges of two sides, those of the second after those of the first."""
    return Edges(
        np.concatenate([first.start, first.start[-1] + second.start[1:]]),
        np.concatenate([first.lot, second.lot]),
        np.concatenate([first.mass_mg, second.mass_mg]),
    )


def _take(edges: Edges, event: Whole) -> tuple[Whole, Whole, Whole]:
    """Lots, masses and number of edges of some events, one after the other."""
    counts = edges.start[event + 1] - edges.start[event]
    ends = np.cumsum(counts)
    places = np.repeat(edges.start[event] - (ends - counts), counts) + np.arange(int(counts.sum()))
    return edges.lot[places], edges.mass_mg[places], counts


def _chosen(edges: Edges, event: Whole, chosen: NDArray[np.bool_] | Sequence[bool]) -> Edges:
    """Edges of the entries that were chosen, nothing for the others."""
    some = np.flatnonzero(chosen)
    lot, mass, counts = _take(edges, event[some])
    sizes = np.zeros(len(event), dtype=np.int64)
    sizes[some] = counts
    return Edges(np.concatenate([[0], np.cumsum(sizes)]), lot, mass)
