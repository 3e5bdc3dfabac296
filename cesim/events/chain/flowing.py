"""Which flow of the balance a lot of the chain is: said by the rooms that make it, put together here."""

from __future__ import annotations

from typing import Final

from cesim.events.chain import arriving, compounding, dismantling, metal, pelletising, shredding
from cesim.events.chain.pellet_store import SOLD

_ROOMS: Final = (arriving, dismantling, shredding, metal, pelletising, compounding)

FLOWS: Final[dict[str, tuple[str, str]]] = {
    "scrap": ("{maker}", "scrap_yard.{grade}"),
    **{kind: ends for room in _ROOMS for kind, ends in room.FLOWS.items()},
}
"""Kind of lot -> processes it goes between, with `{grade}` and `{owner}` of its mark, and `{maker}` of its grade."""
LOSSES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    key: ends for room in _ROOMS for key, ends in getattr(room, "LOSSES", {}).items()
}
"""Kind born in a reaction and account it loses to -> the flow that this is."""
OWNED: Final = frozenset({"car", "scrap", "charged", "exported", *compounding.FROM_OWNER})
"""Kinds whose flow begins in the region that owns the lot."""
LOCAL: Final = frozenset({"scrap", "exported", "plastic", SOLD, "sold", "segregated", "mixed"})
"""Kinds whose flow stays in the region where it begins, wherever the lot goes after it."""


def flow_of(kind: str, grade: str, owner: str) -> tuple[str, str] | None:
    """Return the processes between which a lot goes; nothing for a kind that is no flow of its own."""
    ends = FLOWS.get(kind)
    if ends is None:
        return None
    maker = pelletising.maker(grade) if kind == pelletising.PLASTIC else made_by(grade)
    begin, end = (text.format(grade=grade, owner=owner, maker=maker) for text in ends)
    return begin, end


def made_by(grade: str) -> str:
    """Return the process that makes a scrap grade."""
    return "dismantling" if grade.startswith("part-") or grade == "wheels" else "alloy_sorting"
