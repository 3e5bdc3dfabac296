"""Compositions by element: the one place where names meet numbers.

A composition is a mapping of element symbols to mass fractions (numbers, or one array of lots per element), or an
array whose last axis follows a tuple of symbols. Elements need not add up to one: aluminium is the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Composition = Mapping[str, ArrayLike] | NDArray[np.float64]

BASE = "Al"
"""The metal that fills what the elements leave."""

TOLERANCE = 1e-9
"""Mass fraction within which a composition on a limit keeps it."""


def columns(subject: str, composition: Composition, elements: tuple[str, ...]) -> dict[str, Floats]:
    """Return a composition as one array per element.

    Parameters
    ----------
    subject
        The object that asks, for the words of a fault.
    composition
        Mapping symbol -> mass fraction(s), or an array (..., element) in the order of `elements`.

    Raises
    ------
    InputError
        ``charge_shape``, ``charge_not_finite``, ``charge_out_of_range`` (below 0 or above 1) and
        ``charge_over_whole`` (the elements add up to more than one).
    """
    with Refusals(subject) as refusals:
        if isinstance(composition, Mapping):
            named = {name: np.asarray(value, dtype=np.float64) for name, value in composition.items()}
        else:
            array = np.asarray(composition, dtype=np.float64)
            if array.ndim == 0 or array.shape[-1] != len(elements):
                refusals.refuse("charge_shape", "composition", found=array.shape, allowed=("...", len(elements)))
                refusals.settle()
            named = {name: array[..., at] for at, name in enumerate(elements)}
        for name, value in named.items():
            refusals.number(name, value, 0.0, 1.0)
        refusals.settle()
        total = np.max(sum(named.values(), np.zeros(())), initial=0.0)
        if total > 1.0 + TOLERANCE:
            refusals.refuse("charge_over_whole", "composition", found=float(total))
    return named


def aluminium(composition: Mapping[str, Floats]) -> Floats:
    """Return the mass fraction of aluminium: the rest, whatever was measured as such."""
    return np.asarray(1.0 - sum((value for name, value in composition.items() if name != BASE), np.zeros(())))


def fractions(wt_percent: Mapping[str, float]) -> dict[str, float]:
    """Return mass fractions from wt%."""
    return {name: value / 100.0 for name, value in wt_percent.items()}
