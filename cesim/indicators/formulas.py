"""The formulas, written against flow tables only.

Each formula gives a numerator and, for shares, a denominator, both by region (region, draw). A group of regions is the
ratio of the sums, never the mean of ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.indicators.trace import Trace
from cesim.ledger.substances import ALLOYS, CAST, COUNTED_PLASTICS, POLYMERS, POST_CONSUMER, PRE_CONSUMER, SIX_THOUSAND

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


@dataclass(frozen=True)
class Sums:
    """What the formulas divide and add, by region (region, ..., draw), t.

    Whoever has these sums, from flow tables or added up on the way, has the indicators.
    """

    treated: Mapping[str, Floats]
    """What comes to the dismantlers, is burnt and is buried, by name."""
    melted: Mapping[str, Floats]
    """Metal charged, made, returned and sold, by name."""
    compounded: Mapping[str, Floats]
    """Plastics made and what they are made of, by name."""


def compute(year: Year) -> dict[str, Parts]:
    """All formulas that need one year only: id -> (numerator, denominator or None)."""
    sums = Sums(_treated(year), _melted(year), _compounded(year))
    parts: dict[str, Parts] = {}
    parts.update(of_aluminium(sums))
    parts.update(of_plastics(sums))
    parts.update(of_treatment(sums))
    parts.update(of_gases(sums, _burnt(year), year.factors))
    parts.update(of_vehicles(year.vehicles))
    return parts


def of_aluminium(s: Sums) -> dict[str, Parts]:
    """Return the indicators of the metal."""
    in_elvs, returned, finished = s.treated["six_in_elvs"], s.melted["returned"], s.melted["finished"]
    new = s.melted["primary"] + s.melted["additions"]
    return {
        "h1_horizontal_rate_6xxx": (returned, in_elvs),
        "h2_any_elv_aluminium": (s.melted["any_returned"], in_elvs),
        "h3_of_all_deregistered": (returned, s.melted["left_use"]),
        "aluminium_returned": (returned, None),
        "recycled_content_6xxx_post": (s.melted["post"], finished),
        "recycled_content_6xxx_pre": (s.melted["pre"], finished),
        "cascade_rate_aluminium": (s.melted["cascaded"], s.treated["aluminium_in_elvs"]),
        "surplus_scrap": (s.melted["surplus"], None),
        "primary_demand": (new, None),
        "import_dependence": (new, new + s.melted["scrap"]),
        "elv_6xxx": (in_elvs, None),
    }


def of_plastics(s: Sums) -> dict[str, Parts]:
    """Return the indicators of the plastics; those that begin with `_` feed the rules on new types (`population`)."""
    everything, recycled, bio, post = (s.compounded[name] for name in ("everything", "recycled", "bio", "post"))
    in_elvs, sustainable = s.treated["plastics_in_elvs"], recycled + bio
    return {
        "plastics_returned": (s.compounded["elv"], None),
        "recycled_plastics_supply": (recycled, None),
        "recycled_plastics_sustainable": (sustainable, None),
        "recycled_plastics_fleet_average": (recycled, everything),
        "recycled_plastics_post_average": (post, everything),
        "elv_plastics": (in_elvs, None),
        "plastics_recovered_rate": (s.compounded["to_compounds"] + s.compounded["exported"], in_elvs),
        "_post": (post, everything),
        "_closed": (s.compounded["closed"], everything),
        "_sustainable": (sustainable, everything),
    }


def of_treatment(s: Sums) -> dict[str, Parts]:
    """Return what becomes of the cars that are treated."""
    treated = s.treated["treated"]
    burnt = _added(s.treated[f"burnt_{where}"] for where in ("dismantling", "residue", "sorting", "pelletising"))
    buried = s.treated["buried_residue"] + s.treated["buried_sorting"]
    return {
        "energy_recovery_rate": (burnt, treated),
        "landfill_rate": (buried, treated),
        "elv_recycling_rate": (treated - buried, treated),
    }


def of_gases(s: Sums, burnt: Iterable[Floats], f: Factors) -> dict[str, Parts]:
    """Return the greenhouse gases; `burnt` is what is burnt of each polymer, without filler, t."""
    primary, additions, scrap = s.melted["primary"], s.melted["additions"], s.melted["scrap"]
    fire = np.zeros_like(primary)
    for n, mass in enumerate(burnt):
        fire = fire + mass * f.combustion[:, n]
    total = (
        primary * f.primary + additions * f.addition + scrap * f.remelting
        + s.compounded["virgin"] * f.virgin + s.compounded["recyclate"] * f.recyclate + fire
    )  # fmt: skip
    return {"ghg": (total, None), "ghg_primary_avoided": (scrap * (f.primary - f.remelting), None)}


def of_vehicles(vehicles: Mapping[str, Floats]) -> dict[str, Parts]:
    """Return the numbers of vehicles."""
    return {"elv_count": (vehicles["scrapped"], None), "used_export_count": (vehicles["exported"], None)}


def _treated(year: Year) -> dict[str, Floats]:
    burnt = {
        "dismantling": "dismantling",
        "residue": "asr_treatment",
        "sorting": "asr_sorting",
        "pelletising": "pelletising.*",
    }
    in_elvs = {"six_in_elvs": SIX_THOUSAND, "aluminium_in_elvs": ALLOYS}
    return {
        **{
            name: year.by_region("take_back", "dismantling", "region_to", alloy=alloys, substance=_METALS)
            for name, alloys in in_elvs.items()
        },
        "plastics_in_elvs": year.by_region("take_back", "dismantling", "region_to", alloy=POLYMERS),
        "treated": year.by_region("take_back", "dismantling", "region_to"),
        **{f"burnt_{where}": year.by_region(process, "energy_recovery") for where, process in burnt.items()},
        **{f"buried_{where}": year.by_region(burnt[where], "landfill") for where in ("residue", "sorting")},
    }


def _melted(year: Year) -> dict[str, Floats]:
    trace = Trace(year.view, year.flows, year.regions)
    of_finished: dict[str, dict[str, Sequence[str]]] = {
        "finished": {},
        "post": {"origin": POST_CONSUMER},
        "pre": {"origin": PRE_CONSUMER},
    }

    def made(alloy: str, choice: Mapping[str, Sequence[str]]) -> Floats:
        return year.by_region(f"part_making.{alloy}", "assembly", "region", **choice)

    charged = {"primary": "primary_supply", "additions": "alloying_supply", "scrap": "melt_down.*"}
    return {
        "returned": trace.into(SIX_THOUSAND, only=SIX_THOUSAND),
        "any_returned": trace.into(SIX_THOUSAND, only=ALLOYS),
        "cascaded": trace.melted(CAST),
        **{
            name: _added(
                year.by_region(f"part_making.{alloy}", "assembly", "region", **choice) for alloy in SIX_THOUSAND
            )
            for name, choice in of_finished.items()
        },
        **{name: year.by_region(source, "melting.*") for name, source in charged.items()},
        "surplus": _added(
            year.by_region(f"scrap_yard.{grade}", "scrap_export")
            for grade in ("part-*", "wheels", "sorted-*", "shred-*")
        ),
        "left_use": _added(
            year.by_region("in_use", sink, alloy=SIX_THOUSAND, substance=_METALS)
            for sink in ("take_back", "used_car_export", "other_exit")
        ),
    }


def _compounded(year: Year) -> dict[str, Floats]:
    sources = ("recyclate.*", "x_to_car_supply.*", "chemical_recycling_supply", "bio_supply")
    return {
        **{
            name: _added(year.by_region(f"part_making.{polymer}", "assembly", origin=origins) for polymer in POLYMERS)
            for name, origins in COUNTED_PLASTICS.items()
        },
        "to_compounds": year.by_region("pelletising.*", "recyclate.*"),
        "exported": year.by_region("pelletising.*", "recyclate_export"),
        "virgin": year.by_region("virgin_supply", "compounding.*"),
        "recyclate": _added(year.by_region(source, "compounding.*") for source in sources),
    }


def _burnt(year: Year) -> list[Floats]:
    """What is burnt of each polymer, without filler."""
    return [year.by_region("*", "energy_recovery", alloy=(polymer,), substance=("polymer",)) for polymer in POLYMERS]


_METALS = ("Al", "Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti", "other")
"""Elements of the metal; paint does not count."""


def _added(parts: Iterable[Floats]) -> Floats:
    """The sum of several arrays of one shape."""
    first, *others = parts
    total = first
    for other in others:
        total = total + other
    return total
