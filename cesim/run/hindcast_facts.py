"""The observations of the vehicle hindcast, from the data tables: what was counted, and how well each is known.

``read`` figures stood in a source that was opened; ``unverified`` ones are recalled series. Counts are vehicles of
Japan. Sales given at knots are interpolated linearly between them; the three splits that no table holds stand here as
estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.data import Row, lookup, rows, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

READ = "read"
JAPAN = "japan"

YEARS = np.arange(1960, 2025)
SEGMENTS = ("kei", "small", "standard", "commercial")
POWERTRAINS = ("ice", "hev", "phev", "bev")
VEHICLES = tuple(f"{segment}_{powertrain}" for segment in SEGMENTS for powertrain in POWERTRAINS)


@dataclass(frozen=True)
class Observed:
    """One observed figure."""

    year: int
    value: float
    status: str
    fiscal: bool = True
    """Fiscal year (April to March) rather than calendar year."""

    @property
    def label(self) -> str:
        """``FY2014`` or ``CY2015``."""
        return f"{'FY' if self.fiscal else 'CY'}{self.year}"


def _number(row: Row) -> float:
    if row.value is None:
        raise ValueError(f"{row.place} has no number")
    return row.value


def _observed(key: str, fiscal: bool, first: int, last: int) -> list[Observed]:
    found = series(key, JAPAN, fiscal=fiscal)
    return [Observed(year, _number(row), row.status, fiscal) for year, row in found.items() if first <= year <= last]


def _merged(*parts: list[Observed]) -> tuple[Observed, ...]:
    return tuple(sorted((item for part in parts for item in part), key=lambda o: (o.year, not o.fiscal)))


def _march(key: str) -> dict[int, float]:
    """Figures read for the end of March, by year."""
    found = [row for row in rows() if row.key == key and row.year.endswith("-03") and row.status == READ]
    return {int(row.year[:4]): _number(row) for row in sorted(found, key=lambda row: row.year)}


def _hybrid_elvs() -> dict[int, tuple[float, float]]:
    """Lowest and highest figure read by fiscal year."""
    found: dict[int, list[float]] = {}
    for key in ("hev", "hev.jarc", "hev_phev", "hev_phev.bracket"):
        for year, row in series(f"vehicles.elv_taken_in.{key}", JAPAN, fiscal=True).items():
            if row.status == READ:
                found.setdefault(year, []).extend(x for x in (row.low, row.value, row.high) if x is not None)
    return {year: (min(values), max(values)) for year, values in sorted(found.items())}


ELV_TAKEN_IN = _merged(
    _observed("vehicles.elv_taken_in", True, 2006, 2023), _observed("vehicles.elv_taken_in", False, 2006, 2024)
)
"""End-of-life vehicles taken in (JARC counts; press and data-book digests)."""

USED_EXPORTS = _merged(_observed("vehicles.used_exports", False, 2001, 2024))
"""Used-vehicle exports, customs statistics."""

IN_USE = _merged(_observed("vehicles.in_use", True, 2005, 2023))
"""Four-wheeled vehicles in use at the end of the fiscal year (METI/MOE 2020)."""

IN_USE_EARLIER = _merged(_observed("vehicles.in_use", True, 1990, 2004))
"""The same, unverified; compared with the stock that sales and survival build up before the base year."""

ELV_AGE = _merged(_observed("vehicles.elv_mean_age", True, 2006, 2023))
"""Mean years of use at take-in (JARC)."""

USE_YEARS = _march("vehicles.mean_use_years.passenger")
"""Mean years of use of cars without kei that lost their registration in the year to March (AIRIA), read."""

CAR_AGE = _march("vehicles.mean_age.passenger")
"""Mean age of cars in use without kei at the end of March (AIRIA), read."""

KEI_SHARE_OF_ELV = _merged(_observed("vehicles.elv_share.kei", True, 2006, 2023))
"""By fiscal year (JARC via press), read."""

HEV_ELV = _hybrid_elvs()
"""Hybrid ELVs by fiscal year (JARC via press): lowest and highest figure read, where the sources conflict."""

BEV_ELV_FY2017 = _number(lookup("vehicles.elv_taken_in.bev", "FY2017", JAPAN))
EXPORT_REFUNDS_FY2009 = _number(lookup("vehicles.used_exports.deposit_refunds", "FY2009", JAPAN))
USED_HEV_EXPORTS_CY2017 = _number(lookup("vehicles.used_exports.hev", 2017, JAPAN))
USED_BEV_EXPORTS_CY2017 = _number(lookup("vehicles.used_exports.bev", 2017, JAPAN))
USED_HEV_EXPORTS_2017_TO_2022 = _number(lookup("vehicles.used_exports.hev.sum", "2017-2022", JAPAN))
USED_BEV_EXPORTS_2017_TO_2022 = _number(lookup("vehicles.used_exports.bev.sum", "2017-2022", JAPAN))

KEI_HEV_SALES = {
    2013: 0.0,
    2014: 20e3,
    2015: 100e3,
    2016: 150e3,
    2017: 250e3,
    2018: 300e3,
    2019: 310e3,
    2020: 350e3,
    2021: 400e3,
    2023: 450e3,
}
"""Kei cars in hybrid sales, vehicles at knots: estimate; 2019 as deposits were paid."""

KEI_BEV_SALES = {2021: 0.0, 2022: 27e3, 2023: 44e3, 2024: 26e3}
"""Kei cars in battery-electric sales, vehicles at knots: estimate; 2023 is what registered cars leave of the total."""

STANDARD_SHARE = {1960: 0.02, 1985: 0.04, 1990: 0.12, 2000: 0.28, 2010: 0.45, 2020: 0.60, 2024: 0.66}
"""Standard (3-number) cars in registered passenger cars, at knots: estimate."""


def at_knots(knots: Mapping[int, float], before: float | None = None) -> NDArray[np.float64]:
    """By year of ``YEARS``: linear between the knots, constant after the last, ``before`` ahead of the first."""
    answer: NDArray[np.float64] = np.interp(YEARS, list(knots), list(knots.values()), left=before)
    return answer


def _sales(key: str, before: float | None = None) -> NDArray[np.float64]:
    return at_knots({year: _number(row) for year, row in series(key, JAPAN).items()}, before)


def total_sales() -> NDArray[np.float64]:
    """New four-wheeled vehicles by calendar year of ``YEARS``."""
    return _sales("vehicles.new_sales")


def sales_by_vehicle() -> NDArray[np.float64]:
    """New vehicles by year of ``YEARS`` and ``VEHICLES``: (T, V).

    Registered passenger cars are what kei and commercial vehicles leave of the total. All powertrains outside kei
    divide into small and standard like all registered passenger cars.
    """
    kei, commercial = _sales("vehicles.new_sales.kei"), _sales("vehicles.new_sales.commercial_registered")
    kei_hev, kei_bev = at_knots(KEI_HEV_SALES), at_knots(KEI_BEV_SALES)
    hev = _sales("vehicles.new_sales.hev", before=0.0) - kei_hev
    bev = _sales("vehicles.new_sales.bev", before=0.0) - kei_bev
    phev = _sales("vehicles.new_sales.phev", before=0.0)
    passenger = np.stack([total_sales() - kei - commercial - hev - phev - bev, hev, phev, bev])
    nothing = np.zeros_like(kei)
    standard = at_knots(STANDARD_SHARE)
    columns = np.concatenate(
        [
            [kei - kei_hev - kei_bev, kei_hev, nothing, kei_bev],
            passenger * (1.0 - standard),
            passenger * standard,
            [commercial, nothing, nothing, nothing],
        ]
    )
    answer: NDArray[np.float64] = np.ascontiguousarray(columns.T)
    return answer
