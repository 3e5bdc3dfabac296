"""Dismantlers: labour decides how many cars a day, the share curve of the margin which parts come off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from cesim.events.chain.parts import (
    CASES,
    GRADE_OF,
    LEFT,
    SOLD,
    TAKEN,
    Marks,
    Stripping,
    graded,
    identification,
    library,
    must_come_off,
    pieces_a_car,
)
from cesim.events.station import Station
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cesim.events.chain.plan import Capacities, Names, TreatmentPlan
    from cesim.events.facility import Statistics
    from cesim.events.rules import Rule
    from cesim.events.simulation import Simulation

SINKS: Final = ("part_reuse", "ferrous_recycling", "copper_recycling", "other_recycling", "energy_recovery")
FLOWS: Final = {"sold": ("dismantling", "part_reuse"), "hulk": ("dismantling", "shredding")}
LOSSES: Final = {
    ("stripped", name): ("dismantling", name)
    for name in ("ferrous_recycling", "copper_recycling", "other_recycling", "energy_recovery")
}
PLENTY: Final = 1_000_000
"""Servers where there is no limit."""
_FULL: Final = 0.75
"""Share of the places taken from which parts are left on, but for those sold and those that must come off."""

_AT_ONCE: Final = 4096
"""Cars whose grading is drawn at once."""
_KEPT: Final = 8
"""Such blocks that are kept."""


class Dismantler(Station):
    """The dismantlers of a region: workers take cars apart one by one.

    A car first loses what goes straight to sinks (fluids, tyres, steel of engines), then is split into the parts that
    are sold, pieces by scrap grade, plastic parts, and the hulk. Where its alloys are known (marks, data), each alloy
    is put with its grade, rightly or wrongly by draw; where not, all wrought parts are one mixed grade.

    Where cars fill three quarters of the places, labour is short: then parts stay on, but for those that are sold and
    those that must come off.

    Parameters
    ----------
    simulation, name, place
        See `Facility`.
    region
        Its number.
    capacities
        Workers, base minutes, places.
    names
        Along the axes.
    batch
        Cars of a lot, at most.
    instant
        Work takes no time.

    Attributes
    ----------
    send_piece, send_plastic
        Who takes pieces and plastic parts: called with grade and lot. Set before the run begins.
    send_hulk
        Who takes hulks: called with the lot, the serial of its car, and how many cars it is of.
    """

    kind: ClassVar[str] = "dismantling"

    def __init__(
        self,
        simulation: Simulation,
        name: str,
        place: str,
        region: int,
        capacities: Capacities,
        names: Names,
        batch: int = 1,
        instant: bool = False,
    ) -> None:
        super().__init__(simulation, name, place, servers=PLENTY)
        self.region, self.names, self.batch, self.instant = region, names, batch, instant
        self._most = 0
        self.set_workers(capacities)
        self.slowness = 1.0
        """Hours of a week in an hour of work: people work at their mean rate around the clock."""
        self.cars_of: dict[int, int] = {}
        """Lots of more than one car, and how many."""
        self.cars = self.hurried = 0
        """Cars done; those of them on which parts stayed for want of labour."""
        self.send_piece: Callable[[str, int], object]
        self.send_plastic: Callable[[str, int], object]
        self.send_hulk: Callable[[int, int, int], object]
        self._chosen: dict[int, Stripping] = {}
        self._marks = Marks(self.lots, names, place, instant)
        self._serials = 0
        self._case = np.zeros(0, dtype=np.int16)
        self._known = np.zeros(0, dtype=np.bool_)

    def statistics(self) -> Statistics:
        """Return what it has seen until now; of years with more and with fewer people, the servers of the most."""
        return replace(super().statistics(), servers=self._most)

    # years

    def set_workers(self, capacities: Capacities) -> None:
        """Work from now on with so many people, on so many places."""
        self.capacities = capacities
        places = capacities.car_places
        self.limit = None if places is None else max(1, places // self.batch)
        self.servers, self._hands = PLENTY, float(self.batch)  # where people are no limit, one a car
        if capacities.workers is not None:  # lots of several cars are worked on by as many people
            self.servers = max(1, capacities.workers // self.batch)
            self._hands = max(1.0, capacities.workers / self.servers)
        self._most = max(self._most, self.servers)
        if self._open:
            self._open = self.servers

    def open_year(self, plan: TreatmentPlan) -> None:
        """Work by the coefficients of a year from now on."""
        self.plan = plan
        own = [self.names.part_grades.index(grade) for grade in GRADE_OF.values()]
        self._steel = plan.steel_to_grades[self.region].copy()
        self._steel[own] = 0.0  # these do not come out of the wrought parts
        cases = library(self.simulation.draws, self.names.parts, plan.reused, plan.taken)
        must = must_come_off(plan, self.names)
        hurried = np.where((cases == TAKEN) & ~must, LEFT, cases)
        self._cases = cases.tolist(), hurried.tolist()
        self.share_known, rows = identification(plan, self.names)
        self.pieces_a_car = pieces_a_car(cases, plan, self.names, self.share_known)
        self._grades = rows.cumsum(axis=1)
        self._strippings: dict[tuple[tuple[int, ...], bool], Stripping] = {}
        self._gradings: dict[bytes, tuple[Rule, tuple[str, ...]]] = {}
        self._blocks: dict[int, NDArray[np.int8]] = {}
        if self.instant:
            taken = (1.0 - plan.reused) * plan.taken
            self._whole = Stripping(plan.reused, taken, True, plan, self._marks, self.region)
            self._gradings[b""] = graded(self._marks, plan.identified, self._steel)

    def forget_rules(self) -> None:
        """Let go of how cars were taken apart; what is asked for again is made again."""
        self._strippings.clear()
        self._gradings = {key: rule for key, rule in self._gradings.items() if self.instant}
        self._blocks.clear()

    def open_serials(self, first: int, count: int) -> None:
        """Draw the cases of cars that come."""
        self._serials = first
        self._case = (self.draws("case").some(first, count) * CASES).astype(np.int16)
        self._known = self.draws("known").some(first, count) < self.share_known

    def _case_of(self, serial: int) -> tuple[int, bool]:
        at = serial - self._serials
        if 0 <= at < len(self._case):
            return int(self._case[at]), bool(self._known[at])
        case = int(self.draws("case").at(serial) * CASES)  # a car of last year
        return case, self.draws("known").at(serial) < self.share_known

    def _stripping(self, serial: int, short: bool) -> Stripping:
        if self.instant:
            return self._whole
        case, known = self._case_of(serial)
        states = tuple(self._cases[short][case])
        stripping = self._strippings.get((states, known))
        if stripping is None:
            sold, taken = (np.array([state == one for state in states], dtype=float) for one in (SOLD, TAKEN))
            stripping = Stripping(sold, taken, known, self.plan, self._marks, self.region)
            self._strippings[states, known] = stripping
        return stripping

    # lots

    def seconds(self, lot: int) -> int:
        """Seconds of labour on a car."""
        short = self.limit is not None and self.inside > _FULL * self.limit
        chosen = self._chosen[lot] = self._stripping(self.lots.serial_of[lot], short)
        count = self.cars_of.get(lot, 1)
        self.hurried += count * int(short)
        if self.instant:
            return 0
        minutes = (self.capacities.base_minutes + chosen.minutes) * count / self._hands
        return round(minutes * 60 * self.slowness)

    def done(self, lot: int) -> None:
        """Take the car apart and send on what comes off."""
        lots, code = self.lots, self.code
        serial = lots.serial_of[lot]
        chosen = self._chosen.pop(lot)
        cars = self.cars_of.pop(lot, 1)
        self.cars += cars
        stripped = lots.react(lot, chosen.lost, code)
        *off, hulk = lots.split(stripped, chosen.parts, code)
        for part, (kind, name) in zip(off, chosen.what, strict=True):
            if kind == "sold":
                lots.ship(part, "part_reuse", code)
            elif kind == "piece":
                self.send_piece(name, part)
            elif kind == "plastic_piece":
                self.send_plastic(name, part)
            else:
                self._grade(part, serial)
        self.send_hulk(hulk, serial, cars)

    def _grade(self, lot: int, serial: int) -> None:
        """Put the wrought parts of a car whose alloys are known with their grades."""
        grades = b"" if self.instant else self._graded(serial)
        if grades not in self._gradings:
            to = np.zeros_like(self.plan.identified)
            to[np.arange(len(grades)), np.frombuffer(grades, dtype=np.int8)] = 1.0
            self._gradings[grades] = graded(self._marks, to, self._steel)
        rule, names = self._gradings[grades]
        for piece, name in zip(self.lots.split(lot, rule, self.code), names, strict=True):
            self.send_piece(name, piece)

    def _graded(self, serial: int) -> bytes:
        """The grade that each alloy of a car is put with, a byte each."""
        block = serial // _AT_ONCE
        if block not in self._blocks:
            if len(self._blocks) >= _KEPT:
                del self._blocks[next(iter(self._blocks))]
            first = block * _AT_ONCE
            drawn = [self.draws(f"graded.{alloy}").some(first, _AT_ONCE) for alloy in ALLOYS]
            found = [np.searchsorted(row, draw) for row, draw in zip(self._grades, drawn, strict=True)]
            self._blocks[block] = np.ascontiguousarray(np.stack(found, axis=1).astype(np.int8))
        grades: bytes = self._blocks[block][serial % _AT_ONCE].tobytes()
        return grades
