"""Whole milligrams shared out: nothing is lost to rounding, and everybody who repeats it gets the same.

The rule, once for all: what falls to each share is rounded down; the milligrams left go to the largest remainders, and
of equal remainders to the highest index. Shares are whole-number weights, so `1/3` is exactly a third.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

HEAVIEST: Final = 2**50
"""Milligrams that no lot reaches: 1.1 million t. Below it a quotient found in floats is at most one off."""
FINEST: Final = 2**53
"""Sum of weights that no rule reaches."""
_FEW: Final = 6
"""Shares up to which remainders are ranked pair by pair; above, they are sorted."""


def weights(fractions: Sequence[Fraction | float | str], where: str = "") -> tuple[int, ...]:
    """Return shares of a whole as whole-number weights whose sum is their common denominator.

    Parameters
    ----------
    fractions
        They add up to one: `Fraction`, text such as ``"1/3"``, or a float, taken as it is printed (0.1 is a tenth).
    where
        Whose they are, for the fault.

    Raises
    ------
    InputError
        ``shares_negative``, ``shares_not_one``, ``shares_too_fine``.
    """
    exact = [Fraction(repr(one)) if isinstance(one, float) else Fraction(one) for one in fractions]
    if any(one < 0 for one in exact):
        raise refuse("shares_negative", where, found=str(min(exact)))
    if sum(exact) != 1:
        raise refuse("shares_not_one", where, found=str(sum(exact)))
    whole = lcm(*(one.denominator for one in exact))
    if whole >= FINEST:
        raise refuse("shares_too_fine", where, found=whole)
    return tuple(one.numerator * (whole // one.denominator) for one in exact)


def shared(masses: Whole, weight: Whole) -> Whole:
    """Return masses shared out by weights along the axis before the last.

    Parameters
    ----------
    masses
        mg below `HEAVIEST`, (row, column).
    weight
        Whole numbers not below zero with a sum below `FINEST`, and above zero wherever there is mass:
        (row or 1, share, column or 1).

    Returns
    -------
    array
        mg, (row, share, column); adds up to `masses` exactly.
    """
    whole = weight.sum(axis=1, keepdims=True)
    np.maximum(whole, 1, out=whole)
    mass = masses[:, None, :]
    # the quotient of floats is at most one off; the remainder, exact in 64 bits that wrap around, says which way
    parts: Whole = (mass.astype(np.float64) * (weight / whole)).astype(np.int64)
    rest = mass * weight - parts * whole
    off = (rest >= whole).astype(np.int64) - (rest < 0)
    parts += off
    rest -= off * whole
    left = masses - parts.sum(axis=1)
    parts += _places(rest) < left[:, None, :]
    return parts


def _places(remainders: Whole) -> Whole:
    """Place of each remainder along axis 1: the largest first, of equal ones the highest index."""
    count = remainders.shape[1]
    places = np.zeros(remainders.shape, dtype=np.int64)
    if count > _FEW:
        order = count - 1 - np.argsort(-remainders[:, ::-1], axis=1, kind="stable")
        np.put_along_axis(places, order, np.arange(count)[None, :, None], axis=1)
        return places
    for first in range(count):
        for second in range(first + 1, count):
            ahead = remainders[:, first] > remainders[:, second]
            places[:, second] += ahead
            places[:, first] += ~ahead
    return places


def shared_beside(origins: Whole, masses: Whole) -> Whole:
    """Return origins shared out so that every part's origins add up to its mass.

    One part after the other takes its mass from what is left, by the same rule; the last takes the rest.

    Parameters
    ----------
    origins
        mg, (row, origin).
    masses
        mg, (row, part); adds up to what the origins add up to.

    Returns
    -------
    array
        mg, (row, part, origin); adds up to `masses` along the last axis and to `origins` along the middle one.
    """
    parts = np.zeros((*masses.shape, origins.shape[1]), dtype=np.int64)
    used = np.flatnonzero(origins.any(axis=0))  # an origin that nobody has gets nothing
    left = origins[:, used]
    for part in range(masses.shape[1] - 1):
        taken = shared(masses[:, part, None], left[:, :, None])[:, :, 0] if used.size > 1 else masses[:, part, None]
        parts[:, part, used] = taken if used.size else 0
        left = left - taken if used.size else left
    parts[:, -1, used] = left
    return parts


def shared_one(mass: int, weight: Sequence[int]) -> list[int]:
    """Return one mass shared out, in plain whole numbers of any size: the rule, to be compared with."""
    whole = sum(weight) or 1
    parts = [mass * one // whole for one in weight]
    rest = [mass * one % whole for one in weight]
    for index in sorted(range(len(weight)), key=lambda i: (-rest[i], -i))[: mass - sum(parts)]:
        parts[index] += 1
    return parts


def shared_beside_one(origins: Sequence[int], masses: Sequence[int]) -> list[list[int]]:
    """Return one row of origins shared out beside the masses of the parts, in plain whole numbers."""
    left, parts = list(origins), []
    for mass in masses[:-1]:
        taken = shared_one(mass, left)
        left = [a - b for a, b in zip(left, taken, strict=True)]
        parts.append(taken)
    return [*parts, left]
