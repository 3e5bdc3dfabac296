"""Units at the edge."""

from __future__ import annotations

import math
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.quantities import QuantityError, convert, unit_named, units_of
from cesim.quantities.units import _DIMENSIONS

PAIRS = [pair for units in _DIMENSIONS.values() for pair in permutations(units, 2)]


@given(st.sampled_from(PAIRS), st.floats(-1e12, 1e12))
def test_there_and_back_is_the_same_number(pair, value):
    found, wanted = pair
    assert convert(convert(value, found, wanted), wanted, found) == pytest.approx(value, rel=1e-15, abs=1e-300)


@pytest.mark.parametrize(
    ("value", "found", "wanted", "result"),
    [
        (14.0, "%", "share", 0.14),
        (35.0, "wt%", "kg/kg", 0.35),
        (250.0, "ppm", "%", 0.025),
        (0.3, "-", "%", 30.0),
        (2.0, "Mt", "kt", 2000.0),
        (3.0, "t", "kg", 3000.0),
        (5.0, "kg", "mg", 5_000_000.0),
        (7.0, "kt/year", "t/year", 7000.0),
        (120.0, "JPY/kg", "JPY/t", 120_000.0),
        (1.5, "million JPY", "JPY", 1_500_000.0),
        (3.5, "million vehicles", "thousand vehicles", 3500.0),
        (90.0, "min", "h", 1.5),
        (2.0, "years", "days", 730.5),
        (8.6, "kg CO2e/kg", "t CO2e/t", 8.6),
        (3.6, "GJ/t", "kWh/t", 1000.0),
        (1.0, "GPa", "MPa", 1000.0),
        (2.7, "g/cm3", "kg/m3", 2700.0),
        (6.0, "%/year", "1/year", 0.06),
        (50.0, "JPY/min", "JPY/h", 3000.0),
        (36.0, "kg/min", "t/h", 2.16),
        (12.0, "kg/vehicle", "kg/vehicle", 12.0),
    ],
)
def test_known_conversions(value, found, wanted, result):
    assert convert(value, found, wanted) == result


@given(st.integers(0, 10_000))
def test_a_percentage_is_the_decimal_a_person_would_write(hundredths_of_percent):
    percent = hundredths_of_percent / 100
    assert convert(percent, "%", "share") == pytest.approx(hundredths_of_percent / 10_000, rel=2e-16)
    if hundredths_of_percent % 100 == 0:
        assert convert(percent, "%", "share") == hundredths_of_percent // 100 / 100


def test_arrays_convert_too():
    np.testing.assert_array_equal(convert(np.array([1.0, 50.0]), "%", "share"), [0.01, 0.5])


def test_the_canonical_unit_comes_first_and_counts_one():
    for dimension, units in _DIMENSIONS.items():
        assert units_of(dimension) == list(units)
        assert unit_named(units_of(dimension)[0]).factor == 1
        assert {unit_named(unit).dimension for unit in units} == {dimension}
    assert units_of("colour") == []


def test_no_unit_is_written_in_two_dimensions():
    names = sorted(name for units in _DIMENSIONS.values() for name in units)
    assert all(one != other for one, other in pairwise(names))


@pytest.mark.parametrize(
    ("written", "meant"), [("％", "%"), (" kg  CO₂e/kg ", "kg CO2e/kg"), ("ｋｇ", "kg"), ("kg/m³", "kg/m3")]
)
def test_full_width_letters_and_subscripts_are_plain_ones(written, meant):
    assert unit_named(written).name == meant


def test_an_unknown_unit_comes_with_the_nearest():
    for found, wanted in (("kg/vehicel", "kg/vehicle"), ("kg/vehicle", "kg/vehicel")):
        with pytest.raises(QuantityError) as fault:
            convert(1.0, found, wanted)
        assert fault.value.code == "unknown_unit"
        assert fault.value.arguments["found"] == "kg/vehicel"
        assert fault.value.arguments["nearest"][0] == "kg/vehicle"
        assert "Mt" in fault.value.arguments["allowed"]


def test_a_unit_of_another_dimension_is_refused_with_those_that_would_do():
    with pytest.raises(QuantityError) as fault:
        convert(1.0, "kg/year", "kg")
    assert fault.value.code == "wrong_unit"
    assert fault.value.arguments["found"] == "kg/year"
    assert set(fault.value.arguments["allowed"]) == {"t", "kg", "g", "mg", "kt", "Mt"}


@pytest.mark.parametrize("value", [math.nan, math.inf, np.array([1.0, math.nan]), 1e308, np.array([1e308])])
def test_only_finite_numbers_come_out(value):
    with pytest.raises(QuantityError, match="not_finite"):
        convert(value, "t", "mg")


def test_letters_of_another_case_are_another_unit():
    assert convert(1.0, "Mt", "mg") == 1e15
    with pytest.raises(QuantityError, match="unknown_unit"):
        unit_named("KG")
