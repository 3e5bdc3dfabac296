"""Sources of scrap: the moments of what is drawn are those that were stated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.charge import ScrapGrade, ScrapSource
from cesim.errors import InputError, NoAnswer

ELEMENTS = ("Si", "Fe", "Cu")
MEAN, CV = np.array([0.009, 0.003, 0.0015]), np.array([0.16, 0.3, 1.0])
CORRELATION = np.array([[1.0, 0.3, -0.2], [0.3, 1.0, 0.5], [-0.2, 0.5, 1.0]])
TABLE = np.array([[99.0, 0.5, 0.3, 0.1], [98.0, 0.9, 0.4, 0.2], [98.5, 0.7, 0.2, 0.4]])


def hood(**changed):
    given = {"mean": MEAN, "cv": CV, "correlation": CORRELATION, "elements": ELEMENTS, "lot_mass": 12.0, **changed}
    return ScrapSource.lognormal("hood", **given)


def within(found, wanted, draws, errors=5.0):
    """Whether the mean of draws is that wanted, to so many standard errors."""
    assert (
        np.abs(found - wanted).max() <= 0
        or (np.abs(found - wanted) <= errors * draws.std(axis=0) / len(draws) ** 0.5).all()
    ), (found, wanted)


def test_mean_and_spread_are_those_of_the_element_itself():
    source = hood()
    np.testing.assert_allclose(source.mean(), MEAN)
    np.testing.assert_allclose(np.sqrt(np.diag(source.covariance())), CV * MEAN, rtol=1e-12)
    spread = CV * MEAN
    np.testing.assert_allclose(source.covariance() / np.outer(spread, spread), CORRELATION, atol=1e-12)


@pytest.mark.parametrize("within_yard", [0.0, 0.4, 1.0])
def test_draws_have_the_stated_moments(within_yard):
    source = hood(within_yard=within_yard)
    drawn = source.draw(np.random.default_rng(1), 200_000)
    assert drawn.shape == (200_000, 3)
    assert (drawn > 0).all()
    within(drawn.mean(axis=0), source.mean(), drawn)
    products = (drawn - source.mean())[:, :, None] * (drawn - source.mean())[:, None, :]
    within(products.mean(axis=0), source.covariance(), products)


def test_lots_of_a_yard_share_what_was_stated():
    source = hood(within_yard=0.4)
    drawn = source.draw_yards(np.random.default_rng(2), 100_000, 2) - source.mean()
    crossed = drawn[:, 0, :, None] * drawn[:, 1, None, :]
    within(crossed.mean(axis=0), 0.4 * source.covariance(), crossed)
    mix = source.draw_yards(np.random.default_rng(3), 50_000, 5).mean(axis=1) - source.mean()
    products = mix[:, :, None] * mix[:, None, :]
    within(products.mean(axis=0), source.covariance_of_mix(5), products)


def test_lots_of_different_yards_share_nothing():
    drawn = hood(within_yard=0.9).draw(np.random.default_rng(4), 100_000)
    pairs = (drawn[::2] - MEAN) * (drawn[1::2] - MEAN)
    within(pairs.mean(axis=0), np.zeros(3), pairs)


def test_the_spread_of_a_mix_of_many_lots_stops_at_the_root_of_the_correlation():
    source = hood(within_yard=0.25, cv=0.3 * np.ones(3))
    mix = source.draw_yards(np.random.default_rng(5), 4_000, 400).mean(axis=1)
    np.testing.assert_allclose(mix.std(axis=0) / (0.3 * MEAN), 0.5, rtol=0.05)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(1e-4, 0.02), st.floats(0.0, 0.4)), min_size=1, max_size=4),
    st.floats(0.0, 0.9),
    st.floats(0.0, 1.0),
    st.integers(0, 2**32),
)
def test_moments_of_draws_equal_the_stated_for_any_source(moments, loading, within_yard, seed):
    mean, cv = np.array(moments).T
    elements = ("Fe", "Cu", "Si", "Mn")[: len(mean)]
    source = ScrapSource.factors("any", mean, cv, loading, elements, within_yard=within_yard, lot_mass=1.0)
    drawn = source.draw(np.random.default_rng(seed), 20_000)
    assert np.abs(drawn.mean(axis=0) - mean).max() <= (7.0 * cv * mean / 20_000**0.5).max() + 1e-13
    products = (drawn - mean)[:, :, None] * (drawn - mean)[:, None, :]
    slack = 8.0 * products.std(axis=0) / 20_000**0.5 + 1e-14
    assert (np.abs(products.mean(axis=0) - source.covariance()) <= slack).all()


def test_factors_make_elements_correlate_by_the_product_of_their_loadings():
    source = ScrapSource.factors("f", MEAN, CV, [0.5, 0.8, -0.4], ELEMENTS, within_yard=0.2, lot_mass=1.0)
    spread = CV * MEAN
    correlation = source.covariance() / np.outer(spread, spread)
    np.testing.assert_allclose(correlation[0, 1], 0.4)
    np.testing.assert_allclose(correlation[1, 2], -0.32)


def test_an_element_that_is_not_there_stays_away():
    source = hood(mean=[0.009, 0.0, 0.0015])
    assert (source.draw(np.random.default_rng(0), 100)[:, 1] == 0.0).all()


def test_the_same_luck_gives_the_same_lots():
    one, two = (hood(within_yard=0.3).draw(np.random.default_rng(9), 50) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_assays_come_back_whole_and_without_aluminium():
    source = ScrapSource.assays("clip", TABLE, ("Al", "Si", "Fe", "Cu"), lot_mass=10.0)
    assert source.elements == ELEMENTS
    drawn = source.draw(np.random.default_rng(0), 30_000)
    rows = {tuple(row) for row in drawn.round(12)}
    assert rows == {tuple(row) for row in (TABLE[:, 1:] / 100).round(12)}
    within(drawn.mean(axis=0), source.mean(), drawn)
    np.testing.assert_allclose(source.mean(), TABLE[:, 1:].mean(axis=0) / 100)
    products = (drawn - source.mean())[:, :, None] * (drawn - source.mean())[:, None, :]
    within(products.mean(axis=0), source.covariance(), products)
    np.testing.assert_allclose(source.covariance_of_mix(4), source.covariance() / 4)


def test_one_column_and_one_row_of_assays():
    source = ScrapSource.assays("clip", [[0.3]], ("Fe",), lot_mass=10.0)
    np.testing.assert_array_equal(source.covariance(), [[0.0]])
    np.testing.assert_allclose(source.draw(np.random.default_rng(0), 3), 0.003)


def test_a_source_of_the_table_has_its_mean_and_spread():
    source = ScrapSource.named("elv_hood", correlation=0.2, lot_mass=12.0)
    at = source.elements.index("Cu")
    assert source.mean()[at] == pytest.approx(0.0015)
    assert source.covariance()[at, at] == pytest.approx(0.0015**2)
    assert all(row.status == "unverified" for row in source.rows)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zorba", "charge_no_composition"),
        ("taboo", "charge_no_composition"),
        ("en13920_9", "charge_no_composition"),
        ("recycal_b", "charge_no_composition"),
        ("elv_bumper_beam", "charge_not_one_law"),
        ("melt_al91", "charge_not_one_law"),
    ],
)
def test_what_is_no_distribution_is_not_made_one(name, code):
    with pytest.raises(InputError) as caught:
        ScrapSource.named(name, correlation=0.0, lot_mass=12.0)
    assert code in {fault.code for fault in caught.value.faults}


def test_lots_of_more_than_the_whole_are_refused_or_renormalised_as_stated():
    wild = {"mean": [0.4, 0.3], "cv": [0.8, 0.8], "correlation": 0.5, "elements": ("Si", "Cu"), "lot_mass": 1.0}
    with pytest.raises(NoAnswer) as caught:
        ScrapSource.lognormal("wild", **wild).draw(np.random.default_rng(0), 1000)
    assert caught.value.faults[0].code == "charge_needs_closure"
    raw = ScrapSource.lognormal("wild", **wild).law.draw(np.random.default_rng(0), 1000, 1)[:, 0]
    drawn = ScrapSource.lognormal("wild", **wild, closure="renormalise").draw(np.random.default_rng(0), 1000)
    over = raw.sum(axis=1) > 1.0
    assert over.any()
    assert not over.all()
    np.testing.assert_allclose(drawn[over].sum(axis=1), 1.0)
    np.testing.assert_allclose(drawn[over, 0] / drawn[over, 1], raw[over, 0] / raw[over, 1])
    np.testing.assert_array_equal(drawn[~over], raw[~over])


def test_a_clean_source_may_not_be_renormalised():
    with pytest.raises(InputError) as caught:
        hood(closure="renormalise")
    assert caught.value.faults[0].code == "charge_closure_not_needed"


def test_aluminium_is_left_in_every_usual_source():
    for name in ScrapGrade.names():
        try:
            source = ScrapSource.named(name, correlation=0.3, lot_mass=10.0)
        except InputError:
            continue
        assert source.draw(np.random.default_rng(0), 5000).sum(axis=1).max() < 1.0, name
