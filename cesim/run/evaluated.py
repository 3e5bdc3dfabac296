"""From the sums of a course to indicators by group of regions, year and lane.

The formulas are those of `cesim.indicators.formulas`, which adds up flow tables; here the sums are there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance import lane_account, lane_plastics, lane_treatment
from cesim.indicators.formulas import Sums, of_aluminium, of_gases, of_plastics, of_treatment, of_vehicles
from cesim.indicators.population import content_of_new_types
from cesim.ledger.substances import POLYMERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.balance.again import Course
    from cesim.indicators.formulas import Factors

    Floats = NDArray[np.float64]
    Parts = tuple[Floats, Floats | None]

OF_PLASTICS = (
    "plastics_returned", "recycled_plastics_supply", "recycled_plastics_sustainable", "recycled_plastics_fleet_average",
    "recycled_plastics_post_average", "elv_plastics", "plastics_recovered_rate", "recycled_plastics_eu_new_types",
    "recycled_plastics_eu_closed_loop", "recycled_plastics_jama",
)  # fmt: skip
"""Indicators that no change of the metal moves."""

NAMES = (
    "h1_horizontal_rate_6xxx", "h2_any_elv_aluminium", "h3_of_all_deregistered", "aluminium_returned",
    "recycled_content_6xxx_post", "recycled_content_6xxx_pre", "cascade_rate_aluminium", "surplus_scrap",
    "primary_demand", "import_dependence", "elv_6xxx", *OF_PLASTICS[:-3], "energy_recovery_rate", "landfill_rate",
    "elv_recycling_rate", "ghg", "ghg_primary_avoided", "elv_count", "used_export_count", *OF_PLASTICS[-3:],
)  # fmt: skip
"""All indicators, in the order of the tables."""


NEW_TYPES = {
    "_post": "recycled_plastics_eu_new_types",
    "_closed": "recycled_plastics_eu_closed_loop",
    "_sustainable": "recycled_plastics_jama",
}
"""Averages of all cars that feed the rules on new types."""


def metal_parts(course: Course, first: int, vehicles: Mapping[str, Floats], factors: Factors) -> dict[str, Parts]:
    """Numerators and denominators (R, Y, D) of all indicators that the metal moves, from a year (index) on."""
    told = _by_sum(course, first)
    treated, _, compounded = told
    sums, ends = _named(*told), (len(lane_treatment.SUMS), len(lane_plastics.SUMS))
    burnt = (treated[ends[0] + n] + compounded[ends[1] + n] for n in range(len(POLYMERS)))
    return of_aluminium(sums) | of_treatment(sums) | of_gases(sums, burnt, factors) | of_vehicles(vehicles)


def plastics_parts(course: Course) -> dict[str, Parts]:
    """Numerators and denominators (R, Y, D) of the plastics; those that feed rules on new types begin with `_`."""
    return of_plastics(_named(*_by_sum(course, 0)))


def _by_sum(course: Course, first: int) -> tuple[Floats, ...]:
    """Treatment, metal and plastics from a year (index) on: (Y, D, sum, R) -> (sum, R, Y, D)."""
    return tuple(
        np.ascontiguousarray(sums[first:].transpose(2, 3, 0, 1))
        for sums in (course.treated, course.melted, course.compounded)
    )


def _named(treated: Floats, melted: Floats, compounded: Floats) -> Sums:
    """The sums by name; what is burnt of each polymer stands behind them, without one."""
    return Sums(
        dict(zip(lane_treatment.SUMS, treated, strict=False)),
        dict(zip(lane_account.SUMS, melted, strict=True)),
        dict(zip(lane_plastics.SUMS, compounded, strict=False)),
    )


def grouped(part: Parts, groups: Sequence[Sequence[int]]) -> Floats:
    """(group, Y, D): sums over each group, or the ratio of the sums; NaN where there is nothing to compare with."""
    numerator, denominator = part
    top = np.stack([numerator[members].sum(axis=0) for members in map(list, groups)])
    if denominator is None:
        return top
    whole = np.stack([denominator[members].sum(axis=0) for members in map(list, groups)])
    share: Floats = np.where(whole > 0, top / np.where(whole > 0, whole, 1.0), np.nan)
    return share


def new_types(average: Floats, cycle: Floats, ceiling: Floats) -> Floats:
    """(group, Y, D) of the types approved in each year, from the average of all cars of every year."""
    groups, years, draws = average.shape
    lanes = average.transpose(0, 2, 1).reshape(groups * draws, years)
    new = content_of_new_types(lanes, np.tile(cycle, groups), np.tile(ceiling, groups))
    return new.reshape(groups, draws, years).transpose(0, 2, 1)
