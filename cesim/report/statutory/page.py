"""The page of a statement: both definitions, the report and the plan of Japan, the statement for the EU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Page, render
from cesim.report.statutory.beside import beside_section
from cesim.report.statutory.both import both_section
from cesim.report.statutory.europe import europe_section
from cesim.report.statutory.headline import alarms, headline, remarks
from cesim.report.statutory.japan import plan_section, report_section
from cesim.report.statutory.read_law import law_section
from cesim.report.statutory.view import view_of

if TYPE_CHECKING:
    from cesim.report.statutory.statement import Statement
    from cesim.report.statutory.view import View
    from cesim.text import Language

TERMS: Final = (
    "stat_recycled", "stat_post", "stat_pre", "stat_closed", "stat_chemical", "stat_bio", "stat_new_type",
    "stat_fiscal",
)  # fmt: skip
METHOD: Final = 6
"""Sentences on method and limits."""


def statutory_page(statement: Statement, lang: Language) -> str:
    """Return the page of a statement as HTML text."""
    view = view_of(statement, lang)
    sections = (
        both_section(view), report_section(view), plan_section(view), europe_section(view), beside_section(view),
        law_section(view),
    )  # fmt: skip
    page = Page(
        writer=view.writer,
        kind="statutory",
        title=view.say("subtitle", who=view.who, period=view.period),
        headline=headline(view),
        sections=tuple(section for section in sections if section is not None),
        terms=TERMS,
        alarms=alarms(view),
        remarks=remarks(view),
        method=METHOD,
        asked=asked(view),
        inputs="statutory.inputs_maker" if statement.maker else "statutory.inputs_national",
        watermark=view.watermark,
    )
    return render(page)


def asked(view: View) -> dict[str, str]:
    """Return what was asked, and where the numbers are from."""
    s = view.statement
    told = {view.say("asked.who"): view.who, view.say("asked.period"): view.period}
    if s.maker is not None:
        told[view.say("asked.rows")] = view.say(
            "asked.rows_of", types=len(s.maker.types), bought=len(s.maker.purchases)
        )
    if s.national is not None:
        about = s.national.about
        told[view.say("asked.scenario")] = view.scenario
        told[view.say("asked.hash")] = str(about["scenario"]["hash"])
        told[view.say("asked.draws")] = view.say("asked.draws_of", draws=f"{s.national.draws:,}", seed=about["seed"])
        told[view.say("asked.cesim")] = str(about["cesim"])
    return told
