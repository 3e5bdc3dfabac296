"""The doors: the few operations that may touch a lot. Each debits and credits in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cesim.events.accounts import Accounts
from cesim.events.columns import Columns
from cesim.events.evaluate import evaluate
from cesim.events.faults import refuse
from cesim.events.names import Names, known
from cesim.events.notes import MOST_LOTS, REACT, SPLIT, Notes, page
from cesim.events.rules import Mark, Rule, loss_weights, split_weights
from cesim.events.settling import settled
from cesim.events.store import Store
from cesim.ledger.lot_tables import SINK, SOURCE
from cesim.ledger.processes import RECLASSIFIED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.events.clock import Clock
    from cesim.events.notes import Page, WorkedOut
    from cesim.events.rules import Share

    Whole = NDArray[np.int64]
    Evaluator = Callable[[Page, Columns, Whole], WorkedOut]


class Ledger(Protocol):
    """Where rows of tables go: `cesim.ledger.lot_writer` writes them, `InMemory` keeps them."""

    def add(self, table: str, columns: Mapping[str, Whole]) -> None:
        """Take rows of a table, in the order of time."""
        ...


@dataclass(frozen=True)
class Lot:
    """A lot to look at: what it is, where it is and what is in it, mg."""

    lot: int
    kind: str
    grade: str
    owner: str
    facility: str
    born_s: int
    vehicles: int
    serial: int | None
    mass_mg: int
    substances: dict[str, int]
    origins: dict[str, int]


class Lots:
    """The lots of a run, and the only doors to them: create, split, merge, react, move, reclassify, ship.

    A lot is a whole number. Numbers grow in time, so a parent's is below its child's. A lot never changes but its
    place: whatever changes its composition or its mark ends it and begins another. What is done is noted down and
    worked out together, when somebody looks, every so many operations, and when a period ends.

    Parameters
    ----------
    clock
        What time it is.
    ledger
        Where the tables go.
    columns
        Of the compositions.
    every
        Operations after which the notes are worked out, 1 to 4096. With 1, a fault shows where it is caused.
    evaluator
        `evaluate`, or the slow `one_by_one`.
    """

    def __init__(
        self,
        clock: Clock,
        ledger: Ledger,
        columns: Columns | None = None,
        every: int = MOST_LOTS,
        evaluator: Evaluator = evaluate,
    ) -> None:
        if not 1 <= every <= MOST_LOTS:
            raise refuse("every_out_of_range", "lots", found=every, allowed=f"1 ... {MOST_LOTS}")
        self.clock, self.ledger, self.columns = clock, ledger, columns or Columns()
        self.accounts = Accounts(self.columns)
        self.facilities = Names("facility")
        self.marks: list[Mark] = []
        self.period = 0
        self._every, self._evaluator, self._width = every, evaluator, self.columns.width
        self._known_marks: dict[tuple[str, str, str], Mark] = {}
        self.mark_of: dict[int, Mark] = {}
        """Lots that exist and what they are called."""
        self.facility_of: dict[int, int] = {}
        """Lots that exist and the number of the facility where they are."""
        self.serial_of: dict[int, int] = {}
        """Lots that exist and come from one vehicle whose serial was given."""
        self._store = Store(self.columns.width + 2)
        self._notes = Notes()
        self._next_lot = self._next_event = 0
        self._first_lot = self._first_event = 0
        self._due = every - 1
        """The event with which the notes are worked out."""

    # names, entered before anything moves

    def mark(self, kind: str, grade: str = "", owner: str = "") -> Mark:
        """Return the mark of lots of a kind, grade and owner."""
        mark = self._known_marks.get((kind, grade, owner))
        if mark is None:
            mark = self._known_marks[kind, grade, owner] = Mark(len(self.marks), kind, grade, owner)
            self.marks.append(mark)
        return mark

    def splitting(self, marks: Sequence[Mark], weights: Sequence[object], carrier: int = 0) -> Rule:
        """Return the rule by which a lot is split into lots of these marks.

        Parameters
        ----------
        marks
            Of the parts.
        weights
            Whole numbers: one a part, or (part, substance).
        carrier
            The part that carries the count of vehicles on.

        Raises
        ------
        InputError
            What `split_weights` raises.
        """
        where = " + ".join(mark.kind for mark in marks)
        return Rule(tuple(marks), (), split_weights(weights, len(marks), self.columns.substances, where), carrier)

    def reaction(self, mark: Mark, losses: Mapping[str, Mapping[str, Share]]) -> Rule:
        """Return the rule by which a lot becomes one of another mark and loses shares of substances to sinks.

        Raises
        ------
        InputError
            ``account_unknown`` for a sink that was not entered, and what `loss_weights` raises.
        """
        sinks = tuple(self.accounts.number(name, SINK) for name in losses)
        return Rule((mark,), sinks, loss_weights(losses, self.columns.substances, mark.kind))

    # the doors

    def create(self, row: Whole, mark: Mark, source: str, at: int, vehicles: int = 0, serial: int = -1) -> int:
        """Begin a lot of a composition (see `Columns.row`) that comes from a source; return it.

        The row is kept until it is worked out, so it must not be changed.
        """
        account = self.accounts.number(source, SOURCE)
        if len(row) != self._width:
            raise refuse("lot_shape", self._name(at), found=len(row), allowed=self._width)
        if not 0 <= at < self.facilities.count:
            raise refuse("facility_unknown", "lots", found=at, allowed=self.facilities.names)
        lot, event = self._next_lot, self._next_event
        self._next_lot, self._next_event = lot + 1, event + 1
        self._notes.created += (event, self.clock._now, at, lot, account, mark.code, vehicles, serial)
        self._notes.rows.append(row)
        self.mark_of[lot], self.facility_of[lot] = mark, at
        if serial >= 0:
            self.serial_of[lot] = serial
        if event >= self._due:
            self.settle()
        return lot

    def split(self, lot: int, rule: Rule, at: int) -> range:
        """Divide a lot by a rule of `splitting`; return the parts."""
        if rule.sinks:
            raise self._wrong_rule(rule)
        return self._divide(lot, rule, at, SPLIT)

    def react(self, lot: int, rule: Rule, at: int, gains: Iterable[tuple[str, Whole]] = ()) -> int:
        """Let a lot react by a rule of `reaction`, and gain compositions from sources; return what comes of it."""
        if len(rule.marks) != 1:
            raise self._wrong_rule(rule)
        if self.facility_of.get(lot) != at:
            raise self._absent(lot, at)
        for source, row in gains:
            if len(row) != self._width:
                raise refuse("lot_shape", self._name(at), found=len(row), allowed=self._width)
            self._notes.gained += (self._next_event, self._next_lot, self.accounts.number(source, SOURCE))
            self._notes.gained_rows.append(row)
        return self._divide(lot, rule, at, REACT)[0]

    def _divide(self, lot: int, rule: Rule, at: int, kind: int) -> range:
        facility_of, marks = self.facility_of, rule.marks
        if facility_of.get(lot) != at:
            raise self._absent(lot, at)
        del facility_of[lot], self.mark_of[lot]
        first, event = self._next_lot, self._next_event
        self._next_lot, self._next_event = first + len(marks), event + 1
        self._notes.divided += (event, self.clock._now, at, lot, first, kind)
        self._notes.rules.append(rule)
        parts = range(first, first + len(marks))
        for part, mark in zip(parts, marks, strict=True):
            self.mark_of[part] = mark
            facility_of[part] = at
        if self.serial_of:
            self._hand_on(lot, parts)
        if event >= self._due:
            self.settle()
        return parts

    def merge(self, lots: Sequence[int], mark: Mark, at: int) -> int:
        """Put lots together; return the one that comes of it."""
        if not 1 <= len(lots) <= MOST_LOTS or len(set(lots)) < len(lots):
            raise refuse("merge_of_these", self._name(at), found=list(lots)[:12], allowed=MOST_LOTS)
        facility_of = self.facility_of
        for lot in lots:
            if facility_of.get(lot) != at:
                raise self._absent(lot, at)
        for lot in lots:
            del facility_of[lot], self.mark_of[lot]
            self.serial_of.pop(lot, None)
        child, event = self._next_lot, self._next_event
        self._next_lot, self._next_event = child + 1, event + 1
        self._notes.merged += (event, self.clock._now, at, child, mark.code, len(lots))
        self._notes.parents += lots
        self.mark_of[child], facility_of[child] = mark, at
        if event >= self._due:
            self.settle()
        return child

    def reclassify(self, lot: int, mark: Mark, at: int, process: str | None = None) -> int:
        """Give a lot another mark and, at `take_back` or `new_scrap`, its new origin class; return it anew."""
        account = origin = -1
        if process is not None:
            known(process, tuple(RECLASSIFIED), self._name(at))
            account = self.accounts.names.code(process)
            origin = known(RECLASSIFIED[process], self.columns.origins, self._name(at))
        self._end(lot, at)
        child, event = self._next_lot, self._next_event
        self._next_lot, self._next_event = child + 1, event + 1
        self._notes.renamed += (event, self.clock._now, at, lot, child, mark.code, account, origin)
        self.mark_of[child], self.facility_of[child] = mark, at
        self._hand_on(lot, range(child, child + 1))
        if event >= self._due:
            self.settle()
        return child

    def ship(self, lot: int, sink: str, at: int) -> None:
        """Let a lot leave for a sink."""
        account = self.accounts.number(sink, SINK)
        self._end(lot, at)
        self.serial_of.pop(lot, None)
        event = self._next_event
        self._next_event = event + 1
        self._notes.shipped += (event, self.clock._now, at, lot, account)
        if event >= self._due:
            self.settle()

    def move(self, lots: Sequence[int], at: int, to: int) -> None:
        """Carry lots together from one facility to another: one event a load."""
        facility_of = self.facility_of
        if not 0 <= to < self.facilities.count:
            raise refuse("facility_unknown", "lots", found=to, allowed=self.facilities.names)
        for lot in lots:
            if facility_of.get(lot) != at:
                raise self._absent(lot, at)
        for lot in lots:
            facility_of[lot] = to
        event = self._next_event
        self._next_event = event + 1
        self._notes.moved += (event, self.clock._now, at, to, len(lots))
        self._notes.loads += lots
        if event >= self._due:
            self.settle()

    def move_one(self, lot: int, at: int, to: int) -> None:
        """Carry one lot: `move` of a load of one, without looking for others, because a run does this most."""
        facility_of = self.facility_of
        if facility_of.get(lot) != at:
            raise self._absent(lot, at)
        if not 0 <= to < self.facilities.count:
            raise refuse("facility_unknown", "lots", found=to, allowed=self.facilities.names)
        facility_of[lot] = to
        event = self._next_event
        self._next_event = event + 1
        self._notes.moved += (event, self.clock._now, at, to, 1)
        self._notes.loads.append(lot)
        if event >= self._due:
            self.settle()

    # looking

    @property
    def count(self) -> int:
        """Lots that were ever born."""
        return self._next_lot

    @property
    def events(self) -> int:
        """Events that ever happened."""
        return self._next_event

    def settle(self) -> None:
        """Work out what is noted down, write it, and forget lots that ended."""
        events, lots = self._next_event - self._first_event, self._next_lot - self._first_lot
        if not events:
            return
        notes, self._notes = self._notes, Notes()
        done = page(notes, self._first_event, events, self._first_lot, lots, self.columns.width)
        self.columns.check(done.rows, done.created[:, 3])
        self.columns.check(done.gained_rows, done.gained[:, 1])
        worked_out = self._evaluator(done, self.columns, self._store.rows(done.before))
        settled(done, worked_out, self)
        self._first_event, self._first_lot = self._next_event, self._next_lot
        self._due = self._next_event + self._every - 1

    def rows(self, lots: Sequence[int]) -> Whole:
        """Return the compositions of lots that exist, mg, (lot, column)."""
        for lot in lots:
            if lot not in self.facility_of:
                raise self._absent(lot, -1)
        if max(lots, default=-1) >= self._first_lot:  # a lot never changes: one from before need not be worked out
            self.settle()
        return self._store.rows(np.array(lots, dtype=np.int64))[:, : self.columns.width]

    def masses(self, lots: Sequence[int]) -> Whole:
        """Return the masses of lots that exist, mg, (lot)."""
        return self.columns.masses(self.rows(lots))

    def look(self, lot: int) -> Lot:
        """Return a lot to look at."""
        row = self.rows([lot])[0].tolist()
        mark = self.mark_of[lot]
        _, born = self._store.beside(np.array([lot])).tolist()[0]
        vehicles, serial = self._store.rows(np.array([lot]))[0, -2:].tolist()
        count = len(self.columns.substances)
        return Lot(
            lot, mark.kind, mark.grade, mark.owner, self._name(self.facility_of[lot]), born, vehicles,
            serial if serial >= 0 else None, sum(row[:count]),
            dict(zip(self.columns.substances, row[:count], strict=True)),
            dict(zip(self.columns.origins, row[count:], strict=True)),
        )  # fmt: skip

    def held(self) -> Whole:
        """Return what all lots hold together, mg, (column)."""
        self.settle()
        return self._store.sum()[: self.columns.width]

    def close_period(self) -> None:
        """Work out everything, prove that nothing is lost, write the accounts, and begin the next period."""
        rows = self.accounts.close(self.held())
        self.ledger.add("account", {"period": np.full(len(rows["side"]), self.period), **rows})
        self.period += 1

    # what the doors share

    def _end(self, lot: int, at: int) -> None:
        if self.facility_of.get(lot) != at:
            raise self._absent(lot, at)
        del self.facility_of[lot], self.mark_of[lot]

    def _hand_on(self, lot: int, parts: range) -> None:
        serial = self.serial_of.pop(lot, None)
        if serial is not None:
            self.serial_of.update(dict.fromkeys(parts, serial))

    def _name(self, facility: int) -> str:
        names = self.facilities.names
        return names[facility] if 0 <= facility < len(names) else str(facility)

    def _absent(self, lot: int, at: int) -> Exception:
        here = self.facility_of.get(lot)
        if here is None:
            return refuse("lot_gone", self._name(at), found=lot)
        return refuse("lot_elsewhere", self._name(at), found=lot, allowed=self._name(here))

    def _wrong_rule(self, rule: Rule) -> Exception:
        return refuse("rule_of_another_door", "lots", found=[mark.kind for mark in rule.marks])

    def __getstate__(self) -> dict[str, Any]:
        self.settle()
        return dict(self.__dict__)
