"""What is believed of a bale's metal: expected of its grade, claimed by a record, measured by an assay.

A record that may be wrong makes a mixture of two: the claim, and what was expected without it. Elements are taken as
independent of each other, and aluminium is what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import METALS
from cesim.events.faults import refuse
from cesim.ledger.substances import ALLOYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.events.chain.plan import KnowledgePlan, MetalPlan
    from cesim.events.draws import Stream
    from cesim.ledger.informant import Claim

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

BASE: Final = METALS.index("Al")
WITHHELD: Final = "withheld_mg"
"""Claim of a mass that a record leaves without a name."""
EXPECTED, RECORD, ASSAY, ANALYSIS = "expected", "record", "assay", "analysis"
"""How a bale is known; `ANALYSIS` is that of a melt."""
_NORMAL: Final = NormalDist()
_CAREFUL: Final = 0.05
"""Relative spread of a grade below which none is taken to be when a claim is compared with it."""
_TRACE: Final = 1e-4
"""Mass fraction by which traces may differ all the same."""
_LEAST: Final = 1e-12
"""Variance below which something counts as certain when an assay is weighed against it."""


@dataclass(frozen=True)
class Mixture:
    """What bales may be: bells side by side, each with its weight.

    Attributes
    ----------
    weights : (bale, bell)
        adding to one
    means, variances : (bale, bell, METALS)
        mass fractions of the metal
    """

    weights: Floats
    means: Floats
    variances: Floats

    def moments(self) -> tuple[Floats, Floats]:
        """Return mean and variance, (bale, METALS); aluminium is the rest, and no limit asks how sure it is."""
        mean = np.einsum("bk,bke->be", self.weights, self.means)
        apart = self.means - mean[:, None]
        variance = np.einsum("bk,bke->be", self.weights, self.variances + apart**2)
        mean[:, BASE] = 0.0
        mean[:, BASE] = 1.0 - mean.sum(axis=1)
        variance[:, BASE] = 0.0
        return mean, variance

    def after(self, reading: Floats, noise: Floats) -> Mixture:
        """Return what is believed after assays: reading and variance of its error, (bale, METALS), by Bayes."""
        told = self.variances + noise[:, None]
        gain = np.where(told > _LEAST, self.variances / np.where(told > _LEAST, told, 1.0), 0.0)
        gap = reading[:, None] - self.means
        seen = np.delete(-0.5 * (gap**2 / np.maximum(told, _LEAST) + np.log(np.maximum(told, _LEAST))), BASE, axis=2)
        with np.errstate(divide="ignore"):
            log = np.log(self.weights) + seen.sum(axis=2)
        weights = np.exp(log - log.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        return Mixture(weights, self.means + gain * gap, self.variances * (1.0 - gain))


class Knowledge:
    """What a casthouse knows: it asks for records, and has some bales sampled.

    Parameters
    ----------
    known
        Spread, sampling, and error of assays.
    melter
        Place of the casthouse along M.
    grades
        Names along G.
    """

    def __init__(self, known: KnowledgePlan, melter: int, grades: tuple[str, ...]) -> None:
        self.known, self.melter, self.grades = known, melter, grades
        self.spread = np.zeros((len(grades), len(METALS))) if known.spread is None else known.spread

    def expected(self, metal: MetalPlan, grades: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return mean and variance of bales of these grades before anything is known of them, (bale, METALS).

        Raises
        ------
        InputError
            ``belief_missing`` for a grade of which the plan expects nothing.
        """
        mean = metal.belief[self.melter, grades]
        total = mean.sum(axis=1)
        if (total <= 0.0).any():
            grade = self.grades[int(grades[int(np.argmin(total))])]
            raise refuse("belief_missing", grade, found=self.melter)
        mean = mean / total[:, None]
        return mean, (mean * self.spread[grades]) ** 2

    def believed(
        self,
        metal: MetalPlan,
        grades: NDArray[np.intp],
        claims: Sequence[Sequence[Claim]],
        tonnes: Floats | None = None,
    ) -> tuple[Mixture, list[str]]:
        """Return what is believed of bales after what records claim of each, and how each is known.

        Parameters
        ----------
        metal
            Plan of the year.
        grades, claims, tonnes
            Of each bale. One heavier than `KnowledgePlan.bale_t` is many bales in one, and lies nearer to the mean;
            none is known better for being heavy where its mass is not given.
        """
        mean, variance = self.expected(metal, grades)
        alike = np.ones(len(grades))
        if tonnes is not None:
            alike = np.minimum(1.0, self.known.bale_t / np.maximum(tonnes, 1e-9))
        variance = variance * alike[:, None]
        weights = np.zeros((len(grades), 2))
        weights[:, 1] = 1.0
        means, variances = np.stack([mean, mean], axis=1), np.stack([variance, variance], axis=1)
        how = [EXPECTED] * len(grades)
        for bale, told in enumerate(claims):
            read = self._claimed(metal, told, mean[bale])
            if read is not None:
                trust, claimed, named = read
                trust = self._plausible(metal, int(grades[bale]), claimed, trust)
                weights[bale] = trust, 1.0 - trust
                means[bale, 0] = claimed
                variances[bale, 0] = np.where(named, 0.0, (claimed * self.spread[grades[bale]]) ** 2 * alike[bale])
                how[bale] = RECORD
        return Mixture(weights, means, variances), how

    def _claimed(
        self, metal: MetalPlan, claims: Sequence[Claim], expected: Floats
    ) -> tuple[float, Floats, NDArray[np.bool_]] | None:
        """Reliability, composition, and what of it is said of this very bale, of claims on masses or on the alloy.

        Mass that a record leaves without a name is shared among elements it does not name, as expected of the grade.
        """
        masses, named = np.zeros(len(METALS)), np.zeros(len(METALS), dtype=np.bool_)
        trust, withheld = 1.0, 0.0
        for claim in claims:
            if claim.field == "alloy" and claim.value in ALLOYS:
                return claim.reliability, self._alloy(metal, ALLOYS.index(str(claim.value))), named
            element = claim.field.removesuffix("_mg")
            if element in METALS and claim.field != element:
                masses[METALS.index(element)] = float(claim.value)
                named[METALS.index(element)] = True
                trust = min(trust, claim.reliability)
            withheld += float(claim.value) if claim.field == WITHHELD else 0.0
        rest = np.where(named, 0.0, expected)
        if withheld <= 0.0 or rest.sum() <= 0.0:
            named[:] = True
        else:
            masses += withheld * rest / rest.sum()
        total = masses.sum()
        return (trust, masses / total, named) if total > 0.0 else None

    def _plausible(self, metal: MetalPlan, grade: int, claimed: Floats, trust: float) -> float:
        """How far a claim is believed: one that fits other grades better than its own is likely a mistake (Bayes).

        A wrong record is taken to be that of a bale of any grade. Nothing is believed more than its reliability.
        """
        if trust >= 1.0:
            return trust
        means = metal.belief[self.melter]
        known = means.sum(axis=1) > 0.0
        means = means[known] / means[known].sum(axis=1, keepdims=True)
        spread = np.maximum(self.spread[known], _CAREFUL) * means + _TRACE
        fit = np.delete(-0.5 * ((claimed - means) / spread) ** 2 - np.log(spread), BASE, axis=1).sum(axis=1)
        fit = np.exp(fit - fit.max())
        own = float(fit[int(known[:grade].sum())])
        right, wrong = trust * own, (1.0 - trust) * float(fit.mean())
        return min(trust, right / (right + wrong)) if right + wrong > 0.0 else 0.0

    def _alloy(self, metal: MetalPlan, alloy: int) -> Floats:
        """What an alloy is made of: as the balance makes it, or half-way between its limits where it makes none."""
        product = metal.product[self.melter, alloy]
        total = product.sum()
        return product / total if total > 0.0 else metal.windows[alloy].middle

    def sampled(self, chance: Stream, counts: Sequence[int]) -> list[int]:
        """Return the places of bales that are sampled; a bale's luck goes by its count among those of its grade."""
        share = self.known.assayed
        if share <= 0.0:
            return []
        return [place for place, count in enumerate(counts) if chance.at(count) < share]

    def assay(self, error: Stream, count: int, truth: Floats) -> tuple[Floats, Floats]:
        """Return the reading of an assay of a bale and the variance of its error, (METALS)."""
        luck = [_NORMAL.inv_cdf(error.at(count * len(METALS) + element)) for element in range(len(METALS))]
        reading = np.maximum(truth * (1.0 + self.known.assay_cv * np.array(luck)), 0.0)
        return reading, (self.known.assay_cv * np.maximum(reading, _LEAST)) ** 2
