"""What a plan costs: by actor and kind, by year, by measure; every table adds up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cesim.plan.money import KINDS, NoUnitCost
from cesim.report.casthouse.shell import Figure, Key, Section, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of
from cesim.report.numbers import Scale
from cesim.report.plan.yearly import bars_by_year
from cesim.scenario.plan import SIDES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.plan.money import UnitCost
    from cesim.plan.money.costs import Kind
    from cesim.report.plan.evaluation_view import EvaluationView
    from cesim.scenario.plan import Actor

SPENT: tuple[Kind, ...] = ("investment", "renewal", "running")
"""What is spent; subsidies only change who pays."""
COLOURS = {
    "investment": "k-main", "renewal": "k-soft", "running": "k-pre", "subsidy_paid": "k-second",
    "subsidy_received": "k-post",
}  # fmt: skip
SIDES_SHOWN = ("arterial", "venous", "public", "outside")


def costs_section(view: EvaluationView) -> Section:
    """Return the costs."""
    lead = [view.say("costs_lead", base=view.costs.years[0], unit=view.money.symbol)]
    lead.append(view.say("adds_single" if view.found.is_single else "adds"))
    tables = (_by_actor(view), _by_measure(view), _per_tonne(view), _by_year(view))
    return Section("costs", view.say("costs_head"), tuple(lead), (_actor_figure(view), _year_figure(view)), tables,
                   (view.say("costs_rounded"),))  # fmt: skip


def _actors(view: EvaluationView) -> list[Actor]:
    """Side by side, the one who pays most first."""
    paid = {actor: view.adding(view.costs.present(actor)) for actor in view.costs.actors}
    return sorted(paid, key=lambda actor: (SIDES_SHOWN.index(SIDES[actor]), -paid[actor]))


def _actor_figure(view: EvaluationView) -> Figure:
    """Rows of stacked bars: what is spent to the right of zero, what is received to the left."""
    rows, ends, factor = [], [0.0], view.money.factor
    for actor in _actors(view):
        marks, up, down = [], 0.0, 0.0
        for kind in (*SPENT, "subsidy_paid", "subsidy_received"):
            value = view.adding(view.costs.present(actor, kinds=(kind,))) * factor
            base = up if value >= 0.0 else down
            if value:
                marks.append(Mark("bar", COLOURS[kind], base, base + value))
            up, down = (base + value, down) if value >= 0.0 else (up, base + value)
        net = view.costs.present(actor)
        marks.append(Mark("tick", "k-ink", view.adding(net) * factor))
        ends += [up, down]
        beside = view.money_word("side", SIDES[actor])
        rows.append(Row(view.money_word("actor", actor), tuple(marks), view.money.full(view.adding(net)), beside))
    keys = (*(Key(css, view.money_word("kind", kind)) for kind, css in COLOURS.items()),
            Key("k-ink l-tick", view.say("net")))  # fmt: skip
    return Figure(view.say("actor_figure", unit=view.money.symbol), rows_of(rows, axis_of(ends)), keys, is_wide=True)


def _year_figure(view: EvaluationView) -> Figure:
    stacks = [
        (COLOURS[kind], [view.adding(lanes) * view.money.factor for lanes in view.costs.by_year(kinds=(kind,))])
        for kind in SPENT
    ]
    keys = tuple(Key(COLOURS[kind], view.money_word("kind", kind)) for kind in SPENT)
    body = bars_by_year(view.costs.years, stacks, view.say("per_year", unit=view.money.symbol))
    return Figure(view.say("year_figure"), body, keys, view.say("year_note"), is_wide=True)


def _by_actor(view: EvaluationView) -> Table:
    """Actors by kind, present value; then the sides, then the sum."""
    rows = [
        (view.money_word("actor", actor), view.money_word("side", SIDES[actor]), *_cells(view, (actor,)))
        for actor in _actors(view)
    ]
    sides = [side for side in SIDES_SHOWN if any(SIDES[actor] == side for actor in view.costs.actors)]
    for side in sides:
        own = tuple(actor for actor in view.costs.actors if SIDES[actor] == side)
        rows.append((view.say("sum_of", name=view.money_word("side", side)), "", *_cells(view, own)))
    rows.append((view.say("sum"), "", *_cells(view, view.costs.actors)))
    columns = (view.say("column.actor"), view.say("column.side"), *(view.money_word("kind", kind) for kind in KINDS),
               view.say("column.net"), "5 – 95 %")  # fmt: skip
    return Table(view.say("actor_table", unit=view.money.symbol), columns, tuple(rows), "costs-actors",
                 kinds=("", "words", *[""] * (len(KINDS) + 2)), sums=len(sides) + 1)  # fmt: skip


def _cells(view: EvaluationView, actors: tuple[Actor, ...]) -> Iterator[str]:
    for kind in KINDS:
        yield view.money.bare(sum(view.adding(view.costs.present(actor, kinds=(kind,))) for actor in actors))
    net = sum((view.costs.present(actor) for actor in actors), 0.0 * view.costs.discount)
    yield view.money.bare(view.adding(net))
    yield view.money_range(net)


def _by_measure(view: EvaluationView) -> Table:
    """Measures by kind, the dearest first."""
    paid = {held.name: view.adding(view.costs.present(measure=held.name)) for held in view.costs.measures}
    names = sorted(paid, key=lambda name: -paid[name])
    rows = []
    for name in (*names, None):
        *cells, public = [
            view.money.bare(view.adding(view.costs.present(measure=name, kinds=(kind,))))
            for kind in (*SPENT, "subsidy_paid")
        ]
        total = view.costs.present(measure=name)
        who = "" if name is None else view.money_word("actor", view.view.plan.measures[name].actor)
        told = view.say("sum") if name is None else view.view.marked(name)
        rows.append((told, who, *cells, view.money.bare(view.adding(total)), view.money_range(total), public))
    columns = (view.say("column.measure"), view.say("column.actor"), *(view.money_word("kind", kind) for kind in SPENT),
               view.say("column.total"), "5 – 95 %", view.say("column.subsidy"))  # fmt: skip
    return Table(view.say("measure_table", unit=view.money.symbol), columns, tuple(rows), "costs-measures",
                 kinds=("", "words", *[""] * 6), sums=1)  # fmt: skip


def _by_year(view: EvaluationView) -> Table:
    """Years by side, not discounted."""
    sides = [side for side in SIDES_SHOWN if any(SIDES[actor] == side for actor in view.costs.actors)]
    by_side = {
        side: sum((view.costs.by_year(actor) for actor in view.costs.actors if SIDES[actor] == side), 0.0)
        for side in sides
    }
    rows = []
    for at, year in enumerate(view.costs.years):
        cells = [view.adding(by_side[side][at]) for side in sides]  # type: ignore[index]
        spent = [view.adding(view.costs.by_year(kinds=(kind,))[at]) for kind in SPENT]
        rows.append((str(year), *map(view.money.bare, (*spent, *cells, sum(spent)))))
    columns = (view.say("column.year"), *(view.money_word("kind", kind) for kind in SPENT),
               *(view.money_word("side", side) for side in sides), view.say("column.total"))  # fmt: skip
    return Table(view.say("year_table", unit=view.say("per_year", unit=view.money.symbol)), columns, tuple(rows),
                 "costs-years", is_folded=True)  # fmt: skip


def _per_tonne(view: EvaluationView) -> Table:
    """Costs per tonne in both variants, or why there is none."""
    held: dict[str, list[str]] = {}
    for one in view.evaluation.unit_costs():
        if isinstance(one, NoUnitCost):
            told = [view.money_word("none", one.reason), "–"]
        else:
            told = [_whole(one.best if view.found.is_single else one.p50), _ends(view, one)]
        held.setdefault(one.per, []).extend(told)
    rows = tuple((view.money_word("per", per), *cells) for per, cells in held.items())
    variants = [view.money_word("variant", key) for key in ("levelised", "undiscounted")]
    columns = (view.say("column.per"), variants[0], "5 – 95 %", variants[1], "5 – 95 %")
    return Table(view.say("unit_table", unit=view.say("jpy_t")), columns, rows, "unit-costs", kinds=("", *[""] * 4))


def _ends(view: EvaluationView, one: UnitCost) -> str:
    return "–" if view.found.is_single else f"{_whole(one.p05)} – {_whole(one.p95)}"


def _whole(value: float) -> str:
    """Three digits; a cost without end is told as such."""
    return Scale(1.0, "", None, 0).bare(value) if math.isfinite(value) else "∞"
