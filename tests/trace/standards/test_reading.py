"""Documents from bytes: what is refused, with its place, and that the quick reading is the careful one."""

from __future__ import annotations

import json
import random

import made_up_documents as made_up
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.text import keys, message
from cesim.trace.standards import read_document, read_document_file
from cesim.trace.standards.careful import read_with_care
from cesim.trace.standards.reading import _quickly

BROKEN = [
    (b"", "json_empty", ""),
    (b" \n\t", "json_empty", ""),
    (b"\xef\xbb\xbf", "json_empty", ""),
    (b'{"a": 1', "json_ends_early", "1:8"),
    (b'{"a":\n', "json_ends_early", "2:1"),
    (b'{"a": "b', "json_ends_early", "1:7"),
    (b"[1,]", "json_broken", "1:4"),
    (b"{'a': 1}", "json_broken", "1:2"),
    (b'{"a" 1}', "json_broken", "1:6"),
    (b"[1] [2]", "json_broken", "1:5"),
    (b"[01]", "json_broken", "1:3"),
    (b"\x0c[]", "json_broken", "1:1"),
    (b'["a\nb"]', "json_broken", "1:4"),
    (b'["\\x"]', "json_broken", "1:3"),
    (b"<EPCISDocument/>", "json_broken", "1:1"),
    (b'{"a": \xff}', "json_not_utf8", "1:7"),
    ('{"a": "鉄"}'.encode("cp932"), "json_not_utf8", "1:8"),
    ('{"a": 1}'.encode("utf-16"), "json_not_utf8", "1:1"),
    ('{"a": 1}'.encode("utf-16-le"), "json_not_utf8", "1:1"),
    (b'{"a": "\xed\xa0\x80"}', "json_not_utf8", "1:8"),
    (b'{"a": NaN}', "json_not_a_number", "/a"),
    (b'{"a": [0, -Infinity]}', "json_not_a_number", "/a/1"),
    (b'{"a": 1e400}', "json_number_too_large", "/a"),
    (b'{"a": {"b/c": -' + b"9" * 400 + b"}}", "json_number_too_large", "/a/b~1c"),
    (b'{"a": 1, "a": 1}', "json_name_twice", "/a"),
    (b'[{"a": 1, "\\u0061": 2}]', "json_name_twice", "/0/a"),
    (b'{"a": {"x": ":", "y": 1, "x": "::\\u003a"}}', "json_name_twice", "/a/x"),
    (b'{"a": "\\ud800"}', "json_half_a_sign", "/a"),
    (b'{"a": {"\\udc00b": 1}}', "json_half_a_sign", "/a"),
    (b"[" * 65 + b"]" * 65, "json_too_deep", "1:65"),
    (b'{"a":' * 100_000, "json_too_deep", "1:321"),
    (b"[" * 10_000_000, "json_too_deep", "1:65"),
]


@pytest.mark.parametrize(("data", "code", "place"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_refused_and_where(data, code, place):
    with pytest.raises(InputError) as caught:
        read_document(data, file="a.json")
    (fault,) = caught.value.faults
    assert (fault.code, str(fault.place)) == (code, f"a.json:{place}" if place else "a.json")
    assert f"fault.{code}.message" in keys("ja")
    assert "?" not in message(fault, "en") + message(fault, "ja")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xef\xbb\xbf[1]", [1]),
        (b'{"a:b": ":", "\\u003a": {"\\u003A:": "\\":"}}', {"a:b": ":", ":": {"::": '":'}}),
        (b'"\\ud83d\\ude00: <script>"', "\U0001f600: <script>"),
        (b"[18446744073709551615, -9223372036854775808]", [2**64 - 1, -(2**63)]),
        (b"[18446744073709551616, 1e-400, -0.0]", [float(2**64), 0.0, -0.0]),
        (b"[" * 64 + b"]" * 64, None),
        (b'{"":{"a":1},"b":{"a":1}}', {"": {"a": 1}, "b": {"a": 1}}),
        (b"1", 1),
        (b'"a:b"', "a:b"),
    ],
)
def test_what_is_taken(data, value):
    tree = read_document(data)
    assert value is None or repr(tree) == repr(value)


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as caught:
        read_document(b'{"a": NaN, "b": [1e999, {"c": 1, "c": 2}], "d": "\\ud800"}')
    told = [(fault.code, fault.place.pointer) for fault in caught.value.faults]
    assert told == [
        ("json_not_a_number", "/a"),
        ("json_number_too_large", "/b/0"),
        ("json_name_twice", "/b/1/c"),
        ("json_half_a_sign", "/d"),
    ]


def test_a_name_that_stands_twice_may_be_remarked_instead():
    remarks = []
    tree = read_document(b'{"a": {"b": 1, "b": 2}, "c": [{"d": NaN, "d": 3}]}', remarks=remarks)
    assert tree == {"a": {"b": 2}, "c": [{"d": 3}]}
    assert type(tree["a"]) is dict
    assert [fault.place.pointer for fault in remarks] == ["/a/b", "/c/0/d"]
    with pytest.raises(InputError) as caught:
        read_document(b'{"a": 1, "a": NaN}', remarks=remarks)
    assert [fault.code for fault in caught.value.faults] == ["json_not_a_number"]


def test_limits_are_the_callers():
    assert read_document(b"[[1]]", largest=5, deepest=2) == [[1]]
    for limits, code in (({"largest": 4}, "json_too_large"), ({"deepest": 1}, "json_too_deep")):
        with pytest.raises(InputError) as caught:
            read_document(b"[[1]]", **limits)
        assert [fault.code for fault in caught.value.faults] == [code]
    assert read_document(b"[" * 400 + b"]" * 400, deepest=400)
    with pytest.raises(ValueError, match="401"):
        read_document(b"[]", deepest=401)


def test_depth_is_told_where_it_is_reached_and_not_in_texts():
    with pytest.raises(InputError) as caught:
        read_document(b'["[[[[\\"[[[", [],\n [[NaN]]]', file="a", deepest=2)
    assert [str(fault.place) for fault in caught.value.faults] == ["a:2:3"]


def test_files(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf[1, 2]")
    assert read_document_file(file) == [1, 2]
    for path, limits, code in (
        (file, {"largest": 8}, "json_too_large"),
        (tmp_path, {}, "json_is_folder"),
        (tmp_path / "b.json", {}, "no_such_file"),
        (file / "c", {}, "cannot_read"),
    ):
        with pytest.raises(InputError) as caught:
            read_document_file(path, **limits)
        assert [(fault.code, fault.place.file) for fault in caught.value.faults] == [(code, str(path))]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8") | st.just(":")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(':a"é', max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans())
def test_what_was_written_is_read(value, ascii_only):
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert repr(read_document(data)) == repr(value)


def verdict(reader, data):
    try:
        return "read", repr(reader(data))
    except InputError as error:
        return "refused", [str(fault) for fault in error.faults]


def the_readings_agree(number: int, seed: int) -> tuple[int, int]:
    """Garble the bytes of documents; the quick reading is either not sure or says what the careful one says."""
    chance = random.Random(seed)
    base = json.dumps(made_up.document()).encode()
    names = b'{"a:b": {"x": ":", "y": [1, {"x": "\\u003a"}]}, "a": {"x": 2.5e3, "z": "\\ud83d\\ude00"}, "c": [[]]}'
    pieces = [b'"x":', b"x", b'"', b":", b",", b"\\", b"{", b"}", b"[", b"]", b"e9", b"-", b"NaN", b"\xff", b"\\ud800"]
    pieces += [b'"type": 1,', b'"type": ":",', b"\\u003a", b"1e999"]
    taken = refused = 0
    for _ in range(number):
        data = bytearray(chance.choice((base, names, names)))
        for _ in range(chance.randint(1, 3)):
            where = chance.randrange(len(data))
            data[where : where + chance.choice((0, 1, 4))] = chance.choice((*pieces, b"", b""))
        read = verdict(read_document, bytes(data))
        assert read == verdict(lambda body: read_with_care(body, None, 64), bytes(data)), bytes(data)
        taken += read[0] == "read"
        refused += read[0] == "refused"
    return taken, refused


def test_the_quick_reading_is_the_careful_one():
    assert min(the_readings_agree(1_500, 7)) > 100


@pytest.mark.slow
def test_the_quick_reading_is_the_careful_one_in_many_cases():
    assert min(the_readings_agree(30_000, 8)) > 2_000


def test_sound_documents_are_read_quickly():
    assert _quickly(json.dumps(made_up.document()).encode(), 64)[0]
    assert not _quickly(b'{"a": 1, "a": 2}', 64)[0]
