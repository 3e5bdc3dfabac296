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

BY_YEAR: Final = frozenset(
    {
        "reused",
        "taken",
        "identified",
        "sorted_to",
        "asr_sorted",
        "asr_recovered",
        "pellet_yield",
        "segregated",
        "approved",
        "sash_supply",
        "supply",
        "cap",
        "asr_cap",
    }
)
"""Fields of treatment, metal and plastics whose second axis is the year in which they are read."""

METAL_ONLY: Final = frozenset({"identified", "sorted_to", "part_steel", "shred_steel", "shred_copper"})
"""Fields of treatment that move metal between grades, which no plastic notices."""


def first_unlike(before: Rooms, after: Rooms) -> tuple[int, int]:
    """First year (index) in which the metal and the plastics may differ; the number of years where they do not."""
    years = after.cars.years
    if before.cars.years != years:
        return 0, 0
    treatment = {
        field.name: _first(
            getattr(before.treatment, field.name), getattr(after.treatment, field.name), field.name, years
        )
        for field in fields(after.treatment)
    }
    metal = min([*treatment.values(), _room(before.metal, after.metal, years)])
    of_plastics = [year for name, year in treatment.items() if name not in METAL_ONLY]
    plastics = min([*of_plastics, _room(before.plastics, after.plastics, years)])
    if before.cars is not after.cars:
        metal = 0
        plastics = 0 if _cars_differ(before, after) else plastics
    return metal, plastics


def _cars_differ(before: Rooms, after: Rooms) -> bool:
    """Whether cars differ in what the plastics see of them."""
    names = ("rest", "plastics", "recipe", "assembly")
    return any(not same(getattr(before.cars, name), getattr(after.cars, name)) for name in names)


def _room(before: object, after: object, years: int) -> int:
    if before is after:
        return years
    names = [field.name for field in fields(after)]  # type: ignore[arg-type]
    return min(_first(getattr(before, name), getattr(after, name), name, years) for name in names)


def _first(before: object, after: object, name: str, years: int) -> int:
    """First year in which a field differs."""
    if same(before, after):
        return years
    if name not in BY_YEAR or not isinstance(before, np.ndarray) or not isinstance(after, np.ndarray):
        return 0
    if before.shape != after.shape or before.shape[1] != years:
        return 0
    differs = (before != after).reshape(before.shape[0], years, -1).any(axis=(0, 2))
    return int(np.argmax(differs))


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
