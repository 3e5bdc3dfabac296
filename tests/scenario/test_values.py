"""All the ways to write a number."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from cesim.data import lookup
from cesim.quantities import Quantity, TimePath
from cesim.scenario import Count, Label, Positive, Share, SharePath, ValueOf, Year, load
from cesim.scenario.proposals import number_meant
from cesim.scenario.resolved import written


class Cars(BaseModel):
    number: Count


class Part(BaseModel):
    share: Share = Quantity(0.5)
    path: SharePath = TimePath({2000: Quantity(0.5)})
    factor: Positive = Quantity(1, kind="positive")
    yearly: dict[Year, Share] = {}
    name: Label = ""


def test_a_number_alone_is_given_by_the_user():
    share = Part.model_validate({"share": 0.25}).share
    assert (share.value, share.status, share.kind, share.unit, share.low) == (0.25, "given", "share", "share", None)


def test_a_number_with_everything():
    written_out = {
        "value": 25,
        "low": 20,
        "high": 40,
        "unit": "%",
        "dist": "triangular",
        "range": "bounds",
        "source": "JAMA 2023, p. 12",
        "url": "https://example.org",
        "status": "read",
        "note": "new cars",
    }
    share = Part.model_validate({"share": written_out}).share
    assert (share.value, share.low, share.high, share.unit) == (0.25, 0.2, 0.4, "share")
    assert (share.dist, share.range, share.source, share.status) == ("triangular", "bounds", "JAMA 2023, p. 12", "read")


def test_a_reference_to_the_tables_brings_its_source():
    row = lookup("vehicles.elv_taken_in", "FY2014")
    number = Cars.model_validate({"number": {"data": row.key, "year": "FY2014", "scale": 0.5}}).number
    assert (number.value, number.key, number.source, number.status) == (row.value / 2, row.key, row.source, row.status)


def test_a_reference_may_get_a_range():
    reference = {"data": "vehicles.elv_taken_in", "year": "FY2014", "low": 3e6, "high": 4e6}
    number = Cars.model_validate({"number": reference}).number
    assert (number.low, number.high) == (3e6, 4e6)


def test_a_series_of_the_tables():
    from cesim.data import rows, series

    key, region = next(
        (row.key, row.region)
        for row in rows()
        if row.unit == "vehicles" and row.calendar_year and row.value is not None and row.status == "read"
    )

    class Series(BaseModel):
        cars: Annotated[TimePath, ValueOf("positive", "vehicles")]

    path = Series.model_validate({"cars": {"data_series": key, "region": region}}).cars
    assert {year: knot.value for year, knot in path.knots.items()} == {
        year: row.value for year, row in series(key, region).items()
    }


def test_a_constant_is_a_path():
    path = Part.model_validate({"path": 0.3}).path
    assert list(path.best([1990, 2050])) == [0.3, 0.3]


def test_a_path_may_wander():
    path = Part.model_validate({"path": {"2025": 0.1, "2035": 0.3, "correlation": "ar1", "rho": 0.8}}).path
    assert (path.correlation, path.rho, list(path.knots)) == ("ar1", 0.8, [2025, 2035])


def test_years_and_labels_as_keys():
    part = Part.model_validate({"yearly": {"2030": 0.1}, "name": 6016})
    assert (list(part.yearly), part.name) == ([2030], "6016")


def test_quantities_are_accepted_as_they_are():
    assert Part.model_validate({"share": Quantity(0.3, unit="share")}).share.value == 0.3
    assert Part.model_validate({"share": Quantity(30, kind="positive", unit="%")}).share.value == 0.3


@pytest.mark.parametrize(
    ("text", "kind", "meant"),
    [
        ("1,000", "", "1000"),
        ("1_000", "", "1000"),
        ("1 000 000", "", "1000000"),
        ("１，０００", "", "1000"),
        ("80%", "share", "0.8"),
        ("80 %", "positive", '{value: 80, unit: "%"}'),
        ("120 kg/vehicle", "positive", "{value: 120, unit: kg/vehicle}"),
        ("0.5", "", "0.5"),
        ("−5", "", "-5"),
        ("many", "", None),
        ("1,00", "", None),
    ],
)
def test_what_a_text_means_as_a_number(text, kind, meant):
    assert number_meant(text, kind) == meant


shares = st.floats(0.05, 0.95)
numbers = (
    shares
    | shares.map(lambda value: {"value": value})
    | shares.map(lambda value: {"value": value * 100, "unit": "%"})
    | shares.map(lambda value: {"value": value, "low": value / 2, "high": (1 + value) / 2, "status": "estimate"})
)
dated = st.dictionaries(st.integers(1990, 2060).map(str), numbers, min_size=1, max_size=5)
paths = numbers | dated.map(lambda held: dict(sorted(held.items())))
counts = st.floats(0, 1e8) | st.integers(0, 10**8)


@st.composite
def scenarios(draw):
    reuse = draw(shares)
    years = draw(st.integers(1990, 2030))
    return {
        "name": {"ja": draw(st.sampled_from(["基準", "強化：案", "yes", "007"])), "en": "x"},
        "years": [years, years + draw(st.integers(0, 50))],
        "mode": draw(st.sampled_from(["stock_driven", "inflow_driven"])),
        "fleet": {
            "export": {"hazard_scale": draw(paths), "share": draw(paths)},
            "cars": draw(counts),
            "mass": draw(st.floats(500, 3000)),
        },
        "splits": {"reuse": reuse, "landfill": 1 - reuse},
        "alloys": draw(st.lists(st.sampled_from([6016, "6016", "5xxx", "ADC12"]), max_size=4)),
        "limits": draw(st.dictionaries(st.sampled_from(["6016", "5xxx"]), numbers)),
        "targets": draw(
            st.dictionaries(
                st.sampled_from(["a", "b"]),
                st.fixed_dictionaries({"indicator": st.just("h1"), "year": st.integers(2020, 2060), "value": numbers}),
            )
        ),
        "measures": draw(st.lists(st.fixed_dictionaries({"kind": st.just("subsidy"), "rate": numbers}), max_size=3)),
        "runs": draw(st.integers(1, 1000)),
        "verbose": draw(st.booleans()),
    }


@settings(max_examples=200, deadline=None)
@given(data=scenarios())
def test_valid_scenarios_are_accepted(data, toy, tmp_path_factory):
    file = tmp_path_factory.mktemp("valid") / "scenario.yaml"
    file.write_text(written(data), encoding="utf-8")
    scenario = load(file, toy).scenario
    assert scenario.runs == data["runs"]
    assert scenario.fleet.cars.value == data["fleet"]["cars"]
