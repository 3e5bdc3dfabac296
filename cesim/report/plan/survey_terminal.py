"""A survey as lines for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.survey.spread import STATUSES
from cesim.report.plan.survey import alarms, headline, remarks, stakes_lead
from cesim.report.plan.survey_view import survey_view

if TYPE_CHECKING:
    from cesim.plan.survey import Survey
    from cesim.scenario.model import Scenario
    from cesim.text import Language

MOST_LINES = 5


def survey_lines(scenario: Scenario, found: Survey, lang: Language) -> list[str]:
    """Return which numbers to survey, what is at stake, what knowing is worth, and what makes headlines uncertain."""
    view = survey_view(scenario, found, lang)
    lines = [*headline(view), *alarms(view), *remarks(view)]
    for stake in found.stakes:
        lines += ["", view.plan.goal(stake.goal), *(f"  {told}" for told in stakes_lead(view, stake))]
        if (known := stake.knowing) is None:
            continue
        lines.append(f"  {view.say('lines_worth', floor=view.yen(known.floor))}")
        for path, worth in list(known.worth.items())[:MOST_LINES]:
            mark = "*" if path in view.first(stake) else " "
            told = f"{view.yen(worth)} ± {view.yen(known.error[path])}"
            lines.append(f"  {mark} {told:>28}  {view.input(path)} [{view.status(path)}]")
    if found.spreads:
        lines += ["", view.say("lines_spread")]
    for one in found.spreads:
        shares = [
            f"{view.status_name(status)} {view.plan.writer.full(one.by_status[status], 'share')}"
            for status in STATUSES
            if one.by_status[status] > 0.0
        ]
        rest = f"{view.say('unexplained')} {view.plan.writer.full(one.unexplained, 'share')}"
        lines += [f"  {view.series(one.series)}", f"    {view.plan.writer.join([*shares, rest])}"]
    return lines
