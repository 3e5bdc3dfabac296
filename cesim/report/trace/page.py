"""The page of a trace: what can be claimed, what can be proved, to whom, and whose records would help most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Page, render
from cesim.report.trace.asked import asked, habit_section
from cesim.report.trace.audits import audit_section
from cesim.report.trace.custody import custody_section
from cesim.report.trace.headline import alarms, headline, remarks
from cesim.report.trace.losses import loss_section
from cesim.report.trace.network import network_section
from cesim.report.trace.onboarding import onboarding_section
from cesim.report.trace.platforms import platform_section
from cesim.report.trace.reservations import reservation_section
from cesim.report.trace.view import view_of
from cesim.report.trace.viewers import viewer_section
from cesim.report.trace.wrong import wrong_section

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language

TERMS: Final = (
    "trace_lot", "trace_record", "trace_claimed", "trace_provable", "trace_possible", "trace_unknown", "trace_truth",
    "trace_custody", "post_consumer", "pre_consumer", "six_thousand", "trace_budget", "trace_audit", "trace_auc",
    "trace_cmp", "trace_rmp", "trace_planet",
)  # fmt: skip
METHOD: Final = 7
"""Sentences on method and limits."""


def trace_page(tracing: Tracing, lang: Language) -> str:
    """Return the page of a trace as HTML text."""
    view = view_of(tracing, lang)
    sections = (
        custody_section(view), wrong_section(view), viewer_section(view), loss_section(view), onboarding_section(view),
        network_section(view), platform_section(view), audit_section(view), habit_section(view),
        reservation_section(view),
    )  # fmt: skip
    page = Page(
        writer=view.writer,
        kind="trace",
        title=view.names.what_it_is,
        headline=tuple(headline(view)),
        sections=tuple(section for section in sections if section is not None),
        terms=TERMS,
        alarms=alarms(view),
        remarks=remarks(view),
        method=METHOD,
        asked=asked(view),
        inputs="trace.inputs" if view.knows else "trace.inputs_pilot",
    )
    return render(page)


def write_trace_report(folder: Path, tracing: Tracing, lang: Language) -> Path:
    """Write `report.html` in `lang` into the folder of a trace and return its path."""
    path = folder / "report.html"
    path.write_text(trace_page(tracing, lang), encoding="utf-8")
    return path
