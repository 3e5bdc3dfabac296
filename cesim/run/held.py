"""One block of lanes of a prepared scenario: what was drawn, compiled and solved, and its changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cesim.balance.again import Again, Rooms, empty_course, is_compiled, resumed
from cesim.balance.inputs import along_axes
from cesim.balance.lane_cars import car_lanes, with_nominal
from cesim.balance.metal import rounds
from cesim.balance.unlike import first_unlike, same
from cesim.ledger.substances import ALLOYS
from cesim.run.compile import compile_factors, compile_type_rules
from cesim.run.compile_cars import compile_cars, compile_nominal
from cesim.run.compile_metal import compile_metal, compile_plastics
from cesim.run.compile_treatment import compile_treatment
from cesim.run.evaluated import NAMES, NEW_TYPES, grouped, metal_parts, new_types, plastics_parts
from cesim.run.limits import middle
from cesim.run.remembered import Kept, Remembering
from cesim.run.series import groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cesim.balance.again import Course
    from cesim.balance.inputs import Cars, Metal, Plastics, Treatment
    from cesim.balance.lane_cars import CarLanes
    from cesim.indicators.formulas import Factors
    from cesim.run.limits import AlloyMiddle, Windows
    from cesim.run.sampler import Sampler
    from cesim.run.solve import Plan
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]

Made = TypeVar("Made")


METAL_OUTLETS = ("wrought", "cast", "wheels", "heat-exchanger")


def can_hold(scenario: Scenario) -> bool:
    """Whether the compiled loops can solve a scenario; what they cannot is left to the engine that writes its flows."""
    sent = ((item, outlet) for part in scenario.parts.values() for item, outlet in part.goes_to.items())
    return is_compiled() and all(outlet not in METAL_OUTLETS or item in ALLOYS for item, outlet in sent)


@dataclass(frozen=True)
class HeldCars:
    """Cars without their cohorts, those cohorts as lanes need them, and vehicles counted (lane, year, region)."""

    cars: Cars
    lanes: CarLanes
    scrapped: Floats
    exported: Floats


@dataclass(frozen=True)
class Held:
    """Everything compiled for a block, each with what it was read from."""

    cars: Kept[HeldCars]
    treatment: Kept[Treatment]
    metal: Kept[Metal]
    plastics: Kept[Plastics]
    factors: Kept[Factors]
    type_rules: Kept[tuple[Floats, Floats]]

    def rooms(self, lanes: CarLanes) -> Rooms:
        """The inputs of the engine."""
        return Rooms(lanes, self.treatment.made, self.metal.made, self.plastics.made)


@dataclass(frozen=True)
class Told:
    """How a block was evaluated: first year (index) of metal and plastics solved, heats solved, largest gap of one."""

    first: tuple[int, int]
    heats: int
    gap: float


class HeldBlock:
    """A block of lanes, compiled and solved once, to be evaluated with changes."""

    def __init__(self, plan: Plan, start: int, windows: Windows) -> None:
        self.scenario, self.start = plan.scenario, start
        self.kept = min(plan.width, plan.lanes - start)
        self.sampler = Remembering(plan.source(), start, self.kept)
        self.middle = middle(windows)
        self.held = self._compiled(plan.scenario, windows, None, frozenset())
        self.lanes = self.held.cars.made.lanes
        self.rooms = self.held.rooms(self.lanes)
        self.course = empty_course(self.rooms)
        Again(self.rooms, self.course).solve()
        years = range(self.lanes.years)
        regions = list(groups(plan.scenario).values())
        self.values = np.empty((len(NAMES), len(regions), len(years), self.kept))
        self._write(self.held, self.course, regions, (0, 0), self.values)
        self.sampler.learns = False

    def evaluate(self, scenario: Scenario, unlike: frozenset[str], windows: Windows, out: Floats) -> Told:
        """Write the indicators of a changed scenario into `out` (indicator, group, year, all lanes of the run)."""
        held = self._compiled(scenario, windows, self.held, unlike)
        alloys = middle(windows)
        lanes = held.cars.made.lanes
        if held.cars is self.held.cars and not same(alloys, self.middle):
            nominal = compile_nominal(scenario, self.sampler, alloys)
            lanes = with_nominal(lanes, replace(held.cars.made.cars, nominal=nominal))
        rooms = held.rooms(lanes)
        metal, plastics = first_unlike(self.rooms, rooms)
        course, gap = self.course, 0.0
        if min(metal, plastics) < lanes.years:
            course = resumed(self.course, rooms, metal, plastics)
            Again(rooms, course).solve(metal, plastics)
            gap = float(course.gap[metal:].max(initial=0.0))
        own = out[..., self.start : self.start + self.kept]
        told = self._told(held, unlike, metal, plastics)
        years = lanes.years
        own[:, :, : min(told)] = self.values[:, :, : min(told)] if min(told) else 0.0
        if told[0] > min(told) or told[1] > min(told):
            own[:] = self.values
        self._write(held, course, list(groups(scenario).values()), told, own)
        return Told((metal, plastics), self._heats(rooms, years - metal, years - plastics), gap)

    def _told(self, held: Held, unlike: frozenset[str], metal: int, plastics: int) -> tuple[int, int]:
        """First year (index) whose indicators of the metal, and of the plastics, are told anew."""
        both = min(metal, plastics)  # gases and rates count both
        new_figures = any(
            not same(getattr(held, name).made, getattr(self.held, name).made) for name in ("factors", "type_rules")
        )
        if new_figures or held.cars is not self.held.cars or unlike & {"regions", "report", "years"}:
            return 0, 0
        # a rule on new types looks back over the years
        return both, 0 if plastics < self.lanes.years else plastics

    def _compiled(self, scenario: Scenario, windows: Windows, before: Held | None, unlike: frozenset[str]) -> Held:
        """Compile what was read from a part that differs; the rest is what it was."""
        s = self.sampler
        alloys = middle(windows)

        def kept(known: Kept[Made] | None, make: Callable[[Scenario], Made]) -> Kept[Made]:
            return known if known is not None and known.holds_for(unlike) else Kept(scenario, make)

        return Held(
            kept(before.cars if before else None, lambda read: _cars(read, s, alloys)),
            kept(before.treatment if before else None, lambda read: along_axes(compile_treatment(read, s))),
            kept(before.metal if before else None, lambda read: along_axes(compile_metal(read, s, windows))),
            kept(before.plastics if before else None, lambda read: along_axes(compile_plastics(read, s))),
            kept(before.factors if before else None, lambda read: compile_factors(read, s)),
            kept(before.type_rules if before else None, lambda read: compile_type_rules(read, s)),
        )

    def _write(self, held: Held, course: Course, regions: list[list[int]], told: tuple[int, int], out: Floats) -> None:
        """Write the indicators of the years told anew."""
        metal, plastics = told
        cars = held.cars.made
        if metal < out.shape[2]:
            vehicles = {
                name: np.ascontiguousarray(count.transpose(2, 1, 0)[:, metal:])
                for name, count in (("scrapped", cars.scrapped), ("exported", cars.exported))
            }
            for name, part in metal_parts(course, metal, vehicles, held.factors.made).items():
                out[NAMES.index(name), :, metal:] = grouped(part, regions)
        if plastics < out.shape[2]:
            for name, part in plastics_parts(course).items():
                value = grouped(part, regions)
                if name in NEW_TYPES:
                    value = new_types(value, *held.type_rules.made)
                out[NAMES.index(NEW_TYPES.get(name, name))] = value

    def _heats(self, rooms: Rooms, metal_years: int, plastics_years: int) -> int:
        """Programmes solved in the lanes kept."""
        compounds = int(rooms.plastics.admitted.any(axis=1).sum()) * rooms.plastics.compounders.size
        return self.kept * (metal_years * len(rounds()) * rooms.metal.melters.size + plastics_years * compounds)


def _cars(scenario: Scenario, sampler: Sampler, alloys: AlloyMiddle) -> HeldCars:
    """Solve the fleet; keep of the cohorts what lanes need."""
    cars, counted = compile_cars(scenario, sampler, alloys)
    cars = along_axes(cars)
    nothing = np.empty((0, 0, 0, 0))
    slim = replace(cars, stock=nothing, scrapped=nothing, exported=nothing, other=nothing)
    return HeldCars(slim, car_lanes(cars), counted.scrapped, counted.exported)
