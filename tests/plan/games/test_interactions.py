"""Interactions of pairs: games whose index is known, another road to the index, and the corners of large games."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_games import game, random_game, unanimity

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Players, coalitions, corners, interactions, shapley

SEEDS = st.integers(0, 10_000)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 9), data=st.data())
def test_in_a_unanimity_game_pairs_of_those_needed_have_one_over_their_number_less_one(players, data):
    # Grabisch and Roubens 1999: 1 / (|T| - |S| + 1) for S inside T, here |S| = 2
    needed = data.draw(st.sets(st.integers(0, players - 1), min_size=2))
    found = interactions(unanimity(players, needed))
    for i, j in combinations(range(players), 2):
        assert found[i, j] == pytest.approx(1 / (len(needed) - 1) if {i, j} <= needed else 0.0, abs=1e-13)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 9), seed=SEEDS)
def test_in_an_additive_game_nobody_interacts(players, seed):
    own = np.random.default_rng(seed).integers(-9, 9, players)
    value = game(players, lambda some: 5 + sum(own[p] for p in some))
    np.testing.assert_array_equal(interactions(value), 0.0)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 7), seed=SEEDS, data=st.data())
def test_the_index_is_what_one_gains_from_the_others_presence(players, seed, data):
    # the share of i among all but j, once with j there from the beginning and once without (Grabisch and Roubens 1999)
    value = random_game(players, seed, (2,))
    i, j = data.draw(st.permutations(range(players)))[:2]
    sets = np.arange(2**players)
    with_j, without_j = value[sets[sets >> j & 1 == 1]], value[sets[sets >> j & 1 == 0]]
    place = i - (j < i)
    expected = shapley(with_j)[place] - shapley(without_j)[place]
    np.testing.assert_allclose(interactions(value)[i, j], expected, rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 7), seed=SEEDS)
def test_the_index_is_symmetric_and_its_diagonal_zero(players, seed):
    found = interactions(random_game(players, seed))
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 0.0)


def test_sets_that_differ_are_enough():
    found = coalitions(Players(("libs", "records"), {"libs": frozenset({"records"})}))
    np.testing.assert_array_equal(interactions([0.0, 2.0, 10.0], found.which), [[0.0, 8.0], [8.0, 0.0]])


@pytest.mark.parametrize("players", [0, 1])
def test_one_alone_interacts_with_nobody(players):
    assert interactions(np.zeros((2**players, 4))).tolist() == np.zeros((players, players, 4)).tolist()


@settings(max_examples=25, deadline=None)
@given(players=st.integers(2, 6), seed=SEEDS)
def test_corners_are_differences_at_nobody_and_at_everybody(players, seed):
    value = random_game(players, seed, (2,))
    names = tuple("abcdef"[:players])
    asked = []

    def worth(sets):
        asked.extend(sets)
        return value[[sum(1 << names.index(name) for name in some) for some in sets]]

    alone, last = corners(names, worth)
    assert len(set(asked)) == len(asked) <= 2 * (1 + players + players * (players - 1) // 2)
    full = 2**players - 1
    for i, j in combinations(range(players), 2):
        one, other = 1 << i, 1 << j
        bottom = value[one | other] - value[one] - value[other] + value[0]
        top = value[full] - value[full ^ one] - value[full ^ other] + value[full ^ one ^ other]
        for found, expected in ((alone, bottom), (last, top)):
            np.testing.assert_allclose(found[i, j], expected, rtol=0, atol=1e-12)
            np.testing.assert_array_equal(found[i, j], found[j, i])
    assert not alone[range(players), range(players)].any()


def test_corners_refuse_values_that_are_not_one_for_each_set_or_no_numbers():
    with pytest.raises(InputError) as wrong:
        corners(("a", "b"), lambda sets: [0.0] * (len(sets) + 1))
    assert wrong.value.faults[0].code == "game_shape"
    with pytest.raises(NoAnswer) as missing:
        corners(("a", "b"), lambda sets: [np.nan if "a" in some else 0.0 for some in sets])
    assert missing.value.faults[0].arguments["coalition"] == "a"
