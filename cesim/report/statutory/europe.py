"""The statement of recycled content under the EU rule: newly approved types, post-consumer plastics only."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cesim.indicators import INDICATORS
from cesim.report.casthouse.shell import Section
from cesim.report.read import name_of
from cesim.report.statutory.blocks import Block, columns, table_of
from cesim.report.statutory.counting import together
from cesim.report.statutory.laws import step
from cesim.report.statutory.statement import missing

if TYPE_CHECKING:
    from cesim.report.statutory.blocks import Value
    from cesim.report.statutory.counting import Account
    from cesim.report.statutory.laws import Step
    from cesim.report.statutory.view import View


def europe_section(view: View) -> Section:
    """Return the statement."""
    blocks = europe_blocks(view)
    lead = (view.say("eu.lead"), _standing(view), view.say("form"))
    notes = tuple(note for block in blocks for note in block.notes)
    return Section("eu", view.say("eu.head"), lead, (), tuple(table_of(b, view.nothing) for b in blocks), notes)


def europe_blocks(view: View) -> list[Block]:
    """Return the tables of the statement."""
    if view.statement.maker is not None:
        return [_types(view), _others(view)] if view.statement.eu is not None else [_others(view)]
    return [_fleet(view), *([_ranges(view)] if view.statement.national and view.statement.national.ranges else [])]


def measured(view: View) -> Step:
    """Return the step that a statement is measured against: the one in force, before that the first."""
    return view.statement.step or step(1)


def _standing(view: View) -> str:
    """Say whether the rule is in force in the period."""
    s, year = view.statement, view.statement.period.year
    against = measured(view)
    key = "eu.before" if s.step is None else "eu.partly" if year == s.step.from_year else "eu.in_force"
    return view.say(
        key, period=view.period, share=_short(against.share), closed=_short(against.closed), year=against.from_year
    )


def _short(share: Fraction) -> str:
    return f"{float(100 * share):g} %"


def _types(view: View) -> Block:
    """Return the newly approved types built for the EU, each against both targets; every type has to reach them."""
    against = measured(view)
    heads, looks = columns(
        (view.say("column.type"), "text"), (view.say("column.units"), "count"),
        *_columns(view, against),
    )  # fmt: skip
    held = [one for one in view.statement.types if one.is_in_eu_rule]
    rows: list[tuple[Value, ...]] = [
        (one.built.name, one.built.units, *_against(one.account, against)) for one in held
    ]  # fmt: skip
    if len(held) > 1:
        units = sum(one.built.units for one in held)
        rows.append((view.say("row.sum"), units, *_sum([one.account for one in held], against)))
    notes = (view.say("eu.note_types"), view.say("eu.note_closed"))
    return Block("eu", view.say("eu.types"), heads, looks, tuple(rows), notes=notes, sums=int(len(held) > 1))


def _columns(view: View, against: Step) -> list[tuple[str, str]]:
    share, closed = _short(against.share), _short(against.closed)
    return [
        (view.say("column.plastics_kg"), "kg"), (view.say("column.post_chemical_kg"), "kg"),
        (view.say("column.post_share"), "fine"), (view.say("column.missing_kg", target=share), "kg"),
        (view.say("column.closed_kg"), "kg"), (view.say("column.closed_share"), "fine"),
        (view.say("column.missing_kg", target=closed), "kg"),
    ]  # fmt: skip


def _against(held: Account, against: Step) -> tuple[Value, ...]:
    lack = missing(held, against)
    return (
        held.total, held.counted("eu"), held.share("eu"), lack.total_kg,
        held.counted("closed"), held.share("closed"), lack.closed_kg,
    )  # fmt: skip


def _sum(held: list[Account], against: Step) -> tuple[Value, ...]:
    """The sum of several types; what is missing is missing in single types, so it is the sum over them."""
    eu, lacks = together(held), [missing(one, against) for one in held]
    return (
        eu.total, eu.counted("eu"), eu.share("eu"), sum(lack.total_kg for lack in lacks),
        eu.counted("closed"), eu.share("closed"), sum(lack.closed_kg for lack in lacks),
    )  # fmt: skip


def _others(view: View) -> Block:
    """Return the types that the rule does not look at."""
    heads, looks = columns(
        (view.say("column.type"), "text"), (view.say("column.market"), "text"), (view.say("column.new"), "text"),
        (view.say("column.units"), "count"), (view.say("column.plastics_kg"), "kg"),
        (view.say("column.post_chemical_kg"), "kg"), (view.say("column.post_share"), "fine"),
    )  # fmt: skip
    rows = tuple(
        (
            one.built.name, view.say(f"market.{one.built.market}"), view.yes(one.built.is_new), one.built.units,
            one.account.total, one.account.counted("eu"), one.account.share("eu") if one.account.total else None,
        )
        for one in view.statement.types if not one.is_in_eu_rule
    )  # fmt: skip
    notes = () if view.statement.eu is not None else (view.say("eu.no_types"),)
    return Block("eu_others", view.say("eu.others"), heads, looks, rows, notes=notes, marks=(2,))


def _fleet(view: View) -> Block:
    """Return all cars built, counted as the EU rule counts, for orientation."""
    against = measured(view)
    heads, looks = columns((view.say("column.cars"), "text"), *_columns(view, against))
    rows = ((view.say("row.all_cars"), *_against(view.statement.whole, against)),)
    return Block(
        "eu", view.say("eu.fleet"), heads, looks, rows, notes=(view.say("eu.note_fleet"), view.say("eu.note_closed"))
    )


def _ranges(view: View) -> Block:
    """Return the indicators of the run with their ranges; these cannot be added up."""
    found = view.statement.national
    assert found is not None
    heads, looks = columns(
        (view.say("column.indicator"), "text"), (view.say("column.calendar"), "year"),
        (view.say("column.unit"), "text"),
        *((view.say(f"column.{name}"), "value") for name in ("mean", "median", "p05", "p95")),
    )  # fmt: skip
    drawn = found.draws > 1
    rows = tuple(
        (
            name_of(INDICATORS[one.indicator], view.lang), one.year, "" if one.unit == "share" else "kg",
            *(_exact(value, one.unit) if drawn or at < 1 else None
              for at, value in enumerate((one.mean, one.median, one.low, one.high))),
        )
        for one in found.ranges
    )  # fmt: skip
    looks_of = tuple("fine" if one.unit == "share" else "kg" for one in found.ranges)
    notes = [view.say("eu.note_ranges")] + ([] if drawn else [view.say("eu.one_draw")])
    return Block("ranges", view.say("eu.ranges"), heads, looks, rows, looks_of, tuple(notes))


def _exact(value: float, unit: str) -> Value:
    return Fraction(value) if unit == "share" else round(1000 * value)
