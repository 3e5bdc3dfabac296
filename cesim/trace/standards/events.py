"""The five types of events and events of somebody's own type: their fields and the laws between the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.contexts import context
from cesim.trace.standards.places import kind
from cesim.trace.standards.rules import Several, Shape, anything
from cesim.trace.standards.sensors import ELEMENT
from cesim.trace.standards.things import (
    DESTINATION,
    ERROR,
    LASTING,
    LOCATION,
    MASTER_DATA,
    QUANTITY,
    SOURCE,
    TRANSACTION,
    certificates,
)
from cesim.trace.standards.times import time, zone
from cesim.trace.standards.uris import is_uri, own_name, uri
from cesim.trace.standards.vocabulary import BIZ_STEP, DISPOSITION

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections, Rule

ACTIONS: Final = ("ADD", "OBSERVE", "DELETE")


def action(value: Any, at: At, found: Objections) -> None:
    """What an event does with the things it names."""
    if type(value) is not str:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")
    elif value not in ACTIONS:
        near = found.near(value, ACTIONS)
        found.refuse("epcis_unknown_word", at, found=value, allowed=ACTIONS, nearest=near)


_URIS: Final = Several(uri)
_DIFFERENT: Final = Several(uri, distinct=True)
_QUANTITIES: Final = Several(QUANTITY)
_ALL: Final[dict[str, Rule]] = {
    "@context": context,
    "type": anything,  # has chosen the table
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": zone,
    "eventID": uri,
    "certificationInfo": certificates,
    "errorDeclaration": ERROR,
}
_FIVE: Final[dict[str, Rule]] = {
    **_ALL,
    "bizStep": BIZ_STEP,
    "disposition": DISPOSITION,
    "readPoint": LOCATION,
    "bizLocation": LOCATION,
    "bizTransactionList": Several(TRANSACTION),
    "sourceList": Several(SOURCE),
    "destinationList": Several(DESTINATION),
    "sensorElementList": Several(ELEMENT),
}
_CHILDREN: Final[dict[str, Rule]] = {
    **_FIVE,
    "action": action,
    "parentID": uri,
    "childEPCs": _URIS,
    "childQuantityList": _QUANTITIES,
}
_ALWAYS: Final = ("eventTime", "eventTimeZoneOffset")


def _filled(event: dict[str, Any], name: str) -> bool:
    """Say whether a list has an entry; what is no list is refused elsewhere."""
    return name in event and (type(event[name]) is not list or bool(event[name]))


def _object_has_things(event: dict[str, Any], at: At, found: Objections) -> None:
    """An object event names things, or tells what a sensor measured at a place."""
    measured = _filled(event, "sensorElementList") and "readPoint" in event
    if not ("epcList" in event or _filled(event, "quantityList") or measured):
        found.refuse("epcis_one_of", at, allowed=("epcList", "quantityList", "sensorElementList + readPoint"))


def _master_data_is_added(event: dict[str, Any], at: At, found: Objections) -> None:
    """Data of an instance or a lot is given where the thing is first named."""
    if "ilmd" in event and event.get("action", "ADD") != "ADD":
        found.refuse("epcis_ilmd_not_added", (at, "ilmd"), found=event["action"])


def _parent_has_children(event: dict[str, Any], at: At, found: Objections) -> None:
    """Children are named, unless all of them are taken off."""
    named = _filled(event, "childEPCs") or _filled(event, "childQuantityList")
    if not named and event.get("action", "DELETE") != "DELETE":
        found.refuse("epcis_one_of", at, allowed=("childEPCs", "childQuantityList", "action: DELETE"))


def _transaction_has_things(event: dict[str, Any], at: At, found: Objections) -> None:
    """Things are named, unless all of them are taken off."""
    named = "epcList" in event or _filled(event, "quantityList")
    if not named and event.get("action", "DELETE") != "DELETE":
        found.refuse("epcis_one_of", at, allowed=("epcList", "quantityList", "action: DELETE"))


def _something_becomes_something(event: dict[str, Any], at: At, found: Objections) -> None:
    """Inputs and outputs are named; one of the two is enough for a part of a longer transformation."""
    inputs = [name for name in _INPUTS if _filled(event, name)]
    outputs = [name for name in _OUTPUTS if _filled(event, name)]
    if not (inputs or outputs):
        found.refuse("epcis_one_of", at, allowed=_INPUTS + _OUTPUTS)
    elif not (inputs and outputs) and "transformationID" not in event:
        missing = _OUTPUTS if inputs else _INPUTS
        found.refuse("epcis_one_of", at, allowed=(*missing, "transformationID"))


_INPUTS: Final = ("inputEPCList", "inputQuantityList")
_OUTPUTS: Final = ("outputEPCList", "outputQuantityList")

OBJECT: Final = Shape(
    {
        **_FIVE,
        "action": action,
        "epcList": _DIFFERENT,
        "quantityList": _QUANTITIES,
        "persistentDisposition": LASTING,
        "ilmd": MASTER_DATA,
    },
    required=(*_ALWAYS, "action"),
    others=own_name,
    laws=(_object_has_things, _master_data_is_added),
)
AGGREGATION: Final = Shape(_CHILDREN, required=(*_ALWAYS, "action"), others=own_name, laws=(_parent_has_children,))
ASSOCIATION: Final = Shape(
    _CHILDREN, required=(*_ALWAYS, "action", "parentID"), others=own_name, laws=(_parent_has_children,)
)
TRANSACTION_EVENT: Final = Shape(
    {
        **_FIVE,
        "action": action,
        "bizTransactionList": Several(TRANSACTION, least=1),
        "parentID": uri,
        "epcList": _URIS,
        "quantityList": _QUANTITIES,
    },
    required=(*_ALWAYS, "action", "bizTransactionList"),
    others=own_name,
    laws=(_transaction_has_things,),
)
TRANSFORMATION: Final = Shape(
    {
        **_FIVE,
        **dict.fromkeys(("inputEPCList", "outputEPCList"), _DIFFERENT),
        **dict.fromkeys(("inputQuantityList", "outputQuantityList"), _QUANTITIES),
        "transformationID": uri,
        "persistentDisposition": LASTING,
        "ilmd": MASTER_DATA,
    },
    required=_ALWAYS,
    others=own_name,
    laws=(_something_becomes_something,),
)
OWN: Final = Shape(_ALL, required=_ALWAYS)
"""An event of somebody's own type: beside the common fields it may hold anything."""

EVENTS: Final = {
    "ObjectEvent": OBJECT,
    "AggregationEvent": AGGREGATION,
    "TransactionEvent": TRANSACTION_EVENT,
    "TransformationEvent": TRANSFORMATION,
    "AssociationEvent": ASSOCIATION,
}


def event(value: Any, at: At, found: Objections) -> None:
    """An event, by its type; an unknown type must be a URI."""
    if type(value) is not dict:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="object")
        return
    name = value.get("type")
    shape = EVENTS.get(name) if type(name) is str else None
    if shape is None:
        _check_own_type(value, at, found)
    (shape or OWN)(value, at, found)


def _check_own_type(value: dict[str, Any], at: At, found: Objections) -> None:
    name = value.get("type")
    if "type" not in value:
        found.refuse("epcis_missing", at, found="type")
    elif type(name) is str and not is_uri(name):
        near = found.near(name, EVENTS)
        found.refuse("epcis_unknown_type", (at, "type"), found=name, allowed=tuple(EVENTS), nearest=near)
    else:
        uri(name, (at, "type"), found)
