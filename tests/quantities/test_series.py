"""Quantities over the years."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from cesim.quantities import KeyedSource, Quantity, QuantityError, TimePath, ppf, uniforms

CERTAIN = Quantity(0.2)
WIDE = Quantity(0.6, 0.4, 0.9)
EDGE = Quantity(0.1, 0.0, 0.3)
PATH = TimePath({2035: WIDE, 2020: EDGE})
YEARS = range(2015, 2041)
SOURCE = KeyedSource(1)


def wandering(rho, knots=None):
    return TimePath(knots or {2020: EDGE, 2035: WIDE}, "ar1", rho)


def test_q12_the_best_estimate_runs_in_straight_lines_and_is_constant_outside():
    wanted = np.interp(np.array(YEARS), [2020, 2035], [0.1, 0.6])
    np.testing.assert_allclose(PATH.best(YEARS), wanted, rtol=1e-14)
    np.testing.assert_array_equal(PATH.best([2035, 2015, 2020, 2099]), [0.6, 0.1, 0.1, 0.6])


def test_q12_every_quantile_runs_in_a_straight_line():
    x = PATH.values([2020, 2025, 2035, 2050], [0.05, 0.5, 0.95])
    left, right = ppf(EDGE, [0.05, 0.5, 0.95]), ppf(WIDE, [0.05, 0.5, 0.95])
    np.testing.assert_array_equal(x[:, 0], left)
    np.testing.assert_array_equal(x[:, 2], right)
    np.testing.assert_array_equal(x[:, 3], right)
    np.testing.assert_allclose(x[:, 1], left + (right - left) / 3, rtol=1e-14)


@given(st.lists(st.integers(2000, 2060), min_size=1, max_size=5, unique=True), st.integers(0, 10**6))
def test_paths_stay_between_the_quantiles_of_their_knots(dated, seed):
    knots = {year: Quantity(0.1 + 0.01 * i, 0.05, 0.3 + 0.1 * i) for i, year in enumerate(dated)}
    u = uniforms(seed, "x", 0, 7)
    x = TimePath(knots).values(range(1995, 2066), u)
    at_knots = np.stack([ppf(knot, u) for knot in knots.values()], axis=1)
    assert (x >= at_knots.min(axis=1, keepdims=True) * (1 - 1e-15)).all()
    assert (x <= at_knots.max(axis=1, keepdims=True) * (1 + 1e-15)).all()
    assert x.shape == (7, 71)


def test_a_single_knot_holds_for_ever():
    np.testing.assert_array_equal(
        TimePath({2030: CERTAIN}).values([1999, 2030, 2099], [0.3, 0.7]), np.full((2, 3), 0.2)
    )


def test_q13_one_draw_holds_for_all_years():
    x = PATH.draw(YEARS, SOURCE, "rate", 0, 500)
    np.testing.assert_array_equal(x, PATH.values(YEARS, uniforms(1, "rate", 0, 500)))
    ranks = x.argsort(axis=0)
    np.testing.assert_array_equal(ranks, np.repeat(ranks[:, :1], len(YEARS), axis=1))


def test_one_probability_per_year_gives_the_quantile_of_that_year():
    u = uniforms(1, "x", 0, 12).reshape(4, 3)
    years = [2010, 2027, 2035]
    x = PATH.values(years, u)
    for place, year in enumerate(years):
        np.testing.assert_array_equal(x[:, place], PATH.values([year], u[:, place])[:, 0])


@pytest.mark.parametrize("rho", [0.0, 0.8, -0.5])
def test_q13_ar1_has_its_autocorrelation_and_stays_standard(rho):
    u = wandering(rho).uniforms(range(1990, 2031), SOURCE, "rate", 0, 4000)
    z = ndtri(u)
    lag = [np.corrcoef(z[:, t], z[:, t + 1])[0, 1] for t in range(40)]
    assert np.mean(lag) == pytest.approx(rho, abs=0.012)
    assert np.abs(np.array(lag) - rho).max() < 0.07
    assert np.corrcoef(z[:, 5], z[:, 8])[0, 1] == pytest.approx(rho**3, abs=0.06)
    assert np.abs(z.std(axis=0) - 1.0).max() < 0.05
    assert np.abs(z.mean(axis=0)).max() < 4 / np.sqrt(4000)


def test_q13_the_recursion_is_the_written_one_and_starts_at_2000():
    e = {year: ndtri(uniforms(1, f"rate|{year}", 0, 5)) for year in (1999, 2000, 2001, 2002)}
    u = wandering(0.6).uniforms([1999, 2000, 2002], SOURCE, "rate", 0, 5)
    z1 = 0.6 * e[2000] + 0.8 * e[2001]
    np.testing.assert_allclose(ndtri(u[:, 0]), 0.6 * e[2000] + 0.8 * e[1999], rtol=1e-9)
    np.testing.assert_allclose(ndtri(u[:, 1]), e[2000], rtol=1e-9)
    np.testing.assert_allclose(ndtri(u[:, 2]), 0.6 * z1 + 0.8 * e[2002], rtol=1e-9)


def test_q13_neither_horizon_nor_knots_nor_block_change_the_luck_of_a_year():
    path = wandering(0.7)
    whole = path.draw(range(1995, 2061), SOURCE, "rate", 0, 40)
    years = list(range(1995, 2061))
    for asked in ([2030], [1996, 2001], [2040, 2010, 2040], range(2020, 2051)):
        part = path.draw(asked, SOURCE, "rate", 0, 40)
        np.testing.assert_array_equal(part, whole[:, [years.index(year) for year in asked]])
    np.testing.assert_array_equal(path.draw(years, SOURCE, "rate", 13, 9), whole[13:22])
    other = wandering(0.7, {1998: CERTAIN, 2040: WIDE})
    asked = [1997, 2030]
    np.testing.assert_array_equal(
        other.uniforms(asked, SOURCE, "rate", 0, 9), path.uniforms(asked, SOURCE, "rate", 0, 9)
    )


def test_ar1_keeps_the_percentiles_of_each_year():
    x = np.sort(wandering(0.8).draw([2035], SOURCE, "rate", 0, 20_000)[:, 0])
    assert x[1000] == pytest.approx(0.4, rel=0.02)
    assert x[10_000] == pytest.approx(0.6, rel=0.02)
    assert x[19_000] == pytest.approx(0.9, rel=0.02)


def test_no_years_no_columns():
    for path in (PATH, wandering(0.5)):
        assert path.draw([], SOURCE, "rate", 0, 4).shape == (4, 0)
    assert PATH.best([]).shape == (0,)


def test_a_path_is_certain_when_all_its_knots_are():
    assert TimePath({2020: CERTAIN, 2030: Quantity(0.5)}).is_certain
    assert not TimePath({2020: CERTAIN, 2030: WIDE}).is_certain


def test_a_path_is_kept_in_order_read_only_and_crosses_a_process_boundary():
    assert list(PATH.knots) == [2020, 2035]
    with pytest.raises(TypeError):
        PATH.knots[2021] = WIDE
    for path in (PATH, wandering(0.3)):
        assert pickle.loads(pickle.dumps(path)) == path


REFUSED = [
    ("no_knot", {"knots": {}}),
    ("year_not_integer", {"knots": {2020.0: WIDE}}),
    ("year_not_integer", {"knots": {"2020": WIDE}}),
    ("year_not_integer", {"knots": {True: WIDE}}),
    ("year_out_of_range", {"knots": {203: WIDE}}),
    ("year_out_of_range", {"knots": {20350: WIDE}}),
    ("knots_disagree", {"knots": {2020: WIDE, 2030: Quantity(0.5, kind="positive")}}),
    ("knots_disagree", {"knots": {2020: WIDE, 2030: Quantity(0.5, unit="%")}}),
    ("unknown_correlation", {"knots": {2020: WIDE}, "correlation": "ar2"}),
    ("rho_out_of_range", {"knots": {2020: WIDE}, "correlation": "ar1"}),
    ("rho_out_of_range", {"knots": {2020: WIDE}, "correlation": "ar1", "rho": 1.0}),
    ("rho_out_of_range", {"knots": {2020: WIDE}, "correlation": "ar1", "rho": -1.0}),
    ("rho_out_of_range", {"knots": {2020: WIDE}, "correlation": "ar1", "rho": float("nan")}),
    ("rho_without_ar1", {"knots": {2020: WIDE}, "rho": 0.5}),
]


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_what_cannot_be_a_path_is_refused(code, given):
    with pytest.raises(QuantityError) as fault:
        TimePath(**given)
    assert fault.value.code == code


def test_the_first_and_the_last_year_are_years():
    np.testing.assert_allclose(TimePath({1800: CERTAIN, 2300: WIDE}).best([1800, 2050, 2300]), [0.2, 0.4, 0.6])


def test_years_and_probabilities_asked_for_are_checked():
    with pytest.raises(QuantityError, match="year_not_integer"):
        PATH.best([2020.5])
    with pytest.raises(QuantityError, match="u_out_of_range"):
        PATH.values([2020], [1.0])
    for u in (0.5, np.full((2, 3), 0.5), np.full((1, 2, 1), 0.5)):
        with pytest.raises(QuantityError, match="wrong_shape"):
            PATH.values([2020, 2021], u)
