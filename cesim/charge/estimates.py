"""Shares counted over simulated lots, and what chance alone may make of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Estimate(float):
    """A number from simulated lots, like the share a gatekeeper turned away in a year, with its standard error.

    It is the number itself wherever one is wanted; `standard_error` is what another seed would move it by.
    """

    standard_error: float
    """Standard error of the simulation alone, in the unit of the number; not what is unknown about the inputs."""

    def __new__(cls, value: float, standard_error: float) -> Estimate:
        """Return the number with its standard error."""
        made = super().__new__(cls, value)
        made.standard_error = float(standard_error)
        return made

    def __reduce__(self) -> tuple[type[Estimate], tuple[float, float]]:
        return Estimate, (float(self), self.standard_error)

    def __repr__(self) -> str:
        return f"Estimate({float(self):.6g}, standard_error={self.standard_error:.2g})"


@dataclass(frozen=True, eq=False)
class Tally:
    """How many lots of each stream fell into each category, and how evenly over the yards.

    Lots of a stream stand for a fixed share of the tonnes, so streams are strata; lots of one yard may be alike, so
    yards are clusters (W. G. Cochran, *Sampling Techniques*, 1977, sections 5.3, 6.11 and 9.4).
    """

    weight: Floats
    """Share of each stream in the tonnes, (stream,)."""
    counts: Floats
    """Lots, (stream, category)."""
    second: Floats
    """Sum over the yards of a stream of the products of its counts, (stream, category, category)."""
    yards: Floats
    """Yards of each stream, (stream,)."""

    @classmethod
    def of(cls, weight: Floats, bounds: NDArray[np.int64], yard: int, code: NDArray[np.uint8], size: int) -> Tally:
        """Count categories.

        Parameters
        ----------
        bounds
            Where streams begin and end among the lots, (stream + 1,).
        yard
            Lots that lie together; every stream is whole yards.
        code
            Category of each lot, (lot,), below `size`.
        """
        pieces = [code[begin:end] for begin, end in pairwise(bounds)]
        counts = np.array([np.bincount(piece, minlength=size) for piece in pieces], dtype=np.float64)
        if yard == 1:
            second = np.einsum("sc,cd->scd", counts, np.eye(size))
        else:
            second = np.array([_gram(piece, yard, size) for piece in pieces])
        return cls(weight, counts, second, np.diff(bounds) / yard)

    def share(self, members: Floats) -> Estimate:
        """Return the share of tonnes in some categories; `members` is 1 there and 0 elsewhere, (category,)."""
        return self.ratio(members, np.ones_like(members))

    def ratio(self, part: Floats, whole: Floats) -> Estimate:
        """Return the tonnes of one set of categories over those of another; NaN where that holds nothing."""
        value, influence = self.influence(part, whole)
        return Estimate(value, self.error(influence))

    def influence(self, part: Floats, whole: Floats) -> tuple[float, Floats]:
        """Return a ratio and what a lot of each category adds to it, (category,)."""
        lots = self.weight @ (self.counts / self.counts.sum(axis=1, keepdims=True))
        base = float(lots @ whole)
        if base <= 0.0:
            return float("nan"), np.full(part.shape, np.nan)
        value = float(lots @ part) / base
        return value, (part - value * whole) / base

    def error(self, influence: Floats) -> float:
        """Return the standard error of a mean over lots of what each category adds, (category,)."""
        total = self.counts @ influence
        spread = np.einsum("c,scd,d->s", influence, self.second, influence) - total**2 / self.yards
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.where(self.yards > 1, spread * self.yards / (self.yards - 1), np.nan)
        variance = np.where(self.weight > 0, (self.weight / self.counts.sum(axis=1)) ** 2 * spread, 0.0).sum()
        return sqrt(max(variance, 0.0)) if np.isfinite(variance) else float("nan")


def _gram(code: NDArray[np.uint8], yard: int, size: int) -> Floats:
    """Sum over yards of the products of their counts, (category, category)."""
    where = np.repeat(np.arange(code.size // yard) * size, yard) + code
    table = np.bincount(where, minlength=code.size // yard * size).reshape(-1, size).astype(np.float64)
    return np.asarray(table.T @ table)
