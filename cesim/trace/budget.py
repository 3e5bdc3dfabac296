"""What can be proved when some records are wrong, or lies: an interval under a stated budget of faults.

**Wrong records.** An adversary chose which of the records behind a claim are wrong, up to a number b. What the others
prove without those is true. Taking a record away takes away at most what flows through it (its influence), so

    provable without any b records >= provable - the b largest influences,

and the same for the classes not counted gives the upper end. What flows through two of the records is taken off twice:
the interval is wider than it need be, never narrower. b is given, or is the number that a binomial count of wrong
records among those behind the claim exceeds with no more than the probability left over.

**Weighing.** Shares inside one record are ratios, so the bias of the scale that weighed all of it cancels; masses of one
record from scales with different bias make it a wrong record. What is left is scatter, independent from weighing to
weighing: a first-order variance by the weights handed back along the genealogy, a normal quantile, and the second-order
bias of a ratio added. A record whose inputs fall short may be complete and weighed short, or incomplete; the larger
variance of the two is taken. With wrong records allowed for, the variance is the largest that it can be without them.

**Together.** What may go wrong is split evenly among wrong records, where they are counted by chance, and the scatter
at either end. The sum of the parts is at most 1 - confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.bounds import Bounds, bounds
from cesim.trace.genealogy import sums
from cesim.trace.passing import handed_back, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.genealogy import Genealogy

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

MORE_WRONG_THAN_BUDGETED = "more_wrong_than_budgeted"


@dataclass(frozen=True)
class FaultBudget:
    """What a verifier is ready to believe of records.

    Attributes
    ----------
    wrong_count
        Records behind a claim that may be wrong; an adversary chose which.
    wrong_share
        Or the share of all records that are wrong, each by itself; which of them, an adversary chose. At most one of
        the two; none means that no record is wrong.
    weighing_sd
        Standard deviation of a weighing as a share of what is weighed.
    confidence
        Probability with which the interval shall hold.

    Raises
    ------
    InputError
        ``fault_budget`` where one of them is out of its range, or both a count and a share are given.
    """

    wrong_count: int | None = None
    wrong_share: float | None = None
    weighing_sd: float = 0.0
    confidence: float = 0.95

    def __post_init__(self) -> None:
        ranges = {
            "wrong_count": self.wrong_count is None or (self.wrong_share is None and self.wrong_count >= 0),
            "wrong_share": self.wrong_share is None or 0.0 <= self.wrong_share <= 1.0,
            "weighing_sd": 0.0 <= self.weighing_sd < 1.0,
            "confidence": 0.0 < self.confidence < 1.0,
        }
        wrong = [Fault("fault_budget", Place(path=name), {"found": name}) for name, good in ranges.items() if not good]
        if wrong:
            raise InputError(wrong)

    def wrong_among(self, records: int) -> int:
        """Return how many of so many records may be wrong."""
        if self.wrong_share is None:
            return min(self.wrong_count or 0, records)
        from scipy.stats import binom

        return int(binom.ppf(1.0 - self._left_over(), records, self.wrong_share)) if records else 0

    def quantile(self) -> float:
        """Return how many standard deviations the scatter of weighings may reach at either end."""
        return NormalDist().inv_cdf(1.0 - self._left_over()) if self.weighing_sd else 0.0

    def _left_over(self) -> float:
        """Return the probability that each single part may fail with."""
        parts = (1 if self.wrong_share else 0) + (2 if self.weighing_sd else 0)
        return (1.0 - self.confidence) / max(parts, 1)


@dataclass(frozen=True)
class Proof:
    """What a claim comes to under a budget.

    Attributes
    ----------
    provable, possible
        The interval for the share of the classes counted; 0 and 1 where nothing is proved.
    is_proved
        False where the budget does not fit the records.
    reason
        Why nothing is proved, a code; none where something is.
    if_all_right
        The interval if every record is right and weighed exactly.
    records_behind
        Records through which some of the claim flows whose origin they prove.
    wrong_allowed
        How many of them may be wrong.
    off_for_wrong, off_for_weighing
        What is taken off at the lower end, and added at the upper end.
    found_wrong, found_allowed
        Records known to be wrong, and how many the budget allows for.
    budget
    heaviest : (record,)
        Events in the order of their influence at the lower end, as many as may be wrong.
    """

    provable: float
    possible: float
    is_proved: bool
    reason: str | None
    if_all_right: Bounds
    records_behind: int
    wrong_allowed: int
    off_for_wrong: tuple[float, float]
    off_for_weighing: tuple[float, float]
    found_wrong: int
    found_allowed: int
    budget: FaultBudget
    heaviest: Whole


def prove(
    genealogy: Genealogy,
    counted: Sequence[int],
    weight: Floats,
    budget: FaultBudget,
    *,
    found_wrong: int = 0,
    found_among: int | None = None,
    greatest_loss: float | Floats = 0.0,
) -> Proof:
    """Return the interval of a claim about a group of lots under a budget of faults.

    Parameters
    ----------
    genealogy
        As the records tell it.
    counted
        Places of the classes counted.
    weight : (lot,)
        What each lot weighs in the claim, such as its mass; taken as exact.
    found_wrong
        Records that contradict others for certain (`rebuilding.Rebuilt.wrong_at_least`), among `found_among` records;
        by default among those behind the claim.

    Raises
    ------
    InputError
        As `bounds.bounds`, `Bounds.of` and `shares`.
    """
    share = shares(genealogy, greatest_loss=greatest_loss)
    right = bounds(share, counted).of(weight)
    part = np.asarray(weight, dtype=np.float64) / float(np.sum(weight))
    stops = genealogy.relabel >= 0
    _, through = handed_back(genealogy, part, stops=stops, greatest_loss=greatest_loss)
    counts = np.zeros(genealogy.classes, dtype=bool)
    counts[np.asarray(counted, dtype=np.int64)] = True
    total = genealogy.total(greatest_loss)
    sides = [_Side(genealogy, total, through, share[:, chosen].sum(axis=1), chosen) for chosen in (counts, ~counts)]
    behind = int(np.count_nonzero((sides[0].influence > 0) | (sides[1].influence > 0)))
    wrong = budget.wrong_among(behind)
    off = [side.largest(wrong) for side in sides]
    noise = [side.scatter(budget, careful=wrong > 0) for side in sides]
    known = behind if found_among is None else found_among
    allowed = budget.wrong_among(known) if budget.wrong_share is not None else budget.wrong_count or 0
    fits = found_wrong <= allowed
    low = float(np.clip(float(right.provable) - off[0] - noise[0], 0.0, 1.0)) if fits else 0.0
    high = float(np.clip(float(right.possible) + off[1] + noise[1], 0.0, 1.0)) if fits else 1.0
    return Proof(
        low, high, fits, None if fits else MORE_WRONG_THAN_BUDGETED, right, behind, wrong, (off[0], off[1]),
        (noise[0], noise[1]), found_wrong, allowed, budget, sides[0].heaviest(wrong),
    )  # fmt: skip


class _Side:
    """One end of the interval: the proved share (lot,) of classes, and how it hangs on each record."""

    def __init__(
        self, genealogy: Genealogy, total: Floats, through: Floats, proved: Floats, chosen: NDArray[np.bool_]
    ) -> None:
        self.genealogy, self.total, self.through, self.proved = genealogy, total, through, proved
        self.of_class = np.append(chosen, False).astype(np.float64)  # class -1 is the last
        self.pooled = np.zeros(len(genealogy))
        made = genealogy.birth >= 0
        self.pooled[genealogy.birth[made]] = proved[made]
        self.influence = through * self.pooled

    def largest(self, count: int) -> float:
        """Return what flows at most through so many records."""
        if count >= len(self.influence):
            return float(self.influence.sum())
        return float(np.partition(self.influence, -count)[-count:].sum()) if count else 0.0

    def heaviest(self, count: int) -> Whole:
        """Return the records through which most flows."""
        return np.argsort(-self.influence, kind="stable")[:count]

    def scatter(self, budget: FaultBudget, *, careful: bool) -> float:
        """Return how far the scatter of weighings may carry this end; `careful` where records may be taken away."""
        if not budget.weighing_sd:
            return 0.0
        ratio, ratio_bias = self._if_complete(careful=careful)
        short, short_bias = self._if_short()
        told = self.genealogy.relabel < 0  # a class that is told hangs on no weighing
        variance = float((self.through**2 * np.maximum(ratio, short))[told].sum())
        bias = float((self.through * np.maximum(ratio_bias, short_bias))[told].sum())
        return float(budget.quantile() * budget.weighing_sd * variance**0.5 + budget.weighing_sd**2 * bias)

    def _if_complete(self, *, careful: bool) -> tuple[Floats, Floats]:
        """Return variance and bias of the share of each event, for a unit of scatter, if all inputs are on record.

        The share is ``C / A`` of the inputs: a weighing m of share s moves it by ``(s - C / A) m / A``.
        """
        g = self.genealogy
        into = np.divide(1.0, g.went_in, out=np.zeros(len(g)), where=g.went_in > 0)
        pooled = np.minimum(self.pooled * self.total * into, 1.0)
        variance, bias = np.zeros(len(g)), np.zeros(len(g))
        proved = np.append(self.proved, 0.0)  # lot -1 is the last
        sides = (
            (g.in_start, proved[g.in_lot], g.in_mass),
            (g.source_start, self.of_class[g.source_class], g.source_mass),
        )
        for start, share, mass in sides:
            event = np.repeat(np.arange(len(g)), np.diff(start))
            off = np.maximum(share, pooled[event]) if careful else np.abs(share - pooled[event])
            variance += sums(start, (off * mass * into[event]) ** 2)
            bias += sums(start, off * (mass * into[event]) ** 2)
        return variance, bias

    def _if_short(self) -> tuple[Floats, Floats]:
        """Return the same if inputs are missing: the share is ``C / T``, and T is what left, weighed piece by piece."""
        g = self.genealogy
        within = np.divide(1.0, self.total, out=np.zeros(len(g)), where=self.total > 0)
        left = np.divide(1.0, g.came_out, out=np.zeros(len(g)), where=g.came_out > 0)
        event = np.repeat(np.arange(len(g)), np.diff(g.in_start))
        variance = sums(g.in_start, (np.append(self.proved, 0.0)[g.in_lot] * g.in_mass * within[event]) ** 2)
        event = np.repeat(np.arange(len(g)), np.diff(g.source_start))
        variance += sums(g.source_start, (self.of_class[g.source_class] * g.source_mass * within[event]) ** 2)
        event = np.repeat(np.arange(len(g)), np.diff(g.out_start))
        spread = sums(g.out_start, (g.out_mass * left[event]) ** 2) + (g.loss * left) ** 2
        return variance + self.pooled**2 * spread, self.pooled * spread
