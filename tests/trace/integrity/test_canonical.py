"""Canonical bytes: the examples of RFC 8785, then what must always hold, then what is refused."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_events import PREFIXES, TIMES, Made, deep, deep_list, leaves, put, respelt

from cesim.errors import InputError
from cesim.trace.integrity.canonical import canonical_bytes, canonical_value
from cesim.trace.integrity.event_hash import event_hash

# RFC 8785, appendix B: the double as its bits, and how it is written; those beyond 2^53 are not ours
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
REFUSED = ["7fefffffffffffff", "4430000000000000", "44b52d02c7e14af5", "7fffffffffffffff", "7ff0000000000000"]


def double(bits):
    return struct.unpack(">d", bytes.fromhex(bits))[0]


@pytest.mark.parametrize(("bits", "wanted"), NUMBERS.items())
def test_the_published_numbers(bits, wanted):
    assert canonical_value(double(bits)).decode() == wanted


@pytest.mark.parametrize("bits", REFUSED)
def test_the_published_numbers_that_readers_do_not_share(bits):
    with pytest.raises(InputError) as caught:
        canonical_value(double(bits))
    assert caught.value.faults[0].code in ("event_number_too_big", "event_number_not_finite")


def test_the_published_order_of_keys():  # RFC 8785, section 3.2.3
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    wanted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_bytes(dict.fromkeys(keys, 1)))) == wanted


def test_the_published_text():  # RFC 8785, section 3.2.2, without the number beyond 2^53
    text = '{"literals":[null,true,false],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"}'
    wanted = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_bytes(json.loads(text)).decode() == wanted


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-(2**53), max_value=2**53))
def test_a_number_is_read_back_to_the_bit(number):
    assert json.loads(canonical_value(number)) == number


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_one_event_has_one_spelling(seed, other):
    event = Made(seed).event()
    written = canonical_bytes(event)
    assert canonical_bytes(respelt(event, other)) == written
    assert canonical_bytes(json.loads(written)) == written
    assert event_hash(json.loads(written), PREFIXES) == event_hash(event, PREFIXES)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.data())
def test_any_changed_value_changes_the_bytes(seed, data):
    event = Made(seed).event()
    way, value = data.draw(st.sampled_from(sorted(leaves(event), key=str)))
    if way[-1] in TIMES:
        other = "2019-01-01T00:00:00Z"
    else:
        other = value + 1 if type(value) in (int, float) else f"{value} " if isinstance(value, str) else not value
    assert canonical_bytes(put(event, way, other)) != canonical_bytes(event)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"cesim:list": [1, 2]}, {"cesim:list": [2, 1]}),
        ({"ilmd": {"time": "2026-01-01T00:00:00Z"}}, {"ilmd": {"time": "2026-01-01T09:00:00+09:00"}}),
        ({"cesim:a": "5.0"}, {"cesim:a": "5"}),
        ({"cesim:a": True}, {"cesim:a": 1}),
        ({"cesim:a": True}, {"cesim:a": "True"}),
        ({"cesim:a": None}, {}),
        ({"cesim:a": []}, {}),
        ({"eventTime": "2026-01-01T00:00:00.0001Z"}, {"eventTime": "2026-01-01T00:00:00Z"}),
        ({"epcList": ["a", "a"]}, {"epcList": ["a"]}),
        ({"comment": "a"}, {"comment": "b"}),
        ({"errorDeclaration": {"reason": "incorrect_data"}}, {}),
    ],
)
def test_what_is_not_the_same(one, other):
    assert canonical_bytes(one) != canonical_bytes(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        tuple({"errorDeclaration": {"correctiveEventIDs": ids}} for ids in (["a", "b"], ["b", "a"])),
        ({"persistentDisposition": {"set": ["a", "b"]}}, {"persistentDisposition": {"set": ["b", "a"]}}),
        ({"persistentDisposition": {"unset": ["a", "b"]}}, {"persistentDisposition": {"unset": ["b", "a"]}}),
        ({"certificationInfo": ["a", "b"]}, {"certificationInfo": ["b", "a"]}),
    ],
)  # fmt: skip
def test_what_is_the_same(one, other):
    assert canonical_bytes(one) == canonical_bytes(other)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2026-01-01T09:00:00+09:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.1200Z", "2026-01-01T00:00:00.12Z"),
        ("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.123456789012-01:00", "2026-01-01T01:00:00.123456789012Z"),
    ],
)
def test_a_time_loses_no_digit(written, wanted):
    assert json.loads(canonical_bytes({"recordTime": written})) == {"recordTime": wanted}


@pytest.mark.parametrize(
    ("event", "code", "where"),
    [
        ([1], "event_not_object", ""),
        ({"a": {"b": [1, float("nan")]}}, "event_number_not_finite", "a.b[1]"),
        ({"a": float("-inf")}, "event_number_not_finite", "a"),
        ({"a": [2**53 + 1]}, "event_number_too_big", "a[0]"),
        ({"a": -(2**53) - 1}, "event_number_too_big", "a"),
        ({"a": {1: 2}}, "event_key_not_text", "a"),
        ({"a": b"x"}, "event_value_unknown", "a"),
        ({"a": {1, 2}}, "event_value_unknown", "a"),
        ({"recordTime": "yesterday"}, "event_time_unreadable", "recordTime"),
        ({"a": ["x", "\udc00"]}, "event_text_broken", "a[1]"),
        ({"a": {"\ud800": 1}}, "event_text_broken", "a.'\\ud800'"),
        ({"a": deep(100)}, "event_too_deep", None),
        ({"a": deep_list(100)}, "event_too_deep", None),
    ],
)
def test_what_has_no_bytes_is_refused_at_its_place(event, code, where):
    with pytest.raises(InputError) as caught:
        canonical_bytes(event)
    (fault,) = caught.value.faults
    assert fault.code == code
    if where is not None:
        assert (fault.place.model or "") == where
    assert str(fault)


def test_the_largest_whole_numbers_are_taken():
    assert canonical_value([2**53, -(2**53), 26.0, 1e15]) == b"[9007199254740992,-9007199254740992,26,1000000000000000]"
