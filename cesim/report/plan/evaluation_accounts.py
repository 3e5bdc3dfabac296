"""Who pays and who gains through the flows, and how much work there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.evaluating import HOURS
from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.numbers import Scale
from cesim.report.paths import process_name
from cesim.report.plan.evaluation_costs import SIDES_SHOWN
from cesim.scenario.plan import SIDES

if TYPE_CHECKING:
    from cesim.report.plan.evaluation_view import EvaluationView
    from cesim.scenario.plan import Actor


def accounts_section(view: EvaluationView) -> Section:
    """Return the accounts and the work."""
    accounts = view.found.accounts
    tables = [_by_actor(view), _by_item(view), _work(view)]
    tables += [_unpriced(view)] if accounts.unpriced else []
    notes = (view.say("accounts_note"), view.say("unpriced_note"))
    return Section("accounts", view.say("accounts_head"), (view.say("accounts_lead"),), (_figure(view),), tuple(tables),
                   notes)  # fmt: skip


def _year(view: EvaluationView) -> int:
    years = view.found.accounts.years
    return view.main_year if view.main_year in years else years[-1]


def _actors(view: EvaluationView) -> list[Actor]:
    """All that pay or gain in any year, side by side, the one that gains most first."""
    last = view.found.accounts.by_actor(_year(view))
    there = {actor for year in view.found.accounts.years for actor in view.found.accounts.by_actor(year)}
    return sorted(there, key=lambda actor: (SIDES_SHOWN.index(SIDES[actor]), -last.get(actor, 0.0)))


def _signed(view: EvaluationView, jpy: float) -> str:
    told = view.money.bare(jpy)
    return f"+{told}" if jpy > 0.0 and told.strip("0.") else told


def _figure(view: EvaluationView) -> Figure:
    held, factor = view.found.accounts.by_actor(_year(view)), view.money.factor
    rows = [
        Row(view.money_word("actor", actor),
            (Mark("bar", "k-post" if held.get(actor, 0.0) >= 0.0 else "k-hot", 0.0, held.get(actor, 0.0) * factor),),
            f"{_signed(view, held.get(actor, 0.0))} {view.money.symbol}", view.money_word("side", SIDES[actor]))
        for actor in _actors(view)
    ]  # fmt: skip
    axis = axis_of(jpy * factor for jpy in held.values())
    keys = (Key("k-post", view.say("gains")), Key("k-hot", view.say("pays")))
    title = view.say("accounts_figure", year=_year(view), unit=view.say("per_year", unit=view.money.symbol))
    return Figure(title, rows_of(rows, axis), keys, is_wide=True)


def _by_actor(view: EvaluationView) -> Table:
    accounts = view.found.accounts
    by_year = [accounts.by_actor(year) for year in accounts.years]
    rows = [
        (view.money_word("actor", actor), view.money_word("side", SIDES[actor]),
         *(_signed(view, held.get(actor, 0.0)) for held in by_year))
        for actor in _actors(view)
    ]  # fmt: skip
    sides = [accounts.by_side(year) for year in accounts.years]
    shown = [side for side in SIDES_SHOWN if any(side in held for held in sides)]
    rows += [
        (view.say("sum_of", name=view.money_word("side", side)), "",
         *(_signed(view, held.get(side, 0.0)) for held in sides))
        for side in shown
    ]  # fmt: skip
    # what is left of a sum of zero is rounding
    zero = [0.0 if abs(sum(held.values())) < 1.0 else sum(held.values()) for held in by_year]
    rows.append((view.say("sum"), "", *(_signed(view, jpy) for jpy in zero)))
    columns = (view.say("column.actor"), view.say("column.side"), *map(str, accounts.years))
    title = view.say("accounts_table", unit=view.say("per_year", unit=view.money.symbol))
    return Table(title, columns, tuple(rows), "accounts-actors",
                 kinds=("", "words", *[""] * len(accounts.years)), sums=len(shown) + 1)  # fmt: skip


def _by_item(view: EvaluationView) -> Table:
    """Each payment of the main year, the largest first."""
    held = [one for one in view.found.accounts.payments if one.year == _year(view) and one.payer != one.receiver]
    rows = tuple(
        (view.money_word("item", one.item), view.money_word("actor", one.payer), view.money_word("actor", one.receiver),
         _signed(view, one.jpy))
        for one in sorted(held, key=lambda one: -abs(one.jpy))
    )  # fmt: skip
    columns = tuple(view.say(f"column.{key}") for key in ("item", "payer", "receiver", "change"))
    title = view.say("items_table", year=_year(view), unit=view.say("per_year", unit=view.money.symbol))
    return Table(title, columns, rows, "accounts-items", True, ("", "words", "words", ""))


def _work(view: EvaluationView) -> Table:
    """Person-years and hours by actor in the report years."""
    years = sorted({one.year for one in view.found.work})
    held = {(one.what, one.actor, one.year): getattr(one, view.figure) for one in view.found.work}
    rows = []
    whole = Scale(1.0, "", 0)
    for what in ("person_years", HOURS):
        actors = list(dict.fromkeys(one.actor for one in view.found.work if one.what == what))
        rows += [
            (view.say(f"work.{what}"), view.money_word("actor", actor),
             *(whole.bare(held.get((what, actor, year), 0.0)) for year in years))
            for actor in actors
        ]  # fmt: skip
        if len(actors) > 1:
            sums = [sum(held.get((what, actor, year), 0.0) for actor in actors) for year in years]
            rows.append((view.say(f"work.{what}"), view.say("sum"), *map(whole.bare, sums)))
    columns = (view.say("column.work"), view.say("column.actor"), *map(str, years))
    return Table(view.say("work_table"), columns, tuple(rows), "work", kinds=("", "words", *[""] * len(years)))


def _unpriced(view: EvaluationView) -> Table:
    """Flows between actors that no price is known for, in the main year."""
    words = view.view.words
    rows = tuple(
        (f"{process_name(one.process_from, words)} → {process_name(one.process_to, words)}",
         f"{one.without_t:,.0f}", f"{one.with_t:,.0f}", _more(one.with_t - one.without_t))
        for one in view.found.accounts.unpriced if one.year == _year(view)
    )  # fmt: skip
    columns = (view.say("column.flow"), view.say("column.without"), view.say("column.with"), view.say("column.change"))
    return Table(view.say("unpriced_table", year=_year(view)), columns, rows, "unpriced", True)


def _more(tonnes: float) -> str:
    """A difference in tonnes, like the columns it stands beside."""
    told = Scale(1.0, "", 0).bare(tonnes)
    return f"+{told}" if tonnes > 0.0 and told != "0" else told
