"""The yearly report and the plan of recycled plastic use under Japan's Resource Act, in cesim's own layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.ledger.substances import PRE_CONSUMER
from cesim.orders.maker.sheet import MARKETS
from cesim.report.casthouse.shell import Section
from cesim.report.statutory.blocks import Block, columns, table_of
from cesim.report.statutory.counting import COUNTED
from cesim.report.statutory.laws import threshold

if TYPE_CHECKING:
    from fractions import Fraction

    from cesim.orders.maker import PlanTarget
    from cesim.report.statutory.blocks import Value
    from cesim.report.statutory.counting import Account
    from cesim.report.statutory.view import View

    Line = tuple[str, Value, str, str]


def report_section(view: View) -> Section:
    """Return the yearly report."""
    blocks = report_blocks(view)
    tables = tuple(table_of(block, view.nothing) for block in blocks)
    notes = tuple(note for block in blocks for note in block.notes)
    lead = (view.say("japan.lead"), view.say("form"))
    return Section("japan", view.say("japan.head"), lead, (), tables, notes)


def report_blocks(view: View) -> list[Block]:
    """Return the tables of the report."""
    return [_report(view), _polymers(view), *([_purchases(view)] if view.statement.maker else [])]


def _report(view: View) -> Block:
    lines = [*_who(view), *_masses(view), *_against_plan(view)]
    heads = (view.say("column.item"), view.say("column.value"), view.say("column.unit"))
    rows = tuple((view.say(f"japan.{key}"), value, unit) for key, value, _, unit in lines)
    looks = tuple(look for _, _, look, _ in lines)
    return Block("japan", view.say("japan.table"), heads, ("text", "value", "text"), rows, looks)


def _who(view: View) -> list[Line]:
    s = view.statement
    lines: list[Line] = [("who", view.who, "text", ""), ("period", view.period, "text", "")]
    if s.maker is None:
        return [*lines, ("scenario", view.scenario, "text", "")]
    cars = view.say("unit.cars")
    by_market = {market: sum(t.built.units for t in s.types if t.built.market == market) for market in MARKETS}
    lines.append(("units", s.maker.units, "count", cars))
    lines += [(f"units_{market}", units, "count", cars) for market, units in by_market.items()]
    duty = view.say("japan.duty_yes" if s.maker.units >= threshold() else "japan.duty_no", limit=f"{threshold():,}")
    return [*lines, ("duty", duty, "text", "")]


def _masses(view: View) -> list[Line]:
    held = view.statement.whole
    kg = {name: sum(held.kg[o] for o in held.kg if o.startswith(name)) for name in ("post_", "pre_")}
    return [
        ("plastics", held.total, "kg", "kg"), ("counted", held.counted("japan"), "kg", "kg"),
        ("post", kg["post_"], "kg", "kg"), ("pre", kg["pre_"], "kg", "kg"),
        ("chemical", held.kg["chemical"], "kg", "kg"), ("share", held.share("japan"), "fine", ""),
        ("bio", held.counted("bio"), "kg", "kg"),
    ]  # fmt: skip


def _against_plan(view: View) -> list[Line]:
    s = view.statement
    if s.maker is None:
        return [("no_plan_national", view.say("japan.none_set"), "text", "")]
    if s.target is None:
        return [("no_plan", view.say("japan.no_target"), "text", "")]
    lines: list[Line] = []
    if s.target.mass_kg is not None:
        lines.append(("target_kg", s.target.mass_kg, "kg", "kg"))
        lines.append(("gap_kg", s.whole.counted("japan") - s.target.mass_kg, "kg", "kg"))
    if s.target.share is not None:
        lines.append(("target_share", s.target.share, "fine", ""))
        lines.append(("gap_share", s.whole.share("japan") - s.target.share, "points", view.say("unit.points")))
    return lines


def _polymers(view: View) -> Block:
    """Return what counts in Japan by polymer."""
    s = view.statement
    heads, looks = columns(
        (view.say("column.polymer"), "text"), (view.say("column.post_kg"), "kg"), (view.say("column.pre_kg"), "kg"),
        (view.say("column.chemical_kg"), "kg"), (view.say("column.counted_kg"), "kg"),
    )  # fmt: skip
    rows = [_of_polymer(name, held) for name, held in s.polymers.items() if held.counted("japan")]
    rows.append(_of_polymer(view.say("row.sum"), s.whole))
    return Block("polymers", view.say("japan.polymers"), heads, looks, tuple(rows), sums=1)


def _of_polymer(name: str, held: Account) -> tuple[Value, ...]:
    pre = sum(held.kg[origin] for origin in PRE_CONSUMER)
    post = held.counted("eu") - held.kg["chemical"]
    return (name, post, pre, held.kg["chemical"], held.counted("japan"))


def _purchases(view: View) -> Block:
    """Return the purchases as they were written."""
    maker = view.statement.maker
    assert maker is not None
    heads, looks = columns(
        *((view.say(f"column.{name}"), "text") for name in ("supplier", "polymer", "stream")),
        (view.say("column.kg_cars"), "kg"),
        *((view.say(f"column.{name}"), "text") for name in ("into", "in_japan", "in_eu")),
    )  # fmt: skip
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.supplier, one.polymer, view.origin(one.origin), one.mass_kg,
            view.say("row.all_types") if one.into is None else one.into,
            view.yes(one.origin in COUNTED["japan"]), view.yes(one.origin in COUNTED["eu"]),
        )
        for one in maker.purchases
    )  # fmt: skip
    return Block("purchases", view.say("japan.purchases"), heads, looks, rows, marks=(5, 6))


def plan_section(view: View) -> Section:
    """Return the plan of use."""
    block = plan_block(view)
    lead: tuple[str, ...] = (view.say("plan.lead"), view.say("form"))
    if view.statement.maker is not None and not view.statement.maker.plan:
        lead = (*lead, view.say("plan.none"))
    return Section("plan", view.say("plan.head"), lead, (), (table_of(block, view.nothing),), block.notes)


def plan_block(view: View) -> Block:
    """Return the plan by year: the maker's own targets, and what the run has for all cars."""
    s = view.statement
    plan = {one.year: one for one in s.maker.plan} if s.maker else {}
    years = dict(s.national.years) if s.national else {}
    heads, looks = columns(
        (view.say("column.year"), "text"),
        *(
            (view.say(f"column.{what}_{of}"), look)
            for what in ("target", "done", *(["run"] if s.national else []))
            for of, look in (("kg", "kg"), ("share", "fine"))
        ),
    )  # fmt: skip
    rows = [_planned(view, year, plan.get(year), years.get(year)) for year in sorted({*plan, *years, s.period.year})]
    notes = [view.say("plan.note")] + ([view.say("plan.note_run")] if s.national else [])
    return Block("plan", view.say("plan.table"), heads, looks, tuple(rows), notes=tuple(notes))


def _planned(view: View, year: int, target: PlanTarget | None, run: Account | None) -> tuple[Value, ...]:
    s = view.statement
    is_now = s.maker is not None and year == s.period.year
    kg: Fraction | None = target.mass_kg if target else None
    share: Fraction | None = target.share if target else None
    done = (s.whole.counted("japan"), s.whole.share("japan")) if is_now else (None, None)
    of_run = (run.counted("japan"), run.share("japan")) if run else (None, None)
    return (view.year(year), kg, share, *done, *(of_run if s.national else ()))
