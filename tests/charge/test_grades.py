"""Scrap classes: limits, usual compositions and words are three things."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import ScrapGrade
from cesim.errors import InputError

CLIP = ScrapGrade(
    "6xxx clip", upper={"Fe": 0.004, "Cu": 0.0025}, lower={"Mg": 0.003}, free_iron=0.0, foreign={"oil_grease": 0.01}
)
LOT = {"Fe": 0.003, "Cu": 0.002, "Mg": 0.005, "free_iron": 0.0, "oil_grease": 0.005}


def test_the_families_of_the_table():
    assert {"taboo", "twitch", "tough", "zorba"} <= set(ScrapGrade.names("ReMA"))
    assert set(ScrapGrade.names("JIS")) == {"jis_wire_1", "jis_new_1", "jis_can_new", "jis_can_old", "jis_car_castings"}
    assert len(ScrapGrade.names("EN 13920")) == 15
    assert ScrapGrade.names("Japanese trade") == ("doyukai_21",)
    assert "elv_hood" in ScrapGrade.names("estimated")


def test_limits_of_the_table():
    twitch = ScrapGrade.named("Twitch")
    assert twitch.upper == {"Fe": 0.01}  # "analytical iron"
    assert twitch.foreign["free_zn"] == 0.01
    assert twitch.status == "unverified"
    assert ScrapGrade.named("tense").status == "unverified"  # its limit was read, its usual composition was not
    assert ScrapGrade.named("tweak").free_iron == 0.015
    assert ScrapGrade.named("jis_new_1").lower == {"Al": 0.99}
    assert ScrapGrade.named("jis_new_1").status == "read"
    assert "JIS" in ScrapGrade.named("jis_new_1").source


@pytest.mark.parametrize(
    ("name", "basis"),
    [("taboo", "limits"), ("elv_hood", "typical"), ("en13920_9", "typical"), ("zorba", "words"), ("talk", "words")],
)
def test_what_a_class_is_made_of(name, basis):
    assert ScrapGrade.named(name).basis == basis


@pytest.mark.parametrize("name", ["elv_hood", "en13920_9", "zorba"])
def test_a_usual_composition_is_no_limit(name):
    grade = ScrapGrade.named(name)
    for asked in (lambda: grade.accepts({"Fe": 0.0}), lambda: grade.scaled(2.0)):
        with pytest.raises(InputError) as caught:
            asked()
        assert {fault.code for fault in caught.value.faults} == {"charge_no_limits"}


def test_a_usual_composition_keeps_mean_and_spread():
    assert ScrapGrade.named("elv_hood").typical["Fe"] == (pytest.approx(0.003), pytest.approx(0.0008))
    assert ScrapGrade.named("recycal_b").typical["Fe"] == (pytest.approx(0.01058), None)


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"Fe": 0.004}, True),
        ({"Fe": 0.0041}, False),
        ({"Cu": 0.0026}, False),
        ({"Mg": 0.003}, True),
        ({"Mg": 0.0029}, False),
        ({"free_iron": 0.001}, False),
        ({"oil_grease": 0.01}, True),
        ({"oil_grease": 0.02}, False),
        ({"Si": 0.1}, True),
    ],
)
def test_what_a_class_takes(changed, taken):
    assert bool(CLIP.accepts({**LOT, **changed})) is taken


def test_aluminium_is_what_is_left():
    grade = ScrapGrade.named("jis_new_1")
    assert grade.accepts({"Fe": 0.004, "Si": 0.006})
    assert not grade.accepts({"Fe": 0.004, "Si": 0.0061})
    assert grade.accepts({"Al": 0.98, "Fe": 0.004})  # a reading of aluminium does not overrule the rest


def test_what_is_limited_must_be_measured():
    with pytest.raises(InputError) as caught:
        CLIP.accepts({"Fe": 0.003})
    assert {f.arguments["field"] for f in caught.value.faults} == {"Cu", "Mg", "free_iron", "oil_grease"}


def test_free_iron_is_not_part_of_the_composition():
    grade = ScrapGrade("g", lower={"Al": 0.9}, free_iron=0.3)
    assert grade.accepts({"Fe": 0.05, "free_iron": 0.2})


@given(
    st.lists(st.tuples(st.floats(0, 0.02), st.floats(0, 0.02)), min_size=1, max_size=30),
    st.floats(0.1, 5.0),
    st.floats(1.0, 3.0),
)
def test_scaled_classes_are_nested_and_the_score_says_where(lots, narrow, factor):
    grade = ScrapGrade("g", upper={"Fe": 0.004, "Cu": 0.0025})
    lots = np.array(lots)
    elements = ("Fe", "Cu")
    inner = grade.scaled(narrow).accepts(lots, elements)
    outer = grade.scaled(narrow * factor).accepts(lots, elements)
    assert not (inner & ~outer).any()
    score = grade.score(lots, elements)
    clear = np.abs(score - narrow) > 1e-9
    np.testing.assert_array_equal(inner[clear], (score <= narrow)[clear])


def test_a_limit_of_nothing_stays_nothing():
    grade = ScrapGrade("g", upper={"Pb": 0.0})
    np.testing.assert_array_equal(grade.scaled(3.0).accepts({"Pb": [0.0, 1e-4]}), [True, False])


def test_scaling_leaves_foreign_matter_alone():
    wide = CLIP.scaled(10.0)
    assert (wide.foreign, wide.lower, wide.free_iron) == (CLIP.foreign, CLIP.lower, 0.0)
    assert wide.upper["Fe"] == pytest.approx(0.04)
    assert CLIP.scaled(1e4).upper["Fe"] == 1.0
