"""Answers on a plan as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cesim.plan.attribution import Divided, PlanAttribution
    from cesim.plan.games import Attribution, NotResolvable

SHARES = ("target", "indicator", "region", "year", "of", "player", "measures", "share", "standard_error", "standing")
TOTALS = (
    "target", "indicator", "region", "year", "of", "without", "with", "difference", "standard_error",
    "reason", "draws",
)  # fmt: skip
PAIRS = ("target", "first", "second", "interaction", "standard_error", "alone", "last", "kind", "needing")


def attribution_frames(found: PlanAttribution) -> dict[str, pd.DataFrame]:
    """Return the tables `shares`, `totals` and `pairs` of an attribution."""
    import pandas as pd

    rows: dict[str, list[tuple[Any, ...]]] = {"shares": [], "totals": [], "pairs": []}
    for one in found.divided:
        key = (one.goal.id, one.goal.indicator, one.goal.region, one.goal.year)
        for told in kinds_of(one):
            rows["totals"].append((*key, *_total(told)))
            rows["shares"] += [(*key, *row) for row in _shares(told, found)]
        rows["pairs"] += [(one.goal.id, *row) for row in _pairs(one)]
    columns = {"shares": SHARES, "totals": TOTALS, "pairs": PAIRS}
    return {name: pd.DataFrame(held, columns=list(columns[name])) for name, held in rows.items()}


def kinds_of(one: Divided) -> Iterator[Attribution | NotResolvable]:
    """Yield the attributions of one target: of the mean, of the shortfall, of the chance."""
    for told in (one.attributed.mean, one.attributed.shortfall, one.attributed.chance):
        if told is not None:
            yield told


def _total(told: Attribution | NotResolvable) -> tuple[Any, ...]:
    if hasattr(told, "reason"):
        return told.of, None, None, None, None, told.reason, told.draws
    return told.of, told.before.value, told.after.value, told.total.value, told.total.error, "", told.draws


def _shares(told: Attribution | NotResolvable, found: PlanAttribution) -> Iterator[tuple[Any, ...]]:
    for share in getattr(told, "shares", ()):
        members = ", ".join(found.players[share.player])
        yield told.of, share.player, members, share.value, share.error, share.standing


def _pairs(one: Divided) -> Iterator[tuple[Any, ...]]:
    for pair in one.pairs:
        yield (pair.first, pair.second, pair.index.value, pair.index.error, pair.alone.value, pair.last.value,
               pair.kind, pair.needing)  # fmt: skip
