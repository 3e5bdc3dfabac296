"""Processes gathered to what a reader can follow, and the order in which they stand along the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAVING, ENTERING = "in_use:leaving", "in_use:entering"
FROM_EARLY, TO_EARLY = "others_from_early", "others_to_early"
FROM_LATE, TO_LATE = "others_from_late", "others_to_late"
INTO_CARS = "into_cars"
"""The rest of the country: before the melt or the compounder (cars, scrap), and behind it (parts, cars)."""

ORDER = (
    LEAVING,
    "used_car_export",
    "other_exit",
    FROM_EARLY,
    "dismantling",
    "part_reuse",
    "shredding",
    "ferrous_recycling",
    "copper_recycling",
    "residue",
    "asr_sorting",
    "energy_recovery",
    "landfill",
    "grade_part_alloy",
    "grade_part_cast",
    "grade_part_mixed",
    "grade_shred_alloy",
    "grade_shred_mixed",
    "scrap_yard",
    "scrap_export",
    "pelletising",
    "recyclate_export",
    TO_EARLY,
    "melting_6xxx",
    "melting_wrought",
    "melting_cast",
    "melting",
    "compounding",
    "dross",
    "making_6xxx",
    "making_wrought",
    "making_cast",
    "part_making",
    "new_scrap",
    FROM_LATE,
    "assembly",
    INTO_CARS,
    TO_LATE,
    "new_car_export",
    ENTERING,
)
"""A flow to an earlier node is a back-flow."""

TOGETHER = {
    "take_back": "dismantling",
    "registration": "assembly",
    "new_car_market": "assembly",
    "recyclate": "pelletising",
}
"""Processes that only pass on what the other one takes in or gives out."""

ALUMINIUM = {
    "alloy_sorting": "shredding",
    "asr_treatment": "residue",
    "asr_sorting": "residue",
    "other_recycling": "residue",
    "energy_recovery": "residue",
    "landfill": "residue",
    "alloying_supply": "primary_supply",
    "coating_burnt": "dross",
}
PLASTICS = {"asr_treatment": "residue", "other_recycling": "landfill"}

ALLOYS_6XXX = ("6016", "6022", "6111", "6061", "6063")
WROUGHT = ("5xxx", "7xxx", "3xxx")

GRADES = {
    "new": "new_scrap",
    "sorted": "grade_shred_alloy",
    "shred": "grade_shred_mixed",
    "sash": "other_scrap_supply",
    "secondary": "other_scrap_supply",
    "wheels": "grade_part_cast",
}
"""Scrap grades by the first part of their name; grades of dismantled parts are told apart by the second."""


def node_of(process: str, material: str) -> str:
    """Node of a process: `melting.6016` is `melting_6xxx`, `melt_down.part-6016` is `grade_part_alloy`."""
    name, _, suffix = process.partition(".")
    if material == "aluminium":
        if name in ("scrap_yard", "melt_down", "decoating"):
            return grade_node(suffix)
        if name in ("melting", "part_making") and suffix:
            return f"{'melting' if name == 'melting' else 'making'}_{product_group(suffix)}"
    special: Mapping[str, str] = ALUMINIUM if material == "aluminium" else PLASTICS
    return special.get(name, TOGETHER.get(name, name))


def product_group(alloy: str) -> str:
    """6000-series, other wrought alloys, or castings."""
    if alloy in ALLOYS_6XXX:
        return "6xxx"
    return "wrought" if alloy in WROUGHT else "cast"


def grade_node(grade: str) -> str:
    """Node of a scrap grade; a grade nobody knows stays `scrap_yard`."""
    first, _, rest = grade.replace(".", "-").partition("-")
    if first == "part":
        return {"mixed": "grade_part_mixed", "cast": "grade_part_cast"}.get(rest, "grade_part_alloy")
    return GRADES.get(first, "scrap_yard")


def place(node: str) -> int:
    """Return where a node stands along the circle; nodes not listed stand before part making."""
    bare = node.split("@")[0]
    return ORDER.index(bare) if bare in ORDER else ORDER.index("making_6xxx")


def is_early(node: str) -> bool:
    """Whether a node stands before the melt or the compounder."""
    return node in ORDER and place(node) < place("melting_6xxx")
