"""What a trial of a grade found, and two trials side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.accepted import moments_of
from cesim.charge.accepted_heats import Luck, scrap_of
from cesim.charge.estimates import Estimate, Tally
from cesim.charge.faults import Refusals, no_answer
from cesim.charge.melting import melted
from cesim.charge.shop import ScrapHeats
from cesim.charge.verdict import GOOD, TAKEN, judge
from cesim.charge.window import Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.accepted import AcceptedLots
    from cesim.charge.grades import ScrapGrade
    from cesim.charge.gradetest import GradeTest
    from cesim.charge.melting import Melting
    from cesim.charge.streams import LotTable
    from cesim.charge.verdict import Verdict

    Floats = NDArray[np.float64]

_CODES = np.arange(4)
_TAKEN = ((_CODES & TAKEN) > 0).astype(np.float64)
_GOOD = ((_CODES & GOOD) > 0).astype(np.float64)
_ONE = np.ones(4)
RATES = {
    "acceptance": (_TAKEN, _ONE),
    "conforming": (_GOOD, _ONE),
    "false_accept": (_TAKEN * (1.0 - _GOOD), _TAKEN),
    "false_reject": (_GOOD * (1.0 - _TAKEN), _GOOD),
}
"""Name -> the verdicts that count, and those they are a share of."""


@dataclass(frozen=True, eq=False)
class GradeResult:
    """The books of a trial. Every share is of tonnes; every `Estimate` carries its standard error.

    Shares that are of nothing (false accept where nothing was taken) are NaN.
    """

    test: GradeTest
    """What was asked."""
    grade: ScrapGrade
    """The grade that was tried."""
    lots: LotTable
    """The lots it was tried on."""
    verdict: Verdict
    """On every lot."""
    seed: int
    """Of every draw."""

    @property
    def acceptance(self) -> Estimate:
        """Share that was taken."""
        return self._rate("acceptance")

    @property
    def conforming(self) -> Estimate:
        """Share that truly keeps the grade, whatever was read."""
        return self._rate("conforming")

    @property
    def false_accept(self) -> Estimate:
        """Consumer's risk: share of what was taken that does not truly keep the grade."""
        return self._rate("false_accept")

    @property
    def false_reject(self) -> Estimate:
        """Producer's risk: share of what truly keeps the grade that was turned away."""
        return self._rate("false_reject")

    @cached_property
    def sole_cause(self) -> dict[str, Estimate]:
        """Limit -> share of all tonnes that this limit alone turned away; without it they would have been taken."""
        return self._causes(self.verdict.sole)

    @cached_property
    def first_cause(self) -> dict[str, Estimate]:
        """Limit -> share of all tonnes turned away whose worst miss, as a share of the limit, was this one."""
        return self._causes(self.verdict.first)

    @cached_property
    def accepted(self) -> AcceptedLots:
        """True mean and covariance of what was taken: a selected sample, never its readings."""
        return moments_of(self.lots, self.verdict.taken)

    @cached_property
    def by_source(self) -> dict[str, dict[str, Estimate]]:
        """Source (or bin) -> its own acceptance, conforming, false_accept and false_reject."""
        found = {}
        for at, stream in enumerate(self.lots.streams):
            own = np.arange(len(self.lots.streams)) == at
            tally = Tally(own.astype(np.float64), self.tally.counts, self.tally.second, self.tally.yards)
            found[stream.name] = {name: tally.ratio(*rate) for name, rate in RATES.items()}
        return found

    @property
    def tonnes(self) -> dict[str, float]:
        """Source (or bin) -> t taken of what was supplied."""
        share = self.accepted.share
        return {stream.name: stream.supply * float(share[at]) for at, stream in enumerate(self.lots.streams)}

    @cached_property
    def melting(self) -> Melting:
        """The charge that can be made of what was taken: recycled content, cost, CO2 and the risk that is run.

        Raises
        ------
        InputError
            ``charge_needs_too`` where the test names no alloy.
        NoAnswer
            ``charge_nothing_accepted``, and ``charge_no_margin`` where no charge keeps the risk.
        """
        test = self.test
        subject = f"GradeTest {self.grade.name}"
        if test.alloy is None or test.shop is None:
            with Refusals(subject) as refusals:
                refusals.refuse("charge_needs_too", "melting", other="alloy")
        assert test.alloy is not None
        assert test.shop is not None
        if not self.accepted.lots.any():
            raise no_answer("charge_nothing_accepted", subject, "acceptance")
        window = Window.of(test.alloy, test.elements)
        taken, shop = self.verdict.taken, test.shop

        def heats(number: int) -> ScrapHeats:
            luck = Luck.of(shop.heats, int(shop.lots_per_heat), len(self.lots.streams), 2 * self.seed + number)
            return ScrapHeats(shop, window, test.elements, scrap_of(self.lots, taken, self.accepted, luck))

        return melted(subject, heats(0), heats(1), self._sorting_cost())

    @cached_property
    def tally(self) -> Tally:
        """How many lots fell under each verdict."""
        return self._tally(self.verdict.code, 4)

    def again(self, grade: ScrapGrade) -> GradeResult:
        """Try another grade on the same lots with the same readings; errors as `GradeTest`."""
        return GradeResult(self.test, grade, self.lots, judge(self.lots, grade), self.seed)

    def compare(self, other: GradeResult) -> Comparison:
        """Set another grade beside this one.

        Raises
        ------
        InputError
            ``charge_other_lots`` where it was tried on lots of its own; use `again`.
        """
        with Refusals(f"GradeTest {self.grade.name}") as refusals:
            if other.lots is not self.lots:
                refusals.refuse("charge_other_lots", "compare", other=other.grade.name)
        return Comparison(self, other)

    def _rate(self, name: str) -> Estimate:
        return self.tally.ratio(*RATES[name])

    def _tally(self, code: NDArray[np.uint8], size: int) -> Tally:
        return Tally.of(self.lots.weight, self.lots.bounds, self.lots.yard, code, size)

    def _causes(self, code: NDArray[np.uint8]) -> dict[str, Estimate]:
        tests = self.verdict.tests
        tally = self._tally(code, len(tests) + 2)
        lines = np.eye(len(tests) + 2)
        return {test.name: tally.share(lines[at]) for at, test in enumerate(tests, 1)}

    def _sorting_cost(self) -> float:
        """JPY per t accepted: the whole feed of the sorter over what was taken of it."""
        if self.test.sorter is None:
            return 0.0
        supply = self.test.supplies or {self.test.sources[0].name: 1.0}
        feed = [supply[name] for name in self.test.sorter.classes]
        return float(self.test.sorter.bill(feed)) / sum(self.tonnes.values())


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two grades on the same lots: what the second does more than the first, and how sure that is.

    Lots and heats are common to both, so their luck leaves the difference; equal grades differ by exactly nothing.
    """

    first: GradeResult
    second: GradeResult

    @cached_property
    def differences(self) -> dict[str, Estimate]:
        """Second less first: `at_the_gate`, and of the melting with an alloy; errors as `GradeResult.melting`."""
        if self.first.test.alloy is None:
            return self.at_the_gate
        return self.at_the_gate | self.second.melting.less(self.first.melting)

    @cached_property
    def at_the_gate(self) -> dict[str, Estimate]:
        """Second less first: the rates, and ``mean Fe`` and so on of what was taken."""
        return {name: self._rate(name) for name in RATES} | self._means()

    def _rate(self, name: str) -> Estimate:
        one, other = (
            result.tally.influence(*RATES[name]) for result in (self.first, self.second)
        )  # fmt: skip
        joint = self.first.verdict.code * np.uint8(4) + self.second.verdict.code
        tally = self.first._tally(joint, 16)
        influence = (other[1][None, :] - one[1][:, None]).ravel()
        return Estimate(other[0] - one[0], tally.error(influence))

    def _means(self) -> dict[str, Estimate]:
        """Differences of the true mean of what was taken, with the error of the lots they do not share."""
        lots, found = self.first.lots, {}
        weight = np.repeat(lots.weight / np.diff(lots.bounds), np.diff(lots.bounds))
        ends = self.first.accepted.mean, self.second.accepted.mean
        with np.errstate(divide="ignore", invalid="ignore"):  # a grade that takes nothing has no mean: NaN
            chosen = [taken / (weight @ taken) for taken in (self.first.verdict.taken, self.second.verdict.taken)]
        for at, element in enumerate(lots.elements):
            true = lots.true[at].astype(np.float64)
            influence = weight * ((true - ends[1][at]) * chosen[1] - (true - ends[0][at]) * chosen[0])
            yards = influence.reshape(-1, lots.yard).sum(axis=1)
            found[f"mean {element}"] = Estimate(float(ends[1][at] - ends[0][at]), float(np.sqrt(yards @ yards)))
        return found
