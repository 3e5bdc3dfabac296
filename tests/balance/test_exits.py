"""Competing ways out of use."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.balance import Survival, exits, inflow_driven

AT = st.sampled_from(["start", "mid", "end", "uniform"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), AT, st.booleans())
def test_one_way_out_alone_is_inflow_driven(seed, at, started):
    rng = np.random.default_rng(seed)
    life = Survival("weibull", shape=rng.uniform(1, 4, 3), scale=rng.uniform(3, 15, (2, 1)))
    inflow = rng.uniform(0, 9, 25)
    initial = rng.uniform(0, 5, 3) if started else None
    wanted = inflow_driven(inflow, life, at, initial=initial, cohorts=True)
    found = exits(inflow, {"scrap": life}, at, initial=initial, cohorts=True)
    np.testing.assert_allclose(found.stock, wanted.stock, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.exits["scrap"], wanted.outflow, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(found.stock_by_cohort, wanted.stock_by_cohort, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.exits_by_cohort["scrap"], wanted.outflow_by_cohort, rtol=1e-8, atol=1e-11)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), AT)
def test_exits_add_up_and_conserve(seed, at):
    rng = np.random.default_rng(seed)
    ways = {
        "scrap": Survival("weibull", shape=3.0, scale=rng.uniform(8, 15, 4)),
        "export": rng.uniform(0, 0.3, 24),
        "other": rng.uniform(0, 0.1, (4, 20, 24)),
    }
    result = exits(rng.uniform(0, 9, (4, 20)), ways, at, initial=np.ones(4), cohorts=True)
    np.testing.assert_allclose(sum(result.exits.values()), result.outflow, rtol=1e-13)
    level = 4.0 + np.cumsum(result.inflow - result.outflow, axis=-1)
    np.testing.assert_allclose(level, result.stock, rtol=1e-10, atol=1e-10)
    for name in ways:
        np.testing.assert_allclose(result.exits_by_cohort[name].sum(-1), result.exits[name], rtol=1e-12, atol=1e-13)
        assert (result.exits[name] >= 0.0).all()
    np.testing.assert_allclose(result.stock_by_cohort.sum(-1), result.stock, rtol=1e-12, atol=1e-13)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 0.5), st.floats(0.0, 0.5), AT)
def test_constant_hazards_share_in_proportion_and_add(scrap, export, at):
    inflow = np.ones(30)
    found = exits(inflow, {"scrap": np.full(30, scrap), "export": np.full((30, 30), export)}, at)
    whole = inflow_driven(inflow, Survival("weibull", shape=1.0, scale=1.0 / (scrap + export)), at)
    np.testing.assert_allclose(found.stock, whole.stock, rtol=1e-9)
    np.testing.assert_allclose(found.exits["export"] * scrap, found.exits["scrap"] * export, rtol=1e-9, atol=1e-12)


def test_a_car_that_is_not_exported_is_scrapped_later():
    life, rate = Survival("weibull", shape=3, scale=10), np.full(40, 0.05)
    inflow = np.where(np.arange(40) == 0, 100.0, 0.0)
    both = exits(inflow, {"scrap": life, "export": rate})
    fewer = exits(inflow, {"scrap": life, "export": rate / 2})
    assert fewer.exits["export"].sum() < both.exits["export"].sum()
    assert fewer.exits["scrap"].sum() == pytest.approx(
        both.exits["scrap"].sum() + both.exits["export"].sum() - fewer.exits["export"].sum(), rel=1e-6
    )


def test_calendar_year_changes_only_its_own_year():
    by_year = np.full((10, 10), 0.1)
    by_year[4] = 0.5
    inflow = np.ones(10)
    plain = exits(inflow, {"scrap": np.full((10, 10), 0.1)}, "start")
    shock = exits(inflow, {"scrap": by_year}, "start")
    np.testing.assert_array_equal(plain.stock[:4], shock.stock[:4])
    assert shock.outflow[4] > 3 * plain.outflow[4]
    assert shock.outflow[5] < plain.outflow[5]


def test_the_end_of_a_fixed_life_takes_all():
    result = exits(np.ones(10), {"age limit": Survival("fixed", mean=3), "export": np.full(10, 0.1)}, "end")
    assert result.stock[-1] == pytest.approx(1 + np.exp(-0.1) + np.exp(-0.2))
    assert result.exits["age limit"][3] == pytest.approx(np.exp(-0.2))


def test_series_are_independent_bit_for_bit():
    rng = np.random.default_rng(5)
    inflow, rate = rng.uniform(0, 9, (37, 20)), rng.uniform(0, 0.2, (37, 20))
    together = exits(inflow, {"a": rate, "b": Survival("gamma", mean=9, sd=3)})
    alone = exits(inflow[17], {"a": rate[17], "b": Survival("gamma", mean=9, sd=3)})
    np.testing.assert_array_equal(alone.exits["a"], together.exits["a"][17])
    np.testing.assert_array_equal(alone.stock, together.stock[17])


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        ({}, "found none"),
        ({"scrap": np.ones(3)}, "scrap: found 3 ages; allowed: 5 or more"),
        ({"scrap": np.full(5, -0.1)}, "scrap: found hazard -0.1"),
        ({"scrap": np.full(5, np.nan)}, "scrap: found hazard nan"),
        ({"scrap": np.ones((2, 5)), "export": np.ones((3, 5))}, "scrap .2,., export .3,."),
    ],
)
def test_mistakes_are_named(ways, words):
    with pytest.raises(ValueError, match=words):
        exits(np.ones(5), ways)
