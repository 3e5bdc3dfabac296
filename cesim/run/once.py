"""A block of lanes solved once, for its indicators alone: nothing is kept and nothing is compared.

What `held` does for a scenario and its changes, without the marks by which it knows what it has solved before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.again import STRANDS, Again, Rooms, empty_course
from cesim.balance.inputs import along_axes
from cesim.run.compile import compile_factors, compile_type_rules
from cesim.run.compile_metal import compile_metal, compile_plastics
from cesim.run.compile_treatment import compile_treatment
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
from cesim.run.remembered import Remembering
from cesim.run.series import groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.solve import Plan

    Floats = NDArray[np.float64]


def solve_once(plan: Plan, start: int) -> Floats:
    """Return the indicators (indicator, group, year, lane) of one block of lanes, bit for bit those of a run.

    For scenarios that can be held (`held.can_hold`). Raises what the engines raise (`solve.told_as_faults`).
    """
    scenario = plan.scenario
    sampler = Remembering(plan.source(), start, min(plan.width, plan.lanes - start))
    windows = read_windows(scenario)
    cars = lane_cars_of(scenario, sampler, middle(windows))
    rooms = Rooms(
        cars.lanes, along_axes(compile_treatment(scenario, sampler)),
        along_axes(compile_metal(scenario, sampler, windows)), along_axes(compile_plastics(scenario, sampler)),
    )  # fmt: skip
    course = empty_course(rooms)
    Again(rooms, course).solve()
    members = tuple(map(tuple, groups(scenario).values()))
    out = np.empty((len(NAMES), len(members), cars.lanes.years, sampler.count))
    metal, treated = metal_figures(course, members), treated_figures(course, members)
    plastics = plastics_figures(course, members, *compile_type_rules(scenario, sampler))
    burnt = {strand: to_gas(course, strand) for strand in STRANDS}
    rest = gases(burnt, compile_factors(scenario, sampler), members) | vehicle_figures(*cars.counted, members)
    put(out, metal, treated, plastics, rest)
    return out
