"""Values set from outside the file."""

from __future__ import annotations

import pytest

from cesim.errors import InputError, Place
from cesim.scenario import load, read_settings


@pytest.fixture
def sound(tmp_path, toy_text):
    file = tmp_path / "sound.yaml"
    file.write_text(toy_text, encoding="utf-8")
    return file


def test_settings_follow_the_rules_of_the_files():
    settings = ["a.b=0.8", "c={2025: 0.1, 2035: {value: 1}}", "d=yes", "e=[1, x]", 'f="1"', "g=", "h=a=b"]
    assert read_settings(settings) == {
        "a.b": 0.8,
        "c": {"2025": 0.1, "2035": {"value": 1}},
        "d": "yes",
        "e": [1, "x"],
        "f": "1",
        "g": None,
        "h": "a=b",
    }


def step(value, part):
    return getattr(value, part) if isinstance(part, str) and not isinstance(value, dict) else value[part]


@pytest.mark.parametrize(
    ("overrides", "path", "wanted"),
    [
        ({"fleet.cars": 5}, "fleet.cars.value", 5),
        ({"fleet.cars": {"value": 5, "low": 4, "high": 6}}, "fleet.cars.low", 4),
        ({"runs": 3}, "runs", 3),
        ({"targets.h1.value": 0.9}, "targets.h1.year", 2035),
        ({"targets.new": {"indicator": "h1", "year": 2050, "value": 1}}, "targets.new.year", 2050),
        ({"alloys": ["ADC12"]}, "alloys.0", "ADC12"),
        ({"alloys.1": "ADC12"}, "alloys.1", "ADC12"),
        ({"measures.0.rate": 0.1}, "measures.0.rate.value", 0.1),
        ({"fleet.export.hazard_scale.2035": 0.5}, "fleet.export.hazard_scale.knots.2035.value", 0.5),
        ({"fleet.export.hazard_scale": {2030: 1, 2040: 2}}, "fleet.export.hazard_scale.knots.2040.value", 2),
        ({"note": "x"}, "note", "x"),
    ],
)
def test_an_override_lands(sound, toy, overrides, path, wanted):
    value = load(sound, toy, overrides).scenario
    for part in path.split("."):
        value = step(value, int(part) if part.isdigit() else part)
    assert value == wanted


def test_a_value_that_is_replaced_loses_its_pedigree(tmp_path, toy, toy_text):
    file = tmp_path / "sourced.yaml"
    cars = "cars: {value: 9, low: 1, high: 99, source: book, status: read}"
    file.write_text(toy_text.replace("cars: 1000", cars), encoding="utf-8")
    found = load(file, toy, {"fleet.cars.value": 20}).scenario.fleet.cars
    assert (found.value, found.high, found.source, found.status) == (20, 99, "", "given")


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"fleet.crs": 1}, "unknown_key"),
        ({"flet.cars": 1}, "unknown_key"),
        ({"fleet.cars": -1}, "positive_out_of_range"),
        ({"fleet.cars": "many"}, "need_number"),
        ({"fleet.cars": None}, "empty_value"),
        ({"fleet.cars.low": 1}, "set_inside_value"),
        ({"alloys.7": "6016"}, "set_no_item"),
        ({"alloys.x": "6016"}, "set_no_item"),
        ({"extends": "base"}, "set_nowhere"),
        ({"fleet..cars": 1}, "set_nowhere"),
        ({"splits.reuse": 90}, "share_as_percent"),
        ({"fleet.cars": "１０"}, "full_width"),
        ({"fleet.cars": float("nan")}, "not_finite"),
        ({"fleet.cars": object()}, "set_not_plain"),
        ({"mode": "stock_drvien"}, "not_a_choice"),
        ({"fleet.export.hazard_scale": {"2025": -1}}, "positive_out_of_range"),
    ],
)
def test_a_wrong_override_is_placed_at_its_option(sound, toy, overrides, code):
    with pytest.raises(InputError) as caught:
        load(sound, toy, overrides)
    (path,) = overrides
    fault = caught.value.faults[0]
    assert (fault.code, fault.place) == (code, Place(path=path))
    assert str(fault.place) == f"--set {path}"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("fleet.cars", "set_without_equals"),
        ("=3", "set_without_equals"),
        ("fleet.cars＝3", "full_width"),
        ("fleet.cars=[1", "syntax_bracket"),
        ("fleet.cars=.nan", "not_finite"),
        ("fleet.cars=!!int 3", "tag"),
        ("fleet.cars={a: 1, a: 2}", "duplicate_key"),
    ],
)
def test_a_setting_that_cannot_be_read(setting, code):
    with pytest.raises(InputError) as caught:
        read_settings([setting])
    (fault,) = caught.value.faults
    assert fault.code == code
    assert str(fault.place).startswith("--set ")


def test_every_wrong_setting_is_told():
    with pytest.raises(InputError) as caught:
        read_settings(["a", "b=[1", "c=1", "c=2"])
    assert {fault.code for fault in caught.value.faults} == {"set_without_equals", "syntax_bracket", "set_twice"}


def test_shares_that_no_longer_add_up_are_told_at_the_override(sound, toy):
    with pytest.raises(InputError) as caught:
        load(sound, toy, {"splits.landfill": 0.7})
    assert [(fault.code, str(fault.place)) for fault in caught.value.faults] == [
        ("shares_do_not_add_to_one", "--set splits.landfill")
    ]
