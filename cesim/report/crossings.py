"""When an indicator reaches a target: the year in which the median crosses each step, and the doubt at that point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    Step = tuple[int, float]


@dataclass(frozen=True)
class Crossing:
    """One step of a target and the first year in which the median stands beyond it, before the step holds or after."""

    name: str
    since: int
    value: float
    year: int | None
    """None where the median is never beyond the step."""
    median: float
    low: float
    high: float
    """Median and 5-95 % range in that year; in the last year where it is never beyond."""
    again: int | None
    """First later year in which the median falls behind the step again; None where it does not."""
    last: int
    """Last year of the line."""


def crossings(
    frame: pd.DataFrame, steps: tuple[tuple[str, tuple[Step, ...]], ...], better: str
) -> tuple[Crossing, ...]:
    """Return one crossing a step of each target, in order of the targets.

    Parameters
    ----------
    frame : columns ``year``, ``p05``, ``p50``, ``p95``, in order of year
    steps : (name, ((year, value), ...)) of each target
    better : ``down`` for a ceiling; a floor otherwise
    """
    return tuple(_crossing(frame, name, since, value, better) for name, held in steps for since, value in held)


def _crossing(frame: pd.DataFrame, name: str, since: int, value: float, better: str) -> Crossing:
    sign = -1.0 if better == "down" else 1.0
    rows = frame[["year", "p05", "p50", "p95"]].to_dict("records")
    beyond = [sign * (row["p50"] - value) >= 0 for row in rows]
    first = beyond.index(True) if any(beyond) else None
    row = rows[-1 if first is None else first]
    later = [r["year"] for r, holds in zip(rows, beyond, strict=True) if not holds and r["year"] > row["year"]]
    return Crossing(
        name=name, since=since, value=value, year=None if first is None else int(row["year"]),
        median=float(row["p50"]), low=float(row["p05"]), high=float(row["p95"]),
        again=int(later[0]) if first is not None and later else None, last=int(rows[-1]["year"]),
    )  # fmt: skip
