"""An attribution as lines for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.games import NotResolvable, waterfall
from cesim.report.numbers import write, write_change, write_error
from cesim.report.plan.attribution import headline, remarks
from cesim.report.plan.view import plan_view

if TYPE_CHECKING:
    from cesim.plan.attribution import PlanAttribution
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def attribution_lines(scenario: Scenario, found: PlanAttribution, lang: Language) -> list[str]:
    """Return the answer, the shares of each target from the largest on, and what is to be said of them."""
    view = plan_view(scenario, lang)
    say = view.writer.say
    lines = [*headline(view, found)]
    for one in found.divided:
        mean, unit = one.attributed.mean, one.goal.unit
        lines += ["", view.goal(one.goal), f"  {say('plan.without')}: {write(mean.before.value, unit, view.words)}"]
        shares = {share.player: share for share in mean.shares}
        for step in waterfall(mean):
            error = shares[step.player].error
            told = write_change(step.change, unit, view.words, abs(mean.total.value))
            told += "" if error is None else f" ± {write_error(error, unit, view.words, abs(mean.total.value))}"
            lines.append(f"    {told:>24}  {view.marked(step.player)}")
        lines.append(f"  {say('plan.with')}: {write(mean.after.value, unit, view.words)}")
        if isinstance(one.attributed.chance, NotResolvable):
            chance = one.attributed.chance
            lines.append(
                "  " + say(f"plan.not_resolvable_{chance.reason}", draws=chance.draws, needed=f"{chance.needed:,}")
            )
    return [*lines, "", *remarks(view, found)]
