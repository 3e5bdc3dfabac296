"""What the facilities, lots and accounts of the chain are called in the ledgers of traceability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.trace.entries import Actor

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTORS: Final = {
    "take_back": ("owners", "take_back"),
    "dismantling": ("dismantlers", "dismantler"),
    "shredding": ("shredder", "shredder"),
    "alloy_sorting": ("shredder", "shredder"),
    "asr_treatment": ("shredder", "shredder"),
    "casthouse": ("casthouse", "casthouse"),
    "furnaces": ("casthouse", "casthouse"),
    "press_shop": ("press shop", "press_shop"),
    "pelletiser": ("pelletiser", "pelletiser"),
    "compounder": ("compounder", "compounder"),
    "border": ("other regions", "elsewhere"),
}
"""Kind of facility -> word of its actor and the actor's role. Hauliers are none: they make and weigh nothing."""
SUPPLIERS: Final = {
    "from_elsewhere": ("other regions", "elsewhere"),
    "other_scrap_supply": ("scrap traders", "scrap_trader"),
    "primary_supply": ("metal suppliers", "metal_supplier"),
    "alloying_supply": ("metal suppliers", "metal_supplier"),
    "virgin_supply": ("polymer suppliers", "polymer_supplier"),
    "filler_supply": ("polymer suppliers", "polymer_supplier"),
    "bio_supply": ("polymer suppliers", "polymer_supplier"),
    "chemical_recycling_supply": ("polymer suppliers", "polymer_supplier"),
    "x_to_car_supply": ("recyclate suppliers", "recyclate_supplier"),
}
"""Source of lots -> who sells them, and the seller's role."""
CONVERSIONS: Final = frozenset({"molten", "melted", "compounded", "blended"})
"""Accounts that are two sides of one thing: what changes its items by being melted is neither lost nor gained."""
MAKES: Final = {
    "assembly": "installing",
    "elsewhere": "shipping",
    "scrap_export": "shipping",
    "part_reuse": "transfer",
}
"""Sink a lot is sent to -> the step that this is; all others are disposal."""
OWN_SCRAP: Final = frozenset({"segregated", "segregated_before", "returning"})
"""New scrap that goes back to the alloy it came from: class `cesim.trace.classes.OWN_SCRAP`."""

_STEPS: Final[dict[tuple[str, str, str], tuple[str, bool]]] = {
    ("take_back", "", "car"): ("take_back", False),
    ("dismantling", "car", "stripped"): ("dismantling", False),
    ("dismantling", "piece", "scrap"): ("baling", False),
    ("dismantling", "plastic_piece", "plastic"): ("baling", False),
    ("dismantling", "", ""): ("dismantling", True),
    ("shredding", "batch_of_hulks", "feed"): ("shredding", False),
    ("shredding", "", ""): ("shredding", True),
    ("alloy_sorting", "shredded", "piece"): ("sorting", False),
    ("alloy_sorting", "piece", "scrap"): ("baling", False),
    ("asr_treatment", "to_sort", "plastics"): ("sorting", False),
    ("asr_treatment", "plastic_piece", "plastic"): ("baling", False),
    ("asr_treatment", "", ""): ("sorting", True),
    ("casthouse", "", "charge"): ("melting", False),
    ("casthouse", "", "segregated_before"): ("supply", True),
    ("casthouse", "", "mixed_before"): ("supply", True),
    ("casthouse", "", ""): ("melting", True),
    ("furnaces", "melt", "semis"): ("rolling", False),
    ("furnaces", "", ""): ("melting", True),
    ("press_shop", "semis", ""): ("pressing", False),
    ("press_shop", "offcuts", "offcuts"): ("scrap_return", False),
    ("press_shop", "new_scrap", "offcuts"): ("pressing", True),
    ("press_shop", "", ""): ("pressing", True),
    ("pelletiser", "plastic", "pellet"): ("pelletising", False),
    ("compounder", "compound", "moulded"): ("moulding", False),
    ("compounder", "", "blend"): ("compounding", False),
    ("compounder", "", ""): ("compounding", True),
    ("border", "", ""): ("supply", False),
}
"""Kind of facility, kind of lot that goes in, kind that comes out (empty: any) -> step, and whether it stays inside."""


def actors_of(regions: Sequence[str]) -> tuple[Actor, ...]:
    """Return all actors that there can be in some regions, and those that are in none."""
    local = (Actor(f"{word} {place}", role, place) for word, role in ACTORS.values() for place in regions)
    return tuple(dict.fromkeys([*local, *(Actor(word, role) for word, role in SUPPLIERS.values())]))


def step_of(kind: str, facility: str, into: str, out: str) -> tuple[str, bool]:
    """Return the step of an event that makes lots, and whether it stays inside the works.

    Parameters
    ----------
    kind
        Of the event; none is told apart by it.
    facility, into, out
        Kinds of the facility, of a lot that went in and of one that came out; empty where there is none.

    Raises
    ------
    KeyError
        For a kind of facility of which the ledgers know nothing: a mistake in this table.
    """
    for key in ((facility, into, out), (facility, into, ""), (facility, "", out), (facility, "", "")):
        if key in _STEPS:
            return _STEPS[key]
    raise KeyError(f"no step for {kind} at {facility}: {into} -> {out}")
