"""A survey of what is not known as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cesim.plan.survey.inputs import Input
    from cesim.plan.survey.study import Stake, Survey

INPUTS = ("path", "stream", "moves", "value", "low", "high", "unit", "status", "source")
SPREADS = ("indicator", "region", "year", "path", "status", "share", "floor")
STATUS = ("indicator", "region", "year", "status", "share")
STAKES = (
    "target", "indicator", "region", "year", "level", "price_jpy", "is_implied", "best", "everything_jpy", "floor_jpy",
)  # fmt: skip
ALTERNATIVES = ("target", "alternative", "cost_jpy", "missing", "loss_jpy", "least_often", "is_best")
WORTH = ("target", "path", "status", "worth_jpy", "standard_error_jpy", "is_above_floor", "stands_out")
UNEXPLAINED = "unexplained"
"""Name beside the statuses of what no single input explains."""
CHOSEN = ("plan.discount",)
"""Numbers that are decided on and that no survey finds."""
ERRORS = 2.0
"""Standard errors from zero from which on a worth stands out."""


def survey_frames(found: Survey) -> dict[str, pd.DataFrame]:
    """Return the tables `inputs`, `spreads`, `spread_by_status`, `stakes`, `alternatives` and `worth`.

    Money is JPY, shares are of the variance; `missing` is in the unit of the target's indicator.
    """
    import pandas as pd

    held = {one.path: one for one in found.inputs}
    rows: dict[str, list[tuple[Any, ...]]] = {
        "inputs": [_input(one) for one in found.inputs],
        "spreads": list(_spreads(found, held)),
        "spread_by_status": list(_by_status(found)),
        "stakes": [row for stake in found.stakes for row in _stake(stake)],
        "alternatives": [row for stake in found.stakes for row in _alternatives(stake)],
        "worth": [row for stake in found.stakes for row in _worth(stake, held)],
    }
    columns = (INPUTS, SPREADS, STATUS, STAKES, ALTERNATIVES, WORTH)
    return {name: pd.DataFrame(rows[name], columns=list(own)) for name, own in zip(rows, columns, strict=True)}


def stands_out(stake: Stake, path: str) -> bool:
    """Whether knowing a number is worth surveying it: above the floor, and two standard errors from zero."""
    known = stake.knowing
    if known is None or path in CHOSEN or path not in known.error:
        return False
    worth = known.worth[path]
    return worth > known.floor and worth >= ERRORS * known.error[path]


def _input(one: Input) -> tuple[Any, ...]:
    q = one.quantity
    return (
        one.path,
        one.stream,
        "costs" if one.is_money else "flows",
        q.value,
        q.low,
        q.high,
        q.unit,
        q.status,
        q.source,
    )


def _spreads(found: Survey, held: dict[str, Input]) -> Iterator[tuple[Any, ...]]:
    for one in found.spreads:
        for path, share in one.shares.items():
            yield *one.series, path, held[path].quantity.status, share, one.floor


def _by_status(found: Survey) -> Iterator[tuple[Any, ...]]:
    for one in found.spreads:
        for status, share in one.by_status.items():
            yield *one.series, status, share
        yield *one.series, UNEXPLAINED, one.unexplained


def _stake(stake: Stake) -> Iterator[tuple[Any, ...]]:
    goal, known = stake.goal, stake.knowing
    if known is not None:
        yield (stake.goal.id, goal.indicator, goal.region, goal.year, goal.value, stake.price, stake.is_implied,
               known.best, known.everything, known.floor)  # fmt: skip


def _alternatives(stake: Stake) -> Iterator[tuple[Any, ...]]:
    known = stake.knowing
    for one in stake.alternatives:
        if known is not None:
            yield (stake.goal.id, one.name, stake.cost[one.name], stake.missing[one.name], known.expected[one.name],
                   known.least_often[one.name], one.name == known.best)  # fmt: skip


def _worth(stake: Stake, held: dict[str, Input]) -> Iterator[tuple[Any, ...]]:
    if (known := stake.knowing) is None:
        return
    for path, worth in known.worth.items():
        yield (stake.goal.id, path, held[path].quantity.status, worth, known.error.get(path), worth > known.floor,
               stands_out(stake, path))  # fmt: skip
