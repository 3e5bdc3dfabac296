"""A quantity over the years: knots, straight lines between them, and how its luck hangs together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from cesim.quantities.distribution import ppf
from cesim.quantities.faults import QuantityError
from cesim.quantities.inverse import LawOfYear

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from cesim.quantities.quantity import Quantity
    from cesim.quantities.streams import DrawSource, UniformSource

Persistence = Literal["one-draw", "ar1"]

ANCHOR_YEAR: Final = 2000
"""Where every AR(1) chain starts (Q13): fixed, so that no horizon and no knot can move it."""

FIRST_YEAR, LAST_YEAR = 1800, 2300
"""Years outside are taken for a slip of the pen."""


@dataclass(frozen=True)
class TimePath:
    """A quantity drawn as a line over the years, like a forecast pencilled through a few dated points.

    Refuses, with a `QuantityError`: no knot (``no_knot``), a year that is no integer (``year_not_integer``)
    or far away (``year_out_of_range``), knots of different unit or kind (``knots_disagree``), an unknown
    correlation (``unknown_correlation``), and an AR(1) without a coefficient strictly between -1 and 1
    (``rho_out_of_range``), or a coefficient without AR(1) (``rho_without_ar1``).
    """

    knots: Mapping[int, Quantity]
    """Year to quantity, all of one kind and unit; kept in the order of the years."""

    correlation: Persistence = "one-draw"
    """``one-draw`` holds one draw through all years; ``ar1`` lets it wander."""

    rho: float | None = None
    """Correlation of one year's draw with the next one's (normal scores), for ``ar1`` only."""

    def __post_init__(self) -> None:
        if not self.knots:
            raise QuantityError("no_knot", found=0, allowed=">= 1")
        ordered = {year: self.knots[year] for year in sorted(_accepted_years(self.knots))}
        object.__setattr__(self, "knots", MappingProxyType(ordered))
        for trait in ("kind", "unit"):
            found = sorted({getattr(knot, trait) for knot in ordered.values()})
            if len(found) > 1:
                raise QuantityError("knots_disagree", found=found, allowed="one", trait=trait)
        self._check_correlation()

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary: a read-only mapping cannot be pickled."""
        return TimePath, (dict(self.knots), self.correlation, self.rho)

    @property
    def is_certain(self) -> bool:
        """Whether every draw is the best estimate in every year."""
        return all(knot.is_certain for knot in self.knots.values())

    @property
    def is_constant(self) -> bool:
        """Whether every draw has the same value in all years."""
        return len(self.knots) == 1 and (self.correlation == "one-draw" or self.is_certain)

    def best(self, years: Sequence[int]) -> NDArray[np.float64]:
        """Best estimates, shape ``(years,)``."""
        values = {year: np.array([knot.value]) for year, knot in self.knots.items()}
        line: NDArray[np.float64] = self._lines(tuple(_accepted_years(years)), values)[0]
        return line

    def law_of(self, year: int) -> LawOfYear:
        """Return what the path itself may be in one year, by one draw.

        Raises
        ------
        QuantityError
            ``year_not_integer``, ``year_out_of_range``
        """
        (before,), (after,), (way,) = _neighbours(tuple(self.knots), tuple(_accepted_years((year,))))
        laws = [knot.law for knot in self.knots.values()]
        same = laws[before] == laws[after]
        return LawOfYear(laws[before], laws[after], 0.0 if same else float(way))

    def values(self, years: Sequence[int], u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles in each year (Q12).

        Parameters
        ----------
        years
            Which years, in any order.
        u
            Probabilities strictly between 0 and 1: shape ``(draws,)`` for one draw through all years,
            or ``(draws, years)`` for one per year, as `uniforms` gives them.

        Returns
        -------
        ndarray
            Shape ``(draws, years)``.

        Raises
        ------
        QuantityError
            ``wrong_shape``, ``u_out_of_range``, ``year_not_integer``, ``year_out_of_range``.
        """
        asked = _accepted_years(years)
        uniform = np.array(u, dtype=np.float64)
        if uniform.ndim == 1:
            return self._lines(tuple(asked), {year: ppf(knot, uniform) for year, knot in self.knots.items()})
        if uniform.ndim == 2 and uniform.shape[1] == len(asked):
            columns = [self._of_year(year, uniform[:, place]) for place, year in enumerate(asked)]
        else:
            raise QuantityError("wrong_shape", found=uniform.shape, allowed=f"(draws,) or (draws, {len(asked)})")
        return np.stack(columns, axis=1) if columns else np.empty((uniform.shape[0], 0))

    def uniforms(
        self, years: Sequence[int], source: UniformSource, name: str, first: int, count: int
    ) -> NDArray[np.float64]:
        """Probabilities for `values`: ``(count,)`` from the stream `name`, or ``(count, years)`` for AR(1).

        The chain of normal scores is ``z_t = rho z_(t-1) + sqrt(1 - rho**2) e_t`` with ``e_t`` from the
        stream ``name|year``. It starts at the year 2000 and runs both ways from there, which a
        stationary AR(1) allows, being reversible in time.
        """
        if self.correlation == "one-draw":
            return source.u(name, first, count)
        asked = _accepted_years(years)
        assert self.rho is not None
        chain = _ar1_chain(self.rho, asked, source, name, first, count)
        return np.stack([chain[year] for year in asked], axis=1) if asked else np.empty((count, 0))

    def draw(self, years: Sequence[int], source: DrawSource, name: str, first: int, count: int) -> NDArray[np.float64]:
        """Draws `first` to ``first + count - 1`` of this path, shape ``(count, years)``."""
        if source.holds(name):
            return np.broadcast_to(self.best(years), (count, len(years))).copy()
        return self.values(years, self.uniforms(years, source, name, first, count))

    def _check_correlation(self) -> None:
        if self.correlation not in get_args(Persistence):
            raise QuantityError("unknown_correlation", found=self.correlation, allowed=list(get_args(Persistence)))
        if self.correlation == "one-draw":
            if self.rho is not None:
                raise QuantityError("rho_without_ar1", found=self.rho, allowed=None)
        elif self.rho is None or not -1.0 < self.rho < 1.0:
            raise QuantityError("rho_out_of_range", found=self.rho)

    def _lines(self, years: tuple[int, ...], at_knots: Mapping[int, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Straight lines ``(draws, years)`` between values at knots, ``(draws,)`` each."""
        held = np.stack([np.atleast_1d(at_knots[knot]) for knot in self.knots], axis=1)
        before, after, way = _neighbours(tuple(self.knots), years)
        start = np.take(held, before, axis=1)
        line: NDArray[np.float64] = start + way * (np.take(held, after, axis=1) - start)
        return line

    def _of_year(self, year: int, u: NDArray[np.float64]) -> NDArray[np.float64]:
        (before,), (after,), (way,) = _neighbours(tuple(self.knots), (year,))
        knots = list(self.knots.values())
        start = ppf(knots[before], u)
        line: NDArray[np.float64] = start + way * (ppf(knots[after], u) - start)
        return line


@lru_cache(maxsize=4096)
def _neighbours(
    knots: tuple[int, ...], years: tuple[int, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Places of the knots before and after each year, and how far it has come from the one to the other."""
    dated = np.array(knots)
    before = np.maximum(np.searchsorted(dated, years, side="right") - 1, 0)
    after = np.minimum(np.searchsorted(dated, years, side="left"), dated.size - 1)
    after = np.maximum(before, after)  # on a knot or outside
    gap = np.where(after > before, dated[after] - dated[before], 1)
    way = np.where(after > before, (np.array(years, dtype=np.int64) - dated[before]) / gap, 0.0)
    for array in (before, after, way):
        array.flags.writeable = False
    return before, after, way


def _accepted_years(years: Iterable[int]) -> list[int]:
    accepted: list[int] = []
    for year in years:
        if not isinstance(year, Integral) or isinstance(year, bool):
            raise QuantityError("year_not_integer", found=year, allowed="an integer")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise QuantityError("year_out_of_range", found=int(year), first=FIRST_YEAR, last=LAST_YEAR)
        accepted.append(int(year))
    return accepted


def _ar1_chain(
    rho: float, years: Sequence[int], source: UniformSource, name: str, first: int, count: int
) -> dict[int, NDArray[np.float64]]:
    """Probabilities of every year between the anchor and the years asked for, each ``(count,)``."""
    from scipy.special import ndtr, ndtri  # here, since scipy is slow to import

    fresh = math.sqrt(1.0 - rho * rho)
    start = ndtri(source.u(f"{name}|{ANCHOR_YEAR}", first, count))
    scores = {ANCHOR_YEAR: start}
    for step, last in ((1, max(years, default=ANCHOR_YEAR)), (-1, min(years, default=ANCHOR_YEAR))):
        z = start
        for year in range(ANCHOR_YEAR + step, last + step, step):
            z = rho * z + fresh * ndtri(source.u(f"{name}|{year}", first, count))
            scores[year] = z
    # beyond 8.2 standard deviations a probability rounds to 0 or 1, which no quantile accepts
    return {year: np.clip(ndtr(scores[year]), 2.0**-53, 1.0 - 2.0**-53) for year in set(years)}
