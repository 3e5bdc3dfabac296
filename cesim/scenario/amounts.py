"""Amounts of measures: numbers whose kind and unit are those of the value they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import core_schema

from cesim.quantities import Quantity
from cesim.scenario.references import referred, unit_of
from cesim.scenario.values import ValueOf

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

FACTOR = ValueOf("positive", "-", most=1e3)
"""A factor that scales a value."""
SHARE = ValueOf("share", "share")
"""A share of what is missing, or a factor that a share can bear."""


class AnyNumber:
    """Marks a field as a number in whatever unit it is written; the value it changes says what is allowed."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Let pydantic read the field through this mark."""
        return core_schema.no_info_plain_validator_function(read_amount, metadata={"cesim_path": False})

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Leave the mark of a real number."""
        ends = {"least": None, "most": None, "above": None}
        return {"x-cesim-value": {"path": False, "kind": "real", "unit": "", **ends}}


AmountAsWritten = Annotated[Quantity, AnyNumber()]
"""An amount as it stands in the file."""


def read_amount(raw: Any) -> Quantity:
    """Return what was written, as a real number in the unit it was written in; raises `ModelFault`."""
    if isinstance(raw, Quantity):
        return raw
    return ValueOf("real", _unit(raw)).quantity(raw)


def _unit(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return ""
    if "data" in raw and isinstance(raw["data"], str):
        return unit_of(referred(raw), raw) or ""
    unit = raw.get("unit", "")
    return unit if isinstance(unit, str) else ""


def amount_for(how: str, amount: Quantity, target: ValueOf) -> Quantity:
    """Return an amount in kind and unit of what it does to a value; raises `ModelFault`."""
    if how == "scale":
        return (SHARE if target.kind == "share" else FACTOR).quantity(_bare(amount))
    if how == "fill":
        return SHARE.quantity(amount)
    return target.quantity(amount)


def _bare(amount: Quantity) -> Quantity:
    """A factor has no unit; `share` or `-` may be written."""
    return replace(amount, unit="") if amount.unit in ("-", "share") else amount
