"""Tables of a lot-by-lot run, from what its tasks came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cesim.run.lot_limits import LIMITS
from cesim.run.lot_outcome import RETURNED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def frames(outcomes: Sequence[Mapping[str, Any]], best: Path) -> dict[str, pd.DataFrame]:
    """Return all tables; ``best`` is the folder of the best estimate."""
    held = [one for one in outcomes if not one["off"]]
    return {
        "losses": _losses(outcomes),
        "metal": pd.DataFrame(
            [
                {"draw": one["lane"], "without": "+".join(one["off"]), "where": where, "mass_t": mass, "of": of}
                for one in outcomes
                for of in ("six_t", "family_t")
                for where, mass in one[of].items()
            ]
        ),
        "indicators": _indicators(held),
        "works": pd.DataFrame(held[0]["works"]),
        "heats": pd.DataFrame(
            [{"draw": one["lane"], "without": "+".join(one["off"]), **row} for one in outcomes for row in one["heats"]],
            columns=["draw", "without", "alloy", "outcome", "heats"],
        ),
        "transport": pd.DataFrame([{"draw": one["lane"], **one["transport"]} for one in held]),
        "flows": pd.read_parquet(best / "flows.parquet"),
    }  # fmt: skip


def _indicators(held: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    rows = []
    for one in held:
        for row in one["indicators"]:
            lots = one["returned_t"] if row["indicator"] == RETURNED and one["first"] == one["last"] else row["lots"]
            rows.append({"draw": one["lane"], **row, "lots": lots})
    return pd.DataFrame(rows, columns=["draw", "year", "indicator", "lots", "balance"])


def _losses(outcomes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """(draw, step): t of 6000-series metal of scrapped cars in finished 6000-series parts, and what keeps it away."""
    by_lane: dict[int, dict[int, float]] = {}
    for one in outcomes:
        by_lane.setdefault(one["lane"], {})[len(one["off"])] = one["returned_t"]
    rows = []
    for lane, levels in sorted(by_lane.items()):
        rows.append({"draw": lane, "step": "realised", "mass_t": levels[0]})
        for n, limit in enumerate(LIMITS, start=1):
            if n in levels:
                rows.append({"draw": lane, "step": limit, "mass_t": levels[n] - levels[n - 1]})
        if len(LIMITS) in levels:
            rows.append({"draw": lane, "step": "potential", "mass_t": levels[len(LIMITS)]})
    return pd.DataFrame(rows, columns=["draw", "step", "mass_t"])


def losses(outcomes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return each step: the best estimate and, of more than one draw, median and 5-95 % range, t."""
    table = _losses(outcomes)
    found = {}
    for step, group in table.groupby("step", sort=False):
        best = float(group.loc[group["draw"] == 0, "mass_t"].iloc[0])
        found[str(step)] = {"best": best}
        drawn = group.loc[group["draw"] > 0, "mass_t"].to_numpy()
        if len(drawn):
            low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95])
            found[str(step)] |= {"median": float(middle), "p05": float(low), "p95": float(high)}
    return found
