"""The page of an analysis: what the results of a study depend on, with intervals, and whether that is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Page, Section, render
from cesim.report.sweep.sensitivity_figures import figures_of
from cesim.report.sweep.sensitivity_sentences import beyond, drives, left, luck, remarks, settled, together
from cesim.report.sweep.sensitivity_tables import tables_of
from cesim.report.sweep.sensitivity_view import SensitivityView
from cesim.report.sweep.varied import names_of
from cesim.sweep.sensitivity import SobolIndices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.model import Scenario
    from cesim.sweep.answers.sensitivities import Analysed, Sensitivities
    from cesim.text import Language

TERMS = {
    "sobol": ("future", "factor", "first_order", "total_order", "base_point", "interval"),
    "morris": ("future", "factor", "elementary_effect", "mu_star", "sigma_effect", "interval"),
    "given": ("future", "factor", "spread_share", "floor_given", "interval"),
}
METHOD = {"sobol": 4, "morris": 4, "given": 5}


def sensitivity_page(scenario: Scenario, found: Sensitivities, lang: Language) -> str:
    """Return the page as HTML text."""
    view = sensitivity_view(scenario, found, lang)
    sections = [_section(view, one, at) for at, one in enumerate(found.results)]
    first = [*headline(view)]
    return render(
        Page(
            writer=view.names.writer,
            kind=f"sensitivity_{found.method}",
            title=found.study[lang],
            headline=tuple(first),
            sections=tuple(sections),
            terms=TERMS[found.method],
            is_bad=not found.results,
            alarms=tuple(alarms(view)),
            method=METHOD[found.method],
            asked={
                view.say("asked_results"): "\n".join(map(view.title, found.results)),
                view.say("asked_factors"): f"{len(found.factors):,}",
                view.say("asked_method"): view.say(f"method.{found.method}"),
            },
            remarks=tuple(remarks(view)),
            inputs="sweep.inputs",
        )
    )


def sensitivity_view(scenario: Scenario, found: Sensitivities, lang: Language) -> SensitivityView:
    """Return the view of an analysis in one language."""
    return SensitivityView(names_of(scenario, lang), found)


def headline(view: SensitivityView) -> Iterator[str]:
    """Say of each result what drives it."""
    if not view.found.results:
        yield view.say("no_results")
    for one in view.found.results:
        yield drives(view, one)


def alarms(view: SensitivityView) -> Iterator[str]:
    """Say which results are not settled, and which shares cannot all be true."""
    for one in view.found.results:
        if one.verdict is not None and one.verdict.code != "converged":
            yield view.say("open", name=view.title(one), told=settled(view, one.verdict))
        if told := beyond(view, one):
            yield told
        if without := "".join(left(view, one)):
            yield view.say("open", name=view.title(one), told=without)


def lead(view: SensitivityView, one: Analysed, *, is_whole: bool = False) -> Iterator[str]:
    """Say what stands above the figures of one result; where it is the only one, not what the headline has said."""
    if is_whole or len(view.found.results) > 1:
        yield drives(view, one)
    if isinstance(one.answer, SobolIndices):
        yield together(view, one.answer)
    if one.verdict is not None:
        yield settled(view, one.verdict)
    if one.noise is not None:
        yield luck(view, one.noise)


def _section(view: SensitivityView, one: Analysed, at: int) -> Section:
    figures, tables = tuple(figures_of(view, one)), tuple(tables_of(view, one))
    return Section(f"result-{at}", view.title(one), tuple(lead(view, one)), figures, tables)
