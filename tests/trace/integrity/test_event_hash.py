"""The event hash: the published hashes, the reference on made-up events of every shape, then what must always hold."""

from __future__ import annotations

import json
from copy import deepcopy
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import PREFIXES, TIMES, Made, deep, deep_list, document, leaves, put, respelt
from published_hashes import EXAMPLES, HASHED, needs_standards, reference

from cesim.errors import InputError
from cesim.trace.integrity.event_hash import document_hashes, event_hash, event_prehash, parsed, prefixes_of
from cesim.trace.integrity.spelling import Spelling

# The pre-hash that is published with this document is damaged; its own hash is not the hash of it.
DAMAGED = "epcisDocWithAllGS1Keys"
INF = float("inf")
QUANTITY = "quantityListquantityElementepcClass=urn:x:1quantity="
SMALL = {"type": "ObjectEvent", "eventTime": "2026-04-01T09:30:00+09:00", "action": "OBSERVE"}


def events_of(doc):
    body = doc["epcisBody"]
    return body.get("eventList") or [body["event"]]


@needs_standards
@pytest.mark.parametrize("file", HASHED, ids=lambda file: file.stem)
def test_the_published_hashes(file):
    assert document_hashes(file.read_bytes()) == file.with_suffix(".hashes").read_text("utf-8").split()


@needs_standards
@pytest.mark.parametrize("file", HASHED, ids=lambda file: file.stem)
def test_the_published_texts_that_are_hashed(file):
    published = file.with_suffix(".prehashes").read_text("utf-8").split("\n")
    texts = [text for text in published if text]
    hashes = file.with_suffix(".hashes").read_text("utf-8").split()
    whole = [f"ni:///sha-256;{sha256(text.encode()).hexdigest()}?ver=CBV2.0" for text in texts] == hashes
    assert whole == (file.stem != DAMAGED)
    doc = json.loads(file.read_bytes())
    ours = [event_prehash(event, prefixes_of(doc["@context"])) for event in events_of(doc)]
    assert (ours == texts) == whole


def declares_its_prefixes(event, context):
    """Whether an event uses no prefix that only the standard's context declares; the reference leaves those alone."""
    text = json.dumps(event)
    declared = prefixes_of(context)
    return not any(f'"{prefix}:' in text for prefix in ("cbv", "cbvmda", "gs1", "epcis") if prefix not in declared)


@needs_standards
@pytest.mark.slow
def test_the_official_examples_hash_as_the_reference_has_them():
    prehashes = reference()
    compared = 0
    for file in EXAMPLES:
        doc = json.loads(file.read_bytes())
        try:
            wanted = prehashes(deepcopy(doc))
        except Exception:  # noqa: BLE001 -- the reference ends with whatever exception comes
            continue
        spelling = Spelling(prefixes_of(doc["@context"]))
        for event, text in zip(events_of(doc), wanted, strict=True):
            if declares_its_prefixes(event, doc["@context"]):
                assert event_prehash(event, spelling) == text, file.name
                compared += 1
    assert compared >= 48


@needs_standards
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_official_example_has_a_hash(file):
    hashes = document_hashes(file.read_bytes())
    assert hashes
    assert all(len(name) == len("ni:///sha-256;?ver=CBV2.0") + 64 for name in hashes)


def with_types_first(value):
    """Keys in the order in which alone the reference has one answer."""
    if isinstance(value, dict):
        return {key: with_types_first(value[key]) for key in sorted(value, key=lambda key: key != "type")}
    return [with_types_first(one) for one in value] if isinstance(value, list) else value


def compare_with_the_reference(seed, count):
    prehashes = reference()
    events = [Made(seed + number).event() for number in range(count)]
    wanted = prehashes(with_types_first(deepcopy(document(events))))
    spelling = Spelling(PREFIXES)
    assert len(wanted) == count
    for event, text in zip(events, wanted, strict=True):
        assert event_prehash(event, spelling) == text


def test_a_thousand_made_up_events_hash_as_the_reference_has_them():
    compare_with_the_reference(seed=0, count=1000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10_000, 100_000, 10_000))
def test_many_made_up_events_hash_as_the_reference_has_them(seed):
    compare_with_the_reference(seed, count=1000)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_neither_keys_nor_lists_nor_zones_change_the_hash(seed, other):
    event = Made(seed).event()
    assert event_hash(respelt(event, other), PREFIXES) == event_hash(event, PREFIXES)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.data())
def test_a_changed_value_changes_the_hash_unless_the_hash_leaves_it_out(seed, data):
    event = Made(seed).event()
    way, value = data.draw(st.sampled_from(sorted(leaves(event), key=str)))
    if way[-1] in TIMES:
        other = "2019-01-01T00:00:00Z"
    else:
        other = value + 1 if type(value) in (int, float) else f"x{value}" if isinstance(value, str) else not value
    left_out = way[0] in ("recordTime", "eventID", "errorDeclaration")
    same = event_hash(put(event, way, other), PREFIXES) == event_hash(event, PREFIXES)
    assert same == left_out


@pytest.mark.parametrize(
    "beside",
    [
        {"recordTime": "2026-05-01T00:00:00Z"},
        {"eventID": "urn:uuid:1"},
        {"errorDeclaration": {"declarationTime": "2026-05-01T00:00:00Z", "reason": "incorrect_data"}},
        {"comment": "seen by nobody"},
        {"rdfs:comment": "seen by nobody"},
        {"@context": {"ex": "https://example.org/"}},
    ],
    ids=lambda beside: next(iter(beside)),
)
def test_what_the_hash_does_not_cover(beside):
    assert event_hash({**SMALL, **beside}) == event_hash(SMALL)


def test_a_prefix_is_the_same_wherever_it_is_declared():
    long = event_hash({**SMALL, "ex:a": 1}, {"ex": "https://example.org/"})
    assert event_hash({**SMALL, "other:a": 1}, {"other": "https://example.org/"}) == long
    assert event_hash({**SMALL, "ex:a": 1, "@context": [{"ex": "https://example.org/"}]}) == long
    assert event_hash({**SMALL, "ex:a": 1, "@context": {"ex": {"@id": "https://example.org/"}}}) == long
    assert event_hash({**SMALL, "ex:a": 1}) != long


def test_prefixes_of_the_standard_need_not_be_declared():
    report = {**SMALL, "sensorElementList": [{"sensorReport": [{"type": "gs1:Temperature", "value": 1}]}]}
    assert "type=https://gs1.org/voc/Temperature" in event_prehash(report)
    assert event_hash(report) == event_hash(report, {"gs1": "https://gs1.org/voc/"})
    assert "{urn:epcglobal:cbv:mda:}lotNumber=A" in event_prehash({**SMALL, "ilmd": {"cbvmda:lotNumber": "A"}})


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"quantityList": [{"epcClass": "urn:x:1"}]}, "quantityListquantityElementepcClass=urn:x:1"),
        ({"quantityList": [{"epcClass": "urn:x:1", "quantity": 1.0}]}, f"{QUANTITY}1"),
        ({"quantityList": [{"epcClass": "urn:x:1", "quantity": 0.000021}]}, f"{QUANTITY}2.1e-05"),
        ({"quantityList": [{"epcClass": "urn:x:1", "quantity": "0.3400"}]}, f"{QUANTITY}0.34"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:receiving"}, "bizStep=https://ref.gs1.org/cbv/BizStep-receiving"),
        ({"disposition": "in_transit"}, "disposition=https://ref.gs1.org/cbv/Disp-in_transit"),
        ({"ex:a": "  blank  "}, "ex:a=blank"),
        ({"ex:a": ""}, "ex:a"),
        ({"ex:a": {}}, "ex:a"),
        ({"ex:a": [[2, 1], 3]}, "ex:a=1=2ex:a=3"),
        ({"ex:a": {"#text": "x", "ex:b": 1}}, "ex:a=xex:b=1"),
        ({"ex:yes": True}, "ex:yes=True"),
        ({"ex:whatList": [{"ex:n": 2}, {"ex:n": 1}]}, "ex:whatListex:whatex:n=1ex:whatex:n=2"),
        ({"epcList": []}, ""),
        ({"epcList": [" "]}, ""),
        ({"bizTransactionList": [{"bizTransaction": "urn:x:1"}]}, "bizTransactionListbizTransaction=urn:x:1"),
        (
            {"sourceList": [{"source": "urn:x:1", "type": "location"}], "destinationList": [], "ilmd": {"ex:a": 1}},
            "ilmdex:a=1sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:x:1",
        ),
        ({"readPoint": {"id": "urn:x:1", "z:g": 1}}, "readPointid=urn:x:1readPointz:g=1"),
        ({"readPoint": {"id": "a", "{z/}g": 1}, "bizLocation": {"id": "b"}}, "readPointid=a{z/}g=1bizLocationid=b"),
        ({"readPoint": {"{z/}g": 1}, "bizLocation": {"id": "b"}}, "bizLocationid=breadPoint{z/}g=1"),
        ({"readPoint": {"id": "a", "{z/}reaction": 1}}, "readPointid=areadPoint{z/}reaction=1"),
    ],
)  # fmt: skip
def test_how_a_field_is_written(fields, wanted):
    bare = {"type": "ObjectEvent", "eventTime": SMALL["eventTime"]}
    begun = event_prehash(bare)
    assert begun == "eventType=ObjectEventeventTime=2026-04-01T00:30:00.000Z"
    assert event_prehash({**fields, **bare}) == begun + wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.1414Z", "2023-02-02T11:04:03.141Z"),
        ("2023-02-02T11:04:03.1425Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.14250099Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.9996Z", "2023-02-02T11:04:04.000Z"),
        ("2023-12-31T23:30:00-02:30", "2024-01-01T02:00:00.000Z"),
        ("2023-02-02t11:04:03.5z", "2023-02-02T11:04:03.500Z"),
    ],
)
def test_a_time_is_utc_to_the_millisecond(written, wanted):
    assert f"eventTime={wanted}" in event_prehash({**SMALL, "eventTime": written})


@pytest.mark.parametrize(
    ("event", "code", "where"),
    [
        ([], "event_not_object", ""),
        ({"eventTime": SMALL["eventTime"]}, "event_field_missing", ""),
        ({"type": "ObjectEvent"}, "event_field_missing", ""),
        ({**SMALL, "eventTime": "2026-04-01T09:30:00"}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "eventTime": "2026-02-30T09:30:00Z"}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "eventTime": "2026-04-01T09:30:00+15:00"}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "eventTime": "0001-01-01T00:00:00+09:00"}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "eventTime": "9999-12-31T23:59:59.9999Z"}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "eventTime": 5}, "event_time_unreadable", "eventTime"),
        ({**SMALL, "epcList": "urn:x:1"}, "event_field_shape", "epcList"),
        ({**SMALL, "epcList": [{"a": 1}]}, "event_value_unknown", "epcList[0]"),
        ({**SMALL, "quantityList": ["x"]}, "event_field_shape", "quantityList[0]"),
        ({**SMALL, "quantityList": {"quantity": 1}}, "event_field_shape", "quantityList"),
        ({**SMALL, "readPoint": "urn:x:1"}, "event_field_shape", "readPoint"),
        ({**SMALL, "quantityList": [{}, {"uom": INF}]}, "event_number_not_finite", "quantityList[1].uom"),
        ({**SMALL, "quantityList": [{"quantity": -INF + INF}]}, "event_number_not_finite", "quantityList[0].quantity"),
        ({**SMALL, "ex:n": 2**53 + 1}, "event_number_too_big", "ex:n"),
        ({**SMALL, "ex:n": -1e300}, "event_number_too_big", "ex:n"),
        ({**SMALL, "ex:n": 10**5000}, "event_number_too_big", "ex:n"),
        ({**SMALL, "ex:n": None}, "event_value_unknown", "ex:n"),
        ({**SMALL, "ex:n": [1, {"ex:b": None}]}, "event_value_unknown", "ex:n[1].ex:b"),
        ({**SMALL, "ex:n": "\ud800"}, "event_text_broken", "ex:n"),
        ({**SMALL, 5: 1}, "event_key_not_text", "5"),
        ({**SMALL, "ex:n": deep(100)}, "event_too_deep", None),
        ({**SMALL, "ex:n": deep_list(100)}, "event_too_deep", None),
        ({**SMALL, "sourceList": {}}, "event_field_shape", "sourceList"),
        ({**SMALL, "sourceList": [{"type": "location"}]}, "event_field_missing", "sourceList[0]"),
        ({**SMALL, "sourceList": [{"source": "urn:x:1", "ex:a": 1}]}, "event_hash_unsupported", "sourceList[0].ex:a"),
        ({**SMALL, "sourceList": [{"source": None}]}, "event_value_unknown", "sourceList[0].source"),
        (
            {**SMALL, "sensorElementList": [{"sensorReport": [{"time": "soon"}]}]},
            "event_time_unreadable",
            "sensorElementList[0].sensorReport[0].time",
        ),
        ({**SMALL, "readPoint": {"id": "urn:x:1", "ex:g": None}}, "event_value_unknown", "readPoint.ex:g"),
    ],
)  # fmt: skip
def test_what_cannot_be_hashed_is_refused_at_its_place(event, code, where):
    with pytest.raises(InputError) as caught:
        event_hash(event)
    (fault,) = caught.value.faults
    assert fault.code == code
    if where is not None:
        assert (fault.place.model or "") == where
    assert str(fault)


def test_a_document_tells_which_event_is_wrong():
    with pytest.raises(InputError) as caught:
        document_hashes(document([SMALL, {**SMALL, "eventTime": "now"}]))
    assert caught.value.faults[0].place.model == "epcisBody.eventList[1].eventTime"


@pytest.mark.parametrize(
    ("shape", "events"),
    [
        (lambda event: document([event, event]), 2),
        (lambda event: {"epcisBody": {"event": event}}, 1),
        (lambda event: {"epcisBody": {"queryResults": {"resultsBody": {"eventList": [event]}}}}, 1),
        (lambda event: event, 1),
    ],
)
def test_documents_of_every_shape(shape, events):
    assert document_hashes(shape(SMALL)) == [event_hash(SMALL)] * events
    assert document_hashes(json.dumps(shape(SMALL))) == [event_hash(SMALL)] * events


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{", "event_not_json"),
        (b'{"a": NaN}', "event_not_json"),
        (b"\xff\xfe", "event_not_json"),
        (b"[" * 5000, "event_not_json"),
        (b"[]", "document_without_events"),
        (b"{}", "document_without_events"),
        (b'{"epcisBody": []}', "document_without_events"),
        (b'{"epcisBody": {"eventList": [1]}}', "event_not_object"),
    ],
)
def test_what_is_no_document_is_refused(text, code):
    with pytest.raises(InputError) as caught:
        document_hashes(text)
    assert caught.value.faults[0].code == code
    assert str(caught.value)


def test_json_that_is_broken_is_told_at_its_line():
    with pytest.raises(InputError) as caught:
        parsed('{\n "a": 1,\n "b": x}')
    assert caught.value.faults[0].arguments["line"] == 3


def test_many_spellings_are_forgotten_and_found_again(monkeypatch):
    monkeypatch.setattr("cesim.trace.integrity.spelling._KEPT", 3)
    spelling = Spelling()
    numbers = ["01", "02", "03", "04", "01"]
    assert [spelling.value(text) for text in numbers] == ["1", "2", "3", "4", "1"]
