"""Other people's games and the values they found for them."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_games import game, voting

from cesim.plan.games import Players, sampled, shapley


def test_the_glove_game():
    # one left glove, two right ones, a pair is worth 1 (Shapley 1959): 2/3, 1/6, 1/6
    value = game(3, lambda some: 0 in some and len(some) > 1)
    np.testing.assert_allclose(shapley(value), [2 / 3, 1 / 6, 1 / 6], rtol=0, atol=1e-15)


def test_the_airport_of_four_aircraft():
    # runway costs 8, 11, 13, 18; each pays its part of every stretch it needs: 2, 3, 4, 9 (Littlechild and Owen 1973)
    costs = [8, 11, 13, 18]
    value = game(4, lambda some: max((costs[p] for p in some), default=0))
    np.testing.assert_allclose(shapley(value), [2, 3, 4, 9], rtol=1e-14)


def test_the_rule_of_ibn_ezra_is_the_airport_game_of_the_claims():
    # an estate of 120 and claims of 30, 40, 60 and 120: 7.5, 10 5/6, 20 5/6, 80 5/6 (O'Neill 1982)
    claims = [30, 40, 60, 120]
    value = game(4, lambda some: max((claims[p] for p in some), default=0))
    np.testing.assert_allclose(shapley(value), [7.5, 65 / 6, 125 / 6, 485 / 6], rtol=1e-14)


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100, [100 / 3] * 3), (200, [100 / 3, 250 / 3, 250 / 3]), (300, [50, 100, 150])],
)
def test_the_estate_of_the_talmud(estate, shares):
    # claims of 100, 200, 300; a coalition gets what the others leave: the first to come is paid first (O'Neill 1982)
    claims = [100, 200, 300]
    value = game(3, lambda some: max(0, estate - sum(claims[p] for p in range(3) if p not in some)))
    np.testing.assert_allclose(shapley(value), shares, rtol=1e-14)


def test_four_shareholders():
    # votes of 40, 30, 20, 10 with a majority above 50 (Shapley and Shubik 1954): 5, 3, 3, 1 twelfths
    np.testing.assert_allclose(shapley(voting([4, 3, 2, 1], 6)), np.array([5, 3, 3, 1]) / 12, rtol=1e-14)


def test_the_council_of_ministers_of_1958_in_which_luxembourg_had_a_vote_and_no_power():
    found = shapley(voting([4, 4, 4, 2, 2, 1], 12))
    np.testing.assert_allclose(found[:5], np.array([14, 14, 14, 9, 9]) / 60, rtol=1e-14)
    assert found[5] == 0.0


def council(permanent, elected, quota):
    great = frozenset(range(permanent))
    return game(permanent + elected, lambda some: great <= some and len(some) >= quota)


def test_the_security_council_of_eleven():
    # five with a veto, seven votes of eleven: the great powers hold 98.7 % (Shapley and Shubik 1954)
    found = shapley(council(5, 6, 7))
    np.testing.assert_allclose(found, [76 / 385] * 5 + [1 / 462] * 6, rtol=1e-12)
    assert found[:5].sum() == pytest.approx(0.987, abs=5e-4)


def test_the_security_council_of_fifteen():
    # nine votes of fifteen: 421/2145 with a veto, 4/2145 without
    np.testing.assert_allclose(shapley(council(5, 10, 9)), [421 / 2145] * 5 + [4 / 2145] * 10, rtol=1e-12)


def test_the_security_council_of_fifteen_from_a_sample():
    names = tuple(f"state {number}" for number in range(15))
    great = frozenset(names[:5])
    found = sampled(
        Players(names),
        lambda sets: [float(great <= some and len(some) >= 9) for some in sets],
        budget=20_000,
        seed=3,
    )
    known = np.array([421 / 2145] * 5 + [4 / 2145] * 10)
    assert found.error.max() < 0.02
    assert (np.abs(found.shares - known) <= 4 * found.error).all()
