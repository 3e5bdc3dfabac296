"""Reconciliation beyond the published cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cesim.balance import reconcile

SPLIT = [[1.0, -1.0, -1.0]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_constraints_hold_and_the_sum_of_squares_is_least(seed):
    rng = np.random.default_rng(seed)
    rows = rng.choice([-1.0, 0.0, 1.0], (2, 6))
    measured, sd = rng.uniform(5, 20, 6), rng.uniform(0.1, 2, 6)
    result = reconcile(measured, sd, rows)
    np.testing.assert_allclose(rows @ result.reconciled, 0.0, atol=1e-9)
    best = np.sum(((result.reconciled - measured) / sd) ** 2)
    assert result.global_test.statistic == pytest.approx(best, rel=1e-8, abs=1e-12)
    free = np.linalg.svd(rows)[2][np.linalg.matrix_rank(rows) :]
    for direction in free:
        other = result.reconciled + 0.01 * direction
        assert np.sum(((other - measured) / sd) ** 2) >= best - 1e-9
    assert (result.sd <= sd * (1 + 1e-12)).all()
    np.testing.assert_allclose(np.sqrt(np.maximum(np.diag(result.covariance), 0)), result.sd, atol=1e-7)


def test_a_repeated_constraint_changes_nothing():
    once = reconcile([9.22, 4.83, 3.22], [0.3, 0.1, 0.1], SPLIT)
    twice = reconcile([9.22, 4.83, 3.22], [0.3, 0.1, 0.1], [*SPLIT, [-2.0, 2.0, 2.0]])
    np.testing.assert_allclose(twice.reconciled, once.reconciled)
    assert twice.global_test.degrees == 1


def test_totals_and_covariance():
    result = reconcile([4.0, 5.0], np.diag([1.0, 3.0]), [[1.0, 1.0]], totals=[10.0])
    np.testing.assert_allclose(result.reconciled, [4.25, 5.75])
    assert result.global_test.p_value == pytest.approx(stats.chi2(1).sf(0.25))
    np.testing.assert_allclose(result.measurement_test, [0.5, 0.5])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: reconcile([1.0, np.nan], [1, 1], [[1, 1]]), "not finite"),
        (lambda: reconcile([1.0, 2.0], [1, 1], [[1, 1, 1]]), "do not fit"),
        (lambda: reconcile([1.0, 2.0], [1, 0], [[1, 1]]), "sd: .* smallest 0; allowed: above 0"),
        (lambda: reconcile([1.0, 2.0], [1, 1], [[1, 1], [1, 1]], [3.0, 4.0]), "contradict"),
    ],
)
def test_mistakes_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
