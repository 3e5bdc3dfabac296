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
_FEW: Final = 16
"""Shares up to which remainders are ranked pair by pair; above, they are sorted."""
_CELLS: Final = 2**15
"""Masses of parts that are worked on at once."""
_BELOW: Final = 1 - 2.0**-51
"""What makes a quotient of floats never too great: its three roundings are 2^-53 each."""


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


def dealt(masses: Whole, weight: Whole) -> Whole:
    """Return masses shared out by weights along the first axis; the kernel of all sharing.

    Parameters
    ----------
    masses
        mg below `HEAVIEST`, (cell).
    weight
        Whole numbers not below zero with a sum below `FINEST`, above zero wherever there is mass: (share, cell).

    Returns
    -------
    array
        mg, (share, cell); adds up to `masses` exactly.
    """
    whole = weight.sum(axis=0)
    np.maximum(whole, 1, out=whole)
    # the quotient of floats is right or one too small; the remainder, exact in 64 bits that wrap around, says which
    parts: Whole = (weight * (masses / whole * _BELOW)).astype(np.int64)
    rest = masses * weight
    rest -= parts * whole
    off = rest >= whole
    parts += off
    rest -= off * whole
    left = masses - parts.sum(axis=0)
    if left.any():
        parts += _places(rest) < left
    return parts


def _places(remainders: Whole) -> NDArray[np.integer]:
    """Place of each remainder along axis 0: the largest first, of equal ones the highest index."""
    count = len(remainders)
    if count > _FEW:
        places = np.zeros(remainders.shape, dtype=np.int64)
        order = count - 1 - np.argsort(-remainders[::-1], axis=0, kind="stable")
        np.put_along_axis(places, order, np.arange(count)[:, None], axis=0)
        return places
    small = np.zeros(remainders.shape, dtype=np.int8)
    for first in range(count):
        for second in range(first + 1, count):
            ahead = remainders[first] > remainders[second]
            small[second] += ahead
            small[first] += ~ahead
    return small


def shared(masses: Whole, weight: Whole) -> Whole:
    """Return masses shared out by weights along the axis before the last.

    Parameters
    ----------
    masses
        mg, as `dealt` takes them, (row, column).
    weight
        As `dealt` takes them, (row or 1, share, column or 1).

    Returns
    -------
    array
        mg, (row, share, column); adds up to `masses` exactly.
    """
    rows, columns = masses.shape
    shares = weight.shape[1]
    wide = np.broadcast_to(weight, (rows, shares, columns)).transpose(1, 0, 2).reshape(shares, -1)
    return dealt(masses.reshape(-1), wide).reshape(shares, rows, columns).transpose(1, 0, 2)


class Shares:
    """The weights of some rules, laid out so that rows of masses are shared out quickly, each row by one of the rules.

    Only where there is mass, and more than one part takes of it, is anything divided; a strip of rows at a time, so
    that what is worked on stays in the nearest memory.

    Parameters
    ----------
    weight
        As `dealt` takes them, (rule, share, column).
    """

    def __init__(self, weight: Whole) -> None:
        rules, self.shares, self.columns = weight.shape
        self.rows = max(1, _CELLS // (self.shares * self.columns))
        """Rows of a strip."""
        takes = weight > 0
        self._takers = takes.sum(axis=1)
        self._taker = takes.argmax(axis=1)
        self._weight = np.ascontiguousarray(weight.transpose(1, 0, 2))
        self._flat = self._weight.reshape(self.shares, rules * self.columns)
        self.whole = bool((self._takers == 1).all())
        """Whether every column goes wholly to one part, by every rule."""

    def left_out(self, masses: Whole, rule: Whole) -> Whole:
        """Return the rows with mass that nobody takes; arguments as `deal`."""
        nobody = self._takers == 0
        return (
            np.flatnonzero((nobody[rule] & (masses > 0)).any(axis=1)) if nobody.any() else np.zeros(0, dtype=np.int64)
        )

    def deal(self, masses: Whole, rule: Whole) -> Whole:
        """Return masses (row, column) shared out by the rule of each row, mg, (share, row, column)."""
        mass = masses.reshape(-1)
        if not self.whole:
            cells = np.flatnonzero((self._takers[rule] > 1).reshape(-1) & (mass > 0))
            if 2 * cells.size > mass.size:
                return dealt(mass, self._weight[:, rule].reshape(self.shares, -1)).reshape(self.shares, *masses.shape)
        parts = np.zeros((self.shares, mass.size), dtype=np.int64)
        parts[self._taker[rule].reshape(-1), np.arange(mass.size)] = mass
        if not self.whole and cells.size:
            row, column = np.divmod(cells, self.columns)
            parts[:, cells] = dealt(mass[cells], self._flat[:, rule[row] * self.columns + column])
        return parts.reshape(self.shares, *masses.shape)


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
    if used.size == 1:
        parts[:, :, used[0]] = masses
        return parts
    left = origins[:, used].T
    for part in range(masses.shape[1] - 1):
        taken = dealt(masses[:, part], left)
        parts[:, part, used] = taken.T
        left = left - taken
    parts[:, -1, used] = left.T
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
