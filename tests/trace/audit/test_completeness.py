"""How actors write: worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import tiny
from planted import honest, without

from cesim.trace.audit.completeness import claim_gap, coverage, mean_over_mass, recorded_share, writing


def test_the_records_of_the_tiny_ledger():
    found = writing(honest(tiny()))
    # mie: 2 take-backs, 2 dismantlings, 2 shipments; the casthouse's baling is inside and no record
    assert found.records.tolist() == [6, 3, 2, 9, 4]
    np.testing.assert_allclose(found.handled_t, [2, 1, 0.2, 0.461, 0.198])
    np.testing.assert_allclose(found.per_tonne, [3, 3, 10, 9 / 0.461, 4 / 0.198])
    assert found.delay_s.tolist() == [0] * 5
    assert found.complete.tolist() == [1] * 5


def test_late_records_and_records_with_gaps():
    records = honest(tiny())
    own = np.flatnonzero(records.entries.actor == 0)
    records.written_s[own] += [10, 20, 30, 40, 1000, 50]
    records.entries.inputs.mass_mg[records.entries.inputs.start[own[1]]] = -1
    records.entries.sources.origin[records.entries.sources.start[own[0]]] = -1
    found = writing(records)
    assert found.delay_s.tolist() == [35, 0, 0, 0, 0]
    np.testing.assert_allclose(found.complete, [4 / 6, 1, 1, 1, 1])


def test_who_writes_nothing():
    records = without(honest(tiny()), np.flatnonzero(tiny().actor == 2))
    found = writing(records)
    assert (found.records[2], found.per_tonne[2], found.delay_s[2], found.complete[2]) == (0, 0, 0, 0)


def test_the_share_that_is_recorded():
    truth = tiny()
    records = honest(truth)
    assert recorded_share(len(truth), records) == 1
    half = without(records, np.arange(0, len(truth), 5))
    assert recorded_share(len(truth), half) == pytest.approx(0.8)
    made_up = replace(records, event=np.where(np.arange(len(truth)) < 5, -1, records.event))
    assert recorded_share(len(truth), made_up) == pytest.approx(0.8)
    twice = replace(records, event=np.zeros(len(truth), dtype=np.int64))
    assert recorded_share(len(truth), twice) == pytest.approx(1 / 25)
    assert recorded_share(0, without(records, np.arange(len(truth)))) == 0


def test_means_go_by_mass():
    share, mass = np.array([0.2, 0.8]), np.array([3.0, 1.0])
    assert mean_over_mass(share, mass) == pytest.approx(0.35)
    assert coverage(share, mass) == pytest.approx(0.35)
    assert claim_gap(np.array([0.5, 0.5]), share, mass) == pytest.approx(0.15)
    assert claim_gap(share, np.array([0.5, 0.5]), mass) == pytest.approx(-0.15)
    assert mean_over_mass(share, np.zeros(2)) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 10**9)), min_size=1))
def test_a_gap_of_nothing(rows):
    share, mass = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert claim_gap(share, share, mass) == 0
    assert share.min() - 1e-12 <= coverage(share, mass) <= share.max() + 1e-12
