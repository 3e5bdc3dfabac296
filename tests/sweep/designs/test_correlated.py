"""Declared correlations over any design, and the factors they make of several."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import kstest, spearmanr

from cesim.errors import InputError
from cesim.sweep.designs import Correlated, Factor, MonteCarlo, Saltelli, SaltelliDesign, Sobol, declared, merged

NAMES = ("a", "b", "c", "d")
SINGLES = tuple(Factor(name, (at,)) for at, name in enumerate(NAMES))


@pytest.mark.parametrize("rho", [-0.95, -0.4, 0.0, 0.3, 0.8, 1.0])
def test_a_declared_rank_correlation_is_that_of_the_ranks(rho):
    rows = Correlated(Sobol(4, 1), NAMES, declared({("b", "d"): rho})).rows(0, 8192)
    assert spearmanr(rows[:, 1], rows[:, 3]).statistic == pytest.approx(rho, abs=0.01)
    assert spearmanr(rows[:, 0], rows[:, 3]).statistic == pytest.approx(0.0, abs=0.01)


def test_a_declared_correlation_of_normal_scores_is_that():
    rows = Correlated(Sobol(4, 1), NAMES, declared({("b", "d"): 0.6}, "normal_score")).rows(0, 8192)
    assert np.corrcoef(ndtri(rows[:, [1, 3]]).T)[0, 1] == pytest.approx(0.6, abs=0.005)


def test_every_column_stays_uniform_and_the_others_stay_as_they_were():
    base = MonteCarlo(4, 5)
    rows = Correlated(base, NAMES, declared({("d", "b"): 0.9, ("a", "d"): -0.2})).rows(0, 3000)
    assert all(kstest(column, "uniform").pvalue > 1e-3 for column in rows.T)
    np.testing.assert_array_equal(rows[:, [2, 3]], base.rows(0, 3000)[:, [2, 3]])  # d is named first and leans on none
    assert (rows[:, 1] != base.rows(0, 3000)[:, 1]).all()


def test_crossed_rows_stay_crossed_where_correlated_columns_are_one_factor():
    correlation = declared({("a", "c"): 0.7})
    layout = Saltelli(merged(SINGLES, NAMES, correlation))
    rows = Correlated(SaltelliDesign(layout, 2), NAMES, correlation).rows(0, layout.rows_of(50))
    crossed = layout.split(rows)
    for at, factor in enumerate(layout.factors):
        own, others = list(factor.columns), [j for j in range(4) if j not in factor.columns]
        np.testing.assert_array_equal(crossed.ab[:, at, own], crossed.b[:, own])
        np.testing.assert_array_equal(crossed.ab[:, at, others], crossed.a[:, others])


def test_correlated_factors_are_one_by_way_of_a_third_too():
    pairs = {("d", "a"): 0.3, ("b", "a"): 0.3, ("c", "b"): 0.0}
    assert merged(SINGLES, NAMES, declared(pairs)) == (Factor("a + b + d", (0, 1, 3)), Factor("c", (2,)))
    two = {("d", "a"): 0.3, ("b", "c"): 0.3}
    assert merged(SINGLES, NAMES, declared(two)) == (Factor("a + d", (0, 3)), Factor("b + c", (1, 2)))
    assert merged(SINGLES, NAMES, declared(two | {("a", "b"): 0.1})) == (Factor("a + b + c + d", (0, 1, 2, 3)),)


def test_a_group_is_merged_whole():
    groups = (Factor("shares", (0, 1)), Factor("c", (2,)), Factor("d", (3,)))
    joined = merged(groups, NAMES, declared({("d", "b"): 0.5}))
    assert joined == (Factor("shares + d", (0, 1, 3)), Factor("c", (2,)))
    assert merged(groups, NAMES, declared({("a", "b"): 0.5})) == groups


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ({("a", "b"): 1.2}, ["sweep_correlation_range"]),
        ({("a", "b"): float("nan")}, ["sweep_correlation_range"]),
        ({("a", "a"): 1.0}, ["sweep_correlation_of_one"]),
        ({("a", "b"): 0.2, ("b", "a"): 0.2}, ["sweep_correlation_twice"]),
        ({("a", "b"): 2, ("b", "c"): 0.1, ("c", "b"): 0.3}, ["sweep_correlation_range", "sweep_correlation_twice"]),
        ({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, ["sweep_correlation_impossible"]),
    ],
)
def test_correlations_that_cannot_be_are_told(pairs, codes):
    with pytest.raises(InputError) as caught:
        declared(pairs)
    assert [fault.code for fault in caught.value.faults] == codes
    assert all(code not in str(caught.value) for code in codes)


def test_the_correlation_that_is_told_is_the_one_that_was_written():
    with pytest.raises(InputError) as caught:
        declared({("a", "b"): 0.9, ("c", "b"): 0.9, ("a", "c"): -0.95})
    assert caught.value.faults[0].arguments == {"found": -0.95, "pair": ("a", "c")}


def test_columns_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="'x'"):
        Correlated(MonteCarlo(4, 5), NAMES, declared({("a", "x"): 0.5}))
    with pytest.raises(ValueError, match="4 columns"):
        Correlated(MonteCarlo(4, 5), NAMES[:3], declared({}))
