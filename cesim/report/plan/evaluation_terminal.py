"""An evaluation as lines for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.plan.evaluation import alarms, headline, remarks
from cesim.report.plan.evaluation_costs import costs_section
from cesim.report.plan.evaluation_lots import sentences
from cesim.report.plan.evaluation_view import evaluation_view

if TYPE_CHECKING:
    from cesim.plan.evaluating import PlanEvaluation
    from cesim.plan.lots_beside import LotsBeside
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def evaluation_lines(
    scenario: Scenario, found: PlanEvaluation, lang: Language, lots: LotsBeside | None = None
) -> list[str]:
    """Return the answer, who pays how much, and what is to be said of it."""
    view = evaluation_view(scenario, found, lang, lots)
    lines = [*headline(view)]
    table = costs_section(view).tables[0]
    lines += ["", view.say("terminal_costs", unit=view.money.symbol)]
    lines += [f"  {row[-2]:>12}  {row[0]}" for row in table.rows]
    if lots is not None:
        lines += ["", *sentences(view, lots)]
    return [*lines, "", *alarms(view), *remarks(view)]
