"""Shares from a sample of orders: against exact ones, and what a sample promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_games import by_all_orders, random_game

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Players, coalitions, sampled, shapley
from cesim.plan.games.orders import block, met
from cesim.plan.games.sampled import FEWEST, MOST

TEN = tuple("abcdefghij")
NEEDS = {"b": frozenset("a"), "e": frozenset("d"), "f": frozenset("de")}


class Table:
    """A value function that notes what it was asked."""

    def __init__(self, names, values):
        self.names, self.values, self.asked, self.calls = names, values, [], 0

    def __call__(self, sets):
        self.asked.extend(sets)
        self.calls += 1
        return self.values[[sum(1 << self.names.index(name) for name in some) for some in sets]]


def saturating(players, seed=0):
    """Each measure brings less the more others there are, and some bring more with their neighbour."""
    rng = np.random.default_rng(seed)
    some = (np.arange(2**players)[:, None] >> np.arange(players)) & 1
    beside = some[:, 1:] * some[:, :-1] @ rng.uniform(0, 0.5, players - 1)
    return 1 - np.exp(-some @ rng.uniform(0.05, 0.4, players) - beside)


def exact(players, values):
    game = coalitions(players)
    rows = [sum(1 << players.names.index(name) for name in some) for some in game.sets]
    return shapley(values[rows], game.which)


@pytest.mark.parametrize(
    ("budget", "design", "needs"), [(150, "pair", NEEDS), (250, "pair", {}), (600, "ring", {}), (340, "ring", NEEDS)]
)
def test_a_sample_is_within_four_errors_of_the_exact_shares_and_its_errors_are_true(budget, design, needs):
    players, values = Players(TEN, needs), saturating(10)
    known = exact(players, values)
    found = [sampled(players, Table(TEN, values), budget=budget, seed=seed) for seed in range(60)]
    assert {(one.design, one.ended) for one in found} == {(design, "budget")}
    assert max(one.coalitions for one in found) <= budget
    off, error = (np.array(which) for which in zip(*((one.shares - known, one.error) for one in found), strict=True))
    assert (np.abs(off[0]) <= 4 * error[0]).all()
    assert 0.88 < (np.abs(off) <= 2 * error).mean() < 0.99  # Student's t with 13 degrees of freedom: 93 %
    assert (np.abs(off.mean(axis=0)) < 4 * off.std(axis=0) / np.sqrt(60)).all()
    np.testing.assert_allclose(np.sqrt((error**2).mean(axis=0)) / off.std(axis=0, ddof=1), 1.0, atol=0.35)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), budget=st.integers(40, 400))
def test_shares_add_to_the_effect_whatever_the_sample(seed, budget):
    found = sampled(Players(TEN), Table(TEN, random_game(10, seed, (2, 3))), budget=budget, seed=seed)
    assert found.shares.shape == found.error.shape == (10, 2, 3)
    np.testing.assert_allclose(found.shares.sum(axis=0), found.everybody - found.nobody, rtol=0, atol=1e-12)


def test_games_of_pairs_are_exact_from_any_sample():
    # an order and its reverse cancel all that two do together
    rng = np.random.default_rng(4)
    own, both = rng.normal(size=10), np.triu(rng.normal(size=(10, 10)), 1)
    some = ((np.arange(1024)[:, None] >> np.arange(10)) & 1).astype(float)
    values = some @ own + np.einsum("si,ij,sj->s", some, both, some)
    for budget in (60, 900):
        found = sampled(Players(TEN), Table(TEN, values), budget=budget)
        np.testing.assert_allclose(found.shares, shapley(values), rtol=0, atol=1e-13)
        assert found.error.max() < 1e-13


@pytest.mark.parametrize("design", ["ring", "pair"])
def test_a_block_is_unbiased_because_every_player_is_as_likely_at_every_place(design):
    counts = np.zeros((5, 5))
    for number in range(400):
        orders = block(tuple("abcde"), 7, number, design)
        assert len(orders) == (10 if design == "ring" else 2)
        assert (np.sort(orders, axis=1) == np.arange(5)).all()
        own = np.zeros((5, 5))
        np.add.at(own, (orders, np.arange(5)[None, :]), 1)
        assert design == "pair" or (own == 2).all()
        counts += own / len(orders)
    np.testing.assert_allclose(counts / 400, 0.2, atol=4 * np.sqrt(0.16 / 400 / (1 if design == "pair" else 2)))


def test_orders_and_their_reverses_stand_in_every_block():
    for design in ("ring", "pair"):
        orders = block(TEN, 0, 3, design).tolist()
        assert all(order[::-1] in orders for order in orders)


def test_a_ring_asks_for_its_arcs_only():
    sets = np.unique(met(block(TEN, 0, 0, "ring")))
    assert len(sets) == 10 * 9 + 2
    assert (sets[0], sets[-1]) == (0, 1023)


def test_sets_met_along_an_order():
    assert met(np.array([[2, 0, 1]])).tolist() == [[0, 4, 5, 7]]


def test_all_orders_of_three_are_met_and_averaged():
    values = random_game(3, 1)
    found = sampled(Players(tuple("abc")), Table(tuple("abc"), values), budget=8)
    assert (found.ended, found.coalitions, found.blocks) == ("exhausted", 8, MOST)
    np.testing.assert_allclose(found.shares, by_all_orders(values), atol=1e-9 + 5 * found.error.max())


def test_the_order_of_the_others_does_not_change_with_a_player_more():
    for number in range(20):
        few, more = block(tuple("abcde"), 1, number, "pair")[0], block(tuple("abcdxe"), 1, number, "pair")[0]
        kept = ["abcdxe"[player] for player in more if player != 4]
        assert kept == ["abcde"[player] for player in few]


def test_the_same_seed_gives_the_same_and_another_seed_another_sample():
    values = saturating(10)
    one, same, other = (sampled(Players(TEN), Table(TEN, values), budget=300, seed=s).shares for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()


def test_only_distinct_active_sets_are_asked_for_and_none_twice():
    players = Players(TEN, NEEDS)
    table = Table(TEN, saturating(10))
    found = sampled(players, table, budget=400)
    assert len(set(table.asked)) == len(table.asked) == found.coalitions <= 400
    assert all(players.active(some) == some for some in table.asked)
    assert {frozenset(), frozenset(TEN)} <= set(table.asked)


def test_sets_are_asked_for_in_batches_of_hundreds():
    table = Table(TEN, saturating(10))
    found = sampled(Players(TEN), table, budget=900)
    assert table.calls <= 900 // 256 + 1
    assert found.ended == "budget"


def test_a_needed_measure_outside_the_plan_keeps_its_dependant_out():
    table = Table(TEN, saturating(10))
    found = sampled(Players(TEN, NEEDS), table, plan=set(TEN) - {"a"}, budget=300)
    assert found.players == tuple("bcdefghij")
    assert found.shares[0] == 0.0
    assert found.error[0] == 0.0
    assert not any(some & {"a", "b"} for some in table.asked)


def test_it_ends_when_the_wanted_error_is_reached_and_not_before_enough_blocks():
    names = tuple(f"m{number}" for number in range(16))
    values = saturating(16)
    loose = sampled(Players(names), Table(names, values), budget=20_000, wanted=1.0)
    assert (loose.ended, loose.design) == ("error", "ring")
    assert FEWEST <= loose.blocks <= FEWEST + 2
    tight = sampled(Players(names), Table(names, values), budget=20_000, wanted=loose.error.max() / 2)
    assert tight.ended == "error"
    assert tight.error.max() <= loose.error.max() / 2
    assert loose.coalitions < tight.coalitions < 20_000
    never = sampled(Players(names), Table(names, values), budget=3_000, wanted=1e-9)
    assert never.ended == "budget"


def test_every_wanted_error_must_be_reached():
    values = np.stack([saturating(10), 1000 * saturating(10)], axis=1)
    one = sampled(Players(TEN), Table(TEN, values), budget=800, wanted=[0.02, np.inf])
    both = sampled(Players(TEN), Table(TEN, values), budget=800, wanted=[0.02, 0.02])
    assert (one.ended, both.ended) == ("error", "budget")


def test_the_error_of_an_average_over_draws_is_that_of_the_average():
    draws = np.random.default_rng(0).normal(1.0, 0.3, 40)
    values = saturating(10)[:, None] ** np.abs(draws)
    found = sampled(Players(TEN), Table(TEN, values), budget=400, average=lambda shares: shares.mean(axis=-1))
    of_mean = sampled(Players(TEN), Table(TEN, values.mean(axis=1)), budget=400)
    assert found.shares.shape == (10, 40)
    np.testing.assert_allclose(found.shares.mean(axis=1), of_mean.shares, rtol=0, atol=1e-13)
    np.testing.assert_allclose(found.error, of_mean.error, rtol=1e-9)


def refusal(kind, *arguments, **options):
    with pytest.raises(kind) as caught:
        sampled(*arguments, **options)
    (fault,) = caught.value.faults
    return fault.code, fault.arguments


def test_what_cannot_be_sampled_is_refused():
    table = Table(TEN, saturating(10))
    code, told = refusal(InputError, Players(TEN), table, budget=20)
    assert code == "game_budget"
    assert sampled(Players(TEN), table, budget=told["limits"]).blocks == 2
    assert refusal(InputError, Players(TEN), table, budget=told["limits"] - 1)[0] == "game_budget"
    assert refusal(InputError, Players(TEN), table, plan=(), budget=99)[0] == "game_no_players"
    assert refusal(InputError, Players(TEN), table, budget=99, wanted=0.0)[0] == "game_wanted"
    assert refusal(InputError, Players(TEN), table, budget=99, wanted=[0.1, np.nan])[0] == "game_wanted"
    many = Players(tuple(f"m{number}" for number in range(63)))
    assert refusal(InputError, many, table, budget=99) == ("game_too_many", {"found": 63, "limits": 62})
    assert refusal(InputError, Players(TEN), lambda _: [0.0], budget=99)[0] == "game_shape"


def test_as_many_measures_as_a_whole_number_has_room_for():
    names = tuple(f"m{number}" for number in range(62))
    found = sampled(Players(names), lambda sets: [float(len(some)) for some in sets], budget=500)
    np.testing.assert_allclose(found.shares, 1.0, rtol=0, atol=1e-12)
    assert found.everybody == 62.0


def test_values_that_change_their_shape_are_refused():
    calls = []

    def value(sets):
        calls.append(1)
        return np.zeros((len(sets), len(calls)))

    assert refusal(InputError, Players(TEN), value, budget=900)[0] == "game_shape"


def test_a_set_without_a_value_is_named():
    code, told = refusal(NoAnswer, Players(TEN), lambda sets: [np.nan if not some else 1.0 for some in sets], budget=99)
    assert (code, told["coalition"]) == ("game_not_finite", "∅")


def test_rings_are_taken_as_soon_as_eight_of_them_fit():
    arcs = [met(block(TEN, 0, number, "ring")).ravel() for number in range(8)]
    enough = len(np.unique(np.concatenate(arcs)))
    values = saturating(10)
    fit, one_less = (sampled(Players(TEN), Table(TEN, values), budget=budget) for budget in (enough, enough - 1))
    assert (fit.design, fit.blocks, fit.coalitions) == ("ring", 8, enough)
    assert one_less.design == "pair"
