"""Masses and times as documents have them: exact decimals of kilograms, and UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cesim.trace.entries import Entries

    Whole = NDArray[np.int64]

MG_A_KG: Final = 1_000_000
HEAVIEST_MG: Final = 2**53
"""Whole numbers up to here are the same in every language that reads JSON."""
UNTOLD_MG: Final = -1
"""Stands for a mass of which nothing is said."""
_LAST_YEAR: Final = 9999


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


def require_sayable(entries: Entries, first_year: int, times: Iterable[Whole]) -> None:
    """Refuse what no document can say exactly.

    Raises
    ------
    InputError
        ``export_mass`` for a mass beyond `HEAVIEST_MG`, or below zero; ``export_lot`` and ``export_actor`` for numbers
        that are none of the ledger; ``export_year`` where a time lies outside the years 1000 to 9999.
    """
    faults = []
    for name, edges in (("inputs", entries.inputs), ("outputs", entries.outputs), ("sources", entries.sources)):
        wrong = np.flatnonzero((edges.mass_mg < UNTOLD_MG) | (edges.mass_mg > HEAVIEST_MG))
        if len(wrong):
            entry = int(np.searchsorted(edges.start, wrong[0], side="right")) - 1
            found = int(edges.mass_mg[wrong[0]])
            faults.append(Fault("export_mass", Place(model=f"{name}[{entry}]"), {"found": found}))
    for name, side in (("inputs", entries.inputs), ("outputs", entries.outputs)):
        wrong = np.flatnonzero((side.lot < 0) | (side.lot >= len(entries.lots)))
        if len(wrong):
            entry = int(np.searchsorted(side.start, wrong[0], side="right")) - 1
            faults.append(Fault("export_lot", Place(model=f"{name}[{entry}]"), {"found": int(side.lot[wrong[0]])}))
    actors = len(entries.names.actors)
    for name, column in (("actor", entries.actor), ("partner", entries.partner)):
        wrong = np.flatnonzero((column < -1) | (column >= actors))
        if len(wrong):
            faults.append(Fault("export_actor", Place(model=f"{name}[{wrong[0]}]"), {"found": int(column[wrong[0]])}))
    loss = np.flatnonzero((entries.loss_mg < -HEAVIEST_MG) | (entries.loss_mg > HEAVIEST_MG))
    if len(loss):
        found = int(entries.loss_mg[loss[0]])
        faults.append(Fault("export_mass", Place(model=f"loss_mg[{int(loss[0])}]"), {"found": found}))
    first, last = (_second_of(year, first_year) for year in (1000, _LAST_YEAR + 1))
    for time_s in times:
        if not 1000 <= first_year <= _LAST_YEAR or (len(time_s) and (time_s.min() < first or time_s.max() >= last)):
            faults.append(Fault("export_year", arguments={"found": first_year}))
            break
    if faults:
        raise InputError(faults)


def _second_of(year: int, first_year: int) -> int:
    """Second at which a year begins, counted from the beginning of the first year."""
    years = [np.datetime64(f"{one:04}-01-01", "D").astype(np.int64) for one in (year, first_year)]
    return int(years[0] - years[1]) * 86_400
