"""Whole milligrams shared out: nothing is lost to rounding, and everybody who repeats it gets the same.

The rule, once for all: what falls to each share is rounded down; the milligrams left go to the largest remainders, and
of equal remainders to the highest index. Shares are whole-number weights, so `1/3` is exactly a third.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Milligrams = NDArray[np.int64]

LARGEST: Final = 2**62
"""Product of milligrams and weight that is never reached: 4.6 million t by weights of a thousand, and twice as safe."""
FINEST: Final = 1_000_000
"""Denominator to which a float is taken as a fraction."""


def weights(fractions: Sequence[Fraction | float | str]) -> tuple[int, ...]:
    """Return shares as whole-number weights whose sum is their common denominator.

    Parameters
    ----------
    fractions
        Shares of the whole, adding up to one: `Fraction`, text such as ``"1/3"``, or a float, which is taken to the
        millionth.

    Raises
    ------
    InputError
        ``shares_negative``, and ``shares_not_one`` where they do not add up to one.
    """
    exact = [_fraction(one) for one in fractions]
    if any(one < 0 for one in exact):
        raise InputError([Fault("shares_negative", arguments={"found": str(min(exact))})])
    if sum(exact) != 1:
        raise InputError([Fault("shares_not_one", arguments={"found": str(sum(exact))})])
    whole = lcm(*(one.denominator for one in exact))
    return tuple(one.numerator * (whole // one.denominator) for one in exact)


def _fraction(share: Fraction | float | str) -> Fraction:
    return Fraction(share).limit_denominator(FINEST) if isinstance(share, float) else Fraction(share)


def shared(masses: Milligrams, weight: Milligrams) -> Milligrams:
    """Return masses shared out by weights, the last axis of the weights and of the answer.

    Parameters
    ----------
    masses
        mg, (...).
    weight
        Whole numbers not below zero, (..., share), with a sum above zero wherever there is mass.

    Returns
    -------
    array
        mg, (..., share); adds up to `masses` exactly.

    Raises
    ------
    InputError
        ``shares_of_nothing`` where there is mass and every weight is zero.
    """
    masses, weight = np.asarray(masses, dtype=np.int64), np.asarray(weight, dtype=np.int64)
    whole = weight.sum(axis=-1)
    if ((whole == 0) & (masses != 0)).any():
        raise InputError([Fault("shares_of_nothing", arguments={"found": int(masses[(whole == 0)].max())})])
    fits = not masses.size or int(masses.max()) * int(weight.max(initial=0)) < LARGEST
    wide = np.int64 if fits else object  # whole numbers of any size where 64 bits are too few
    products = masses[..., None].astype(wide) * weight
    down = products // np.where(whole > 0, whole, 1)[..., None]
    remainders = products - down * whole[..., None]
    left = masses - down.sum(axis=-1).astype(np.int64)
    return np.asarray(down.astype(np.int64) + (_places(remainders) < left[..., None]))


def _places(remainders: NDArray[np.generic]) -> Milligrams:
    """Place of each remainder along the last axis: the largest first, of equal ones the highest index."""
    at = np.broadcast_to(np.arange(remainders.shape[-1]), remainders.shape)
    if remainders.dtype == object:
        rows = remainders.reshape(-1, remainders.shape[-1])
        order = np.array([sorted(range(len(row)), key=lambda i, row=row: (-row[i], -i)) for row in rows])
        order = order.reshape(remainders.shape)
    else:
        order = np.lexsort((-at, -remainders), axis=-1)
    places = np.empty(remainders.shape, dtype=np.int64)
    np.put_along_axis(places, order, at, axis=-1)
    return places
