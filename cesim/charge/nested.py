"""Grades g x limits are nested: one sort of the lots of a source answers for every g.

A lot is taken at level g exactly where the largest ratio of reading to limit is at most g. So with lots in the order of
that ratio, what a level takes is a beginning of the row, and its share, mean and covariance are sums up to there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.composition import TOLERANCE
from cesim.charge.verdict import tests_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.grades import ScrapGrade
    from cesim.charge.streams import LotTable

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NestedPool:
    """What each level takes of one source."""

    share: Floats
    """Share of the lots, (level,)."""
    mean: Floats
    """True mean mass fractions, (level, element); those of all lots where a level takes less than two."""
    covariance: Floats
    """True covariance of one lot, (level, element, element)."""
    order: Ints
    """Lots by rising score, (lot,)."""
    count: Ints
    """How many of them each level takes, (level,)."""


def scores(table: LotTable, grade: ScrapGrade) -> NDArray[np.float32]:
    """Return the largest ratio of reading to upper limit, (lot,); infinite where a limit is missed that no level moves.

    Raises
    ------
    InputError
        As `tests_of`.
    """
    worst = np.zeros(table.read.shape[1], dtype=np.float32)
    for test in tests_of(grade, table.elements, tuple(table.foreign)):
        read = _readings(table, test.of)
        if test.is_lower or test.of in table.foreign:
            worst[test.missed(read)] = np.inf
        else:
            used = np.maximum(read - np.float32(TOLERANCE), 0) / np.float32(max(test.limit, 1e-30))
            np.maximum(worst, used, out=worst)
    return worst


def _readings(table: LotTable, name: str) -> NDArray[np.float32]:
    """What was read of an element or a foreign thing, (lot,); aluminium is the rest."""
    if name in table.foreign:
        return table.foreign[name][1]
    if name in table.elements:
        return np.asarray(table.read[table.elements.index(name)])
    return np.asarray(1 - table.read.sum(axis=0))


def pool_of(table: LotTable, grade: ScrapGrade, levels: Floats) -> NestedPool:
    """Return what the grades ``levels x limits`` take of the lots of one source.

    Parameters
    ----------
    levels
        Rising factors, (level,).
    """
    score = scores(table, grade)
    order = np.argsort(score, kind="stable")
    count = np.searchsorted(score[order], levels.astype(np.float32), side="right")
    middle = table.true.mean(axis=1, dtype=np.float64)
    size = len(table.elements)
    first, second = np.zeros((levels.size, size)), np.zeros((levels.size, size, size))
    begin = 0
    for at, end in enumerate(count):
        apart = table.true[:, order[begin:end]] - middle[:, None]
        first[at], second[at] = apart.sum(axis=1), apart @ apart.T
        begin = end
    lots = np.maximum(count, 1)
    shift = first.cumsum(axis=0) / lots[:, None]
    within = second.cumsum(axis=0) / lots[:, None, None] - np.einsum("li,lj->lij", shift, shift)
    return NestedPool(count / score.size, middle + shift, within, order, count)


def lots_of_heats(pool: NestedPool, level: int, table: LotTable, start: Floats, lots: int) -> Floats:
    """Return the true composition of the scrap of one source in each heat, (heat, element): a mean of `lots` lots.

    Parameters
    ----------
    start
        Uniform, (heat,), the same for every level: from where a heat takes the next accepted lots, so that lots of
        one yard stay together and two levels see the same luck.
    """
    taken = np.sort(pool.order[: pool.count[level]])
    first = np.searchsorted(taken, start * pool.order.size)
    places = taken[(first[:, None] + np.arange(lots)) % taken.size]
    return np.column_stack([column[places].mean(axis=1, dtype=np.float64) for column in table.true])
