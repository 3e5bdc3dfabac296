"""From the sums of a course to indicators by group of regions, year and lane.

The formulas are those of `cesim.indicators.formulas`, which adds up flow tables; here the sums are there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance import lane_account, lane_plastics, lane_treatment
from cesim.indicators.formulas import Sums, of_aluminium, of_gases, of_plastics, of_treatment, of_vehicles
from cesim.indicators.population import content_of_new_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.balance.again import Course
    from cesim.indicators.formulas import Factors

    Floats = NDArray[np.float64]
    Parts = tuple[Floats, Floats | None]
    Groups = Sequence[Sequence[int]]

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


PLASTICS_AT = [NAMES.index(name) for name in OF_PLASTICS]
"""Where the indicators of the plastics stand."""
METAL_AT = list(range(NAMES.index(OF_PLASTICS[0])))
"""Where those of the metal stand."""
TREATED_AT = [NAMES.index(name) for name in ("energy_recovery_rate", "landfill_rate", "elv_recycling_rate")]
"""Where those of the cars treated stand."""

MELTED_TO_GAS = ("primary", "additions", "scrap")
COMPOUNDED_TO_GAS = ("virgin", "recyclate")


def metal_figures(course: Course, groups: Groups) -> Floats:
    """Indicators of the metal (indicator, group, Y, D), in their order."""
    treated = _named(course.treated, lane_treatment.SUMS, ("six_in_elvs", "aluminium_in_elvs"))
    parts = of_aluminium(Sums(treated, _named(course.melted, lane_account.SUMS), {}))
    return np.stack([grouped(parts[NAMES[at]], groups) for at in METAL_AT])


def treated_figures(course: Course, groups: Groups) -> Floats:
    """Indicators of the cars treated (indicator, group, Y, D), in their order."""
    parts = of_treatment(Sums(_named(course.treated, lane_treatment.SUMS), {}, {}))
    return np.stack([grouped(parts[NAMES[at]], groups) for at in TREATED_AT])


def plastics_figures(course: Course, groups: Groups, cycle: Floats, ceiling: Floats) -> Floats:
    """Indicators of the plastics (indicator, group, Y, D), in their order; cycle and ceiling of types (D,)."""
    treated = _named(course.treated, lane_treatment.SUMS, ("plastics_in_elvs",))
    values = {}
    for name, part in of_plastics(Sums(treated, {}, _named(course.compounded, lane_plastics.SUMS))).items():
        value = grouped(part, groups)
        values[NEW_TYPES.get(name, name)] = new_types(value, cycle, ceiling) if name in NEW_TYPES else value
    return np.stack([values[name] for name in OF_PLASTICS])


def gases(counted: Mapping[str, Floats], factors: Factors, groups: Groups) -> dict[str, Floats]:
    """Greenhouse gases by name (group, Y, D), from what `to_gas` gave of each strand."""
    compounded = counted["plastics"]
    kinds = len(COMPOUNDED_TO_GAS)
    melted = dict(zip(MELTED_TO_GAS, counted["metal"], strict=True))
    sums = Sums({}, melted, dict(zip(COMPOUNDED_TO_GAS, compounded[:kinds], strict=True)))
    burnt = (there + here for there, here in zip(counted["treated"], compounded[kinds:], strict=True))
    return {name: grouped(part, groups) for name, part in of_gases(sums, burnt, factors).items()}


def to_gas(course: Course, strand: str) -> Floats:
    """What the gases count of a strand of a course (sum, R, Y, D), what is burnt of each polymer last."""
    if strand == "metal":
        return np.stack(list(_named(course.melted, lane_account.SUMS, MELTED_TO_GAS).values()))
    if strand == "treated":
        return _by_sum(course.treated[:, :, len(lane_treatment.SUMS) :])
    named = list(_named(course.compounded, lane_plastics.SUMS, COMPOUNDED_TO_GAS).values())
    return np.concatenate([named, _by_sum(course.compounded[:, :, len(lane_plastics.SUMS) :])])


def vehicle_figures(scrapped: Floats, exported: Floats, groups: Groups) -> dict[str, Floats]:
    """Numbers of vehicles (group, Y, D) from those by (lane, year, region)."""
    counted = {
        name: np.ascontiguousarray(count.transpose(2, 1, 0))
        for name, count in (("scrapped", scrapped), ("exported", exported))
    }
    return {name: grouped(part, groups) for name, part in of_vehicles(counted).items()}


def put(out: Floats, metal: Floats, treated: Floats, plastics: Floats, rest: Mapping[str, Floats]) -> None:
    """Write the figures of all strands into the indicators (indicator, group, year, lane), each in its place.

    Parameters
    ----------
    metal, treated, plastics
        as `metal_figures`, `treated_figures` and `plastics_figures` have them
    rest
        by name: `gases` and `vehicle_figures`
    """
    out[METAL_AT], out[TREATED_AT], out[PLASTICS_AT] = metal, treated, plastics
    for name, values in rest.items():
        out[NAMES.index(name)] = values


def _by_sum(sums: Floats) -> Floats:
    """(Y, D, sum, R) -> (sum, R, Y, D), laid out in that order: sums over regions are taken as a run takes them."""
    return np.ascontiguousarray(sums.transpose(2, 3, 0, 1))


def _named(sums: Floats, names: Sequence[str], wanted: Sequence[str] = ()) -> dict[str, Floats]:
    """Those sums by name that are wanted, all where not said."""
    wanted = wanted or names
    held = _by_sum(sums[:, :, [names.index(name) for name in wanted]])
    return dict(zip(wanted, held, strict=True))


def grouped(part: Parts, groups: Groups) -> Floats:
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
