"""The page and the workbook of an attribution: which measure carries how much of what the plan brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.frames import kinds_of
from cesim.plan.games import NotResolvable
from cesim.report.casthouse.shell import Page, Section, Table, render
from cesim.report.numbers import write, write_change, write_error
from cesim.report.plan.attribution_book import write_attribution_book
from cesim.report.plan.view import plan_view
from cesim.report.plan.waterfall import HARMS, HELPS, colour, waterfall_figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.plan.attribution import Divided, PlanAttribution
    from cesim.plan.games import Attribution, Pair, Share
    from cesim.report.plan.view import PlanView
    from cesim.scenario.model import Scenario
    from cesim.text import Language

TERMS = ("measure", "share_of_plan", "waterfall", "interaction", "shortfall", "draw", "common_luck", "standard_error")
MOST_NAMED = 3
MOST_PAIRS = 4


def write_attribution(folder: Path, scenario: Scenario, found: PlanAttribution, lang: Language) -> None:
    """Write `report.html` and `results.xlsx` in `lang` into a folder."""
    (folder / "report.html").write_text(attribution_page(scenario, found, lang), encoding="utf-8")
    write_attribution_book(folder / "results.xlsx", scenario, found, lang)


def attribution_page(scenario: Scenario, found: PlanAttribution, lang: Language) -> str:
    """Return the page as HTML text."""
    view = plan_view(scenario, lang)
    say = view.writer.say
    page = Page(
        writer=view.writer,
        kind="plan_attribute",
        title=view.title,
        headline=tuple(headline(view, found)),
        sections=tuple(_section(view, found, one, at) for at, one in enumerate(found.divided)),
        terms=TERMS,
        alarms=(say("plan.placeholders"),) if any(map(view.is_placeholder, view.plan.measures)) else (),
        asked={
            say("plan.asked_players"): "\n".join(view.measure(name) for name in found.players),
            say("plan.asked_draws"): f"{found.draws:,}",
            say("plan.asked_sets"): f"{found.sets:,}",
        },
        remarks=tuple(remarks(view, found)),
        inputs="plan.inputs",
    )
    return render(page)


def headline(view: PlanView, found: PlanAttribution) -> Iterator[str]:
    """Say of each target what the measures bring together, what carries it most, and what is wasted."""
    for one in found.divided:
        mean, goal = one.attributed.mean, one.goal
        yield view.writer.say(
            "plan.headline", goal=view.goal(goal), before=write(mean.before.value, goal.unit, view.words),
            after=write(mean.after.value, goal.unit, view.words), level=write(goal.value, goal.unit, view.words),
        )  # fmt: skip
        yield from _carried(view, one, mean)


def _carried(view: PlanView, one: Divided, mean: Attribution) -> Iterator[str]:
    say = view.writer.say
    resolved = [share for share in mean.shares if share.standing in ("resolved", "one_draw")]
    helps = sorted(
        (share for share in resolved if colour(one.goal, mean, share) == HELPS), key=lambda share: -abs(share.value)
    )
    if helps:
        yield say("plan.carried", names=view.writer.join(_named(view, one, share) for share in helps[:MOST_NAMED]))
    else:
        yield say("plan.carried_nothing")
    if harms := [share for share in resolved if colour(one.goal, mean, share) == HARMS]:
        yield say("plan.harms", names=view.writer.join(_named(view, one, share) for share in harms[:MOST_NAMED]))
    idle = [share.player for share in mean.shares if share.standing == "none"]
    if idle:
        yield say("plan.idle", names=view.writer.join(map(view.measure, idle)))
    unsure = [share.player for share in mean.shares if share.standing == "within_error"]
    if unsure:
        yield say("plan.unsure", names=view.writer.join(map(view.measure, unsure)))
    yield from list(pair_sentences(view, one))[:MOST_PAIRS]


def _named(view: PlanView, one: Divided, share: Share) -> str:
    told = write_change(share.value, one.goal.unit, view.words, abs(one.attributed.mean.total.value))
    return view.writer.say("plan.named", name=view.measure(share.player), share=told)


def pair_sentences(view: PlanView, one: Divided) -> Iterator[str]:
    """Say of the pairs that matter what they are to each other, the strongest first."""
    for pair in one.pairs:
        if pair.kind in ("independent", "unclear") or pair.index.within_error:
            continue
        names = {"first": view.measure(pair.first), "second": view.measure(pair.second)}
        if pair.kind == "needs":
            other = pair.second if pair.needing == pair.first else pair.first
            yield view.writer.say("plan.pair_needs", needing=view.measure(str(pair.needing)), other=view.measure(other))
        else:
            yield view.writer.say(f"plan.pair_{pair.kind}", **names)


def remarks(view: PlanView, found: PlanAttribution) -> Iterator[str]:
    """Say what was left out, what waits and how surely the draws tell."""
    say = view.writer.say
    if found.held:
        yield say("plan.held", names=view.writer.join(map(view.measure, found.held)))
    if found.waiting:
        yield say("plan.waiting", names=view.writer.join(map(view.measure, found.waiting)))
    if not found.is_exact:
        yield say("plan.sampled", sets=f"{found.sets:,}", players=len(found.players))


def _section(view: PlanView, found: PlanAttribution, one: Divided, at: int) -> Section:
    say = view.writer.say
    kinds = list(kinds_of(one))
    figures = tuple(
        waterfall_figure(view, one.goal, told)
        for told in kinds
        if not isinstance(told, NotResolvable) and told.of in ("mean", "shortfall")
    )
    notes = [
        say("plan.shares_add"),
        *(_not_resolvable(view, told) for told in kinds if isinstance(told, NotResolvable)),
    ]
    tables = [_table(view, one, told) for told in kinds if not isinstance(told, NotResolvable)]
    tables += [_pillars(view, found, one)] if found.bundle is None else []
    if one.pairs:
        tables.append(_pairs(view, one))
    lead = (say("plan.section_lead", level=write(one.goal.value, one.goal.unit, view.words)),)
    return Section(f"goal-{at}", view.goal(one.goal), lead, figures, tuple(tables), tuple(notes))


def _not_resolvable(view: PlanView, told: NotResolvable) -> str:
    return view.writer.say(f"plan.not_resolvable_{told.reason}", draws=told.draws, needed=f"{told.needed:,}")


def _table(view: PlanView, one: Divided, told: Attribution) -> Table:
    """All shares of one quantity."""
    say = view.writer.say
    unit = "share" if told.of == "chance" else one.goal.unit
    rows = [
        (view.marked(share.player), write_change(share.value, unit, view.words, abs(told.total.value)),
         _error(view, share.error, unit, told), say(f"plan.standing.{share.standing}"))
        for share in sorted(told.shares, key=lambda share: -abs(share.value))
    ]  # fmt: skip
    rows.append((say("plan.total"), write_change(told.total.value, unit, view.words),
                 _error(view, told.total.error, unit, told), ""))  # fmt: skip
    columns = tuple(say(f"plan.column.{key}") for key in ("measure", "share", "error", "standing"))
    return Table(say(f"plan.table_{told.of}"), columns, tuple(rows), is_folded=True)


def _error(view: PlanView, error: float | None, unit: str, told: Attribution) -> str:
    return "-" if error is None else write_error(error, unit, view.words, abs(told.total.value))


def _pillars(view: PlanView, found: PlanAttribution, one: Divided) -> Table:
    """Sums by pillar; they add, since shares do."""
    say, mean = view.writer.say, one.attributed.mean
    sums: dict[str, float] = {}
    for share in mean.shares:
        pillar = view.plan.measures[found.players[share.player][0]].pillar
        sums[pillar] = sums.get(pillar, 0.0) + share.value
    rows = tuple(
        (say(f"plan.bundle.{pillar}"), write_change(value, one.goal.unit, view.words, abs(mean.total.value)))
        for pillar, value in sorted(sums.items(), key=lambda item: -abs(item[1]))
    )
    return Table(say("plan.pillars"), (say("plan.column.pillar"), say("plan.column.share")), rows)


def _pairs(view: PlanView, one: Divided) -> Table:
    say = view.writer.say
    rows = tuple(_pair(view, one, pair) for pair in one.pairs if not pair.index.within_error and pair.index.value)
    columns = tuple(say(f"plan.column.{key}") for key in ("first", "second", "interaction", "error", "kind"))
    return Table(say("plan.pairs"), columns, rows, is_folded=True)


def _pair(view: PlanView, one: Divided, pair: Pair) -> tuple[str, ...]:
    size = abs(one.attributed.mean.total.value)
    kind = view.writer.say(f"plan.pair.{pair.kind}")
    error = _error(view, pair.index.error, one.goal.unit, one.attributed.mean)
    return (view.measure(pair.first), view.measure(pair.second),
            write_change(pair.index.value, one.goal.unit, view.words, size), error, kind)  # fmt: skip
