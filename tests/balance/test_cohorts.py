"""What must always hold of a stock made of cohorts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cesim.balance import Survival, inflow_driven, inflow_from_age_structure, stock_driven, survival_steps

AT = st.sampled_from(["start", "mid", "end", "uniform"])
LIVES = st.one_of(
    st.builds(lambda m, r: Survival("lognormal", mean=m, sd=m * r), st.floats(2, 30), st.floats(0.1, 1.0)),
    st.builds(lambda k, s: Survival("weibull", shape=k, scale=s), st.floats(0.8, 5), st.floats(2, 30)),
    st.builds(lambda m, r: Survival("gamma", mean=m, sd=m * r), st.floats(2, 30), st.floats(0.1, 1.0)),
    st.builds(lambda m: Survival("fixed", mean=m), st.floats(1.5, 30)),
)
INFLOWS = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 100).map(lambda x: round(x, 6)))


def slow_stock(inflow, life, at, initial=()):
    """Add up year by year and cohort by cohort, as in a textbook."""
    alive = survival_steps(life, len(inflow) + len(initial), at)[:, 0]
    k = len(initial)
    made = [mass / alive[k - 1 - i] for i, mass in enumerate(initial)] + list(inflow)
    return [sum(made[c] * alive[t - c] for c in range(t + 1)) for t in range(k, len(made))]


@settings(max_examples=100, deadline=None)
@given(INFLOWS, LIVES, AT)
def test_stock_agrees_with_the_slow_way_and_is_the_cumulative_net_inflow(inflow, life, at):
    result = inflow_driven(inflow, life, at, cohorts=True)
    np.testing.assert_allclose(result.stock, slow_stock(inflow, life, at), rtol=1e-12, atol=1e-12)
    net = np.cumsum(result.inflow - result.outflow)
    np.testing.assert_allclose(result.stock, net, rtol=1e-12, atol=1e-9)
    assert (result.outflow >= -1e-9).all()
    np.testing.assert_allclose(result.stock_by_cohort.sum(-1), result.stock, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(result.outflow_by_cohort.sum(-1), result.outflow, rtol=1e-9, atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(INFLOWS, LIVES, AT)
def test_inflow_to_stock_to_inflow(inflow, life, at):
    stock = inflow_driven(inflow, life, at).stock
    back = stock_driven(stock, life, at, negative_inflow="allow")
    np.testing.assert_allclose(back.inflow, inflow, rtol=1e-7, atol=1e-7)
    # rounding is not a negative inflow
    assert (stock_driven(stock, life, at).inflow >= 0.0).all()


@pytest.mark.parametrize(("at", "shift"), [("start", -0.5), ("mid", 0.0), ("end", 0.5), ("uniform", 0.0)])
@pytest.mark.parametrize("family", ["lognormal", "gamma", "truncated-normal", "weibull"])
def test_littles_law(at, shift, family):
    life = Survival("weibull", shape=2.5, scale=14) if family == "weibull" else Survival(family, mean=14, sd=4)
    assert inflow_driven(np.full(120, 3.0), life, at).stock[-1] == pytest.approx(3.0 * (life.mean() + shift), rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1), AT)
def test_series_are_independent_of_their_company_bit_for_bit(count, seed, at):
    rng = np.random.default_rng(seed)
    life = {"shape": rng.uniform(1.5, 4, count), "scale": rng.uniform(5, 20, count)}
    inflow = rng.uniform(0, 10, (count, 30))
    together = inflow_driven(inflow, Survival("weibull", **life), at)
    back = stock_driven(together.stock, Survival("weibull", **life), at, negative_inflow="retire-oldest")
    one = rng.integers(count)
    own = Survival("weibull", shape=life["shape"][one], scale=life["scale"][one])
    alone = inflow_driven(inflow[one], own, at)
    np.testing.assert_array_equal(alone.stock, together.stock[one])
    np.testing.assert_array_equal(alone.outflow, together.outflow[one])
    again = stock_driven(alone.stock, own, at, negative_inflow="retire-oldest")
    np.testing.assert_array_equal(again.inflow, back.inflow[one])
    order = rng.permutation(count)
    mixed = Survival("weibull", shape=life["shape"][order], scale=life["scale"][order])
    np.testing.assert_array_equal(inflow_driven(inflow[order], mixed, at).stock, together.stock[order])


def test_blocks_do_not_show(monkeypatch):
    rng = np.random.default_rng(3)
    life = Survival("gamma", mean=rng.uniform(5, 20, (7, 30)), sd=3.0)
    inflow = rng.uniform(0, 5, (30, 40))
    whole = inflow_driven(inflow, life)
    monkeypatch.setattr("cesim.balance.cohorts.WIDTH", 16)
    np.testing.assert_array_equal(inflow_driven(inflow, life).stock, whole.stock)


def test_leading_axes_broadcast():
    life = Survival("weibull", shape=[[2.0], [3.0]], scale=[10.0, 12.0, 15.0])
    inflow = np.arange(1.0, 9.0)
    result = inflow_driven(inflow, life)
    assert result.stock.shape == result.inflow.shape == (2, 3, 8)
    one = inflow_driven(inflow, Survival("weibull", shape=3.0, scale=15.0))
    np.testing.assert_array_equal(result.stock[1, 2], one.stock)
    shared = inflow_driven(np.ones((5, 2, 3, 8)) * inflow, life)
    np.testing.assert_array_equal(shared.stock[4], result.stock)


def test_initial_stock_survives_on_by_conditional_survival():
    life = Survival("weibull", shape=3, scale=12)
    history = np.array([5.0, 3.0, 8.0, 4.0, 6.0, 2.0])
    whole = inflow_driven(history, life, cohorts=True)
    later = inflow_driven(history[3:], life, initial=whole.stock_by_cohort[2, :3], cohorts=True)
    np.testing.assert_allclose(later.stock, whole.stock[3:], rtol=1e-13)
    np.testing.assert_allclose(later.outflow, whole.outflow[3:], rtol=1e-12)
    np.testing.assert_allclose(later.stock_by_cohort, whole.stock_by_cohort[3:], rtol=1e-13)
    np.testing.assert_allclose(later.outflow_by_cohort, whole.outflow_by_cohort[3:], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(inflow_from_age_structure(whole.stock_by_cohort[-1], life), history, rtol=1e-12)
    driven = stock_driven(whole.stock[3:], life, initial=whole.stock_by_cohort[2, :3])
    np.testing.assert_allclose(driven.inflow, history[3:], rtol=1e-11)


STOCKS = arrays(np.float64, st.integers(2, 25), elements=st.floats(0, 100).map(lambda x: round(x, 3)))


@settings(max_examples=100, deadline=None)
@given(STOCKS, LIVES, AT, st.sampled_from(["retire-oldest", "retire-pro-rata", "allow"]))
def test_every_policy_meets_the_wanted_stock(stock, life, at, policy):
    result = stock_driven(stock, life, at, negative_inflow=policy, initial=[6.0], cohorts=True)
    np.testing.assert_array_equal(result.stock, stock)
    np.testing.assert_allclose(result.stock_by_cohort.sum(-1), stock, rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(6.0 + np.cumsum(result.inflow - result.outflow), stock, rtol=1e-9, atol=1e-8)
    if policy != "allow":
        assert (result.inflow >= 0.0).all()
        assert (result.stock_by_cohort >= 0.0).all()
        assert (result.outflow_by_cohort >= -1e-8).all()
        np.testing.assert_allclose(result.outflow_by_cohort.sum(-1), result.outflow, rtol=1e-8, atol=1e-7)


def test_retire_oldest_takes_the_oldest_and_leaves_the_rest_alone():
    never = Survival("fixed", mean=50)
    result = stock_driven([3.0, 5.0, 6.0, 2.0, 4.0], never, negative_inflow="retire-oldest", cohorts=True)
    np.testing.assert_allclose(result.inflow, [3, 2, 1, 0, 2])
    np.testing.assert_allclose(result.outflow, [0, 0, 0, 4, 0])
    np.testing.assert_allclose(result.stock_by_cohort[3], [0, 1, 1, 0, 0])
    np.testing.assert_allclose(result.stock_by_cohort[4], [0, 1, 1, 0, 2])


def test_retired_cars_do_not_come_back_and_the_others_age_as_before():
    life = Survival("weibull", shape=3, scale=10)
    result = stock_driven([10.0, 10.0, 4.0, 6.0], life, "end", negative_inflow="retire-oldest", cohorts=True)
    newer = result.stock_by_cohort[:, 1]
    assert newer[3] / newer[2] == pytest.approx(life.sf(2.0) / life.sf(1.0))


def test_pro_rata_scales_every_cohort_alike():
    never = Survival("fixed", mean=50)
    result = stock_driven([4.0, 8.0, 6.0], never, negative_inflow="retire-pro-rata", cohorts=True)
    np.testing.assert_allclose(result.stock_by_cohort[2], [3, 3, 0])


def test_negative_inflow_is_refused_with_year_and_amount():
    with pytest.raises(ValueError, match=r"negative inflow -2 in year index 2 of series 1"):
        stock_driven([[1.0, 1.0, 1.0], [3.0, 5.0, 3.0]], Survival("fixed", mean=50))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda life: inflow_driven([1.0, np.nan], life), "inflow: found nan at index .1,."),
        (lambda life: inflow_driven(3.0, life), "last axis is the year"),
        (lambda life: inflow_driven([1.0], life, at="noon"), "at: found 'noon'; allowed: start, mid"),
        (lambda _: inflow_driven(np.ones((3, 4)), Survival("fixed", mean=[2, 3])), "do not broadcast"),
        (lambda life: inflow_driven([1.0], life, initial=[-1.0]), "initial: found -1"),
        (lambda life: inflow_driven([1.0], life, initial=np.ones(9)), "nothing survives"),
        (lambda life: stock_driven([-1.0], life), "stock: found -1"),
        (lambda life: stock_driven([1.0], life, negative_inflow="clip"), "found 'clip'; allowed: error"),
        (lambda _: stock_driven([1.0], Survival("fixed", mean=0.2)), "no stock can be held"),
    ],
)
def test_mistakes_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(Survival("fixed", mean=5))


def test_conservation_over_all_draws():
    rng = np.random.default_rng(1)
    life = Survival("weibull", shape=rng.uniform(2, 4, (50, 1)), scale=rng.uniform(8, 20, (50, 6)))
    result = inflow_driven(rng.uniform(0, 9, (6, 80)), life, initial=np.ones((6, 3)))
    level = 3.0 + np.cumsum(result.inflow - result.outflow, axis=-1)
    np.testing.assert_allclose(level, result.stock, rtol=1e-11)
