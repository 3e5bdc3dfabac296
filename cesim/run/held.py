"""One block of lanes of a prepared scenario: what was drawn, compiled and solved, and its changes.

Nothing is solved twice that is made from the same inputs: the metal, the plastics and the masses treated are kept by
what they read (`cesim.balance.reads`), and what differs from a year on only is solved from that year on.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.again import STRANDS, Again, Course, Rooms, is_compiled, resumed
from cesim.balance.inputs import along_axes
from cesim.balance.lane_cars import with_nominal
from cesim.balance.metal import rounds
from cesim.balance.reads import car_marks, metal_marks, plastics_marks, trails, treatment_marks
from cesim.ledger.substances import ALLOYS
from cesim.run.compile import compile_factors, compile_type_rules
from cesim.run.compile_cars import compile_nominal
from cesim.run.compile_metal import compile_metal, compile_plastics
from cesim.run.compile_treatment import compile_treatment
from cesim.run.courses import Strands
from cesim.run.evaluated import (
    NAMES,
    gases,
    metal_figures,
    plastics_figures,
    put,
    to_gas,
    treated_figures,
    vehicle_figures,
)
from cesim.run.lanes_of_cars import lane_cars_of
from cesim.run.limits import middle, read_windows
from cesim.run.periods import balance_years
from cesim.run.remembered import Remembering
from cesim.run.said import Shelf
from cesim.run.series import groups

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from cesim.balance.lane_cars import CarLanes
    from cesim.balance.reads import Marks
    from cesim.run.courses import Strand
    from cesim.run.limits import AlloyMiddle
    from cesim.run.said import Said
    from cesim.run.sampler import Sampler
    from cesim.run.solve import Plan
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


METAL_OUTLETS = ("wrought", "cast", "wheels", "heat-exchanger")

THINGS_HELD = 16
"""Compiled rooms of each kind that are kept; what is known of their contents is kept for many more."""
CARS_HELD, CARS_NOTED = 4, 256
"""Fleets that are kept, which takes some 0.2 MB a lane, and fleets of which the contents are known."""


def can_hold(scenario: Scenario) -> bool:
    """Whether the compiled loops can solve a scenario; what they cannot is left to the engine that writes its flows."""
    sent = ((item, outlet) for part in scenario.parts.values() for item, outlet in part.goes_to.items())
    return is_compiled() and all(outlet not in METAL_OUTLETS or item in ALLOYS for item, outlet in sent)


@dataclass(frozen=True)
class Solved:
    """The strands of a course, and what of them had to be solved.

    `first` is the first year (index) of each strand that was solved, `heats` and `gap` are as in `Evaluated`.
    """

    strands: dict[str, Strand]
    first: dict[str, int]
    heats: int
    gap: float

    @property
    def course(self) -> Course:
        """All strands together."""
        return Course(**{name: array for own in self.strands.values() for name, array in own.arrays.items()})


class HeldBlock:
    """A block of lanes, compiled and solved once, to be evaluated with changes.

    Parameters
    ----------
    said
        what the scenario of the plan says
    memory
        bytes that courses may take
    """

    def __init__(self, plan: Plan, start: int, said: Said, memory: int) -> None:
        self.start = start
        self.kept = min(plan.width, plan.lanes - start)
        self.strands = {name: Strands(name, memory) for name in STRANDS}
        self.sampler = Remembering(plan.source(), start, self.kept)
        self._middle = middle(read_windows(plan.scenario))
        self._shelve(self.sampler)
        # the scenario of the plan stands first, and what it draws is remembered
        out = np.empty((len(NAMES), len(groups(plan.scenario)), balance_years(plan.scenario).size, plan.lanes))
        self.evaluate(plan.scenario, said, out)
        self.sampler.learns = False

    def _shelve(self, s: Remembering) -> None:
        """Say how everything is compiled, and what is noted of it."""
        alloys = self._middle  # not the block itself: whoever makes must not hold it, or it is not let go in time
        self._cars = Shelf(
            lambda read: lane_cars_of(read, s, alloys),
            lambda made: (car_marks(made.lanes), made.counted),
            CARS_HELD,
            CARS_NOTED,
        )
        self._nominal = Shelf(
            lambda read: _nominal(read, s), lambda made: made[0].composition.tobytes(), CARS_HELD, CARS_NOTED
        )
        self._renamed: OrderedDict[Hashable, tuple[CarLanes, Marks]] = OrderedDict()
        self._treatment = Shelf(lambda read: along_axes(compile_treatment(read, s)), treatment_marks, THINGS_HELD)
        self._metal = Shelf(
            lambda read: along_axes(compile_metal(read, s, read_windows(read))), metal_marks, THINGS_HELD
        )
        self._plastics = Shelf(lambda read: along_axes(compile_plastics(read, s)), plastics_marks, THINGS_HELD)
        self._factors = Shelf(lambda read: compile_factors(read, s), lambda _: None, THINGS_HELD)
        self._types = Shelf(lambda read: compile_type_rules(read, s), lambda _: None, THINGS_HELD)

    def evaluate(self, scenario: Scenario, said: Said, out: Floats) -> Solved:
        """Write the indicators of a scenario into `out` (indicator, group, year, all lanes of the run)."""
        solved = self._solved(scenario, said)
        self._write(scenario, said, solved, out[..., self.start : self.start + self.kept])
        return solved

    def forget(self) -> None:
        """Let go what was solved since the scenario of the plan was."""
        for own in self.strands.values():
            own.forget()

    def _solved(self, scenario: Scenario, said: Said) -> Solved:
        """The strands of a scenario, of which only what is not known is solved."""
        years = balance_years(scenario).size
        marks = [self._car_marks(scenario, said)]
        marks += [shelf.noted(said, scenario) for shelf in (self._treatment, self._metal, self._plastics)]
        wanted = trails(years, marks)._asdict()
        found = {name: self.strands[name].find(trail) for name, trail in wanted.items()}
        first = {name: year for name, (_, year) in found.items()}
        strands = {name: own for name, (own, _) in found.items() if own is not None}
        if min(first.values()) == years:
            return Solved(strands, first, 0, 0.0)
        rooms = self._rooms(scenario, said)
        course = resumed(rooms, {name: (own.arrays, first[name]) for name, own in strands.items()})
        Again(rooms, course).solve(**first)
        for name, year in first.items():
            if year < years:
                strands[name] = self.strands[name].keep(wanted[name], course)
        gap = float(course.gap[first["metal"] :].max(initial=0.0))
        return Solved(strands, first, self._heats(rooms, years - first["metal"], years - first["plastics"]), gap)

    def _rooms(self, scenario: Scenario, said: Said) -> Rooms:
        """The inputs of the engine."""
        other = self._other_alloys(scenario, said)
        lanes = self._cars.thing(said, scenario).lanes if other is None else other[0]
        treatment, metal = self._treatment.thing(said, scenario), self._metal.thing(said, scenario)
        return Rooms(lanes, treatment, metal, self._plastics.thing(said, scenario))

    def _car_marks(self, scenario: Scenario, said: Said) -> Marks:
        other = self._other_alloys(scenario, said)
        return self._cars.noted(said, scenario)[0] if other is None else other[1]

    def _other_alloys(self, scenario: Scenario, said: Said) -> tuple[CarLanes, Marks] | None:
        """Cars in which alloys are others than those of the plan; None where they are the same."""
        if self._nominal.noted(said, scenario) == self._middle.composition.tobytes():
            return None
        key = self._cars.key(said, scenario), self._nominal.key(said, scenario)
        if key not in self._renamed:
            held, (_, nominal) = self._cars.thing(said, scenario), self._nominal.thing(said, scenario)
            lanes = with_nominal(held.lanes, replace(held.cars, nominal=nominal))
            self._renamed[key] = lanes, car_marks(lanes)
            while len(self._renamed) > CARS_HELD:
                self._renamed.popitem(last=False)
        self._renamed.move_to_end(key)
        return self._renamed[key]

    def _write(self, scenario: Scenario, said: Said, solved: Solved, out: Floats) -> None:
        """Write the indicators; those that one strand decides are worked out once."""
        regions = tuple(map(tuple, groups(scenario).values()))
        course, strands = solved.course, solved.strands
        of_types = self._types.key(said, scenario), regions
        metal = strands["metal"].figure("own", regions, lambda: metal_figures(course, regions))
        treated = strands["treated"].figure("own", regions, lambda: treated_figures(course, regions))
        plastics = strands["plastics"].figure(
            "own", of_types, lambda: plastics_figures(course, regions, *self._types.thing(said, scenario))
        )
        burnt = {name: own.figure("gas", None, partial(to_gas, course, name)) for name, own in strands.items()}
        rest = gases(burnt, self._factors.thing(said, scenario), regions)
        scrapped, exported = self._cars.noted(said, scenario)[1]
        put(out, metal, treated, plastics, rest | vehicle_figures(scrapped, exported, regions))

    def _heats(self, rooms: Rooms, metal_years: int, plastics_years: int) -> int:
        """Programmes solved in the lanes kept."""
        compounds = int(rooms.plastics.admitted.any(axis=1).sum()) * rooms.plastics.compounders.size
        return self.kept * (metal_years * len(rounds()) * rooms.metal.melters.size + plastics_years * compounds)


def _nominal(scenario: Scenario, sampler: Sampler) -> tuple[AlloyMiddle, Floats]:
    """What cars older than the balance are made of."""
    alloys = middle(read_windows(scenario))
    return alloys, compile_nominal(scenario, sampler, alloys)
