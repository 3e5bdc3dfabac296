"""Numbers as people write them in a scenario -> `Quantity` and `TimePath`.

Wherever a number may stand, one may write the number alone, a mapping with its range and source, a
reference to the data tables, or (where the model takes a path) values by year or a whole series.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import core_schema

from cesim.quantities import Quantity, QuantityError, TimePath, convert
from cesim.scenario.fullwidth import first_wide, half
from cesim.scenario.merge import states_year_path
from cesim.scenario.number_keys import NUMBER_KEYS, wrong_keys
from cesim.scenario.proposals import number_meant, unquoted
from cesim.scenario.references import REFERENCE_KEYS, referred, referred_series, unit_of
from cesim.scenario.refusal import ModelFault, ModelFaults, raise_all
from cesim.scenario.tree import is_year, means_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

    from cesim.data import Row
    from cesim.quantities.distribution import Kind
    from cesim.scenario.refusal import Path

ALWAYS: Final = 2000
"""The year under which a constant stands as a path of one knot; a path is constant outside its knots."""
_PLACES: Final = {
    # what the quantity refuses -> the key at which it is best shown
    "wrong_unit": "unit",
    "unknown_unit": "unit",
    "unknown_distribution": "dist",
    "distribution_outside_support": "dist",
    "wrong_range_for_distribution": "dist",
    "triangular_leaves_support": "dist",
    "unknown_range": "range",
    "unknown_status": "status",
    "status_needs_range": "status",
    "low_above_value": "low",
    "value_above_high": "high",
    "unknown_correlation": "correlation",
    "rho_out_of_range": "rho",
    "rho_without_ar1": "rho",
}


@dataclass(frozen=True, slots=True)
class ValueOf:
    """Marks a model field as a number: `Annotated[Quantity, ValueOf("positive", "kg/vehicle")]`.

    On a `TimePath` field it reads paths over years as well. Every number arrives in the declared unit.
    """

    kind: Kind
    """`share`, `positive` or `real`."""
    unit: str
    """The unit the model counts in; `-` for a plain factor."""
    least: float | None = None
    """What lies below it is refused, ends of a range too; in the declared unit."""
    most: float | None = None
    """What lies above it is refused, ends of a range too; in the declared unit."""
    above: float | None = None
    """What does not lie above it is refused, ends of a range too; in the declared unit."""
    bare: bool = False
    """Whether a constant on a `TimePath` field is listed under its own path, without a year."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Let pydantic read the field through this mark."""
        read: Callable[[Any], Any] = self.path if source is TimePath else self.quantity
        return core_schema.no_info_plain_validator_function(read, metadata={"cesim_path": source is TimePath})

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Leave a mark that `cesim.scenario.schema` replaces by what may be written."""
        is_path = bool((schema.get("metadata") or {}).get("cesim_path"))
        ends = {"least": self.least, "most": self.most, "above": self.above}
        return {"x-cesim-value": {"path": is_path, "kind": self.kind, "unit": self.unit, **ends}}

    def quantity(self, raw: Any) -> Quantity:
        """Return what was written as a quantity in the declared unit; raises `ModelFault`."""
        if isinstance(raw, Quantity):
            return self._within(self._in_unit(raw, raw.unit or self.unit))
        if isinstance(raw, bool) or not isinstance(raw, int | float | Mapping):
            raise self._no_number(raw)
        if not isinstance(raw, Mapping):
            return self._within(self._made(value=raw, unit=self.unit, status="given"))
        if states_year_path(raw):
            raise_all(_wide_year(key) for key in map(str, raw) if means_year(key) and not is_year(key))
        if "data" in raw:
            return self._within(self._from_tables(raw))
        if "data_series" in raw or states_year_path(raw):
            raise ModelFault("path_not_allowed", (), {"found": next(iter(raw), "")})
        return self._within(self._from_mapping(raw))

    def path(self, raw: Any) -> TimePath:
        """Return what was written as a path over years in the declared unit; raises `ModelFault`."""
        if isinstance(raw, TimePath):
            return raw
        if not isinstance(raw, Mapping):
            return self._joined({ALWAYS: self.quantity(raw)}, {})
        dated = {key: held for key, held in raw.items() if half(str(key)).isdecimal()}
        if "data_series" in raw:  # years written beside a series take the place of its own
            reference = {key: held for key, held in raw.items() if key not in dated}
            self._check_reference(reference)
            knots = referred_series(reference, lambda row, more: self._within(self._of_row(row, more)))
            return self._joined({**knots, **self._knots(dated)}, raw)
        if dated:
            others = {key: held for key, held in raw.items() if key not in ("correlation", "rho")}
            return self._joined(self._knots(others), raw)
        return self._joined({ALWAYS: self.quantity(raw)}, {})

    def _knots(self, dated: Mapping[str, Any]) -> dict[int, Quantity]:
        knots: dict[int, Quantity] = {}
        faults: list[ModelFault] = []
        for key, written in dated.items():
            try:
                if not is_year(str(key)):
                    wide = first_wide(str(key))
                    raise _wide_year(str(key), ()) if wide else ModelFault("not_a_year", (), {"found": key})
                knots[int(key)] = self.quantity(written)
            except ModelFault as fault:
                faults.append(fault.below((key,)))
            except ModelFaults as several:
                faults.extend(fault.below((key,)) for fault in several.faults)
        raise_all(faults)
        return knots

    def _joined(self, knots: dict[int, Quantity], raw: Mapping[str, Any]) -> TimePath:
        try:
            return TimePath(knots, raw.get("correlation", "one-draw"), raw.get("rho"))
        except QuantityError as error:
            raise self._placed(error, raw) from None
        except TypeError:
            raise ModelFault("need_number", ("rho",), {"found": raw.get("rho")}) from None

    def _from_mapping(self, raw: Mapping[str, Any]) -> Quantity:
        faults = wrong_keys(raw, NUMBER_KEYS)
        if not faults and "value" not in raw:
            raise ModelFault("missing_key", (), {"missing": "value", "allowed": ("value", "data")})
        faults += [fault for name in ("value", "low", "high") if (fault := self._wrong_number(raw, name))]
        if raw.get("status") == "read" and not str(raw.get("source", "")).strip():
            faults.append(ModelFault("read_needs_source", ("status",), {"found": "read"}))
        raise_all(faults)
        words = {name: raw[name] for name in ("dist", "range", "source", "url", "note") if name in raw}
        numbers = {name: self._counted(raw, name, raw.get("unit")) for name in ("value", "low", "high")}
        return self._made(raw, **numbers, unit=self.unit, status=raw.get("status", "given"), **words)

    def _from_tables(self, raw: Mapping[str, Any]) -> Quantity:
        self._check_reference(raw)
        return self._of_row(referred(raw), raw)

    def _check_reference(self, raw: Mapping[str, Any]) -> None:
        """Refuse keys that neither a reference nor a number has, and details that are no numbers."""
        faults = wrong_keys(raw, ("value", *REFERENCE_KEYS))
        faults += [fault for name in ("low", "high", "scale") if (fault := self._wrong_number(raw, name))]
        raise_all(faults)

    def _of_row(self, row: Row, raw: Mapping[str, Any]) -> Quantity:
        """Return a row of the tables in the declared unit; the reference may scale it or give it a range."""
        if row.value is None:
            raise ModelFault("data_without_value", ("data",), {"found": row.place})
        scale = raw.get("scale", 1)
        numbers: dict[str, float | None] = {}
        for name in ("value", "low", "high"):
            found = getattr(row, name)
            try:
                numbers[name] = None if found is None else self._converted(found * scale, unit_of(row, raw))
            except QuantityError as error:
                raise ModelFault(
                    error.code, ("data",), {"unit": self.unit, **error.arguments, "row": row.place}
                ) from None
        numbers |= {name: float(raw[name]) for name in ("low", "high") if name in raw}
        words = {name: raw[name] for name in ("dist", "range") if name in raw}
        note = raw.get("note", row.note)
        pedigree = {"source": row.source, "url": row.url, "status": row.status, "note": note, "key": row.key}
        return self._made(raw, **numbers, unit=self.unit, **words, **pedigree)

    def _counted(self, raw: Mapping[str, Any], name: str, unit: str | None) -> float | None:
        value = raw.get(name)
        if value is None or unit is None:
            return value
        try:
            return self._converted(float(value), unit)
        except QuantityError as error:
            raise self._placed(error, raw) from None

    def _converted(self, value: float, unit: str | None) -> float:
        return value if not unit or unit == self.unit else convert(value, unit, self.unit)

    def _in_unit(self, quantity: Quantity, unit: str) -> Quantity:
        try:
            numbers = {
                name: None if getattr(quantity, name) is None else self._converted(getattr(quantity, name), unit)
                for name in ("value", "low", "high")
            }
            return replace(quantity, **numbers, unit=self.unit, kind=self.kind)  # type: ignore[arg-type]
        except QuantityError as error:
            raise self._placed(error, {}) from None

    def _made(self, raw: Mapping[str, Any] | None = None, **fields: Any) -> Quantity:
        try:
            return Quantity(kind=self.kind, **fields)
        except QuantityError as error:
            raise self._placed(error, raw or {}) from None

    def _placed(self, error: QuantityError, raw: Mapping[str, Any]) -> ModelFault:
        """Return a refusal of the quantity with the key at which it should be shown."""
        found = error.arguments.get("found")
        field = _PLACES.get(error.code) or error.arguments.get("field")
        field = str(found) if error.code == "year_out_of_range" else field
        path: Path = (str(field),) if field in raw else (("data",) if "data" in raw else ())
        if error.code == "rho_out_of_range" and found is None:
            return ModelFault("missing_key", (), {"missing": "rho"})
        if error.code == "share_out_of_range" and isinstance(found, float) and 2 <= found <= 100:
            return ModelFault("share_as_percent", path, {"found": found, "proposal": f"{found / 100:g}"})
        arguments: dict[str, object] = {"found": found, "kind": self.kind, "unit": self.unit, **error.arguments}
        if error.code in ("share_out_of_range", "positive_out_of_range", "real_out_of_range"):
            arguments["allowed"] = self.span()
        return ModelFault(error.code, path, arguments)

    def _within(self, quantity: Quantity) -> Quantity:
        least = -math.inf if self.least is None else self.least
        most = math.inf if self.most is None else self.most
        for path, found in (((), quantity.value), (("low",), quantity.low), (("high",), quantity.high)):
            if found is not None and not (least <= found <= most and (self.above is None or found > self.above)):
                arguments = {"found": found, "allowed": self.span(), "unit": self.unit}
                raise ModelFault("out_of_range", path, arguments)
        return quantity

    def span(self) -> str:
        """Return the allowed range as a reader sees it: `0 – 1`, `≥ 0`, `> 0`, or an empty text."""
        if self.above is not None:
            return f"> {self.above:.10g}" + ("" if self.most is None else f", ≤ {self.most:.10g}")
        share = self.kind == "share"
        least = self.least if self.least is not None else (0.0 if self.kind in ("share", "positive") else None)
        most = self.most if self.most is not None else (1.0 if share else None)
        if least is not None and most is not None:
            return f"{least:.10g} – {most:.10g}"
        return f"≥ {least:.10g}" if least is not None else (f"≤ {most:.10g}" if most is not None else "")

    def _no_number(self, raw: Any) -> ModelFault:
        if raw is None:
            return ModelFault("empty_value", (), {"allowed": self.span(), "unit": self.unit})
        bare = unquoted(raw, (int, float)) if isinstance(raw, str) else None
        meant = number_meant(raw, self.kind) if isinstance(raw, str) and bare is None else None
        arguments = {"found": raw, "proposal": meant, "unquote": bare, "unit": self.unit}
        return ModelFault("need_number", (), arguments)

    def _wrong_number(self, raw: Mapping[str, Any], name: str) -> ModelFault | None:
        if name not in raw or (isinstance(raw[name], int | float) and not isinstance(raw[name], bool)):
            return None
        return self._no_number(raw[name]).below((name,))


def _wide_year(key: str, path: Path | None = None) -> ModelFault:
    """Return the fault of a year in full-width digits, at its key unless told otherwise."""
    return ModelFault("full_width", (key,) if path is None else path, {"found": key, "proposal": half(key)})
