"""Cars scrapped in a year, as whole cars: by where they come from, where they are taken apart, month and type.

A type is a year of first registration, a segment and a powertrain. The cars of a year are those of the balance: by
regions they come by largest remainder; by types, of which there are hundreds with a few cars each, by rounding a
running total, because largest remainders would give rare types nothing anywhere; by regions that take them apart and by
months, dealt in turn. So is their mass, to the milligram: what rounding leaves is carried by the last car of each pair
of regions.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.fleet import regional_shares, solve_fleet
from cesim.balance.masses import PAIR_ITEM
from cesim.events.chain.plan import Arrivals
from cesim.ledger.substances import ALLOYS, ELEMENTS, PAIRS
from cesim.run.compile_cars import Content, late_exits
from cesim.run.compile_fleet import VEHICLES, fleet_inputs, vehicle_mix
from cesim.run.places import by_region, spread_over, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.balance.inputs import Cars
    from cesim.balance.masses import Memory
    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MG = 1e9
"""Milligrams in a tonne."""
_ROUNDED_DOWN = 1.0 - 1e-12
"""So that rows rounded down never add up to more than there is."""


class CarTypes:
    """Cars scrapped by type, of one lane: how many by region, and what one of them holds.

    The sampler has one lane.
    """

    def __init__(self, scenario: Scenario, sampler: Sampler, cars: Cars) -> None:
        self.cars = cars
        mix = vehicle_mix(scenario, sampler)
        fleet = solve_fleet(fleet_inputs(scenario, sampler, mix), keep_from=scenario.years.start - 1)
        self._scrapped = late_exits(fleet.exits["scrap"], fleet.years, scenario.years.fleet_from)[0]
        registration = weights(sampler, scenario, "vehicles")
        move = spread_over(1.0 - by_region(sampler, scenario, "moves_out"), registration)
        ages = scenario.years.end - scenario.years.fleet_from + 2
        self._age_share = regional_shares(registration, move, ages)[0]
        self._kilograms = Content(scenario, sampler, mix).per_car()[0]

    def arrivals(self, memory: Memory, year: int, scrapped: Floats, route: Floats) -> Arrivals:
        """Return the cars of a year.

        Parameters
        ----------
        memory
            What the cohorts were built with, as far as this year.
        year
            Index of the year in the balance.
        scrapped : (R, pairs)
            t, as the balance has it.
        route : (R, R)
            Where cars are taken apart.
        """
        calendar = int(self.cars.years[0]) + year
        by_type = self._scrapped[year]  # (cohort, vehicle)
        here = np.flatnonzero(by_type.ravel() > 0)
        cohort, vehicle = np.unravel_index(here, by_type.shape)
        age = np.clip(calendar - self.cars.first_cohort - cohort, 0, len(self._age_share) - 1)
        wanted = by_type.ravel()[here] * self._age_share[age].T  # (R, type)
        one = self._one(memory, cohort, vehicle)
        regions = len(wanted)
        totals = whole_shares(int(np.rint(wanted.sum())), wanted.sum(axis=1))
        by_vehicle = np.argsort(vehicle, kind="stable")  # so that the cars of each kind of vehicle are right
        months = np.array([monthrange(calendar, month)[1] for month in range(1, 13)], dtype=float)
        counts = np.zeros((regions, regions, 12, here.size), dtype=np.int64)
        rows = np.zeros((regions, regions, here.size, len(PAIRS)), dtype=np.int64)
        rest = np.zeros((regions, regions, len(PAIRS)), dtype=np.int64)
        for origin in range(regions):
            mass = np.rint(scrapped[origin] * MG).astype(np.int64)
            shared = np.stack([whole_shares(int(m), route[origin]) for m in mass], axis=1)  # (R to, pair)
            cars = whole_shares(int(totals[origin]), route[origin])
            most = int(np.argmax(cars))
            shared[most] += shared[cars == 0].sum(axis=0)  # a mass without a car goes where most cars go
            types = running_shares(int(totals[origin]), wanted[origin][by_vehicle], (origin + 0.5) / regions)
            of_types = dealt(cars, types[np.argsort(by_vehicle)])
            for to in np.flatnonzero(cars).tolist():
                of_type = of_types[to]
                counts[origin, to] = dealt(whole_shares(int(cars[to]), months), of_type)
                rows[origin, to] = _scaled(one, of_type, shared[to])
                rest[origin, to] = shared[to] - of_type @ rows[origin, to]
        names = tuple(
            f"{self.cars.first_cohort + c} {VEHICLES[v]}"
            for c, v in zip(cohort.tolist(), vehicle.tolist(), strict=True)
        )
        return Arrivals(rows, counts, rest, names)

    def _one(self, memory: Memory, cohort: NDArray[np.intp], vehicle: NDArray[np.intp]) -> Floats:
        """(type, pair) mg of a car of each type."""
        cars = self.cars
        items = np.take(self._kilograms[cohort, vehicle], cars.item_class, axis=1) * cars.split[0] * 1e6
        pairs: Floats = np.take(items, PAIR_ITEM, axis=1) * cars.nominal[0]
        group = np.maximum(cohort - (int(cars.years[0]) - cars.first_cohort) + 1, 0)
        metal = len(ALLOYS) * len(ELEMENTS)
        own = memory.composition[0, group].reshape(len(group), metal)
        pairs[:, :metal] = np.take(items, PAIR_ITEM[:metal], axis=1) * own
        return pairs


def whole_shares(total: int, weight: Floats) -> Whole:
    """Return a whole number shared out by weights: rounded down, then the largest remainders, ties to the last."""
    whole = weight.sum()
    if total == 0 or whole <= 0.0:
        return np.zeros(len(weight), dtype=np.int64)
    exact = total * (weight / whole)
    parts: Whole = np.floor(exact).astype(np.int64)
    left = total - int(parts.sum())
    order = np.lexsort((np.arange(len(weight)), exact - parts))
    while left:  # more than one round only where the floats of a very large total are coarse
        step = order[::-1][: abs(left)]
        step = step[(parts[step] > 0) | (left > 0)]
        parts[step] += 1 if left > 0 else -1
        left = total - int(parts.sum())
    return parts


def running_shares(total: int, weight: Floats, start: float) -> Whole:
    """Return a whole number shared out by weights, rounding the running total: right to one for neighbours together.

    ``start``, 0 to 1, is where rounding begins: with another start, others of small weight get one.
    """
    whole = weight.sum()
    if total == 0 or whole <= 0.0:
        return np.zeros(len(weight), dtype=np.int64)
    reach = np.floor(np.cumsum(weight) / whole * total + start).astype(np.int64)
    reach[np.flatnonzero(weight)[-1] :] = total
    parts: Whole = np.diff(np.minimum(reach, total), prepend=0)
    return parts


def dealt(places: Whole, counts: Whole) -> Whole:
    """Return (place, type) how many of each type go to each place: dealt in turn, each place as often as it has room.

    Sums over types are ``places``, sums over places ``counts``; both have the same sum.
    """
    turn = np.concatenate([(np.arange(count) + 0.5) / count for count in places.tolist() if count] or [np.zeros(0)])
    place = np.repeat(np.arange(len(places)), places)[np.argsort(turn, kind="stable")]
    out = np.zeros((len(places), len(counts)), dtype=np.int64)
    np.add.at(out, (place, np.repeat(np.arange(len(counts)), counts)), 1)
    return out


def _scaled(one: Floats, counts: Whole, mass: Whole) -> Whole:
    """Rows (type, pair) that together hold the mass (pair) but for what is rounded down."""
    held = counts @ one
    factor = np.divide(mass, held, out=np.zeros_like(held), where=held > 0) * _ROUNDED_DOWN
    rows: Whole = np.floor(one * factor).astype(np.int64)
    return rows
