"""Points solved together: where some of them have no answer, the company is halved until it is known which.

A failure costs only its own run. What a run comes to, and why it fails, does not depend on its company: what fails is
told of the point alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.run.held import HeldBlock, can_hold
from cesim.run.once import solve_once
from cesim.run.periods import balance_years
from cesim.run.prepared import run_values
from cesim.run.proof import prove_block
from cesim.run.said import Contents, Said
from cesim.run.series import groups
from cesim.run.solve import Bench, Plan, told_as_faults
from cesim.sweep.engines.reasons import NotProvedError, failure
from cesim.sweep.solving import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from cesim.ledger.certificate import Certificate
    from cesim.scenario.model import Scenario
    from cesim.sweep.engines.drawing import PointSource

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

AT_ONCE: Final = 16
"""Lanes of a full run: it writes all flows of its lanes, which is what takes its memory. So many take no more than the
block itself took before."""


@dataclass(frozen=True)
class Company:
    """Points that are solved together, all for the same alternatives.

    Attributes
    ----------
    source
        the points, and where their draws come from
    scenarios
        alternative -> scenario
    is_proved
        whether a full run beside must give the same bits
    """

    source: PointSource
    scenarios: Mapping[int, Scenario]
    is_proved: bool = False

    @property
    def points(self) -> Ints:
        """Numbers of the points (point,)."""
        return self.source.points

    def plan(self, alternative: int) -> Plan:
        """One block of lanes, in which lane 0, the best estimate, is left out: the block starts at lane 1."""
        count = self.points.size
        return Plan(self.scenarios[alternative], self.source.keyed.seed, count + 1, count, self.source)

    def part(self, first: int, last: int, alternatives: tuple[int, ...]) -> Company:
        """Return some of the points, for some of the alternatives."""
        scenarios = {one: self.scenarios[one] for one in alternatives}
        return replace(self, source=self.source.taken(np.arange(first, last)), scenarios=scenarios)


class Answer(NamedTuple):
    """What one alternative comes to in some points."""

    alternative: int
    points: Ints
    found: Floats | Failure
    """All indicators (indicator, group, year, point), or why there are none."""


class Bureau:
    """Answers companies; keeps what does not depend on the points: how parts of scenarios compare, and edges of flows.

    Attributes
    ----------
    memory
        bytes that what alternatives share may take
    """

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self._contents, self._bench = Contents(), Bench()

    def answers(self, company: Company) -> Iterator[Answer]:
        """Yield what every alternative comes to in every point, in any order."""
        failed = []
        for one in self._together(company):
            if not isinstance(one.found, Failure) or company.points.size == 1:
                yield one
            else:
                failed.append(one.alternative)
        if failed:
            count = company.points.size
            for first, last in ((0, count // 2), (count // 2, count)):
                yield from self.answers(company.part(first, last, tuple(failed)))

    def _together(self, company: Company) -> Iterator[Answer]:
        """Yield what every alternative comes to; a failure stands for all points."""
        held: HeldBlock | None = None
        for alternative, scenario in company.scenarios.items():
            plan, found = company.plan(alternative), None
            try:
                with told_as_faults():
                    if not can_hold(scenario):
                        found = self._full_run(company, alternative)
                    elif len(company.scenarios) == 1:
                        found = solve_once(plan, 1)
                    else:
                        said = Said(self._contents, scenario)
                        held = held or HeldBlock(plan, 1, said, self.memory)
                        found = _evaluated(held, scenario, said)
                if company.is_proved and can_hold(scenario):
                    self._prove(company, alternative, found)
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is the run's own and told of it
                yield Answer(alternative, company.points, failure(error))
            else:
                yield Answer(alternative, company.points, found)

    def _full_run(self, company: Company, alternative: int) -> Floats:
        """Solve with all flows written, and their certificate."""
        scenario = company.scenarios[alternative]
        names, years = tuple(groups(scenario)), tuple(int(year) for year in balance_years(scenario))
        found, count = [], company.points.size
        for first in range(0, count, AT_ONCE):
            few = company.part(first, min(first + AT_ONCE, count), (alternative,))
            proof = prove_block(few.plan(alternative), 1, self._bench)
            _check(proof.certificate)
            found.append(run_values(proof, names, years))
        return np.concatenate(found, axis=-1)

    def _prove(self, company: Company, alternative: int, found: Floats) -> None:
        """Hold an answer against a full run."""
        try:
            run = self._full_run(company, alternative)
        except NotProvedError:
            raise
        except Exception as error:
            raise NotProvedError(f"a full run of the same point fails: {failure(error).reason}") from error
        if not np.array_equal(run, found, equal_nan=True):
            raise NotProvedError("a full run of the same point has other bits")


def _evaluated(held: HeldBlock, scenario: Scenario, said: Said) -> Floats:
    """The indicators of a scenario on a block held, without the lane of the best estimate."""
    from cesim.run.evaluated import NAMES

    out = np.empty((len(NAMES), len(groups(scenario)), balance_years(scenario).size, held.start + held.kept))
    held.evaluate(scenario, said, out)
    return out[..., held.start :]


def _check(certificate: Certificate) -> None:
    """Refuse what does not balance."""
    if not certificate.passed:
        worst = certificate.worst
        # the last word is the number of the lane, which says nothing of the point
        where = worst.where.rpartition(" / ")[0] if " / draw " in worst.where else worst.where
        raise NotProvedError(f"certificate: {worst.name} {where} {worst.worst:.1e}")
