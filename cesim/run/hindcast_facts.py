"""The observations of the vehicle hindcast: what was counted, and how well each figure is known.

``read`` figures stood in a source that was opened; ``unverified`` ones are recalled series or estimates. Counts are
vehicles of Japan. Series given at knots are interpolated linearly between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

READ = "read"
UNVERIFIED = "unverified"


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


def _observed(values: Mapping[int, float], status: str, fiscal: bool = True) -> list[Observed]:
    return [Observed(year, value, status, fiscal) for year, value in values.items()]


def _merged(*series: list[Observed]) -> tuple[Observed, ...]:
    return tuple(sorted((item for part in series for item in part), key=lambda o: (o.year, not o.fiscal)))


ELV_TAKEN_IN = _merged(
    _observed(
        {
            2009: 3_917_000,
            2013: 3_432_000,
            2014: 3_331_901,
            2015: 3_156_459,
            2017: 3_304_942,
            2018: 3_378_995,
            2021: 3_043_000,
            2022: 2_739_000,
            2023: 2_726_000,
        },
        READ,
    ),
    _observed({2015: 3_205_783, 2017: 3_277_142}, READ, fiscal=False),
    _observed(
        {
            2006: 3_573_000,
            2007: 3_712_000,
            2008: 3_581_000,
            2010: 3_648_000,
            2011: 2_965_000,
            2012: 3_400_000,
            2016: 3_101_000,
            2019: 3_360_000,
            2020: 3_154_000,
        },
        UNVERIFIED,
    ),
)
"""End-of-life vehicles taken in (JARC counts; press and data-book digests)."""

USED_EXPORTS = _merged(
    _observed(
        {2008: 1_347_000, 2017: 1_285_909, 2022: 1_238_000, 2023: 1_543_000, 2024: 1_570_000},
        READ,
        fiscal=False,
    ),
    _observed(
        {
            2001: 553_000,
            2005: 1_080_000,
            2009: 676_000,
            2010: 838_000,
            2011: 858_000,
            2012: 1_005_000,
            2013: 1_163_000,
            2014: 1_283_000,
            2015: 1_254_000,
            2016: 1_188_000,
            2018: 1_327_000,
            2019: 1_296_000,
            2020: 1_061_000,
            2021: 1_225_000,
        },
        UNVERIFIED,
        fiscal=False,
    ),
)
"""Used-vehicle exports, customs statistics."""

EXPORT_REFUNDS_FY2009 = 800_000.0
"""Recycling deposits refunded for used exports in FY2009 (JARC data-book digest), read."""

USED_HEV_EXPORTS_CY2017 = 122_987.0
"""Customs statistics, read."""

USED_BEV_EXPORTS_CY2017 = 4_029.0
"""Customs statistics, including fuel-cell cars, read."""

USED_HEV_EXPORTS_2017_TO_2022 = 980_000.0
"""Sum of six calendar years, read."""

USED_BEV_EXPORTS_2017_TO_2022 = 50_000.0
"""Sum of six calendar years, read."""

IN_USE = _merged(
    _observed(
        {
            2005: 75_650_000,
            2006: 75_820_000,
            2007: 75_620_000,
            2008: 75_290_000,
            2009: 75_170_000,
            2010: 75_140_000,
            2011: 75_590_000,
            2012: 76_070_000,
            2013: 76_680_000,
            2014: 77_060_000,
            2015: 77_280_000,
            2016: 77_630_000,
            2017: 77_910_000,
            2018: 78_110_000,
            2019: 78_150_000,
        },
        READ,
    ),
    _observed({2020: 78_270_000, 2021: 78_275_000, 2022: 78_400_000, 2023: 78_740_000}, UNVERIFIED),
)
"""Four-wheeled vehicles in use at the end of the fiscal year (METI/MOE 2020)."""

IN_USE_EARLIER = {1990: 57_694_000.0, 1995: 66_854_000.0, 2000: 72_649_000.0}
"""The same, unverified; compared with the stock that sales and survival build up before the base year."""

ELV_AGE = _merged(
    _observed({2019: 15.6}, READ),
    _observed({2010: 14.0, 2015: 15.2, 2018: 15.8, 2020: 16.3, 2023: 17.1}, UNVERIFIED),
)
"""Mean years of use at take-in (JARC)."""

USE_YEARS = {2005: 10.93, 2009: 11.68, 2010: 12.70, 2014: 12.64, 2016: 12.76, 2018: 13.24, 2020: 13.51, 2021: 13.87}
"""Mean years of use of cars without kei that lost their registration in the year to March (AIRIA), read."""

CAR_AGE = {2005: 6.77, 2009: 7.48, 2010: 7.56, 2014: 8.13, 2016: 8.44, 2018: 8.60}
"""Mean age of cars in use without kei at the end of March (AIRIA), read."""

KEI_SHARE_OF_ELV = {2009: 0.28, 2014: 0.392, 2018: 0.45, 2023: 0.492}
"""By fiscal year (JARC via press), read."""

HEV_ELV = {
    2010: (5_391, 5_391),
    2016: (8_100, 12_335),
    2017: (21_435, 22_487),
    2018: (28_443, 28_443),
    2019: (36_400, 44_900),
}
"""Hybrid ELVs by fiscal year (JARC via press), lowest and highest read figure where the sources conflict."""

_SALES_COUNTED = {
    1990: 7_777_493,
    1991: 7_524_759,
    1992: 6_959_073,
    1993: 6_467_279,
    1994: 6_526_696,
    1995: 6_865_034,
    1996: 7_077_745,
    1997: 6_725_026,
    1998: 5_879_425,
    1999: 5_861_216,
    2000: 5_963_042,
    2001: 5_906_471,
    2002: 5_792_093,
    2003: 5_828_178,
    2004: 5_853_382,
    2005: 5_852_067,
    2006: 5_739_506,
    2007: 5_353_648,
    2008: 5_082_000,
    2009: 4_609_000,
    2010: 4_956_000,
    2011: 4_210_220,
    2012: 5_369_720,
    2013: 5_375_513,
    2014: 5_562_887,
    2015: 5_046_511,
    2016: 4_970_260,
    2017: 5_234_166,
    2018: 5_272_067,
    2019: 5_195_216,
    2020: 4_598_615,
    2021: 4_448_340,
    2022: 4_201_321,
    2023: 4_779_086,
    2024: 4_421_494,
}
"""New-vehicle sales: 2008-2010, 2014 and 2023 read, the others recalled (within 1 %)."""

# thousand vehicles at knots; recalled or estimated unless the note says read
_SALES_BEFORE_1990 = {
    1960: 408, 1965: 1661, 1970: 4100, 1971: 4020, 1972: 4370, 1973: 4910, 1974: 3850, 1975: 4310, 1976: 4100,
    1977: 4190, 1978: 4680, 1979: 5150, 1980: 5020, 1981: 5130, 1982: 5260, 1983: 5380, 1984: 5440, 1985: 5560,
    1986: 5710, 1987: 6020, 1988: 6720, 1989: 7260,
}  # fmt: skip
# 2010 and 2014 read
_KEI = {
    1960: 60, 1965: 450, 1970: 1250, 1975: 750, 1980: 1000, 1985: 1530, 1988: 1750, 1990: 1800, 1995: 1700,
    1998: 1550, 2000: 1870, 2001: 1840, 2002: 1830, 2003: 1810, 2004: 1880, 2005: 1920, 2006: 2020, 2007: 1920,
    2008: 1870, 2009: 1690, 2010: 1726, 2011: 1520, 2012: 1980, 2013: 2110, 2014: 2272.789, 2015: 1900, 2016: 1730,
    2017: 1840, 2018: 1920, 2019: 1910, 2020: 1720, 2021: 1650, 2022: 1640, 2023: 1740, 2024: 1560,
}  # fmt: skip
_COMMERCIAL = {
    1960: 200, 1965: 700, 1970: 1300, 1975: 1200, 1980: 1350, 1985: 1300, 1990: 1670, 1995: 1450, 2000: 1080,
    2005: 650, 2008: 450, 2010: 320, 2015: 420, 2020: 400, 2023: 390, 2024: 360,
}  # fmt: skip
_HEV = {
    1997: 0, 1998: 17.6, 1999: 15.2, 2000: 12.9, 2001: 24.9, 2002: 15.5, 2003: 42.4, 2004: 68.8, 2005: 61.3,
    2006: 87.5, 2007: 81.5, 2008: 108.5, 2009: 451, 2010: 481, 2011: 451, 2012: 888, 2013: 922, 2014: 1058,
    2015: 1075, 2016: 1276, 2017: 1385, 2018: 1432, 2019: 1472, 2020: 1350, 2021: 1500, 2022: 1640, 2023: 1990,
    2024: 2100,
}  # fmt: skip
# 2019 from deposits, read
_KEI_HEV = {
    2013: 0, 2014: 20, 2015: 100, 2016: 150, 2017: 250, 2018: 300, 2019: 310, 2020: 350, 2021: 400, 2022: 400,
    2023: 450, 2024: 450,
}  # fmt: skip
# 2023 read
_PHEV = {
    2010: 0, 2011: 4, 2012: 11, 2013: 14.1, 2014: 16.2, 2015: 14.2, 2016: 9.4, 2017: 36, 2018: 23.2, 2019: 17.6,
    2020: 14.7, 2021: 22.8, 2022: 37.8, 2023: 52.143, 2024: 45,
}  # fmt: skip
# registered cars; 2023 read
_BEV = {
    2008: 0, 2009: 1.7, 2010: 2.4, 2011: 12.6, 2012: 13.5, 2013: 14.8, 2014: 16.1, 2015: 10.5, 2016: 15.3,
    2017: 18.1, 2018: 26.5, 2019: 21.3, 2020: 14.6, 2021: 21.1, 2022: 31.6, 2023: 43.991, 2024: 34,
}  # fmt: skip
_KEI_BEV = {2021: 0, 2022: 27.2, 2023: 44.5, 2024: 25.7}
# 3-number cars in registered passenger cars
_STANDARD_SHARE = {1960: 0.02, 1985: 0.04, 1990: 0.12, 2000: 0.28, 2010: 0.45, 2020: 0.60, 2024: 0.66}

SEGMENTS = ("kei", "small", "standard", "commercial")
POWERTRAINS = ("ice", "hev", "phev", "bev")
VEHICLES = tuple(f"{segment}_{powertrain}" for segment in SEGMENTS for powertrain in POWERTRAINS)
YEARS = np.arange(1960, 2025)


def at_knots(knots: Mapping[int, float], years: NDArray[np.int64] = YEARS) -> NDArray[np.float64]:
    """Linear between the knots, constant beyond them."""
    answer: NDArray[np.float64] = np.interp(years, list(knots), list(knots.values()))
    return answer


def total_sales() -> NDArray[np.float64]:
    """New four-wheeled vehicles by calendar year of ``YEARS``."""
    return at_knots({**{year: 1e3 * value for year, value in _SALES_BEFORE_1990.items()}, **_SALES_COUNTED})


def sales_by_vehicle() -> NDArray[np.float64]:
    """New vehicles by year of ``YEARS`` and ``VEHICLES``: (T, V).

    Registered passenger cars are what kei and commercial vehicles leave of the total. Hybrids outside kei, and all
    other electrified registered cars, divide into small and standard like all registered passenger cars.
    """
    kei, commercial = 1e3 * at_knots(_KEI), 1e3 * at_knots(_COMMERCIAL)
    kei_hev, kei_bev = 1e3 * at_knots(_KEI_HEV), 1e3 * at_knots(_KEI_BEV)
    hev, phev, bev = 1e3 * at_knots(_HEV) - kei_hev, 1e3 * at_knots(_PHEV), 1e3 * at_knots(_BEV)
    passenger_ice = total_sales() - kei - commercial - hev - phev - bev
    nothing = np.zeros_like(kei)
    passenger = np.stack([passenger_ice, hev, phev, bev])
    standard = at_knots(_STANDARD_SHARE)
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
