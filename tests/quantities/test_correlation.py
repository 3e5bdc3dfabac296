"""Streams that share their luck."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from cesim.quantities import Correlation, QuantityError, uniforms

NAMES = ("price", "yield", "share")
MATRIX = ((1.0, 0.6, -0.3), (0.6, 1.0, 0.2), (-0.3, 0.2, 1.0))


def streams(count, names=NAMES):
    return {name: uniforms(8, name, 0, count) for name in names}


def test_q14_the_correlations_are_those_asked_for():
    together = Correlation(NAMES, MATRIX).correlate(streams(20_000))
    z = ndtri(np.stack([together[name] for name in NAMES]))
    np.testing.assert_allclose(np.corrcoef(z), MATRIX, atol=4 / np.sqrt(20_000))
    assert np.abs(z.std(axis=1) - 1.0).max() < 0.02


@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_factor_times_itself_is_the_matrix(k, seed):
    x = np.random.default_rng(seed).normal(size=(k, 2))  # rank two: singular from three names on
    matrix = x @ x.T / np.sqrt(np.outer((x**2).sum(axis=1), (x**2).sum(axis=1)))
    np.fill_diagonal(matrix, 1.0)
    factor = Correlation(tuple("abcdef"[:k]), matrix).factor
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=2e-5)
    assert (np.triu(factor, 1) == 0.0).all()


def test_the_factor_is_the_cholesky_of_a_regular_matrix():
    np.testing.assert_allclose(Correlation(NAMES, MATRIX).factor, np.linalg.cholesky(np.array(MATRIX)), rtol=1e-13)


def test_a_stream_that_adds_nothing_new_has_no_pivot():
    factor = Correlation(NAMES, ((1.0, 1.0, 0.6), (1.0, 1.0, 0.6), (0.6, 0.6, 1.0))).factor
    np.testing.assert_allclose(factor, [[1, 0, 0], [1, 0, 0], [0.6, 0, 0.8]], atol=1e-15)


def test_q14_streams_that_lean_on_none_before_them_are_the_same():
    u = {**streams(50), "other": np.array([0.25])}
    together = Correlation(NAMES, MATRIX).correlate(u)
    assert list(together) == list(u)
    np.testing.assert_array_equal(together["price"], u["price"])
    np.testing.assert_array_equal(together["other"], u["other"])
    assert not np.array_equal(together["yield"], u["yield"])
    apart = Correlation(NAMES, np.eye(3)).correlate(u)
    for name in u:
        np.testing.assert_array_equal(apart[name], u[name])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_full_correlation_makes_streams_one(sign):
    u = streams(200, ("a", "b"))
    together = Correlation(("a", "b"), ((1, sign), (sign, 1))).correlate(u)
    wanted = u["a"] if sign > 0 else 1.0 - u["a"]
    np.testing.assert_allclose(together["b"], wanted, rtol=1e-12)


def test_q9_each_draw_is_independent_of_the_others_bit_for_bit():
    correlation = Correlation(NAMES, MATRIX)
    u = streams(301)
    together = correlation.correlate(u)
    for i in (0, 1, 150, 300):
        alone = correlation.correlate({name: column[i : i + 1] for name, column in u.items()})
        for name in NAMES:
            assert alone[name][0] == together[name][i]


def test_extreme_scores_stay_probabilities():
    tiny = np.array([2.0**-53])
    for u in (tiny, 1.0 - tiny):
        together = Correlation(("a", "b"), ((1.0, 0.8), (0.8, 1.0))).correlate({"a": u, "b": u})
        assert 0.0 < together["b"][0] < 1.0
        assert together["b"][0] == pytest.approx(u[0], abs=1e-15)


def test_nothing_declared_nothing_done():
    u = streams(3)
    assert Correlation((), ()).correlate(u) == u


def test_a_correlation_is_a_value():
    one, other = Correlation(NAMES, MATRIX), Correlation(list(NAMES), np.array(MATRIX))
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(ValueError, match="read-only"):
        one.factor[0, 0] = 2.0


def changed(*entries):
    matrix = np.array(MATRIX)
    for row, column, r in entries:
        matrix[row, column] = r
    return matrix


REFUSED = [
    ("correlation_out_of_range", changed((0, 2, 1.0001), (2, 0, 1.0001)), {"price", "share"}),
    ("correlation_out_of_range", changed((1, 2, np.nan), (2, 1, np.nan)), {"yield", "share"}),
    ("not_symmetric", changed((0, 1, 0.61), (1, 2, 0.5)), {"yield", "share"}),
    ("diagonal_not_one", changed((1, 1, 0.9)), {"yield"}),
    ("not_positive_semidefinite", changed((0, 2, -0.95), (2, 0, -0.95), (1, 2, 0.9), (2, 1, 0.9)), {"price", "share"}),
]


@pytest.mark.parametrize(("code", "matrix", "pair"), REFUSED)
def test_correlations_that_cannot_be_name_the_worst_pair(code, matrix, pair):
    with pytest.raises(QuantityError) as fault:
        Correlation(NAMES, matrix)
    assert fault.value.code == code
    assert set(fault.value.arguments["pair"]) == pair


@pytest.mark.parametrize(
    ("code", "names", "matrix"),
    [
        ("matrix_shape", ("a", "b"), MATRIX),
        ("matrix_shape", ("a", "b"), ((1, 0), (0,))),
        ("matrix_shape", ("a",), ()),
        ("name_repeated", ("a", "b", "a"), MATRIX),
    ],
)
def test_names_and_matrix_must_fit(code, names, matrix):
    with pytest.raises(QuantityError) as fault:
        Correlation(names, matrix)
    assert fault.value.code == code
    if code == "name_repeated":
        assert fault.value.arguments["found"] == ["a"]


@pytest.mark.parametrize(
    ("code", "change"),
    [("wrong_shape", np.full(4, 0.5)), ("u_out_of_range", np.array([0.5, 0.5, 1.0])), ("u_out_of_range", np.zeros(3))],
)
def test_streams_handed_over_are_checked(code, change):
    with pytest.raises(QuantityError) as fault:
        Correlation(NAMES, MATRIX).correlate({**streams(3), "share": change})
    assert (fault.value.code, fault.value.arguments["name"]) == (code, "share")


def test_a_missing_stream_is_named():
    with pytest.raises(QuantityError) as fault:
        Correlation(NAMES, MATRIX).correlate({"price": np.array([0.5])})
    assert fault.value.code == "stream_missing"
    assert fault.value.arguments["missing"] == ["yield", "share"]
