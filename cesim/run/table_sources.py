"""The table of sources: every number used, where it is from and how much of the spread of the headlines it causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cesim.run.sampler import numbers
from cesim.run.series import headline_names, headline_year
from cesim.run.spread import noise_floor, shares
from cesim.scenario.effects import amounts_in_effect
from cesim.scenario.levers import levers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.quantities import Quantity
    from cesim.run.accumulate import Series
    from cesim.run.solve import Plan
    from cesim.scenario.model import Scenario

UNREAD = ("facilities", "reporting", "plan")
"""Parts of a scenario that the balance does not read: their numbers are listed, and explain none of its spread.

Of the plan it reads the amounts of the measures in effect.
"""

_COLUMNS = ("path", "name_ja", "name_en", "value", "low", "high", "unit", "source", "url", "status", "note", "key")


def sources_frame(scenario: Scenario, plan: Plan, series: Series, draws: int) -> pd.DataFrame:
    """`sources`: every number with its source, and its share in the spread of each headline of the focus."""
    held = list(numbers(scenario))
    rows = [
        (path, path, path, q.value, q.low, q.high, q.unit, _source(q), q.url, q.status, q.note, q.key)
        for path, q in held
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["low"], frame["high"] = frame["low"].astype(float), frame["high"].astype(float)
    chosen = tuple(".".join(lever.path) for lever in levers(scenario))
    frame["lever"] = [path in chosen or path.startswith(tuple(f"{stem}." for stem in chosen)) for path in frame["path"]]
    streams = streams_of(held, scenario)
    u = {name: plan.source().u(name, 0, draws) for name in streams}
    focus, year = scenario.report.focus_id, str(headline_year(scenario))
    wanted = [(headline, focus, year) for headline in headline_names(scenario)]
    drawn = {key: lanes for key in wanted if (lanes := series.drawn(key)) is not None}
    told, position = shares(u, drawn), {path: n for n, (path, _) in enumerate(held)}
    for key in wanted:
        column = np.zeros(len(frame))
        for name, value in told.get(key, {}).items():
            column[position[streams[name]]] = value
        frame[f"share_{'|'.join(key)}"] = column
        frame[f"noise_floor_{'|'.join(key)}"] = noise_floor(draws, len(u)) if key in told else 1.0
    return frame


def read_by_balance(scenario: Scenario, paths: pd.Series[str]) -> pd.Series[bool]:
    """Say of each path whether the balance reads the number."""
    return ~paths.str.partition(".")[0].isin(UNREAD) | paths.isin(amounts_in_effect(scenario))


def _source(quantity: Quantity) -> str:
    if quantity.source:
        return quantity.source
    return "estimate by the cesim authors" if quantity.status == "estimate" else ""


def streams_of(held: Sequence[tuple[str, Quantity]], scenario: Scenario) -> dict[str, str]:
    """Stream -> the path that stands for it, of what the balance reads.

    A time path is one stream, shown at its uncertain knot nearest 2035.
    """
    out: dict[str, str] = {}
    near: dict[str, int] = {}
    focal = headline_year(scenario)
    steering = amounts_in_effect(scenario)
    for path, quantity in held:
        if quantity.is_certain or (path.startswith(tuple(f"{part}." for part in UNREAD)) and path not in steering):
            continue
        stem, _, last = path.rpartition(".")
        if last.isdigit() and len(last) == 4 and 1900 <= int(last) <= 2200:
            distance = abs(int(last) - focal)
            if distance < near.get(stem, 10**6):
                near[stem], out[stem] = distance, path
        else:
            out[path] = path
    return out
