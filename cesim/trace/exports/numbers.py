"""Masses and times as documents have them: exact decimals of kilograms, and UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

MG_A_KG: Final = 1_000_000
HEAVIEST_MG: Final = 2**53
"""Whole numbers up to here are the same in every language that reads JSON."""
UNTOLD_MG: Final = -1
"""Stands for a mass of which nothing is said."""


def kilograms(mass_mg: int) -> str:
    """Return a mass in kilograms, exactly: as many decimals as it takes, six at most."""
    if mass_mg < 0:
        return "-" + kilograms(-mass_mg)
    whole, rest = divmod(mass_mg, MG_A_KG)
    return f"{whole}.{rest:06}".rstrip("0") if rest else str(whole)


def instants(first_year: int, time_s: Whole) -> list[str]:
    """Return times in UTC, of seconds since the beginning of the first year."""
    begin = np.datetime64(f"{first_year:04}-01-01T00:00:00", "s")
    return [f"{text}Z" for text in np.datetime_as_string(begin + time_s.astype("timedelta64[s]"), unit="s").tolist()]
