"""Scales that always weigh too much or too little, found from both weighings of what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.slips import log_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.audit.pairs import Pairs
    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_NORMAL: Final = 1.4826
"""Standard deviation over median absolute deviation of a normal law."""
_OF_MEDIAN: Final = 1.2533
"""Standard error of a median over that of a mean, normal law: sqrt(pi / 2)."""


@dataclass(frozen=True)
class Bias:
    """By how much the scales of each actor are off, as the logarithm of a ratio (0.01 is about 1 % too much).

    Attributes
    ----------
    bias, se : (actor,)
        And its standard error. 0 where nothing can be compared.
    pairs : (actor,)
        On how many handovers it rests.
    """

    bias: Floats
    se: Floats
    pairs: Whole


def bias(entries: Entries, found: Pairs) -> Bias:
    """Return the bias of each actor's scales.

    The median log ratio of each two actors who deal with each other is taken first, so that single wrong records do not
    count; the biases are those whose differences come nearest to the medians (least squares, weighted by the number of
    handovers). Ratios tell differences only: of all who are linked by handovers the median actor is taken to be
    right, and of two who deal with nobody else each gets half of the difference.
    """
    actors = len(entries.names.actors)
    usable = (found.sent_mg > 0) & (found.received_mg > 0) & (found.slip == 0)
    shipper, receiver = entries.actor[found.shipping][usable], entries.actor[found.receiving][usable]
    usable_ratio = log_ratio(found.sent_mg, found.received_mg)[usable]
    couple, of, many = np.unique(shipper * actors + receiver, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    middle = _medians(of, usable_ratio, len(couple))
    spread = _OF_MEDIAN * _NORMAL * _medians(np.zeros_like(of), np.abs(usable_ratio - middle[of]), 1)
    a, b = couple // actors, couple % actors
    apart = a != b
    a, b, middle, many = a[apart], b[apart], middle[apart], many[apart]
    laplacian, pull, pairs = np.zeros((actors, actors)), np.zeros(actors), np.zeros(actors, dtype=np.int64)
    for row, column, sign in ((a, b, 1), (b, a, -1)):
        np.add.at(laplacian, (row, row), many)
        np.add.at(laplacian, (row, column), -many)
        np.add.at(pull, row, sign * many * middle)
        np.add.at(pairs, row, many)
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    value = inverse @ pull
    for part in _linked(a, b, actors):
        value[part] -= np.median(value[part])
    return Bias(value, np.sqrt(np.maximum(np.diag(inverse), 0.0)) * (float(spread[0]) if len(of) else 0.0), pairs)


def _linked(a: Whole, b: Whole, actors: int) -> list[Whole]:
    """Return the groups of actors that handovers link."""
    label = np.arange(actors)
    while True:
        least = label.copy()
        np.minimum.at(least, a, label[b])
        np.minimum.at(least, b, label[a])
        if (least == label).all():
            return [np.flatnonzero(label == one) for one in np.unique(label)]
        label = least


def _medians(group: Whole, values: Floats, groups: int) -> Floats:
    """Return the median of each group; 0 where it has no member."""
    order = np.lexsort((values, group))
    ranked, many = values[order], np.bincount(group, minlength=groups)
    first = np.concatenate([[0], np.cumsum(many)[:-1]])
    result, some = np.zeros(groups), many > 0
    low, high = first[some] + (many[some] - 1) // 2, first[some] + many[some] // 2
    result[some] = (ranked[low] + ranked[high]) / 2
    return result
