"""What no document can say: refused before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.exports.numbers import HEAVIEST_MG, UNTOLD_MG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from cesim.trace.entries import Edges, Entries, Sources

    Whole = NDArray[np.int64]

_FIRST_YEAR: Final = 1000
_LAST_YEAR: Final = 9999


def require_sayable(entries: Entries, first_year: int, times: Iterable[Whole]) -> None:
    """Refuse what no document can say exactly; of each kind and column the first is named.

    Raises
    ------
    InputError
        ``export_mass`` for a mass beyond `HEAVIEST_MG`, or below zero; ``export_lot`` and ``export_actor`` for numbers
        that are none of the ledger; ``export_year`` where a time lies outside the years 1000 to 9999.
    """
    faults = [*_masses(entries), *_numbers(entries)]
    if not _are_in_years(first_year, times):
        faults.append(Fault("export_year", arguments={"found": first_year}))
    if faults:
        raise InputError(faults)


def _masses(entries: Entries) -> Iterator[Fault]:
    sides: dict[str, Edges | Sources] = {
        "inputs": entries.inputs,
        "outputs": entries.outputs,
        "sources": entries.sources,
    }
    for name, side in sides.items():
        yield from _first("export_mass", name, side.mass_mg, (UNTOLD_MG, HEAVIEST_MG), side.start)
    yield from _first("export_mass", "loss_mg", entries.loss_mg, (-HEAVIEST_MG, HEAVIEST_MG))


def _numbers(entries: Entries) -> Iterator[Fault]:
    for name, side in (("inputs", entries.inputs), ("outputs", entries.outputs)):
        yield from _first("export_lot", name, side.lot, (0, len(entries.lots) - 1), side.start)
    for name, column in (("actor", entries.actor), ("partner", entries.partner)):
        yield from _first("export_actor", name, column, (-1, len(entries.names.actors) - 1))


def _first(code: str, name: str, values: Whole, bounds: tuple[int, int], start: Whole | None = None) -> Iterator[Fault]:
    """The first value out of bounds, at its entry."""
    wrong = np.flatnonzero((values < bounds[0]) | (values > bounds[1]))
    if len(wrong):
        place = int(wrong[0])
        entry = place if start is None else int(np.searchsorted(start, place, side="right")) - 1
        yield Fault(code, Place(model=f"{name}[{entry}]"), {"found": int(values[place])})


def _are_in_years(first_year: int, times: Iterable[Whole]) -> bool:
    if not _FIRST_YEAR <= first_year <= _LAST_YEAR:
        return False
    first, last = (_second_of(year, first_year) for year in (_FIRST_YEAR, _LAST_YEAR + 1))
    return all(not len(one) or (one.min() >= first and one.max() < last) for one in times)


def _second_of(year: int, first_year: int) -> int:
    """Second at which a year begins, counted from the beginning of the first year."""
    years = [np.datetime64(f"{one:04}-01-01", "D").astype(np.int64) for one in (year, first_year)]
    return int(years[0] - years[1]) * 86_400
