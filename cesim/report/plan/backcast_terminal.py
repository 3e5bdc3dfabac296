"""A backcast as lines for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.backcast import ALL, Unreachable
from cesim.report.plan.backcast_answer import headline, remarks
from cesim.report.plan.backcast_tables import condition, lifted
from cesim.report.plan.backcast_view import backcast_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.backcasting import PlanBackcast
    from cesim.report.plan.backcast_view import BackcastView
    from cesim.scenario.model import Scenario
    from cesim.text import Language


def backcast_lines(scenario: Scenario, told: PlanBackcast, lang: Language) -> list[str]:
    """Return the answer, its measures, who pays, the front, and what is to be said of them."""
    view = backcast_view(scenario, told, lang)
    lines = [*headline(view)]
    for part in (_lifted(view), _measures(view), _payers(view), _front(view), remarks(view)):
        lines += ["", *held] if (held := list(part)) else []
    return lines


def _lifted(view: BackcastView) -> Iterator[str]:
    found = view.told.found
    if not isinstance(found, Unreachable) or not found.lifted:
        return
    yield view.say("lifted_table")
    for one in lifted(found):
        told = "-" if one.cost is None else view.money(one.cost)
        key = "possible" if one.reachable else "impossible" if one.proven else "possible_not_found"
        yield f"  {told:>14}  {condition(view, one.condition)}: {view.say(key)}"


def _measures(view: BackcastView) -> Iterator[str]:
    if not view.told.choice:
        return
    yield view.say("plan_head" if view.told.solution is not None else "nearest_head")
    for row, bar in view.chosen():
        level = "" if bar.level == 1.0 else f" {view.share(bar.level)}"
        yield f"  {view.money(bar.cost):>14}  {bar.start}{level}  {view.plan.marked(row.measure)}"


def _payers(view: BackcastView) -> Iterator[str]:
    answer = view.told.answer
    if answer is None or not view.told.choice or not view.payers():
        return
    yield view.say("payer_head")
    for name in (*view.payers(), ALL):
        written = view.say("payer_written", cost=view.money(view.told.written.paid[name]))
        yield f"  {view.money(answer.paid[name]):>14}  {view.payer(name)} ({written})"


def _front(view: BackcastView) -> Iterator[str]:
    whole = view.told.front
    if whole is None or not any(point.solution is not None for point in whole.points):
        return
    yield view.say("front_head")
    for point in whole.points:
        cost = "-" if point.solution is None else view.money(point.solution.cost)
        proven = "" if not point.complete else view.say("none_proven" if point.solution is None else "is_proven")
        yield f"  {view.share(point.confidence):>6}  {cost:>14}  {proven}".rstrip()
