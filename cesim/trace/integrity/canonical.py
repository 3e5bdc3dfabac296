"""The canonical bytes of an event: one spelling of the same record, and another for every other record.

Keys in one order, no space, numbers and texts as in RFC 8785 (JSON Canonicalization Scheme), the moments of the
standard in UTC, and the lists that the standard gives no order in one order. Nothing is rounded and nothing left
out: what the event hash does not cover (`recordTime`, `errorDeclaration`, comments, an extension's spelling) is
covered here. Lists and times of extensions stay as they are, for nobody outside knows what they mean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.misplaced import Misplaced, broken_text
from cesim.trace.integrity.moments import exact
from cesim.trace.integrity.numbers import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST: Final = 64
"""Levels of an event; a hostile one would end the process."""
_SMALLEST_PLAIN: Final = 1e-6
"""Below it RFC 8785 writes an exponent."""


class _Moment:
    """A place where a moment stands."""


class _Unordered:
    """A place where a list stands whose order means nothing; `inside` for its members."""

    def __init__(self, inside: Mapping[str, Any] | None = None) -> None:
        self.inside = inside


_MOMENT, _UNORDERED = _Moment(), _Unordered()
_SENSOR: Final = {
    "sensorMetadata": {"time": _MOMENT, "startTime": _MOMENT, "endTime": _MOMENT},
    "sensorReport": _Unordered({"time": _MOMENT}),
}
_EVENT: Final[Mapping[str, Any]] = {
    "eventTime": _MOMENT,
    "recordTime": _MOMENT,
    **dict.fromkeys(
        (
            *("epcList", "inputEPCList", "outputEPCList", "childEPCs", "quantityList", "childQuantityList"),
            *("inputQuantityList", "outputQuantityList", "certificationInfo"),
            *("bizTransactionList", "sourceList", "destinationList"),
        ),
        _UNORDERED,
    ),
    "persistentDisposition": {"set": _UNORDERED, "unset": _UNORDERED},
    "sensorElementList": _Unordered(_SENSOR),
    "errorDeclaration": {"declarationTime": _MOMENT, "correctiveEventIDs": _UNORDERED},
}
"""Where moments and lists without an order stand in an event of EPCIS 2.0."""


def canonical_bytes(event: Mapping[str, Any]) -> bytes:
    """Return the bytes of an event, whatever order, zone and spelling of numbers it came in.

    Raises
    ------
    InputError
        ``event_not_object``, ``event_number_not_finite``, ``event_number_too_big`` (beyond 2^53),
        ``event_time_unreadable``, ``event_key_not_text``, ``event_text_broken``, ``event_value_unknown``,
        ``event_too_deep``: each with the entry of the event.
    """
    try:
        if not isinstance(event, dict):
            raise Misplaced("event_not_object", found=type(event).__name__)
        return _dumped(_plain(event, _EVENT, 0))
    except Misplaced as fault:
        fault.refuse()


def canonical_value(value: Any) -> bytes:
    """Return the bytes of one value of an event: text, number, yes/no, list or object.

    Raises
    ------
    InputError
        As `canonical_bytes`.
    """
    try:
        return _dumped(_plain(value, None, 0))
    except Misplaced as fault:
        fault.refuse()


def _plain(value: Any, rule: Any, depth: int) -> Any:
    """The value as it is to be written out: objects in the order of their keys, numbers that are read alike."""
    if isinstance(value, str):
        return exact(value) if rule is _MOMENT else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _number(value)
    if depth > _DEEPEST:
        raise Misplaced("event_too_deep", allowed=_DEEPEST)
    if isinstance(value, dict):
        return _object(value, rule if isinstance(rule, dict) else {}, depth)
    if isinstance(value, list | tuple):
        return _list(value, rule, depth)
    raise Misplaced("event_value_unknown", found=type(value).__name__)


def _object(value: dict[Any, Any], rules: Mapping[str, Any], depth: int) -> dict[str, Any]:
    plain = {}
    for key in _ordered(value):
        try:
            plain[key] = _plain(value[key], rules.get(key), depth + 1)
        except Misplaced as fault:
            raise fault.through(key) from None
    return plain


def _ordered(value: dict[Any, Any]) -> list[str]:
    """Keys by their UTF-16 code units, as RFC 8785 has it."""
    for key in value:
        if not isinstance(key, str):
            raise Misplaced("event_key_not_text", found=str(key))
    if "".join(value).isascii():
        return sorted(value)
    return sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _list(value: list[Any] | tuple[Any, ...], rule: Any, depth: int) -> list[Any]:
    inside = rule.inside if isinstance(rule, _Unordered) else None
    plain = []
    for number, one in enumerate(value):
        try:
            plain.append(_plain(one, inside, depth + 1))
        except Misplaced as fault:
            raise fault.through(number) from None
    return sorted(plain, key=_dumped) if isinstance(rule, _Unordered) and len(plain) > 1 else plain


def _number(value: float) -> Any:
    number = plain_number(value)
    if isinstance(number, float) and _SMALLEST_PLAIN <= abs(number) < 1e-4:
        import orjson

        return orjson.Fragment(format(Decimal(repr(number)), "f"))
    return number


def _dumped(value: Any) -> bytes:
    import orjson

    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # a text with half of a surrogate pair is the only thing left that has no bytes
        raise broken_text(value) from None
