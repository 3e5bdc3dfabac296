"""One clearing: rounds in their order, margins, capacity, approval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_up_metal import A, G, S, belief, metal_plan, window

from cesim.charge.dilution import no_scrap
from cesim.events.chain.approval import Approval, admitted
from cesim.events.chain.clearing import Clearing, Offer, spread, tightened
from cesim.events.clock import DAY
from cesim.ledger.substances import ALLOYS

SIX, SIX_ONE, CAST = (ALLOYS.index(name) for name in ("6016", "6061", "ADC12"))


def offer(cv=0.0, stock=(60.0, 20.0, 50.0, 40.0, 10.0, 0.0, 1e9), size=5.0):
    mean = belief()[0]
    mean[5:] = belief()[0, 3]
    variance = np.square(cv * mean)
    variance[5:], variance[:, 0] = 0.0, 0.0
    return Offer(np.array(stock), mean, variance, np.full(G, size), np.array([1.05] * 5 + [0.0] * 2))


def cleared(given=None, capacity=np.inf, shut=(), risk=0.02):
    need, heats = np.zeros(A), np.ones(A, dtype=np.int64)
    need[[SIX, SIX_ONE, CAST]], heats[[SIX, SIX_ONE, CAST]] = (70.0, 50.0, 90.0), (4, 3, 5)
    metal = metal_plan()
    open_to = admitted(metal, ALLOYS, G, ("first", "again", "casting"))
    for grade, alloy in shut:
        open_to[grade, alloy] = False
    return Clearing(metal, ALLOYS, 0, risk).clear(given or offer(), need, heats, open_to, capacity)


def test_nothing_is_taken_twice_and_own_grades_come_first():
    found = cleared()
    assert (found.taken.sum(axis=1) <= offer().stock + 1e-9).all()
    assert found.taken[:3, SIX].sum() > 55.0
    assert found.taken[1, SIX_ONE] == pytest.approx(20.0)
    assert found.taken[3, CAST] > 10.0
    assert found.taken[[3, 5, 6]][:, [SIX, SIX_ONE]].sum() == 0.0
    assert found.taken[:, SIX].sum() <= 70.0
    assert not found.cut.any()


def test_more_spread_less_scrap():
    first_served = [cleared(offer(cv)).taken[:5, SIX].sum() for cv in (0.0, 0.1, 0.2, 0.4)]
    assert (np.diff(first_served) < -0.5).all()


def test_smaller_bales_more_scrap():
    assert cleared(offer(0.3, size=1.0)).taken[:5, SIX].sum() > cleared(offer(0.3, size=15.0)).taken[:5, SIX].sum() + 1


def test_what_cannot_be_melted_down_is_left():
    free = cleared()
    down = float(offer().gross[:5] @ free.taken[:5].sum(axis=1))
    short = cleared(capacity=down / 3)
    assert float(offer().gross[:5] @ short.taken[:5].sum(axis=1)) == pytest.approx(down / 3)
    assert short.cut.sum() > 5.0
    assert short.taken[6].sum() > 0.0  # ingots are not melted down
    nothing = cleared(capacity=0.0)
    assert nothing.taken[:5].sum() == 0.0


def test_a_grade_that_is_not_open_is_not_taken():
    found = cleared(shut=[(0, SIX), (2, SIX)])
    assert found.taken[[0, 2], SIX].sum() == 0.0
    assert found.taken[2, SIX_ONE] > 0.0


def test_the_element_that_stops_more_scrap_is_named():
    found = cleared(offer(stock=(0.0, 200.0, 0.0, 0.0, 0.0, 0.0, 0.0)))
    assert found.binding[SIX] == 3  # copper
    assert found.binding[SIX_ONE] in (-1, 1, 2, 3, 4, 5, 6)


@given(st.sampled_from(["6016", "6061", "ADC12"]), arrays(np.float64, S, elements=st.floats(0, 0.02)))
def test_limits_drawn_in_leave_room_for_a_heat_without_scrap(alloy, margin):
    own = window(alloy)
    drawn = tightened(own, margin)
    assert (drawn.lower >= own.lower).all()
    assert (drawn.upper <= own.upper).all()
    heat = no_scrap(np.array([1.0]), drawn)
    assert (heat.content[0] <= drawn.upper + 1e-12).all()
    assert heat.primary[0] > 0.0


def test_errors_of_many_bales_cancel():
    one, many = (spread(np.full(G, 10.0), offer(0.2, size=size)) for size in (10.0, 2.5))
    assert many == pytest.approx(one / 2)
    assert spread(np.full(G, 1.0), offer(0.2, size=10.0)) == pytest.approx(one / 10)  # a piece of one bale


def test_a_new_grade_waits_for_its_approval():
    approval = Approval(metal_plan(), ALLOYS, G, 3)
    offered = np.zeros(G, dtype=bool)
    at_first = approval.open_at(0, offered)
    assert at_first[0, SIX]
    assert at_first[[0, 1, 3], CAST].all()
    assert not at_first[1, SIX]
    offered[1] = True
    assert not approval.open_at(10 * DAY, offered)[1, SIX]
    assert not approval.open_at(100 * DAY, offered)[1, SIX]
    assert approval.open_at(102 * DAY, offered)[1, SIX]
    assert not approval.open_at(10**9, offered)[0, SIX_ONE]  # never offered


def test_what_the_plan_has_in_use_waits_for_nothing():
    used = np.zeros((G, A), dtype=bool)
    used[1, SIX] = True
    approval = Approval(metal_plan(in_use=used), ALLOYS, G, 3)
    found = approval.open_at(0, np.ones(G, dtype=bool))
    assert found[1, SIX]
    assert not found[0, SIX]
    assert Approval(metal_plan(), ALLOYS, G, 0).open_at(5, np.ones(G, dtype=bool))[1, SIX]
