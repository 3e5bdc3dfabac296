"""A backcast as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.backcast import ALL
from cesim.plan.futures import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from cesim.plan.backcasting import PlanBackcast

PLANS = (NOTHING, "written", "answer")


def backcast_frames(told: PlanBackcast) -> dict[str, pd.DataFrame]:
    """Return the tables `answer`, `targets`, `payers`, `front`, `road_map` and `options`."""
    import pandas as pd

    tables: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "targets": (("target", "indicator", "region", "year", "asked", "plan", "median", "share_met"), _targets(told)),
        "payers": (("payer", "plan", "cost_jpy", "most_jpy"), _payers(told)),
        "front": (("confidence", "cost_jpy", "bound_jpy", "proven", "share_met", "measures"), _front(told)),
        "options": (("measure", "level", "start", "chosen"), _options(told)),
    }
    out = {name: pd.DataFrame(rows, columns=list(columns)) for name, (columns, rows) in tables.items()}
    return {**out, "road_map": told.roads.frame()}


def _stands(told: PlanBackcast) -> list[tuple[str, Any]]:
    stands = zip(PLANS, (told.nothing, told.written, told.answer), strict=True)
    return [(name, stand) for name, stand in stands if stand is not None]


def _targets(told: PlanBackcast) -> list[tuple[Any, ...]]:
    return [
        (goal.id, goal.indicator, goal.region, goal.year, goal.value, name, stand.medians[goal.id],
         stand.shares[goal.id])
        for goal in told.question.goals for name, stand in _stands(told)
    ]  # fmt: skip


def _payers(told: PlanBackcast) -> list[tuple[Any, ...]]:
    return [
        (payer, name, stand.paid[payer], told.question.budgets.get(payer))
        for name, stand in _stands(told) if name != NOTHING
        for payer in stand.paid if payer == ALL or stand.paid[payer] or payer in told.question.budgets
    ]  # fmt: skip


def _front(told: PlanBackcast) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for point in told.front.points if told.front is not None else ():
        own = point.solution
        rows.append(
            (point.confidence, None, None, point.complete, None, "") if own is None
            else (point.confidence, own.cost, own.bound, point.complete, own.reached, ", ".join(sorted(own.choice)))
        )  # fmt: skip
    return rows


def _options(told: PlanBackcast) -> list[tuple[Any, ...]]:
    return [
        (name, own.level, own.start, told.choice.get(name) == own)
        for name, ways in told.options.items()
        for own in ways
    ]
