"""How the compositions of lots scatter: one law for what is thought, one for what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NEGATIVE = -1e-10
"""Least eigenvalue of a covariance, relative to its largest, that rounding alone may make."""


class LotLaw(Protocol):
    """A distribution of compositions over the lots of a yard."""

    @property
    def mean(self) -> Floats:
        """Mass fractions, (element,)."""

    @property
    def covariance(self) -> Floats:
        """Of one lot, (element, element)."""

    @property
    def shared(self) -> Floats:
        """Covariance between two lots of one yard, (element, element)."""

    def draw(self, rng: np.random.Generator, yards: int, lots: int) -> Floats:
        """Return compositions, (yard, lot, element)."""


@dataclass(frozen=True, eq=False)
class LognormalLots:
    """Lots whose elements are lognormal; lots of one yard may share part of their luck.

    With mean ``m``, covariance ``C`` of the elements themselves and correlation ``r`` between two lots of a yard, the
    logarithms have covariance ``ln(1 + C / m m')`` within a lot and ``ln(1 + r C / m m')`` between lots, so the stated
    numbers are those of the elements, not of their logarithms.

    Raises
    ------
    InputError
        ``charge_not_possible`` where no lognormal has these correlations.
    """

    subject: str
    mean: Floats
    covariance: Floats
    within_yard: float

    def __post_init__(self) -> None:
        with Refusals(self.subject) as refusals:
            for part in (self.covariance, self.within_yard * self.covariance):
                if (1.0 + self._relative(part) <= 0.0).any():
                    refusals.refuse("charge_not_possible", "correlation", found="1 + r cv cv <= 0")
                    refusals.settle()
            for name, logs in (("within_yard", self._yard_logs), ("correlation", self._logs - self._yard_logs)):
                least, most = np.linalg.eigvalsh(logs)[[0, -1]]
                if least < _NEGATIVE * max(most, 1e-12):
                    refusals.refuse("charge_not_possible", name, found=f"eigenvalue {least:.3g}")

    @property
    def shared(self) -> Floats:
        """Covariance between two lots of one yard, (element, element)."""
        return self.within_yard * self.covariance

    def draw(self, rng: np.random.Generator, yards: int, lots: int) -> Floats:
        """Return compositions, (yard, lot, element); elements with mean 0 stay 0."""
        size = self.mean.size
        normal = rng.standard_normal((yards, lots, size)) @ _root(self._logs - self._yard_logs).T
        if self.within_yard > 0.0:
            normal += rng.standard_normal((yards, 1, size)) @ _root(self._yard_logs).T
        normal -= 0.5 * np.diag(self._logs)
        return np.asarray(self.mean * np.exp(normal, out=normal))

    @cached_property
    def _logs(self) -> Floats:
        return np.asarray(np.log1p(self._relative(self.covariance)))

    @cached_property
    def _yard_logs(self) -> Floats:
        return np.asarray(np.log1p(self._relative(self.within_yard * self.covariance)))

    def _relative(self, covariance: Floats) -> Floats:
        scale = np.where(self.mean > 0.0, self.mean, 1.0)
        return np.asarray(covariance / np.outer(scale, scale))


@dataclass(frozen=True, eq=False)
class AssayedLots:
    """Lots as they were assayed: a draw is one row of the table, whole, so that its elements stay together.

    Mean and covariance are those of the table itself (divisor: number of rows), which are the moments of the draws.
    """

    table: Floats

    @cached_property
    def mean(self) -> Floats:
        """Mass fractions, (element,)."""
        return np.asarray(self.table.mean(axis=0))

    @cached_property
    def covariance(self) -> Floats:
        """Of one lot, (element, element)."""
        return np.atleast_2d(np.cov(self.table, rowvar=False, ddof=0))

    @property
    def shared(self) -> Floats:
        """Zero: the table does not say which lots lay together."""
        return np.zeros_like(self.covariance)

    def draw(self, rng: np.random.Generator, yards: int, lots: int) -> Floats:
        """Return compositions, (yard, lot, element)."""
        return np.asarray(self.table[rng.integers(self.table.shape[0], size=(yards, lots))])


def _root(covariance: Floats) -> Floats:
    """Return R with R R' = covariance, also where elements move exactly together or not at all."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
