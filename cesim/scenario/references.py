"""References to the data tables: `{data: elv.collected, year: 2024, region: aichi}`, `{data_series: ...}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.data import DataKeyError, lookup, series
from cesim.scenario.refusal import ModelFault, raise_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cesim.data import Row
    from cesim.quantities import Quantity

REFERENCE_KEYS: Final = (
    "data",
    "data_series",
    "year",
    "region",
    "scale",
    "unit",
    "low",
    "high",
    "dist",
    "range",
    "note",
    "correlation",
    "rho",
)
"""What may stand in a reference. `scale` multiplies the row; `unit` says what a row in an odd unit counts in."""
_ONE_ROW: Final = frozenset({"data", "year", "low", "high"})
_SERIES: Final = frozenset({"data_series", "correlation", "rho"})
_SPELLED: Final = {"factor": "-", "kg CO2e/tkm": "kg CO2e/(t km)"}
"""Units of the tables that the model spells differently."""


def referred(raw: Mapping[str, Any]) -> Row:
    """Return the row of the tables that `{data: key, year: ..., region: ...}` names; raises `ModelFault`."""
    _check(raw, "data", _SERIES)
    try:
        return lookup(raw["data"], year=raw.get("year"), region=raw.get("region"))
    except DataKeyError as error:
        raise _unknown(error, "data") from None


def referred_series(
    raw: Mapping[str, Any],
    read: Callable[[Row, Mapping[str, Any]], Quantity],
) -> dict[int, Quantity]:
    """Return year -> quantity of the series that `{data_series: key, region: ...}` names; raises `ModelFault`."""
    _check(raw, "data_series", _ONE_ROW)
    try:
        rows = series(raw["data_series"], region=raw.get("region"))
    except DataKeyError as error:
        raise _unknown(error, "data_series") from None
    return {year: _read_row(row, raw, read) for year, row in rows.items()}


def unit_of(row: Row, raw: Mapping[str, Any]) -> str:
    """Return the unit that a row counts in, as the model spells it."""
    return str(raw.get("unit") or _SPELLED.get(row.unit, row.unit))


def _read_row(row: Row, raw: Mapping[str, Any], read: Callable[[Row, Mapping[str, Any]], Quantity]) -> Quantity:
    try:
        return read(row, raw)
    except ModelFault as fault:
        at = fault.path if fault.path and fault.path[0] in raw else ("data_series",)
        raise ModelFault(fault.code, at, {**fault.arguments, "row": row.place}) from None


def _check(raw: Mapping[str, Any], defining: str, foreign: frozenset[str]) -> None:
    """Refuse what cannot stand beside the reference, and parts of it that are no words."""
    faults = [ModelFault("data_and_value", (name,), {"found": name}) for name in raw if name in foreign | {"value"}]
    faults += [
        ModelFault("need_text", (name,), {"found": raw[name]})
        for name in (defining, "region", "unit")
        if name in raw and not isinstance(raw[name], str)
    ]
    if "year" in raw and (not isinstance(raw["year"], int | str) or isinstance(raw["year"], bool)):
        faults.append(ModelFault("not_a_year", ("year",), {"found": raw["year"]}))
    raise_all(faults)


def _unknown(error: DataKeyError, defining: str) -> ModelFault:
    """Return what the tables refuse: a key they do not have, or one that leaves a choice of rows."""
    if error.choices:
        return ModelFault("data_row_unclear", (defining,), {"found": error.key, "allowed": error.choices})
    return ModelFault("unknown_data_key", (defining,), {"found": error.key, "nearest": error.nearest})
