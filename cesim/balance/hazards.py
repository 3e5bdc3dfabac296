"""Exit hazards of a fleet: what does not change with the year is computed once, by age.

A car leaves the fleet by one of three doors: it is scrapped, exported used, or lost otherwise (temporary
deregistration, undeclared). Each door has a hazard, integrated over one calendar year of the model. Cars enter in
mid-year, so cohort ``c`` is ``t - c + 0.5`` years old at the end of year ``t`` and its first year is half a year
long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE_YEAR = 2010
"""The year in which a scrap scale is stated."""

TINY = 1e-300
"""Keeps 0/0 out of the shares of exits where no hazard acts."""


def age_bounds(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Age at the start and at the end of the year, by whole years since first registration, each ``(count,)``."""
    end = np.arange(count, dtype=np.float64) + 0.5
    return np.maximum(end - 1.0, 0.0), end


def scrap_by_age(count: int, shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weibull cumulative hazard gained in each year of age for a scale of one year.

    Divide by ``scale ** shape``. ``shape`` is ``(D, V)``, the answer ``(D, count, V)``.
    """
    start, end = age_bounds(count)
    power = shape[:, None, :]
    gained: NDArray[np.float64] = end[None, :, None] ** power - start[None, :, None] ** power
    return gained


def export_by_age(count: int, peak_age: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-normal bump of the export hazard, one at ``peak_age``, times the length of the year: ``(D, count)``.

    ``peak_age`` (years) and ``width`` (of the logarithm of age) are ``(D,)``.
    """
    start, end = age_bounds(count)
    middle = 0.5 * (start + end)
    distance = np.log(middle[None, :] / peak_age[:, None]) / width[:, None]
    bump: NDArray[np.float64] = np.exp(-0.5 * distance * distance) * (end - start)[None, :]
    return bump


def lengthening(years: NDArray[np.int64], growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of scale(t) / scale(reference year) by calendar year, ``(D, T)``.

    ``growth[:, t]`` is the growth of the scale in year ``t``. ``ValueError`` if the reference year is not among the
    years.
    """
    at = np.flatnonzero(years == REFERENCE_YEAR)
    if at.size != 1:
        raise ValueError(f"the years must contain {REFERENCE_YEAR}, the year in which scrap scales are stated")
    path = np.cumsum(growth, axis=1)
    answer: NDArray[np.float64] = path - path[:, at]
    return answer


def scrap_by_year(
    shape: NDArray[np.float64],
    scale: NDArray[np.float64],
    lengthened: NDArray[np.float64],
    factor: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """``scale(t) ** -shape`` by calendar year, times the lever on the hazard where there is one: ``(D, T, V)``."""
    logarithm = np.log(scale)[:, None, :] + lengthened[:, :, None]
    level: NDArray[np.float64] = np.exp(-shape[:, None, :] * logarithm)
    return level if factor is None else level * factor[:, :, None]
