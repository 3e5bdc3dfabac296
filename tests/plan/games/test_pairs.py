"""Pairs in words: who brings nothing without whom."""

from __future__ import annotations

import numpy as np
import pytest

from cesim.errors import InputError, NoAnswer
from cesim.plan.games import Players, coalitions, pairs

TWO = coalitions(Players(("libs", "records")))
"""Sets: nobody, libs, records, both."""


def told(values, direction="at_least", noise=0.0, draws=50):
    luck = np.random.default_rng(1).normal(0.0, 1.0, (4, draws))
    (pair,) = pairs(TWO, np.array(values, dtype=float)[:, None] + noise * luck, direction)
    assert (pair.first, pair.second) == ("libs", "records")
    return pair


@pytest.mark.parametrize(
    ("values", "kind", "needing"),
    [
        ([0, 0, 0, 5], "need_each_other", None),
        ([0, 0, 2, 10], "needs", "libs"),
        ([0, 2, 0, 10], "needs", "records"),
        ([0, 0.09, 2, 12], "needs", "libs"),  # alone not a hundredth of what it brings with the other
        ([0, 0.11, 2, 12], "strengthen", None),
        ([0, 3, 2, 10], "strengthen", None),
        ([0, 3, 2, 4], "overlap", None),
        ([0, 3, 2, 3], "overlap", None),
        ([0, 3, 2, 5], "independent", None),
        ([0, 3, 2, 5.019], "independent", None),  # below a hundredth of the lesser of the two
        ([0, 3, 2, 5.021], "strengthen", None),
        ([0, 0, 2, 2], "independent", None),
        ([7, 7, 7, 7], "independent", None),
        ([0, -3, 2, -1], "independent", None),
    ],
)
def test_kinds(values, kind, needing):
    pair = told(values)
    assert (pair.kind, pair.needing) == (kind, needing)
    shifted = told(np.array(values) + 100.0)
    assert (shifted.kind, shifted.needing) == (kind, needing)


@pytest.mark.parametrize(
    ("values", "kind"), [([0, -3, -2, -10], "strengthen"), ([0, -3, -2, -4], "overlap"), ([0, 0, -2, -10], "needs")]
)
def test_where_less_is_better_more_taken_off_together_is_strength(values, kind):
    assert told(values, "at_most").kind == kind


def test_two_that_overlap_in_going_the_wrong_way():
    assert told([0, -3, -2, -4]).kind == "strengthen"  # together they do less harm than apart


def test_too_much_noise_is_said():
    assert told([0, 3, 2, 6], noise=0.1).kind == "strengthen"
    unclear = told([0, 3, 2, 6], noise=10.0)
    assert unclear.kind == "unclear"
    assert abs(unclear.index.value) <= 2 * unclear.index.error


def test_one_draw_has_no_error_and_is_taken_as_it_is():
    pair = told([0, 3, 2, 6], draws=1)
    assert (pair.kind, pair.index.error) == ("strengthen", None)


def test_figures_of_a_pair_among_three_by_hand():
    # a and b bring 4 together; with c also 6 more; c alone 1
    worth = {"": 0, "a": 0, "b": 0, "ab": 4, "c": 1, "ac": 1, "bc": 1, "abc": 11}
    game = coalitions(Players(("a", "b", "c")))
    lanes = np.array([[worth["".join(sorted(some))]] * 2 for some in game.sets], dtype=float)
    found = {(pair.first, pair.second): pair for pair in pairs(game, lanes)}
    ab = found["a", "b"]
    assert (ab.alone.value, ab.last.value, ab.index.value, ab.kind) == (4.0, 10.0, 7.0, "need_each_other")
    ac = found["a", "c"]
    assert (ac.alone.value, ac.last.value, ac.index.value) == (0.0, 6.0, 3.0)
    assert [pair.index.value for pair in pairs(game, lanes)] == [7.0, 3.0, 3.0]


def test_the_error_is_that_of_a_difference_under_common_luck():
    luck = np.random.default_rng(0).normal(size=50) * 100.0
    together = np.random.default_rng(1).normal(size=50)
    (pair,) = pairs(TWO, np.stack([luck, 3 + luck, 2 + luck, 9 + luck + together]))
    assert pair.index.value == pytest.approx(4 + together.mean())
    assert pair.index.error == pytest.approx(together.std(ddof=1) / np.sqrt(50))


def test_needs_make_a_pair_that_needs():
    game = coalitions(Players(("libs", "records", "other"), {"libs": frozenset({"records"})}))
    brings = {"libs": 8.0, "records": 2.0, "other": 1.0}
    lanes = np.array([[sum(brings[name] for name in some)] * 3 for some in game.sets])
    found = {(pair.first, pair.second): (pair.kind, pair.needing) for pair in pairs(game, lanes)}
    assert found == {
        ("libs", "records"): ("needs", "libs"),
        ("libs", "other"): ("independent", None),
        ("records", "other"): ("independent", None),
    }


def test_lanes_of_another_shape_and_lanes_without_a_value_are_refused():
    for wrong in (np.zeros(4), np.zeros((4, 0)), np.zeros((3, 5)), np.zeros((4, 2, 2))):
        with pytest.raises(InputError) as caught:
            pairs(TWO, wrong)
        assert caught.value.faults[0].code == "game_shape"
    lanes = np.zeros((4, 3))
    lanes[3, 1] = np.nan
    with pytest.raises(NoAnswer) as missing:
        pairs(TWO, lanes)
    assert missing.value.faults[0].arguments["coalition"] == "libs + records"
