"""A block of lanes solved again, from any year on, without writing its flows: what the indicators sum, and no more.

The allocation of every year is solved in full. What is left out are the tables: flows by origin and substance, levels,
and with them the proof. The arithmetic is that of `chain.Chain`, in compiled loops, to the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.balance import lane_account, lane_plastics, lane_treatment
from cesim.balance.lane_cars import alloys_leaving, remember
from cesim.balance.lane_metal import melt, new_hearth, new_melted, works_of
from cesim.charge.lexicographic import NotSolvedError
from cesim.ledger.substances import ALLOYS, ELEMENTS, PAIRS, SIX_THOUSAND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.balance.inputs import Metal, Plastics, Treatment
    from cesim.balance.lane_cars import CarLanes, Leaving

    Floats = NDArray[np.float64]

_METAL = len(ALLOYS) * len(ELEMENTS)


@dataclass(frozen=True)
class Rooms:
    """The inputs of a block: cars as `car_lanes` gives them, the other rooms of `inputs.System`."""

    cars: CarLanes
    treatment: Treatment
    metal: Metal
    plastics: Plastics


@dataclass
class Course:
    """A block of lanes through all years: what one year hands to the next, and what is summed by region.

    Attributes
    ----------
    memory : (D, Y + 1, A, element)
        composition of each cohort; 0 is everything older than the balance
    waiting_items : (Y + 1, D, M, A), waiting_elements : (Y + 1, D, M, METALS)
        mixed new scrap in the yard before each year, t
    treated, melted, compounded : (Y, D, sum, R)
        `lane_treatment.SUMS`, `lane_account.SUMS`, `lane_plastics.SUMS` and what is burnt of each polymer, t
    gap : (Y, D)
        the largest difference between what a heat holds and what was asked, relative to the heat
    """

    memory: Floats
    waiting_items: Floats
    waiting_elements: Floats
    treated: Floats
    melted: Floats
    compounded: Floats
    gap: Floats


def is_compiled() -> bool:
    """Whether numba is there to compile the loops."""
    return find_spec("numba") is not None


def empty_course(rooms: Rooms) -> Course:
    """Memory for a block, with what stands before the first year."""
    years, draws = rooms.cars.finished.shape[:2]
    sites, regions = rooms.metal.melters.size, rooms.cars.assembly.shape[1]
    memory = np.empty((draws, years + 1, *rooms.cars.composition.shape[1:]))
    memory[:, 0] = rooms.cars.composition
    items = np.empty((years + 1, draws, sites, len(ALLOYS)))
    elements = np.empty((years + 1, draws, sites, len(ELEMENTS) - 1))
    items[0] = rooms.metal.new_mixed_start
    middle = np.array([window.middle for window in rooms.metal.windows[0]])
    elements[0] = (items[0][..., None] * middle).sum(axis=2)
    treated, melted, compounded = (
        np.empty((years, draws, count, regions))
        for count in (lane_treatment.SUM_COUNT, len(lane_account.SUMS), lane_plastics.SUM_COUNT)
    )
    return Course(memory, items, elements, treated, melted, compounded, np.zeros((years, draws)))


STRANDS: Final = {
    "metal": ("memory", "waiting_items", "waiting_elements", "melted", "gap"),
    "plastics": ("compounded",),
    "treated": ("treated",),
}
"""What of a course is solved together; each can be taken from another course."""


def resumed(rooms: Rooms, known: Mapping[str, tuple[Mapping[str, Floats], int]]) -> Course:
    """A course to be solved from a year (index) on, for each strand; what stands before it is taken over.

    A strand of which every year is known is not copied.
    """
    again, years = empty_course(rooms), rooms.cars.years
    for strand, (arrays, first) in known.items():
        for name in STRANDS[strand] if first else ():
            old, new = arrays[name], getattr(again, name)
            if first == years:
                setattr(again, name, old)
            elif name == "memory":
                new[:, : first + 1] = old[:, : first + 1]
            else:  # what waits before a year is known with the year before it
                known_years = first + new.shape[0] - years
                new[:known_years] = old[:known_years]
    return again


class Again:
    """Solves the years of a block; keeps its working memory from year to year."""

    def __init__(self, rooms: Rooms, course: Course) -> None:
        self.rooms, self.course = rooms, course
        draws, regions = rooms.cars.assembly.shape
        sites = rooms.metal.melters.size
        self.works, self.plant = works_of(rooms.metal), lane_treatment.plant_of(rooms.treatment)
        self.mixers, self.chart = lane_plastics.mixers_of(rooms.plastics), lane_account.new_chart()
        self.melters = rooms.metal.melters.astype(np.int64)
        self.hearth, self.floor = new_hearth(), lane_treatment.new_floor(regions)
        self.slate = lane_account.new_slate(regions, sites)
        self.bowl = lane_plastics.new_bowl(regions, rooms.plastics.compounders.size)
        self.melted = new_melted(draws, sites)
        # one sheet for all years: asking the system for memory costs as much as filling it
        self.mass = np.empty(draws * len(ALLOYS) * rooms.cars.years * regions)
        self.six = [np.empty((draws, regions, len(SIX_THOUSAND), len(ELEMENTS))) for _ in range(2)]
        self.scrapped = np.empty((draws, regions, len(PAIRS)))
        self.treated = lane_treatment.new_yield(draws, regions)

    def solve(self, metal: int = 0, plastics: int = 0, treated: int = 0) -> None:
        """Solve the metal, the plastics and the masses treated, each from its first year (index) on.

        Raises
        ------
        NotSolvedError
            when a charge has no optimum or misses its limits
        """
        for year in range(min(metal, plastics, treated), self.rooms.cars.years):
            self._scrapped(year)
            out = self.treated._replace(sums=self.course.treated[year]) if year >= treated else self.treated
            lane_treatment.treat(self.plant, year, self.scrapped, self.floor, out)
            if year >= metal:
                self._left_use(year)
                self._metal(year)
            if year >= plastics:
                self._plastics(year)

    def _scrapped(self, year: int) -> None:
        """Write what is scrapped in the year."""
        scrapped = self.scrapped
        scrapped[:, :, _METAL:] = self.rooms.cars.rest[year]
        by_alloy = scrapped[:, :, :_METAL].reshape(*scrapped.shape[:2], len(ALLOYS), len(ELEMENTS))
        self._alloys(self.rooms.cars.scrapped, year, by_alloy)

    def _left_use(self, year: int) -> None:
        """Sum the 6000 series that leaves use in any way."""
        for way, six in zip((self.rooms.cars.exported, self.rooms.cars.other), self.six, strict=True):
            self._alloys(way, year, six)
        gone = [six.reshape(*six.shape[:2], -1) for six in self.six]
        exported, other = gone
        lane_account.left_use(self.scrapped, exported, other, self.course.melted[year])

    def _alloys(self, way: Leaving, year: int, out: Floats) -> None:
        """Aluminium that leaves, (D, R, alloy, element), by the composition of its cohorts."""
        cars, alloys = self.rooms.cars, out.shape[2]
        shape = out.shape[0], alloys, year + 1, out.shape[1]
        mass = self.mass[: int(np.prod(shape))].reshape(shape)
        alloys_leaving(way.past, way.recent, cars.age_share, cars.place, cars.split, year, mass)
        made_of = self.course.memory[:, : year + 1, :alloys].transpose(0, 2, 1, 3)
        np.matmul(mass.transpose(0, 1, 3, 2), made_of, out=out.transpose(0, 2, 1, 3))

    def _metal(self, year: int) -> None:
        rooms, course, treated = self.rooms, self.course, self.treated
        route = rooms.metal.scrap_route
        items, elements = (_routed(route, part) for part in (treated.items, treated.elements))
        waiting = course.waiting_items[year], course.waiting_elements[year]
        course.waiting_items[year + 1], course.waiting_elements[year + 1] = waiting
        after = course.waiting_items[year + 1], course.waiting_elements[year + 1]
        out = self.melted._replace(worst=course.gap[year])
        failed = melt(self.works[year], year, items, elements, *after, rooms.cars.finished[year], self.hearth, out)
        if failed >= 0:
            raise NotSolvedError(f"no optimum within the limits in lane {failed}")
        lane_account.account(
            self.works[year], year, self.chart, route, rooms.cars.assembly, self.melters, treated.items,
            treated.coating, treated.hulks, *waiting, out, self.slate, course.melted[year],
        )  # fmt: skip
        cars = rooms.cars
        made = cars.paint[year], cars.kept[year], cars.imported[year]
        remember(year, out.finished, out.composition, *made, course.memory)

    def _plastics(self, year: int) -> None:
        cars = self.rooms.cars
        failed = lane_plastics.compound(
            self.mixers, year, self.treated.pellets, cars.plastics[year], cars.recipe, cars.assembly, self.bowl,
            self.course.compounded[year],
        )  # fmt: skip
        if failed >= 0:
            raise NotSolvedError(f"no optimum of a compound in lane {failed}")


def _routed(route: Floats, part: Floats) -> Floats:
    """(D, R, M) x (D, R, ...) -> (D, M, ...), as `metal.brought` does."""
    flat = part.reshape(*part.shape[:2], -1)
    arrived: Floats = np.matmul(route.transpose(0, 2, 1), flat)
    return arrived.reshape(part.shape[0], route.shape[2], *part.shape[2:])
