"""Headings of tables of points: what each says, and that it is written as it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.sweep.designs.headings import Heading, heading


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fleet.export.rate [share]", Heading("fleet.export.rate", unit="share")),
        ("fleet.export.rate[1/year]", Heading("fleet.export.rate", unit="1/year")),
        ("market.sales@2035 [vehicles]", Heading("market.sales", unit="vehicles", year=2035)),
        ("a.b [-] in slow, rate=0.5", Heading("a.b", unit="-", alternative="slow, rate=0.5")),
        ("p(a.b)", Heading("a.b", is_probability=True)),
        ("p(choice a.b)", Heading("choice a.b", is_probability=True)),
        ("a.b", Heading("a.b")),
        ("a.b@2035", Heading("a.b", year=2035)),
        ("content.split.plastics.PP-T [share]", Heading("content.split.plastics.PP-T", unit="share")),
        # none of these is what it seems, so that each is a name that no number has
        ("a.b@35 [t]", Heading("a.b@35 [t]")),
        ("a.b [t", Heading("a.b [t")),
        ("a.b (t)", Heading("a.b (t)")),
        ("p(a.b", Heading("p(a.b")),
        ("P(a.b)", Heading("P(a.b)")),
        ("a.b@２０３５ [t]", Heading("a.b@２０３５ [t]")),
        ("", Heading("")),
    ],
)
def test_what_a_heading_says(text, told):
    assert heading(text) == told


names = st.from_regex(r"[a-z]+(\.[a-zA-Z0-9_-]+){0,3}", fullmatch=True)
units = st.sampled_from(["share", "-", "1/year", "kg CO2e/(t km)", ""])
years = st.none() | st.integers(1900, 2100)
values = st.builds(Heading, names, st.just(value=False), units, years, st.none() | names)


@given(st.builds(Heading, names, is_probability=st.booleans()) | values)
def test_a_heading_is_written_as_it_is_read(told):
    assert heading(str(told)) == told
