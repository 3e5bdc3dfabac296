"""Which inputs are read year by year, and whether two of them hold the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Final

import numpy as np

BY_YEAR: Final = frozenset(
    {
        "reused", "taken", "identified", "shred_steel", "shred_copper", "sorted_to", "asr_sorted", "asr_recovered",
        "pellet_yield", "windows", "loss", "segregated", "approved", "sash_supply", "supply", "cap", "asr_cap",
    }
)  # fmt: skip
"""Fields of treatment, metal and plastics that are read year by year: arrays whose second axis is the year, or tuples
of years."""


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
