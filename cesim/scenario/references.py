"""References to the data tables: `{data: elv.collected, year: 2024, region: aichi}`, `{data_series: ...}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from cesim.scenario.model_fault import ModelFault, ModelFaults, raise_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cesim.quantities import Quantity

SERIES_KEYS: Final = (
    "data",
    "data_series",
    "year",
    "region",
    "scale",
    "low",
    "high",
    "dist",
    "range",
    "note",
    "correlation",
    "rho",
)


class Row(Protocol):
    """A row of the tables, as far as a scenario needs it."""

    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    year: int | None
    region: str
    source: str
    url: str
    status: str
    note: str


def referred(raw: Mapping[str, Any]) -> Row:
    """Return the row of the tables that `{data: key, year: ..., region: ...}` names; raises `ModelFault`."""
    _check(raw, "data")
    for name in ("value", "data_series"):
        if name in raw:
            raise ModelFault("data_and_value", (name,), {"found": name})
    from cesim import data  # here, since most scenarios are checked without opening the tables

    try:
        row: Row = data.lookup(raw["data"], year=raw.get("year"), region=raw.get("region"))
    except (LookupError, ValueError) as error:
        raise _unknown(error, raw, "data") from None
    return row


def referred_series(
    raw: Mapping[str, Any],
    read: Callable[[Row, Mapping[str, Any]], Quantity],
) -> dict[int, Quantity]:
    """Return year -> quantity of the series that `{data_series: key, region: ...}` names; raises `ModelFault`."""
    _check(raw, "data_series")
    for name in ("value", "data", "low", "high", "year"):
        if name in raw:
            raise ModelFault("data_and_value", (name,), {"found": name})
    from cesim import data

    try:
        rows = data.series(raw["data_series"], region=raw.get("region"))
    except (LookupError, ValueError) as error:
        raise _unknown(error, raw, "data_series") from None
    knots: dict[int, Quantity] = {}
    for row in rows:
        if row.year is not None:
            knots[row.year] = _read_row(row, raw, read)
    return knots


def _read_row(row: Row, raw: Mapping[str, Any], read: Callable[[Row, Mapping[str, Any]], Quantity]) -> Quantity:
    try:
        return read(row, raw)
    except ModelFault as fault:
        at = fault.path if fault.path and fault.path[0] in raw else ("data_series",)
        raise ModelFault(fault.code, at, {**fault.arguments, "key": row.key, "year": row.year}) from None


def _check(raw: Mapping[str, Any], defining: str) -> None:
    faults = [
        ModelFault(code, (name,), {"found": raw[name]})
        for name, kind, code in (
            (defining, str, "need_text"),
            ("year", int, "not_a_year"),
            ("region", str, "need_text"),
        )
        if name in raw and (not isinstance(raw[name], kind) or isinstance(raw[name], bool))
    ]
    raise_all(faults)


def _unknown(error: Exception, raw: Mapping[str, Any], defining: str) -> ModelFault | ModelFaults:
    """Return what the tables refuse, shown at the part of the reference that is to blame."""
    told = getattr(error, "arguments", None)
    arguments: dict[str, object] = dict(told) if told is not None else {"found": raw[defining]}
    field = str(arguments.get("field", ""))
    path = (field,) if field in raw else (defining,)
    return ModelFault(str(getattr(error, "code", "unknown_data_key")), path, arguments)
