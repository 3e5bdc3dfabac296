"""Every field of every object: a sound value is taken, a wrong one or none at all is refused in its place."""

from __future__ import annotations

import copy

import made_up_documents as made_up
import pytest
from official_documents import needs_standards, official_verdict

from cesim.trace.standards import STRICTER, check_epcis

URI, TIME, TEXT, NUMBER, TRUE = ("urn:a:b", "a b"), ("2035-04-01T00:00:00Z", "2035"), ("<b>", 1), (-1.5, "1"), (True, 1)
LIST, QUANTITIES = (["urn:a:b"], ["a b"]), ([{"epcClass": "urn:a:b", "quantity": 1}], [{"epcClass": "urn:a:b", "q": 1}])
PLACE = ({"id": "urn:a:b", "x": 1}, {"id": "a b"})
PAPERS = ([{"type": "po", "bizTransaction": "urn:a:b"}], [{"type": "cbv", "bizTransaction": "urn:a:b"}])
SENSOR = [{"sensorReport": [{"type": "Mass"}]}]
LASTING = ({"unset": ["active"]}, {"unset": ["gone"]})
MASTER = ({"mill:x": 1}, {"x": 1})
COMMON = {
    "@context": (made_up.CONTEXT, ["a b"]),
    "eventTime": TIME,
    "recordTime": TIME,
    "eventTimeZoneOffset": ("-14:00", "Z"),
    "eventID": URI,
    "certificationInfo": (["urn:a:b"], ["a b"]),
    "errorDeclaration": ({"declarationTime": TIME[0]}, {"declarationTime": TIME[1]}),
}
FIVE = {
    "bizStep": ("holding", "hold"),
    "disposition": ("unknown", "gone"),
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": PAPERS,
    "sourceList": (
        [{"type": "location", "source": "urn:a:b"}],
        [{"type": "location", "source": "a b"}],
    ),
    "destinationList": (
        [{"type": "location", "destination": "urn:a:b"}],
        [{"type": "location", "destination": "a b"}],
    ),
    "sensorElementList": (SENSOR, [{"sensorReport": [{"type": "Weight"}]}]),
}
ACTION = {"action": ("ADD", "add")}
CHILDREN = {"parentID": URI, "childEPCs": LIST, "childQuantityList": QUANTITIES}
WHEN = {"@context": {}, "eventTime": TIME[0], "eventTimeZoneOffset": "+09:00"}
METADATA = dict.fromkeys(("time", "startTime", "endTime"), TIME) | dict.fromkeys(
    ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), URI
)
REPORT = {
    "type": ("Mass", "Weight"),
    "exception": ("ERROR_CONDITION", "ERROR"),
    "time": TIME,
    "component": ("azimuth", "a"),
    "stringValue": TEXT,
    "uom": TEXT,
    "booleanValue": TRUE,
    "hexBinaryValue": ("aF09", "g"),
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "uriValue"), URI),
    **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem"), URI),
    **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), NUMBER),
}
VOCABULARY = [{"type": "urn:a:b", "vocabularyElementList": [{"id": "urn:a:b", "attributes": [{"id": "urn:a:b"}]}]}]
SHARED = {"id": URI, "schemaVersion": ("2.0.1", "v2"), "creationDate": TIME, "@context": ({}, 1)}
EVENT = {**WHEN, "type": "mill:x"}
HEAD = {"@context": {}, "schemaVersion": "2", "creationDate": TIME[0]}
ANSWER = {"queryName": "q", "resultsBody": {"eventList": [EVENT]}}
HEADER = {"epcisMasterData": {"vocabularyList": VOCABULARY}}
ENTRY = "/epcisHeader/epcisMasterData/vocabularyList/0"

# name, a sound object alone or in a document, where in it the object is, its fields, those it must have, whether it
# may have others: by "uri", none, or any
OBJECTS = {
    "object": (
        {**WHEN, "type": "ObjectEvent", "action": "ADD", "epcList": []},
        "",
        COMMON
        | FIVE
        | ACTION
        | {"epcList": LIST, "quantityList": QUANTITIES, "persistentDisposition": LASTING, "ilmd": MASTER},
        ("eventTime", "eventTimeZoneOffset", "action", "@context", "type"),
        "uri",
    ),
    "aggregation": (
        {**WHEN, "type": "AggregationEvent", "action": "ADD", "childEPCs": ["urn:a:b"]},
        "",
        COMMON | FIVE | ACTION | CHILDREN,
        ("eventTime", "eventTimeZoneOffset", "action", "@context", "type"),
        "uri",
    ),
    "association": (
        {**WHEN, "type": "AssociationEvent", "action": "ADD", "parentID": "urn:a:b", "childEPCs": ["urn:a:b"]},
        "",
        COMMON | FIVE | ACTION | CHILDREN,
        ("eventTime", "eventTimeZoneOffset", "action", "parentID", "@context", "type"),
        "uri",
    ),
    "transaction": (
        {**WHEN, "type": "TransactionEvent", "action": "ADD", "bizTransactionList": PAPERS[0], "epcList": []},
        "",
        COMMON | FIVE | ACTION | {"parentID": URI, "epcList": LIST, "quantityList": QUANTITIES},
        ("eventTime", "eventTimeZoneOffset", "action", "bizTransactionList", "@context", "type"),
        "uri",
    ),
    "transformation": (
        {**WHEN, "type": "TransformationEvent", "inputEPCList": ["urn:a:b"], "outputEPCList": ["urn:a:c"]},
        "",
        COMMON
        | FIVE
        | dict.fromkeys(("inputEPCList", "outputEPCList"), LIST)
        | dict.fromkeys(("inputQuantityList", "outputQuantityList"), QUANTITIES)
        | {"transformationID": URI, "persistentDisposition": LASTING, "ilmd": MASTER},
        ("eventTime", "eventTimeZoneOffset", "@context", "type"),
        "uri",
    ),
    "own": (EVENT, "", COMMON, ("eventTime", "eventTimeZoneOffset", "@context", "type"), "any"),
    "document": (
        {**HEAD, "type": "EPCISDocument", "epcisHeader": HEADER, "epcisBody": {"eventList": [EVENT]}},
        "",
        SHARED | dict.fromkeys(("instanceIdentifier", "sender", "receiver"), TEXT) | {"epcisHeader": ({}, [])},
        ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
        "uri",
    ),
    "query": (
        {**HEAD, "type": "EPCISQueryDocument", "epcisBody": {"queryResults": ANSWER}},
        "",
        SHARED,
        ("@context", "type", "epcisBody"),
        "uri",
    ),
}
QUERY, DOCUMENT, OBJECT = (OBJECTS[name][0] for name in ("query", "document", "object"))
FULL = {
    **OBJECT,
    "quantityList": QUANTITIES[0],
    "readPoint": PLACE[0],
    "bizTransactionList": PAPERS[0],
    "sourceList": FIVE["sourceList"][0],
    "destinationList": FIVE["destinationList"][0],
    "persistentDisposition": {"set": ["active"], "unset": ["expired"]},
    "sensorElementList": [{"sensorMetadata": {}, "sensorReport": [{"type": "Mass"}]}],
    "errorDeclaration": {"declarationTime": TIME[0]},
    "ilmd": {},
}
PARTY = ("location", "owner")
STATES = (["stolen"], ["stolen", "lost"])
OBJECTS |= {
    "body of a document": (DOCUMENT, "/epcisBody", {"eventList": ([], [1])}, ("eventList",), "any"),
    "header": (DOCUMENT, "/epcisHeader", {"epcisMasterData": ({}, [])}, (), "uri"),
    "master data": (DOCUMENT, "/epcisHeader/epcisMasterData", {"vocabularyList": ([], {})}, (), "any"),
    "vocabulary": (DOCUMENT, ENTRY, {"type": URI, "vocabularyElementList": ([], {})}, ("type",), "any"),
    "entry": (
        DOCUMENT,
        f"{ENTRY}/vocabularyElementList/0",
        {"id": URI, "attributes": ([], {}), "children": LIST},
        ("id",),
        "any",
    ),
    "attribute": (
        DOCUMENT,
        f"{ENTRY}/vocabularyElementList/0/attributes/0",
        {"id": URI, "attribute": ({"x": 1}, ["x"])},
        ("id",),
        "any",
    ),
    "body of a query": (QUERY, "/epcisBody", {}, ("queryResults",), "uri"),
    "results": (
        QUERY,
        "/epcisBody/queryResults",
        {"queryName": TEXT, "subscriptionID": TEXT},
        ("queryName", "resultsBody"),
        "uri",
    ),
    "answer": (
        QUERY,
        "/epcisBody/queryResults/resultsBody",
        {"eventList": ([], [1]), "vocabularyList": (VOCABULARY, [{"type": "a b"}])},
        ("eventList",),
        "uri",
    ),
    "quantity": (
        FULL,
        "/quantityList/0",
        {"epcClass": URI, "quantity": (1.5, -1.5), "uom": ("C62", "c62")},
        ("epcClass",),
        "none",
    ),
    "place": (FULL, "/readPoint", {"id": URI}, ("id",), "any"),
    "paper": (
        FULL,
        "/bizTransactionList/0",
        {"type": ("rma", "RMA"), "bizTransaction": URI},
        ("bizTransaction",),
        "none",
    ),
    "source": (FULL, "/sourceList/0", {"type": PARTY, "source": URI}, ("type", "source"), "none"),
    "destination": (FULL, "/destinationList/0", {"type": PARTY, "destination": URI}, ("type", "destination"), "none"),
    "state": (FULL, "/persistentDisposition", {"set": STATES, "unset": STATES}, (), "none"),
    "sensor": (
        FULL,
        "/sensorElementList/0",
        {"sensorMetadata": ({}, []), "sensorReport": (SENSOR[0]["sensorReport"], [])},
        ("sensorReport",),
        "uri",
    ),
    "metadata": (FULL, "/sensorElementList/0/sensorMetadata", METADATA, (), "uri"),
    "report": (FULL, "/sensorElementList/0/sensorReport/0", REPORT, ("type",), "uri"),
    "error": (
        FULL,
        "/errorDeclaration",
        {"declarationTime": TIME, "reason": ("did_not_occur", "none"), "correctiveEventIDs": LIST},
        ("declarationTime",),
        "uri",
    ),
    "ilmd": (FULL, "/ilmd", {}, (), "uri"),
}


def changed(name, change):
    """Return a copy of the document of an object after the object was changed."""
    base, where = OBJECTS[name][:2]
    document = copy.deepcopy(base)
    inner = document
    for step in where.split("/")[1:]:
        inner = inner[int(step) if isinstance(inner, list) else step]
    change(inner)
    return document


def judged(document):
    """Return the faults; what only we refuse stands apart."""
    faults = check_epcis(document)
    try:
        wanted = official_verdict()(document)
    except FileNotFoundError:
        return faults
    assert all(fault.code in STRICTER for fault in faults) is wanted
    return faults


FIELDS = [(name, field) for name, (_, _, fields, _, _) in OBJECTS.items() for field in fields]
REQUIRED = [(name, field) for name, (_, _, _, required, _) in OBJECTS.items() for field in required]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field(name, field):
    where, (sound, wrong) = OBJECTS[name][1], OBJECTS[name][2][field]
    assert judged(changed(name, lambda inner: inner.update({field: sound}))) == []
    (fault,) = judged(changed(name, lambda inner: inner.update({field: wrong})))
    assert fault.place.pointer.startswith(f"{where}/{field}")
    assert judged(changed(name, lambda inner: inner.update({field: None})))[0].code == "epcis_wrong_kind"


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_a_field_that_must_be_there(name, field):
    faults = judged(changed(name, lambda inner: inner.pop(field)))
    assert [(fault.code, fault.place.pointer, fault.arguments["found"]) for fault in faults] == [
        ("epcis_missing", OBJECTS[name][1], field)
    ]


@pytest.mark.parametrize("name", OBJECTS)
def test_names_of_somebodys_own(name):
    where, others = OBJECTS[name][1], OBJECTS[name][4]
    prefixed = judged(changed(name, lambda inner: inner.update({"mill:x": 1})))
    bare = judged(changed(name, lambda inner: inner.update({"x": 1})))
    code = "epcis_unknown_name" if others == "none" else "epcis_unknown_field"
    for faults, other, taken in ((prefixed, "mill:x", others != "none"), (bare, "x", others == "any")):
        told = [(fault.code, fault.place.pointer) for fault in faults]
        assert told == ([] if taken else [(code, f"{where}/{other}")])


@pytest.mark.parametrize(
    ("name", "field"),
    [("object", "epcList"), ("transformation", "inputEPCList"), ("transformation", "outputEPCList")],
)
def test_a_thing_is_named_once(name, field):
    (fault,) = judged(changed(name, lambda inner: inner.update({field: ["urn:a:b", "urn:a:c", "urn:a:b"]})))
    assert (fault.code, fault.place.pointer) == ("epcis_repeated", f"/{field}/2")
    assert fault.arguments["other"].pointer == f"/{field}/0"


@needs_standards
def test_the_schema_was_asked():
    assert official_verdict()(DOCUMENT)
