"""Bunkers are drawn off from the front, to the milligram."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_plastics import by_component, plastic_row

from cesim.events.chain.bunkers import Bunker
from cesim.events.chain.material import COUNT

parts = st.tuples(st.integers(0, 10**11), st.integers(0, 10**10), st.integers(0, 3))
loads = st.lists(st.tuples(parts, parts), min_size=1, max_size=6)


def bunker(masses):
    rows = np.array([plastic_row({"PP": first, "PP-T": second}) for first, second in masses])
    return Bunker([10 + 3 * n for n in range(len(rows))], rows)


@given(loads, st.lists(st.floats(0, 1), max_size=5))
def test_every_taker_gets_its_milligrams_and_lots_are_used_in_their_order(masses, shares):
    one = bunker(masses)
    drawn = []
    for who, share in enumerate(shares):
        amount = int(one.left * share)
        one.draw(who, amount)
        drawn.append(amount)
    cut = [one.cuts(place) for place in range(one.touched())]
    order = [taker for who, _ in cut for taker in who]
    assert order == sorted(order, key=lambda taker: taker if taker >= 0 else len(shares))
    assert all(-1 not in who for who, _ in cut[:-1])
    for (who, rows), whole in zip(cut, one.rows, strict=False):
        assert len(who) == len(set(who)) == len(rows)
        assert (rows >= 0).all()
        assert (rows.sum(axis=0) == whole[:COUNT]).all()
    taken = np.zeros(len(shares), dtype=np.int64)
    for who, rows in cut:
        for taker, row in zip(who, rows, strict=True):
            if taker >= 0:
                taken[taker] += row.sum()
    assert taken.tolist() == drawn
    rest = sum(int(rows[who.index(-1)].sum()) for who, rows in cut if -1 in who)
    assert one.left == rest + int(one.rows[one.touched() :, :COUNT].sum())


@given(loads, st.floats(0, 1), st.floats(0, 1))
def test_what_the_next_milligrams_bring_is_what_is_cut(masses, before, share):
    one = bunker(masses)
    one.draw(0, int(one.left * before))
    amount = int(one.left * share)
    expected = one.brought(amount)
    one.draw(1, amount)
    found = np.zeros(3)
    for place in range(one.touched()):
        who, rows = one.cuts(place)
        for taker, row in zip(who, rows, strict=True):
            found += by_component(row) if taker == 1 else np.zeros(3)
    assert np.abs(found - expected).max() <= 16  # a milligram an item at each of two cuts
    assert expected.sum() == pytest.approx(amount, abs=1.0)


def test_pieces_are_like_the_lot_they_are_cut_from():
    one = bunker([((900, 90, 10), (0, 0, 0)), ((500, 500, 0), (0, 0, 0))])
    one.draw(4, 300)
    one.draw(2, 900)
    assert one.left == 800
    who, rows = one.cuts(0)
    assert who == [4, 2]
    assert [by_component(row) for row in rows] == [[270, 27, 3], [630, 63, 7]]
    who, rows = one.cuts(1)
    assert who == [2, -1]
    assert [by_component(row) for row in rows] == [[100, 100, 0], [400, 400, 0]]
    assert one.touched() == 2


def test_nothing_drawn_touches_nothing():
    one = bunker([((1, 0, 0), (0, 0, 0))])
    one.draw(0, 0)
    assert one.touched() == 0
    assert one.takers == []


def test_a_lot_of_nothing_goes_with_the_next():
    one = bunker([((0, 0, 0), (0, 0, 0)), ((8, 0, 0), (0, 0, 0))])
    one.draw(3, 5)
    assert one.touched() == 2
    who, rows = one.cuts(0)
    assert who == [3]
    assert rows.sum() == 0
