"""Only sets that differ are evaluated, and every coalition finds its own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.plan.games import Players, coalitions, shapley

CHAIN = Players(("records", "libs", "bale"), {"libs": frozenset({"records"}), "bale": frozenset({"libs"})})


def test_a_chain_of_three_has_four_sets():
    found = coalitions(CHAIN)
    assert found.players == ("records", "libs", "bale")
    assert found.sets == (
        frozenset(),
        frozenset({"records"}),
        frozenset({"records", "libs"}),
        frozenset({"records", "libs", "bale"}),
    )
    assert found.which.tolist() == [0, 1, 0, 2, 0, 1, 0, 3]


def test_shares_along_a_chain_by_hand():
    # records 2, then libs 8, then bale 3: records is behind all three gains, libs behind two, bale behind one
    found = coalitions(CHAIN)
    np.testing.assert_allclose(shapley([0.0, 2.0, 10.0, 13.0], found.which), [2 + 4 + 1, 4 + 1, 1], rtol=1e-14)


def test_two_measures_of_which_one_needs_the_other_by_hand():
    players = Players(("libs", "records"), {"libs": frozenset({"records"})})
    found = coalitions(players)
    assert found.sets == (frozenset(), frozenset({"records"}), frozenset({"libs", "records"}))
    np.testing.assert_allclose(shapley([0.0, 2.0, 10.0], found.which), [4.0, 6.0], rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(data=st.data(), count=st.integers(0, 7))
def test_every_coalition_finds_its_active_set(data, count):
    names = tuple("abcdefg"[:count])
    needs = {
        name: frozenset(data.draw(st.sets(st.sampled_from(names[:number]), max_size=2))) if number else frozenset()
        for number, name in enumerate(names)
    }
    players = Players(names, needs)
    found = coalitions(players)
    assert found.sets[0] == frozenset()
    assert len(set(found.sets)) == len(found.sets)
    assert set(found.which.tolist()) == set(range(len(found.sets)))
    for coalition, row in enumerate(found.which):
        taken = [name for bit, name in enumerate(names) if coalition >> bit & 1]
        assert found.sets[row] == players.active(taken)


def test_a_plan_plays_one_alternative():
    players = Players(("wide", "x", "narrow"), {"x": frozenset({"narrow"})}, (frozenset({"wide", "narrow"}),))
    found = coalitions(players, ["x", "narrow"])
    assert found.players == ("x", "narrow")
    assert found.sets == (frozenset(), frozenset({"narrow"}), frozenset({"x", "narrow"}))
    with pytest.raises(InputError) as caught:
        coalitions(players)
    assert caught.value.faults[0].code == "game_rivals_together"


def test_what_needs_a_measure_outside_the_plan_never_acts():
    found = coalitions(CHAIN, ["records", "bale"])
    assert found.players == ("records", "bale")
    assert found.sets == (frozenset(), frozenset({"records"}))
    assert shapley([1.0, 4.0], found.which).tolist() == [3.0, 0.0]


def test_twelve_free_measures_are_the_most():
    names = tuple("abcdefghijklm")
    assert len(coalitions(Players(names[:12])).sets) == 4096
    with pytest.raises(InputError) as caught:
        coalitions(Players(names))
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments) == ("game_too_many_sets", {"found": 8192, "limits": 4096})


def test_more_measures_are_counted_where_needs_leave_few_sets():
    names = tuple("abcdefghijklmnop")
    needs = {after: frozenset(before) for before, after in itertools.pairwise(names)}
    found = coalitions(Players(names, needs))
    assert len(found.sets) == 17
    with pytest.raises(InputError) as caught:
        coalitions(Players((*names, "q"), needs | {"q": frozenset("p")}))
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments) == ("game_too_many", {"found": 17, "limits": 16})


def test_values_must_be_one_for_each_set():
    found = coalitions(CHAIN)
    np.testing.assert_array_equal(found.spread([[0.0], [1.0], [2.0], [3.0]])[:, 0], found.which)
    for wrong in ([0.0, 1.0, 2.0], np.zeros((5, 2)), 3.0):
        with pytest.raises(InputError) as caught:
            found.spread(wrong)
        assert caught.value.faults[0].code == "game_shape"
