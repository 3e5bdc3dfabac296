"""How well a score tells what is wrong from what is right. It measures against planted truth."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.records import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from cesim.trace.records import Records

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

HARMLESS: Final = ("scale", "back_dated")
"""Faults of records of people who mean well."""


@dataclass(frozen=True)
class Roc:
    """Hits over false alarms for every threshold, highest first.

    Attributes
    ----------
    threshold : (point,)
        Everything with this score or a higher one is reported; the first point reports nothing.
    false_share, hit_share : (point,)
        Share of the right and of the wrong that is reported.
    auc, se
        Area below; its standard error (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44). None where nothing is
        wrong or nothing is right; no error with a single one of either.
    wrong, right
        How many there are.
    """

    threshold: Floats
    false_share: Floats
    hit_share: Floats
    auc: float | None
    se: float | None
    wrong: int
    right: int


def roc(score: Floats, wrong: Bools) -> Roc:
    """Return the curve of a score.

    What has the same score is reported together, so that the curve goes straight through ties and the area is the
    chance that something wrong scores higher than something right, ties counting half (Mann and Whitney).

    Raises
    ------
    InputError
        ``audit_scores`` where scores are not finite, or not as many as what they score.
    """
    score, wrong = np.asarray(score, dtype=np.float64), np.asarray(wrong, dtype=bool)
    if score.shape != wrong.shape or score.ndim != 1 or not np.isfinite(score).all():
        raise InputError([Fault("audit_scores", Place(model="roc"), {"found": str(score.shape)})])
    order = np.argsort(-score, kind="stable")
    down, hit = score[order], wrong[order]
    last = np.append(np.diff(down) != 0, True) if len(down) else np.zeros(0, dtype=bool)
    hits, alarms = np.cumsum(hit)[last], np.cumsum(~hit)[last]
    bad, good = int(wrong.sum()), int((~wrong).sum())
    hit_share = np.concatenate([[0.0], hits / max(bad, 1)])
    false_share = np.concatenate([[0.0], alarms / max(good, 1)])
    threshold = np.concatenate([[down[0] if len(down) else 0.0], down[last]])
    auc = float(np.trapezoid(hit_share, false_share)) if bad and good else None
    return Roc(threshold, false_share, hit_share, auc, _error(score, wrong), bad, good)


def _error(score: Floats, wrong: Bools) -> float | None:
    """Standard error of the area, from how much each one's own share of wins varies."""
    bad, good = score[wrong], score[~wrong]
    if len(bad) < 2 or len(good) < 2:
        return None
    of_bad, of_good = _wins(bad, good), 1 - _wins(good, bad)
    return sqrt(float(of_bad.var(ddof=1)) / len(bad) + float(of_good.var(ddof=1)) / len(good))


def _wins(these: Floats, others: Floats) -> Floats:
    """Return the share of others that each of these beats, ties counting half."""
    ranked = np.sort(others)
    below, up_to = np.searchsorted(ranked, these, "left"), np.searchsorted(ranked, these, "right")
    return np.asarray((below + up_to) / 2 / len(others))


def roc_by_fault(records: Records, score: Floats) -> dict[str, Roc]:
    """Return the curve of a score of records for each kind of fault.

    Those that have it are held against those that are right: without any fault, or with none but what scales and late
    writing do to honest records (`scale`, `back_dated`), since with real scales no other records are left. These two
    kinds themselves are held against records without any fault. ``any`` is all but these two kinds.
    """
    spotless = records.fault == 0
    harmless = sum(1 << FAULTS.index(name) for name in HARMLESS)
    right = records.fault & ~harmless == 0
    found = {"any": roc(score, ~right)}
    for bit, fault in enumerate(FAULTS):
        wrong = (records.fault >> bit) & 1 == 1
        these = wrong | (spotless if fault in HARMLESS else right)
        found[fault] = roc(score[these], wrong[these])
    return found


def roc_by_noise(
    noises: Iterable[float], written: Callable[[float], Records], score: Callable[[Records, float], Floats]
) -> dict[tuple[float, str], Roc]:
    """Return the curve of a score for each noise of weighing and each kind of fault.

    Parameters
    ----------
    noises
        Relative standard deviations of weighings.
    written
        Returns the records of the same truth with such scales.
    score
        Of records that come from such scales, such as the suspicion of an audit.
    """
    found = {}
    for noise in noises:
        records = written(noise)
        curves = roc_by_fault(records, score(records, noise))
        found.update({(noise, fault): curve for fault, curve in curves.items()})
    return found


def at_threshold(score: Floats, wrong: Bools, threshold: float) -> tuple[int, int, int]:
    """Return how many wrong ones are reported, how many are not, and how many right ones are reported."""
    reported = score >= threshold
    return int((reported & wrong).sum()), int((~reported & wrong).sum()), int((reported & ~wrong).sum())
