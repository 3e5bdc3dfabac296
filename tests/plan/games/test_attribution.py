"""Attribution over draws: means and shortfalls always, chances only where the draws can tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Attribution, NotResolvable, Players, Target, attribute, coalitions, shapley

LIBS = coalitions(Players(("libs", "records"), {"libs": frozenset({"records"})}))
"""Sets: nobody, records, libs and records."""


def values(attribution):
    return {share.player: share.value for share in attribution.shares}


def standings(attribution):
    return {share.player: share.standing for share in attribution.shares}


def test_two_measures_of_which_one_needs_the_other_by_hand():
    # draws: 1, 3, 11 and 1, 5, 21; a target of 10
    found = attribute(LIBS, [[1.0, 1.0], [3.0, 5.0], [11.0, 21.0]], Target(10.0))
    mean = found.mean
    assert (mean.of, mean.before.value, mean.after.value, mean.total.value, mean.draws) == ("mean", 1.0, 16.0, 15.0, 2)
    assert values(mean) == pytest.approx({"libs": 6.0, "records": 9.0}, rel=1e-14)
    # libs: 4 and 8, so a standard error of 4 / sqrt(2) / sqrt(2) = 2; the total: 10 and 20, so 5
    assert {share.player: share.error for share in mean.shares} == pytest.approx({"libs": 2.0, "records": 3.0})
    assert mean.total.error == pytest.approx(5.0)
    assert (mean.before.error, mean.after.error) == pytest.approx((0.0, 5.0))
    short = found.shortfall
    # shortfalls: 9, 7, 0 and 9, 5, 0
    assert (short.of, short.before.value, short.after.value, short.total.value) == ("shortfall", 9.0, 0.0, -9.0)
    assert values(short) == pytest.approx({"libs": -3.0, "records": -6.0}, rel=1e-14)
    assert found.chance == NotResolvable("chance", "too_few_draws", 2, 1000)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), count=st.integers(1, 8), direction=st.sampled_from(["at_least", "at_most"]))
def test_shares_add_to_the_total_and_are_the_shares_of_the_mean(seed, count, direction):
    game = coalitions(Players(tuple("abcdefgh"[:count])))
    lanes = np.random.default_rng(seed).normal(size=(len(game.sets), 20))
    found = attribute(game, lanes, Target(0.3, direction))
    short = np.maximum(0.3 - lanes if direction == "at_least" else lanes - 0.3, 0.0)
    for attribution, of in ((found.mean, lanes), (found.shortfall, short)):
        shares = list(values(attribution).values())
        assert sum(shares) == pytest.approx(attribution.total.value, rel=0, abs=1e-9)
        assert attribution.total.value == pytest.approx(of[-1].mean() - of[0].mean(), rel=0, abs=1e-12)
        assert shares == pytest.approx(list(shapley(of.mean(axis=1))), rel=0, abs=1e-12)


def test_errors_hold_across_studies():
    # additive measures of 1 and 0.1 with luck of their own; the base's luck is common and drops out
    game = coalitions(Players(("a", "b")))
    inside, errors = [], []
    for study in range(400):
        rng = np.random.default_rng(study)
        base, a, b = rng.normal(0, 50, 30), rng.normal(1, 0.5, 30), rng.normal(0.1, 0.5, 30)
        found = attribute(game, [base, base + a, base + b, base + a + b]).mean
        own = {share.player: share for share in found.shares}
        inside.append([abs(own["a"].value - 1) <= 2 * own["a"].error, abs(own["b"].value - 0.1) <= 2 * own["b"].error])
        errors.append(own["a"].error)
    np.testing.assert_allclose(np.mean(inside, axis=0), 0.945, atol=0.045)
    assert np.mean(errors) == pytest.approx(0.5 / np.sqrt(30), rel=0.05)


def test_standings():
    # a: far from zero; b: within two errors of it; c: nothing in any draw; d: nothing on average
    game = coalitions(Players(tuple("abcd")))
    swing = np.tile([1.0, -1.0], 25)
    brings = {"a": 5 + 0.1 * swing, "b": 0.2 + swing, "c": 0 * swing, "d": swing}
    lanes = [1e3 + sum((brings[name] for name in some), 0 * swing) for some in game.sets]
    found = attribute(game, lanes)
    assert standings(found.mean) == {"a": "resolved", "b": "within_error", "c": "none", "d": "within_error"}
    (c,) = (share for share in found.mean.shares if share.player == "c")
    assert (c.value, c.error) == (0.0, 0.0)


def test_two_errors_are_where_zero_begins():
    game = coalitions(Players(("a",)))
    draws = np.array([1.0, -1.0] * 50)
    error = draws.std(ddof=1) / 10
    for mean, standing in ((2.01 * error, "resolved"), (1.99 * error, "within_error"), (-2.01 * error, "resolved")):
        assert standings(attribute(game, [0 * draws, mean + draws]).mean) == {"a": standing}


def test_what_is_left_by_rounding_is_nothing():
    game = coalitions(Players(("a",)))
    found = attribute(game, [[0.3, 0.3], [0.1 + 0.2, 0.1 + 0.2]])
    assert standings(found.mean) == {"a": "none"}


def test_one_draw_has_shares_without_errors():
    found = attribute(LIBS, [[1.0], [3.0], [11.0]], Target(10.0)).mean
    assert values(found) == pytest.approx({"libs": 4.0, "records": 6.0})
    assert standings(found) == {"libs": "one_draw", "records": "one_draw"}
    assert {share.error for share in found.shares} == {None}
    assert found.total.error is None
    assert standings(attribute(LIBS, [[1.0], [1.0], [1.0]]).mean) == {"libs": "none", "records": "none"}


def test_without_a_target_there_is_only_the_mean():
    found = attribute(LIBS, [[1.0], [3.0], [11.0]])
    assert (found.shortfall, found.chance) == (None, None)


def lanes_with_chances(before, half, full, draws=1000):
    """1 in so many draws of a thousand."""
    return np.array([np.arange(draws) < share * draws / 1000 for share in (before, half, full)], dtype=float)


def test_the_chance_from_a_thousand_draws():
    found = attribute(LIBS, lanes_with_chances(100, 200, 700), Target(1.0)).chance
    assert isinstance(found, Attribution)
    assert (found.of, found.before.value, found.after.value, found.draws) == ("chance", 0.1, 0.7, 1000)
    assert values(found) == pytest.approx({"libs": 0.25, "records": 0.35})
    # in 500 draws libs has one half, in the others nothing
    (libs, _) = found.shares
    assert libs.error == pytest.approx(0.25 / np.sqrt(999))
    assert found.total.error == pytest.approx(np.sqrt(0.6 * 0.4 / 999))


def test_one_draw_less_than_a_thousand_says_nothing_of_a_chance():
    found = attribute(LIBS, lanes_with_chances(100, 200, 700, draws=999), Target(1.0))
    assert found.chance == NotResolvable("chance", "too_few_draws", 999, 1000)
    assert not hasattr(found.chance, "shares")
    assert values(found.shortfall) == pytest.approx({"libs": -0.25, "records": -0.35}, abs=1e-3)


@pytest.mark.parametrize("target", [Target(2.0), Target(-1.0)])
def test_a_chance_that_nothing_changes_is_not_resolvable(target):
    found = attribute(LIBS, lanes_with_chances(100, 200, 700), target)
    assert found.chance == NotResolvable("chance", "never_differs", 1000, 1000)


def test_a_chance_that_measures_change_and_change_back_is_told():
    lanes = np.array([[0.0] * 1000, [1.0] * 1000, [0.0] * 1000])
    found = attribute(LIBS, lanes, Target(1.0)).chance
    assert isinstance(found, Attribution)
    assert values(found) == pytest.approx({"libs": -0.5, "records": 0.5})


@pytest.mark.parametrize(
    ("direction", "short", "met"), [("at_least", [2.0, 0.0, 0.0], [0, 1, 1]), ("at_most", [0.0, 0.0, 1.5], [1, 1, 0])]
)
def test_right_on_the_target_meets_it(direction, short, met):
    target = Target(5.0, direction)
    lanes = np.array([3.0, 5.0, 6.5])
    assert target.shortfall(lanes).tolist() == short
    assert target.met(lanes).tolist() == met


@pytest.mark.parametrize(
    ("level", "direction", "code"),
    [(np.nan, "at_least", "game_target"), (np.inf, "at_most", "game_target"), (1.0, "over", "game_direction")],
)
def test_what_is_no_target(level, direction, code):
    with pytest.raises(InputError) as caught:
        Target(level, direction)
    assert caught.value.faults[0].code == code


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((3, 0)), np.zeros((4, 5)), np.zeros((3, 2, 2))])
def test_lanes_of_another_shape_are_refused(wrong):
    with pytest.raises(InputError) as caught:
        attribute(LIBS, wrong)
    assert caught.value.faults[0].code == "game_shape"


@pytest.mark.parametrize(("row", "named"), [(0, "∅"), (1, "records"), (2, "libs + records")])
def test_a_lane_without_an_answer_is_told_by_its_measures_and_its_draw(row, named):
    lanes = np.ones((3, 7))
    lanes[row, 4] = np.nan
    with pytest.raises(NoAnswer) as caught:
        attribute(LIBS, lanes, Target(1.0))
    (fault,) = caught.value.faults
    assert fault.code == "game_not_finite"
    assert (fault.arguments["coalition"], fault.arguments["index"]) == (named, "4")
    assert str(caught.value).startswith(f"measures: Coalition {named} has no value (nan, index 4)")


def test_a_plan_without_measures_has_an_effect_of_nothing():
    found = attribute(coalitions(Players(("a",)), []), [[1.0, 3.0]], Target(2.0))
    assert found.mean.shares == ()
    assert (found.mean.before.value, found.mean.after.value, found.mean.total.value) == (2.0, 2.0, 0.0)


def test_where_everything_is_zero_nobody_carries_anything():
    assert standings(attribute(LIBS, np.zeros((3, 5))).mean) == {"libs": "none", "records": "none"}


def test_small_units_are_told_as_large_ones_are():
    for unit in (1e-15, 1e15):
        found = attribute(LIBS, np.array([[1.0, 1.0], [3.0, 3.1], [11.0, 12.0]]) * unit)
        assert standings(found.mean) == {"libs": "resolved", "records": "resolved"}
