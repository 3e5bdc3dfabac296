"""An evaluation as its reports look at it: money in one scale, figures of the futures, names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cesim.plan.evaluating import WITHOUT
from cesim.plan.futures import ADOPTED, NOTHING
from cesim.plan.money.frames import told
from cesim.report.numbers import Scale
from cesim.report.plan.view import plan_view
from cesim.report.read import main_year
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cesim.plan.evaluating import PlanEvaluation
    from cesim.plan.lots_beside import LotsBeside
    from cesim.plan.money import Costs, Evaluation
    from cesim.report.plan.view import PlanView
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario
    from cesim.text import Language

    Floats = NDArray[np.float64]

JPY_OF = {"ja": (1e-8, 1), "en": (1e-9, 2)}
"""Language -> factor of the unit money is told in (億円, bn JPY), and the decimals that always stand."""


@dataclass(frozen=True)
class EvaluationView:
    """Everything a page, a book or a terminal says of an evaluation."""

    view: PlanView
    found: PlanEvaluation
    lots: LotsBeside | None = None

    @property
    def lang(self) -> Language:
        """Language of the reader."""
        return self.view.lang

    @property
    def evaluation(self) -> Evaluation:
        """The plan against nothing."""
        return self.found.evaluation

    @property
    def costs(self) -> Costs:
        """What the plan costs."""
        return self.found.evaluation.costs

    @property
    def figure(self) -> str:
        """The figure that adds up: the mean of the futures, or the best estimate where there is nothing else."""
        return "best" if self.found.is_single else "mean"

    @property
    def main_year(self) -> int:
        """The year shown first."""
        return main_year([year for year in self.view.scenario.report.years if year in self.evaluation.chosen.years])

    def say(self, key: str, **arguments: object) -> str:
        """Words of this report."""
        return self.view.writer.say(f"plan_evaluate.{key}", **arguments)

    def money_word(self, kind: str, key: str) -> str:
        """Words of costs and accounts: an actor, a side, what is paid for."""
        return say(f"plan_money.{kind}.{key}", self.lang)

    @cached_property
    def money(self) -> Scale:
        """How money is written everywhere: with so many decimals that the largest sum has three digits at least."""
        factor, least = JPY_OF[self.lang]
        size = abs(told(self.costs.present())[self.figure]) * factor
        places = least if size <= 0.0 else max(least, 2 - math.floor(math.log10(size)))
        return Scale(factor, self.say("jpy"), min(places, 6))

    def spread(self, lanes: Floats) -> Mapping[str, float]:
        """Best estimate, mean and quantiles."""
        return told(lanes)

    def middle(self, lanes: Floats) -> float:
        """Median of the futures, or the best estimate where there is nothing else."""
        return told(lanes)["best" if self.found.is_single else "p50"]

    def adding(self, lanes: Floats) -> float:
        """The figure that adds up."""
        return told(lanes)[self.figure]

    def money_range(self, lanes: Floats) -> str:
        """5th to 95th percentile; a dash where there are no futures."""
        if self.found.is_single:
            return "–"
        held = told(lanes)
        return f"{self.money.bare(held['p05'])} – {self.money.bare(held['p95'])}"

    def count(self, share: float) -> str:
        """In how many futures."""
        if self.found.is_single:
            return self.say("met" if share else "missed")
        return self.say("of_futures", count=f"{round(share * self.found.draws):,}", draws=f"{self.found.draws:,}")

    def plan_name(self, name: str) -> str:
        """Name of one of the plans compared."""
        if name in (ADOPTED, NOTHING):
            return self.say(f"plan.{name}")
        pillar = self.view.writer.say(f"plan.bundle.{name.removeprefix(WITHOUT)}")
        return self.say("plan.without", pillar=pillar)

    def goal(self, goal: Goal) -> str:
        """A target with place and year."""
        return self.view.goal(goal)


def evaluation_view(
    scenario: Scenario, found: PlanEvaluation, lang: Language, lots: LotsBeside | None = None
) -> EvaluationView:
    """Return the view of an evaluation in one language."""
    return EvaluationView(plan_view(scenario, lang), found, lots)
