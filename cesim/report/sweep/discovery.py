"""The page of a discovery: which futures miss the target, and how far that may be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Page, Section, render
from cesim.report.numbers import write
from cesim.report.sweep.discovery_figures import box_figure, plane, trade_off
from cesim.report.sweep.discovery_tables import box_table, boxes_table, compromise_table, files_table, worst_table
from cesim.report.sweep.discovery_view import DiscoveryView
from cesim.report.sweep.sentences import asked, explained, reservations
from cesim.report.sweep.varied import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.model import Scenario
    from cesim.sweep.answers.discovery import Discovered
    from cesim.text import Language

TERMS = ("future", "discovery_box", "coverage", "density", "quasi_p", "alternative")
METHOD = 6


def discovery_page(scenario: Scenario, found: Discovered, lang: Language) -> str:
    """Return the page as HTML text."""
    view = discovery_view(scenario, found, lang)
    explanation = found.explanation
    return render(
        Page(
            writer=view.names.writer,
            kind="discover",
            title=" / ".join(part for part in (found.study[lang], found.alternative) if part),
            headline=tuple(headline(view)),
            sections=tuple(_sections(view)),
            terms=TERMS,
            is_bad=explanation.runs == 0,
            called=view.say(f"title_{found.question.interest}"),
            method=METHOD,
            alarms=tuple(alarms(view)),
            asked={
                **({view.say("asked_alternative"): found.alternative} if found.alternative else {}),
                view.say("asked_about"): asked(view.names, found.question),
                view.say("asked_futures"): f"{explanation.runs:,}",
                view.say("asked_of_interest"): f"{explanation.of_interest:,}",
                view.say("asked_inputs"): f"{len(found.varied):,}",
            },
            remarks=tuple(remarks(view)),
            inputs="sweep.inputs",
        )
    )


def discovery_view(scenario: Scenario, found: Discovered, lang: Language) -> DiscoveryView:
    """Return the view of a discovery in one language."""
    return DiscoveryView(names_of(scenario, lang), found)


def headline(view: DiscoveryView) -> Iterator[str]:
    """Say what the futures asked about have in common, and how it did on futures that it was not found in."""
    found = view.found
    if found.explanation.runs == 0:
        yield view.say("no_futures")
        return
    yield explained(view.names, found.question, found.explanation, found.varied)
    if not found.is_parted:
        yield from _way_on(view)
    yield from reservations(view.names, found.explanation, found.varied)


def _way_on(view: DiscoveryView) -> Iterator[str]:
    """Where all futures are alike, say between which values they lie, and how to ask for a part of them."""
    outcome, question = view.found.outcome, view.found.question
    if outcome is None or question.series is None:
        return
    low, high = (write(float(end), question.unit, view.names.words) for end in (outcome.min(), outcome.max()))
    name = view.names.series(question.series)
    if outcome.min() == outcome.max():
        yield view.say("alike_all", name=name, low=low)
    else:
        yield view.say("alike", name=name, low=low, high=high, indicator=question.series[0])


def alarms(view: DiscoveryView) -> Iterator[str]:
    """What must not be overlooked: futures that are made from each other are no independent ones."""
    found = view.found
    if found.per_base > 1:
        yield view.say("made_together", bases=f"{found.bases:,}", each=f"{found.per_base:,}",
                       runs=f"{found.explanation.runs:,}")  # fmt: skip


def remarks(view: DiscoveryView) -> Iterator[str]:
    """What the answer leaves aside."""
    if view.found.left_out:
        yield view.say("left_out", count=f"{view.found.left_out:,}")
    if view.found.screened and view.found.explanation.verdict in ("explained", "no_box"):
        yield view.say("screened", count=f"{view.found.screened:,}", kept=len(view.found.varied))


def _sections(view: DiscoveryView) -> Iterator[Section]:
    found = view.found
    if view.limits:
        is_told = found.explanation.verdict == "explained"
        flat = plane(view)
        figures = (box_figure(view), *((flat,) if flat is not None else ()))
        lead = (view.say("box_lead" if is_told else "box_lead_weak"),)
        yield Section("box", view.say("box"), lead, figures, (box_table(view),))
    if found.explanation.trajectory is not None:
        yield Section("way", view.say("way"), (view.say("way_lead"),), (trade_off(view),), (boxes_table(view),))
    if (table := compromise_table(view)) is not None:
        yield Section("pareto", view.say("pareto"), (view.say("pareto_lead"),), (), (table,))
    if (table := worst_table(view)) is not None:
        lead = (view.say("worst_lead" if found.is_parted else "worst_lead_alike"),)
        yield Section("worst", view.say("worst"), lead, (), (table,))
    if found.files:
        yield Section("files", view.say("files"), (view.say("files_lead"),), (), (files_table(view),))
