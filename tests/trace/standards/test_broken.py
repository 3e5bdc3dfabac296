"""Documents broken on purpose, one way each: the code and the place of the fault, and no other fault."""

from __future__ import annotations

import math

import made_up_documents as made_up
import pytest
from official_documents import needs_standards, official_verdict

from cesim.errors import InputError
from cesim.text import keys, message
from cesim.trace.standards import STRICTER, check_epcis, refuse_wrong_epcis

LIST = "/epcisBody/eventList"
GONE = object()
SENSOR = f"{LIST}/0/sensorElementList/0"
REPORT = f"{SENSOR}/sensorReport/0"
VOCABULARY = "/epcisHeader/epcisMasterData/vocabularyList/0"
CBV = "https://ns.gs1.org/cbv/BizStep-receiving"

# where, what is put there (GONE: taken away), the code, and the place if it is another
KINDS = [
    ("/@context", GONE, "epcis_missing", ""),
    ("/type", GONE, "epcis_missing", ""),
    ("/type", 7, "epcis_wrong_kind", None),
    ("/type", "EPCISDocumnt", "epcis_unknown_type", None),
    ("/schemaVersion", GONE, "epcis_missing", ""),
    ("/schemaVersion", 2.0, "epcis_wrong_kind", None),
    ("/schemaVersion", "2.", "epcis_no_version", None),
    ("/schemaVersion", "２.0", "epcis_no_version", None),
    ("/creationDate", GONE, "epcis_missing", ""),
    ("/creationDate", "2035-04-01", "epcis_no_time", None),
    ("/id", "not a uri", "epcis_no_uri", None),
    ("/sender", 12, "epcis_wrong_kind", None),
    ("/epcisBody", GONE, "epcis_missing", ""),
    ("/epcisBody", [], "epcis_wrong_kind", None),
    (LIST, GONE, "epcis_missing", "/epcisBody"),
    (LIST, {}, "epcis_wrong_kind", None),
    ("/remark", "x", "epcis_unknown_field", None),
    ("/@context", "epcis", "epcis_no_uri", None),
    ("/@context", 1, "epcis_wrong_kind", None),
    ("/@context/2", made_up.CONTEXT[0], "epcis_repeated", None),
    ("/@context/2", {"mill": "https://mill.example/terms/"}, "epcis_repeated", None),
    ("/@context/1/mill", "javascript:", "epcis_unsafe_uri", None),
    ("/@context/1/mill", {"@id": "vbscript:x"}, "epcis_unsafe_uri", None),
    ("/epcisHeader/remark", 1, "epcis_unknown_field", None),
    (f"{VOCABULARY}/type", GONE, "epcis_missing", VOCABULARY),
    (f"{VOCABULARY}/vocabularyElementList/0/id", "x", "epcis_no_uri", None),
    (f"{VOCABULARY}/vocabularyElementList/0/children/0", 1, "epcis_wrong_kind", None),
    (f"{VOCABULARY}/vocabularyElementList/0/attributes/0/attribute", True, "epcis_wrong_kind", None),
    (f"{LIST}/0", "urn:uuid:1", "epcis_wrong_kind", None),
    (f"{LIST}/0/type", GONE, "epcis_missing", f"{LIST}/0"),
    (f"{LIST}/0/type", ["ObjectEvent"], "epcis_wrong_kind", None),
    (f"{LIST}/0/type", "ObjektEvent", "epcis_unknown_type", None),
    (f"{LIST}/0/eventTime", GONE, "epcis_missing", f"{LIST}/0"),
    (f"{LIST}/0/eventTime", "2035-04-01T09:30:00", "epcis_no_time", None),
    (f"{LIST}/0/eventTime", "2035-04-01 09:30:00Z", "epcis_no_time", None),
    (f"{LIST}/0/eventTime", "2035-02-29T09:30:00Z", "epcis_no_time", None),
    (f"{LIST}/0/eventTime", "2035-04-01T24:00:00Z", "epcis_no_time", None),
    (f"{LIST}/0/eventTime", "2035-04-01T09:30:60Z", "epcis_no_time", None),
    (f"{LIST}/0/eventTime", 2059000000, "epcis_wrong_kind", None),
    (f"{LIST}/0/recordTime", None, "epcis_wrong_kind", None),
    (f"{LIST}/0/eventTimeZoneOffset", GONE, "epcis_missing", f"{LIST}/0"),
    (f"{LIST}/0/eventTimeZoneOffset", "9:00", "epcis_no_zone", None),
    (f"{LIST}/0/eventTimeZoneOffset", "+14:30", "epcis_no_zone", None),
    (f"{LIST}/0/eventTimeZoneOffset", "Z", "epcis_no_zone", None),
    (f"{LIST}/0/eventID", "42", "epcis_no_uri", None),
    (f"{LIST}/0/eventID", "urn:uuid:2", "epcis_event_id_twice", f"{LIST}/1/eventID"),
    (f"{LIST}/0/certificationInfo", "paper", "epcis_no_uri", None),
    (f"{LIST}/0/certificationInfo/0", {}, "epcis_wrong_kind", None),
    (f"{LIST}/0/action", GONE, "epcis_missing", f"{LIST}/0"),
    (f"{LIST}/1/action", "REMOVE", "epcis_unknown_word", None),
    (f"{LIST}/1/action", True, "epcis_wrong_kind", None),
    (f"{LIST}/0/bizStep", "recieving", "epcis_unknown_word", None),
    (f"{LIST}/0/bizStep", CBV, "epcis_word_spelt_out", None),
    (f"{LIST}/0/bizStep", "urn:epcglobal:cbv:bizstep:receiving", "epcis_word_spelt_out", None),
    (f"{LIST}/0/bizStep", 1, "epcis_wrong_kind", None),
    (f"{LIST}/0/disposition", "lost", "epcis_unknown_word", None),
    (f"{LIST}/0/disposition", "javascript:lost", "epcis_unsafe_uri", None),
    (f"{LIST}/0/persistentDisposition", {}, "epcis_one_of", None),
    (f"{LIST}/0/persistentDisposition/set", [], "epcis_too_few", None),
    (f"{LIST}/0/persistentDisposition/set/1", "completeness_verified", "epcis_repeated", None),
    (f"{LIST}/0/persistentDisposition/mill:x", [], "epcis_unknown_name", None),
    (f"{LIST}/1/persistentDisposition", {"set": ["damaged"]}, "epcis_unknown_field", None),
    (f"{LIST}/0/epcList", "urn:epc:id:sgtin:4012345.011122.25", "epcis_wrong_kind", None),
    (f"{LIST}/0/epcList/0", "4012345", "epcis_no_uri", None),
    (f"{LIST}/0/epcList/0", "urn:epc:id:<script>", "epcis_no_uri", None),
    (f"{LIST}/0/epcList/0", "JavaScript:alert(1)", "epcis_unsafe_uri", None),
    (f"{LIST}/0/epcList/0", "data:text/html,x", "epcis_unsafe_uri", None),
    (f"{LIST}/0/epcList/2", "urn:epc:id:sgtin:4012345.011122.25", "epcis_repeated", None),
    (f"{LIST}/0/quantityList/0", [], "epcis_wrong_kind", None),
    (f"{LIST}/0/quantityList/0/epcClass", GONE, "epcis_missing", f"{LIST}/0/quantityList/0"),
    (f"{LIST}/0/quantityList/0/quantity", "10", "epcis_wrong_kind", None),
    (f"{LIST}/0/quantityList/0/quantity", True, "epcis_wrong_kind", None),
    (f"{LIST}/0/quantityList/0/quantity", -1, "epcis_quantity_out_of_range", None),
    (f"{LIST}/0/quantityList/0/quantity", 1e308, "epcis_quantity_out_of_range", None),
    (f"{LIST}/0/quantityList/0/quantity", 10**400, "epcis_quantity_out_of_range", None),
    (f"{LIST}/0/quantityList/0/uom", "kg", "epcis_no_unit", None),
    (f"{LIST}/0/quantityList/0/uom", "KGMS", "epcis_no_unit", None),
    (f"{LIST}/0/quantityList/0/mill:x", 1, "epcis_unknown_name", None),
    (f"{LIST}/0/readPoint", "urn:epc:id:sgln:4012345.00005.0", "epcis_wrong_kind", None),
    (f"{LIST}/0/readPoint/id", GONE, "epcis_missing", f"{LIST}/0/readPoint"),
    (f"{LIST}/0/bizLocation/id", "gate 3", "epcis_no_uri", None),
    (f"{LIST}/0/bizTransactionList/0/bizTransaction", GONE, "epcis_missing", f"{LIST}/0/bizTransactionList/0"),
    (f"{LIST}/0/bizTransactionList/0/type", "order", "epcis_unknown_word", None),
    (f"{LIST}/0/sourceList/0/type", GONE, "epcis_missing", f"{LIST}/0/sourceList/0"),
    (f"{LIST}/0/sourceList/0/destination", "a:b", "epcis_unknown_name", None),
    (f"{LIST}/0/destinationList/0/type", "owner", "epcis_unknown_word", None),
    (f"{LIST}/0/destinationList/0/destination", GONE, "epcis_missing", f"{LIST}/0/destinationList/0"),
    (f"{SENSOR}/sensorReport", GONE, "epcis_missing", SENSOR),
    (f"{SENSOR}/sensorReport", [], "epcis_too_few", None),
    (f"{SENSOR}/weighbridge", 2, "epcis_unknown_field", None),
    (f"{SENSOR}/sensorMetadata/time", "now", "epcis_no_time", None),
    (f"{SENSOR}/sensorMetadata/shift", "early", "epcis_unknown_field", None),
    (f"{REPORT}/type", GONE, "epcis_missing", REPORT),
    (f"{REPORT}/type", "Weight", "epcis_unknown_word", None),
    (f"{REPORT}/type", "https://gs1.org/voc/Mass", "epcis_word_spelt_out", None),
    (f"{REPORT}/value", "1980.5", "epcis_wrong_kind", None),
    (f"{REPORT}/value", -1e101, "epcis_reading_out_of_range", None),
    (f"{REPORT}/component", "w", "epcis_unknown_word", None),
    (f"{REPORT}/exception", "ALARM", "epcis_unknown_word", None),
    (f"{REPORT}/booleanValue", "true", "epcis_wrong_kind", None),
    (f"{REPORT}/hexBinaryValue", "0x00", "epcis_no_hex", None),
    (f"{REPORT}/hexBinaryValue", "", "epcis_no_hex", None),
    (f"{REPORT}/uriValue", "http://[1::2::3]/", "epcis_no_uri", None),
    (f"{REPORT}/uom", 3, "epcis_wrong_kind", None),
    (f"{LIST}/0/ilmd/heat", "H-1", "epcis_unknown_field", None),
    (f"{LIST}/0/action", "OBSERVE", "epcis_ilmd_not_added", f"{LIST}/0/ilmd"),
    (f"{LIST}/1/ilmd", {}, "epcis_unknown_field", None),
    (f"{LIST}/0/javascript:x", 1, "epcis_unsafe_uri", None),
    (f"{LIST}/0/parentID", "a:b", "epcis_unknown_field", None),
    (f"{LIST}/2/bizTransactionList", GONE, "epcis_missing", f"{LIST}/2"),
    (f"{LIST}/2/bizTransactionList", [], "epcis_too_few", None),
    (f"{LIST}/2/epcList", GONE, "epcis_one_of", f"{LIST}/2"),
    (f"{LIST}/3/action", "ADD", "epcis_unknown_field", None),
    (f"{LIST}/3/outputQuantityList", GONE, "epcis_one_of", f"{LIST}/3"),
    (f"{LIST}/3/outputQuantityList", [], "epcis_one_of", f"{LIST}/3"),
    (f"{LIST}/4/parentID", GONE, "epcis_missing", f"{LIST}/4"),
    (f"{LIST}/4/childEPCs", GONE, "epcis_one_of", f"{LIST}/4"),
    (f"{LIST}/4/childEPCs", [], "epcis_one_of", f"{LIST}/4"),
    (f"{LIST}/5/errorDeclaration/declarationTime", GONE, "epcis_missing", f"{LIST}/5/errorDeclaration"),
    (f"{LIST}/5/errorDeclaration/reason", "mistake", "epcis_unknown_word", None),
    (f"{LIST}/5/errorDeclaration/correctiveEventIDs", "urn:uuid:9", "epcis_wrong_kind", None),
    (f"{LIST}/5/errorDeclaration/by", "clerk", "epcis_unknown_field", None),
    (f"{LIST}/6/type", "javascript:Quench", "epcis_unsafe_uri", None),
    (f"{LIST}/6/eventTime", "", "epcis_no_time", None),
]


def put(document, pointer, value):
    """Put a value at a place; a list grows by one where its end is named."""
    *way, last = pointer.split("/")[1:]
    for step in way:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, list):
        document[int(last) : int(last) + 1] = [value]
    elif value is GONE:
        del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize("made", [made_up.document, made_up.query, made_up.single])
def test_what_is_sound_has_no_fault(made):
    assert check_epcis(made()) == []


@pytest.mark.parametrize(("where", "value", "code", "place"), KINDS)
def test_what_is_broken_is_told_with_its_place(where, value, code, place):
    document = made_up.document()
    put(document, where, value)
    found = [(fault.code, fault.place.pointer) for fault in check_epcis(document)]
    assert found == [(code, where if place is None else place)]


@needs_standards
@pytest.mark.parametrize(("where", "value", "code", "place"), KINDS)
def test_the_published_schema_agrees(where, value, code, place):
    if value == 10**400:
        pytest.skip("no JSON reader hands over such a number")
    document = made_up.document()
    put(document, where, value)
    assert official_verdict()(document) is (code in STRICTER)


@needs_standards
@pytest.mark.parametrize("made", [made_up.document, made_up.query, made_up.single])
def test_the_published_schema_takes_what_is_sound(made):
    assert official_verdict()(made())


def test_an_event_by_itself_needs_its_context():
    event = made_up.single()
    del event["@context"]
    assert [(fault.code, fault.place.pointer) for fault in check_epcis(event)] == [("epcis_missing", "")]


@pytest.mark.parametrize(
    ("name", "place"),
    [("queryName", "/epcisBody/queryResults"), ("resultsBody", "/epcisBody/queryResults")],
)
def test_the_answer_to_a_query_has_its_parts(name, place):
    document = made_up.query()
    del document["epcisBody"]["queryResults"][name]
    assert [(fault.code, fault.place.pointer) for fault in check_epcis(document)] == [("epcis_missing", place)]


def test_a_header_is_no_part_of_the_answer_to_a_query():
    document = {**made_up.query(), "epcisHeader": {}}
    assert [fault.place.pointer for fault in check_epcis(document)] == ["/epcisHeader"]


@pytest.mark.parametrize("value", [None, True, 1, "EPCISDocument", [], [made_up.OBJECT]])
def test_a_document_is_an_object(value):
    assert [(fault.code, fault.place.pointer) for fault in check_epcis(value)] == [("epcis_wrong_kind", "")]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", [f"{LIST}/0/quantityList/0/quantity", f"{REPORT}/value"])
def test_what_is_no_finite_number_is_refused(value, where):
    document = made_up.document()
    put(document, where, value)
    assert [(f.code, f.place.pointer) for f in check_epcis(document)] == [("json_number_too_large", where)]


@pytest.mark.parametrize("value", [0, 0.0, -0.0, 1e15, 10**15])
def test_quantities_at_the_edge(value):
    document = made_up.document()
    put(document, f"{LIST}/0/quantityList/0/quantity", value)
    assert check_epcis(document) == []
    put(document, f"{LIST}/0/quantityList/0/quantity", 10**15 + 1)
    assert [fault.code for fault in check_epcis(document)] == ["epcis_quantity_out_of_range"]


@pytest.mark.parametrize("sign", [-1, 1])
def test_readings_at_the_edge(sign):
    document = made_up.document()
    put(document, f"{REPORT}/value", sign * 1e100)
    assert check_epcis(document) == []
    put(document, f"{REPORT}/value", sign * 1.001e100)
    assert [fault.code for fault in check_epcis(document)] == ["epcis_reading_out_of_range"]


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        ({"epcList": []}, True),
        ({"quantityList": []}, False),
        ({"sensorElementList": made_up.OBJECT["sensorElementList"], "readPoint": {"id": "a:b"}}, True),
        ({"sensorElementList": made_up.OBJECT["sensorElementList"]}, False),
        ({"sensorElementList": [], "readPoint": {"id": "a:b"}}, False),
    ],
)
def test_an_object_event_speaks_of_something(event, taken):
    times = {name: made_up.OBJECT[name] for name in ("type", "eventTime", "eventTimeZoneOffset")}
    document = {"@context": {}, **times, "action": "OBSERVE", **event}
    assert [fault.code for fault in check_epcis(document)] == ([] if taken else ["epcis_one_of"])


@pytest.mark.parametrize("name", ["inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"])
def test_one_side_is_enough_for_a_part_of_a_transformation(name):
    times = {name: made_up.OBJECT[name] for name in ("eventTime", "eventTimeZoneOffset")}
    things = ["a:b"] if "EPC" in name else [{"epcClass": "a:b"}]
    event = {"@context": {}, "type": "TransformationEvent", **times, name: things}
    assert [fault.code for fault in check_epcis(event)] == ["epcis_one_of"]
    assert check_epcis({**event, "transformationID": "a:b"}) == []
    assert [f.code for f in check_epcis({**event, name: [], "transformationID": "a:b"})] == ["epcis_one_of"]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_whatever_is_named_may_all_be_taken_off(number):
    event = {**made_up.document()["epcisBody"]["eventList"][number], "@context": {}}
    for name in ("childEPCs", "childQuantityList", "epcList"):
        event.pop(name, None)
    assert check_epcis({**event, "action": "DELETE"}) == []
    for action in ("ADD", "OBSERVE"):
        assert [fault.code for fault in check_epcis({**event, "action": action})] == ["epcis_one_of"]


def test_all_faults_are_told_at_once_in_the_order_of_the_document():
    document = made_up.document()
    wanted = [f"{LIST}/{number}/eventTime" for number in range(11)]
    document["epcisBody"]["eventList"] += made_up.document()["epcisBody"]["eventList"]
    for event in document["epcisBody"]["eventList"]:
        event.pop("eventID", None)
    for where in wanted:
        put(document, where, "x")
    with pytest.raises(InputError) as caught:
        refuse_wrong_epcis(document, file="a.jsonld")
    assert [str(fault.place) for fault in caught.value.faults] == [f"a.jsonld:{where}" for where in wanted]


def test_of_many_faults_the_first_are_told_and_all_are_counted():
    document = made_up.document()
    document["epcisBody"]["eventList"] = [{"type": "ObjectEvnt"}] * 20_000  # three faults each
    faults = check_epcis(document)
    assert len(faults) == 10_001
    assert (faults[-1].code, faults[-1].arguments["count"]) == ("epcis_more_faults", 50_000)
    with pytest.raises(InputError) as caught:
        refuse_wrong_epcis(document, shown=9)
    told = [fault for fault in caught.value.faults if fault.code != "epcis_more_faults"]
    rest = [fault for fault in caught.value.faults if fault.code == "epcis_more_faults"]
    assert len(told) == 9
    assert [fault.arguments["count"] for fault in rest] == [59_991]
    assert {fault.place.pointer.split("/")[3] for fault in told} == {"0", "1", "2"}


def test_what_was_probably_meant_is_proposed():
    document = made_up.document()
    put(document, f"{LIST}/0/bizStep", "recieving")
    put(document, f"{LIST}/1/bizStep", CBV)
    put(document, f"{LIST}/1/parentId", "a:b")
    told = {fault.place.pointer: fault.arguments for fault in check_epcis(document)}
    assert told[f"{LIST}/0/bizStep"]["nearest"] == "receiving"
    assert told[f"{LIST}/1/bizStep"]["proposal"] == "receiving"
    assert told[f"{LIST}/1/parentId"]["nearest"] == "parentID"


def test_a_fault_shows_a_long_text_only_in_part():
    document = made_up.document()
    put(document, f"{LIST}/0/eventID", "<" * 10**6)
    put(document, f"{LIST}/0/{'<' * 10**6}", 1)
    assert all(len(str(fault.as_data())) < 2_000 for fault in check_epcis(document))


def test_every_code_has_words_without_gaps():
    known = set(keys("ja"))
    for where, value, *_ in KINDS:
        document = made_up.document()
        put(document, where, value)
        for fault in check_epcis(document):
            assert f"fault.{fault.code}.message" in known
            assert "?" not in message(fault, "en") + message(fault, "ja")
