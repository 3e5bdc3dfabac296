"""The formulas, written against flow tables only.

Each formula gives a numerator and, for shares, a denominator, both by region (region, draw). A group of regions is the
ratio of the sums, never the mean of ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators.trace import Trace
from cesim.ledger.substances import ALLOYS, CAST, ORIGINS, POLYMERS, POST_CONSUMER, PRE_CONSUMER, SIX_THOUSAND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.ledger.flows import FlowView, Table

    Floats = NDArray[np.float64]
    Parts = tuple[Floats, Floats | None]


@dataclass(frozen=True)
class Factors:
    """Greenhouse-gas factors, t CO2e per t of metal or plastic, by draw."""

    primary: Floats
    remelting: Floats
    addition: Floats
    virgin: Floats
    recyclate: Floats
    combustion: Floats
    """(draw, polymer) per t of the polymer part."""


@dataclass(frozen=True)
class Year:
    """What the formulas see of one year."""

    view: FlowView
    flows: Table
    regions: Sequence[str]
    vehicles: Mapping[str, Floats]
    """`scrapped` by region of dismantling and `exported` by region of registration, (region, draw)."""
    factors: Factors

    def by_region(self, process_from: str, process_to: str, end: str = "region", **choice: Sequence[str]) -> Floats:
        """Masses (region, draw) at that end of the flows."""
        return self.view.grouped(self.flows, process_from, process_to, [end], [self.regions], **choice)


def compute(year: Year) -> dict[str, Parts]:
    """All formulas that need one year only: id -> (numerator, denominator or None)."""
    parts: dict[str, Parts] = {}
    parts.update(_aluminium(year))
    parts.update(_plastics(year))
    parts.update(_rates(year))
    parts.update(_gases(year))
    parts["elv_count"] = (year.vehicles["scrapped"], None)
    parts["used_export_count"] = (year.vehicles["exported"], None)
    return parts


def _aluminium(year: Year) -> dict[str, Parts]:
    trace = Trace(year.view, year.flows, year.regions)
    in_elvs = year.by_region("take_back", "dismantling", "region_to", alloy=SIX_THOUSAND, substance=_METALS)
    all_in_elvs = year.by_region("take_back", "dismantling", "region_to", alloy=ALLOYS, substance=_METALS)
    left_use = _added(
        year.by_region("in_use", sink, alloy=SIX_THOUSAND, substance=_METALS)
        for sink in ("take_back", "used_car_export", "other_exit")
    )
    returned = trace.into(SIX_THOUSAND, only=SIX_THOUSAND)
    finished, post, pre = (
        _added(year.by_region(f"part_making.{alloy}", "assembly", **choice) for alloy in SIX_THOUSAND)
        for choice in ({}, {"origin": POST_CONSUMER}, {"origin": PRE_CONSUMER})
    )
    charged = _added(
        year.by_region(source, "melting.*") for source in ("primary_supply", "alloying_supply", "melt_down.*")
    )
    primary = _added(year.by_region(source, "melting.*") for source in ("primary_supply", "alloying_supply"))
    surplus = _added(
        year.by_region(f"scrap_yard.{grade}", "scrap_export") for grade in ("part-*", "wheels", "sorted-*", "shred-*")
    )
    return {
        "h1_horizontal_rate_6xxx": (returned, in_elvs),
        "h2_any_elv_aluminium": (trace.into(SIX_THOUSAND, only=ALLOYS), in_elvs),
        "h3_of_all_deregistered": (returned, left_use),
        "aluminium_returned": (returned, None),
        "recycled_content_6xxx_post": (post, finished),
        "recycled_content_6xxx_pre": (pre, finished),
        "cascade_rate_aluminium": (trace.melted(CAST), all_in_elvs),
        "surplus_scrap": (surplus, None),
        "primary_demand": (primary, None),
        "import_dependence": (primary, charged),
        "elv_6xxx": (in_elvs, None),
    }  # fmt: skip


def _plastics(year: Year) -> dict[str, Parts]:
    def made(*origins: str) -> Floats:
        return _added(year.by_region(f"part_making.{polymer}", "assembly", origin=origins) for polymer in POLYMERS)

    everything = made(*ORIGINS)
    recycled = made(*POST_CONSUMER, *PRE_CONSUMER, "chemical")
    post = made(*POST_CONSUMER, "chemical")
    in_elvs = year.by_region("take_back", "dismantling", "region_to", alloy=POLYMERS)
    pellets = _added(year.by_region("pelletising.*", outlet) for outlet in ("recyclate.*", "recyclate_export"))
    return {
        "plastics_returned": (made("post_elv"), None),
        "recycled_plastics_supply": (recycled, None),
        "recycled_plastics_sustainable": (recycled + made("bio"), None),
        "recycled_plastics_fleet_average": (recycled, everything),
        "recycled_plastics_post_average": (post, everything),
        "elv_plastics": (in_elvs, None),
        "plastics_recovered_rate": (pellets, in_elvs),
        # the next three feed the rules on new types, which look across years (see `population`)
        "_post": (post, everything),
        "_closed": (made("post_elv", "post_in_use"), everything),
        "_sustainable": (recycled + made("bio"), everything),
    }


def _rates(year: Year) -> dict[str, Parts]:
    treated = year.by_region("take_back", "dismantling", "region_to")
    burnt = _added(
        year.by_region(process, "energy_recovery")
        for process in ("dismantling", "asr_treatment", "asr_sorting", "pelletising.*")
    )
    buried = _added(year.by_region(process, "landfill") for process in ("asr_treatment", "asr_sorting"))
    return {
        "energy_recovery_rate": (burnt, treated),
        "landfill_rate": (buried, treated),
        "elv_recycling_rate": (treated - buried, treated),
    }


def _gases(year: Year) -> dict[str, Parts]:
    f = year.factors
    primary = year.by_region("primary_supply", "melting.*")
    additions = year.by_region("alloying_supply", "melting.*")
    scrap = year.by_region("melt_down.*", "melting.*")
    virgin = year.by_region("virgin_supply", "compounding.*")
    sources = ("recyclate.*", "x_to_car_supply.*", "chemical_recycling_supply", "bio_supply")
    recyclate = _added(year.by_region(source, "compounding.*") for source in sources)
    burnt = np.zeros_like(primary)
    for n, polymer in enumerate(POLYMERS):
        mass = year.by_region("*", "energy_recovery", alloy=(polymer,), substance=("polymer",))
        burnt = burnt + mass * f.combustion[:, n]
    total = (
        primary * f.primary + additions * f.addition + scrap * f.remelting
        + virgin * f.virgin + recyclate * f.recyclate + burnt
    )  # fmt: skip
    return {"ghg": (total, None), "ghg_primary_avoided": (scrap * (f.primary - f.remelting), None)}


_METALS = ("Al", "Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti", "other")
"""Elements of the metal; paint does not count."""


def _added(parts: Iterable[Floats]) -> Floats:
    """The sum of several arrays of one shape."""
    first, *others = parts
    total = first
    for other in others:
        total = total + other
    return total
