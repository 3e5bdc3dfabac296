"""What can be proved when some records are wrong, or lies: an interval under a stated budget of faults.

**Wrong records.** An adversary chose which of the records behind a claim are wrong, up to a number b. What the others
prove without those is true. Taking a record away takes away at most what flows through it (its influence), so

    provable without any b records >= provable - the b largest influences,

and the same for the classes not counted gives the upper end. What flows through two of the records is taken off twice:
the interval is wider than it need be, never narrower. b is given, or is the number that a binomial count of wrong
records among those behind the claim exceeds with no more than the probability left over.

**Weighing.** Shares inside one record are ratios, so the bias of the scale that weighed all of it cancels; where scales
of different bias weighed it, it is a wrong record. What is left is scatter, independent from weighing to weighing: a
first-order variance by the weights handed back along the genealogy, a normal quantile, and the second-order bias of a
ratio added. A record whose inputs fall short may be complete and weighed short, or incomplete; the larger variance of
the two is taken. With wrong records allowed for, the variance is the largest that it can be without them.

**Together.** What may go wrong is split evenly among wrong records, where they are counted by chance, and the scatter
at either end. The sum of the parts is at most 1 - confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.genealogy.bounds import Bounds, bounds
from cesim.trace.genealogy.influence import Side
from cesim.trace.genealogy.passing import handed_back, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.genealogy.graph import Genealogy

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
        Or the chance of each record behind the claim to be wrong, which gives their number; which of them, an adversary
        chose. At most one of the two; none means that no record is wrong. Who may put all the wrong records of a
        ledger behind one claim is not covered: give the count.
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
        return _quantile(1.0 - self._left_over(), records, self.wrong_share)

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
    heaviest : (at most wrong_allowed,)
        Events of the genealogy through which most of the claim flows, the heaviest first.
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
    claim = Claim(genealogy, counted, weight, greatest_loss=greatest_loss)
    return claim.under(budget, found_wrong=found_wrong, found_among=found_among)


class Claim:
    """A group of lots by weight, of which the share of some classes is asked; under as many budgets as one likes.

    Parameters
    ----------
    genealogy, counted, weight, greatest_loss
        As `prove`.
    share : (lot, K)
        ``shares(genealogy, greatest_loss=greatest_loss)`` where somebody has it already.
    """

    def __init__(
        self,
        genealogy: Genealogy,
        counted: Sequence[int],
        weight: Floats,
        *,
        share: Floats | None = None,
        greatest_loss: float | Floats = 0.0,
    ) -> None:
        proved = shares(genealogy, greatest_loss=greatest_loss) if share is None else share
        self.right = bounds(proved, counted).of(weight)
        part = np.asarray(weight, dtype=np.float64) / float(np.sum(weight))
        _, through = handed_back(genealogy, part, stops=genealogy.relabel >= 0, greatest_loss=greatest_loss)
        chosen = np.zeros(genealogy.classes, dtype=bool)
        chosen[np.asarray(counted, dtype=np.int64)] = True
        total = genealogy.total(greatest_loss)
        self.sides = [Side(genealogy, total, through, proved[:, of].sum(axis=1), of) for of in (chosen, ~chosen)]
        flows = (side.influence > 0 for side in self.sides)
        self.records_behind = int(np.count_nonzero(next(flows) | next(flows)))

    def under(self, budget: FaultBudget, *, found_wrong: int = 0, found_among: int | None = None) -> Proof:
        """Return the interval under a budget; see `prove`."""
        wrong = budget.wrong_among(self.records_behind)
        off = [side.largest(wrong) for side in self.sides]
        noise = [self._noise(side, budget, careful=wrong > 0) for side in self.sides]
        among = self.records_behind if found_among is None else found_among
        allowed = budget.wrong_count or 0 if budget.wrong_share is None else budget.wrong_among(among)
        fits = found_wrong <= allowed
        low = float(np.clip(float(self.right.provable) - off[0] - noise[0], 0.0, 1.0)) if fits else 0.0
        high = float(np.clip(float(self.right.possible) + off[1] + noise[1], 0.0, 1.0)) if fits else 1.0
        return Proof(
            low, high, fits, None if fits else MORE_WRONG_THAN_BUDGETED, self.right, self.records_behind, wrong,
            (off[0], off[1]), (noise[0], noise[1]), found_wrong, allowed, budget, self.sides[0].order[:wrong],
        )  # fmt: skip

    @staticmethod
    def _noise(side: Side, budget: FaultBudget, *, careful: bool) -> float:
        """Return how far the scatter of weighings may carry an end."""
        if not budget.weighing_sd:
            return 0.0
        variance, bias = side.scatter(careful=careful)
        spread = budget.weighing_sd * float(np.sqrt(variance))
        return budget.quantile() * spread + budget.weighing_sd**2 * bias


def _quantile(probability: float, records: int, share: float) -> int:
    """Return the least count that so many records of which each is wrong by chance exceed no more often."""
    from scipy.special import bdtr

    low, high = -1, records  # too few; enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtr(middle, records, share) >= probability else (middle, high)
    return high
