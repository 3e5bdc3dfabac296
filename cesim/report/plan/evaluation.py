"""The page and the workbook of an evaluation: what a plan brings, costs and risks, who pays and who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.money import IndicatorEffect, NoUnitCost
from cesim.report.casthouse.shell import Page, render
from cesim.report.numbers import Scale, write, write_change, write_changes
from cesim.report.plan.evaluation_accounts import accounts_section
from cesim.report.plan.evaluation_book import write_evaluation_book
from cesim.report.plan.evaluation_costs import costs_section
from cesim.report.plan.evaluation_effects import indicators_section, regret_section, targets_section
from cesim.report.plan.evaluation_lots import lots_section
from cesim.report.plan.evaluation_view import evaluation_view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.plan.evaluating import PlanEvaluation
    from cesim.plan.lots_beside import LotsBeside
    from cesim.plan.money import UnitCost
    from cesim.report.plan.evaluation_view import EvaluationView
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario
    from cesim.text import Language

TERMS = ("measure", "present_value", "arterial_venous", "levelised_cost", "regret", "draw", "common_luck")
FEW = 100
"""Draws below which ranges are a hint."""
MOST_PAYERS = 4
PER_TONNE = ("aluminium", "plastics", "co2")
"""Costs per tonne that are told in the headline."""


def write_evaluation(
    folder: Path, scenario: Scenario, found: PlanEvaluation, lang: Language, lots: LotsBeside | None = None
) -> None:
    """Write `report.html` and `results.xlsx` in `lang` into a folder."""
    (folder / "report.html").write_text(evaluation_page(scenario, found, lang, lots), encoding="utf-8")
    write_evaluation_book(folder / "results.xlsx", scenario, found, lang, lots)


def evaluation_page(scenario: Scenario, found: PlanEvaluation, lang: Language, lots: LotsBeside | None = None) -> str:
    """Return the page as HTML text."""
    view = evaluation_view(scenario, found, lang, lots)
    sections = [targets_section(view), costs_section(view), accounts_section(view), regret_section(view)]
    sections += [lots_section(view, lots)] if lots is not None else []
    sections.append(indicators_section(view))
    page = Page(
        writer=view.view.writer,
        kind="plan_evaluate",
        title=view.view.title,
        headline=tuple(headline(view)),
        sections=tuple(sections),
        terms=TERMS,
        alarms=tuple(alarms(view)),
        asked={
            view.say("asked_measures"): "\n".join(view.view.marked(held.name) for held in view.costs.measures),
            view.say("asked_targets"): "\n".join(view.goal(goal) for goal in found.goals),
            view.say("asked_draws"): f"{found.draws:,}",
            view.say("asked_seed"): str(found.seed),
        },
        remarks=tuple(remarks(view)),
        method=6,
        inputs="plan.inputs",
    )
    return render(page)


def headline(view: EvaluationView) -> Iterator[str]:
    """Say what the plan brings, in how many futures it is enough, what it costs, who pays, and what a tonne costs."""
    if not view.costs.measures:
        yield view.say("no_measures")
    for goal in view.found.goals:
        yield from effect_sentences(view, goal)
    yield cost_sentence(view)
    if payers := _payers(view):
        yield view.say("payers", names=view.view.writer.join(payers))
    told = [one for one in view.evaluation.unit_costs() if one.variant == "levelised" and one.per in PER_TONNE]
    yield view.say("per_tonne", names=view.view.writer.join(_unit_sentence(view, one) for one in told))


def effect_sentences(view: EvaluationView, goal: Goal) -> Iterator[str]:
    """Say of a target what the plan changes, and in how many futures it is met."""
    words, unit = view.view.words, goal.unit
    found = view.evaluation.effect(*goal.series)
    if not isinstance(found, IndicatorEffect):
        yield view.say("effect_untold", goal=view.goal(goal))
        return
    middle = "best" if view.found.is_single else "p50"
    before, after, gap = (getattr(one, middle) for one in (found.without, found.chosen, found.difference))
    size = max(abs(gap), abs(found.difference.p05), abs(found.difference.p95))
    told = {
        "goal": view.goal(goal), "before": write(before, unit, words), "after": write(after, unit, words),
        "change": write_change(gap, unit, words, size), "level": write(goal.value, unit, words),
    }  # fmt: skip
    if view.found.is_single:
        yield view.say("effect_single", **told)
    else:
        ends = write_changes(found.difference.p05, found.difference.p95, unit, words, size)
        yield view.say("effect", **told, ends=ends)
    one = next(one for one in view.found.chances() if one.goal.id == goal.id)
    key = f"enough_{'most' if goal.at_most else 'least'}"
    yield view.say(key, level=told["level"], before=view.count(one.without.share), after=view.count(one.chosen.share))


def cost_sentence(view: EvaluationView) -> str:
    """Say what the plan costs in all."""
    present = view.costs.present()
    told = {"first": view.costs.years[0], "last": view.costs.years[-1], "middle": view.money.full(view.middle(present))}
    if view.found.is_single:
        return view.say("costs_single", **told)
    return view.say("costs", **told, ends=view.money_range(present), unit=view.money.symbol)


def _payers(view: EvaluationView) -> list[str]:
    """Shares of those who pay most, after subsidies."""
    paid = {actor: view.adding(view.costs.present(actor)) for actor in view.costs.actors}
    total = view.adding(view.costs.present())
    if total <= 0.0:
        return []
    most = sorted(paid, key=lambda actor: -paid[actor])[:MOST_PAYERS]
    return [
        view.say(
            "payer", name=view.money_word("actor", actor), share=write(paid[actor] / total, "share", view.view.words)
        )
        for actor in most
        if paid[actor] > 0.0
    ]


def _unit_sentence(view: EvaluationView, one: UnitCost | NoUnitCost) -> str:
    per = view.money_word("per", one.per)
    if isinstance(one, NoUnitCost):
        return view.say("per_none", per=per, reason=view.money_word("none", one.reason))
    return view.say("per_one", per=per, told=unit_cost(view, one))


def unit_cost(view: EvaluationView, one: UnitCost) -> str:
    """Write a cost per tonne with its range, to three digits."""
    scale = Scale(1.0, view.say("jpy_t"), None, 0)
    if view.found.is_single:
        return scale.full(one.best)
    return view.say("with_range", middle=scale.full(one.p50), ends=f"{ends(scale, one.p05)} – {ends(scale, one.p95)}")


def ends(scale: Scale, value: float) -> str:
    """Write an end of a range; a cost without end is told as such."""
    return scale.bare(value) if value < float("inf") else "∞"


def alarms(view: EvaluationView) -> Iterator[str]:
    """Say what must not be overlooked."""
    if any(view.view.is_placeholder(held.name) for held in view.costs.measures):
        yield view.view.writer.say("plan.placeholders")
    if view.found.is_single:
        yield view.say("single")
    elif view.found.draws < FEW:
        yield view.say("few_draws", draws=view.found.draws)


def remarks(view: EvaluationView) -> Iterator[str]:
    """Say what waits and what has no value."""
    join = view.view.writer.join
    if view.found.waiting:
        yield view.view.writer.say("plan.waiting", names=join(map(view.view.measure, view.found.waiting)))
    if untold := view.found.untold():
        yield view.say("untold", names=join(map(view.goal, untold)))
