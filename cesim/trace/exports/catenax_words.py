"""What steps, actors, origins and materials are called in Catena-X: material accounting 1.0.0 (CX-0159, CC-BY-4.0).

Treatment procedures are those of Directive 2008/98/EC, annexes I and II; which one a step is, is our reading. The
groups of VDA 231-106 are written from general knowledge (status: unverified).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cesim.ledger.substances import CAST, MATERIAL

UNRECORDED: Final = "not recorded"
"""Stands where a text is demanded and the ledger has none."""


@dataclass(frozen=True, slots=True)
class Process:
    """How a step is told: kind of process, the step within it, the procedure, what its losses are."""

    process: str
    child: str
    procedure: str
    loss: str = "process loss"


PROCESSES: Final = {
    "dismantling": Process("Dismantling", "Removal of components", "R12"),
    "shredding": Process("Pre-recycling", "Shredding", "R12", "dust and residue"),
    "sorting": Process("Pre-recycling", "Sorting", "R12", "residue"),
    "baling": Process("Pre-recycling", "Compression", "R12"),
    "packing": Process("Transport", "Packaging / Labeling", "R13"),
    "melting": Process("Core-recycling", "Melting", "R4", "dross"),
    "rolling": Process("Material Manufacturing", "Rolling", "R4"),
    "pressing": Process("Component Manufacturing", "Stamping", "R4"),
    "pelletising": Process("Core-recycling", "Granulation", "R3"),
    "compounding": Process("Follow-up Recycling", "Compounding", "R3"),
    "moulding": Process("Component Manufacturing", "Molding", "R3"),
    "scrap_return": Process("Pre-recycling", "Storage", "R13"),
    "disposal": Process("Residue Treatment", "Landfill disposal", "D1", "disposed of"),
}
"""Steps that are a recycling batch; take-back, handovers, analyses, building in and transfers are none."""
ROLES: Final = {
    "take_back": "Authorized Treatment Facility (ATF)",
    "dismantler": "Dismantling Facility",
    "shredder": "Shredding Facility",
    "elsewhere": "Material Recycling Facilities",
    "scrap_trader": "Sorting Facility",
    "metal_supplier": "Material Manufacturer",
    "casthouse": "Material Recycling Facilities",
    "press_shop": "Component Manufacturer",
    "pelletiser": "Material Recycling Facilities",
    "polymer_supplier": "Material Manufacturer",
    "recyclate_supplier": "Material Recycling Facilities",
    "compounder": "Material Manufacturer",
}
"""Role of an actor -> word of the model."""
SHARES: Final = {
    "primary": "primary",
    "bio": "primary",
    "run_around": "reutilized",
    "pre_own": "reutilized",
    "pre_auto": "pre_automotive",
    "pre_other": "pre_other",
    "post_elv": "post_automotive",
    "post_in_use": "post_automotive",
    "post_other": "post_other",
    "chemical": "chemical",
}
"""Origin class -> share of the model; what is in no class, or in another, is untold and counts as primary."""
SHARE_WORDS: Final = (
    "primary",
    "reutilized",
    "pre_automotive",
    "pre_other",
    "post_automotive",
    "post_other",
    "chemical",
    "untold",
)
SECONDARY: Final = ("pre_automotive", "pre_other", "post_automotive", "post_other", "chemical")
"""Shares that count as secondary material; what a process takes back itself does not."""
_GROUPS: Final = {
    "aluminium": ("2", "2.1", "2.1.2"),
    "plastics": ("5", "5.1", "5.1"),
    "steel": ("1", "1.1", "1.1"),
    "copper": ("3", "3.1", "3.1"),
    "rubber": ("5", "5.3", "5.3"),
    "glass": ("7", "7.2", "7.2"),
}
WASTE_CODE: Final = "16 01 99"
"""Waste not otherwise specified: the model has no code for metal and plastic of cars (16 01 17 to 16 01 20)."""
WASTE_CODES: Final = {"car": "16 01 04", "stripped": "16 01 06", "hulk": "16 01 06"}
"""End-of-life vehicles, and those without liquids and other hazardous parts."""


def classification(item: str) -> tuple[str, str, str]:
    """Return category, group and subgroup of an item in VDA 231-106; `UNRECORDED` for what is no material of ours."""
    if item in CAST:
        return ("2", "2.1", "2.1.1")
    return _GROUPS.get(MATERIAL.get(item, ""), (UNRECORDED,) * 3)
