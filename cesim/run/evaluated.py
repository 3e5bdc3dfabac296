"""From the sums of a course to indicators by group of regions, year and lane.

The formulas are those of `cesim.indicators.formulas`, which reads them from a table; here their sums are there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.balance import lane_account, lane_plastics, lane_treatment
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


class Sums:
    """Sums by name, (R, Y, D) each, from a year (index) on."""

    def __init__(self, course: Course, first: int) -> None:
        self._treated = _by_sum(course.treated[first:])
        self._melted = _by_sum(course.melted[first:])
        self._compounded = _by_sum(course.compounded[first:])

    def treated(self, name: str) -> Floats:
        """A sum of treatment."""
        own: Floats = self._treated[lane_treatment.SUMS.index(name)]
        return own

    def melted(self, name: str) -> Floats:
        """A sum of the metal."""
        own: Floats = self._melted[lane_account.SUMS.index(name)]
        return own

    def compounded(self, name: str) -> Floats:
        """A sum of the plastics."""
        own: Floats = self._compounded[lane_plastics.SUMS.index(name)]
        return own

    def burnt(self, polymer: int) -> Floats:
        """What is burnt of a polymer, without filler."""
        treated, compounded = len(lane_treatment.SUMS) + polymer, len(lane_plastics.SUMS) + polymer
        burnt: Floats = self._treated[treated] + self._compounded[compounded]
        return burnt


def _by_sum(sums: Floats) -> Floats:
    """(Y, D, sum, R) -> (sum, R, Y, D)."""
    return np.ascontiguousarray(sums.transpose(2, 3, 0, 1))


def metal_parts(s: Sums, vehicles: Mapping[str, Floats], factors: Factors) -> dict[str, Parts]:
    """Numerators and denominators (R, Y, D) of all indicators that the metal moves."""
    in_elvs, returned, finished = s.treated("six_in_elvs"), s.melted("returned"), s.melted("finished")
    primary, additions, scrap = s.melted("primary"), s.melted("additions"), s.melted("scrap")
    treated = s.treated("treated")
    burnt = s.treated("burnt_dismantling") + s.treated("burnt_residue") + s.treated("burnt_sorting")
    buried = s.treated("buried_residue") + s.treated("buried_sorting")
    return {
        "h1_horizontal_rate_6xxx": (returned, in_elvs),
        "h2_any_elv_aluminium": (s.melted("any_returned"), in_elvs),
        "h3_of_all_deregistered": (returned, s.melted("left_use")),
        "aluminium_returned": (returned, None),
        "recycled_content_6xxx_post": (s.melted("post"), finished),
        "recycled_content_6xxx_pre": (s.melted("pre"), finished),
        "cascade_rate_aluminium": (s.melted("cascaded"), s.treated("aluminium_in_elvs")),
        "surplus_scrap": (s.melted("surplus"), None),
        "primary_demand": (primary + additions, None),
        "import_dependence": (primary + additions, primary + additions + scrap),
        "elv_6xxx": (in_elvs, None),
        "energy_recovery_rate": (burnt + s.treated("burnt_pelletising"), treated),
        "landfill_rate": (buried, treated),
        "elv_recycling_rate": (treated - buried, treated),
        "ghg": (_gases(s, factors), None),
        "ghg_primary_avoided": (scrap * (factors.primary - factors.remelting), None),
        "elv_count": (vehicles["scrapped"], None),
        "used_export_count": (vehicles["exported"], None),
    }


def _gases(s: Sums, f: Factors) -> Floats:
    primary, additions, scrap = s.melted("primary"), s.melted("additions"), s.melted("scrap")
    burnt = np.zeros_like(primary)
    for n in range(len(POLYMERS)):
        burnt = burnt + s.burnt(n) * f.combustion[:, n]
    return (
        primary * f.primary + additions * f.addition + scrap * f.remelting
        + s.compounded("virgin") * f.virgin + s.compounded("recyclate") * f.recyclate + burnt
    )  # fmt: skip


def plastics_parts(s: Sums) -> dict[str, Parts]:
    """Numerators and denominators (R, Y, D) of the plastics; those that feed rules on new types begin with `_`."""
    everything, recycled, bio = (s.compounded(name) for name in ("everything", "recycled", "bio"))
    post, in_elvs = s.compounded("post"), s.treated("plastics_in_elvs")
    return {
        "plastics_returned": (s.compounded("elv"), None),
        "recycled_plastics_supply": (recycled, None),
        "recycled_plastics_sustainable": (recycled + bio, None),
        "recycled_plastics_fleet_average": (recycled, everything),
        "recycled_plastics_post_average": (post, everything),
        "elv_plastics": (in_elvs, None),
        "plastics_recovered_rate": (s.compounded("to_compounds") + s.compounded("exported"), in_elvs),
        "_post": (post, everything),
        "_closed": (s.compounded("closed"), everything),
        "_sustainable": (recycled + bio, everything),
    }


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
