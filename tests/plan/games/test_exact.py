"""Exact shares: against all orders of joining, and what Shapley asked of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_games import by_all_orders, game, random_game, unanimity

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Players, coalitions, shapley

SEEDS = st.integers(0, 10_000)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(1, 6), seed=SEEDS)
def test_shares_are_the_mean_over_all_orders(players, seed):
    value = random_game(players, seed, (2, 3))
    np.testing.assert_allclose(shapley(value), by_all_orders(value), rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(1, 12), seed=SEEDS, base=st.sampled_from([0.0, 1e6]))
def test_shares_add_to_the_whole_effect(players, seed, base):
    value = random_game(players, seed) + base
    assert shapley(value).sum() == pytest.approx(value[-1] - value[0], rel=0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 8), seed=SEEDS, data=st.data())
def test_players_who_do_the_same_get_the_same(players, seed, data):
    i, j = data.draw(st.permutations(range(players)))[:2]
    worth = np.random.default_rng(seed).normal(size=(2, 2**players))
    rest = frozenset(range(players)) - {i, j}

    def value(some):  # i and j count, whichever of them it is
        return worth[len(some & {i, j}) % 2, sum(1 << p for p in some & rest)] + 2.0 * ({i, j} <= some)

    found = shapley(game(players, value))
    assert found[i] == pytest.approx(found[j], rel=0, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(1, 8), seed=SEEDS, data=st.data(), own=st.sampled_from([0.0, -2.5]))
def test_who_brings_nothing_gets_nothing_and_who_brings_the_same_always_gets_that(players, seed, data, own):
    dummy = data.draw(st.integers(0, players - 1))
    coalition = np.arange(2**players)
    value = random_game(players, seed)[coalition & ~(1 << dummy)] + own * (coalition >> dummy & 1)
    found = shapley(value)[dummy]
    assert found == pytest.approx(own, rel=0, abs=1e-12)
    if own == 0.0:
        assert found == 0.0


@settings(max_examples=25, deadline=None)
@given(players=st.integers(1, 8), seed=SEEDS)
def test_shares_of_a_sum_are_the_sums_of_shares(players, seed):
    one, other = random_game(players, seed), random_game(players, seed + 1)
    np.testing.assert_allclose(shapley(one - 3.0 * other), shapley(one) - 3.0 * shapley(other), rtol=0, atol=1e-11)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(1, 12), data=st.data())
def test_those_who_are_all_needed_share_alike(players, data):
    needed = data.draw(st.sets(st.integers(0, players - 1), min_size=1))
    expected = [1 / len(needed) if player in needed else 0.0 for player in range(players)]
    np.testing.assert_allclose(shapley(unanimity(players, needed)), expected, rtol=0, atol=1e-14)


def test_many_outputs_are_each_attributed_as_if_alone():
    # more columns than are worked on at a time
    value = random_game(11, 5, (3, 100))
    found = shapley(value)
    assert found.shape == (11, 3, 100)
    for output in [(0, 0), (1, 27), (1, 28), (2, 99)]:
        np.testing.assert_allclose(found[:, *output], shapley(value[:, *output]), rtol=0, atol=1e-14)


def test_sets_that_differ_are_enough():
    players = Players(("a", "b", "c", "d"), {"b": frozenset("a"), "d": frozenset("bc")})
    found = coalitions(players)
    value = random_game(4, 2, (5,))[: len(found.sets)]
    np.testing.assert_array_equal(shapley(value, found.which), shapley(found.spread(value)))


def test_nobody_shares_nothing():
    assert shapley([[3.0, 4.0]]).shape == (0, 2)


@pytest.mark.parametrize("value", [5.0, [], [1.0, 2.0, 3.0], np.zeros((6, 2))])
def test_coalitions_that_are_no_power_of_two_are_refused(value):
    with pytest.raises(InputError) as caught:
        shapley(value)
    assert caught.value.faults[0].code == "game_shape"


def test_fewer_values_than_sets_are_refused():
    with pytest.raises(InputError) as caught:
        shapley([0.0, 1.0], np.array([0, 1, 1, 2]))
    assert caught.value.faults[0].code == "game_shape"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_coalition_without_a_value_is_told(bad):
    value = np.zeros((4, 3))
    value[2, 1] = bad
    with pytest.raises(NoAnswer) as caught:
        shapley(value)
    (fault,) = caught.value.faults
    assert fault.code == "game_not_finite"
    assert (fault.arguments["coalition"], fault.arguments["index"]) == ("2", "1")
