"""The fields of a standard event in the order in which the event hash takes them, and how each is written.

CBV 2.0, canonical property order. Business transactions, sources and destinations are not among them: they come
after the sensors, between the fields that no order is given for, and there by their names. So the published hashes
have it, and the published text has not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.extensions import COMMENTS, elements
from cesim.trace.integrity.misplaced import Misplaced
from cesim.trace.integrity.moments import to_the_millisecond

if TYPE_CHECKING:
    from cesim.trace.integrity.spelling import Spelling

Writer = Callable[[Any, "Spelling", list[str]], str]
"""Writes the value of a field in its place; what of it comes after the last field of the event goes into the list."""


def _text(name: str) -> Writer:
    """A value, or a list of values by their spelling; blanks are left out."""
    head = f"{name}="

    def write(value: Any, spelling: Spelling, _: list[str]) -> str:
        if isinstance(value, list):
            return _many(head, value, spelling.value)
        text = spelling.texts[value] if isinstance(value, str) else spelling.value(value)  # most are texts
        return head + text if text else ""

    return write


def _word(name: str, vocabulary: str) -> Writer:
    """The same, where a bare word is one of a standard vocabulary."""
    head = f"{name}="

    def write(value: Any, spelling: Spelling, _: list[str]) -> str:
        if isinstance(value, list):
            return _many(head, value, lambda one: spelling.word(one, vocabulary))
        text = spelling.word(value, vocabulary)
        return head + text if text else ""

    return write


def _time(name: str) -> Writer:
    head = f"{name}="
    return lambda value, _, __: head + to_the_millisecond(value)


def _ids(name: str) -> Writer:
    """A list of identifiers, each called `epc`."""

    def write(value: Any, spelling: Spelling, _: list[str]) -> str:
        text = _many("epc=", _listed(value), spelling.value)
        return name + text if text else ""

    return write


def _list(name: str, inside: Writer) -> Writer:
    """A list that bears its name once."""

    def write(value: Any, spelling: Spelling, after: list[str]) -> str:
        left: list[str] = []
        text = inside(_listed(value), spelling, left)
        if left:
            after.append(name + "".join(sorted(left)))
        return name + text if text else ""

    return write


def _objects(name: str, inside: Mapping[str, Writer]) -> Writer:
    """An object, or a list of objects by what is written of them."""

    def write(value: Any, spelling: Spelling, after: list[str]) -> str:
        if not isinstance(value, list):
            return _object(name, inside, value, spelling, after)
        texts = []
        for number, one in enumerate(value):
            try:
                texts.append(_object(name, inside, one, spelling, after))
            except Misplaced as fault:
                raise fault.through(number) from None
        texts.sort()
        return "".join(texts)

    return write


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="list")
    return value


def _many(head: str, values: list[Any], spelt: Callable[[Any], str]) -> str:
    texts = []
    for number, one in enumerate(values):
        try:
            texts.append(spelt(one))
        except Misplaced as fault:
            raise fault.through(number) from None
    texts.sort()
    return "".join([head + text for text in texts if text])


def _object(name: str, inside: Mapping[str, Writer], value: Any, spelling: Spelling, after: list[str]) -> str:
    if not isinstance(value, dict):
        raise Misplaced("event_field_shape", found=type(value).__name__, wanted="object")
    written: dict[str, str] = {}
    left: list[str] = []
    others = False
    for key, one in value.items():
        write = inside.get(key)
        if write is None:
            others = True
            continue
        try:
            written[key] = write(one, spelling, left)
        except Misplaced as fault:
            raise fault.through(key) from None
    text = "".join([written[key] for key in inside if key in written])
    if others:
        text += _extensions(inside, value, spelling, left)
    if left:
        after.append(name + "".join(sorted(left)))
    return name + text if text else ""


def _extensions(inside: Mapping[str, Writer], value: dict[str, Any], spelling: Spelling, after: list[str]) -> str:
    """Extensions of a standard object: those that are written at its end; the others come after the event.

    The reference writes them in place (rule 21) where their namespace ends with a slash, where they are not alone,
    and where no name beside them holds `action` or `eventTime`.
    """
    names = {key: spelling.name(key) for key in value if key not in COMMENTS}
    alone = sum(len(value[key]) if isinstance(value[key], list) else 1 for key in names) <= 1
    in_place = not alone and not any("eventTime" in name or "action" in name for name in names.values())
    here: list[str] = []
    for key, name in names.items():
        if key not in inside:
            try:
                parts = elements(name, value[key], spelling)
            except Misplaced as fault:
                raise fault.through(str(key)) from None
            (here if in_place and "{" in name and "/}" in name else after).extend(parts)
    return "".join(sorted(here))


def _texts(*names: str) -> dict[str, Writer]:
    return {name: _text(name) for name in names}


_CBV: Final = "https://ref.gs1.org/cbv/"
_GS1: Final = "https://gs1.org/voc/"
_QUANTITIES: Final = _objects("quantityElement", _texts("epcClass", "quantity", "uom"))
_DISPOSITIONS: Final = {name: _word(name, f"{_CBV}Disp-") for name in ("set", "unset")}
_METADATA: Final = {
    **{name: _time(name) for name in ("time", "startTime", "endTime")},
    **_texts("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"),
}
_REPORT: Final = {
    "type": _word("type", _GS1),
    "exception": _word("exception", _GS1),
    **_texts("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"),
    "time": _time("time"),
    **_texts("microorganism", "chemicalSubstance", "value"),
    "component": _word("component", f"{_CBV}Comp-"),
    **_texts("stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue"),
    **_texts("sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem"),
}
_SENSOR: Final = {
    "sensorMetadata": _objects("sensorMetadata", _METADATA),
    "sensorReport": _objects("sensorReport", _REPORT),
}
ORDERED: Final[Mapping[str, Writer]] = {
    "eventTime": _time("eventTime"),
    **_texts("eventTimeZoneOffset", "certificationInfo", "parentID"),
    **{name: _ids(name) for name in ("epcList", "inputEPCList", "childEPCs")},
    **{name: _list(name, _QUANTITIES) for name in ("quantityList", "childQuantityList", "inputQuantityList")},
    "outputEPCList": _ids("outputEPCList"),
    "outputQuantityList": _list("outputQuantityList", _QUANTITIES),
    **_texts("action", "transformationID"),
    "bizStep": _word("bizStep", f"{_CBV}BizStep-"),
    "disposition": _word("disposition", f"{_CBV}Disp-"),
    "persistentDisposition": _objects("persistentDisposition", _DISPOSITIONS),
    **{name: _objects(name, _texts("id")) for name in ("readPoint", "bizLocation")},
    "sensorElementList": _list("sensorElementList", _objects("sensorElement", _SENSOR)),
}
"""The standard fields, in their order."""
