"""An amount of a lot-by-lot run: its best estimate and, of more than one draw, median and 5-95 % range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.report.casthouse.writing import Unit, Writer


@dataclass(frozen=True)
class Amount:
    """A number with its range; the range is of the draws, and there is none where only the best estimate was run."""

    best: float
    low: float | None = None
    """5th percentile."""
    median: float | None = None
    high: float | None = None
    """95th percentile."""

    @property
    def ends(self) -> tuple[float, ...]:
        """The numbers a scale has to hold."""
        return tuple(value for value in (self.best, self.low, self.high) if value is not None)

    def spread(self, writer: Writer, unit: Unit) -> str:
        """Say the range in words; nothing where there is none."""
        if self.low is None or self.median is None or self.high is None:
            return ""
        told = {"median": self.median, "low": self.low, "high": self.high}
        return writer.say("lots.range", **{name: writer.bare(value, unit) for name, value in told.items()})

    def cells(self, writer: Writer, unit: Unit) -> tuple[str, ...]:
        """Best estimate, and median, 5 % and 95 % where there are draws, without the unit."""
        held = (self.best, self.median, self.low, self.high)
        return tuple(writer.bare(value, unit) for value in held if value is not None)

    @property
    def numbers(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Best estimate, median, 5 %, 95 %."""
        return self.best, self.median, self.low, self.high


def of_draws(column: pd.Series[float]) -> Amount:
    """Return the amount of a column with one number a draw, of which 0 is the best estimate."""
    best, drawn = float(column.loc[0]), column.drop(index=0).to_numpy(dtype=float)
    if not len(drawn):
        return Amount(best)
    low, median, high = (float(value) for value in np.quantile(drawn, [0.05, 0.5, 0.95]))
    return Amount(best, low, median, high)


def of_step(held: Mapping[str, float]) -> Amount:
    """Return the amount of a step of the record's headline."""
    if "median" not in held:
        return Amount(held["best"])
    return Amount(held["best"], held["p05"], held["median"], held["p95"])


def heads(writer: Writer, *, drawn: bool) -> tuple[str, ...]:
    """Headings of `Amount.cells`."""
    names = ("best", "median", "p05", "p95") if drawn else ("best",)
    return tuple(writer.say(f"lots.column.{name}") for name in names)
