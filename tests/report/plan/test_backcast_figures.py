"""The road-map and the front as pictures: bars where their years are, a staircase that never falls."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_backcast import roads, told

from cesim.plan.backcast import Bar, RoadMap, RoadMapRow
from cesim.report.casthouse.tracks import EDGE, WIDE
from cesim.report.plan.backcast_front import steps
from cesim.report.plan.backcast_view import backcast_view
from cesim.report.plan.gantt import FEET, HIGH, LANE, place, road_maps, strip

YEARS = st.integers(2010, 2070)


def polygons(markup):
    return [
        (css, [tuple(map(float, pair.split(","))) for pair in points.split()])
        for css, points in re.findall(r'<polygon class="([^"]*)" points="([^"]*)"', markup)
    ]


def one(bar, plan="backcast", first=2025, last=2040):
    bars = {"forecast": None, "backcast": None, plan: bar}
    row = RoadMapRow("a", "a", "a", "chain", "mid", "aluminium", "metal", False, (), **bars)
    return RoadMap((row,), first, last), row


def test_a_measure_comes_in_along_a_wedge_and_then_is_full():
    held, row = one(Bar(2030, 2035, 1.0, False, 0.0, 0.0, 0.0))
    [(css, corners)] = polygons(strip(held, row))
    assert css == "k-main"
    start, full, end = (EDGE + (WIDE - 2 * EDGE) * share for share in (5 / 16, 10 / 16, 1.0))
    foot = FEET["backcast"]
    told_x = [x for x, _ in corners]
    assert told_x == pytest.approx([start, full, end, end], abs=0.06)
    assert [y for _, y in corners] == pytest.approx([foot, foot - LANE, foot - LANE, foot], abs=0.06)


def test_half_a_measure_is_half_as_high_and_one_that_waits_is_pale():
    held, row = one(Bar(2030, 2030, 0.5, True, 0.0, 0.0, 0.0), "forecast")
    [(css, corners)] = polygons(strip(held, row))
    assert css == "k-none waits"
    ys = [y for _, y in corners]
    assert max(ys) - min(ys) == pytest.approx(LANE / 2, abs=0.06)


@given(YEARS, st.integers(0, 20), st.floats(0.01, 1.0))
def test_bars_stay_in_their_strip_and_lane(start, ramp, level):
    for plan in ("forecast", "backcast"):
        held, row = one(Bar(start, start + ramp, level, False, 0.0, 0.0, 0.0), plan)
        [(_, corners)] = polygons(strip(held, row, (2035,)))
        assert all(0.0 <= x <= WIDE and FEET[plan] - LANE - 0.06 <= y <= FEET[plan] for x, y in corners)
        assert [x for x, _ in corners[:3]] == sorted(x for x, _ in corners[:3])
    assert FEET["forecast"] <= FEET["backcast"] - LANE
    assert FEET["backcast"] <= HIGH


@given(YEARS, YEARS)
def test_later_years_stand_further_right(one_year, other):
    held = roads()
    if one_year <= other:
        assert place(held, one_year) <= place(held, other)


def test_every_measure_of_either_plan_has_a_row_under_its_pillar(hand_scenario):
    figures = road_maps(backcast_view(hand_scenario, told(), "en"))
    assert [figure.title.split(":")[0] for figure in figures] == ["pillar 1", "pillar 2"]
    first, second = (str(figure.body) for figure in figures)
    assert first.count('class="name"') == 1
    assert second.count('class="name"') == 2
    assert len(polygons(first)) == 2
    assert "from 2030, at 50 %, 0.200 bn JPY <small>plan as written: from 2027, 0.400 bn JPY" in first
    assert "not taken <small>plan as written: from 2028 (lacks what it needs)" in second
    assert "from 2032, 10.0 bn JPY <small>plan as written: not taken" in second


def test_what_stays_as_it_is_is_said_to_be_the_same(hand_scenario):
    bar = Bar(2028, 2031, 1.0, False, 1e9, 1e9, 1e9)
    row = RoadMapRow("sort", "a", "a", "chain", "mid", "aluminium", "metal", False, (), bar, bar)
    held = told()
    held = type(held)(**{**vars(held), "roads": RoadMap((row,), 2025, 2040)})
    [figure] = road_maps(backcast_view(hand_scenario, held, "en"))
    assert "from 2028, 1.00 bn JPY <small>as in the plan as written" in figure.body


def test_the_front_is_a_staircase():
    assert steps([(0.5, 1.0), (0.8, 3.0)]) == ((0.0, 1.0), (50.0, 1.0), (50.0, 3.0), (80.0, 3.0))
    assert steps([]) == ()
