"""What the facilities, lots and accounts of the chain are called in the ledgers of traceability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.trace.entries import Actor
from cesim.trace.platforms.network_plan import ELSEWHERE, TRADERS, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTORS: Final = {
    "take_back": ("owners", "take_back"),
    "dismantling": (WORDS["dismantler"], "dismantler"),
    "shredding": (WORDS["shredder"], "shredder"),
    "alloy_sorting": (WORDS["shredder"], "shredder"),
    "asr_treatment": (WORDS["shredder"], "shredder"),
    "casthouse": ("casthouse", "casthouse"),
    "furnaces": ("casthouse", "casthouse"),
    "press_shop": (WORDS["press_shop"], "press_shop"),
    "pelletiser": ("pelletiser", "pelletiser"),
    "compounder": ("compounder", "compounder"),
    "border": (ELSEWHERE.name, ELSEWHERE.role),
}
"""Kind of facility -> word of its actor and the actor's role. Hauliers are none: they make and weigh nothing."""
_METAL, _POLYMER = Actor("metal suppliers", "metal_supplier"), Actor("polymer suppliers", "polymer_supplier")
SUPPLIERS: Final = {
    "from_elsewhere": ELSEWHERE,
    "other_scrap_supply": TRADERS,
    "primary_supply": _METAL,
    "alloying_supply": _METAL,
    "virgin_supply": _POLYMER,
    "filler_supply": _POLYMER,
    "bio_supply": _POLYMER,
    "chemical_recycling_supply": _POLYMER,
    "x_to_car_supply": Actor("recyclate suppliers", "recyclate_supplier"),
}
"""Source of lots -> who sells them."""
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
    return tuple(dict.fromkeys([*local, *SUPPLIERS.values()]))


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
