"""Tables and bars of a backcast: measures, targets, payers, conditions, options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.backcast import ALL, Unreachable
from cesim.report.casthouse.shell import Figure, Key, Table
from cesim.report.casthouse.tracks import Mark, Row, axis_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cesim.plan.backcast import Bar, Lifted
    from cesim.plan.backcasting import Stand
    from cesim.report.plan.backcast_view import BackcastView

MOST_OPEN = 15
"""Most measures whose table is open: the road-map shows them, too."""


def heads(view: BackcastView, *keys: str) -> tuple[str, ...]:
    """Titles of columns."""
    return tuple(view.say(f"column.{key}") for key in keys)


def stands(view: BackcastView) -> list[tuple[str, Stand]]:
    """Nothing, the plan as written and the answer, those that are there."""
    told = view.told
    last = "answer" if told.solution is not None else "nearest"
    held = (("nothing", told.nothing), ("written", told.written), (last, told.answer))
    return [(name, stand) for name, stand in held if stand is not None]


def target_table(view: BackcastView) -> Table:
    """Each target: what nothing, the plan as written and the answer come to."""
    rows = []
    for goal in view.told.question.goals:
        for name, stand in stands(view):
            rows.append((
                f"{view.plan.goal(goal)}: {view.say(f'stand.{name}')}", view.level(goal, goal.value),
                view.level(goal, stand.medians[goal.id]), view.share(stand.shares[goal.id]),
            ))  # fmt: skip
    return Table(view.say("target_table"), heads(view, "goal", "asked", "median", "share"), tuple(rows),
                 kinds=("words", "", "", ""))  # fmt: skip


def measure_table(view: BackcastView) -> Table:
    """The measures of the answer."""
    rows = [
        (view.plan.marked(row.measure), view.money(bar.cost), f"{bar.start}", view.share(bar.level), f"{bar.full}",
         view.payer(row.actor), _range(view, bar))
        for row, bar in view.chosen()
    ]  # fmt: skip
    sums = 1 if rows else 0
    if rows:
        rows.append((view.say("sum"), view.money(sum(bar.cost for _, bar in view.chosen())), "", "", "", "", ""))
    kinds = ("words", "", "", "", "", "words", "")
    columns = heads(view, "measure", "cost", "start", "level", "full", "actor", "range")
    folded = len(rows) > MOST_OPEN
    return Table(view.say("measure_table"), columns, tuple(rows), is_folded=folded, kinds=kinds, sums=sums)


def _range(view: BackcastView, bar: Bar) -> str:
    """Ends of the cost of a measure; nothing where it has no range."""
    low, high = view.yen.bare(bar.low), view.yen.bare(bar.high)
    return "-" if low == high else f"{low} – {high}"


def payer_figure(view: BackcastView) -> Figure:
    """Who pays how much: bars of the answer, marks of the plan as written and of what there is."""
    answer, written, scale = view.told.answer, view.told.written, view.yen
    assert answer is not None
    rows, ends = [], [0.0]
    for name in (*view.payers(), ALL):
        most = view.told.question.budgets.get(name)
        paid, old = answer.paid[name] * scale.factor, written.paid[name] * scale.factor
        marks = [Mark("bar", "k-main", 0.0, paid), Mark("tick", "k-edge", old)]
        ends += [paid, old]
        beside = view.say("payer_written", cost=view.money(written.paid[name]))
        if most is not None:
            marks.append(Mark("tick", "k-second", most * scale.factor))
            ends.append(most * scale.factor)
            beside += view.say("payer_budget", cost=view.money(most))
        rows.append(Row(view.payer(name), tuple(marks), view.money(answer.paid[name]), beside, is_strong=name == ALL))
    keys = [Key("k-main", view.say("backcast")), Key("k-edge l-tick", view.say("forecast"))]
    keys += [Key("k-second l-tick", view.say("key_budget"))] if view.told.question.budgets else []
    return Figure(view.say("payer_figure", unit=scale.symbol), rows_of(rows, axis_of(ends)), tuple(keys), is_wide=True)


def nearest_table(view: BackcastView) -> Table | None:
    """How near each target can be reached."""
    found = view.told.found
    if not isinstance(found, Unreachable) or found.nearest is None:
        return None
    near, rows = found.nearest, []
    for goal in view.told.question.goals:
        own = near.each[goal.id]
        relaxed = "-" if goal.id not in near.relaxed else view.level(goal, near.relaxed[goal.id])
        rows.append((view.plan.goal(goal), view.level(goal, own.asked), view.level(goal, own.base),
                     view.level(goal, own.best), relaxed))  # fmt: skip
    columns = heads(view, "goal", "asked", "base", "best", "relaxed")
    return Table(view.say("nearest_table"), columns, tuple(rows), kinds=("words", "", "", "", ""))


def lifted_table(view: BackcastView) -> Table | None:
    """What becomes possible when one condition is dropped."""
    found = view.told.found
    if not isinstance(found, Unreachable) or not found.lifted:
        return None
    rows = tuple(
        (condition(view, one.condition), view.say(_possible(one)), "-" if one.cost is None else view.money(one.cost),
         view.choice(one.choice) if one.reachable else "")
        for one in lifted(found)
    )  # fmt: skip
    columns = heads(view, "condition", "possible", "cost", "measures")
    return Table(view.say("lifted_table"), columns, rows, kinds=("words", "words", "", "words"))


def lifted(found: Unreachable) -> tuple[Lifted, ...]:
    """What follows when conditions are dropped; all of them at once only where there are several."""
    single = len(found.lifted) == 2
    return tuple(one for one in found.lifted if not (single and one.condition == "all"))


def _possible(one: Lifted) -> str:
    return "possible" if one.reachable else "impossible" if one.proven else "possible_not_found"


def condition(view: BackcastView, name: str) -> str:
    """Name of a condition that is dropped."""
    kind, _, payer = name.partition(":")
    return view.say("condition.budget", payer=view.payer(payer)) if payer else view.say(f"condition.{kind}")


def option_table(view: BackcastView) -> Table:
    """All that the search could choose from."""
    rows = tuple(_options(view))
    columns = heads(view, "measure", "pillar", "levels", "starts", "chosen")
    return Table(view.say("option_table"), columns, rows, is_folded=True, kinds=("words", "words", "", "", "words"))


def _options(view: BackcastView) -> Iterator[tuple[str, ...]]:
    asked, say = view.told.question, view.plan.writer.say
    for name, ways in view.told.options.items():
        levels = _each([view.share(own.level) for own in ways if own.level is not None])
        starts = _each([str(own.start) for own in ways])
        chosen = view.told.choice.get(name)
        told = view.say("is_must") if name in asked.must else view.say("is_never") if name in asked.never else ""
        told = told or (view.say("is_chosen") if chosen is not None else view.say("is_not_chosen"))
        pillar = say(f"plan.bundle.{view.plan.plan.measures[name].pillar}")
        yield view.plan.marked(name), pillar, levels, starts, told


def _each(told: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(told))
