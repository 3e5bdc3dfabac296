"""The years of a fleet in compiled loops, to the bits of `fleet._Solver`, the readable twin.

The exponential stays with numpy, which has one of its own for whole arrays; what stands before and behind it is a dozen
passes over the cohorts there and one pass here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cesim.balance.compiled import compiled
from cesim.balance.hazards import TINY
from cesim.balance.lane_sums import short_sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Gates(NamedTuple):
    """What pulls at cohorts: by age from the oldest to the youngest, (D, T, V) or (D, T), and by year, (D, T, ...)."""

    scrap_age: Floats
    scrap_year: Floats
    export_age: Floats
    export_year: Floats
    other_age: Floats


class Flows(NamedTuple):
    """Working memory (D, n, V) of a year with n cohorts: hazards, then shares, then cars by gate, and all together."""

    scrap: Floats
    export: Floats
    other: Floats
    total: Floats
    leaving: Floats


@compiled
def pull(gates: Gates, year: int, out: Flows) -> None:
    """Write the hazards of a year (index), and less their sum into `leaving`."""
    lanes, cohorts, vehicles = out.scrap.shape
    oldest = gates.scrap_age.shape[1] - cohorts
    for lane in range(lanes):
        level = gates.export_year[lane, year]
        for c in range(cohorts):
            other = gates.other_age[lane, oldest + c]
            for v in range(vehicles):
                scrap = gates.scrap_age[lane, oldest + c, v] * gates.scrap_year[lane, year, v]
                export = gates.export_age[lane, oldest + c, v] * level
                total = (scrap + export) + other
                out.scrap[lane, c, v] = scrap
                out.export[lane, c, v] = export
                out.other[lane, c, v] = other
                out.total[lane, c, v] = total
                out.leaving[lane, c, v] = -total


@compiled
def stay(cars: Floats, flows: Flows, room: Floats, staying: Floats) -> None:
    """Write how many cars (D,) of the cohorts before this year's stay; `leaving` holds exp(-hazard) - 1.

    `room` (V,) is working memory.
    """
    lanes, cohorts, vehicles = flows.scrap.shape
    for lane in range(lanes):
        for v in range(vehicles):
            room[v] = 0.0
        for c in range(cohorts - 1):
            for v in range(vehicles):
                part = cars[lane, c, v] * (1.0 - -flows.leaving[lane, c, v])
                room[v] = part if c == 0 else room[v] + part
        staying[lane] = short_sum(room, 0, vehicles)


@compiled
def sell(year: int, missing: Floats, flows: Flows, room: Floats, sales: Floats) -> None:
    """Write the sales of a year (index) that fill up what is missing (D,); `room` (V,) is working memory."""
    lanes, cohorts, vehicles = flows.scrap.shape
    for lane in range(lanes):
        own = sales[lane, year]
        total = short_sum(own, 0, vehicles)
        for v in range(vehicles):
            own[v] = own[v] / total
            room[v] = own[v] * (1.0 - -flows.leaving[lane, cohorts - 1, v])
        factor = missing[lane] / short_sum(room, 0, vehicles)
        for v in range(vehicles):
            own[v] = own[v] * factor


@compiled
def leave(cars: Floats, flows: Flows) -> None:
    """Turn hazards into cars that leave by each gate, and take them out; `leaving` holds exp(-hazard) - 1."""
    lanes, cohorts, vehicles = flows.scrap.shape
    for lane in range(lanes):
        for c in range(cohorts):
            for v in range(vehicles):
                gone, held = -flows.leaving[lane, c, v], cars[lane, c, v]
                share = gone / max(flows.total[lane, c, v], TINY)
                flows.scrap[lane, c, v] = flows.scrap[lane, c, v] * share * held
                flows.export[lane, c, v] = flows.export[lane, c, v] * share * held
                flows.other[lane, c, v] = flows.other[lane, c, v] * share * held
                cars[lane, c, v] = held - gone * held


@compiled
def summed(cars: Floats, cohorts: int, out: Floats) -> None:
    """Sum (D, T, V) over the first cohorts into `out` (D, V)."""
    lanes, _, vehicles = cars.shape
    for lane in range(lanes):
        for v in range(vehicles):
            out[lane, v] = cars[lane, 0, v]
        for c in range(1, cohorts):
            for v in range(vehicles):
                out[lane, v] += cars[lane, c, v]


@compiled
def added(cars: Floats, out: Floats) -> None:
    """Sum (D, Y, T, V) over at most 128 vehicles into `out` (D, Y, T)."""
    lanes, years, cohorts, vehicles = cars.shape
    for lane in range(lanes):
        for year in range(years):
            for c in range(cohorts):
                out[lane, year, c] = short_sum(cars[lane, year, c], 0, vehicles)
