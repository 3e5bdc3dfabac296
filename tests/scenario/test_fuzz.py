"""Whatever stands in a file, the answer is a scenario or faults with a place in that file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.scenario import load, read_settings
from cesim.scenario.source import parse
from cesim.text import hints, message

SIGNS = [
    *" \n\t:-,[]{}#&*!|>'\"%@`?<~0159eE.+_/\\aé基：　，｛｝［］０“”％\x00\x85\u2028\ufeff",
    "\r\n",
    "<<: ",
    "*a",
    "&a ",
    "null",
    "- ",
    "1e9",
]


def faults_of(file, toy, overrides=dict):
    """Return the faults of a scenario; anything raised but an `InputError` fails the test."""
    try:
        load(file, toy, overrides())
    except InputError as error:
        return error.faults or pytest.fail("an error without a fault")
    return ()


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("".join(SIGNS)), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    source = parse(text, "x")
    assert source.branch is not None or source.faults


@st.composite
def edits(draw):
    return draw(
        st.lists(
            st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from(SIGNS) | st.just("")), min_size=1, max_size=4
        )
    )


@settings(max_examples=400, deadline=None)
@given(changes=edits())
def test_a_damaged_scenario_is_read_or_refused_at_its_place(changes, toy, toy_text, tmp_path_factory):
    text = toy_text
    for where, cut, sign in changes:
        at = int(where * len(text))
        text = text[:at] + sign + text[at + cut :]
    file = tmp_path_factory.getbasetemp() / "damaged.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    lines = text.splitlines() or [""]
    for fault in faults_of(file, toy):
        assert fault.place.file == str(file)
        assert 1 <= fault.place.line <= len(lines) + 1
        assert fault.place.column >= 1
        for lang in ("ja", "en"):
            assert message(fault, lang) != fault.code
            assert "None" not in "".join([message(fault, lang), *hints(fault, lang)])


@settings(max_examples=200, deadline=None)
@given(
    value=st.text(st.sampled_from("".join(SIGNS)), max_size=20),
    path=st.sampled_from(["fleet.cars", "splits", "alloys.0", "x"]),
)
def test_any_setting_is_taken_or_refused(value, path, toy, toy_text, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "sound.yaml"
    file.write_text(toy_text, encoding="utf-8")
    found = faults_of(file, toy, lambda: read_settings([f"{path}={value}"]))
    assert all(fault.place.path is not None for fault in found)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
trees = st.recursive(
    scalars, lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(max_size=6), held, max_size=3)
)
PATHS = [
    "fleet.cars",
    "fleet.export.share",
    "splits",
    "alloys",
    "limits",
    "targets.h1",
    "measures",
    "years",
    "name",
    "runs",
]


@settings(max_examples=400, deadline=None)
@given(value=trees, path=st.sampled_from(PATHS))
def test_any_plain_value_anywhere_is_taken_or_refused(value, path, toy, toy_text, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "sound.yaml"
    file.write_text(toy_text, encoding="utf-8")
    for fault in faults_of(file, toy, lambda: {path: value}):
        assert message(fault, "ja") != fault.code


@pytest.mark.parametrize(
    "written",
    [
        {"value": 1, "low": [], "high": 2},
        {"value": 1, "unit": {}},
        {"value": 1, "status": None},
        {"value": 1, "dist": 3},
        {"data": "vehicles.elv_taken_in", "year": []},
        {"data": "vehicles.elv_taken_in", "year": "FY2014", "scale": "x"},
        {"data": "vehicles.elv_taken_in", "year": "FY2014", "low": 1},
        {"data": None},
        {"data_series": []},
        {"data_series": "vehicles.elv_taken_in"},
        {"data_series": "vehicles.elv_taken_in", "rho": "x", "correlation": []},
        {"2030": 1, "correlation": []},
        {"2030": 1, "rho": {}},
        {"2030": {"2030": 1}},
        {"correlation": "ar1"},
        {"value": 10**400},
        {"value": 1, "low": 10**400, "high": 1},
    ],
)
@pytest.mark.parametrize("path", ["fleet.cars", "fleet.export.hazard_scale"])
def test_odd_numbers_are_refused(written, path, toy, toy_text, tmp_path):
    file = tmp_path / "sound.yaml"
    file.write_text(toy_text, encoding="utf-8")
    with pytest.raises(InputError):
        load(file, toy, {path: written})
