"""Rates and footprints as official accounts print them, one formula each.

These are the sums behind published figures: of Japanese makers on shredder residue, of the Ministry of the Environment
on material flows, of the plastics industry on effective use, and the product footprints of recycled material. They take
plain numbers, so that a published figure can be recomputed and a run compared with it.
"""

from __future__ import annotations


def share(part: float, whole: float) -> float:
    """``part / whole``, for instance hybrids among end-of-life vehicles (JARC counts).

    Raises
    ------
    ValueError
        where the whole is not positive
    """
    if not whole > 0:
        raise ValueError(f"a share needs a whole above zero, found {whole}")
    return part / whole


def growth(now: float, before: float) -> float:
    """``now / before - 1``, as yearly reports print a change (-0.086 for 8.6 % less)."""
    return share(now, before) - 1.0


def asr_recycled(
    facility_input: float, facility_residue: float, full_use_input: float, full_use_residue: float
) -> float:
    """Recycled mass of automobile shredder residue: ``(i1 - r1) + (i2 - r2)``.

    Index 1 are facilities recognised for residue, index 2 works that take a whole hulk (全部利用); ``i`` is what went
    in, ``r`` what was left over. Source: yearly reports under the End-of-Life Vehicle Recycling Act (再資源化等の状況).
    """
    return (facility_input - facility_residue) + (full_use_input - full_use_residue)


def asr_recycling_rate(
    facility_input: float,
    facility_residue: float,
    full_use_input: float,
    full_use_residue: float,
    taken: float,
    full_use_equivalent: float,
) -> float:
    """Recycling rate of shredder residue: ``((i1 - r1) + (i2 - r2)) / (taken + full_use_equivalent)``.

    ``taken`` is the residue the maker took over, ``full_use_equivalent`` what whole-hulk use would have left of it.
    Residue that waits in a facility over the turn of a year counts when it goes in, so one year's rate can lie above
    or below what was taken. Source: yearly reports under the End-of-Life Vehicle Recycling Act (再資源化等の状況).
    """
    recycled = asr_recycled(facility_input, facility_residue, full_use_input, full_use_residue)
    return share(recycled, taken + full_use_equivalent)


def residue_per_vehicle(residue: float, removed: float) -> float:
    """Shredder residue of a car (kg) after plastics and glass were taken off: ``residue - removed``.

    Source: JARC, resource recovery incentive (資源回収インセンティブ制度), where 20 kg off 180 kg leave 160 kg.

    Raises
    ------
    ValueError
        where more is taken off than there is
    """
    if not 0 <= removed <= residue:
        raise ValueError(f"{removed} kg cannot be taken off {residue} kg")
    return residue - removed


def input_side_rate(circular: float, natural: float) -> float:
    """Circular use rate at the input (入口側の循環利用率): ``circular / (circular + natural resources)``.

    Source: Ministry of the Environment, material flows of Japan (日本の物質フロー).
    """
    return share(circular, circular + natural)


def effective_use_rate(effective: float, total: float) -> float:
    """Effective use of waste plastics (有効利用率): material, chemical and thermal use / all waste plastics.

    Heat counts, so this is no recycling rate. Source: Plastic Waste Management Institute (プラスチック循環利用協会).
    """
    return share(effective, total)


def closed_loop_share(recycled: float, from_vehicles: float) -> float:
    """Share of all plastics that must come from vehicles: ``recycled content x share of it from vehicles``.

    Source: EU ELV Regulation, provisional agreement: a fifth of 15 % is 3 %.
    """
    return recycled * from_vehicles


def cut_off_footprint(recycled: float, virgin_factor: float, recycled_factor: float, process: float = 0.0) -> float:
    """Footprint of a product by the cut-off rule: ``(1 - R1) Ev + R1 Erec + process``.

    ``recycled`` (R1) is the recycled content, the factors are kg CO2e per t. The burden of making the first product
    stays there; recycling carries its own process only. Source: 100-0 method as used for the PWMI inventory.
    """
    return (1.0 - recycled) * virgin_factor + recycled * recycled_factor + process


def cff_recycling_credit(
    allocation: float, recycled: float, end_of_life: float, virgin_factor: float, quality: float
) -> float:
    """Third term of the Circular Footprint Formula: ``(1 - A) R2 (Erec,EoL - E*v Q)``.

    ``allocation`` (A) is the share of burdens given to the user of recycled material, ``recycled`` (R2) the share of
    the product that is recycled at its end, ``quality`` (Q) the quality ratio of what comes out. Below zero is a
    credit. Source: European Commission, Product Environmental Footprint; worked example in the ecobalyse documentation.
    """
    return (1.0 - allocation) * recycled * (end_of_life - virgin_factor * quality)


def per_vehicle(mass: float, vehicles: float) -> float:
    """Tonnes from so many vehicles, in kg per vehicle."""
    return share(mass * 1000.0, vehicles)
