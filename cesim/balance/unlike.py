"""From which year on two sets of inputs can give different answers.

Whatever differs and is not known to be read year by year counts from the first year; so a field that nobody thought of
costs time, never a wrong answer.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from cesim.balance.again import Rooms

BY_YEAR: Final = {
    "treatment": frozenset(
        {
            "reused",
            "taken",
            "identified",
            "shred_steel",
            "shred_copper",
            "sorted_to",
            "asr_sorted",
            "asr_recovered",
            "pellet_yield",
        }
    ),
    "metal": frozenset({"windows", "loss", "segregated", "approved", "sash_supply"}),
    "plastics": frozenset({"supply", "cap", "asr_cap"}),
}
"""Fields of each room that are read year by year: arrays with the year as second axis, or tuples of years."""

METAL_ONLY: Final = frozenset({"identified", "sorted_to", "part_steel", "shred_steel", "shred_copper"})
"""Fields of treatment that move metal between grades, which no plastic notices."""


def first_unlike(before: Rooms, after: Rooms) -> tuple[int, int]:
    """First year (index) in which the metal and the plastics may differ; the number of years where they do not."""
    years = after.cars.years
    if before.cars.years != years:
        return 0, 0
    treatment, metals, compounds = (_room(before, after, room, years) for room in BY_YEAR)
    metal = min([*treatment.values(), *metals.values()])
    of_plastics = [year for name, year in treatment.items() if name not in METAL_ONLY]
    plastics = min([*of_plastics, *compounds.values()])
    if before.cars is not after.cars:
        metal = 0
        plastics = 0 if _cars_differ(before, after) else plastics
    return metal, plastics


def _cars_differ(before: Rooms, after: Rooms) -> bool:
    """Whether cars differ in what the plastics see of them."""
    names = ("rest", "plastics", "recipe", "assembly")
    return any(not same(getattr(before.cars, name), getattr(after.cars, name)) for name in names)


def _room(before: Rooms, after: Rooms, room: str, years: int) -> dict[str, int]:
    """First year in which each field of a room differs."""
    own, other = getattr(before, room), getattr(after, room)
    names = [field.name for field in fields(other)]
    if own is other:
        return dict.fromkeys(names, years)
    return {name: _first(getattr(own, name), getattr(other, name), name in BY_YEAR[room], years) for name in names}


def _first(before: object, after: object, is_by_year: bool, years: int) -> int:
    """First year in which a field differs."""
    if is_by_year and isinstance(before, tuple) and isinstance(after, tuple):
        return _first_of(before, after) if len(before) == len(after) == years else 0
    if same(before, after):
        return years
    if not is_by_year or not isinstance(before, np.ndarray) or not isinstance(after, np.ndarray):
        return 0
    if before.shape != after.shape or before.shape[1] != years:
        return 0
    differs = (before != after).reshape(before.shape[0], years, -1).any(axis=(0, 2))
    return int(np.argmax(differs))


def _first_of(before: tuple[object, ...], after: tuple[object, ...]) -> int:
    """First year in which two tuples of years differ; what several years share is compared once."""
    alike: tuple[object, object] | None = None
    for year, (one, other) in enumerate(zip(before, after, strict=True)):
        known = alike is not None and one is alike[0] and other is alike[1]
        if not known and not same(one, other):
            return year
        alike = one, other
    return len(before)


def same(one: object, other: object) -> bool:
    """Whether two values hold the same: arrays, or data of arrays, bit for bit but for the sign of zero."""
    if one is other:
        return True
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return bool(one == other)
