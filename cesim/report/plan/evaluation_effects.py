"""What a plan changes: targets, robustness, every indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.indicators import INDICATORS
from cesim.plan.money import COST, IndicatorEffect
from cesim.report.casthouse.shell import Section, Table
from cesim.report.numbers import bare_change, scale_for, write
from cesim.report.read import name_of
from cesim.run.series import ALL

if TYPE_CHECKING:
    from cesim.plan.evaluating import Standing
    from cesim.plan.money import GoalChances
    from cesim.report.plan.evaluation_view import EvaluationView
    from cesim.run.goals import Goal


def targets_section(view: EvaluationView) -> Section:
    """Return every target of the scenario, the main ones first."""
    main = [goal.id for goal in view.found.goals]
    held = sorted(view.found.chances(), key=lambda one: main.index(one.goal.id) if one.goal.id in main else len(main))
    columns = tuple(view.say(f"column.{key}") for key in
                    ("target", "level", "without", "with", "difference", "met_without", "met_with"))  # fmt: skip
    rows = tuple(_target(view, one) for one in held)
    lead = view.say("targets_single" if view.found.is_single else "targets_lead", draws=f"{view.found.draws:,}")
    notes = () if view.found.is_single else (view.say("targets_error", error=_error(view, held)),)
    table = Table(view.say("targets_table"), columns, rows, "targets", kinds=("", *[""] * 6))
    return Section("targets", view.say("targets_head"), (lead,), tables=(table,), notes=notes)


def _target(view: EvaluationView, one: GoalChances) -> tuple[str, ...]:
    goal, words, unit = one.goal, view.view.words, one.goal.unit
    found = view.evaluation.effect(*goal.series)
    assert isinstance(found, IndicatorEffect)  # a target without a value is not among the chances
    middle = "best" if view.found.is_single else "p50"
    before, after = (write(getattr(side, middle), unit, words) for side in (found.without, found.chosen))
    level = view.say("at_most" if goal.at_most else "at_least", level=write(goal.value, unit, words))
    counts = map(view.count, (one.without.share, one.chosen.share))
    return view.goal(goal), level, before, after, _difference(view, found, unit), *counts


def _difference(view: EvaluationView, found: IndicatorEffect, unit: str) -> str:
    """A difference with its range and unit."""
    words, gap = view.view.words, found.difference
    size = max(map(abs, gap))
    symbol = words("unit.points") if unit == "share" else scale_for(unit, size, words).symbol
    if view.found.is_single:
        return f"{bare_change(gap.best, unit, words, size)} {symbol}".rstrip()
    told = [bare_change(end, unit, words, size) for end in (gap.p50, gap.p05, gap.p95)]
    return f"{told[0]} ({told[1]} – {told[2]}) {symbol}".rstrip()


def _error(view: EvaluationView, held: list[GoalChances]) -> str:
    """The largest standard error of a share among those told, in futures."""
    most = max((max(one.chosen.error, one.without.error) for one in held), default=0.0)
    return f"{most * view.found.draws:.1f}"


def indicators_section(view: EvaluationView) -> Section:
    """Return every indicator in the main year, in the focus and in the whole country; the workbook has all."""
    words, year = view.view.words, view.main_year
    columns = tuple(view.say(f"column.{key}") for key in ("indicator", "without", "with", "difference", "direction"))
    tables = []
    for region in dict.fromkeys((view.view.scenario.report.focus_id, ALL)):
        rows = []
        for key in view.evaluation.chosen.names:
            name, unit = name_of(INDICATORS[key], view.lang), INDICATORS[key].unit
            found = view.evaluation.effect(key, region, year)
            if not isinstance(found, IndicatorEffect):
                rows.append((name, *[view.view.writer.say("undefined")] * 3, view.say("direction.untold")))
                continue
            middle = "best" if view.found.is_single else "p50"
            before, after = (write(getattr(side, middle), unit, words) for side in (found.without, found.chosen))
            rows.append((name, before, after, _difference(view, found, unit), view.say(f"direction.{found.direction}")))
        title = view.say("indicators_table", place=view.view.place(region), year=year)
        tables.append(Table(title, columns, tuple(rows), f"indicators-{region}", True, ("", "", "", "", "words")))
    return Section("indicators", view.say("indicators_head"), (view.say("indicators_lead"),), tables=tuple(tables))


def regret_section(view: EvaluationView) -> Section:
    """Return how the plans compare: in each main target, in cost, and in both."""
    standings = view.found.standings()
    goals = {goal.id: goal for goal in view.found.goals}
    tables = []
    for what, target in dict.fromkeys((one.what, one.target) for one in standings):
        held = [one for one in standings if (one.what, one.target) == (what, target)]
        tables.append(_regrets(view, what, goals.get(target), held))
    lead = (view.say("regret_lead"), view.say("regret_waits"))
    notes = (view.say("regret_cost_note"), view.say("regret_both_note"))
    return Section("robustness", view.say("regret_head"), lead, tables=tuple(tables), notes=notes)


def _regrets(view: EvaluationView, what: str, goal: Goal | None, held: list[Standing]) -> Table:
    numbers = ("regret_mean", "regret_p95", "regret_most") if what != "cost_and_target" else ()
    columns = tuple(view.say(f"column.{key}") for key in ("plan", "best", *numbers))
    rows = []
    for one in held:
        cells = [] if one.regret is None else [one.regret.mean, one.regret.p95, one.regret.most]
        told = [view.money.bare(cell) if what == COST else _of_target(view, goal, cell, cells) for cell in cells]
        rows.append((view.plan_name(one.plan), view.count(one.best), *told))
    if what == COST:
        title = view.say("regret_cost", unit=view.money.symbol)
    else:
        assert goal is not None
        title = view.say(f"regret_{'both' if what == 'cost_and_target' else 'target'}", goal=view.goal(goal))
    return Table(title, columns, tuple(rows), f"regret-{what}" if what != "cost_and_target" else f"both-{one.target}")


def _of_target(view: EvaluationView, goal: Goal | None, value: float, cells: list[float]) -> str:
    """Regret in the unit of a target; points for shares."""
    assert goal is not None
    words, size = view.view.words, max(cells)
    symbol = words("unit.points") if goal.unit == "share" else scale_for(goal.unit, size, words).symbol
    return f"{bare_change(value, goal.unit, words, size).lstrip('+')} {symbol}".rstrip()
