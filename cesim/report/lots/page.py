"""The page of a lot-by-lot run: what came back, what kept the rest away, and where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.casthouse.shell import Page, render
from cesim.report.lots.asked import asked
from cesim.report.lots.engines import engine_section
from cesim.report.lots.headline import headline
from cesim.report.lots.heats import heat_section
from cesim.report.lots.limits import limit_section
from cesim.report.lots.proof import alarms, proof_section
from cesim.report.lots.trucks import truck_section
from cesim.report.lots.view import view_of
from cesim.report.lots.ways import way_section
from cesim.report.lots.works import works_section

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.report.lot_terminal import Found
    from cesim.text import Language

TERMS: Final = (
    "lot", "car_lot", "six_thousand", "potential", "balance", "casthouse", "heat", "correction", "downgrading",
    "clearing", "approval", "press_scrap", "dross", "record", "assay", "risk", "utilisation", "mirror",
)  # fmt: skip


def lot_page(found: Found, lang: Language) -> str:
    """Return the page of a run as HTML text."""
    view = view_of(found, lang)
    page = Page(
        writer=view.writer,
        kind="lots",
        title=view.writer.say("lots.subtitle", scenario=view.scenario, region=view.region, years=view.years),
        headline=tuple(headline(view)),
        sections=(
            limit_section(view), way_section(view), engine_section(view), heat_section(view), works_section(view),
            truck_section(view), proof_section(view),
        ),
        terms=TERMS,
        alarms=alarms(view),
        asked=asked(view),
        inputs="lots.inputs",
    )  # fmt: skip
    return render(page)


def write_lot_report(folder: Path, found: Found, lang: Language) -> Path:
    """Write `report.html` in `lang` into the run folder and return its path."""
    path = folder / "report.html"
    path.write_text(lot_page(found, lang), encoding="utf-8")
    return path
