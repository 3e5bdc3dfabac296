"""How suspicious each record is, and each actor in each period: everything found, in one measure.

The measure is nats of surprise: the logarithm of how seldom honest records look like that. Differences of weighings
are normal, ``-log P(|z| or more)``; for what is missing or out of place it is how seldom that is so among all these
records, so that a gap says little where gaps are common. Sums over kinds of evidence rank records; they are no
probability, since the kinds are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.audit.periods import periods_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MOST: Final = 40.0
"""Nats that one kind of evidence adds at most: nothing is that certain."""

COMMON: Final = 20.0
"""One honest weighing in so many is surprising."""


@dataclass(frozen=True)
class Suspicion:
    """What speaks against records.

    Attributes
    ----------
    evidence
        By kind: nats, (record,).
    record : (record,)
        Their sum.
    actor : (actor, period)
        Mean over the records of the actor in the period, and what speaks against its stock and its scales.
    """

    evidence: Mapping[str, Floats]
    record: Floats
    actor: Floats


def nats_of_sigmas(sigmas: Floats) -> Floats:
    """Return the surprise of normal differences of so many standard deviations, either way.

    What one in twenty honest weighings shows is none: so much is taken off, else many weighings would weigh like one
    wrong one. At most `MOST`. Above 5 standard deviations the tail is taken by its first term, ``phi(z) / z``
    (Abramowitz and Stegun 26.2.12).
    """
    size = np.minimum(np.abs(sigmas), 40.0)
    table = np.linspace(0.0, 5.0, 501)
    below = np.interp(size, table, -np.log(_two_tails(table)))
    above = size**2 / 2 + np.log(np.maximum(size, 1.0)) + np.log(np.pi / 2) / 2
    nats = np.where(size <= 5.0, below, above) - np.log(COMMON)
    return np.asarray(np.clip(nats, 0.0, MOST))


def _two_tails(sigmas: Floats) -> Floats:
    from math import erfc, sqrt

    return np.array([erfc(float(one) / sqrt(2)) for one in sigmas])


def nats_of_marks(marked: Bools, among: Bools, kind: Whole) -> Floats:
    """Return the surprise of what is marked, by how seldom it is among all of the same kind that can be, (row,)."""
    kinds = int(kind.max(initial=-1)) + 1
    can = np.bincount(kind[among], minlength=kinds)
    have = np.bincount(kind[marked & among], minlength=kinds)
    nats = np.log((can + 1.0) / (have + 0.5))
    return np.asarray(np.where(marked & among, np.clip(nats[kind] if kinds else 0.0, 0.0, MOST), 0.0))


def most_of(record: Whole, nats: Floats, records: int) -> Floats:
    """Return the greatest of several rows of each record, (record,)."""
    found = np.zeros(records)
    np.maximum.at(found, record, nats)
    return found


def together(
    entries: Entries, evidence: Mapping[str, Floats], period_s: int, stock_sigmas: Floats, bias_sigmas: Floats
) -> Suspicion:
    """Add up what speaks against records, and against actors.

    Parameters
    ----------
    entries
        As written.
    evidence
        By kind: nats, (record,).
    period_s
        Length of a period, s.
    stock_sigmas : (actor, period)
        How far the stock fell below nothing.
    bias_sigmas : (actor,)
        How far the scales are off.
    """
    record = np.sum([*evidence.values()], axis=0) if evidence else np.zeros(len(entries))
    known = entries.actor >= 0
    shape = stock_sigmas.shape
    cell = entries.actor[known] * shape[1] + periods_of(entries, period_s)[0][known]
    total = np.bincount(cell, weights=record[known], minlength=shape[0] * shape[1])
    many = np.bincount(cell, minlength=shape[0] * shape[1])
    mean = np.divide(total, many, out=np.zeros(len(total)), where=many > 0).reshape(shape)
    actor = mean + nats_of_sigmas(stock_sigmas) + nats_of_sigmas(bias_sigmas)[:, None]
    return Suspicion(evidence, record, actor)
