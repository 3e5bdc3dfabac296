"""Sound documents made up for these tests: each type of event with nearly all of its fields."""

from __future__ import annotations

import json
from typing import Any

CONTEXT: list[Any] = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"mill": "https://mill.example/terms/"},
]
_WHEN = {"eventTime": "2035-04-01T09:30:00.250+09:00", "eventTimeZoneOffset": "+09:00"}
_SENSOR = {
    "sensorMetadata": {
        "time": "2035-04-01T00:30:00Z",
        "deviceID": "urn:epc:id:giai:4000001.111",
        "bizRules": "https://mill.example/253/4012345000054987",
        "mill:shift": "early",
    },
    "sensorReport": [
        {"type": "Mass", "value": 1980.5, "uom": "KGM", "sDev": 0.5, "component": "x"},
        {"type": "mill:lustre", "booleanValue": True, "hexBinaryValue": "00fF", "exception": "ALARM_CONDITION"},
        {"type": "Temperature", "minValue": -12.5, "maxValue": 30, "stringValue": "<script>", "mill:note": [None]},
    ],
    "mill:weighbridge": 2,
}
_PAPERS = [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000054:po-1"}]
OBJECT = {
    "type": "ObjectEvent",
    **_WHEN,
    "recordTime": "2035-04-01T01:00:00Z",
    "eventID": "urn:uuid:1",
    "certificationInfo": ["https://mill.example/certificate/1"],
    "action": "ADD",
    "bizStep": "receiving",
    "disposition": "in_progress",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["damaged", "mill:wet"]},
    "epcList": ["urn:epc:id:sgtin:4012345.011122.25", "https://id.gs1.org/01/70614141123451/21/2018"],
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 1980.5, "uom": "KGM"}],
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0", "anything": 1},
    "bizLocation": {"id": "https://id.gs1.org/414/9521321000010"},
    "bizTransactionList": _PAPERS,
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00001"}],
    "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:4012345.00005.0"}],
    "sensorElementList": [_SENSOR],
    "ilmd": {"mill:heat": "H-1", "mill:alloy": {"Si": 0.6}},
    "mill:remark": "javascript:alert(1) is data here",
}
AGGREGATION = {
    "type": "AggregationEvent",
    **_WHEN,
    "eventID": "urn:uuid:2",
    "parentID": "urn:epc:id:sscc:0614141.1234567890",
    "childEPCs": ["urn:epc:id:sgtin:0614141.107346.2017"],
    "childQuantityList": [{"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*", "quantity": 10}],
    "action": "OBSERVE",
}
TRANSACTION = {
    "type": "TransactionEvent",
    **_WHEN,
    "eventID": "urn:uuid:3",
    "action": "ADD",
    "bizTransactionList": _PAPERS,
    "epcList": [],
}
TRANSFORMATION = {
    "type": "TransformationEvent",
    **_WHEN,
    "eventID": "urn:uuid:4",
    "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
    "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10, "uom": "TNE"}],
    "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.022222.5555"}],
    "ilmd": {"mill:heat": "H-2"},
}
ASSOCIATION = {
    "type": "AssociationEvent",
    **_WHEN,
    "eventID": "urn:uuid:5",
    "parentID": "urn:epc:id:grai:4012345.55555.987",
    "childEPCs": ["urn:epc:id:giai:4000001.12345"],
    "action": "ADD",
}
ERROR = {
    **OBJECT,
    "errorDeclaration": {
        "declarationTime": "2035-04-02T00:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:5"],
        "mill:by": "clerk",
    },
}
OWN = {"type": "mill:Quench", **_WHEN, "anything": [{"goes": True}]}
_HEADER = {
    "epcisMasterData": {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                "vocabularyElementList": [
                    {
                        "id": "urn:epc:id:sgln:0037000.00729.0",
                        "attributes": [
                            {"id": "cbvmda:latitude", "attribute": 18.0},
                            {"id": "cbvmda:address", "attribute": {"mill:street": "Nowhere 100"}},
                        ],
                        "children": ["urn:epc:id:sgln:0037000.00729.8201"],
                    }
                ],
            }
        ]
    }
}


def _apart(value: dict[str, Any]) -> dict[str, Any]:
    """Return a copy in which nothing is shared between events."""
    return json.loads(json.dumps(value))


def document() -> dict[str, Any]:
    """Return a document; its events are numbered as in this file, from 0."""
    events = [OBJECT, AGGREGATION, TRANSACTION, TRANSFORMATION, ASSOCIATION, ERROR, OWN]
    return _apart(
        {
            "@context": CONTEXT,
            "id": "urn:uuid:0",
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2035-04-01T00:00:00Z",
            "sender": "<b>anybody</b>",
            "epcisHeader": _HEADER,
            "epcisBody": {"eventList": events},
        }
    )


def query() -> dict[str, Any]:
    """Return the answer to a query."""
    results = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": [OBJECT, OWN]}}
    return _apart({"@context": CONTEXT[0], "type": "EPCISQueryDocument", "epcisBody": {"queryResults": results}})


def single() -> dict[str, Any]:
    """Return one event by itself, with its context."""
    return _apart({"@context": CONTEXT, **OBJECT})
