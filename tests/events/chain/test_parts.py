"""The library of cases: each part in as many of them as the balance says, and each part for itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_cars import names, treatment

from cesim.events.chain.parts import (
    CASES,
    LEFT,
    SOLD,
    TAKEN,
    identification,
    library,
    must_come_off,
    pieces_a_car,
)
from cesim.events.draws import Draws
from cesim.ledger.substances import ALLOYS
from cesim.quantities.streams import KeyedSource

PARTS = tuple("abcdefg")
shares = st.lists(st.floats(0, 1), min_size=len(PARTS), max_size=len(PARTS)).map(np.array)


def draws(seed=0):
    return Draws(KeyedSource(seed))


@settings(max_examples=40, deadline=None)
@given(reused=shares, taken=shares, seed=st.integers(0, 5))
def test_each_share_is_met_to_within_one_case(reused, taken, seed):
    cases = library(draws(seed), PARTS, reused, taken)
    assert cases.shape == (CASES, len(PARTS))
    assert np.abs((cases == SOLD).sum(axis=0) - reused * CASES).max() <= 1.0
    off = reused + (1.0 - reused) * taken
    assert np.abs((cases != LEFT).sum(axis=0) - off * CASES).max() <= 1.0
    assert set(np.unique(cases)) <= {LEFT, SOLD, TAKEN}


@settings(max_examples=25, deadline=None)
@given(reused=shares, taken=shares, other=st.floats(0, 1), part=st.integers(0, len(PARTS) - 1))
def test_another_share_of_one_part_changes_no_other(reused, taken, other, part):
    before = library(draws(), PARTS, reused, taken)
    changed = taken.copy()
    changed[part] = other
    after = library(draws(), PARTS, reused, changed)
    rest = [n for n in range(len(PARTS)) if n != part]
    assert np.array_equal(before[:, rest], after[:, rest])
    assert np.array_equal(before[:, part] == SOLD, after[:, part] == SOLD)


@settings(max_examples=25, deadline=None)
@given(reused=shares, taken=shares, more=st.floats(0, 1))
def test_where_more_is_taken_what_was_taken_before_still_is(reused, taken, more):
    low = library(draws(), PARTS, reused, taken) == TAKEN
    high = library(draws(), PARTS, reused, taken + (1.0 - taken) * more) == TAKEN
    assert not (low & ~high).any()


def test_parts_are_taken_independently():
    cases = library(draws(), PARTS, np.zeros(7), np.full(7, 0.5)) == TAKEN
    seen = np.corrcoef(cases.T)
    assert np.abs(seen - np.eye(7)).max() < 4.5 / np.sqrt(CASES)


def test_a_part_more_or_another_order_changes_no_part():
    half = np.full(7, 0.5)
    before = library(draws(), PARTS, half * 0.2, half)
    turned = library(draws(), PARTS[::-1], half * 0.2, half)[:, ::-1]
    fewer = library(draws(), PARTS[2:], half[2:] * 0.2, half[2:])
    assert np.array_equal(before, turned)
    assert np.array_equal(before[:, 2:], fewer)
    assert not np.array_equal(before, library(draws(1), PARTS, half * 0.2, half))


def test_none_and_all_are_none_and_all():
    assert (library(draws(), ("a", "b", "c"), np.array([0.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0])) == [0, 1, 2]).all()


# what is known of alloys


def test_alloys_are_known_of_as_many_cars_as_in_the_balance():
    plan = treatment()
    known, rows = identification(plan, names())
    mixed = names().part_grades.index("part-mixed")
    told = [ALLOYS.index(name.removeprefix("part-")) for name in names().part_grades[:7]]
    assert known == pytest.approx(1.0 - plan.identified[told[0], mixed])
    assert 0.0 < known < 1.0
    assert rows.sum(axis=1) == pytest.approx(1.0)
    together = rows[told] * known
    together[:, mixed] += 1.0 - known
    assert together == pytest.approx(plan.identified[told], abs=1e-12)


def test_where_nothing_is_identified_no_car_is_known():
    plan = treatment()
    mixed = names().part_grades.index("part-mixed")
    identified = plan.identified.copy()
    told = identified[:, mixed] > 0
    identified[told] = 0.0
    identified[told, mixed] = 1.0
    known, rows = identification(replace(plan, identified=identified), names())
    assert known == 0.0
    assert np.array_equal(rows, identified)


# labour that is short


def test_what_the_law_wants_off_must_come_off_and_nothing_else():
    must = dict(zip(names().parts, must_come_off(treatment(), names()).tolist(), strict=True))
    assert {name for name, held in must.items() if held} == {"tyres", "fluids", "lead_battery_and_electronics", "lamps"}


def test_pieces_a_car_are_counted():
    plan, made = treatment(), names()
    cases = library(draws(), made.parts, plan.reused, plan.taken)
    found = pieces_a_car(cases, plan, made, 0.3)
    wheels = made.parts.index("wheels")
    assert found["wheels"] == pytest.approx((cases[:, wheels] == TAKEN).mean())
    wrought = [made.parts.index(name) for name in made.parts[:6]]
    some = (cases[:, wrought] == TAKEN).any(axis=1).mean()
    assert found["part-mixed"] == pytest.approx(0.7 * some)
    assert found["part-6016"] == pytest.approx(0.3 * some)
    assert found["part-pp"] <= 1.0
