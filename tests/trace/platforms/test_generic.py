"""Platforms told by data: the one that ships, and everything that can be wrong with one."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.quantities.streams import KeyedSource
from cesim.text import message
from cesim.trace.platforms.answering import DAY, HOUR
from cesim.trace.platforms.definition import definition
from cesim.trace.platforms.generic import Platform
from cesim.trace.platforms.luck import Luck

FILE = Path(__file__).parents[3] / "scenarios" / "library" / "platforms" / "steel-cfp.yaml"
TOLD = yaml.safe_load(FILE.read_text(encoding="utf-8"))
COIL = {"product": "coil", "heat": "H1", "route": "electric_arc", "mass_kg": 20_000.0, "co2e_kg": 14_000}


def steel():
    return Platform(definition(TOLD), Luck(KeyedSource(1)))


def test_the_platform_that_ships_shows_each_role_its_fields():
    platform = steel()
    number = platform.write("mill", "steelmaker", "footprint", COIL, 0, "H1")
    late = 400 * DAY
    assert set(platform.see(number, "presser", "parts_maker", late)) == {"product", "co2e_kg", "mass_kg"}
    assert set(platform.see(number, "Toyota", "car_maker", late)) == {"product", "co2e_kg", "mass_kg", "route"}
    assert platform.see(number, "x", "certifier", late) == COIL
    assert platform.see(number, "anybody", "stranger", late) == {"product": "coil"}
    assert platform.see(number, "mill", "steelmaker", 0) == COIL
    assert platform.see(number, "other mill", "steelmaker", late) == {"product": "coil"}
    assert platform.see(number, "x", "certifier", 0) == {}
    assert platform.traffic == {"footprint": 1, "seen": 7}


def test_delays_are_of_the_record_and_not_of_the_order():
    one, other = steel(), steel()
    names = [f"H{k}" for k in range(400)]
    for name in names:
        one.write("mill", "steelmaker", "footprint", COIL, 0, name)
    for name in reversed(names):
        other.write("mill", "steelmaker", "footprint", COIL, 0, name)
    delays = [held.seen_s for held in one._held]
    assert delays == [held.seen_s for held in other._held][::-1]
    assert sorted(delays)[200] / DAY == pytest.approx(20, rel=0.15)


def test_people_answer_requests_one_after_the_other():
    told = copy.deepcopy(TOLD)
    told["answering"] = {"people": 1, "hours": 4, "cv": 0}
    platform = Platform(definition(told), Luck(KeyedSource(1)))
    for k in range(3):
        platform.write("Toyota", "car_maker", "footprint_request", {"product": "coil", "due_day": 9}, 9 * HOUR, f"r{k}")
    assert [held.seen_s for held in platform._held] == [13 * HOUR, 17 * HOUR, DAY + 13 * HOUR]
    assert platform.desk.waiting().answers == 3
    assert platform.see(0, "mill", "steelmaker", 13 * HOUR - 1) == {}
    assert platform.see(0, "mill", "steelmaker", 13 * HOUR) == {"product": "coil", "due_day": 9}


@given(
    st.dictionaries(st.sampled_from([*COIL, "scrap_share"]), st.integers(0, 1), max_size=3),
    st.sampled_from(TOLD["roles"]),
    st.integers(0, 400 * DAY),
)
def test_a_field_that_a_role_does_not_see_is_never_shown(extra, role, now):
    values = {**COIL, "mass_kg": 77.125, "heat": "secret-heat", "scrap_share": 0.123456, "co2e_kg": 99.875}
    platform = steel()
    number = platform.write("mill", "steelmaker", "footprint", values, 0, repr(sorted(extra)))
    seen = TOLD["records"]["footprint"]["seen_by"].get(role, [])
    shown = platform.see(number, "somebody", role, now)
    for name, value in values.items():
        if seen != "all" and name not in seen and name != "product":
            assert str(value) not in repr(shown)


def codes(caught):
    return [(fault.code, fault.place.model) for fault in caught.value.faults]


def test_every_fault_of_a_record_is_told_at_once():
    wrong = {**COIL, "mass_kg": -1, "route": "electric", "heet": "H1"}
    del wrong["heat"]
    with pytest.raises(InputError) as caught:
        steel().write("x", "car_maker", "footprint", wrong, 0, "x")
    assert set(codes(caught)) == {
        ("not_a_choice", "steel-cfp.footprint.written_by"),
        ("unknown_key", "steel-cfp.footprint.heet"),
        ("missing_key", "steel-cfp.footprint"),
        ("platform_range", "steel-cfp.footprint.mass_kg"),
        ("not_a_choice", "steel-cfp.footprint.route"),
    }
    near = {fault.place.model: fault.arguments.get("nearest") for fault in caught.value.faults}
    assert near["steel-cfp.footprint.heet"] == "heat"
    assert near["steel-cfp.footprint.route"] == "electric_arc"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("not_a_choice", lambda p: p.write("x", "steelmaker", "footprnt", COIL, 0, "x")),
        ("need_text", lambda p: p.write("x", "steelmaker", "footprint", {**COIL, "heat": 4}, 0, "x")),
        ("need_number", lambda p: p.write("x", "steelmaker", "footprint", {**COIL, "mass_kg": float("nan")}, 0, "x")),
        ("need_number", lambda p: p.write("x", "steelmaker", "footprint", {**COIL, "mass_kg": True}, 0, "x")),
        (
            "need_whole_number",
            lambda p: p.write("x", "car_maker", "footprint_request", {"product": "c", "due_day": 1.5}, 0, "x"),
        ),
        ("request_unknown", lambda p: p.see(0, "x", "certifier", 0)),
    ],
)
def test_what_a_platform_refuses(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong(steel())
    assert [fault.code for fault in caught.value.faults] == [code]


def spoilt(path, value):
    told = copy.deepcopy(TOLD)
    *above, last = path.split(".")
    at = told
    for name in above:
        at = at[name]
    if value is KeyError:
        del at[last]
    else:
        at[last] = value
    return told


@pytest.mark.parametrize(
    ("path", "value", "code", "place"),
    [
        ("name", KeyError, "missing_key", "platform"),
        ("name", 5, "need_text", "name"),
        ("rolls", [], "unknown_key", "platform.rolls"),
        ("records", [], "need_mapping", "records"),
        ("records", {}, "missing_key", "records"),
        ("records.footprint.written_by", ["steelmakers"], "not_a_choice", "records.footprint.written_by"),
        ("records.footprint.written_by", [5], "need_text", "records.footprint.written_by"),
        ("records.footprint.fields.route.choices", KeyError, "missing_key", "records.footprint.fields.route"),
        ("records.footprint.fields.route.kind", "chois", "not_a_choice", "records.footprint.fields.route.kind"),
        ("records.footprint.fields.mass_kg.most", -1, "platform_range", "records.footprint.fields.mass_kg.most"),
        ("records.footprint.fields.mass_kg.least", "0", "need_number", "records.footprint.fields.mass_kg.least"),
        ("records.footprint.fields.mass_kg.need", True, "unknown_key", "records.footprint.fields.mass_kg.need"),
        ("records.footprint.fields.mass_kg.needed", 1, "need_true_false", "records.footprint.fields.mass_kg.needed"),
        ("records.footprint.seen_by.certifer", "all", "unknown_key", "records.footprint.seen_by.certifer"),
        ("records.footprint.seen_by.certifier", ["mass"], "not_a_choice", "records.footprint.seen_by.certifier"),
        ("records.footprint.delay.median", -3, "platform_range", "records.footprint.delay.median"),
        ("answering.people", 1.5, "need_whole_number", "answering.people"),
        ("answering.people", 0, "platform_range", "answering.people"),
        ("answering.closes", 9, "platform_range", "answering.closes"),
        ("answering.hours", float("inf"), "need_number", "answering.hours"),
        ("title.fr", "acier", "unknown_key", "title.fr"),
    ],
)
def test_what_is_wrong_with_a_definition_is_told_at_its_place(path, value, code, place):
    with pytest.raises(InputError) as caught:
        definition(spoilt(path, value), "steel.yaml")
    assert (code, place) in codes(caught)
    assert len(caught.value.faults) == 1
    fault = caught.value.faults[0]
    inside = place.removeprefix("platform").replace(".", "/")
    assert str(fault.place) == f"steel.yaml:{inside if inside.startswith('/') else '/' + inside}" or place == "platform"
    for lang in ("ja", "en"):
        assert code not in message(fault, lang)


def test_all_that_follows_from_a_fault_is_told_with_it():
    with pytest.raises(InputError) as caught:
        definition(spoilt("roles", "steelmaker"))
    assert ("need_list", "roles") in codes(caught)
    assert ("not_a_choice", "records.footprint.written_by") in codes(caught)


@pytest.mark.parametrize("given_", [None, [], "text", 5, {}])
def test_what_is_no_definition_at_all(given_):
    with pytest.raises(InputError):
        definition(given_)
