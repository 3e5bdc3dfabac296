"""Intervals: they contain the truth, have no width where nothing is missing, and only widen when more is missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_ledgers import (
    MELTING,
    SUPPLY,
    Writer,
    drawn,
    entries_of,
    records_of,
    rows_of,
    with_losses,
    without_declared,
)

from cesim.errors import InputError
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.graph import recorded_genealogy, true_genealogy
from cesim.trace.genealogy.passing import shares

COUNTED = (1, 2)
SLACK = 1e-12
seeds = st.integers(0, 2**32 - 1)
missing = st.floats(0.0, 0.6)


def true_share(entries, counted=COUNTED):
    return shares(true_genealogy(entries))[:, list(counted)].sum(axis=1)


@given(seeds, missing, st.sets(st.integers(0, 3)))
@settings(max_examples=300, deadline=None)
def test_bounds_contain_the_truth(seed, share, counted):
    rng = np.random.default_rng(seed)
    entries = drawn(rng)
    genealogy = true_genealogy(entries)
    found = bounds(shares(recorded_genealogy(with_losses(rng, entries, share))), sorted(counted))
    truth = true_share(entries, sorted(counted))
    born = genealogy.birth >= 0
    assert np.all(found.provable[born] <= truth[born] + SLACK)
    assert np.all(found.possible[born] >= truth[born] - SLACK)
    weight = np.where(born, entries.lots.mass_mg, 0)
    group = found.of(weight)
    assert group.provable - SLACK <= weight @ truth / weight.sum() <= group.possible + SLACK


@given(seeds)
@settings(deadline=None)
def test_nothing_missing_leaves_no_width(seed):
    entries = drawn(np.random.default_rng(seed))
    found = bounds(shares(recorded_genealogy(records_of(entries))), COUNTED)
    born = true_genealogy(entries).birth >= 0
    assert np.all(found.width[born] <= SLACK)
    assert found.provable[born] == pytest.approx(true_share(entries)[born], abs=SLACK)


@given(seeds, missing, missing)
@settings(deadline=None)
def test_more_missing_only_widens(seed, share, more):
    rng = np.random.default_rng(seed)
    fuller = with_losses(rng, drawn(rng), share)
    emptier = with_losses(rng, fuller.entries, more)
    wide, narrow = (bounds(shares(recorded_genealogy(records)), COUNTED) for records in (emptier, fuller))
    assert np.all(wide.provable <= narrow.provable + SLACK)
    assert np.all(wide.possible >= narrow.possible - SLACK)


@given(seeds, missing)
@settings(deadline=None)
def test_a_viewer_who_sees_less_proves_less(seed, share):
    rng = np.random.default_rng(seed)
    records = records_of(drawn(rng))
    some = rng.random(len(records)) >= share
    fewer = some & (rng.random(len(records)) >= share)
    wide, narrow = (bounds(shares(recorded_genealogy(records, seen)), COUNTED) for seen in (fewer, some))
    assert np.all(wide.provable <= narrow.provable + SLACK)
    assert np.all(wide.possible >= narrow.possible - SLACK)


@given(seeds, missing, st.floats(0.0, 0.3))
@settings(max_examples=200, deadline=None)
def test_bounds_hold_where_losses_are_not_declared_either(seed, share, undeclared):
    rng = np.random.default_rng(seed)
    entries = drawn(rng, loss=0.5)
    records = with_losses(rng, without_declared(rng, entries, undeclared), share)
    found = bounds(shares(recorded_genealogy(records), greatest_loss=undeclared), COUNTED)
    truth, born = true_share(entries), true_genealogy(entries).birth >= 0
    assert np.all(found.provable[born] <= truth[born] + 1e-8)  # whole milligrams of loss
    assert np.all(found.possible[born] >= truth[born] - 1e-8)


def test_an_undeclared_loss_that_is_not_allowed_for_breaks_the_bound():
    """50 of scrap and 50 of primary give 90; the record knows of the scrap and of 90, and of no loss."""
    writer = Writer(1)
    scrap, primary = writer.lot(50), writer.lot(50)
    writer.write(SUPPLY, 0, outputs=[(scrap, 50)], sources=[(2, 50)])
    writer.write(SUPPLY, 0, outputs=[(primary, 50)], sources=[(0, 50)])
    tapped = writer.lot(90)
    writer.write(MELTING, 0, inputs=[(scrap, 50), (primary, 50)], outputs=[(tapped, 90)], loss=10)
    entries = writer.entries()
    assert true_share(entries)[tapped] == 0.5
    rows = rows_of(entries)
    rows[2][4], rows[2][7] = [(scrap, 50)], 0
    told = recorded_genealogy(records_of(entries_of(rows, entries.names, entries.lots.mass_mg.tolist())))
    assert bounds(shares(told), COUNTED).provable[tapped] == pytest.approx(5 / 9)
    assert bounds(shares(told, greatest_loss=np.array([0, 0, 0.1])), COUNTED).provable[tapped] == 0.5
    assert bounds(shares(told, greatest_loss=0.1), COUNTED).provable[tapped] == pytest.approx(0.45)


def test_a_group_weighs_its_lots():
    found = bounds(np.array([[0.5, 0.25], [0.0, 1.0]]), [1])
    assert found.provable.tolist() == [0.25, 1.0]
    assert found.possible.tolist() == [0.5, 1.0]
    group = found.of(np.array([3.0, 1.0]))
    assert (float(group.provable), float(group.possible)) == (0.4375, 0.625)


@pytest.mark.parametrize("counted", [[2], [-1], [0, 0]])
def test_a_class_that_is_none_is_refused(counted):
    with pytest.raises(InputError, match="each once"):
        bounds(np.zeros((1, 2)), counted)


@pytest.mark.parametrize("weight", [[0.0, 0.0], [2.0, -1.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_group_without_mass_is_refused(weight):
    with pytest.raises(InputError, match="not all at least 0"):
        bounds(np.zeros((2, 2)), [0]).of(np.array(weight))
