"""Costs as tidy tables: a row for each combination asked for, with best estimate, mean and quantiles over the draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cesim.run.accumulate import sample
from cesim.scenario.plan import SIDES
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from cesim.plan.money.costs import Costs
    from cesim.text.catalogue import Language

    Floats = NDArray[np.float64]

QUANTILES: Final = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
BY: Final = ("measure", "actor", "side", "kind", "year")
"""What costs can be told by."""


def costs_frame(costs: Costs, lang: Language, by: tuple[str, ...]) -> pd.DataFrame:
    """Return costs by some of `BY`, summed over the others draw by draw; without ``year`` they are present values.

    Columns: those asked for, each but the year followed by its words (`actor_name`), then ``best_jpy``, ``mean_jpy``,
    ``p05_jpy``, ``p50_jpy``, ``p95_jpy``. Rows without any money are left out.
    """
    import pandas as pd

    if strange := [name for name in by if name not in BY]:
        raise ValueError(f"costs are not told by {strange[0]}")
    sums: dict[tuple[str, ...], Floats] = {}
    for measure, actor, kind, money in costs.entries():
        known = {"measure": measure, "actor": actor, "side": SIDES[actor], "kind": kind}
        key = tuple(known[name] for name in by if name != "year")
        sums[key] = sums[key] + money if key in sums else money
    rows = [row for key, money in sums.items() for row in _rows(costs, key, money, "year" in by)]
    names = [name for name in by if name != "year"]
    columns = [*names, *(["year"] if "year" in by else []), *(f"{name}_jpy" for name in ("best", "mean", *QUANTILES))]
    frame = pd.DataFrame(rows, columns=columns)
    for name in names:
        if name != "measure":
            words = [say(f"plan_money.{name}.{key}", lang) for key in frame[name]]
            frame.insert(list(frame.columns).index(name) + 1, f"{name}_name", words)
    return frame


def _rows(costs: Costs, key: tuple[str, ...], money: Floats, yearly: bool) -> list[tuple[Any, ...]]:
    if not yearly:
        value = (money * costs.discounting).sum(axis=0)
        return [(*key, *told(value).values())] if value.any() else []
    return [(*key, year, *told(lanes).values()) for year, lanes in zip(costs.years, money, strict=True) if lanes.any()]


def told(lanes: Floats) -> Mapping[str, float]:
    """Best estimate, mean and quantiles of the lanes (lane,) of a run: the first is the best estimate."""
    drawn = sample(lanes)
    quantiles = np.quantile(drawn, list(QUANTILES.values()))
    return {
        "best": float(lanes[0]),
        "mean": float(drawn.mean()),
        **dict(zip(QUANTILES, quantiles.tolist(), strict=True)),
    }
