"""The page and the workbook of a backcast: the cheapest measures that reach the targets, or why none do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Page, Section, render
from cesim.report.plan.backcast_answer import headline, remarks
from cesim.report.plan.backcast_book import write_backcast_book
from cesim.report.plan.backcast_front import front_section
from cesim.report.plan.backcast_tables import (
    lifted_table,
    measure_table,
    nearest_table,
    option_table,
    payer_figure,
    target_table,
)
from cesim.report.plan.backcast_view import backcast_view
from cesim.report.plan.gantt import road_maps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.plan.backcasting import PlanBackcast
    from cesim.report.plan.backcast_view import BackcastView
    from cesim.scenario.model import Scenario
    from cesim.text import Language

TERMS = (
    "measure", "backcasting", "backcast_confidence", "backcast_present_value", "backcast_bound", "backcast_front",
    "draw", "common_luck",
)  # fmt: skip


def write_backcast(folder: Path, scenario: Scenario, told: PlanBackcast, lang: Language) -> None:
    """Write `report.html` and `results.xlsx` in `lang` into a folder."""
    (folder / "report.html").write_text(backcast_page(scenario, told, lang), encoding="utf-8")
    write_backcast_book(folder / "results.xlsx", scenario, told, lang)


def backcast_page(scenario: Scenario, told: PlanBackcast, lang: Language) -> str:
    """Return the page as HTML text."""
    view = backcast_view(scenario, told, lang)
    page = Page(
        writer=view.plan.writer,
        kind="plan_backcast",
        title=view.plan.title,
        headline=tuple(headline(view)),
        sections=tuple(_sections(view)),
        terms=TERMS,
        is_bad=told.solution is None,
        alarms=_alarms(view),
        asked=_asked(view),
        remarks=tuple(remarks(view)),
        inputs="plan.inputs",
    )
    return render(page)


def _alarms(view: BackcastView) -> tuple[str, ...]:
    named = any(view.plan.is_placeholder(name) for name in view.plan.plan.measures)
    return (view.plan.writer.say("plan.placeholders"),) if named else ()


def _asked(view: BackcastView) -> dict[str, str]:
    asked = view.told.question
    out = {
        view.say("asked.goals"): view.goals(),
        view.say("asked.confidence"): view.share(asked.confidence),
        view.say("asked.joint"): view.say("joint" if asked.joint else "each"),
        view.say("asked.budgets"): "\n".join(
            f"{view.payer(name)}: {view.money(most)}" for name, most in asked.budgets.items()
        ),
        view.say("asked.must"): "\n".join(view.plan.measure(name) for name in sorted(asked.must)),
        view.say("asked.never"): "\n".join(view.plan.measure(name) for name in sorted(asked.never)),
        view.say("asked.draws"): f"{view.told.draws:,}",
        view.say("asked.sets"): f"{view.told.sets:,}",
    }
    return {label: told or view.say("asked.none") for label, told in out.items()}


def _sections(view: BackcastView) -> Iterator[Section]:
    reached = view.told.solution is not None
    tables = [table for table in (nearest_table(view), lifted_table(view)) if table is not None]
    if not reached and tables:
        yield Section("why", view.say("why_head"), (view.say("why_lead"),), (), tuple(tables))
    head = view.say("plan_head" if reached else "nearest_head")
    if view.told.answer is not None:
        lead = () if reached else (view.say("nearest_lead" if view.told.choice else "nearest_nothing"),)
        held = (target_table(view), *((measure_table(view),) if view.told.choice else ()))
        yield Section("plan", head, lead, (), held, (view.say("cost_note"),))
    if view.told.choice:
        lead = (view.say("road_lead"),) if reached else (view.say("road_lead_nearest"),)
        yield Section("roads", view.say("road_head"), lead, road_maps(view), (), (view.say("road_note"),))
    if view.told.choice and view.payers():
        yield Section("payers", view.say("payer_head"), (view.say("payer_lead"),), (payer_figure(view),))
    front = front_section(view)
    if front is not None:
        yield front
    yield Section("options", view.say("option_head"), (view.say("option_lead"),), (), (option_table(view),))
