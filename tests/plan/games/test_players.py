"""Who can act: prerequisites, alternatives, and what cannot be a plan."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.plan.games import Players

LIBS = Players(
    ("records", "libs", "bale", "wide", "narrow"),
    {"libs": frozenset({"records"}), "bale": frozenset({"libs"})},
    (frozenset({"wide", "narrow"}),),
)


def codes(**wrong):
    with pytest.raises(InputError) as caught:
        Players(**wrong)
    return [(fault.code, str(fault.place), fault.arguments["found"]) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("taken", "active"),
    [
        ("", ""),
        ("libs", ""),
        ("records", "records"),
        ("records libs", "records libs"),
        ("libs bale", ""),
        ("records bale", "records"),
        ("records libs bale", "records libs bale"),
        ("wide libs", "wide"),
    ],
)
def test_a_measure_without_what_it_needs_does_nothing(taken, active):
    assert LIBS.active(taken.split()) == frozenset(active.split())


def test_all_that_is_needed_must_be_there():
    players = Players(("a", "b", "c"), {"c": frozenset("ab")})
    assert players.active("ac") == frozenset("a")
    assert players.active("abc") == frozenset("abc")


@settings(max_examples=100, deadline=None)
@given(data=st.data(), count=st.integers(1, 8))
def test_the_closure_is_what_is_left_when_the_inactive_are_struck_out_until_none_is(data, count):
    names = tuple("abcdefgh"[:count])
    needs = {
        name: frozenset(data.draw(st.sets(st.sampled_from(names[:number])))) if number else frozenset()
        for number, name in enumerate(names)
    }
    players = Players(data.draw(st.permutations(names)), needs)
    left = taken = frozenset(data.draw(st.sets(st.sampled_from(names))))
    while any(not needs[name] <= left for name in left):
        left = frozenset(name for name in left if needs[name] <= left)
    assert players.active(taken) == left
    assert players.active(left) == left


def test_rivals_are_one_player_with_alternatives():
    assert LIBS.choices == (
        frozenset({"records"}),
        frozenset({"libs"}),
        frozenset({"bale"}),
        frozenset({"wide", "narrow"}),
    )
    assert LIBS.alternatives("narrow") == frozenset({"wide"})
    assert LIBS.alternatives("libs") == frozenset()
    assert LIBS.played({"narrow", "records"}) == ("records", "narrow")


def test_rivals_two_by_two_are_one_choice():
    pairs = (frozenset("ab"), frozenset("cd"), frozenset("bc"), frozenset("ac"), frozenset("ad"), frozenset("bd"))
    players = Players(tuple("dxcba"), {}, pairs)
    assert players.choices == (frozenset("abcd"), frozenset("x"))


def test_two_alternatives_of_one_player_are_no_plan():
    for asked in (LIBS.active, LIBS.played):
        with pytest.raises(InputError) as caught:
            asked({"narrow", "wide", "libs"})
        (fault,) = caught.value.faults
        assert (fault.code, fault.arguments["found"]) == ("game_rivals_together", ("wide", "narrow"))


@pytest.mark.parametrize("ask", [LIBS.active, LIBS.played, lambda names: LIBS.alternatives(*names)])
def test_a_name_nobody_has_is_told_with_the_nearest(ask):
    with pytest.raises(InputError) as caught:
        ask(["record"])
    (fault,) = caught.value.faults
    assert (fault.code, fault.arguments) == ("game_unknown_name", {"found": "record", "nearest": "records"})


def test_every_wrong_name_is_told():
    found = codes(names=("a", "b", "a"), needs={"x": frozenset("a"), "b": frozenset("ay")}, rivals=(frozenset("az"),))
    assert found == [
        ("game_repeated", "measures", "a"),
        ("game_unknown_name", "measures", "x"),
        ("game_unknown_name", "measures", "z"),
        ("game_unknown_name", "measures.b", "y"),
    ]


def test_measures_that_need_each_other_in_a_circle_are_refused():
    needs = {"b": frozenset("a"), "c": frozenset("b"), "a": frozenset("c"), "d": frozenset("a")}
    ((code, _, circle),) = codes(names=tuple("abcd"), needs=needs)
    assert code == "game_needs_circle"
    # each needs the one after the arrow
    around = circle.split(" → ")
    assert around[0] == around[-1]
    assert sorted(around[1:]) == ["a", "b", "c"]
    assert all(after in needs[before] for before, after in itertools.pairwise(around))


def test_a_measure_that_needs_itself_is_a_circle():
    assert codes(names=("a",), needs={"a": frozenset("a")}) == [("game_needs_circle", "measures.a", "a → a")]


@pytest.mark.parametrize(
    ("needs", "measure"),
    [
        ({"a": frozenset("b")}, "a"),
        ({"a": frozenset("c"), "c": frozenset("b")}, "a"),
        ({"c": frozenset("ab")}, "c"),
        ({"d": frozenset("ca"), "c": frozenset("b")}, "d"),
    ],
)
def test_a_measure_that_needs_rivals_could_never_act(needs, measure):
    found = codes(names=tuple("abcd"), needs=needs, rivals=(frozenset("ab"),))
    assert found == [("game_needs_rivals", f"measures.{measure}", ("a", "b"))]


def test_rivals_of_a_third_that_are_not_each_others_are_no_choice():
    found = codes(names=tuple("abc"), rivals=(frozenset("ab"), frozenset("bc")))
    assert found == [("game_rivals_open", "measures", ("a", "c"))]


def test_players_go_to_another_process_and_keep_their_own_copy():
    needs = {"b": frozenset("a")}
    players = Players(("a", "b"), needs)
    needs["a"] = frozenset("b")
    assert players.active("ab") == frozenset("ab")
    assert pickle.loads(pickle.dumps(players)) == players
