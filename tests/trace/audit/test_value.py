"""What actors' records are worth: games with known values, and the pass against the long way round."""

import itertools
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import loops, random_loop, tiny
from planted import honest

from cesim.errors import InputError
from cesim.trace.audit.value import Widths, onboarding, shapley, values
from cesim.trace.audit.widths import claim_widths
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.graph import recorded_genealogy
from cesim.trace.genealogy.passing import shares

NOBODY = np.zeros(4, dtype=bool)


def glove(mask):
    """One left glove (0), two right ones (1, 2): the textbook case, 2/3, 1/6, 1/6; 3 has none."""
    return 1.0 - float(mask[0] and (mask[1] or mask[2]))


def test_the_glove_game_exactly():
    mean, se = shapley(Widths(glove), [0, 1, 2, 3], NOBODY, orders=12, seed=0)
    np.testing.assert_allclose(mean, [2 / 3, 1 / 6, 1 / 6, 0], atol=1e-12)
    assert (se == 0).all()


def test_the_glove_game_by_sampling():
    mean, se = shapley(Widths(glove), [0, 1, 2, 3], NOBODY, orders=11, seed=3)
    assert (se[:3] > 0).all()
    assert se[3] == 0
    np.testing.assert_array_less(np.abs(mean - [2 / 3, 1 / 6, 1 / 6, 0]), 4 * se + 1e-12)
    assert mean.sum() == pytest.approx(1.0)


@given(st.lists(st.integers(0, 8), min_size=16, max_size=16), st.integers(0, 99))
def test_values_of_any_game_add_up(worth, seed):
    def width(mask):
        return float(worth[int(mask @ [1, 2, 4, 8])])

    everybody = ~NOBODY
    for orders in (2, 12):
        mean, _ = shapley(Widths(width), [0, 1, 2, 3], NOBODY, orders, seed)
        assert mean.sum() == pytest.approx(width(NOBODY) - width(everybody), abs=1e-9)


@given(st.lists(st.integers(0, 8), min_size=8, max_size=8))
def test_exact_values_are_the_mean_over_all_orders(worth):
    def width(mask):
        return float(worth[int(mask[:3] @ [1, 2, 4])])

    found, _ = shapley(Widths(width), [0, 1, 2], NOBODY, 3, 0)
    wanted = np.zeros(3)
    for order in itertools.permutations(range(3)):
        mask = NOBODY.copy()
        for actor in order:
            before = width(mask)
            mask[actor] = True
            wanted[actor] += before - width(mask)
    np.testing.assert_allclose(found, wanted / factorial(3), atol=1e-12)


def test_joining_and_leaving():
    rows = {row.actor: row for row in values(Widths(glove), [0, 1, 2], NOBODY)}
    assert {actor: (row.joins, row.leaves) for actor, row in rows.items()} == {0: (0, 1), 1: (0, 0), 2: (0, 0)}
    rows = {row.actor: row for row in values(Widths(lambda mask: 2.0 + glove(mask)), [0, 1], NOBODY)}
    assert {actor: (row.joins, row.leaves) for actor, row in rows.items()} == {0: (0, 1), 1: (0, 1)}
    with_left = NOBODY.copy()
    with_left[0] = True
    assert [row.actor for row in values(Widths(glove), [0, 1, 2], with_left)] == [1, 2, 0]
    assert [row.actor for row in values(Widths(glove), [2, 1, 0], NOBODY, orders=3)] == [0, 1, 2]
    assert all(row.shapley is None for row in rows.values())


def test_whom_to_bring_on_board_first():
    found = onboarding(Widths(glove), range(4), NOBODY)
    assert found.order == (0, 1, 2, 3)
    assert found.width == (1, 1, 0, 0, 0)
    assert onboarding(Widths(glove), range(4), NOBODY, most=1).order == (0,)


def couple(mask):
    """0 and 1 together are worth 0.8, 2 and 3 a tenth each."""
    return 1.0 - 0.8 * float(mask[0] and mask[1]) - 0.1 * float(mask[2]) - 0.1 * float(mask[3])


def test_those_who_are_worth_something_together_come_together():
    one = onboarding(Widths(couple), range(4), NOBODY)
    assert one.order == (2, 3, 0, 1)
    both = onboarding(Widths(couple), range(4), NOBODY, both_ends=True)
    assert both.order == (0, 1, 2, 3)
    np.testing.assert_allclose(both.width, [1, 1, 0.2, 0.1, 0], atol=1e-12)
    assert onboarding(Widths(couple), range(4), NOBODY, 2, both_ends=True).order == (0, 1)
    assert onboarding(Widths(couple), range(4), NOBODY, 1, both_ends=True).order == (2,)
    there = NOBODY.copy()
    there[[1, 2]] = True
    assert onboarding(Widths(couple), range(4), there, both_ends=True).order == (0, 3)


def test_nothing_is_asked_twice():
    asked = []
    widths = Widths(lambda mask: asked.append(mask.tobytes()) or glove(mask))
    values(widths, range(4), NOBODY, orders=20, seed=1)
    onboarding(widths, range(4), NOBODY)
    assert len(asked) == len(set(asked)) == widths.asked <= 16


def test_a_single_order_has_no_error():
    with pytest.raises(InputError) as caught:
        shapley(Widths(glove), [0, 1, 2, 3], NOBODY, orders=1, seed=0)
    assert caught.value.faults[0].code == "audit_number"


def long_way(records, weight, mask, counted, greatest_loss=0.0):
    seen = np.append(mask, True)[records.entries.actor]
    share = shares(recorded_genealogy(records, seen), greatest_loss=greatest_loss)
    return float(bounds(share, counted).of(weight).width)


@settings(max_examples=25, deadline=None)
@given(loops(12), st.integers(0, 2**32 - 1))
def test_the_pass_is_the_long_way(truth, seed):
    rng = np.random.default_rng(seed)
    records = honest(truth)
    weight = np.where(rng.random(len(truth.lots)) < 0.3, truth.lots.mass_mg, 0).astype(float)
    weight[-1] += 1.0
    loss = float(rng.choice([0.0, 0.1]))
    widths = claim_widths(records, weight, greatest_loss=loss)
    for _ in range(6):
        mask = rng.random(len(truth.names.actors)) < rng.random()
        assert widths(mask) == pytest.approx(long_way(records, weight, mask, [3, 4], loss), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(loops(12), st.integers(0, 2**32 - 1))
def test_nobody_who_joins_widens_the_interval(truth, seed):
    rng = np.random.default_rng(seed)
    widths = claim_widths(honest(truth), truth.lots.mass_mg.astype(float))
    mask = rng.random(len(truth.names.actors)) < 0.5
    for actor in np.flatnonzero(~mask):
        more = mask.copy()
        more[actor] = True
        assert widths(more) <= widths(mask)


def test_with_everybody_all_is_known_and_with_nobody_nothing():
    truth = tiny()
    widths = claim_widths(honest(truth), truth.lots.mass_mg.astype(float))
    everybody = np.ones(len(truth.names.actors), dtype=bool)
    assert widths(everybody) == pytest.approx(0, abs=1e-12)
    assert widths(~everybody) == 1


def test_a_claim_without_mass_is_refused():
    truth = tiny()
    for weight in (np.zeros(len(truth.lots)), np.full(len(truth.lots), -1.0), np.full(len(truth.lots), np.nan)):
        with pytest.raises(InputError) as caught:
            claim_widths(honest(truth), weight)
        assert caught.value.faults[0].code == "group_without_mass"


def test_the_first_on_board_is_who_is_first_in_the_curve():
    truth = random_loop(2, 30)
    weight = np.where(truth.lots.kind == 5, truth.lots.mass_mg, 0).astype(float)  # semis
    widths = claim_widths(honest(truth), weight)
    nobody = np.zeros(len(truth.names.actors), dtype=bool)
    curve = onboarding(widths, range(len(nobody)), nobody)
    assert sorted(curve.order) == list(range(len(nobody)))
    assert (np.diff(curve.width) <= 0).all()
    assert curve.width[0] == 1
    assert curve.width[-1] == pytest.approx(0, abs=1e-12)
