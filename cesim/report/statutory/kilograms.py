"""Whole kilograms that add up: what a table shows is what its total says."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = TypeVar("Key")


def whole(masses: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Return the masses in whole kg, each less than 1 kg off; their sum is that of the masses, rounded once."""
    return _rounded(masses, round(sum(masses.values(), Fraction(0))))


def shared_out(total: int, parts: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Share a whole number out in proportion to parts, by largest remainder; ties go to the last part.

    Parameters
    ----------
    total
        at least 0
    parts
        none below 0; where all are 0 the total must be 0

    Raises
    ------
    ValueError
        where there is something to share out and nobody to take it, or a part is below 0
    """
    everything = sum(parts.values(), Fraction(0))
    if min(parts.values(), default=Fraction(0)) < 0 or (total and not everything):
        raise ValueError(f"cannot share out {total}")
    return _rounded(
        {key: total * part / everything if everything else Fraction(0) for key, part in parts.items()}, total
    )


def _rounded(exact: Mapping[Key, Fraction], total: int) -> dict[Key, int]:
    """Round to whole numbers that add up to a total within half of their sum: largest remainders go up."""
    found = {key: floor(share) for key, share in exact.items()}
    order = sorted(enumerate(exact), key=lambda one: (exact[one[1]] - found[one[1]], one[0]), reverse=True)
    for _, key in order[: total - sum(found.values())]:
        found[key] += 1
    return found
