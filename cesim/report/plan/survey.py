"""The page of a survey: which number to look into next, because knowing it would improve the choice between plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Page, Section, render
from cesim.report.numbers import write
from cesim.report.plan.survey_book import write_survey_book
from cesim.report.plan.survey_figures import spread_figure, top_figures, worth_figure
from cesim.report.plan.survey_tables import alternatives_tables, inputs_table, worth_tables
from cesim.report.plan.survey_view import FEW_DRAWS, survey_view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.plan.survey import Stake, Survey
    from cesim.report.plan.survey_view import SurveyView
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario
    from cesim.text import Language

TERMS = ("knowing", "floor", "implied_price", "spread_share", "shortfall", "measure", "standard_error", "draw")
METHOD = 7
MOST_NAMED = 3


def write_survey(folder: Path, scenario: Scenario, found: Survey, lang: Language) -> None:
    """Write `report.html` and `results.xlsx` in `lang` into a folder."""
    (folder / "report.html").write_text(survey_page(scenario, found, lang), encoding="utf-8")
    write_survey_book(folder / "results.xlsx", scenario, found, lang)


def survey_page(scenario: Scenario, found: Survey, lang: Language) -> str:
    """Return the page as HTML text."""
    view = survey_view(scenario, found, lang)
    sections = [_stake(view, one, at) for at, one in enumerate(found.stakes)]
    return render(
        Page(
            writer=view.plan.writer,
            kind="plan_survey",
            title=view.plan.title,
            headline=tuple(headline(view)),
            sections=(*sections, _spread(view)),
            terms=TERMS,
            is_bad=not found.stakes,
            alarms=tuple(alarms(view)),
            method=METHOD,
            asked={
                view.say("asked_targets"): "\n".join(map(view.plan.goal, _goals(found))),
                view.say("asked_draws"): f"{found.draws:,}",
                view.say("asked_inputs"): f"{len(found.inputs):,}",
            },
            remarks=tuple(remarks(view)),
            inputs="plan_survey.inputs",
        )
    )


def headline(view: SurveyView) -> Iterator[str]:
    """Say for each target which numbers to survey, or that none stands out and what makes the figures uncertain."""
    for stake in view.found.stakes:
        goal = view.plan.goal(stake.goal)
        if first := view.first(stake):
            yield view.say("headline", goal=goal)
            yield from (_worth(view, stake, path) for path in first[:MOST_NAMED])
            if len(first) > MOST_NAMED:
                yield view.say("headline_more", count=len(first) - MOST_NAMED)
        else:
            yield view.say("nothing_stands_out", goal=goal, draws=f"{view.found.draws:,}")
            yield from _largest(view, stake)
    if not view.found.stakes:
        yield view.say("no_price")


def _worth(view: SurveyView, stake: Stake, path: str) -> str:
    assert stake.knowing is not None
    return view.say(
        "headline_input", name=view.input(path), status=view.status(path), source=view.source(path),
        worth=view.yen(stake.knowing.worth[path]), error=view.yen(stake.knowing.error[path]),
    )  # fmt: skip


def _largest(view: SurveyView, stake: Stake) -> Iterator[str]:
    """Name what explains most of the spread of the target's own figure, or say that nothing does."""
    one = next((one for one in view.found.spreads if one.series == stake.goal.series), None)
    one = one or next((one for one in view.found.spreads if one.series[0] == stake.goal.indicator), None)
    if one is None or not one.shares:
        yield view.say("no_contributor")
        return
    named = [
        view.say("contributor", name=view.input(path), status=view.status(path),
                 share=view.plan.writer.full(share, "share"))
        for path, share in list(one.shares.items())[:MOST_NAMED]
    ]  # fmt: skip
    yield view.say("contributors", figure=view.series(one.series), names=view.plan.writer.join(named))


def alarms(view: SurveyView) -> Iterator[str]:
    """Say what must not be overlooked."""
    if view.found.draws < FEW_DRAWS:
        yield view.say("few_draws", draws=f"{view.found.draws:,}", enough=f"{FEW_DRAWS:,}")
    plan = view.plan.plan
    if any(map(view.plan.is_placeholder, plan.active(plan.adopted))):
        yield view.plan.writer.say("plan.placeholders")


def remarks(view: SurveyView) -> Iterator[str]:
    """Say for which targets no price follows, and which measures do nothing."""
    plan = view.plan.plan
    if waiting := [name for name in plan.adopted if name not in plan.active(plan.adopted)]:
        yield view.plan.writer.say("plan.waiting", names=view.plan.writer.join(map(view.plan.measure, waiting)))
    if view.found.unpriced:
        yield view.say("unpriced", goals=view.plan.writer.join(map(view.plan.goal, view.found.unpriced)))


def stakes_lead(view: SurveyView, stake: Stake) -> Iterator[str]:
    """Say what the choice is about: the price, the plan that is best now, and what knowing everything would bring."""
    goal, known = stake.goal, stake.knowing
    level = write(goal.value, goal.unit, view.plan.words)
    yield view.say("price_implied" if stake.is_implied else "price_given", price=view.price(stake), level=level)
    if known is None:
        return
    often = view.plan.writer.full(known.least_often[known.best], "share")
    yield view.say("best", name=view.alternative(known.best), loss=view.yen(known.expected[known.best]), often=often)
    if named := view.dropped(known.best):
        yield view.say("best_without", names=view.plan.writer.join(map(view.plan.measure, named)))
    yield view.say("everything", worth=view.yen(known.everything), floor=view.yen(known.floor))


def _stake(view: SurveyView, stake: Stake, at: int) -> Section:
    figures = (worth_figure(view, stake),) if stake.knowing is not None else ()
    tables = (*worth_tables(view, stake), *alternatives_tables(view, stake))
    return Section(f"goal-{at}", view.plan.goal(stake.goal), tuple(stakes_lead(view, stake)), figures, tables,
                   (view.say("alternatives_note"),))  # fmt: skip


def _spread(view: SurveyView) -> Section:
    if not view.found.spreads:
        return Section("spread", view.say("spread"), (view.say("no_spread"),))
    _, region, year = view.found.spreads[0].series
    lead = (view.say("spread_lead", place=view.plan.place(region), year=year),)
    figures = (spread_figure(view), *top_figures(view))
    return Section("spread", view.say("spread"), lead, figures, (inputs_table(view),))


def _goals(found: Survey) -> list[Goal]:
    return [*(stake.goal for stake in found.stakes), *found.unpriced]
