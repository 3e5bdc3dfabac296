"""A year of the plan lot by lot, beside nothing adopted and beside the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.casthouse.shell import Section, Table
from cesim.report.lots.heats import OUTCOMES, counts
from cesim.report.lots.view import OF_CHARGED, WENT, view_of
from cesim.report.numbers import Scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.lots_beside import LotsBeside
    from cesim.report.lots.view import LotView
    from cesim.report.plan.evaluation_view import EvaluationView

LEAST = 0.5
"""t: less is nothing on the page."""
TONNES = Scale(1.0, "t", 0)


def lots_section(view: EvaluationView, lots: LotsBeside) -> Section:
    """Return what the engine of lots says of the plan."""
    both = view_of(lots.without, view.lang), view_of(lots.chosen, view.lang)
    tables = (_engines(view, both), _ways(view, both), _heats(view, both))
    lead = (view.say("lots_lead"), *sentences(view, lots))
    return Section("lots", view.say("lots_head", year=lots.year, place=both[0].region), lead, tables=tables,
                   notes=(view.say("lots_note"),))  # fmt: skip


def sentences(view: EvaluationView, lots: LotsBeside) -> Iterator[str]:
    """Say what comes back lot by lot and in the balance, without the plan and with it."""
    before, after = (view_of(one, view.lang) for one in (lots.without, lots.chosen))
    yield view.say(
        "lots_sentence", year=lots.year, before=TONNES.full(_returned(before)), after=TONNES.full(_returned(after)),
        balance_before=TONNES.full(before.returned_in_balance.best),
        balance_after=TONNES.full(after.returned_in_balance.best),
    )  # fmt: skip


def _returned(view: LotView) -> float:
    return view.steps["realised"].best


def _columns(view: EvaluationView, first: str) -> tuple[str, ...]:
    return tuple(view.say(f"column.{key}") for key in (first, "without", "with", "change"))


def _row(name: str, before: float, after: float) -> tuple[str, ...]:
    told = TONNES.bare(after - before)
    return name, TONNES.bare(before), TONNES.bare(after), f"+{told}" if after > before and told != "0" else told


def _engines(view: EvaluationView, both: tuple[LotView, LotView]) -> Table:
    """What comes back, in both engines."""
    before, after = both
    rows = (
        _row(view.say("lots_returned"), _returned(before), _returned(after)),
        _row(view.say("lots_balance"), before.returned_in_balance.best, after.returned_in_balance.best),
    )
    return Table(view.say("lots_engines"), _columns(view, "engine"), rows, "lots-engines")


def _ways(view: EvaluationView, both: tuple[LotView, LotView]) -> Table:
    """Where the metal of scrapped cars went instead of into new cars."""
    before, after = both
    rows = [
        _row(before.writer.say(f"lots.where.{name}"), before.metal[name].best, after.metal[name].best)
        for name in (*[one for one in WENT if one != "charged"], *OF_CHARGED)
        if max(abs(before.metal[name].best), abs(after.metal[name].best)) >= LEAST
    ]
    came = [sum(one.metal[name].best for name in ("in_cars", "from_elsewhere")) for one in both]
    rows.append(_row(view.say("lots_came"), *came))
    return Table(view.say("lots_ways"), _columns(view, "way"), tuple(rows), "lots-ways", sums=1)


def _heats(view: EvaluationView, both: tuple[LotView, LotView]) -> Table:
    """Heats by outcome, all alloys together."""
    sums = [{outcome: sum(by[outcome] for by in counts(one).values()) for outcome in OUTCOMES} for one in both]
    rows = tuple(_row(view.say(f"heats.{outcome}"), sums[0][outcome], sums[1][outcome]) for outcome in OUTCOMES)
    return Table(view.say("lots_heats"), _columns(view, "outcome"), rows, "lots-heats")
