"""The steps from before to after."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.plan.games import Attribution, Estimate, Share, waterfall


def attribution(changes, before=10.0, after=None, nothing=()):
    after = before + sum(changes.values()) if after is None else after
    ends = Estimate(before, 0.1), Estimate(after, 0.1), Estimate(after - before, 0.1)
    shares = [Share(name, change, 0.1, "none" if name in nothing else "resolved") for name, change in changes.items()]
    return Attribution("mean", *ends, tuple(shares), 50)


def test_the_largest_step_first_up_or_down_and_nothing_last():
    steps = waterfall(attribution({"none": 0.0, "up": 2.0, "most": 5.0, "down": -3.0}, nothing=("none",)))
    assert [(s.player, s.start, s.change, s.end, s.remaining) for s in steps] == [
        ("most", 10.0, 5.0, 15.0, -1.0),
        ("down", 15.0, -3.0, 12.0, 2.0),
        ("up", 12.0, 2.0, 14.0, 0.0),
        ("none", 14.0, 0.0, 14.0, 0.0),
    ]
    assert [s.standing for s in steps] == ["resolved"] * 3 + ["none"]


def test_equal_steps_keep_the_order_of_the_players_in_spite_of_rounding():
    third = 0.1 + 0.2
    steps = waterfall(attribution({"b": 0.3, "a": third, "c": -0.3, "big": 4.0}))
    assert [s.player for s in steps] == ["big", "b", "a", "c"]
    steps = waterfall(attribution({"b": 0.3, "a": 0.3 + 1e-6}))
    assert [s.player for s in steps] == ["a", "b"]


def test_what_rounding_left_over_stands_after_what_is_small():
    steps = waterfall(attribution({"rounding": 1e-15, "small": 1e-16, "a": 1.0}, nothing=("rounding",)))
    assert [s.player for s in steps] == ["a", "small", "rounding"]


@settings(max_examples=50, deadline=None)
@given(changes=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), before=st.floats(-1e6, 1e6))
def test_steps_join_and_lead_from_before_to_after(changes, before):
    told = attribution({f"m{number}": change for number, change in enumerate(changes)}, before)
    steps = waterfall(told)
    assert steps[0].start == before
    assert steps[-1].end == told.after.value
    assert steps[-1].remaining == 0.0
    assert all(step.end == after.start for step, after in itertools.pairwise(steps))
    scale = 1e-9 * max(1e-300, abs(before), abs(told.after.value), *map(abs, changes))
    for step in steps:
        assert step.end - step.start == pytest.approx(step.change, rel=0, abs=scale)
        assert step.remaining == told.after.value - step.end
    assert sorted(s.player for s in steps) == sorted(share.player for share in told.shares)


def test_shares_that_do_not_lead_to_the_end_are_refused():
    with pytest.raises(InputError) as caught:
        waterfall(attribution({"a": 1.0, "b": 2.0}, after=13.1))
    (fault,) = caught.value.faults
    assert fault.code == "game_not_adding"
    assert fault.arguments["found"] == 3.0
    assert fault.arguments["limits"] == pytest.approx(3.1)
    waterfall(attribution({"a": 1.0, "b": 2.0}, after=13.0 + 1e-9))
    with pytest.raises(InputError):
        waterfall(attribution({"a": 1.0, "b": 2.0}, after=13.0 + 2e-8))


def test_nothing_done_has_no_steps():
    assert waterfall(attribution({})) == ()
    steps = waterfall(attribution({"a": 0.0, "b": 0.0}, before=0.0, nothing=("a", "b")))
    assert [(s.player, s.end) for s in steps] == [("a", 0.0), ("b", 0.0)]


def test_small_units_are_ordered_as_large_ones_are():
    for unit in (1e-12, 1.0, 1e12):
        assert [s.player for s in waterfall(attribution({"b": unit, "a": 2 * unit}, before=0.0))] == ["a", "b"]
