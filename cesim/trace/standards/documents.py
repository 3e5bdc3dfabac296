"""Documents that carry events: an EPCIS document, the answer to a query, or one event by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.contexts import context
from cesim.trace.standards.events import EVENTS, event
from cesim.trace.standards.numbers import reading
from cesim.trace.standards.places import kind
from cesim.trace.standards.rules import Several, Shape, anything, pattern, text
from cesim.trace.standards.times import time
from cesim.trace.standards.uris import is_uri, own_name, uri

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections, Rule


def _value(value: Any, at: At, found: Objections) -> None:
    """The value of an attribute of master data."""
    if type(value) is int or type(value) is float:
        reading(value, at, found)
    elif type(value) is not str and type(value) is not dict:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed=("string", "number", "object"))


_ATTRIBUTE: Final = Shape({"id": uri, "attribute": _value}, required=("id",))
_ENTRY: Final = Shape({"id": uri, "attributes": Several(_ATTRIBUTE), "children": Several(uri)}, required=("id",))
_VOCABULARIES: Final = Several(Shape({"type": uri, "vocabularyElementList": Several(_ENTRY)}, required=("type",)))
_HEADER: Final = Shape({"epcisMasterData": Shape({"vocabularyList": _VOCABULARIES})}, others=own_name)


def _ids_differ(events: Any, at: At, found: Objections) -> None:
    """No two events have one id; only a declaration of error bears the id of the event that it takes back."""
    first: dict[str, int] = {}
    for number, one in enumerate(events):
        if type(one) is dict and "errorDeclaration" not in one and type(name := one.get("eventID")) is str:
            before = first.setdefault(name, number)
            if before != number:
                there = ((at, before), "eventID")
                found.refuse("epcis_event_id_twice", ((at, number), "eventID"), found=name, other=found.place(there))


def _event_list(value: Any, at: At, found: Objections) -> None:
    _EVENTS(value, at, found)
    if type(value) is list:
        _ids_differ(value, at, found)


_EVENTS: Final = Several(event)
_COMMON: Final[dict[str, Rule]] = {
    "@context": context,
    "id": uri,
    "type": anything,  # has chosen the table
    "schemaVersion": pattern("epcis_no_version", re.compile(r"[0-9]+(?:\.[0-9]+)*")),
    "creationDate": time,
}

DOCUMENT: Final = Shape(
    {
        **_COMMON,
        "instanceIdentifier": text,
        "sender": text,
        "receiver": text,
        "epcisHeader": _HEADER,
        "epcisBody": Shape({"eventList": _event_list}, required=("eventList",)),
    },
    required=("@context", "schemaVersion", "creationDate", "epcisBody"),
    others=own_name,
)
_ANSWER: Final = Shape(
    {"eventList": _event_list, "vocabularyList": _VOCABULARIES}, required=("eventList",), others=own_name
)
_RESULTS: Final = Shape(
    {"queryName": text, "subscriptionID": text, "resultsBody": _ANSWER},
    required=("queryName", "resultsBody"),
    others=own_name,
)
QUERY: Final = Shape(
    {**_COMMON, "epcisBody": Shape({"queryResults": _RESULTS}, required=("queryResults",), others=own_name)},
    required=("@context", "epcisBody"),
    others=own_name,
)
_CARRIERS: Final = {"EPCISDocument": DOCUMENT, "EPCISQueryDocument": QUERY}


def document(value: Any, at: At, found: Objections) -> None:
    """Whatever may come by itself, by its type."""
    if type(value) is not dict:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="object")
        return
    name = value.get("type")
    if type(name) is str and name in _CARRIERS:
        _CARRIERS[name](value, at, found)
    elif type(name) is str and (name in EVENTS or is_uri(name)):
        event(value, at, found)
        if "@context" not in value:
            found.refuse("epcis_missing", at, found="@context")
    else:
        _refuse_type(value, at, found)


def _refuse_type(value: dict[str, Any], at: At, found: Objections) -> None:
    name = value.get("type")
    if "type" not in value:
        found.refuse("epcis_missing", at, found="type")
    elif type(name) is not str:
        found.refuse("epcis_wrong_kind", (at, "type"), found=kind(name), allowed="string")
    else:
        allowed = (*_CARRIERS, *EVENTS)
        found.refuse("epcis_unknown_type", (at, "type"), found=name, allowed=allowed, nearest=found.near(name, allowed))
