"""URIs and points in time: the examples of their RFCs, and the verdicts of a library."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official_documents import is_time_by_library

from cesim.trace.standards.times import is_time
from cesim.trace.standards.uris import UNSAFE_SCHEMES, is_uri, own_name

# RFC 3986, 1.1.2
URIS = [
    "ftp://ftp.is.co.za/rfc/rfc1808.txt",
    "http://www.ietf.org/rfc/rfc2396.txt",
    "ldap://[2001:db8::7]/c=GB?objectClass?one",
    "mailto:John.Doe@example.com",
    "news:comp.infosystems.www.servers.unix",
    "tel:+1-816-555-1212",
    "telnet://192.0.2.16:80/",
    "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
]
# RFC 3339, 5.8
TIMES = [
    "1985-04-12T23:20:50.52Z",
    "1996-12-19T16:39:57-08:00",
    "1990-12-31T23:59:60Z",
    "1990-12-31T15:59:60-08:00",
    "1937-01-01T12:00:27.87+00:20",
]
MORE_URIS = [
    *("a:", "urn:", "x:?q", "x:a#b", "http://", "http:///x", "http://a:", "x:////", "http://u:p@h:1/a//b?c/?#d/?"),
    *(
        "http://[1:2:3:4:5:6:7:8]",
        "http://[::]:80/",
        "http://[::ffff:1.2.3.4]",
        "http://[v1.a:b]",
        "x:%41%fF",
        "A+.-:x",
    ),
]
NO_URIS = [
    *("", "x", "/a", "//a", ":x", "1a:x", " x:a", "x:a\n", "x:é", "x:<s>", "x:a b", "x:a#b#c", "x:a^b", "x:|", "x:\\"),
    *("x:a[b]", "x:%4", "x:%", "x:%zz", "http://a:80x", "http://u@p@h", "http://[::1", "http://[]", "http://[::1]x"),
    *(
        "http://[1::2::3]",
        "http://[::12345]",
        "http://[::1.2.3]",
        "http://[1.2.3.4]",
        "http://[v1.]",
        "http://[::1%25e]",
    ),
    *("http://[1:2:3:4:5:6:7:8:9]", "http://[::ffff:01.2.3.4]", "x:\x00", "x:\x7f", 'x:"', "x:{a}", "x:`"),
]
MORE_TIMES = ["2020-02-29t00:00:00z", "2000-02-29T00:00:00.000000000001Z", "2017-01-01T08:59:60+09:00"]
NO_TIMES = [
    *("", "2020-01-01", "2020-01-01T00:00:00", "2020-01-01T00:00Z", "2020-01-01 00:00:00Z", "20200101T000000Z"),
    *("2020-01-01T00:00:00.Z", "2020-01-01T00:00:00,5Z", "2020-01-01T24:00:00Z", "2020-01-01T00:60:00Z"),
    *("2020-01-01T00:00:61Z", "2020-01-01T00:00:60Z", "2020-12-31T23:59:60+09:00", "2020-01-01T00:00:00+24:00"),
    *("2020-01-01T00:00:00+09:60", "2020-01-01T00:00:00+0900", "2020-01-01T00:00:00+09", "2020-00-01T00:00:00Z"),
    *("2020-13-01T00:00:00Z", "2020-04-31T00:00:00Z", "2021-02-29T00:00:00Z", "1900-02-29T00:00:00Z"),
    *("2020-01-00T00:00:00Z", "２020-01-01T00:00:00Z", "2020-01-01T00:00:00Z\n", "20.0-01-01T00:00:00Z", "now"),
]


@pytest.mark.parametrize("text", URIS + MORE_URIS)
def test_uris(text):
    assert is_uri(text)


@pytest.mark.parametrize("text", NO_URIS)
def test_what_is_no_uri(text):
    assert not is_uri(text)


@pytest.mark.parametrize("text", TIMES + MORE_TIMES)
def test_points_in_time(text):
    assert is_time(text)


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_point_in_time(text):
    assert not is_time(text)


def test_long_texts_are_judged_in_time_that_grows_with_their_length():
    for text in ("a" * 10**6, "a:" + "%41" * 10**6 + "%", "http://" + "a:" * 10**6, "x:" + "/" * 10**6 + "<"):
        assert not is_uri(text)
    assert not is_time("2020-01-01T00:00:00." + "0" * 10**6)


@pytest.mark.parametrize("scheme", UNSAFE_SCHEMES)
def test_a_prefix_may_be_called_as_a_scheme_unless_that_scheme_runs(scheme):
    assert own_name(f"{scheme.upper()}:x") == ("epcis_unsafe_uri" if "script" in scheme else None)


def garbled(texts: list[str], signs: str) -> st.SearchStrategy[str]:
    """Return texts with up to four stretches of up to two signs changed."""
    change = st.tuples(st.integers(0, 60), st.integers(0, 2), st.text(signs, max_size=2))

    def apply(text: str, changes: list[tuple[int, int, str]]) -> str:
        for where, cut, put in changes:
            start = where % (len(text) + 1)
            text = text[:start] + put + text[start + cut :]
        return text

    return st.builds(apply, st.sampled_from(texts), st.lists(change, min_size=1, max_size=4))


@settings(max_examples=1_500, deadline=None)
@given(garbled(URIS + MORE_URIS, "aZ09:/?#[]@!$%&'()*+,;=.-_~ <\"é\n\\^`{|}vF"))
def test_the_library_says_the_same_of_uris(text):
    rs = pytest.importorskip("jsonschema_rs")
    by_library = rs.validator_for({"type": "string", "format": "uri"}, validate_formats=True)
    assert is_uri(text) is by_library.is_valid(text)


@settings(max_examples=1_500, deadline=None)
@given(garbled(TIMES + MORE_TIMES, "0123456789-:TtZz+. "))
def test_the_library_says_the_same_of_times(text):
    assert is_time(text) is is_time_by_library()(text)
