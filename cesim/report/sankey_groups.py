"""Processes gathered to what a reader can follow, and the order in which they stand along the circle."""

from __future__ import annotations

LEAVING, ENTERING = "in_use:leaving", "in_use:entering"
FROM_EARLY, TO_EARLY = "others_from_early", "others_to_early"
FROM_LATE, TO_LATE = "others_from_late", "others_to_late"
INTO_CARS, BACK = "into_cars", "back_in_6xxx"
"""The rest of the country: before the melt or the compounder (cars, scrap), and behind it (parts, cars)."""

YARDS = "shredding_and_yards"

ORDER = (
    LEAVING,
    "used_car_export",
    "other_exit",
    FROM_EARLY,
    "dismantling",
    "part_reuse",
    "shredding",
    YARDS,
    "ferrous_recycling",
    "copper_recycling",
    "residue",
    "asr_sorting",
    "energy_recovery",
    "landfill",
    "other_recycling",
    "scrap_part",
    "scrap_shred",
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
    "melting_sheet",
    "melting_profile",
    "melting_wrought",
    "melting_cast",
    "made_6xxx",
    "made_wrought",
    "made_cast",
    "melting",
    "compounding",
    "dross",
    "part_making",
    "new_scrap",
    FROM_LATE,
    "assembly",
    INTO_CARS,
    BACK,
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
    "alloying_supply": "primary_supply",
    "coating_burnt": "dross",
}
PLASTICS = {"asr_treatment": "residue"}
"""No end of the system is gathered with another one: each outlet shows its own tonnes."""

SIX = "aluminium_6xxx"
"""The view of metal that was 6000-series in the car, up to the melt. It tells the grades of scrap apart."""
RETURNED = "aluminium_6xxx_returned"
"""The view of the 6000-series metal of cars dismantled in the focus, anywhere in the country, up to the new part."""
MATERIAL = {SIX: "aluminium", RETURNED: "aluminium"}

ALLOYS_6XXX = ("6016", "6022", "6111", "6061", "6063")
MELTS_6XXX = {
    **dict.fromkeys(("6016", "6022", "6111"), "melting_sheet"),
    **dict.fromkeys(("6061", "6063"), "melting_profile"),
}
"""The melts of sheet alloys and of alloys for profiles and forgings."""
MELTS = ("made_6xxx", "made_wrought", "made_cast")
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


def node_of(process: str, view: str) -> str:
    """Node of a process in a view: `melting.6016` is `melting_6xxx`, `melt_down.part-6016` is `grade_part_alloy`.

    Over all alloys, melting and part making are one node a product group, and grades are told apart only by whether
    the scrap was taken off the car or shredded with it.
    """
    name, _, suffix = process.partition(".")
    if view == "plastics":
        return PLASTICS.get(name, TOGETHER.get(name, name))
    if name in ("scrap_yard", "melt_down", "decoating"):
        grade = grade_node(suffix)
        return grade if view == SIX else TAKEN_OR_SHREDDED.get(grade, grade)
    if name in ("melting", "part_making") and suffix:
        return f"{'melting' if view == SIX else 'made'}_{product_group(suffix)}"
    return ALUMINIUM.get(name, TOGETHER.get(name, name))


YARDS_TOGETHER = dict.fromkeys(("shredding", "residue", "scrap_part", "scrap_shred", "scrap_yard"), YARDS)
"""What stands together where a diagram shows all aluminium, new metal included; no outlet is among them."""

TAKEN_OR_SHREDDED = {
    "grade_part_alloy": "scrap_part",
    "grade_part_cast": "scrap_part",
    "grade_part_mixed": "scrap_part",
    "grade_shred_alloy": "scrap_shred",
    "grade_shred_mixed": "scrap_shred",
}


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
    return ORDER.index(bare) if bare in ORDER else ORDER.index("part_making")


def is_early(node: str) -> bool:
    """Whether a node stands before the melt or the compounder."""
    return node in ORDER and place(node) < place("melting_6xxx")
